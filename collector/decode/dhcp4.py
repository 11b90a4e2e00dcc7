"""DHCPv4 in both directions (RFC 2131, options of RFC 2132, long options of RFC 3396)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.dhcp4_options import Options, addresses, domain_names, fqdn, read, routes
from collector.decode.error import DecodeError
from collector.decode.wire import BROADCAST_MAC, clean, ipv4_text, station_mac
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, NameSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.fact import StationFact

CLAUSES = ("udp port 67", "udp port 68")
PORTS = (67, 68)

_HEADER = 240
_COOKIE = b"\x63\x82\x53\x63"
_FROM_CLIENT = {1: "discover", 3: "request", 4: "decline", 7: "release", 8: "inform"}
_FROM_SERVER = {2: "offer", 5: "ack", 6: "nak"}
_CLIENT_PORT = 68


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """A client's message or a server's OFFER, ACK or NAK, with the pairs and names they prove; nothing for plain BOOTP and leasequery."""
    data, start = packet.data, packet.start
    if start + _HEADER > packet.end:
        raise DecodeError("DHCP header is cut")
    if data[start + 236 : start + 240] != _COOKIE:
        return ()
    options, fault = read(data[start : packet.end])
    kind = options.number(53)
    if kind in _FROM_CLIENT and data[start] == 1:
        facts = _client(packet, options, _FROM_CLIENT[kind])
    elif kind in _FROM_SERVER and data[start] == 2:
        facts = _server(packet, options, _FROM_SERVER[kind])
    else:
        facts = ()
    if fault:
        raise DecodeError(fault, facts)
    return facts


def _address(packet: Packet, offset: int) -> str:
    text = ipv4_text(packet.data, packet.start + offset)
    return "" if text == "0.0.0.0" else text  # noqa: S104 - not a socket: RFC 2131 writes "none" so


def _hardware(packet: Packet) -> str:
    """The chaddr of an Ethernet client; for other hardware the frame's source, where no relay stands between."""
    data, start = packet.data, packet.start
    if data[start + 1] == 1 and data[start + 2] == 6:
        return station_mac(data, start + 28)
    return "" if _address(packet, 24) or data[start] == 2 else packet.mac


def _client(packet: Packet, options: Options, message: str) -> tuple[StationFact, ...]:
    mac, relay, own = _hardware(packet), _address(packet, 24), _address(packet, 12)
    at, vlan = packet.at, packet.vlan
    seen = DhcpClientSeen(
        at=at,
        mac=mac,
        ip=own,
        vlan=vlan,
        message=message,
        client_id=options.get(61).hex(":"),
        host_name=clean(options.get(12)),
        fqdn=fqdn(options.get(81)),
        vendor_class=clean(options.get(60)),
        parameters=tuple(options.get(55)),
        requested_ip=options.address(50),
        relay=relay,
        circuit=options.agent(1),
        remote=options.agent(2),
        server_id=options.address(54),
        lease=options.number(51),
        ttl=0 if relay else packet.hops,
    )
    facts: tuple[StationFact, ...] = (seen,)
    name = seen.host_name or seen.fqdn
    if name and mac:
        facts += (NameSeen(at=at, mac=mac, ip=own, vlan=vlan, name=name, via="dhcp"),)
    # A renewal or INFORM speaks from the address it has; a routed one would carry the router's MAC instead of the client's.
    if mac and mac == packet.mac and own and own == packet.ip and not relay and message in {"request", "inform"}:
        facts += (AddressSeen(at=at, mac=mac, ip=own, vlan=vlan, via="dhcp"),)
    return facts


def _server(packet: Packet, options: Options, message: str) -> tuple[StationFact, ...]:
    client, offered = _hardware(packet), _address(packet, 16)
    at, vlan = packet.at, packet.vlan
    seen = DhcpServerSeen(
        at=at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=vlan,
        message=message,
        server_id=options.address(54),
        client_mac=client,
        offered_ip=offered,
        mask=options.address(1),
        routers=addresses(options.get(3)),
        dns=addresses(options.get(6)),
        domain=clean(options.get(15)),
        lease=options.number(51),
        relay=_address(packet, 24),
        routes=routes(options.get(121) or options.get(249)),  # 249: the number Windows used before RFC 3442
        search=domain_names(options.get(119)),
        circuit=options.agent(1),
        remote=options.agent(2),
        host_name=clean(options.get(12)),
        fqdn=fqdn(options.get(81)),
    )
    # Only an ACK that reaches the client's own link binds: one on its way to a relay (port 67) or to a router names a station elsewhere.
    here = packet.peer_port == _CLIENT_PORT and packet.peer_mac in {client, BROADCAST_MAC}
    if message == "ack" and client and offered and here:
        return seen, AddressSeen(at=at, mac=client, ip=offered, vlan=vlan, via="dhcp")
    return (seen,)
