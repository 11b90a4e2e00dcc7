"""Google Cast's channel on TCP 8009 (openscreen cast_channel.proto): frames of one message, written and read by hand.

Fields: 1 protocol version (0), 2 source, 3 destination, 4 namespace, 5 kind of payload (0 text), 6 payload as text, 7 as bytes.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

from collector.decode.screens.json import read
from collector.decode.screens.told import Told, short

CONNECTION: Final = "urn:x-cast:com.google.cast.tp.connection"
HEARTBEAT: Final = "urn:x-cast:com.google.cast.tp.heartbeat"
RECEIVER: Final = "urn:x-cast:com.google.cast.receiver"
SOURCE: Final = "sender-0"
DESTINATION: Final = "receiver-0"
# openscreen cast/common/channel/message_framer.cc: a receiver takes no more.
MAX_BYTES: Final = 65_536
_TEXT_FIELDS: Final = {2: "source", 3: "destination", 4: "namespace", 6: "payload"}


class Message(NamedTuple):
    """One message with a text payload."""

    namespace: str
    payload: str
    source: str = SOURCE
    destination: str = DESTINATION


class _Application(msgspec.Struct, rename="camel"):
    display_name: str = ""
    status_text: str = ""
    is_idle_screen: bool = False


class _Status(msgspec.Struct):
    applications: list[_Application] = []


class _ReceiverStatus(msgspec.Struct):
    type: str
    status: _Status | None = None


class _Typed(msgspec.Struct):
    type: str


def frame(message: Message) -> bytes:
    """The message as it goes on the wire: its length in four bytes, then its fields."""
    fields = b"\x08\x00"
    for number, text in ((2, message.source), (3, message.destination), (4, message.namespace)):
        fields += _text(number, text)
    fields += b"\x28\x00" + _text(6, message.payload)
    return len(fields).to_bytes(4, "big") + fields


def _text(number: int, text: str) -> bytes:
    raw = text.encode()
    return bytes([number << 3 | 2]) + _varint(len(raw)) + raw


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def message(body: bytes) -> Message | None:
    """A frame's body as a message; None where it is broken or no text."""
    told: dict[str, str] = {}
    place = 0
    while place < len(body):
        step = _field(body, place)
        if step is None:
            return None
        number, raw, place = step
        if raw is not None and number in _TEXT_FIELDS:
            told[_TEXT_FIELDS[number]] = raw.decode("utf-8", "replace")
    return Message(**told) if {"namespace", "payload"} <= told.keys() else None


def _field(body: bytes, place: int) -> tuple[int, bytes | None, int] | None:
    """Number and content (None for a number) of the field at `place`, and where the next begins."""
    key = _number(body, place)
    value = _number(body, key[1]) if key else None
    if key is None or value is None:
        return None
    match key[0] & 7:
        case 0:
            return key[0] >> 3, None, value[1]
        case 2 if value[1] + value[0] <= len(body):
            return key[0] >> 3, body[value[1] : value[1] + value[0]], value[1] + value[0]
    return None


def _number(body: bytes, place: int) -> tuple[int, int] | None:
    value = 0
    for step in range(5):
        if place + step >= len(body):
            return None
        byte = body[place + step]
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return value, place + step + 1
    return None


def kind(payload: str) -> str:
    """The payload's `type` (PING, RECEIVER_STATUS ...), empty for none."""
    told = read(payload.encode(), _Typed)
    return told.type if told else ""


def status(payload: str) -> Told | None:
    """RECEIVER_STATUS: the application in front; the ambient screen (Backdrop) is none."""
    told = read(payload.encode(), _ReceiverStatus)
    if told is None or told.type != "RECEIVER_STATUS" or told.status is None:
        return None
    front = next((application for application in told.status.applications if not application.is_idle_screen), None)
    return Told(playing=front is not None, what=short(front.display_name) if front else "")


def ask(request: int) -> Message:
    """GET_STATUS: tells the state, starts nothing."""
    return Message(RECEIVER, _json({"type": "GET_STATUS", "requestId": request}))


def connect() -> Message:
    """Opens the virtual connection that every sender begins with."""
    return Message(CONNECTION, _json({"type": "CONNECT", "origin": {}}))


def close() -> Message:
    """Ends the virtual connection."""
    return Message(CONNECTION, _json({"type": "CLOSE"}))


def beat(word: str) -> Message:
    """PING, or the PONG that a receiver's PING wants."""
    return Message(HEARTBEAT, _json({"type": word}))


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
