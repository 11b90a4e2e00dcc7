"""Miracast over infrastructure: what the source tells the sink on TCP 7250 before it sends the picture ([MS-MICE] §2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from collector.decode.flows.pushing import pushed
from collector.decode.wire import clean

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ScreenPushed

PORT = 7250
# A PIN is read off a screen and typed meanwhile.
SECONDS = 120

_VERSION = 1
_SOURCE_READY, _STOP_PROJECTION = 1, 2
_GUARDING = frozenset({3, 4, 5})  # SECURITY_HANDSHAKE, SESSION_REQUEST, PIN_CHALLENGE
_COMMANDS = frozenset(range(1, 7))
_FRIENDLY_NAME = 0


def decode(head: Head) -> Sequence[ScreenPushed] | None:
    """SOURCE_READY starts a picture: guarded if a handshake or a PIN came before it on this connection; STOP_PROJECTION ends it."""
    guarded = False
    for command, body in _messages(head.data):
        if command not in _COMMANDS:
            return ()
        if command == _SOURCE_READY:
            return (pushed(head, "mice", "session", "SOURCE_READY", agent=_name(body), guarded=guarded),)
        if command == _STOP_PROJECTION:
            return (pushed(head, "mice", "stop", "STOP_PROJECTION", agent=_name(body)),)
        guarded = guarded or command in _GUARDING
    return None


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(command, TLVs) of the whole messages; command 0 for what is none. A message: its own length in two bytes, version, command, TLVs."""
    while len(data) >= 4:
        size = data[0] << 8 | data[1]
        if size < 4 or data[2] != _VERSION:
            yield 0, b""
            return
        if len(data) < size:
            return
        yield data[3], data[4:size]
        data = data[size:]


def _name(body: bytes) -> str:
    """The source's friendly name: UTF-16 in the TLV of type 0 (type in one byte, length in two)."""
    while len(body) >= 3:
        kind, size = body[0], body[1] << 8 | body[2]
        if kind == _FRIENDLY_NAME:
            return clean(body[3 : 3 + size].decode("utf-16-le", "replace"))
        body = body[3 + size :]
    return ""
