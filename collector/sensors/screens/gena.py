"""UPnP eventing (UPnP DA 2.0 §4): subscriptions to what renderers tell by themselves, and the small server that they tell it to.

A renderer says its state, and the address it plays, never who gave it that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from aiohttp import web
from yarl import URL

from collector.decode.screens import upnp
from collector.decode.screens.told import Told
from collector.sensors.screens.questions import Means, described, place_of
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import MAX_BODY, Answer, UnansweredError

log = logging.getLogger(__name__)

# UPnP DA 2.0 §4.1.2 wants no less than 1800 s offered; what the renderer grants holds, within bounds.
_OFFERED: Final = 1_800
_LEAST, _MOST = 4, 7_200
_TIMEOUT: Final = re.compile(r"second-(\d{1,6})", re.IGNORECASE)
# One event is a few kilobytes, sent at once.
_PATIENCE: Final = 5.0
_MAX_CONNECTIONS: Final = 64
_SWEEP: Final = 10.0

Hear = Callable[[Told], None]
# Waits until a station may be asked, and bounds what is done then.
Turn = Callable[[str], AbstractAsyncContextManager[None]]


class Subscription:
    """One renderer's promise to tell: `token` is in the address it was given, so that nobody else can guess it."""

    def __init__(self, question: Question, hear: Hear) -> None:
        self.question, self.hear = question, hear
        self.token = secrets.token_urlsafe(16)
        self.sid = ""
        self._last = Told()

    def take(self, body: bytes) -> None:
        """An event. It names what changed; what it leaves out holds on."""
        told = upnp.event(body)
        if told is None:
            return
        # The address is remembered also while nothing plays: it is set before it is played.
        self._last = Told(playing=self._last.playing if told.playing is None else told.playing, what=told.what or self._last.what)
        self.hear(self._last if self._last.playing else self._last._replace(what=""))


class Listener:
    """The server for events on one address of this machine. Async context manager; `port` 0: any."""

    def __init__(self, address: str, port: int, *, patience: float = _PATIENCE, sweep: float = _SWEEP) -> None:
        """`patience`: for how long one event may take; `sweep`: after how long a silent connection is cut off, seconds."""
        self._address, self._port, self._patience, self._pause = address, port, patience, sweep
        self._expected: dict[str, Subscription] = {}
        self._protocols = web.Server(self._handle, access_log=None)
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self.refused = 0

    async def start(self) -> None:
        """Opens the port. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocols, self._address, self._port)
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Closes it."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            self._server.close()
        await self._protocols.shutdown(0.1)

    def expect(self, subscription: Subscription) -> str:
        """The address to give to the renderer."""
        if self._server is None:
            raise RuntimeError("the listener is not open")
        self._expected[subscription.token] = subscription
        return f"http://{self._address}:{self._server.sockets[0].getsockname()[1]}/{subscription.token}"

    def forget(self, subscription: Subscription) -> None:
        """Events for it are refused from now on."""
        self._expected.pop(subscription.token, None)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        subscription = self._expected.get(request.path.removeprefix("/"))
        sid = request.headers.get("SID", "")
        if request.method != "NOTIFY" or subscription is None or request.remote != subscription.question.ip:
            self.refused += 1
            return web.Response(status=404)
        # The first event may overtake the answer to the subscription.
        if subscription.sid and sid != subscription.sid:
            self.refused += 1
            return web.Response(status=412)
        body = await self._body(request)
        if body is None:
            self.refused += 1
            return web.Response(status=413)
        subscription.take(body)
        return web.Response()

    async def _body(self, request: web.BaseRequest) -> bytes | None:
        kept = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                async for chunk in request.content.iter_any():
                    kept += chunk
                    if len(kept) > MAX_BODY:
                        return None
        except (TimeoutError, OSError, web.HTTPException):
            return None
        return bytes(kept)

    async def _sweep(self) -> None:
        """Anybody may connect to an open port and say nothing: what is still there at the next turn is cut off, and what is too much at once."""
        before: set[int] = set()
        while True:
            await asyncio.sleep(self._pause if len(self._protocols.connections) < _MAX_CONNECTIONS else min(self._pause, 0.5))
            now = list(self._protocols.connections)
            for protocol in now:
                if id(protocol) in before or len(now) > _MAX_CONNECTIONS:
                    protocol.force_close()
            before = {id(protocol) for protocol in now}


async def subscribed(question: Question, means: Means, listener: Listener, hear: Hear, turn: Turn) -> None:
    """Subscribes and renews until cancelled, then unsubscribes. Raises UnansweredError, OffLinkError, OSError when the renderer takes no subscription."""
    async with turn(question.ip):
        device, url = await described(question, means)
    events = place_of(device, url, device.events)
    subscription = Subscription(question, hear)
    callback = listener.expect(subscription)
    try:
        async with turn(question.ip):
            answer = await means.web.fetch("SUBSCRIBE", events, {"CALLBACK": f"<{callback}>", "NT": "upnp:event", "TIMEOUT": f"Second-{_OFFERED}"})
        subscription.sid = answer.headers.get("sid", "")
        if not subscription.sid:
            raise UnansweredError("no SID")
        while True:
            await asyncio.sleep(_granted(answer) / 2)
            async with turn(question.ip):
                answer = await means.web.fetch("SUBSCRIBE", events, {"SID": subscription.sid, "TIMEOUT": f"Second-{_OFFERED}"})
            if answer.status != 200:
                raise UnansweredError(f"renewal {answer.status}")
    finally:
        listener.forget(subscription)
        if subscription.sid:
            await _ended(means, events, subscription.sid)


def _granted(answer: Answer) -> int:
    """For how many seconds the subscription holds."""
    found = _TIMEOUT.search(answer.headers.get("timeout", ""))
    return min(max(int(found[1]), _LEAST), _MOST) if found else _OFFERED


async def _ended(means: Means, events: URL, sid: str) -> None:
    with contextlib.suppress(UnansweredError, OSError, TimeoutError):
        async with asyncio.timeout(1.0):
            await means.web.fetch("UNSUBSCRIBE", events, {"SID": sid})
