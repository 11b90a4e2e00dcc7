"""Multicast listener discovery versions 1 and 2 (RFC 2710, RFC 3810): which IPv6 groups a station wants to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.membership import MAX_GROUPS, changes
from collector.decode.wire import ipv6_text
from model.facts import GroupsReported

if TYPE_CHECKING:
    from collector.decode.packet import Packet

# The message stands behind a hop-by-hop header with the router alert (RFC 2710 §3), which with its padding takes eight bytes.
CLAUSES = ("ip6[6] = 0 and ip6[40] = 58 and (ip6[48] = 131 or ip6[48] = 132 or ip6[48] = 143)",)

_REPORT, _DONE, _REPORT2 = 131, 132, 143
TYPES = (_REPORT, _DONE, _REPORT2)
# ff02::1:ff00:0/104 (RFC 4291 §2.7.1): joined for each address a host has, which neighbour discovery tells better.
_SOLICITED_NODE = bytes.fromhex("ff0200000000000000000001ff")


def decode(packet: Packet) -> tuple[GroupsReported, ...]:
    """A host's report or done; nothing where it names solicited-node groups alone."""
    data, start = packet.data, packet.start
    # RFC 3810 §5: hop limit 1. A router sends no such message on, so another one was made up elsewhere.
    if start + 8 > packet.end or packet.hops != 1:
        raise DecodeError("MLD message is cut, or not of this link")
    if data[start] == _REPORT2:
        return _version2(packet)
    if start + 24 > packet.end or data[start + 8] != 0xFF:
        raise DecodeError("MLD report of an address that is no group")
    if data[start + 8 : start + 21] == _SOLICITED_NODE:
        return ()
    group = (ipv6_text(data, start + 8),)
    return (_report(packet, 1, left=group),) if data[start] == _DONE else (_report(packet, 1, joined=group),)


def _version2(packet: Packet) -> tuple[GroupsReported, ...]:
    """RFC 3810 §5.2: records of type, auxiliary length, number of sources, group."""
    data, end, offset = packet.data, packet.end, packet.start + 8
    records: list[tuple[int, int, str]] = []
    fault = ""
    for _ in range(min(data[packet.start + 6] << 8 | data[packet.start + 7], MAX_GROUPS)):
        if offset + 20 > end or data[offset + 4] != 0xFF:
            fault = "MLDv2 record is cut or of no group"
            break
        sources = data[offset + 2] << 8 | data[offset + 3]
        if data[offset + 4 : offset + 17] != _SOLICITED_NODE:
            records.append((data[offset], sources, ipv6_text(data, offset + 4)))
        offset += 20 + 16 * sources + 4 * data[offset + 1]
    joined, left = changes(records)
    facts = (_report(packet, 2, joined, left),) if joined or left else ()
    if fault:
        raise DecodeError(fault, facts)
    return facts


def _report(packet: Packet, version: int, joined: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> GroupsReported:
    # A host that is still verifying its address reports from :: (RFC 3590).
    ip = "" if packet.ip == "::" else packet.ip
    return GroupsReported(at=packet.at, mac=packet.mac, ip=ip, vlan=packet.vlan, via="mld", version=version, joined=joined, left=left)
