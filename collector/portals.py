"""The portals sensor out of configuration: resolver, guard, visitor, browser, evidence, lists, rounds. Imported by composition roots alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import NamedTuple

from collector import portalevidence
from collector.clock import Clock
from collector.config import Config
from collector.config.portals import Portals
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.daily import Daily
from collector.sensors.portals.evidence import Store
from collector.sensors.portals.eyes import Keeper, VisitorEyes
from collector.sensors.portals.feeds import Feed, Feeds, FeedState
from collector.sensors.portals.limits import Limits
from collector.sensors.portals.memory import Memories
from collector.sensors.portals.personas import allowed
from collector.sensors.portals.plan import Habits
from collector.sensors.portals.rendering import BrowserEyes
from collector.sensors.portals.resolver import DnsResolver, NameServer, SystemResolver
from collector.sensors.portals.rounds import Manner, Round
from collector.sensors.portals.visitor import Visitor
from collector.sensors.portals.watcher import Watcher
from collector.sensorthread import SensorThread
from model.declared import Declared
from model.facts import AnyFact
from model.portals.declared import Destination, Portal
from model.portals.policy import Policy
from model.portals.rows import PortalRow
from model.ports import FactSink
from model.text import Language, Text
from model.times import HOUR, SECOND
from model.webfacts import FeedHeard

log = logging.getLogger(__name__)

_FEEDS = HOUR // SECOND
_ENDED = Text("bộ thu cổng dừng vì lỗi không ngờ; các phần khác vẫn chạy", "the portals sensor ended by an unexpected fault; everything else goes on")


def portals_of(sites: Iterable[Declared]) -> tuple[Portal, ...]:
    """Every declared portal of this watcher."""
    return tuple(portal for site in sites for portal in site.portals or ())


def destinations_of(sites: Iterable[Declared]) -> tuple[Destination, ...]:
    """Every declared lawful destination."""
    return tuple(destination for site in sites for destination in site.destinations)


def wanted(config: Config, sites: Iterable[Declared]) -> bool:
    """Whether this box is to watch portals."""
    return config.portals.enabled and bool(portals_of(sites))


def name_server(written: str) -> NameServer:
    """The DNS server as configured (`address`, `address:port`, `[IPv6]:port`), else the machine's own way."""
    if not written:
        return SystemResolver()
    server, port = _split(written)
    return DnsResolver(server, port)


def _split(server: str) -> tuple[str, int]:
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        return host, int(port.removeprefix(":") or 53)
    host, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
    return host, int(port or 53)


def store_of(config: Config, clock: Clock) -> Store:
    """Where evidence is kept."""
    return Store(config.portals.evidence_dir, config.portals.evidence_max_bytes, clock, f"vonggac {version('vonggac')}")


def manner_of(config: Config) -> Manner:
    """How rounds are made, as configured."""
    options = config.portals
    return Manner(
        vantage=options.vantage or config.box.id,
        period_province=options.period_province,
        period_commune=options.period_commune,
        jitter=options.jitter / 100,
        habits=Habits(samples=options.samples, missing=options.missing),
        budget_province=options.budget_province,
        budget_commune=options.budget_commune,
        render=options.render,
    )


def feeds_of(options: Portals, clock: Clock) -> Feeds:
    """The lists of gambling names that people gave."""
    fields = Feed.__struct_fields__
    return Feeds([Feed(**{name: getattr(table, name) for name in fields}) for table in options.feeds], options.feeds_dir, clock)


def heard_of(state: FeedState, at: int) -> FeedHeard:
    """How a list stands, as a fact."""
    return FeedHeard(at=at, name=state.name, entries=state.entries, age=state.age, refused=state.refused, refusal=state.refusal, weight=state.weight)


class Kit(NamedTuple):
    """What makes looks."""

    visitor: Visitor
    eyes: VisitorEyes
    browser: BrowserEyes | None
    daily: Daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How looks are made, for all who make them: `gap` in seconds, `render` whether there is to be a browser."""

    vantage: str = ""
    limits: Limits = field(default_factory=Limits)
    gap: float = 2.0
    at_once: int = 64
    allow: tuple[str, ...] = ()
    authorities: str = ""
    render: bool = False
    chromium: str = ""
    browser_uid: int = 65534
    language: Language = "vi"


@asynccontextmanager
async def kit_of(names: NameServer, clock: Clock, policy: Policy, how: Looking, *, keeper: Keeper, feeds: Feeds | None = None) -> AsyncIterator[Kit]:
    """Visitor, browser and daily looks over one guard; let go of at the end."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(names.close)
        visitor = Visitor(names, clock, vantage=how.vantage, limits=how.limits, gap=how.gap, at_once=how.at_once, allow=how.allow, authorities=how.authorities)
        await stack.enter_async_context(visitor)
        browser = None
        if how.render:
            # Started by its first look: a box that never has to render never starts it.
            chromium = Browser(clock, path=how.chromium, uid=how.browser_uid)
            stack.push_async_exit(chromium.__aexit__)
            browser = BrowserEyes(chromium, visitor.guard, clock, policy, keeper, feeds, vantage=how.vantage, language=how.language)
        yield Kit(visitor, VisitorEyes(visitor, policy, keeper, feeds), browser, Daily(visitor, names, clock))


def looking_of(config: Config) -> Looking:
    """How a box looks, as configured."""
    options = config.portals
    return Looking(
        vantage=options.vantage or config.box.id,
        limits=Limits(exchange=options.deadline / SECOND),
        gap=options.pace / SECOND,
        at_once=max(64, 2 * options.concurrency),
        render=options.render != "never",
        chromium=str(options.chromium),
        browser_uid=options.browser_uid,
        language=config.language,
    )


@asynccontextmanager
async def watcher_of(config: Config, sites: Sequence[Declared], sink: FactSink, clock: Clock) -> AsyncIterator[Watcher]:
    """The sensor with all its parts, ready to run."""
    portals, destinations = portals_of(sites), destinations_of(sites)
    how, manner, feeds = looking_of(config), manner_of(config), feeds_of(config.portals, clock)
    policy = Policy(Declared(site="", portals=portals, destinations=destinations))
    store = store_of(config, clock)
    keeper = Keeper(store, config.box.id, config.language)
    async with kit_of(name_server(config.portals.dns), clock, policy, how, keeper=keeper, feeds=feeds) as kit:
        rounds = rounds_of(kit, sink, clock, manner, destinations, store=store)
        memories = Memories(config.state_dir / "portals")
        async with refreshing(feeds, config.language, clock, rounds.put):
            yield Watcher(portals, rounds, memories, clock, manner, dice=random.SystemRandom().random, workers=config.portals.concurrency)


def rounds_of(
    kit: Kit, sink: FactSink, clock: Clock, manner: Manner, destinations: Sequence[Destination], *, crawlers: bool = False, store: Store | None = None
) -> Round:
    """The making of rounds with a kit. `crawlers`: the caller vouches for the owners' consent."""

    async def confirm(row: PortalRow) -> None:
        if store is not None:
            await asyncio.to_thread(portalevidence.confirm, store, row)

    return Round(
        kit.eyes,
        sink,
        clock,
        manner,
        files=kit.daily,
        personas=lambda portal: [persona.id for persona in allowed(portal, crawlers)],
        token=lambda: secrets.token_hex(6),
        destinations=destinations,
        browser=kit.browser,
        confirm=confirm,
    )


@asynccontextmanager
async def refreshing(feeds: Feeds, language: Language, clock: Clock, put: Callable[[AnyFact], AnyFact]) -> AsyncIterator[None]:
    """Takes new lists as people drop them, and tells core how each stands."""

    async def refresh() -> None:
        while True:
            for told in await asyncio.to_thread(feeds.refresh):
                log.warning("%s", told.to(language))
            for state in feeds.states():
                # As with the sensor's heartbeat: at the end of the service nobody may be there to take it.
                with contextlib.suppress(RuntimeError):
                    put(heard_of(state, clock.now()))
            await asyncio.sleep(_FEEDS)

    task = asyncio.create_task(refresh())
    try:
        yield
    finally:
        task.cancel()


def in_thread(config: Config, sites: Sequence[Declared], sink: FactSink, clock: Clock) -> SensorThread:
    """The sensor in a thread of its own."""

    async def watch(stop: asyncio.Event) -> None:
        async with watcher_of(config, sites, sink, clock) as watcher:
            await watcher.run(stop)

    return SensorThread("portals", watch, _ENDED, config.language)
