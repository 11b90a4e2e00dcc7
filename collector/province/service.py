"""`vonggac province`: its parts out of configuration, at work until a signal."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from collector import assembly, notify, sites
from collector.access import JOURNAL
from collector.assembly_web import doors_of
from collector.beats import BeatingOutbox, Beats
from collector.clock import Clock, SystemClock
from collector.config import Config, Elasticsearch
from collector.journal import Journal, JournalError
from collector.province.keys import holds
from collector.province.province import Province
from collector.province.roster import Roster
from collector.refusal import ConfigError
from collector.reloading import stopping
from collector.reporting import Weekly, latest
from collector.sockets import CoreServer, services
from collector.web import names_of, serve, tls_of
from exporters import maintenance, report
from exporters.console.fleet_app import fleet_app
from exporters.console.fleet_site import fleet_declared
from exporters.durable import write_whole
from exporters.elastic.fleet import ElasticFleet
from exporters.elastic.fleet_store import ElasticStore
from exporters.maintenance import Windows
from exporters.prometheus import Metrics
from exporters.prometheus_fleet import FleetMetrics
from exporters.runner import Pace, run_all
from exporters.tally import Tally
from model.declared import Declared
from model.facts import AnyFact
from model.fleet.declared import FleetDeclared
from model.fleet.folding import Storming
from model.fleet.silence import Patience
from model.text import Text
from model.times import SECOND

if TYPE_CHECKING:
    from model.detector import Detector

_NO_STORE = Text(
    "Chưa khai kho dữ liệu của tỉnh: đặt [province] urls trong tệp cấu hình (xem docs/province.md).",
    "The province has no store: set [province] urls in the configuration (see docs/province.md).",
)
_LOOP = Text(
    'Nơi nhận "%s" loại elasticsearch không dùng được ở tỉnh: tỉnh đọc chính những luồng đó, hiện trạng đã có ở vonggac-*.',
    'The sink "%s" of type elasticsearch cannot be used at a province, which reads those very streams; what stands is in vonggac-*.',
)
_LAST_DELIVERY = 2.0
# The longest pause after a failure, and a turn of many reads that each wait for the engine, seconds.
_TURN = 900.0
# A report over a whole province takes minutes; one that takes longer than this meets a store that hardly answers, seconds.
_LONGEST_REPORT = 7_200.0


async def province(config: Config, path: Path, announce: Callable[[str], None], clock: Clock | None = None, stop: asyncio.Event | None = None) -> None:
    """Reads, judges, tells and shows until a signal. Raises ConfigError, OptionsError, JournalError, SocketError."""
    stop = stop or stopping()
    clock = clock or SystemClock()
    _refuse(config)
    roster = Roster(config.province.declared, config.language)
    detectors = sites.detectors_of(config, path)
    config.state_dir.mkdir(parents=True, exist_ok=True)
    limits = config.journal
    with Journal.open(config.state_dir / JOURNAL, box=f"province-{roster().province}", max_bytes=limits.max_bytes, history=limits.history) as journal:
        journal.keep_only({sink.name for sink in config.sinks})
        store = ElasticStore(assembly.province_options(config, detectors), roster)
        try:
            await _run(_Parts(config, clock, roster, detectors, journal, store), announce, stop)
        finally:
            await store.close()


class _Parts:
    def __init__(self, config: Config, clock: Clock, roster: Roster, detectors: Sequence[Detector], journal: Journal, store: ElasticStore) -> None:
        self.config, self.clock, self.roster, self.detectors, self.journal = config, clock, roster, detectors, journal
        options = config.province
        self.beats = Beats(clock.monotonic)
        self.province = Province(
            store=store,
            journal=journal,
            declared=roster,
            verify=holds,
            clock=clock,
            rules={detector.about.id: detector.about.title for detector in detectors},
            patience=_patience(config),
            storming=Storming(sites=options.storm_sites, window=options.storm_window),
            language=config.language,
            moved=self.beats.loop("province", _TURN),
        )


async def _run(parts: _Parts, announce: Callable[[str], None], stop: asyncio.Event) -> None:
    config = parts.config
    async with (
        _reading(parts) as reader,
        _telling(parts, stop) as tallies,
        _page(parts, tallies, reader) as address,
        _serving(parts),
        _reporting(parts, reader),
        notify.ready(parts.beats, config.language),
    ):
        announce(address)
        poll = config.province.poll / SECOND
        await asyncio.gather(parts.province.run(stop, poll), parts.roster.watch(stop))


@asynccontextmanager
async def _telling(parts: _Parts, stop: asyncio.Event) -> AsyncIterator[list[Tally]]:
    """The sinks at work on the province's own outbox."""
    declared = parts.roster()
    names = {code: Declared(site=code, name=site.name) for code, site in declared.sites.items()}
    named = {**names, declared.province: Declared(site=declared.province, name=declared.name)}
    sinks = assembly.sinks_of(parts.config, named, parts.detectors, parts.clock, parts.province.reader)
    tallies = [Tally(sink=sink.name) for sink in sinks]
    pace = Pace(now=parts.clock.now)
    task = asyncio.create_task(
        run_all(BeatingOutbox(parts.journal.outbox(), parts.beats), sinks, stop, pace=pace, tallies=tallies, language=parts.config.language)
    )
    try:
        yield tallies
    finally:
        stop.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(task, _LAST_DELIVERY)


@asynccontextmanager
async def _reading(parts: _Parts) -> AsyncIterator[ElasticFleet]:
    """What stands, as the page and the reports ask for it."""
    options = assembly.province_options(parts.config, parts.detectors)
    reader = ElasticFleet(options, parts.roster, parts.clock.now, verify=holds, watch=lambda: parts.province.figures.watch)
    try:
        yield reader
    finally:
        await reader.close()


@asynccontextmanager
async def _page(parts: _Parts, tallies: Sequence[Tally], reader: ElasticFleet) -> AsyncIterator[str]:
    """The province's page and metrics; the address."""
    config, clock = parts.config, parts.clock
    province = parts.province
    metrics = Metrics(province.reader, now=clock.now, version=version("vonggac"), tallies=tallies, language=config.language, counts=province.counts)
    metrics.registry.register(FleetMetrics(lambda: parts.province.figures))
    app = fleet_app(
        reader,
        parts.province,
        parts.roster,
        parts.province.reader,
        clock.now,
        language=config.language,
        abouts=[detector.about for detector in parts.detectors],
        metrics=metrics.scrape,
        hosts=names_of(config.web),
        failures=(JournalError,),
        tallies=tallies,
        doors=doors_of(config, clock, parts.journal.outbox()),
        windows=Windows(config.state_dir / maintenance.NAME, config.language).all,
        previous=lambda code: latest(config.report.dir / code),
    )
    runner, address = await serve(app, config.web.host, config.web.port, tls=tls_of(config.web))
    try:
        yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _reporting(parts: _Parts, reader: ElasticFleet) -> AsyncIterator[None]:
    """The weekly reports, where they are wanted; one that is being made when the service ends is made anew after its start. Raises ConfigError."""
    config, clock, roster = parts.config, parts.clock, parts.roster
    if not config.report.weekly:
        yield
        return
    abouts = [detector.about for detector in parts.detectors]

    async def make(wanted: Declared, before: bytes | None) -> Mapping[str, bytes]:
        declared = roster()
        series = {each.code: each for each in _series(declared)}[wanted.site]
        source = report.Inspected(reader, lambda site: fleet_declared(declared, site), abouts, clock.now, config.language)
        async with asyncio.timeout(_LONGEST_REPORT):
            return (await source.bound(series, before)).files

    weekly = Weekly(config.report, _Series(roster), clock, make, write_whole, config.language)
    task = asyncio.create_task(weekly.run(asyncio.Event()))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class _Series:
    """The series of reports as they are declared at each look, in the form in which a box has its sites."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def __iter__(self) -> Iterator[Declared]:
        return (Declared(site=series.code, name=series.name) for series in _series(self._roster()))


def _series(declared: FleetDeclared) -> list[report.Series]:
    # The groups first: they are done in seconds.
    return [*report.groups(declared).values(), report.whole(declared)] if declared.sites else []


@asynccontextmanager
async def _serving(parts: _Parts) -> AsyncIterator[None]:
    """The sockets by which commands (`vonggac findings`, `dead-letters`) reach the province as they reach a box. Raises SocketError."""
    sockets = parts.config.sockets
    allowed = services.by_role(frozenset(sockets.allowed_uids))
    server = CoreServer(sockets.dir, facts=_NoFacts(), outbox=parts.journal.outbox(), reader=parts.province.reader, acts=parts.province, allowed=allowed)
    await server.start()
    try:
        yield
    finally:
        await server.stop()


class _NoFacts:
    """A province senses nothing."""

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Takes none."""
        del facts
        return 0


def _patience(config: Config) -> Patience:
    given = config.province
    # Two polls may come late without a doubt about what was heard in between.
    gap = max(Patience().gap, 2 * given.poll)
    return Patience(heartbeat=given.heartbeat, heartbeats=given.heartbeats, hours=given.hours, gap=gap)


def _refuse(config: Config) -> None:
    if not config.province.urls:
        raise ConfigError(_NO_STORE)
    for sink in config.sinks:
        if isinstance(sink, Elasticsearch):
            raise ConfigError(Text(_LOOP.vi % sink.name, _LOOP.en % sink.name))
