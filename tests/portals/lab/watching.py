"""The watcher at work in the small internet: its own rounds at every portal of a case, confirmed, and judged by the engine with all detectors.

Only time is made: rounds, second looks after a minute and again after ten are the sensor's own, without the waiting in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from collector.clock import SystemClock
from collector.engine import Engine
from collector.registry import build_all
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.daily import Daily
from collector.sensors.portals.eyes import Keeper, VisitorEyes
from collector.sensors.portals.memory import Memory
from collector.sensors.portals.personas import PERSONAS, allowed
from collector.sensors.portals.plan import QUERIES, Habits
from collector.sensors.portals.rendering import BrowserEyes
from collector.sensors.portals.resolver import DnsResolver
from collector.sensors.portals.rounds import Manner, Round
from collector.sensors.portals.visitor import Visitor
from model.declared import Declared
from model.facts import AnyFact
from model.ledger import Finding
from model.portals.declared import Destination, Portal
from model.portals.policy import Policy
from model.portals.rechecks import Recheck, rechecks
from model.portals.suspicion import suspicions
from model.site import SiteView
from model.times import MINUTE, SECOND
from model.verdict import Outcome, Verdict
from model.webfacts import LookFailed, PageLooked
from tests.portals.lab.case import Found
from tests.portals.lab.internet import Internet

# A Sunday morning in Viet Nam, late in November 2026: the national portal is lawful, the test certificates hold.
START = 1_795_312_800 * SECOND
# When rounds are made, counted from the first: the confirming looks fall in between.
ROUNDS = (0, 11 * MINUTE)
CONFIRMING = 61 * SECOND
# Portals looked at side by side; more only makes them wait for two cores.
AT_ONCE = 12
PLACES = 2


class SetClock(SystemClock):
    """Time stands still until a test moves it; intervals on the line are real."""

    at = START

    def now(self) -> int:
        return self.at


@dataclass
class Watched:
    """What came of watching one case. `sighted`: for each rule, who ever saw what it speaks of, every host or word told, and where."""

    found: Found
    engine: Engine
    facts: list[AnyFact] = field(default_factory=list)
    sighted: dict[str, set[str]] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    dirty: dict[str, set[str]] = field(default_factory=dict)

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Takes the sensor's facts as core does."""
        for fact in facts:
            self.facts.append(fact)
            self.engine.take(fact)
            if isinstance(fact, PageLooked | LookFailed):
                self._saw(fact)
        self._note()
        return len(facts)

    def _saw(self, fact: PageLooked | LookFailed) -> None:
        """What the look says by itself: an incident does not keep everybody."""
        policy = Policy(self.engine.view.declared)
        for raised in suspicions(policy.portal(fact.portal), policy, fact):
            if raised.serious:
                self.sighted.setdefault(raised.detector, set()).add(fact.persona)
                self.dirty.setdefault(raised.detector, set()).add(fact.url)

    def _note(self) -> None:
        for row in self.engine.view.portals.values():
            for detector, incident in row.incidents.items():
                self.sighted.setdefault(detector, set()).update(seen.persona for seen in incident.seen.values() if seen.persona)
                for seen in incident.seen.values():
                    sight = seen.told.value
                    self.told.setdefault(detector, set()).update((sight.host, sight.end, *sight.hosts, sight.value))
                    self.dirty.setdefault(detector, set()).add(sight.url)

    @property
    def findings(self) -> list[Finding]:
        """What the three rules found, worst first."""
        own = [finding for (detector, _), finding in self.engine.findings.items() if detector.startswith("VG-WEB")]
        return sorted(own, key=lambda finding: -finding.severity.rank)

    @property
    def verdicts(self) -> list[Verdict]:
        """The last word of each rule on each portal of the case."""
        return [verdict for (detector, _), verdict in self.engine.verdicts.items() if detector.startswith("VG-WEB")]

    def told_of(self, detector: str) -> list[str]:
        """Hosts and words that the rule's incidents tell of."""
        return sorted(word for word in self.told.get(detector, ()) if word)

    def lookers(self, detector: str) -> set[str]:
        """Who looked at an address where the rule saw something."""
        return {fact.persona for fact in (*self.looks, *self.failed) if fact.url in self.dirty.get(detector, ())}

    @property
    def looks(self) -> list[PageLooked]:
        """Looks that saw a page."""
        return [fact for fact in self.facts if isinstance(fact, PageLooked)]

    @property
    def failed(self) -> list[LookFailed]:
        """Looks that did not."""
        return [fact for fact in self.facts if isinstance(fact, LookFailed)]

    def unclear(self) -> bool:
        """Whether any rule said that it cannot know."""
        return any(verdict.outcome is Outcome.UNKNOWN for verdict in self.verdicts)


@dataclass
class Place:
    """One portal of a case: its declaration, its memory, the rounds made at it."""

    portal: Portal
    memory: Memory
    rounds: Round


class Watching:
    """Watches cases through one visitor. Call within `internet.inside()`."""

    def __init__(self, internet: Internet, visitor: Visitor, clock: SetClock, browser: Browser | None = None) -> None:
        self._visitor, self._clock, self._browser = visitor, clock, browser
        self._daily = Daily(visitor, DnsResolver(internet.dns), clock)
        self._tokens = itertools.count(7_301)

    async def watch(self, cases: Sequence[Found]) -> dict[str, Watched]:
        """All the cases, in step."""
        watched = {found.id: Watched(found, Engine(SiteView(declared_of(found), now=START), build_all())) for found in cases}
        places = [place for each in watched.values() for place in self._places(each)]
        for start in ROUNDS:
            self._move(watched, START + start)
            await self._all(place.rounds.make(place.portal, place.memory) for place in places)
            self._move(watched, START + start + CONFIRMING)
            await self._all(self._again(place) for place in places)
        self._move(watched, self._clock.at + SECOND)
        return watched

    def _move(self, watched: dict[str, Watched], to: int) -> None:
        self._clock.at = to
        for each in watched.values():
            each.engine.tick(to)

    async def _all(self, jobs: Iterator) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(job) -> None:
            async with room:
                await job

        await asyncio.gather(*(one(job) for job in list(jobs)))

    async def _again(self, place: Place) -> None:
        """The second looks that are due by now, each place once; where everything is dirty, two places stand for all."""
        due = [check for check in _rechecks(place) if check.at <= self._clock.at]
        once = list({(check.part, check.url, check.rendered): check for check in due}.values())
        for check in [*[check for check in once if not check.rendered][:PLACES], *[check for check in once if check.rendered][:PLACES]]:
            # As the sensor does: what another look has confirmed meanwhile is not asked for again.
            if check in _rechecks(place):
                await place.rounds.again(place.portal, place.memory, check)

    def _places(self, watched: Watched) -> Iterator[Place]:
        found = watched.found
        known = declared_of(found)
        policy = Policy(known)
        queries = len(QUERIES) if any(visit.part == "query" for visit in found.case.visit) else 1
        pool = [f"{_scheme(found, visit.host)}://{visit.host or found.case.hosts[0]}{visit.path}" for visit in found.case.visit if visit.part == "sample"]
        rendered = found.case.expect.rendered
        manner = Manner(vantage="lab", render="daily" if rendered else "never", habits=Habits(samples=2 * len(pool), missing=1, queries=queries))
        for portal in known.portals or ():
            eyes = VisitorEyes(self._visitor, policy, Keeper(None))
            mine = pool if portal.id == found.case.hosts[0] else []
            # As if a sitemap had told of them this morning: what is new has its turn first, and as many others beside it.
            memory = Memory(portal=portal.id, pool=list(mine), fresh=list(mine))
            yield Place(
                portal,
                memory,
                Round(
                    eyes,
                    watched,
                    self._clock,
                    manner,
                    files=self._daily,
                    personas=_rendered_as if rendered else _all_allowed,
                    token=lambda: f"kiem-tra-{next(self._tokens)}",
                    destinations=known.destinations,
                    browser=self._rendering(policy) if rendered else None,
                ),
            )

    def _rendering(self, policy: Policy) -> BrowserEyes | None:
        return BrowserEyes(self._browser, self._visitor.guard, self._clock, policy, Keeper(None), vantage="lab") if self._browser else None


def _rechecks(place: Place) -> Sequence[Recheck]:
    return rechecks(place.memory.row) if place.memory.row else ()


def _all_allowed(portal: Portal) -> list[str]:
    return [persona.id for persona in allowed(portal)]


def _rendered_as(portal: Portal) -> list[str]:
    """A render takes seconds: as many personas as the sensor renders for by itself."""
    return ["desktop", "mobile"]


def declared_of(found: Found) -> Declared:
    """The case's portals as their owner would declare them; crawlers' looks are agreed to."""
    case = found.case
    pages = tuple(visit.path if not visit.host else f"https://{visit.host}{visit.path}" for visit in case.visit if visit.part == "declared")
    first = Portal(
        id=case.hosts[0],
        url=f"{_scheme(found, '')}://{case.hosts[0]}/",
        name=case.name,
        level=case.level,
        aliases=case.aliases,
        pages=pages,
        crawlers=True,
        vendor=case.vendor,
    )
    others = tuple(Portal(id=host, url=f"https://{host}/", name=case.host[host].name, crawlers=True, vendor=case.vendor) for host in case.portals)
    lawful = tuple(Destination(host=entry.host, portal=case.hosts[0], subdomains=entry.subdomains, owner="lab", why=entry.why) for entry in case.lawful)
    return Declared(site="lab", portals=(first, *others), destinations=lawful)


def _scheme(found: Found, host: str) -> str:
    return "http" if found.case.scheme == "http" and host in {"", found.case.hosts[0]} else "https"


def visitor_of(internet: Internet, clock: SetClock) -> Visitor:
    """The product's visitor, asking the internet's name server; no waiting between requests, for the portals are ours."""
    return Visitor(DnsResolver(internet.dns), clock, vantage="lab", gap=0.0, authorities=str(internet.authority))


async def watch_all(internet: Internet, cases: Sequence[Found]) -> dict[str, Watched]:
    """All cases in step, through one visitor. Call within `internet.inside()`."""
    clock = SetClock()
    async with contextlib.AsyncExitStack() as stack:
        visitor = await stack.enter_async_context(visitor_of(internet, clock))
        rendered = any(found.case.expect.rendered for found in cases)
        browser = await stack.enter_async_context(Browser(clock)) if rendered else None
        return await Watching(internet, visitor, clock, browser).watch(cases)


def everybody(found: Found) -> set[str]:
    """The personas that a case's attack must be seen by."""
    named = found.case.expect.personas
    return set(PERSONAS) if "all" in named else set(named)
