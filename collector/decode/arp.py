"""ARP over Ethernet for IPv4 (RFC 826, RFC 5227): what a sender claims to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import ipv4_text, is_host4, station_mac
from model.facts import AddressSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet

CLAUSES = ("arp",)

_ETHERNET_IPV4 = b"\x00\x01\x08\x00\x06\x04"
_REQUEST_OR_REPLY = frozenset({1, 2})


def decode(packet: Packet) -> tuple[AddressSeen, ...]:
    """The sender's pair; nothing for a probe (RFC 5227 §1.1: sender 0.0.0.0), for other hardware, or for an address no host can have.

    The pair is the one in the ARP body, since that is what every cache on the wire learns, whatever the Ethernet source says.
    """
    data, start = packet.data, packet.start
    if start + 28 > packet.end:
        raise DecodeError("ARP shorter than 28 bytes")
    if data[start : start + 6] != _ETHERNET_IPV4:
        return _other(data, start)
    if (data[start + 6] << 8 | data[start + 7]) not in _REQUEST_OR_REPLY:
        return ()
    mac = station_mac(data, start + 8)
    if not mac or not is_host4(data[start + 14 : start + 18]):
        return ()
    return (AddressSeen(at=packet.at, mac=mac, ip=ipv4_text(data, start + 14), vlan=packet.vlan, via="arp"),)


def _other(data: bytes, start: int) -> tuple[AddressSeen, ...]:
    """ARP also serves other hardware and protocols (nothing to us); the right kinds with the wrong lengths are broken."""
    if data[start : start + 4] == _ETHERNET_IPV4[:4]:
        raise DecodeError("ARP with wrong address lengths")
    return ()
