"""LG webOS: SSAP, JSON in a WebSocket on port 3000 (RFC 6455; the community's description of `ssap://`). On 3001 the same is encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from collector.decode.flows.http import requests, statuses
from collector.decode.flows.pushing import pushed
from collector.decode.flows.websocket import TEXT, messages
from collector.decode.wire import clean
from model.wirefacts import PushKind, ScreenPushed

if TYPE_CHECKING:
    from collector.decode.flows.head import Head

PORT = 3000
# A registration names all it wants to be allowed, which takes some 3 KiB.
LIMIT = 8192

_CONTENT = {"system.launcher/launch", "system.launcher/open", "media.viewer/open", "webapp/launchWebApp", "tv/openChannel"}
_STOP = {"system.launcher/close", "media.viewer/close", "media.controls/stop", "webapp/closeWebApp"}
_ASKS = ("get", "list", "is", "query", "subscribe", "search")
_ADDRESSES = ("target", "contentId", "channelId", "id", "appId")


def decode(head: Head) -> Sequence[ScreenPushed] | None:
    """The WebSocket's opening is a session, each request in it that does something a push; none for one that asks."""
    if head.data.startswith(b"GET "):
        return _opening(head)
    if head.data[:1] != bytes([TEXT]):
        return ()
    said = list(messages(head.data))
    facts = [fact for text in said if text is not None and (fact := _request(head, text))]
    return None if None in said and not facts else facts


def _opening(head: Head) -> Sequence[ScreenPushed] | None:
    found = next(requests(head.data), None)
    if found is None:
        return None
    if found.header("upgrade").lower() != "websocket":
        return ()
    codes = statuses(head.answer)
    accepted = codes[0] == 101 if codes else None
    return (pushed(head, "lg", "session", "ssap", agent=found.header("user-agent") or found.header("origin"), accepted=accepted),)


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
