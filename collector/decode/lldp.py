"""LLDP (IEEE 802.1AB-2016 §8, with the inventory of LLDP-MED): what the box at the other end of the cable is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import clean, ipv4_text, ipv6_text, mac_text
from model.facts import NameSeen, NeighbourSeen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.decode.packet import Packet
    from model.fact import StationFact

KIND = 0x88CC
CLAUSES = ("ether proto 0x88cc",)

_END, _CHASSIS, _PORT, _TTL, _PORT_DESCRIPTION, _NAME, _DESCRIPTION, _CAPABILITIES, _MANAGEMENT, _PRIVATE = 0, 1, 2, 3, 4, 5, 6, 7, 8, 127
_CHASSIS_MAC, _CHASSIS_NETWORK, _PORT_MAC, _PORT_NETWORK = 4, 5, 3, 4
_NATIVE_VLAN = b"\x00\x80\xc2\x01"  # IEEE 802.1 port VLAN id
_MAKER, _MODEL = b"\x00\x12\xbb\x09", b"\x00\x12\xbb\x0a"  # TIA-1057 §10.2.6
# §8.5.8.1: bit -> word. "Station only" is bit 7.
_WORDS = ((1, "repeater"), (2, "bridge"), (3, "wlan"), (4, "router"), (5, "phone"), (7, "station"), (0, "other"))
_MAX_TLVS = 128


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """The neighbour, and its name where it has one; the first of each TLV counts. §8.2: chassis, port and TTL come first and must be there."""
    tlvs: dict[bytes, bytes] = {}
    management: list[str] = []
    fault = ""
    try:
        for key, value in _tlvs(packet):
            tlvs.setdefault(key, value)
            if key == bytes([_MANAGEMENT]) and len(management) < 4 and (address := _network(value[1 : 1 + value[0]] if value else b"")):
                management.append(address)
    except DecodeError as error:
        fault = str(error)
    facts = _facts(packet, tlvs, tuple(management))
    if fault or not facts:
        raise DecodeError(fault or "LLDP without chassis, port or TTL", facts)
    return facts


def _tlvs(packet: Packet) -> Iterator[tuple[bytes, bytes]]:
    """`(type, value)`; the key of an organisation's TLV is its number, owner and subtype."""
    data, offset, end = packet.data, packet.start, packet.end
    for _ in range(_MAX_TLVS):
        if offset + 2 > end:
            return
        kind, length = data[offset] >> 1, (data[offset] & 1) << 8 | data[offset + 1]
        value = data[offset + 2 : offset + 2 + length]
        offset += 2 + length
        if kind == _END:
            return
        if offset > end:
            raise DecodeError("LLDP TLV is cut")
        yield (value[:4], value[4:]) if kind == _PRIVATE else (bytes([kind]), value)


def _facts(packet: Packet, tlvs: dict[bytes, bytes], management: tuple[str, ...]) -> tuple[StationFact, ...]:
    def text(kind: int) -> str:
        return clean(b" ".join(tlvs.get(bytes([kind]), b"").split()))

    chassis = _identifier(tlvs.get(bytes([_CHASSIS]), b""), _CHASSIS_MAC, _CHASSIS_NETWORK)
    port = _identifier(tlvs.get(bytes([_PORT]), b""), _PORT_MAC, _PORT_NETWORK)
    ttl = tlvs.get(bytes([_TTL]), b"")
    if not chassis or not port or len(ttl) < 2:
        return ()
    name = text(_NAME)
    maker, model = clean(tlvs.get(_MAKER, b"")), clean(tlvs.get(_MODEL, b""))
    seen = NeighbourSeen(
        at=packet.at,
        mac=packet.mac,
        vlan=packet.vlan,
        via="lldp",
        chassis=chassis,
        port=port,
        ttl=int.from_bytes(ttl[:2], "big"),
        port_description=text(_PORT_DESCRIPTION),
        name=name,
        description=text(_DESCRIPTION),
        model=f"{maker} {model}".strip(),
        capabilities=_words(tlvs.get(bytes([_CAPABILITIES]), b"")),
        management=management,
        native_vlan=int.from_bytes(tlvs.get(_NATIVE_VLAN, b"")[:2], "big") & 0x0FFF,
    )
    return (seen, NameSeen(at=packet.at, mac=packet.mac, vlan=packet.vlan, name=name, via="lldp")) if name else (seen,)


def _identifier(value: bytes, mac: int, network: int) -> str:
    """A chassis or port id by its subtype: an address where it is one, else text, else hex."""
    if len(value) < 2:
        return ""
    subtype, body = value[0], value[1:]
    if subtype == mac and len(body) == 6:
        return mac_text(body, 0)
    if subtype == network and (address := _network(body)):
        return address
    shown = clean(body)
    return shown if shown and "\ufffd" not in shown else body.hex(":")


def _network(value: bytes) -> str:
    """An address after its family (IANA address family numbers); empty for families that are no IP."""
    if value[:1] == b"\x01" and len(value) == 5:
        return ipv4_text(value, 1)
    return ipv6_text(value, 1) if value[:1] == b"\x02" and len(value) == 17 else ""


def _words(value: bytes) -> tuple[str, ...]:
    """What is enabled: the second two bytes."""
    enabled = int.from_bytes(value[2:4], "big") if len(value) >= 4 else 0
    return tuple(word for bit, word in _WORDS if enabled >> bit & 1)
