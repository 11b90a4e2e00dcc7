"""NAT-PMP (RFC 6886) and PCP (RFC 6887): a host has its router let something in. Both speak UDP to port 5351 of the router."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Literal

from collector.decode.error import DecodeError
from collector.decode.wire import is_group
from model.wirefacts import MappingSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PORT = 5351
CLAUSES = ("udp port 5351",)

Protocol = Literal["tcp", "udp", "any"]
_NAT_PMP, _PCP = 0, 2
_ANSWER = 0x80
# RFC 6886 §3.3: opcodes. RFC 6887 §11.1: protocol numbers, 0 for all.
_OPCODES: dict[int, Protocol] = {1: "udp", 2: "tcp"}
_PROTOCOLS: dict[int, Protocol] = {0: "any", 6: "tcp", 17: "udp"}
_MAP = 1
_THIRD_PARTY = 1
_MAP_END = 60


def decode(packet: Packet) -> tuple[MappingSeen, ...]:
    """A mapping asked for, or the router's answer; nothing for other messages of the two protocols. The station is the client in both."""
    data, start, end = packet.data, packet.start, packet.end
    if end - start < 2:
        raise DecodeError("NAT-PMP message is cut")
    answers = data[start + 1] & _ANSWER != 0
    # Whoever answers speaks from the port; anything else is another use of it.
    if (packet.port if answers else packet.peer_port) != PORT:
        return ()
    if data[start] == _NAT_PMP:
        return _nat_pmp(packet, data[start:end], answers)
    return _pcp(packet, data[start:end], answers) if data[start] == _PCP else ()


def _nat_pmp(packet: Packet, told: bytes, answers: bool) -> tuple[MappingSeen, ...]:
    protocol = _OPCODES.get(told[1] & ~_ANSWER)
    place = 8 if answers else 4
    if protocol is None:
        return ()
    if len(told) < place + 8:
        raise DecodeError("NAT-PMP mapping is cut")
    accepted = None if not answers else told[2:4] == b"\0\0"
    inside, outside, lease = _number(told, place, 2), _number(told, place + 2, 2), _number(told, place + 4, 4)
    client = packet.peer_ip if answers else packet.ip
    return (_fact(packet, "nat_pmp", protocol, client, (inside, outside), lease, accepted),)


def _pcp(packet: Packet, told: bytes, answers: bool) -> tuple[MappingSeen, ...]:
    if told[1] & ~_ANSWER != _MAP:
        return ()
    if len(told) < _MAP_END:
        raise DecodeError("PCP mapping is cut")
    protocol = _PROTOCOLS.get(told[36])
    if protocol is None:
        return ()
    accepted = None if not answers else told[3] == 0
    # The header of an answer has no client; of one who asks for another host, both name that host in an option.
    client = _third_party(told) or (packet.peer_ip if answers else _address(told[8:24]))
    ports = _number(told, 40, 2), _number(told, 42, 2)
    return (_fact(packet, "pcp", protocol, client, ports, _number(told, 4, 4), accepted),)


def _fact(
    packet: Packet, via: Literal["nat_pmp", "pcp"], protocol: Protocol, client: str, ports: tuple[int, int], lease: int, accepted: bool | None
) -> MappingSeen:
    answers = accepted is not None
    client_mac = packet.peer_mac if answers else packet.mac
    return MappingSeen(
        at=packet.at,
        mac="" if is_group(client_mac) else client_mac,
        ip=packet.peer_ip if answers else packet.ip,
        vlan=packet.vlan,
        via=via,
        protocol=protocol,
        client_ip=client,
        client_port=ports[0],
        outside_port=ports[1],
        router_ip=packet.ip if answers else packet.peer_ip,
        router_mac=packet.mac if answers else packet.peer_mac,
        lease=lease,
        # A mapping for no time at all is one taken back (RFC 6886 §3.4, RFC 6887 §15). In a refusal the figure says how long that will last.
        deleted=lease == 0 and accepted is not False,
        accepted=accepted,
    )


def _third_party(told: bytes) -> str:
    """The host that THIRD_PARTY names (RFC 6887 §13.1), empty without the option."""
    place = _MAP_END
    while place + 4 <= len(told):
        size = _number(told, place + 2, 2)
        if told[place] == _THIRD_PARTY and size == 16 and place + 20 <= len(told):
            return _address(told[place + 4 : place + 20])
        place += 4 + -(-size // 4) * 4
    return ""


def _address(raw: bytes) -> str:
    address = IPv6Address(raw)
    return str(address.ipv4_mapped or address)


def _number(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size])
