"""One check of portals now: every persona, all the places of a day's first round, judged by the same rules as on a box; nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from collector.clock import Clock
from collector.engine import Engine
from collector.portals import Kit, Looking, kit_of, rounds_of
from collector.sensors.portals.eyes import Keeper
from collector.sensors.portals.memory import Memory
from collector.sensors.portals.plan import Habits
from collector.sensors.portals.resolver import NameServer
from collector.sensors.portals.rounds import Manner, Round
from model.declared import Declared
from model.detector import Detector
from model.facts import AnyFact
from model.ledger import Change
from model.portals.declared import Destination, Portal
from model.portals.policy import Policy
from model.portals.rechecks import Recheck, rechecks
from model.site import SiteView
from model.times import SECOND
from model.verdict import Grade, Outcome, Verdict
from model.webfacts import LookFailed, PageLooked

Look = PageLooked | LookFailed

# Portals checked side by side: each takes a minute, nearly all of it waiting between two requests.
AT_ONCE = 16
# Somebody waits for the answer: a few pages of the sample, not a night's.
MANNER = Manner(habits=Habits(samples=6))


class Checked(NamedTuple):
    """What came of one portal: its looks in the order they were made, the verdicts of the page detectors, findings as they stand, what is lawful."""

    portal: Portal
    looks: tuple[Look, ...]
    verdicts: tuple[Verdict, ...]
    findings: tuple[Change, ...]
    policy: Policy

    @property
    def seen(self) -> bool:
        """Whether any look saw anything."""
        return any(isinstance(look, PageLooked) for look in self.looks)

    @property
    def unconfirmed(self) -> bool:
        """Whether something was found that another look could make surer."""
        return any(verdict.outcome is Outcome.VIOLATION and verdict.grade is Grade.LIKELY for verdict in self.verdicts)

    @property
    def worst(self) -> Verdict | None:
        """The gravest violation."""
        violations = [verdict for verdict in self.verdicts if verdict.outcome is Outcome.VIOLATION]
        return max(violations, key=lambda verdict: verdict.severity.rank, default=None)


class Check:
    """The check of one portal after another. `detectors`: those that judge portals; `told` hears of each look as it is made."""

    def __init__(self, kit: Kit, clock: Clock, detectors: Sequence[Detector], destinations: Sequence[Destination], told: Callable[[Look], None]) -> None:
        self._kit, self._clock, self._detectors = kit, clock, detectors
        self._destinations, self._told = tuple(destinations), told

    async def portal(self, portal: Portal, *, crawlers: bool, confirm: float) -> Checked:
        """All personas at all places of a first round; `confirm`: seconds after which what was not clean is looked at again, 0 for not."""
        declared = Declared(site="watch", portals=(portal,), destinations=self._destinations)
        engine = Engine(SiteView(declared, now=self._clock.now()), self._detectors)
        looks: list[Look] = []
        await visited(rounds_of(self._kit, _Into(engine, looks, self._told), self._clock, MANNER, self._destinations, crawlers=crawlers), portal, confirm)
        engine.tick(self._clock.now())
        verdicts = tuple(verdict for verdict in engine.verdicts.values() if verdict.subject.id == portal.id)
        return Checked(portal, tuple(looks), verdicts, tuple(engine.standing()), Policy(declared))


async def visited(rounds: Round, portal: Portal, confirm: float) -> None:
    """All personas at all places of a first round; `confirm`: seconds after which what was not clean is looked at again, 0 for not."""
    memory = Memory(portal=portal.id)
    await rounds.make(portal, memory)
    if confirm and (waiting := _unconfirmed(memory)):
        await asyncio.sleep(confirm)
        for check in waiting:
            await rounds.again(portal, memory, check)


def _unconfirmed(memory: Memory) -> Sequence[Recheck]:
    """The places that a second look is wanted at, each once."""
    found = rechecks(memory.row) if memory.row is not None else ()
    return tuple({(check.part, check.url, check.rendered): check for check in found if check.confirming}.values())


class _Into:
    """Facts straight into an engine (model.ports.FactSink)."""

    def __init__(self, engine: Engine, looks: list[Look], told: Callable[[Look], None]) -> None:
        self._engine, self._looks, self._told = engine, looks, told

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Judges each fact at once."""
        for fact in facts:
            self._engine.tick(fact.at)
            self._engine.take(fact)
            if isinstance(fact, PageLooked | LookFailed):
                self._looks.append(fact)
                self._told(fact)
        return len(facts)


async def check_all(
    portals: Sequence[Portal],
    names: NameServer,
    clock: Clock,
    detectors: Sequence[Detector],
    how: Looking,
    destinations: Sequence[Destination] = (),
    *,
    crawlers: bool = False,
    confirm: float = 0.0,
    told: Callable[[Look], None] = lambda _: None,
    done: Callable[[Checked], None],
) -> None:
    """Checks the portals, some at once; `done` hears of each, in their order."""
    policy = Policy(Declared(site="watch", portals=tuple(portals), destinations=tuple(destinations)))
    async with kit_of(names, clock, policy, how, keeper=Keeper(None, language=how.language)) as kit, asyncio.TaskGroup() as group:
        check, room = Check(kit, clock, detectors, destinations, told), asyncio.Semaphore(AT_ONCE)

        async def one(portal: Portal) -> Checked:
            async with room:
                return await check.portal(portal, crawlers=crawlers, confirm=confirm)

        for task in [group.create_task(one(portal)) for portal in portals]:
            done(await task)


def portal_of(url: str, host: str) -> Portal:
    """A portal nobody declared, by its address."""
    return Portal(id=host, url=url, name=host)


def confirm_after() -> float:
    """How long a confirming look waits, seconds."""
    return MANNER.confirm_after / SECOND
