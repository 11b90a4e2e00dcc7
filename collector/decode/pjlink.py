"""PJLink (JBMIA class 1 and 2): how a projector answers a search, gives notice, and greets on TCP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from collector.decode.wire import clean
from model.facts import PjlinkSeen

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from collector.decode.packet import Packet

PORT = 4352
GREETING_START = b"PJLI"

CLAUSES = ("udp port 4352",)

MAX_LINE = 160  # class 2 limits a parameter to 128 bytes
_ANSWER = re.compile(r"%2ACKN=(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$", re.IGNORECASE)
_NOTICE = re.compile(r"%2(?:LKUP|ERST|POWR|INPT)=", re.IGNORECASE)
_GREETING = re.compile(r"PJLINK (?:(0)|(1) [0-9a-fA-F]{8})$")


def decode(packet: Packet) -> tuple[PjlinkSeen, ...]:
    """A projector's datagram; nothing for a controller's (`%2SRCH` asks, it is no projector) or for another protocol on the port."""
    line = _line(packet.data[packet.start : min(packet.end, packet.start + MAX_LINE)])
    if _ANSWER.match(line):
        return (_seen(packet, line, "search_answer", None),)
    return (_seen(packet, line, "notice", None),) if _NOTICE.match(line) else ()


def greeting(head: Head) -> tuple[PjlinkSeen, ...] | None:
    """What a projector says first on TCP: `PJLINK 0` is open, `PJLINK 1 <random>` asks for a password (class 1 §5.1)."""
    if head.packet.port != PORT:
        return ()
    line = _line(head.data)
    if found := _GREETING.match(line):
        return (_seen(head.packet, line, "greeting", found[2] is not None),)
    return () if b"\r" in head.data else None


def _line(raw: bytes) -> str:
    return clean(raw.partition(b"\r")[0])


def _seen(packet: Packet, line: str, form: Literal["search_answer", "notice", "greeting"], protected: bool | None) -> PjlinkSeen:
    return PjlinkSeen(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, form=form, line=line, protected=protected)
