"""`vonggac box serve`: the province's door for boxes, over TLS alone. Small questions, few mistakes a minute, one line of the audit for each that is heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from collector import notify
from collector.beats import Beats
from collector.clock import Clock
from collector.door import opened as answering
from collector.door import place, take, tls_of
from collector.enrolment.enroller import Enroller
from collector.enrolment.limits import Failures
from collector.enrolment.wire import BUNDLE, JOIN, MOST_ASKED, RENEW, Denial, DeniedError, Envelope, Joined, Joining, Renewed, Renewing, opened
from collector.refusal import ConfigError
from model.text import shown

log = logging.getLogger(__name__)

# Mistakes of one address within a minute: a technician mistypes a few times. Of all together so many are written down, the rest is counted as one line.
MOST_MISTAKES: Final = 20
_MOST_WRITTEN: Final = 120
_PATIENCE: Final = 10.0
# How often the door is tried from within, and how long a change may take on a slow disk before it is taken for hung, seconds.
_TURN: Final = 5.0
_LONGEST: Final = 60.0
_BUSY: Final = (429, "sai quá nhiều lần, một phút nữa hãy thử lại", "too many mistakes, try again in a minute")
_BROKEN: Final = (503, "dịch vụ của tỉnh đang có lỗi, báo SOC xem nhật ký", "the province's service is broken, tell the SOC to read its log")
_NO_BUNDLE: Final = (404, "tỉnh chưa ký khai báo cho hộp này", "the province signed no declared data for this box yet")

Asked = TypeVar("Asked", Joining, Renewing)


class Door:
    """The handlers."""

    def __init__(self, enroller: Enroller, clock: Clock) -> None:
        self._enroller = enroller
        self._mistakes = Failures(clock, MOST_MISTAKES)
        self._written = Failures(clock, _MOST_WRITTEN)
        self._one = asyncio.Lock()
        self._moved: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def beating(self, beats: Beats, turn: float = _TURN) -> AsyncIterator[None]:
        """While the block runs the door counts as a loop of `beats`, which moves with each change that is done.

        Each `turn` seconds it is tried whether a box that knocked now would get its turn, and a thread that works for it.
        """
        self._moved = beats.loop("enrolment", _LONGEST)
        task = asyncio.create_task(self._try(turn))
        try:
            yield
        finally:
            task.cancel()

    async def _try(self, turn: float) -> None:
        while True:
            async with self._one:
                await asyncio.to_thread(self._moved)
            await asyncio.sleep(turn)

    def app(self) -> web.Application:
        """The service."""
        app = web.Application(client_max_size=MOST_ASKED)
        app.add_routes([web.post(JOIN, self.join), web.post(RENEW, self.renew), web.get(BUNDLE + "/{box}", self.bundle)])
        return app

    async def join(self, request: web.Request) -> web.Response:
        """A box is taken."""
        return await self._act(request, JOIN, Joining, self._enroller.join)

    async def renew(self, request: web.Request) -> web.Response:
        """A box's key is renewed."""
        return await self._act(request, RENEW, Renewing, self._enroller.renew)

    async def bundle(self, request: web.Request) -> web.Response:
        """A box's signed declared data, to who shows its token."""
        caller = _caller(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            self._heed(caller)
            found = await asyncio.to_thread(self._enroller.bundle, request.match_info["box"], token.strip() if scheme.lower() == "bearer" else "")
        except DeniedError as error:
            if error.status == 401:
                self._mistakes.add(caller)
                log.warning("%s: %s: %s", BUNDLE, caller, error.text.en)
            return _told(error)
        except OSError as error:
            return _broken(error)
        if found is None:
            return _told(DeniedError(*_NO_BUNDLE))
        data, tag = found
        headers = {"ETag": tag, "Cache-Control": "no-store"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=data, content_type="application/octet-stream", headers=headers)

    def _heed(self, caller: str) -> None:
        if self._mistakes.many(caller):
            raise DeniedError(*_BUSY)

    async def _act(
        self, request: web.Request, path: str, kind: type[Asked], act: Callable[[Envelope, Asked, str], Joined | Renewed]
    ) -> web.Response:  # fmt: skip
        caller, box = _caller(request), ""
        try:
            self._heed(caller)
            envelope, asked = opened(await _body(request), kind)
            box = asked.box
            async with self._one:
                try:
                    told = await asyncio.to_thread(act, envelope, asked, caller)
                finally:
                    # A province whose boxes all renew on one day is busy, not hung.
                    self._moved()
        except DeniedError as error:
            return await self._denied(path, box, error, caller)
        except (ConfigError, OSError) as error:
            return _broken(error)
        log.info("%s: %s from %s: done", path, box, caller)
        return web.Response(body=msgspec.json.encode(told), content_type="application/json", headers={"Cache-Control": "no-store"})

    async def _denied(self, path: str, box: str, error: DeniedError, caller: str) -> web.Response:
        if error.status != 429:
            self._mistakes.add(caller)
        if not self._written.many(""):
            self._written.add("")
            log.warning("%s: %s from %s: %s", path, shown(box), caller, error.text.en)
            try:
                await asyncio.to_thread(self._enroller.denied, path, box, error, caller)
            except OSError as broken:
                return _broken(broken)
        return _told(error)


async def _body(request: web.Request) -> bytes:
    """What was sent, within a bound of time and length. Raises DeniedError."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await request.read()
    except (TimeoutError, web.HTTPRequestEntityTooLarge):
        raise DeniedError(413, "yêu cầu quá dài hoặc quá chậm", "the request is too long or too slow") from None


def _told(error: DeniedError) -> web.Response:
    return web.Response(status=error.status, body=msgspec.json.encode(Denial(vi=error.text.vi, en=error.text.en)), content_type="application/json")


def _broken(error: ConfigError | OSError) -> web.Response:
    """Our own trouble: the log says which, a stranger is not told."""
    log.error("%s", error.text.en if isinstance(error, ConfigError) else shown(f"{error.filename}: {error.strerror}", 300))
    return _told(DeniedError(*_BROKEN))


def _caller(request: web.Request) -> str:
    """The address at the other end of the connection; what a proxy's header says is not believed."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return str(peer[0]) if peer else "?"


async def serve(enroller: Enroller, listen: str, certificate: Path, key: Path, clock: Clock, announce: Callable[[str], None]) -> None:
    """The service until a signal. Raises ConfigError, OSError."""
    from collector.reloading import on_hangup, stopping  # noqa: PLC0415 - after what may be refused, for it installs signal handlers

    place(listen)
    context = tls_of(certificate, key)
    await asyncio.to_thread(enroller.prepare)
    stop, beats, door = stopping(), Beats(clock.monotonic), Door(enroller, clock)

    async def reload() -> None:
        """Certificate and key as they lie there now; what cannot be used changes nothing. All else is read anew for each question."""
        with notify.reloading(clock.monotonic):
            try:
                tls_of(certificate, key)
                take(context, certificate, key)
            except ConfigError as error:
                log.error("%s", error.text.en)  # noqa: TRY400 - one sentence; the trace tells an operator nothing

    async with answering(door.app(), listen, context) as url, on_hangup(reload), door.beating(beats), notify.ready(beats):
        announce(url)
        await stop.wait()
