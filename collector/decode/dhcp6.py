"""DHCPv6 in both directions and through relays (RFC 8415; names of RFC 4704, link addresses of RFC 6939)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from collector.decode.dhcp4_options import domain_names
from collector.decode.dhcp6_options import Options, read
from collector.decode.error import DecodeError
from collector.decode.wire import ipv6_text, station_mac
from model.facts import Dhcp6ClientSeen, Dhcp6ServerSeen, NameSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.fact import StationFact

CLAUSES = ("udp port 546", "udp port 547")
PORTS = (546, 547)

_FROM_CLIENT = {1: "solicit", 3: "request", 4: "confirm", 5: "renew", 6: "rebind", 8: "release", 9: "decline", 11: "inform"}
_FROM_SERVER = {2: "advertise", 7: "reply", 10: "reconfigure"}
_RELAYED = frozenset({12, 13})
_RELAY_HEADER = 34
# RFC 8415 §7.6: HOP_COUNT_LIMIT is 8, and the first relay counts from 0.
_MAX_RELAYS = 9
_CLIENT_ID, _SERVER_ID, _WISHED, _MESSAGE, _VENDOR, _INTERFACE, _DNS, _SEARCH, _FQDN, _LINK_ADDRESS = 1, 2, 6, 9, 16, 18, 23, 24, 39, 79


class _Way(msgspec.Struct):
    """How a message came: the outermost relay's side is told first, the client's link last."""

    relayed: bool = False
    link: str = ""
    peer: str = ""
    mac: str = ""
    circuit: str = ""


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """A client's message or a server's, taken out of the relays' envelopes, with the name the client gives; nothing for other messages."""
    start, end, way = _unwrap(packet)
    if start + 4 > end:
        raise DecodeError("DHCPv6 header is cut")
    kind = packet.data[start]
    if kind not in _FROM_CLIENT and kind not in _FROM_SERVER:
        return ()
    options, fault = read(packet.data, start + 4, end)
    facts = _client(packet, options, way, _FROM_CLIENT[kind]) if kind in _FROM_CLIENT else _server(packet, options, way, _FROM_SERVER[kind])
    if fault:
        raise DecodeError(fault, facts)
    return facts


def _unwrap(packet: Packet) -> tuple[int, int, _Way]:
    """Where the innermost message starts and ends, and what the relays told of it."""
    data, start, end, way = packet.data, packet.start, packet.end, _Way()
    for _ in range(_MAX_RELAYS + 1):
        if start >= end or data[start] not in _RELAYED:
            return start, end, way
        if start + _RELAY_HEADER > end:
            raise DecodeError("DHCPv6 relay header is cut")
        options, fault = read(data, start + _RELAY_HEADER, end)
        inner = options.place(_MESSAGE)
        if not inner:
            raise DecodeError(fault or "DHCPv6 relay message without a message")
        way.relayed = True
        # A relay inside a switch gives no link (RFC 6221 §5.3.2); that of the next one outside is the client's then.
        way.link, way.peer = (ipv6_text(data, start + 2) if any(data[start + 2 : start + 18]) else way.link), ipv6_text(data, start + 18)
        way.circuit = options.text(_INTERFACE) or way.circuit
        link = options.get(_LINK_ADDRESS)
        way.mac = station_mac(link, 2) if link[:2] == b"\x00\x01" else ""
        start, end = inner
    raise DecodeError("DHCPv6 message in more than nine relay envelopes")


def _client(packet: Packet, options: Options, way: _Way, message: str) -> tuple[StationFact, ...]:
    duid = options.get(_CLIENT_ID)
    within = duid_mac(duid)
    # Behind a relay the frame is the relay's; without RFC 6939 the identifier is the only word on the client's hardware.
    mac = (way.mac or within) if way.relayed else packet.mac
    ip = way.peer if way.relayed else packet.ip
    if not mac and way.relayed:
        return ()
    enterprise, vendor_class = options.vendor(_VENDOR)
    name = fqdn(options.get(_FQDN))
    wished = options.get(_WISHED)
    at, vlan = packet.at, packet.vlan
    seen = Dhcp6ClientSeen(
        at=at,
        mac=mac,
        ip=ip,
        vlan=vlan,
        message=message,
        duid=duid.hex(":"),
        duid_mac=within,
        fqdn=name,
        enterprise=enterprise,
        vendor_class=vendor_class,
        parameters=tuple(wished[at] << 8 | wished[at + 1] for at in range(0, len(wished) - 1, 2)),
        addresses=options.addresses,
        relay=way.link,
        circuit=way.circuit,
    )
    if not name:
        return (seen,)
    return seen, NameSeen(at=at, mac=mac, ip=ip, vlan=vlan, name=name, via="dhcp")


def _server(packet: Packet, options: Options, way: _Way, message: str) -> tuple[StationFact, ...]:
    servers = options.get(_DNS)
    return (
        Dhcp6ServerSeen(
            at=packet.at,
            mac=packet.mac,
            ip=packet.ip,
            vlan=packet.vlan,
            message=message,
            server_id=options.get(_SERVER_ID).hex(":"),
            client_id=options.get(_CLIENT_ID).hex(":"),
            addresses=options.addresses,
            prefixes=options.prefixes,
            dns=tuple(ipv6_text(servers, at) for at in range(0, len(servers) - 15, 16)),
            search=domain_names(options.get(_SEARCH)),
            relay=way.link,
        ),
    )


def duid_mac(duid: bytes) -> str:
    """The hardware address in a DUID of type 1 (with a time) or 3 for Ethernet (RFC 8415 §11.2, §11.4); empty for other kinds."""
    offset = {b"\x00\x01\x00\x01": 8, b"\x00\x03\x00\x01": 4}.get(duid[:4], 0)
    return station_mac(duid, offset) if offset and len(duid) == offset + 6 else ""


def fqdn(value: bytes) -> str:
    """The client's name of option 39 (RFC 4704 §4.1-4.2): labels, without the root's where it is not fully qualified."""
    names = domain_names(value[1:] + b"\0")
    return names[0].rstrip(".") if names else ""
