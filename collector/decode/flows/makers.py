"""Requests to applications of televisions and boxes: DIAL (DIAL 2.2.1 §6), Roku's External Control Protocol, Samsung's API of port 8001."""

from __future__ import annotations

import binascii
import re

from collector.decode.flows.http import Request
from collector.decode.flows.push import Push
from collector.decode.wire import clean
from model.wirefacts import PushKind

_DIAL = re.compile(r"(?:/[\w.-]{1,64}){0,3}/apps/([\w.~%-]{1,128})(/run|/[\w.~%-]{1,128})?/?$")
_ROKU = re.compile(r"/(launch|install|keypress|keydown|keyup|input|search/browse)(?:/([^/]{1,256}))?/?$")
_ROKU_CONTENT = {"launch", "install", "input"}
_ROKU_PORT = 8060
# Words that other servers' addresses hold too.
_ROKU_COMMON = {"input", "search/browse"}
_SAMSUNG_CHANNEL = re.compile(r"/api/v2/channels/([\w.]{1,64})/?$")
_SAMSUNG_APPLICATION = re.compile(r"/api/v2/(?:applications|webapplication)/([\w.-]{1,64})/?$")


def dial(request: Request) -> Push | None:
    """An application started (POST) or stopped (DELETE of its instance)."""
    found = _DIAL.match(request.path)
    if not found or request.path.startswith("/api/"):
        return None
    if request.method == "DELETE":
        return Push("dial", "stop", f"apps/{found[1]}")
    # POST to /apps/NAME/dial_data is the application's own word to its screen.
    return Push("dial", "content", f"apps/{found[1]}") if request.method == "POST" and not found[2] else None


def roku(request: Request, port: int) -> Push | None:
    """A channel launched or installed, something to play, or a key pressed; `port` is the screen's."""
    found = _ROKU.match(request.path) if request.method == "POST" else None
    if not found or (port != _ROKU_PORT and (found[1] in _ROKU_COMMON or not found[2])):
        return None
    kind: PushKind = "content" if found[1] in _ROKU_CONTENT else "command"
    action = f"{found[1]}/{found[2]}" if found[2] else found[1]
    url = request.parameter("u", "url", "contentID", "contentId")
    return Push("roku", kind, action, url if "://" in url else "")


def samsung(request: Request) -> Push | None:
    """A remote control's channel opened, which gives its name in base64, or an application started or stopped."""
    if (found := _SAMSUNG_CHANNEL.match(request.path)) and request.method == "GET" and request.header("upgrade"):
        token = True if request.parameter("token") else None
        return Push("samsung", "session", f"channels/{found[1]}", agent=_plain(request.parameter("name")), guarded=token)
    if found := _SAMSUNG_APPLICATION.match(request.path):
        kinds: dict[str, PushKind] = {"POST": "content", "PUT": "content", "DELETE": "stop"}
        return Push("samsung", kinds[request.method], f"applications/{found[1]}") if request.method in kinds else None
    return None


def _plain(name: str) -> str:
    try:
        return clean(binascii.a2b_base64(name + "=" * (-len(name) % 4), strict_mode=True))
    except ValueError:
        return name
