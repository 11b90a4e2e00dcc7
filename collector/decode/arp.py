"""ARP over Ethernet for IPv4 (RFC 826, RFC 5227): what a sender claims to be, whom it tells, and what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from collector.decode.error import DecodeError
from collector.decode.wire import ipv4_text, is_group, is_host4, station_mac
from model.facts import AddressSeen
from model.wirefacts import AddressProbed

if TYPE_CHECKING:
    from collector.decode.packet import Packet

CLAUSES = ("arp",)

_ETHERNET_IPV4 = b"\x00\x01\x08\x00\x06\x04"
_REQUEST, _REPLY = 1, 2
_NOBODY = bytes(4)


def decode(packet: Packet) -> tuple[AddressSeen | AddressProbed, ...]:
    """The sender's pair, or its probe (RFC 5227 §1.1: sender 0.0.0.0); nothing for other hardware or for an address no host can have.

    The pair is the one in the ARP body, since that is what every cache on the wire learns, whatever the Ethernet source says.
    """
    data, start = packet.data, packet.start
    if start + 28 > packet.end:
        raise DecodeError("ARP shorter than 28 bytes")
    if data[start : start + 6] != _ETHERNET_IPV4:
        return _other(data, start)
    operation = data[start + 6] << 8 | data[start + 7]
    if operation not in (_REQUEST, _REPLY):
        return ()
    mac = station_mac(data, start + 8)
    if not mac:
        return ()
    sender = data[start + 14 : start + 18]
    if sender == _NOBODY and operation == _REQUEST:
        return _probe(packet, mac)
    return (_pair(packet, mac, operation),) if is_host4(sender) else ()


def _probe(packet: Packet, mac: str) -> tuple[AddressProbed, ...]:
    start = packet.start
    if not is_host4(packet.data[start + 24 : start + 28]):
        return ()
    return (AddressProbed(at=packet.at, mac=mac, vlan=packet.vlan, target=ipv4_text(packet.data, start + 24)),)


def _pair(packet: Packet, mac: str, operation: int) -> AddressSeen:
    data, start = packet.data, packet.start
    form, told = _form(packet, operation, own=data[start + 14 : start + 18] == data[start + 24 : start + 28])
    return AddressSeen(
        at=packet.at,
        mac=mac,
        ip=ipv4_text(data, start + 14),
        vlan=packet.vlan,
        via="arp",
        form=form,
        target=ipv4_text(data, start + 24),
        told=told,
        carrier="" if packet.mac == mac else packet.mac,
    )


def _form(packet: Packet, operation: int, *, own: bool) -> tuple[Literal["request", "reply", "announce"], str]:
    """How it is said, and to whom: only a reply to one station can be an answer to what that station asked."""
    if operation == _REQUEST:
        return ("announce" if own else "request"), ""
    return ("announce", "") if is_group(packet.peer_mac) else ("reply", packet.peer_mac)


def _other(data: bytes, start: int) -> tuple[AddressSeen, ...]:
    """ARP also serves other hardware and protocols (nothing to us); the right kinds with the wrong lengths are broken."""
    if data[start : start + 4] == _ETHERNET_IPV4[:4]:
        raise DecodeError("ARP with wrong address lengths")
    return ()
