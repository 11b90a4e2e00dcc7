"""What a remote control says on Samsung's WebSocket of port 8001 (the community's description of `samsung.remote.control`). On 8002 the same is encrypted.

Its opening is read with the other requests (`makers.samsung`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from collector.decode.flows.pushing import pushed
from collector.decode.flows.websocket import TEXT, messages
from collector.decode.wire import clean

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ScreenPushed

PORT = 8001
START = bytes([TEXT])
LIMIT = 2048


def decode(head: Head) -> Sequence[ScreenPushed] | None:
    """Keys pressed and applications started; none for what only asks (`ed.installedApp.get`)."""
    said = list(messages(head.data))
    facts = [fact for text in said if text is not None and (fact := _call(head, text))]
    return None if None in said and not facts else facts


def _call(head: Head, text: bytes) -> ScreenPushed | None:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    params = _table(told, "params")
    if _word(told, "method") == "ms.remote.control":
        kind = _word(params, "TypeOfRemote")
        # What is typed may be a password: that something was is enough.
        key = _word(params, "DataOfCmd") if kind == "SendRemoteKey" else ""
        return pushed(head, "samsung", "command", f"{kind} {key}".strip())
    if _word(told, "method") == "ms.channel.emit" and _word(params, "event") == "ed.apps.launch":
        data = _table(params, "data")
        return pushed(head, "samsung", "content", f"ed.apps.launch/{_word(data, 'appId')}", url=_word(data, "metaTag"))
    return None


def _table(told: object, name: str) -> Mapping[str, Any]:
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, dict) else {}


def _word(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return clean(value) if isinstance(value, str) else ""
