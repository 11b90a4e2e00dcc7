"""One round at one portal: its errands in turn, what they saw put to core, and what they call for next (a second look, a rendered look, re-checks)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from collector.clock import Clock
from collector.sensors.portals.memory import Memory
from collector.sensors.portals.plan import Errand, Habits, Remembered, plan
from model.facts import AnyFact
from model.portals.declared import Portal
from model.ports import FactSink
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM
from model.webfacts import LookFailed, PageLooked, PortalsHeard

log = logging.getLogger(__name__)


class Looked(NamedTuple):
    """What one look gave: its fact (without sensor and sequence), how many requests it took, and own scripts seen on the page."""

    fact: PageLooked | LookFailed
    requests: int = 1
    own_scripts: tuple[str, ...] = ()


class Eyes(Protocol):
    """Whoever makes looks: the visitor, with evidence kept, or the browser."""

    async def look(self, portal: Portal, errand: Errand, round_id: str, attempt: int) -> Looked:
        """One look; every trouble is in its answer."""


class Wanted(NamedTuple):
    """What a look calls for: the same again by another connection, a rendered look, nothing."""

    again: bool = False
    render: bool = False


Suspect = Callable[[Portal, PageLooked], Wanted]
Files = Callable[[Portal, Memory, str], Awaitable[tuple[Sequence[AnyFact], int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How rounds are made; times in ns, `budgets` requests a day by level."""

    vantage: str = ""
    period_province: int = 30 * MINUTE
    period_commune: int = 6 * HOUR
    jitter: float = 0.1
    habits: Habits = field(default_factory=Habits)
    confirm_after: int = MINUTE
    rechecks: tuple[int, ...] = (HOUR, 6 * HOUR, DAY, 7 * DAY)
    budget_province: int = 2_000
    budget_commune: int = 400

    def period(self, portal: Portal) -> int:
        """Between two rounds at `portal`."""
        return portal.period or (self.period_province if portal.level == "province" else self.period_commune)

    def budget(self, portal: Portal) -> int:
        """Requests a day at `portal`."""
        return portal.budget or (self.budget_province if portal.level == "province" else self.budget_commune)


def day_of(at: int) -> int:
    """The number of the day in Viet Nam that `at` is in."""
    return (at + int(VIETNAM.utcoffset(None).total_seconds()) * SECOND) // DAY


class Round:
    """The making of rounds; holds nothing of a portal but what `Memory` keeps."""

    def __init__(
        self,
        eyes: Eyes,
        sink: FactSink,
        clock: Clock,
        manner: Manner,
        *,
        suspect: Suspect,
        files: Files,
        personas: Callable[[Portal], Sequence[str]],
        token: Callable[[], str],
        browser: Eyes | None = None,
        sensor: str = "portals",
    ) -> None:
        self._eyes, self._browser = eyes, browser
        self._sink, self._clock, self._manner = sink, clock, manner
        self._suspect, self._files, self._personas, self._token = suspect, files, personas, token
        self._sensor = sensor
        self._sequence = 0

    async def make(self, portal: Portal, memory: Memory, *, late: bool = False) -> list[Errand]:
        """A round, most telling looks first; the errands that ask for a second look."""
        now = self._clock.now()
        day = day_of(now)
        daily = memory.daily != day
        errands = plan(portal, self._personas(portal), Remembered(memory.rounds, day, tuple(memory.pool)), self._manner.habits, self._token, daily=daily)
        round_id = f"{portal.id}/{now // SECOND}"
        memory.rounds += 1
        made, again = 0, []
        for errand in errands:
            if memory.left(day, self._manner.budget(portal)) <= 0:
                self.put(_no_budget(portal, errand, round_id, self._clock.now()))
                continue
            made += 1
            if await self._errand(portal, memory, errand, round_id):
                again.append(errand)
        if daily:
            await self._daily(portal, memory, round_id, day)
        memory.next_at = now + self._manner.period(portal)
        self.put(self._heard(portal, due=len(errands), made=made, overdue=len(errands) - made + (len(errands) if late else 0), next_at=memory.next_at))
        return again

    async def confirm(self, portal: Portal, memory: Memory, errand: Errand, attempt: int) -> bool:
        """A second look at what one look made suspicious; whether it still is."""
        return await self._errand(portal, memory, errand, f"{portal.id}/{self._clock.now() // SECOND}", attempt)

    async def _errand(self, portal: Portal, memory: Memory, errand: Errand, round_id: str, attempt: int = 0) -> bool:
        looked = await self._eyes.look(portal, errand, round_id, attempt)
        memory.spend(day_of(self._clock.now()), looked.requests)
        self.put(looked.fact)
        if not isinstance(looked.fact, PageLooked):
            return False
        memory.take_pages(looked.fact.pages)
        memory.scripts = list(dict.fromkeys((*memory.scripts, *looked.own_scripts)))[-32:]
        memory.loaded = list(dict.fromkeys((*memory.loaded, *looked.fact.scripts, *looked.fact.frames)))[-64:]
        wanted = self._suspect(portal, looked.fact)
        if wanted.again:
            self._suspected(memory)
        if wanted.render and self._browser is not None:
            await self._rendered(portal, memory, errand, round_id, attempt)
        return wanted.again

    async def _rendered(self, portal: Portal, memory: Memory, errand: Errand, round_id: str, attempt: int) -> None:
        if self._browser is None:
            return
        looked = await self._browser.look(portal, errand, round_id, attempt)
        memory.spend(day_of(self._clock.now()), looked.requests)
        self.put(looked.fact)
        if isinstance(looked.fact, PageLooked) and self._suspect(portal, looked.fact).again:
            self._suspected(memory)

    def _suspected(self, memory: Memory) -> None:
        """The incident stays open until it was seen clean at each of these times; what is due anyway may come first."""
        now = self._clock.now()
        memory.rechecks = sorted({now + after for after in self._manner.rechecks})

    async def _daily(self, portal: Portal, memory: Memory, round_id: str, day: int) -> None:
        facts, requests = await self._files(portal, memory, round_id)
        memory.spend(day, requests)
        for fact in facts:
            self.put(fact)
        memory.daily = day

    def put(self, fact: AnyFact) -> None:
        """Hands one fact to core, numbered."""
        self._sequence += 1
        self._sink.put([msgspec.structs.replace(fact, sensor=self._sensor, sequence=self._sequence)])

    def _heard(self, portal: Portal, *, due: int, made: int, overdue: int, next_at: int) -> PortalsHeard:
        return PortalsHeard(at=self._clock.now(), portal=portal.id, vantage=self._manner.vantage, due=due, made=made, overdue=overdue, next_at=next_at)


def _no_budget(portal: Portal, errand: Errand, round_id: str, at: int) -> LookFailed:
    return LookFailed(at=at, portal=portal.id, round=round_id, persona=errand.persona, part=errand.part, url=errand.url, reason="budget")
