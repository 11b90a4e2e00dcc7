"""The services of the systemd units: the same parts as `run`, one privilege a process, meeting in core's sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from collector import notify
from collector.beats import BeatingOutbox, BeatingSink
from collector.refusal import ConfigError
from collector.reloading import on_hangup, stopping
from collector.service import Parts, collecting, core_of, exporting, figures, lines, page, plugging, probing, reporting, serving, stopped
from collector.sites import capture_sensor
from collector.sockets import SocketActs, SocketFactSink, SocketOutbox, SocketReader, path_of
from collector.upward import pulling, pushing
from model.text import Text
from model.times import SECOND

log = logging.getLogger(__name__)

Client = TypeVar("Client", SocketActs, SocketOutbox, SocketReader)

# How long core is waited for at the end, seconds.
_LAST_FACTS = 2.0
# A leg's loop is missed after so many of its heartbeats, and not before so many seconds.
_MISSED, _SOONEST = 3, 15.0
_NO_PORTALS = Text(
    "Không có cổng nào để theo dõi: khai portals.csv trong thư mục khai báo, và để [portals] enabled = true.",
    "There are no portals to watch: declare portals.csv in the declared folder, and leave [portals] enabled = true.",
)
_NO_SCREENS = Text(
    "Không có họ màn hình nào được hỏi: đặt [screens] ask hoặc subscribe trong tệp cấu hình.",
    "No family of screens is to be asked: set [screens] ask or subscribe in the configuration.",
)
_NO_PCS = Text(
    "Chưa bật bộ thu máy tính: đặt [endpoints] enabled = true trong tệp cấu hình (xem docs/endpoint.md).",
    "PCs are not served: set [endpoints] enabled = true in the configuration (see docs/endpoint.md).",
)
_CORE_RUNS = Text("lõi đang chạy, các dịch vụ khác gặp lõi ở %s", "core runs, the other services meet it in %s")
_UNDELIVERED = Text("còn %d dữ liệu quan sát chưa giao được cho lõi", "%d facts could not be handed to core")


async def core(parts: Parts) -> None:
    """`vonggac core`: the state and the sockets; no network."""
    stop = stopping()
    language = parts.config.language
    with core_of(parts) as (running, journal, queue):
        reader = journal.reader(running.status)
        async with (
            serving(parts, running, journal, queue, reader),
            probing(parts, queue, reader, child=False),
            reporting(parts, reader, stop),
            _up(parts),
        ):
            log.info(_CORE_RUNS.to(language), parts.config.sockets.dir)
            await stopped(stop, running, language)


async def collect(parts: Parts) -> None:
    """`vonggac collect`: listens on the legs and to the box's USB sockets; facts go to core's socket, and are kept while core is away."""
    stop = stopping()
    sink = _facts(parts)
    heard = BeatingSink(sink, parts.beats, {capture_sensor(leg.name): max(_SOONEST, _MISSED * leg.heartbeat / SECOND) for leg in parts.config.legs})
    with collecting(parts, heard), plugging(parts, heard):
        async with _up(parts):
            await stop.wait()
    left = await asyncio.to_thread(sink.close, _LAST_FACTS)
    if left:
        log.warning(_UNDELIVERED.to(parts.config.language), left)


async def portals(parts: Parts) -> None:
    """`vonggac portals serve`: looks at the declared portals; facts go to core's socket, and are kept while core is away. Raises ConfigError."""
    from collector.portals import wanted, watcher_of  # noqa: PLC0415 - a parser, a browser's driver and word lists, for this service only

    sites = tuple(parts.sites.values())
    if not wanted(parts.config, sites):
        raise ConfigError(_NO_PORTALS)
    stop = stopping()
    sink = _facts(parts)
    heard = BeatingSink(sink, parts.beats, {})
    async with watcher_of(parts.config, sites, heard, parts.clock) as watcher, _up(parts):
        await watcher.run(stop)
    left = await asyncio.to_thread(sink.close, _LAST_FACTS)
    if left:
        log.warning(_UNDELIVERED.to(parts.config.language), left)


async def screens(parts: Parts) -> None:
    """`vonggac screens`: asks known screens read-only questions; facts go to core's socket, and are kept while core is away. Raises ConfigError."""
    from collector.screens import asker_of  # noqa: PLC0415 - for this service only

    if not parts.config.screens.enabled:
        raise ConfigError(_NO_SCREENS)
    stop = stopping()
    sink = _facts(parts)
    heard = BeatingSink(sink, parts.beats, {})
    async with asker_of(parts.config, parts.sites.values(), heard, parts.clock) as asker, _up(parts):
        await asker.run(stop)
    left = await asyncio.to_thread(sink.close, _LAST_FACTS)
    if left:
        log.warning(_UNDELIVERED.to(parts.config.language), left)


async def endpoints(parts: Parts) -> None:
    """`vonggac endpoints serve`: serves the PCs; what they tell stays in its inbox until core has written it down. Raises ConfigError."""
    from collector.endpoints import endpoints_of  # noqa: PLC0415 - for this service only

    if not parts.config.endpoints.enabled:
        raise ConfigError(_NO_PCS)
    stop = stopping()
    sink = _facts(parts)
    heard = BeatingSink(sink, parts.beats, {})
    with endpoints_of(parts.config, tuple(parts.sites.values()), heard, parts.clock) as server:
        async with _up(parts):
            await server.run(stop)
    # What core did not confirm is in the inbox still, and goes again at the next start.
    await asyncio.to_thread(sink.close, _LAST_FACTS)


async def export(parts: Parts, announce: Callable[[str], None]) -> None:
    """`vonggac export`: delivers the outbox; has the sinks' secrets, and the metrics on a port of their own.

    It alone speaks to the SOC, so it also asks the SOC's echo.
    """
    stop = stopping()
    async with (
        _ending(SocketOutbox(path_of(parts.config.sockets.dir, "outbox"))) as outbox,
        _ending(SocketReader(path_of(parts.config.sockets.dir, "read"))) as reader,
        exporting(parts, BeatingOutbox(outbox, parts.beats), reader, stop) as tallies,
        pushing(parts, reader, stop, tallies),
        pulling(parts, outbox, stop),
        figures(parts, reader, tallies) as address,
        _comparing(parts),
        _up(parts),
    ):
        announce(address)
        await stop.wait()


@asynccontextmanager
async def _comparing(parts: Parts) -> AsyncIterator[None]:
    """The sensor of lines, where a leg names it, with core's socket for its facts."""
    if not any("line" in leg.probes for leg in parts.config.legs):
        yield
        return
    sink = _facts(parts)
    async with lines(parts, BeatingSink(sink, parts.beats, {})):
        yield
    await asyncio.to_thread(sink.close, _LAST_FACTS)


async def web(parts: Parts, announce: Callable[[str], None]) -> None:
    """`vonggac web`: the page alone; what people do on it, with findings and dead letters, is core's to carry out."""
    stop, sockets = stopping(), parts.config.sockets.dir
    async with (
        _ending(SocketReader(path_of(sockets, "read"))) as reader,
        _ending(SocketActs(path_of(sockets, "acts"))) as acts,
        page(parts, reader, acts, acts) as address,
        _up(parts),
    ):
        announce(address)
        await stop.wait()


def _facts(parts: Parts) -> SocketFactSink:
    return SocketFactSink(path_of(parts.config.sockets.dir, "facts"), language=parts.config.language)


@asynccontextmanager
async def _up(parts: Parts) -> AsyncIterator[None]:
    """The service runs: systemd is told, and a hangup has it read its configuration anew."""
    async with on_hangup(parts.reload), notify.ready(parts.beats, parts.config.language):
        yield


@asynccontextmanager
async def _ending(client: Client) -> AsyncIterator[Client]:
    try:
        yield client
    finally:
        await client.close()
