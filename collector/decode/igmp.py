"""IGMP versions 1 to 3 (RFC 1112 appendix I, RFC 2236, RFC 3376): which IPv4 groups a station wants to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.membership import MAX_GROUPS, changes
from collector.decode.wire import ipv4_text
from model.facts import GroupsReported

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PROTOCOL = 2
CLAUSES = ("igmp",)

_REPORTS = {0x12: 1, 0x16: 2}
_LEAVE, _REPORT3 = 0x17, 0x22


def decode(packet: Packet) -> tuple[GroupsReported, ...]:
    """A host's report or leave; nothing for routers' queries and the other protocols that borrowed the number (DVMRP, PIM, RGMP)."""
    data, start = packet.data, packet.start
    if start + 8 > packet.end:
        raise DecodeError("IGMP message is cut")
    kind = data[start]
    if kind == _REPORT3:
        return _version3(packet)
    if kind not in _REPORTS and kind != _LEAVE:
        return ()
    group = (ipv4_text(data, start + 4),) if data[start + 4] >> 4 == 0xE else ()
    if not group:
        raise DecodeError("IGMP report of an address that is no group")
    return (_report(packet, 2, left=group),) if kind == _LEAVE else (_report(packet, _REPORTS[kind], joined=group),)


def _version3(packet: Packet) -> tuple[GroupsReported, ...]:
    """RFC 3376 §4.2: records of type, auxiliary length, number of sources, group."""
    data, end, offset = packet.data, packet.end, packet.start + 8
    records: list[tuple[int, int, str]] = []
    fault = ""
    for _ in range(min(data[packet.start + 6] << 8 | data[packet.start + 7], MAX_GROUPS)):
        if offset + 8 > end or data[offset + 4] >> 4 != 0xE:
            fault = "IGMPv3 record is cut or of no group"
            break
        sources = data[offset + 2] << 8 | data[offset + 3]
        records.append((data[offset], sources, ipv4_text(data, offset + 4)))
        offset += 8 + 4 * sources + 4 * data[offset + 1]
    joined, left = changes(records)
    facts = (_report(packet, 3, joined, left),) if joined or left else ()
    if fault:
        raise DecodeError(fault, facts)
    return facts


def _report(packet: Packet, version: int, joined: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> GroupsReported:
    # A host without an address yet reports from 0.0.0.0 (RFC 3376 §4.2.13).
    ip = "" if packet.ip == "0.0.0.0" else packet.ip  # noqa: S104 - not a socket
    return GroupsReported(at=packet.at, mac=packet.mac, ip=ip, vlan=packet.vlan, via="igmp", version=version, joined=joined, left=left)
