"""LG webOS: SSAP, JSON in a WebSocket on port 3000 (RFC 6455; the community's description of `ssap://`). On 3001 the same is encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from collector.decode.flows.http import requests, statuses
from collector.decode.flows.pushing import pushed
from collector.decode.wire import clean
from model.wirefacts import PushKind, ScreenPushed

if TYPE_CHECKING:
    from collector.decode.flows.head import Head

PORT = 3000
# A registration names all it wants to be allowed, which takes some 3 KiB.
LIMIT = 8192

_TEXT = 0x81  # a whole message of text
_CONTENT = {"system.launcher/launch", "system.launcher/open", "media.viewer/open", "webapp/launchWebApp", "tv/openChannel"}
_STOP = {"system.launcher/close", "media.viewer/close", "media.controls/stop", "webapp/closeWebApp"}
_ASKS = ("get", "list", "is", "query", "subscribe", "search")
_ADDRESSES = ("target", "contentId", "channelId", "id", "appId")


def decode(head: Head) -> Sequence[ScreenPushed] | None:
    """The WebSocket's opening is a session, each request in it that does something a push; none for one that asks."""
    if head.data.startswith(b"GET "):
        return _opening(head)
    if head.data[:1] != bytes([_TEXT]):
        return ()
    messages = list(_messages(head.data))
    facts = [fact for text in messages if text is not None and (fact := _request(head, text))]
    return None if None in messages and not facts else facts


def _opening(head: Head) -> Sequence[ScreenPushed] | None:
    found = next(requests(head.data), None)
    if found is None:
        return None
    if found.header("upgrade").lower() != "websocket":
        return ()
    codes = statuses(head.answer)
    accepted = codes[0] == 101 if codes else None
    return (pushed(head, "lg", "session", "ssap", agent=found.header("user-agent") or found.header("origin"), accepted=accepted),)


def _messages(data: bytes) -> Iterator[bytes | None]:
    """The texts of the frames, unmasked with the key that each carries; None for one that did not all come."""
    while data[:1] == bytes([_TEXT]):
        size, start = data[1] & 0x7F if len(data) > 1 else 0, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start])
        key = data[start : start + 4] if len(data) > 1 and data[1] & 0x80 else b""
        start += len(key)
        if len(data) < start + size or len(data) < 2:
            yield None
            return
        yield _unmasked(data[start : start + size], key)
        data = data[start + size :]


def _unmasked(text: bytes, key: bytes) -> bytes:
    """One long number of the key, so that a message costs no step a byte."""
    if not key:
        return text
    mask = (key * (len(text) // 4 + 1))[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(mask)).to_bytes(len(text))


def _request(head: Head, text: bytes) -> ScreenPushed | None:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    uri = told.get("uri") if isinstance(told, dict) and told.get("type") == "request" else None
    if not isinstance(uri, str) or not uri.startswith("ssap://"):
        return None
    action = uri.removeprefix("ssap://").removeprefix("com.webos.service.").partition("?")[0]
    kind = _kind(action)
    return pushed(head, "lg", kind, clean(action), url=_address(told.get("payload"))) if kind else None


def _kind(action: str) -> PushKind | None:
    if action in _CONTENT:
        return "content"
    if action in _STOP:
        return "stop"
    return None if not action or action.rpartition("/")[2].startswith(_ASKS) else "command"


def _address(payload: object) -> str:
    """What it is told to show: an address, or else the application."""
    given = payload if isinstance(payload, dict) else {}
    return clean(next((str(given[name]) for name in _ADDRESSES if isinstance(given.get(name), str)), ""))
