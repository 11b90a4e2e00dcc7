"""Radmin: frames of a version byte, a length and a checksum, which is the sum of the body's little-endian words. Learnt from its traffic; nothing is published.

What follows the log-in is encrypted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import joined, receiver, sender

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import RemoteSeen, RemoteStage

PORT = 4899
LIMIT = ANSWER_LIMIT = 1024

_HEADER = 9
_LONGEST = 1 << 16
# More than a log-in that fails says.
_SENT = 200


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """The client said the first frame, and the server answered with one."""
    return _between(head, "connecting") if is_frame(head.answer) else _undecided(head.data)


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """They went on for longer than a log-in takes."""
    return _between(head, "session") if len(head.data) >= _SENT and is_frame(head.answer) else _undecided(head.data)


def _between(head: Head, stage: RemoteStage) -> tuple[RemoteSeen, ...] | None:
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "radmin", stage, at=head.at) if is_frame(head.data) else _undecided(head.data)


def _undecided(data: bytes) -> tuple[RemoteSeen, ...] | None:
    """More may come of a frame, or of what begins like one; of nothing else."""
    return None if is_frame(data) or (len(data) < _HEADER and data.startswith(b"\1")) else ()


def is_frame(data: bytes) -> bool:
    """Do these bytes begin with a frame whose checksum, as far as it can be made, is right."""
    size = int.from_bytes(data[1:5])
    if len(data) < _HEADER or data[0] != 1 or not 0 < size < _LONGEST:
        return False
    body = data[_HEADER : _HEADER + size]
    total = sum(int.from_bytes(body[at : at + 4], "little") for at in range(0, len(body), 4))
    return len(body) < size or total & 0xFFFFFFFF == int.from_bytes(data[5:9])
