"""CDP, versions 1 and 2 (Cisco; the layout is published in its "Cisco Discovery Protocol" notes and read by Wireshark's packet-cdp)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import clean, ipv4_text, ipv6_text
from model.facts import NameSeen, NeighbourSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.fact import StationFact

KIND = 0x00000C2000
CLAUSES = ("ether proto 0xaa",)

_DEVICE, _ADDRESSES, _PORT, _CAPABILITIES, _VERSION, _PLATFORM, _DOMAIN, _NATIVE_VLAN, _MANAGEMENT = 1, 2, 3, 4, 5, 6, 9, 10, 0x16
_WORDS = ((0x01, "router"), (0x0E, "bridge"), (0x10, "station"), (0x40, "repeater"), (0x80, "phone"))
_MAX_TLVS = 128
_MAX_ADDRESSES = 8
# The network layer protocol identifier of IP, and the LLC header under which IPv6 hides.
_IPV4, _IPV6 = b"\x01\x01\xcc", b"\x02\x08\xaa\xaa\x03\x00\x00\x00\x86\xdd"


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """The neighbour and its name; the first of each TLV counts."""
    data, start = packet.data, packet.start
    if start + 4 > packet.end or data[start] not in (1, 2):
        raise DecodeError("CDP header is cut or of an unknown version")
    tlvs, fault = _tlvs(data, start + 4, packet.end)
    device = clean(tlvs.get(_DEVICE, b""))
    if fault or not device:
        raise DecodeError(fault or "CDP without a device id")
    addresses = (*_addresses(tlvs.get(_MANAGEMENT, b"")), *_addresses(tlvs.get(_ADDRESSES, b"")))
    bits = int.from_bytes(tlvs.get(_CAPABILITIES, b"")[:4], "big")
    seen = NeighbourSeen(
        at=packet.at,
        mac=packet.mac,
        vlan=packet.vlan,
        via="cdp",
        chassis=device,
        port=clean(tlvs.get(_PORT, b"")),
        ttl=data[start + 1],
        name=device,
        description=clean(b" ".join(tlvs.get(_VERSION, b"").split())),
        model=clean(tlvs.get(_PLATFORM, b"")),
        capabilities=tuple(word for mask, word in _WORDS if bits & mask),
        management=tuple(dict.fromkeys(addresses)),
        native_vlan=int.from_bytes(tlvs.get(_NATIVE_VLAN, b"")[:2], "big") & 0x0FFF,
        domain=clean(tlvs.get(_DOMAIN, b"")),
    )
    return seen, NameSeen(at=packet.at, mac=packet.mac, vlan=packet.vlan, name=device, via="cdp")


def _tlvs(data: bytes, offset: int, end: int) -> tuple[dict[int, bytes], str]:
    """Type -> value, and what is wrong with them; a TLV's length counts its own four bytes."""
    found: dict[int, bytes] = {}
    for _ in range(_MAX_TLVS):
        if offset + 4 > end:
            break
        kind, length = data[offset] << 8 | data[offset + 1], data[offset + 2] << 8 | data[offset + 3]
        if length < 4 or offset + length > end:
            return found, "CDP TLV with a wrong length"
        found.setdefault(kind, data[offset + 4 : offset + length])
        offset += length
    return found, ""


def _addresses(value: bytes) -> list[str]:
    """A count, then `protocol type, length, protocol, address length, address`; families that are no IP are stepped over."""
    found: list[str] = []
    offset = 4
    for _ in range(min(int.from_bytes(value[:4], "big"), _MAX_ADDRESSES)):
        if offset + 2 > len(value):
            break
        at = offset + 2 + value[offset + 1]
        protocol = value[offset:at]
        size = int.from_bytes(value[at : at + 2], "big")
        address = value[at + 2 : at + 2 + size]
        if protocol == _IPV4 and size == len(address) == 4:
            found.append(ipv4_text(address, 0))
        elif protocol == _IPV6 and size == len(address) == 16:
            found.append(ipv6_text(address, 0))
        offset = at + 2 + size
    return found
