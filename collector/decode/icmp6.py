"""ICMPv6 neighbour and router discovery (RFC 4861; RFC 4191 preference; RFC 8106 DNS)."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from collector.decode.error import DecodeError
from collector.decode.wire import ipv6_text, is_group, is_host6, station_mac
from model.facts import AddressSeen, Prefix, RouterAdvertised
from model.wirefacts import AddressProbed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.decode.packet import Packet
    from model.fact import StationFact

PROTOCOL = 58
CLAUSES = ("icmp6 and ip6[40] >= 133 and ip6[40] <= 136",)

_ROUTER_SOLICITATION, _ROUTER_ADVERT, _NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERT = 133, 134, 135, 136
TYPES = (_ROUTER_SOLICITATION, _ROUTER_ADVERT, _NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERT)
# Message -> where its options start.
_OPTIONS_AT = {_ROUTER_SOLICITATION: 8, _ROUTER_ADVERT: 16, _NEIGHBOUR_SOLICITATION: 24, _NEIGHBOUR_ADVERT: 24}
_SOURCE_LINK, _TARGET_LINK, _PREFIX, _MTU, _DNS = 1, 2, 3, 5, 25
_LEAST = {_SOURCE_LINK: 8, _TARGET_LINK: 8, _PREFIX: 32, _MTU: 8, _DNS: 24}
_PREFERENCES: tuple[Literal["medium", "high", "low"], ...] = ("medium", "high", "medium", "low")  # RFC 4191 §2.2: 2 is read as medium

_Options = list[tuple[int, int, int]]


def is_discovery(packet: Packet) -> bool:
    """Is it one of the four messages that this module reads."""
    return packet.protocol == PROTOCOL and packet.start < packet.end and packet.data[packet.start] in TYPES


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """Who says which address is where, and a router's advertisement; nothing for other ICMPv6 messages."""
    if not is_discovery(packet):
        return ()
    if packet.start + 4 > packet.end:
        raise DecodeError("ICMPv6 message is cut")
    kind = packet.data[packet.start]
    # Hop limit 255 proves that no router forwarded it; a message without it, or with a code, MUST be discarded (RFC 4861 §6.1, §7.1).
    if packet.hops != 255 or packet.data[packet.start + 1]:
        raise DecodeError("neighbour discovery with a hop limit below 255 or a code")
    if packet.start + _OPTIONS_AT[kind] > packet.end:
        raise DecodeError("neighbour discovery message is cut")
    options = list(_options(packet, packet.start + _OPTIONS_AT[kind]))
    if kind == _ROUTER_ADVERT:
        return _router(packet, options)
    if kind == _NEIGHBOUR_ADVERT:
        return _target(packet, options)
    return _asks(packet, options) if kind == _NEIGHBOUR_SOLICITATION else _source(packet, options)


def _options(packet: Packet, offset: int) -> Iterator[tuple[int, int, int]]:
    """`(type, start, end)` of each option; one of length 0 or running over the end spoils the whole message (RFC 4861 §4.6)."""
    data, end = packet.data, packet.end
    while offset < end:
        length = data[offset + 1] * 8 if offset + 2 <= end else 0
        if not length or offset + length > end or length < _LEAST.get(data[offset], 0):
            raise DecodeError("neighbour discovery option with a wrong length")
        yield data[offset], offset, offset + length
        offset += length


def _link_address(packet: Packet, options: _Options, wanted: int) -> str:
    """The hardware address in the option, or the frame's own: hop limit 255 tells that the sender is on this link."""
    for kind, start, _end in options:
        if kind == wanted:
            return station_mac(packet.data, start + 2)
    return packet.mac


def _source(packet: Packet, options: _Options) -> tuple[AddressSeen, ...]:
    """A router message's sender; :: has no address yet and owns nothing."""
    mac = _link_address(packet, options, _SOURCE_LINK)
    if not mac or packet.ip == "::":
        return ()
    return (AddressSeen(at=packet.at, mac=mac, ip=packet.ip, vlan=packet.vlan, via="nd", carrier=_carrier(packet, mac)),)


def _asks(packet: Packet, options: _Options) -> tuple[AddressSeen | AddressProbed, ...]:
    """A solicitation: its sender's pair and whom it looks for; from :: it asks whether the address is free (RFC 4862 §5.4)."""
    offset = packet.start + 8
    if not is_host6(packet.data[offset : offset + 16]):
        return _source(packet, options)
    target = ipv6_text(packet.data, offset)
    if packet.ip == "::":
        return (AddressProbed(at=packet.at, mac=packet.mac, vlan=packet.vlan, target=target, via="nd"),) if packet.mac else ()
    return tuple(replace(pair, form="request", target=target) for pair in _source(packet, options))


def _target(packet: Packet, options: _Options) -> tuple[AddressSeen, ...]:
    """An advertisement: the pair it claims; to one station it may be an answer (RFC 4861 §7.2.4), to all it is an announcement (§7.2.6)."""
    offset = packet.start + 8
    if packet.data[offset] == 0xFF:
        raise DecodeError("neighbour advertisement for a multicast address")
    mac = _link_address(packet, options, _TARGET_LINK)
    if not mac or not is_host6(packet.data[offset : offset + 16]):
        return ()
    ip, group = ipv6_text(packet.data, offset), is_group(packet.peer_mac)
    told, carrier = "" if group else packet.peer_mac, _carrier(packet, mac)
    form: Literal["reply", "announce"] = "announce" if group else "reply"
    return (AddressSeen(at=packet.at, mac=mac, ip=ip, vlan=packet.vlan, via="nd", form=form, target=ip, told=told, carrier=carrier),)


def _carrier(packet: Packet, mac: str) -> str:
    return "" if packet.mac == mac else packet.mac


def _router(packet: Packet, options: _Options) -> tuple[StationFact, ...]:
    data, start = packet.data, packet.start
    if not packet.ip.startswith("fe80:"):
        raise DecodeError("router advertisement from an address that is not link-local")
    flags = data[start + 5]
    advert = RouterAdvertised(
        at=packet.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        lifetime=data[start + 6] << 8 | data[start + 7],
        managed=bool(flags & 0x80),
        other=bool(flags & 0x40),
        preference=_PREFERENCES[flags >> 3 & 3],
        prefixes=tuple(_prefix(data, at) for kind, at, _ in options if kind == _PREFIX),
        dns=tuple(server for kind, at, end in options if kind == _DNS for server in _servers(data, at, end)),
    )
    return (*_source(packet, options), advert)


def _prefix(data: bytes, start: int) -> Prefix:
    length = data[start + 2]
    if length > 128:
        raise DecodeError("prefix longer than 128 bits")
    network = IPv6Network((data[start + 16 : start + 32], length), strict=False)
    return Prefix(
        prefix=str(network),
        on_link=bool(data[start + 3] & 0x80),
        autonomous=bool(data[start + 3] & 0x40),
        valid=int.from_bytes(data[start + 4 : start + 8], "big"),
        preferred=int.from_bytes(data[start + 8 : start + 12], "big"),
    )


def _servers(data: bytes, start: int, end: int) -> Iterator[str]:
    """The addresses of one RDNSS option; lifetime 0 withdraws them (RFC 8106 §5.1)."""
    if any(data[start + 4 : start + 8]):
        for offset in range(start + 8, end - 15, 16):
            yield ipv6_text(data, offset)
