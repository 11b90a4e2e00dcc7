"""Calls of methods in JSON, as Sony's and Kodi's HTTP interfaces take them, and Kodi's bare TCP port (Sony BRAVIA REST API; Kodi JSON-RPC API v13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from collector.decode.flows.http import Request
from collector.decode.flows.push import Push
from collector.decode.flows.pushing import pushed
from collector.decode.wire import clean
from model.wirefacts import PushKind, ScreenFamily

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ScreenPushed

# Kodi's port for whoever keeps a connection open: objects one behind the other, nothing around them.
KODI_PORT = 9090
KODI_STARTS = (b"{", b"[")
KODI_LIMIT = 4096

_SONY = re.compile(r"/sony/(system|avContent|appControl|audio|videoScreen|guide|recording|accessControl)/?$", re.IGNORECASE)
_IRCC = re.compile(r"(?:/sony)?/(?:IRCC|upnp/control/IRCC)/?$", re.IGNORECASE)
_SONY_CONTENT = {"setPlayContent", "setActiveApp"}
_SONY_STOP = {"terminateApps", "stopPlayingContent"}
_SONY_DOES = re.compile(r"(?:set|act|request|pause|seek|scan|delete|switch)[A-Z]")
_KODI_PATH = re.compile(r"/jsonrpc/?$")
_KODI: dict[str, PushKind] = {"Player.Open": "content", "Addons.ExecuteAddon": "content", "Playlist.Add": "content", "Player.Stop": "stop"}
_KODI_DOES = re.compile(r"(?:Input|Player|Playlist|GUI|Application|System|Addons|PVR)\.(?!Get|Is|Introspect)\w+")
_ADDRESS_KEYS = ("uri", "file", "url", "addonid")


def call(text: bytes) -> list[tuple[str, object]]:
    """(method, parameters) of each call in a body; empty for one that is none."""
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    calls = told if isinstance(told, list) else [told]
    return [(one["method"], one.get("params")) for one in calls if isinstance(one, dict) and isinstance(one.get("method"), str)]


def sony(request: Request) -> Push | None:
    """A method that sets or starts something, or a remote control's key; none for one that asks."""
    if request.method == "POST" and _IRCC.match(request.path):
        return Push("sony", "command", "X_SendIRCC", guarded=_is_authorised(request))
    if request.method != "POST" or not _SONY.match(request.path):
        return None
    return _called("sony", request, request.body, _sony_kind)


def kodi(request: Request) -> Push | None:
    """A method that plays, steers or types; by POST, or in the address of a GET."""
    if not _KODI_PATH.match(request.path):
        return None
    body = request.body if request.method == "POST" else request.parameter("request").encode()
    return _called("kodi", request, body, _kodi_kind)


def kodi_line(head: Head) -> Sequence[ScreenPushed] | None:
    """A call on the bare port, which has no way to ask for a password; whether it was agreed to stands in the answer."""
    calls = call(head.data)
    if not calls:
        return None
    push = _worst("kodi", calls, _kodi_kind)
    accepted = None if not head.answer else b'"error"' not in head.answer
    return () if push is None else (pushed(head, push.family, push.kind, push.action, url=push.url, accepted=accepted),)


def _called(family: ScreenFamily, request: Request, body: bytes, kind_of: Callable[[str], PushKind | None]) -> Push:
    push = _worst(family, call(body), kind_of)
    if push is None:
        return Push(family, "command", "", whole=request.whole)
    return msgspec.structs.replace(push, guarded=_is_authorised(request))


def _worst(family: ScreenFamily, calls: Sequence[tuple[str, object]], kind_of: Callable[[str], PushKind | None]) -> Push | None:
    """Of a batch the worst: what it shows."""
    told = [(kind, method, params) for method, params in calls if (kind := kind_of(method))]
    return next((Push(family, kind, clean(method), _address(params)) for kind, method, params in sorted(told, key=lambda one: one[0] != "content")), None)


def _sony_kind(method: str) -> PushKind | None:
    if method in _SONY_CONTENT:
        return "content"
    if method in _SONY_STOP:
        return "stop"
    if method == "actRegister":
        return "session"
    return "command" if _SONY_DOES.match(method) else None


def _kodi_kind(method: str) -> PushKind | None:
    return _KODI.get(method) or ("command" if _KODI_DOES.match(method) else None)


def _address(params: object) -> str:
    """The media address among a call's parameters, wherever it lies within four levels."""
    level = [params]
    for _ in range(4):
        found = next((one[key] for one in level if isinstance(one, dict) for key in _ADDRESS_KEYS if isinstance(one.get(key), str)), None)
        if found is not None:
            return clean(str(found))
        level = [inner for one in level for inner in _inner(one)]
    return ""


def _inner(value: object) -> list[object]:
    return [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


def _is_authorised(request: Request) -> bool | None:
    """Did the sender show a key, password or cookie; without one nothing is told: the answer says whether one was needed."""
    return True if any(request.header(name) for name in ("x-auth-psk", "authorization", "cookie")) else None
