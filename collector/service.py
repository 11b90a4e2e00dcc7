"""The composition root of every service: the same parts in one process (`run`) or meeting in core's sockets (`core`, `collect`, `export`, `web`)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from collector import assembly, notify, sites
from collector.access import JOURNAL
from collector.assembly_web import doors_of
from collector.beats import Beats
from collector.clock import Clock, SystemClock
from collector.config import Config
from collector.core import Core
from collector.deliveries import Deliveries
from collector.factqueue import FactQueue
from collector.journal import Journal, JournalError
from collector.keyfile import own_key
from collector.listening import Listening
from collector.refusal import ConfigError
from collector.reloading import DECLARED, Reloading, on_hangup, stopping
from collector.reporting import Weekly, latest
from collector.sockets import CoreServer, SocketError, services
from collector.upward import declaring_of, pulling, pushing
from collector.web import names_of, serve, tls_of
from exporters import maintenance
from exporters.console.app import make_app
from exporters.durable import write_whole
from exporters.maintenance import Windows
from exporters.prometheus import Metrics
from exporters.runner import Pace
from exporters.tally import Tally
from model.ports import Acts, FactSink, JournalReader, Outbox
from model.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exporters.console.doors import Letters
    from exporters.console.evidence import Evidence
    from model.declared import Declared
    from model.detector import Detector

log = logging.getLogger(__name__)

# How often it is looked whether core still runs, seconds.
_LOOK = 1.0
# Core turns each second; judging all of a large site anew, and a slow disk, take a while, seconds.
_CORE_TURN = 60.0
_CORE_ENDED = Text(
    "lõi đã dừng vì lỗi không ngờ; dịch vụ dừng theo để được khởi động lại, không mất gì đã ghi",
    "core ended by an unexpected fault; the service ends too, to be started again, and nothing that was written is lost",
)


class Parts:
    """What a service is made of: configuration, declared sites, detectors, the clock."""

    def __init__(self, config: Config, path: Path, clock: Clock | None = None) -> None:
        """Raises ConfigError when any of it is refused."""
        self.config = config
        self.clock: Clock = clock or SystemClock()
        self.beats = Beats(self.clock.monotonic)
        # A broken line in a province's list of portals must not blind the rest: it is told, and the others are watched.
        broken: list[ConfigError] = []
        self.sites: Mapping[str, Declared] = sites.sites_of(config, self.clock.now(), broken)
        for error in broken:
            log.warning("%s", error.text.to(config.language))
        self.detectors: list[Detector] = sites.detectors_of(config, path)
        self.reloading = Reloading(path, self.clock)

    async def reload(self) -> None:
        """Reads configuration and declared data anew; what is wrong changes nothing."""
        with notify.reloading(self.clock.monotonic):
            self.config, self.sites = await self.reloading.reload(self.config, self.sites)

    def declared(self) -> Declared:
        """The box's (first) site, for the page."""
        return next(iter(self.sites.values()))


@contextmanager
def core_of(parts: Parts) -> Iterator[tuple[Core, Journal, FactQueue]]:
    """A running core over its journal; stopped and written at the end. Raises JournalError, ConfigError."""
    config = parts.config
    key = own_key(config.privacy.key_file)
    config.state_dir.mkdir(parents=True, exist_ok=True)
    limits = config.journal
    signing = assembly.signing(config)
    with Journal.open(config.state_dir / JOURNAL, box=config.box.id, max_bytes=limits.max_bytes, history=limits.history, signing=signing) as journal:
        if journal.notice is not None:
            log.warning("%s", journal.notice.to(config.language))
        journal.keep_only({sink.name for sink in config.sinks})
        queue = FactQueue(share=config.core.share)
        core = Core(
            box=config.box.id,
            sites=parts.sites,
            detectors=parts.detectors,
            journal=journal,
            queue=queue,
            clock=parts.clock,
            key=key,
            max_assets=config.core.max_assets,
            max_probation=config.core.max_probation,
            language=config.language,
            observed=assembly.observed(config),
            moved=parts.beats.loop("core", _CORE_TURN),
        )
        core.start()
        _retakes(parts, core, journal)
        try:
            yield core, journal, queue
        finally:
            core.stop()


def _retakes(parts: Parts, core: Core, journal: Journal) -> None:
    """Core's part of a reload: declared data at once, sinks that are gone forgotten; whose rows are signed holds from the next start on."""
    signed = assembly.signed(parts.config)

    async def declare(_: Config, declared: Mapping[str, Declared]) -> str:
        core.redeclare(declared)
        return ""

    async def keep(config: Config, _: Mapping[str, Declared]) -> str:
        await asyncio.to_thread(journal.keep_only, {sink.name for sink in config.sinks})
        return "" if assembly.signed(config) == signed else "sinks elasticsearch"

    parts.reloading.offer(DECLARED, declare)
    parts.reloading.offer("sinks", keep)


@asynccontextmanager
async def serving(parts: Parts, core: Core, journal: Journal, facts: FactSink, reader: JournalReader) -> AsyncIterator[None]:
    """Core's sockets, open. Raises SocketError."""
    allowed = services.by_role(frozenset(parts.config.sockets.allowed_uids))
    server = CoreServer(
        parts.config.sockets.dir, facts=facts, outbox=journal.outbox(), reader=reader, acts=core, declaring=declaring_of(parts), allowed=allowed
    )
    await server.start()
    try:
        yield
    finally:
        await server.stop()


async def stopped(stop: asyncio.Event, core: Core, language: Language) -> None:
    """Waits for `stop`. Ends the process with status 1 when core's thread ended by itself: a box that judges nothing must not look alive."""
    while core.alive:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK)
            return
    log.critical("%s", _CORE_ENDED.to(language))
    sys.exit(1)


@asynccontextmanager
async def exporting(parts: Parts, outbox: Outbox, reader: JournalReader, stop: asyncio.Event) -> AsyncIterator[list[Tally]]:
    """The sinks at work; their figures. `reader` tells them how findings stand now."""
    sinks = Deliveries(outbox, lambda config, known: assembly.sinks_of(config, known, parts.detectors, parts.clock, reader), Pace(now=parts.clock.now))
    await sinks.take(parts.config, parts.sites)
    for key in ("sinks", DECLARED):
        parts.reloading.offer(key, sinks.take)
    try:
        yield sinks.tallies
    finally:
        stop.set()
        await sinks.close()


def _metrics(parts: Parts, reader: JournalReader, tallies: Sequence[Tally]) -> Metrics:
    reloaded = parts.reloading.figures
    return Metrics(reader, now=parts.clock.now, version=version("vonggac"), tallies=tallies, language=parts.config.language, reloaded=reloaded)


@asynccontextmanager
async def page(parts: Parts, reader: JournalReader, acts: Acts, letters: Letters, tallies: Sequence[Tally] = ()) -> AsyncIterator[str]:
    """The page and the metrics; the address. Raises ConfigError when the port is taken, or others would reach what nobody guards."""
    tls = tls_of(parts.config.web)
    metrics = _metrics(parts, reader, tallies)

    app = make_app(
        reader,
        acts,
        language=parts.config.language,
        abouts=[detector.about for detector in parts.detectors],
        declared=parts.declared,
        metrics=metrics.scrape,
        failures=(JournalError, SocketError),
        evidence=_evidence(parts),
        previous=lambda: latest(parts.config.report.dir / parts.declared().site),
        tallies=tallies,
        hosts=names_of(parts.config.web),
        doors=doors_of(parts.config, parts.clock, letters),
        windows=Windows(parts.config.state_dir / maintenance.NAME, parts.config.language).all,
    )
    runner, address = await serve(app, parts.config.web.host, parts.config.web.port, tls=tls)
    try:
        yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def figures(parts: Parts, reader: JournalReader, tallies: Sequence[Tally]) -> AsyncIterator[str]:
    """The metrics alone, on a port of their own beside the page's; the address. Raises ConfigError when the port is taken."""
    from exporters.machine import make_machine_app  # noqa: PLC0415 - for the process that exports only

    language = parts.config.language
    metrics = _metrics(parts, reader, tallies)
    app = make_machine_app(reader, metrics.scrape, (JournalError, SocketError), language)
    runner, address = await serve(app, parts.config.web.host, parts.config.web.metrics_port, "metrics_port")
    try:
        yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def reporting(parts: Parts, reader: JournalReader, stop: asyncio.Event, tallies: Sequence[Tally] = ()) -> AsyncIterator[None]:
    """The weekly inspection report, where it is wanted."""
    if not parts.config.report.weekly:
        yield
        return
    language, abouts = parts.config.language, [detector.about for detector in parts.detectors]

    async def make(declared: Declared, before: bytes | None) -> dict[str, bytes]:
        from exporters import report  # noqa: PLC0415 - templates, once a week

        return await report.files(reader, declared, abouts, before, box=parts.config.box.name or parts.config.box.id, tallies=tallies, language=language)

    weekly = Weekly(parts.config.report, parts.sites.values(), parts.clock, make, write_whole, language)
    task = asyncio.create_task(weekly.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


def _evidence(parts: Parts) -> Evidence | None:
    """What was kept of portals, for boxes that watch any."""
    if not any(site.portals for site in parts.sites.values()):
        return None
    from collector.portalpage import PageEvidence  # noqa: PLC0415 - as in `looking`
    from collector.portals import store_of  # noqa: PLC0415 - same

    portals = {portal.id: portal for site in parts.sites.values() for portal in site.portals or ()}
    return PageEvidence(store_of(parts.config, parts.clock), portals)


@contextmanager
def collecting(parts: Parts, sink: FactSink) -> Iterator[None]:
    """The capture sensors of all legs at work."""
    from collector.evidence import sealing  # noqa: PLC0415 - as the next
    from collector.sensors.capture import Capture  # noqa: PLC0415 - libpcap is for those who listen only

    with sealing(parts.config, parts.sites, parts.clock) as sealer:
        language = parts.config.language
        legs = Listening(lambda leg: Capture.of(leg, sites.capture_sensor(leg.name), sink, parts.clock, language, sealer))
        legs.begin(parts.config.legs)
        parts.reloading.offer("legs", legs.take)
        try:
            yield
        finally:
            legs.close()


@contextmanager
def sensing(parts: Parts, sink: FactSink) -> Iterator[None]:
    """All sensors of a box that has everything in one process."""
    with collecting(parts, sink), plugging(parts, sink), looking(parts, sink), asking(parts, sink), serving_pcs(parts, sink):
        yield


@contextmanager
def plugging(parts: Parts, sink: FactSink) -> Iterator[None]:
    """The sensor of the box's own USB sockets at work, where usb.csv is declared to judge them by. Raises ConfigError."""
    if not any(expected.sensor == sites.PERIPHERALS for expected in parts.declared().sensors):
        yield
        return
    from collector.peripherals import in_thread  # noqa: PLC0415 - libudev is for boxes that listen to their sockets only

    thread = in_thread(parts.config, sink, parts.clock)
    thread.start()
    try:
        yield
    finally:
        thread.stop()


@contextmanager
def looking(parts: Parts, sink: FactSink) -> Iterator[None]:
    """The portals sensor at work, where portals are declared."""
    sites = tuple(parts.sites.values())
    if not (parts.config.portals.enabled and any(site.portals for site in sites)):
        yield
        return
    from collector.portals import in_thread  # noqa: PLC0415 - a parser, a browser's driver and word lists, for boxes that watch portals only

    watching = in_thread(parts.config, sites, sink, parts.clock)
    watching.start()
    try:
        yield
    finally:
        watching.stop()


@contextmanager
def asking(parts: Parts, sink: FactSink) -> Iterator[None]:
    """The screens sensor at work, where any family is to be asked."""
    if not parts.config.screens.enabled:
        yield
        return
    from collector.screens import in_thread  # noqa: PLC0415 - for boxes that ask screens only

    thread = in_thread(parts.config, parts.sites.values(), sink, parts.clock)
    thread.start()
    try:
        yield
    finally:
        thread.stop()


def serving_pcs(parts: Parts, sink: FactSink) -> contextlib.AbstractContextManager[None]:
    """The server for PCs at work, where it is enabled. Raises ConfigError."""
    if not parts.config.endpoints.enabled:
        return contextlib.nullcontext()
    from collector.endpoints import in_thread  # noqa: PLC0415 - for boxes that serve PCs only

    return in_thread(parts.config, tuple(parts.sites.values()), sink, parts.clock)


Sensors = Callable[[Parts, FactSink], contextlib.AbstractContextManager[None]]


def probing(parts: Parts, sink: FactSink, reader: JournalReader, *, child: bool) -> contextlib.AbstractAsyncContextManager[None]:
    """Core's planner of probes, and with `child` the program that sends them, where a leg names any. Raises SocketError."""
    if not any(leg.probes for leg in parts.config.legs):
        return contextlib.nullcontext()
    from collector.probing.service import planning  # noqa: PLC0415 - for boxes that probe only

    key, sites = own_key(parts.config.privacy.key_file), list(parts.sites.values())
    allowed = services.admitted("probe", frozenset(parts.config.sockets.allowed_uids))
    return planning(parts.config, sites, key=key, clock=parts.clock, sink=sink, reader=reader, allowed=allowed, child=child)


def lines(parts: Parts, sink: FactSink) -> contextlib.AbstractAsyncContextManager[None]:
    """The sensor of lines, where a leg names it. Raises ConfigError."""
    if not any("line" in leg.probes for leg in parts.config.legs):
        return contextlib.nullcontext()
    from collector.lines import asking as asking_lines  # noqa: PLC0415 - for boxes that compare lines only

    return asking_lines(parts.config, sink, parts.clock)


async def run_all_in_one(parts: Parts, announce: Callable[[str], None], sensors: Sensors = sensing, stop: asyncio.Event | None = None) -> None:
    """`vonggac run`: everything in one process until a signal. Core's sockets are there too, for the commands."""
    # Who handed in an event of its own has taken the signals.
    reload = on_hangup(parts.reload) if stop is None else contextlib.nullcontext()
    stop = stop or stopping()
    with core_of(parts) as (core, journal, queue):
        reader = journal.reader(core.status)
        async with (
            serving(parts, core, journal, queue, reader),
            exporting(parts, journal.outbox(), reader, stop) as tallies,
            pushing(parts, reader, stop, tallies),
            pulling(parts, declaring_of(parts), stop),
            page(parts, reader, core, journal.outbox(), tallies) as address,
            reporting(parts, reader, stop, tallies),
            probing(parts, queue, reader, child=True),
            lines(parts, queue),
            reload,
        ):
            with sensors(parts, queue):
                announce(address)
                await stopped(stop, core, parts.config.language)
