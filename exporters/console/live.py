"""Server-sent events: tells open pages that the journal has a new version; they fetch themselves again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from aiohttp import web

# What a reader raises when core or the journal does not answer.
Failures = tuple[type[Exception], ...]

# A wait is answered at least this often, so that a browser that left is noticed, seconds.
BEAT: Final = 15.0
# The journal may have a new version each second or faster under load; a reader is told at most once in this time, seconds.
PACE: Final = 1.0
# Core is asked again after this while it does not answer, seconds.
AGAIN: Final = 2.0
MOST: Final = 64


class Waits(Protocol):
    """What has a version: a journal, a province, one of its sites."""

    async def wait(self, version: int, wait: float) -> int:
        """The version, as soon as it is not `version` or after `wait` seconds."""


def everybody(_: web.Request) -> bool:
    """For a page that is open to all who reach it."""
    return True


class Streams:
    """The open event streams of one application, bounded, ended with it and with the session they were opened in."""

    def __init__(
        self,
        reader_of: Callable[[web.Request], Waits],
        failures: Failures,
        admits: Callable[[web.Request], bool] = everybody,
        *,
        beat: float = BEAT,
        pace: float = PACE,
    ) -> None:
        self._reader_of = reader_of
        self._failures = failures
        self._admits = admits
        self._beat = beat
        self._pace = pace
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One stream: `event: change` with the version as id, `event: away` while core does not answer."""
        if len(self._open) >= MOST:
            return web.Response(status=503, headers={"Retry-After": "10"}, text="too many open pages\n")
        # Raises what that raises before anything is answered.
        waits = self._reader_of(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        task = asyncio.ensure_future(self._tell(request, response, waits))
        self._open.add(task)
        try:
            await task
        except (asyncio.CancelledError, ConnectionResetError):
            # The page was closed, or the service stops: both end a stream as intended.
            task.cancel()
        finally:
            self._open.discard(task)
        return response

    async def close(self, _: web.Application) -> None:
        """Ends all streams, so that stopping the service does not wait for browsers."""
        for task in self._open:
            task.cancel()

    async def _tell(self, request: web.Request, response: web.StreamResponse, waits: Waits) -> None:
        version, away = _known(request), False
        await response.write(b"retry: 2000\n\n")
        while self._admits(request):
            try:
                # A core that is back may have nothing new for a long time; that it is back is news.
                latest = await waits.wait(version, 0.0 if away else self._beat)
            except self._failures:
                await response.write(b": beat\n\n" if away else b"event: away\ndata: {}\n\n")
                away = True
                await asyncio.sleep(AGAIN)
                continue
            if latest == version and not away:
                await response.write(b": beat\n\n")
                continue
            version, away = latest, False
            await response.write(f'id: {version}\nevent: change\ndata: {{"version":{version}}}\n\n'.encode())
            await asyncio.sleep(self._pace)


def _known(request: web.Request) -> int:
    """The version the page has: a reconnecting browser says it in Last-Event-ID."""
    said = request.headers.get("Last-Event-ID") or request.query.get("since", "")
    return int(said) if said.isdecimal() and len(said) < 20 else -1
