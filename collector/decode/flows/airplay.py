"""AirPlay and RAOP in clear: HTTP requests for pictures and videos, RTSP for sound and mirroring (the community's descriptions of both)."""

from __future__ import annotations

import re

from collector.decode.flows.http import Request
from collector.decode.flows.push import Push
from collector.decode.wire import clean
from model.wirefacts import PushKind

# What tells AirPlay from other HTTP and from cameras' RTSP: headers that only its senders give, or who they say they are.
_OWN_HEADERS = frozenset({"active-remote", "dacp-id", "client-instance", "apple-challenge"})
_OWN_PREFIX = "x-apple-"
_AGENTS = re.compile(r"AirPlay|iTunes|MediaControl|AirTunes|AirMyMusic", re.IGNORECASE)
_LOCATION_TYPES = re.compile(r"text/parameters|application/x-apple-binary-plist", re.IGNORECASE)
_LOCATION = re.compile(rb"Content-Location:[ \t]*([\x21-\x7e]+)([\r\n]?)")
# A string object of a binary property list: marker, length in one or two bytes, characters. Keys and values do not stand side by side there.
_LIST_LOCATION = re.compile(rb"\x5f(?:\x10(.)|\x11(..))((?:https?|mlhls)://[\x21-\x7e]*)", re.DOTALL)
_HTTP: dict[tuple[str, str], PushKind] = {
    ("POST", "/play"): "content",
    ("PUT", "/photo"): "content",
    ("PUT", "/slideshows"): "content",
    ("POST", "/reverse"): "session",
    ("POST", "/pair-setup"): "session",
    ("POST", "/pair-verify"): "session",
    ("POST", "/pair-pin-start"): "session",
    ("POST", "/pair-setup-pin"): "session",
    ("POST", "/rate"): "command",
    ("POST", "/scrub"): "command",
    ("POST", "/stop"): "stop",
}
# Unmistakable without a header of its own.
_PLAIN_PATHS = {"/pair-setup", "/pair-verify", "/pair-pin-start", "/pair-setup-pin"}
_PIN_PATHS = {"/pair-pin-start", "/pair-setup-pin"}
_RTSP: dict[str, PushKind] = {"ANNOUNCE": "session", "SETUP": "session", "RECORD": "session", "TEARDOWN": "stop"}
_PIN_PAIRING = "3"  # X-Apple-HKP: 3 pairs by the PIN on the screen, 4 in passing, without


def read(request: Request) -> Push | None:
    """Something shown, a session begun, steered or ended; none for what only asks (`GET /info`)."""
    if request.method in _RTSP:
        return Push("airplay", _RTSP[request.method], request.method, agent=_sender(request), guarded=_guarded(request)) if _is_rtsp(request) else None
    path = "/slideshows" if request.path.startswith("/slideshows/") else request.path
    kind = _HTTP.get((request.method, path))
    if kind is None or not (path in _PLAIN_PATHS or _is_airplay(request) or (path == "/play" and _LOCATION_TYPES.match(request.header("content-type")))):
        return None
    if path != "/play":
        return Push("airplay", kind, request.path.removeprefix("/"), agent=_sender(request), guarded=_guarded(request))
    url, ended = _location(request.body)
    return Push("airplay", kind, "play", url, agent=_sender(request), guarded=_guarded(request), whole=ended or request.whole)


def _is_airplay(request: Request) -> bool:
    own = any(name in _OWN_HEADERS or name.startswith(_OWN_PREFIX) for name in request.headers)
    return own or bool(_AGENTS.search(request.header("user-agent")))


def _is_rtsp(request: Request) -> bool:
    """A camera is fetched from (`mode=play`), a screen is sent to."""
    return _is_airplay(request) or "mode=record" in request.header("transport").lower()


def _location(body: bytes) -> tuple[str, bool]:
    """The media address of text parameters or of a binary property list, and whether it came to its end."""
    if found := _LIST_LOCATION.search(body):
        size = int.from_bytes(found[1] or found[2])
        return clean(found[3][:size]), len(found[3]) >= size
    text = _LOCATION.search(body)
    return (clean(text[1]), bool(text[2])) if text else ("", False)


def _sender(request: Request) -> str:
    return request.header("x-apple-client-name") or request.header("user-agent")


def _guarded(request: Request) -> bool | None:
    """A PIN or a password was used. Plain pair-setup and pair-verify are part of every session, guarded or not."""
    pinned = request.path in _PIN_PATHS or (request.path == "/pair-setup" and request.header("x-apple-hkp") == _PIN_PAIRING)
    return True if pinned or request.header("authorization") else None
