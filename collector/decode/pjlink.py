"""PJLink (JBMIA class 1 and 2): how a projector answers a search, gives notice, and greets on TCP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from collector.decode.tcp import PROTOCOL as TCP
from collector.decode.wire import clean
from model.facts import PjlinkSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PORT = 4352
GREETING_START = b"PJLI"

CLAUSES = (
    "udp port 4352",
    # The greeting: "PJLI" as the first four bytes of a segment from the projector. Its length is tested first, since a load beyond the
    # end of a frame makes the kernel refuse the frame at once, even where another clause would have taken it.
    "tcp[0:2] = 4352 and ip[2:2] - ((ip[0] & 0x0f) << 2) - ((tcp[12] & 0xf0) >> 2) > 3 and tcp[((tcp[12] & 0xf0) >> 2):4] = 0x504a4c49",
    "ip6[6] = 6 and ip6[40:2] = 4352 and ip6[4:2] - ((ip6[52] & 0xf0) >> 2) > 3 and ip6[(40 + ((ip6[52] & 0xf0) >> 2)):4] = 0x504a4c49",
)

_MAX_LINE = 160  # class 2 limits a parameter to 128 bytes
_ANSWER = re.compile(r"%2ACKN=(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$", re.IGNORECASE)
_NOTICE = re.compile(r"%2(?:LKUP|ERST|POWR|INPT)=", re.IGNORECASE)
_GREETING = re.compile(r"PJLINK (?:(0)|(1) [0-9a-fA-F]{8})$")


def decode(packet: Packet) -> tuple[PjlinkSeen, ...]:
    """A projector's line; nothing for a controller's (`%2SRCH` asks, it is no projector) or for another protocol on the port."""
    raw, _, _ = packet.data[packet.start : min(packet.end, packet.start + _MAX_LINE)].partition(b"\r")
    line = clean(raw)
    if packet.protocol == TCP:
        # The server speaks first: `PJLINK 0` is open, `PJLINK 1 <random>` asks for a password (class 1 §5.1).
        greeting = _GREETING.match(line)
        return (_seen(packet, line, "greeting", greeting[2] is not None),) if greeting else ()
    if _ANSWER.match(line):
        return (_seen(packet, line, "search_answer", None),)
    return (_seen(packet, line, "notice", None),) if _NOTICE.match(line) else ()


def _seen(packet: Packet, line: str, form: Literal["search_answer", "notice", "greeting"], protected: bool | None) -> PjlinkSeen:
    return PjlinkSeen(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, form=form, line=line, protected=protected)
