"""TeamViewer's own protocol, on TCP 5938 and where a network lets it pass, and its datagrams between two computers. Learnt from its traffic and public notes.

A message begins with 17 24, command and a 16-bit length, or 11 30, command and a 32-bit length. On TCP it speaks to the maker's routers all day
long; datagrams straight to a partner are exchanged in a session only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import is_inside, receiver, sender, used

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from collector.decode.packet import Packet
    from model.wirefacts import RemoteSeen, RemoteStage

PORT = 5938
STARTS = (b"\x17\x24", b"\x11\x30")
# The way through a web proxy.
WEB_STARTS = (b"GET /din", b"POST /di", b"POST /do", b"GET /dou")
LIMIT = 64

_WEB = (b"/din.aspx?", b"/dout.aspx?")
_SHORT, _LONG = 5, 24
# Words of a session: data in its several forms, and joining one.
_SESSION = frozenset({*range(90, 93), 98, 99, 102})
MARK, _AT = STARTS[0], 11
# A partner is sought by these; whatever else comes from one, a partner was found.
_PUNCHING = frozenset({70, 71, 72})

# Datagrams have it at this place, after a number of their own. Short ones suffice: what a session shows is longer.
_SHORTEST, _LONGEST = 20, 160
CLAUSES = (
    f"udp and udp[4:2] > {_SHORTEST + 7} and udp[4:2] < {_LONGEST + 8} and udp[19:2] = 0x1724",
    f"ip6[6] = 17 and ip6[44:2] > {_SHORTEST + 7} and ip6[44:2] < {_LONGEST + 8} and ip6[59:2] = 0x1724",
)


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """One message of either side."""
    packet, data = head.packet, head.data
    usual = PORT in (packet.port, packet.peer_port)
    if not data.startswith(STARTS) or not (usual or _is_whole(data)):
        return ()
    if len(data) < 3:
        return None
    end = sender(packet) if packet.port > packet.peer_port else receiver(packet)
    return used(packet, end, "teamviewer", "session" if data[2] in _SESSION else "connecting", "payload", at=head.at)


def web(head: Head) -> tuple[RemoteSeen, ...]:
    """A request of its tunnel through HTTP."""
    target = head.data.partition(b" ")[2]
    return used(head.packet, sender(head.packet), "teamviewer", "connecting", "http", at=head.at) if target.startswith(_WEB) else ()


def datagram(packet: Packet) -> tuple[RemoteSeen, ...]:
    """A datagram to or from a partner or a router."""
    data = packet.data[packet.start : packet.end]
    if not _SHORTEST <= len(data) < _LONGEST or data[_AT : _AT + 2] != MARK:
        return ()
    stage: RemoteStage = "connecting" if PORT in (packet.port, packet.peer_port) or data[_AT + 2] in _PUNCHING else "session"
    ends = [end for end in (sender(packet), receiver(packet)) if is_inside(end.ip)]
    return tuple(fact for end in ends for fact in used(packet, end, "teamviewer", stage, "payload"))


def _is_whole(data: bytes) -> bool:
    """Off its usual port the length must fit the segment too, so that two bytes by chance accuse nobody."""
    short = data.startswith(STARTS[0])
    size = _SHORT + int.from_bytes(data[3:5], "little") if short else _LONG + int.from_bytes(data[4:8], "little")
    if len(data) < 8 or not _SHORT < size < 1 << 16:
        return False
    return size >= len(data) or data.startswith(STARTS, size)
