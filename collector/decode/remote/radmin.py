"""Radmin: frames of a version byte, a length and a checksum, which is the sum of the body's little-endian words. Learnt from its traffic; nothing is published.

What follows the log-in is encrypted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import joined, receiver, sender

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import RemoteSeen

PORT = 4899
LIMIT = ANSWER_LIMIT = 1024

_HEADER = 9
_LONGEST = 1 << 16
# More than a log-in that fails says.
_SENT = 200


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """The client said the first frame, and the server answered with one."""
    if not is_frame(head.data):
        return None if len(head.data) < _HEADER and head.data.startswith(b"\1") else ()
    if not is_frame(head.answer):
        return None
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "radmin", "connecting", at=head.at)


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """They went on for longer than a log-in takes."""
    if not is_frame(head.data):
        return ()
    if len(head.data) < _SENT or not is_frame(head.answer):
        return None
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "radmin", "session", at=head.at)


def is_frame(data: bytes) -> bool:
    """Do these bytes begin with a frame whose checksum, as far as it can be made, is right."""
    size = int.from_bytes(data[1:5])
    if len(data) < _HEADER or data[0] != 1 or not 0 < size < _LONGEST:
        return False
    body = data[_HEADER : _HEADER + size]
    total = sum(int.from_bytes(body[at : at + 4], "little") for at in range(0, len(body), 4))
    return len(body) < size or total & 0xFFFFFFFF == int.from_bytes(data[5:9])
