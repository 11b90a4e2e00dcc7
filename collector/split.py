"""The services of the systemd units: the same parts as `run`, one privilege a process, meeting in core's sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from collector.service import Parts, collecting, core_of, exporting, page, serving, until_signal
from collector.sockets import SocketFactSink, SocketOutbox, SocketReader, path_of

log = logging.getLogger(__name__)


async def core(parts: Parts) -> None:
    """`vonggac core`: the state and the sockets; no network."""
    stop = asyncio.Event()
    with core_of(parts) as (running, journal, queue):
        async with serving(parts, running, journal, queue, journal.reader(running.status)):
            log.info("lõi đang chạy, socket ở %s", parts.config.sockets.dir)
            await until_signal(stop)


async def collect(parts: Parts) -> None:
    """`vonggac collect`: listens on the legs; facts go to core's socket, and are kept while core is away."""
    stop = asyncio.Event()
    sink = SocketFactSink(path_of(parts.config.sockets.dir, "facts"))
    with collecting(parts, sink):
        await until_signal(stop)
    left = await asyncio.to_thread(sink.close)
    if left:
        log.warning("còn %d dữ liệu quan sát chưa giao được cho lõi", left)


async def export(parts: Parts, announce: Callable[[str], None]) -> None:
    """`vonggac export`: delivers the outbox; has the sinks' secrets, and the metrics."""
    stop = asyncio.Event()
    outbox = SocketOutbox(path_of(parts.config.sockets.dir, "outbox"))
    reader = SocketReader(path_of(parts.config.sockets.dir, "read"))
    async with exporting(parts, outbox, stop) as tallies, page(parts, reader, None, tallies) as address:
        announce(address)
        await until_signal(stop)


async def web(parts: Parts, announce: Callable[[str], None]) -> None:
    """`vonggac web`: the page alone."""
    stop = asyncio.Event()
    reader = SocketReader(path_of(parts.config.sockets.dir, "read"))
    async with page(parts, reader, None) as address:
        announce(address)
        await until_signal(stop)
