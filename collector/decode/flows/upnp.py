"""SOAP requests to UPnP media renderers (UPnP AVTransport:1-3 and RenderingControl:1-3). Renderers listen on any port, and ask nobody who they are."""

from __future__ import annotations

import re

from collector.decode.flows.http import Request
from collector.decode.flows.push import Push
from collector.decode.wire import clean
from model.wirefacts import PushKind

_ACTION = re.compile(r":service:(AVTransport|RenderingControl):\d+#(\w{1,64})")
# Where a proxy or a careless sender left the header out, the body names both.
_BODY_SERVICE = re.compile(rb"urn:schemas-upnp-org:service:(AVTransport|RenderingControl):")
_ELEMENT = re.compile(rb"<(?:\w{1,32}:)?(\w{1,64})\s")
_ADDRESS = re.compile(rb"<(?:\w{1,32}:)?(?:CurrentURI|NextURI)(?:\s[^>]{0,256})?>\s*(?:<!\[CDATA\[)?([^<\]]*)")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_KINDS: dict[str, PushKind] = {
    "SetAVTransportURI": "content",
    "SetNextAVTransportURI": "content",
    "Play": "command",
    "Pause": "command",
    "Stop": "stop",
    "Next": "command",
    "Previous": "command",
    "Seek": "command",
    "SetPlayMode": "command",
}


def read(request: Request) -> Push | None:
    """A request that changes what a renderer plays or how; none for one that asks (`GetTransportInfo`)."""
    if request.method not in {"POST", "M-POST"}:
        return None
    service, action = _named(request)
    kind: PushKind | None = _KINDS.get(action) if service == "AVTransport" else "command" if action.startswith("Set") else None
    if kind is None:
        return None
    if kind != "content":
        return Push("dlna", kind, action)
    # What has come of an address is told: its rest, in a further segment, is nothing that the kernel passes.
    url = _media(request.body)
    return Push("dlna", kind, action, url, whole=bool(url) or request.whole)


def _named(request: Request) -> tuple[str, str]:
    """(service, action). The second method of HTTP extensions, M-POST, puts a number before the header's name (UPnP 1.0 §3.2.2)."""
    told = next((value for name, value in request.headers.items() if name.endswith("soapaction")), "")
    if found := _ACTION.search(told):
        return found[1], found[2]
    service = None if told else _BODY_SERVICE.search(request.body)
    element = _ELEMENT.match(request.body, request.body.rfind(b"<", 0, service.start())) if service else None
    return (clean(service[1]), clean(element[1])) if service and element else ("", "")


def _media(body: bytes) -> str:
    """The media address, as far as it came."""
    found = _ADDRESS.search(body)
    return clean(_ENTITY.sub(_character, clean(found[1]))) if found else ""


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if code < 0x110000 else "\ufffd"
