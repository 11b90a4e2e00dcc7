"""One round at one portal: its errands in turn, what they saw put to core, and what they call for next (a second look, a rendered look, re-checks)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import msgspec

from collector.clock import Clock
from collector.sensors.portals.memory import Memory
from collector.sensors.portals.plan import Errand, Habits, Remembered, plan, sample
from model.declared import Declared
from model.facts import AnyFact
from model.portals.declared import Destination, Portal
from model.portals.rechecks import Recheck, rechecks
from model.portals.rows import PortalRow
from model.ports import FactSink
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM
from model.webfacts import LookFailed, PageLooked, PortalsHeard

# Own scripts and hosts loaded from that are remembered for the daily look at them.
MOST_SCRIPTS = 32
MOST_LOADED = 64
# Pages rendered in a round, and for how long a rendered look stands, ns.
MOST_RENDERED = 3
RENDERED_LATELY = 6 * HOUR
# Where every look at the home page ends like this, further looks would only wait: there is nobody to ask.
_NOBODY_HOME = frozenset({"dns", "connect", "timeout", "refused"})


class Looked(NamedTuple):
    """What one look gave: its fact (without sensor and sequence), how many requests it took, own scripts seen on the page, whether it is worth rendering."""

    fact: PageLooked | LookFailed | None
    requests: int = 1
    own_scripts: tuple[str, ...] = ()
    render: bool = False


class Eyes(Protocol):
    """Whoever makes looks: the visitor, with evidence kept, or the browser."""

    async def look(self, portal: Portal, errand: Errand, round_id: str, attempt: int) -> Looked:
        """One look; every trouble is in its answer."""


Confirm = Callable[[PortalRow], Awaitable[None]]
Files = Callable[[Portal, Memory], Awaitable[tuple[Sequence[AnyFact], int]]]


async def _nothing(_: PortalRow) -> None:
    """Where no evidence is kept, none has to be held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How rounds are made; times in ns, `budgets` requests a day by level."""

    vantage: str = ""
    period_province: int = 30 * MINUTE
    period_commune: int = 6 * HOUR
    jitter: float = 0.1
    habits: Habits = field(default_factory=Habits)
    confirm_after: int = MINUTE
    budget_province: int = 4_000
    budget_commune: int = 1_000
    render: Literal["never", "suspicion", "daily"] = "suspicion"

    def period(self, portal: Portal) -> int:
        """Between two rounds at `portal`."""
        return portal.period or (self.period_province if portal.level == "province" else self.period_commune)

    def budget(self, portal: Portal) -> int:
        """Requests a day at `portal`."""
        return portal.budget or (self.budget_province if portal.level == "province" else self.budget_commune)


@dataclass(slots=True)
class _Making:
    """A round under way: its name, which look at the same thing it is, what is believed of the portal, whether it looks where something was seen.

    Then what came of it: looks due and made, pages rendered, whether anybody answered.
    """

    id: str
    attempt: int
    view: SiteView
    again: bool = False
    due: int = 0
    made: int = 0
    rendered: int = 0
    at_home: bool = False


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
        files: Files,
        personas: Callable[[Portal], Sequence[str]],
        token: Callable[[], str],
        destinations: Sequence[Destination] = (),
        browser: Eyes | None = None,
        confirm: Confirm = _nothing,
        sensor: str = "portals",
    ) -> None:
        """`files` looks at robots.txt, sitemaps, scripts and names once a day; `token` makes path parts nobody knows; `confirm` holds what incidents cite."""
        self._eyes, self._browser = eyes, browser
        self._sink, self._clock, self._manner = sink, clock, manner
        self._files, self._personas, self._token = files, personas, token
        self._destinations = tuple(destinations)
        self._confirm = confirm
        self._sensor = sensor
        self._sequence = 0

    async def make(self, portal: Portal, memory: Memory, *, late: bool = False) -> None:
        """A round, most telling looks first. Once a day with files, names and a sample of pages, unless nobody is at home."""
        now = self._clock.now()
        day = day_of(now)
        daily = memory.daily != day
        memory.rounds += 1
        personas, habits = self._personas(portal), self._manner.habits
        making = _Making(f"{portal.id}/{now // SECOND}", 0, self._scratch(portal, memory))
        errands = plan(portal, personas, _remembered(memory, day), habits, self._token, daily=daily)
        home = [errand for errand in errands if errand.part == "home"]
        await self._go(portal, memory, home, making, render=daily and self._manner.render == "daily")
        if making.at_home:
            await self._go(portal, memory, errands[len(home) :], making)
            if daily:
                await self._daily(portal, memory, day)
                # Only now: what the home page and the sitemaps have just told of can be in it.
                await self._go(portal, memory, sample(portal, personas, _remembered(memory, day), habits), making)
        await self._end(portal, memory, making)
        memory.next_at = now + self._manner.period(portal)
        self.put(self._heard(portal, making, late=late, next_at=memory.next_at))

    async def again(self, portal: Portal, memory: Memory, check: Recheck) -> None:
        """Every persona once more at a place that was not clean: to confirm it, or to see it clean. What only the browser saw, it alone sees again."""
        making = _Making(f"{portal.id}/{self._clock.now() // SECOND}", int(check.confirming), self._scratch(portal, memory), again=True)
        personas = check.personas if check.rendered else self._personas(portal)
        errands = [Errand(check.part, check.url, persona) for persona in personas]
        await (self._show if check.rendered else self._go)(portal, memory, errands, making)
        await self._end(portal, memory, making)

    async def _show(self, portal: Portal, memory: Memory, errands: Sequence[Errand], making: _Making) -> None:
        """Rendered looks alone, within the day's budget."""
        for errand in errands[:MOST_RENDERED]:
            if self._browser is not None and memory.left(day_of(self._clock.now()), self._manner.budget(portal)) > 0:
                await self._look(self._browser, portal, memory, errand, making)

    async def _go(self, portal: Portal, memory: Memory, errands: Sequence[Errand], making: _Making, *, render: bool = False) -> None:
        """Makes the looks, within the day's budget. What they raise is judged as core judges it, to know when to look again."""
        making.due += len(errands)
        for errand in errands:
            if memory.left(day_of(self._clock.now()), self._manner.budget(portal)) <= 0:
                self.put(_no_budget(portal, errand, making.id, self._clock.now()))
                continue
            making.made += 1
            looked = await self._look(self._eyes, portal, memory, errand, making)
            if self._browser is not None and (looked.render or (render and errand == errands[0])) and self._worth_rendering(portal, errand, making):
                making.rendered += 1
                await self._look(self._browser, portal, memory, errand, making)
        memory.looked_at({errand.url for errand in errands})

    def _worth_rendering(self, portal: Portal, errand: Errand, making: _Making) -> bool:
        """A page that was rendered lately is read only, but where looking again is the point: a render takes as many requests as a round."""
        row = making.view.portals.get(portal.id)
        if making.rendered >= MOST_RENDERED or row is None:
            return False
        since = self._clock.now() - RENDERED_LATELY
        held = (watched.look for watched in row.looks.values() if watched.look.value.rendered)
        same = any(each.stamp.at > since and (each.value.persona, each.value.url) == (errand.persona, errand.url) for each in held)
        return making.again or not same

    async def _end(self, portal: Portal, memory: Memory, making: _Making) -> None:
        """Keeps what must be looked at again, and holds its evidence."""
        row = making.view.portals.get(portal.id)
        memory.row = row if row is not None and rechecks(row) else None
        if memory.row is not None:
            await self._confirm(memory.row)

    async def _look(self, eyes: Eyes, portal: Portal, memory: Memory, errand: Errand, making: _Making) -> Looked:
        looked = await eyes.look(portal, errand, making.id, making.attempt)
        memory.spend(day_of(self._clock.now()), looked.requests)
        if looked.fact is None:
            return looked
        fold(making.view, self.put(looked.fact))
        making.at_home |= not (isinstance(looked.fact, LookFailed) and looked.fact.reason in _NOBODY_HOME)
        if isinstance(looked.fact, PageLooked):
            memory.take_pages(looked.fact.pages)
            memory.scripts = list(dict.fromkeys((*memory.scripts, *looked.own_scripts)))[-MOST_SCRIPTS:]
            memory.loaded = list(dict.fromkeys((*memory.loaded, *looked.fact.scripts, *looked.fact.frames)))[-MOST_LOADED:]
        return looked

    def _scratch(self, portal: Portal, memory: Memory) -> SiteView:
        """A view of this portal alone: the sensor may run apart from core, and must know by the same rule what is to be looked at again."""
        view = SiteView(Declared(site="", portals=(portal,), destinations=self._destinations), now=self._clock.now())
        if memory.row is not None:
            view.portals[portal.id] = memory.row
        return view

    async def _daily(self, portal: Portal, memory: Memory, day: int) -> None:
        facts, requests = await self._files(portal, memory)
        memory.spend(day, requests)
        for fact in facts:
            self.put(fact)
        memory.daily = day

    def put(self, fact: AnyFact) -> AnyFact:
        """Hands one fact to core, numbered."""
        self._sequence += 1
        numbered = msgspec.structs.replace(fact, sensor=self._sensor, sequence=self._sequence)
        self._sink.put([numbered])
        return numbered

    def _heard(self, portal: Portal, making: _Making, *, late: bool, next_at: int) -> PortalsHeard:
        overdue = making.due if late else making.due - making.made
        whose = {"at": self._clock.now(), "portal": portal.id, "vantage": self._manner.vantage}
        told = {"due": making.due, "made": making.made, "overdue": overdue, "next_at": next_at, "period": self._manner.period(portal)}
        return PortalsHeard(**whose, **told)  # type: ignore[arg-type] # the fields are its own, by name


def _remembered(memory: Memory, day: int) -> Remembered:
    return Remembered(memory.rounds, day, tuple(memory.pool), tuple(memory.fresh))


def _no_budget(portal: Portal, errand: Errand, round_id: str, at: int) -> LookFailed:
    return LookFailed(at=at, portal=portal.id, round=round_id, persona=errand.persona, part=errand.part, url=errand.url, reason="budget")
