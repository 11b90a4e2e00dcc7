"""Pushes by HTTP and RTSP, whatever the port: whose request it is, and whether the screen agreed."""

from __future__ import annotations

from collections.abc import Sequence

from collector.decode.flows import airplay, jsonrpc, makers, upnp
from collector.decode.flows.head import Head
from collector.decode.flows.http import Request, may_be_request, requests, statuses
from collector.decode.flows.push import Push, Reader
from collector.decode.flows.pushing import pushed
from model.wirefacts import ScreenPushed

LIMIT = 4096
STARTS = (b"POST ", b"M-POST ", b"PUT ", b"DELETE /", b"ANNOUNCE", b"SETUP ", b"RECORD ", b"TEARDOWN", b"GET /api", b"GET /jso")
# How bodies begin that many senders put into a segment of their own.
MORE = (b"<?xml", b"<s:Env", b"<S:Env", b"<SOAP", b"<soap", b"<env:", b'{"')
ANSWERS = (b"HTTP/1.", b"RTSP/1.")

_READERS: tuple[Reader, ...] = (upnp.read, airplay.read, makers.samsung, makers.dial, jsonrpc.sony, jsonrpc.kodi)
# These say in the body of a good answer that they refused.
_REFUSE_INSIDE = {"sony", "kodi"}


def decode(head: Head) -> Sequence[ScreenPushed] | None:
    """The pushes of the requests in this head; None while what they do may still come, or whether they are one."""
    found = list(requests(head.data))
    if not found:
        return None if may_be_request(head.data) else ()
    codes = statuses(head.answer)
    told = [(request, push, code) for request, code in zip(found, _padded(codes, len(found)), strict=True) if (push := _read(request, head.packet.peer_port))]
    if len(head.data) < LIMIT and any(not push.whole and code is None for _, push, code in told):
        return None
    return [_fact(head, request, push, code) for request, push, code in told if push.action]


def _padded(codes: list[int], size: int) -> list[int | None]:
    """The n-th answer belongs to the n-th request."""
    return [*codes[:size], *[None] * (size - len(codes))]


def _read(request: Request, port: int) -> Push | None:
    return next((push for reader in _READERS if (push := reader(request))), None) or makers.roku(request, port)


def _fact(head: Head, request: Request, push: Push, code: int | None) -> ScreenPushed:
    accepted = None if code is None else code == 101 or 200 <= code < 300
    if accepted and push.family in _REFUSE_INSIDE:
        accepted = b'"error"' not in head.answer
    agent = push.agent or request.header("user-agent")
    return pushed(head, push.family, push.kind, push.action, url=push.url, agent=agent, guarded=push.guarded, accepted=accepted)
