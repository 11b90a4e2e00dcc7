"""The visitor: all that looks share (guard, pace, connections, what is remembered for a moment) and one exchange within all bounds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from collector.clock import Clock
from collector.decode.web.url import Url, parse
from collector.sensors.portals import personas
from collector.sensors.portals import trip as trips
from collector.sensors.portals.client import Client, port_of
from collector.sensors.portals.cookies import Jar
from collector.sensors.portals.exchange import Asked, Exchange, Method, exchange
from collector.sensors.portals.guard import Guard, RefusedAddress, Resolver
from collector.sensors.portals.limits import Limits
from collector.sensors.portals.pacing import AT_ONCE, GAP, Budget, Pacing, Sleep, Turn
from collector.sensors.portals.personas import Persona
from collector.sensors.portals.reading import location
from collector.sensors.portals.recent import Recent
from collector.sensors.portals.trip import Step, Trip
from model.portals.declared import Portal
from model.portals.hosts import core, host_of

# A foreign answer stands for other looks' so long, seconds: a first look's, and a confirming look's.
_SHARED: Final = (300.0, 30.0)
# A script's host at which so many wait is asked by others a while later: thousands of portals may load from one.
_CROWD: Final = 16
_MOST_JARS: Final = 12_000
# Redirects of a single file (robots.txt, a sitemap, a script) that are followed.
_MOVES: Final = 5


@dataclass(slots=True)
class Counts:
    """What was done so far; refusals are counted by the guard."""

    looks: int = 0
    requests: int = 0
    bytes: int = 0
    shared: int = 0


class Visitor:
    """Makes exchanges for looks. Async context manager; one a process.

    `allow`: prefixes let through for every portal; `authorities`: a PEM file trusted besides the system's; `contact`: where the watcher can be asked, said
    by the plain desktop persona; `budget`: the most requests a day at a portal, 0 for no bound.
    """

    def __init__(
        self,
        resolver: Resolver,
        clock: Clock,
        *,
        allow: Sequence[str] = (),
        vantage: str = "",
        limits: Limits | None = None,
        gap: float = GAP,
        at_once: int = AT_ONCE,
        sleep: Sleep = asyncio.sleep,
        authorities: str = "",
        contact: str = "",
        budget: Callable[[Portal], int] = lambda _: 0,
    ) -> None:
        self.guard = Guard(resolver, allow)
        self.clock, self.vantage = clock, vantage
        self.limits = limits or Limits()
        self.pacing = Pacing(clock, gap=gap, at_once=at_once, sleep=sleep)
        self.counts = Counts()
        self._client = Client(self.limits, authorities)
        self._contact = contact
        self._most, self._budget = budget, Budget(clock)
        self._recent = Recent()
        self._jars: OrderedDict[str, Jar] = OrderedDict()
        self._reading = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.__aexit__()

    def trip(self, portal: Portal, persona: Persona, attempt: int = 0) -> Trip:
        """A look about to begin; the portal's own prefixes are let through for it alone. Raises ValueError for what is no prefix."""
        if self._contact and persona.id == "desktop":
            persona = personas.telling(persona, self._contact)
        jar = self._jar(portal) if persona.returning else Jar()
        guard, own = self.guard.allowing(portal.allow), core(host_of(portal.url))
        return Trip(portal=portal, persona=persona, guard=guard, jar=jar, own=own, now=self.clock.now(), attempt=attempt)

    async def fetch(self, portal: Portal, url: str, persona: Persona = personas.PERSONAS["desktop"], method: Method = "GET") -> Exchange:
        """One file of a portal (robots.txt, a sitemap, a script), its redirects followed; the last answer. Every trouble is a word in it."""
        trip = self.trip(portal, persona)
        step = trips.first(persona, url)
        made = await self.ask(trip, step, method)
        for _ in range(_MOVES):
            if (target := location(made)) is None:
                break
            step = trips.moved(step, target)
            made = await self.ask(trip, step, method)
        return made

    async def ask(self, trip: Trip, step: Step, method: Method = "GET") -> Exchange:
        """One exchange of a look, in its turn at the host, to an address that was checked. Notes the hop. Every trouble is a word in it."""
        made = await self._made(trip, step, method)
        trip.note(step, made)
        await self._calm()
        return made

    async def _calm(self) -> None:
        """Lets one look at a time go on to read what it was answered, and the line be served in between.

        Hundreds of answers that came at once would else be read in one go, and names and connections of other looks run out of time meanwhile.
        """
        async with self._reading:
            await asyncio.sleep(0)

    async def load(self, trip: Trip, step: Step) -> Exchange | None:
        """A script that a page loads, by the same rules; None where too many wait for its host already."""
        url = parse(step.url)
        if url is None or self.pacing.crowded(url.host, _CROWD):
            return None
        made = await self._made(trip, step, "GET")
        trip.fetched(made)
        return made

    async def _made(self, trip: Trip, step: Step, method: Method) -> Exchange:
        url = parse(step.url)
        if url is None or url.scheme not in ("http", "https"):
            made = Exchange(url=step.url, host="", at=self.clock.now(), trouble="protocol", detail="no address of the web")
        elif trip.line >= self.limits.looking:
            made = self._unasked(url, "timeout", "the look took too long")
        else:
            made = await self._in_turn(trip, step, url, method)
        trip.line += 0.0 if made.shared else made.took
        return made

    async def _in_turn(self, trip: Trip, step: Step, url: Url, method: Method) -> Exchange:
        own = trip.is_own(url.host)
        key = f"{trip.persona.id} {method}", url.href
        async with self.pacing.turn(url.host) as turn:
            found = None if own else self._recent.find(key, self.clock.now(), _SHARED[min(trip.attempt, 1)])
            if found is not None:
                self.counts.shared += 1
                return found
            made = await self._checked(trip, step, url, method, turn)
        trip.jar.take(url, made.lines("set-cookie"), self.clock.now())
        if not own:
            self._recent.keep(key, made)
        return made

    async def _checked(self, trip: Trip, step: Step, url: Url, method: Method, turn: Turn) -> Exchange:
        """Guard and budget, then the request: nothing is asked of an address that was not let through."""
        try:
            trip.guard.port(url.host, port_of(url))
            addresses = await trip.guard.addresses(url.host)
        except RefusedAddress as refused:
            return self._unasked(url, f"refused:{refused.why}", str(refused), refused.address)
        except OSError as error:
            return self._unasked(url, "dns", " ".join(str(error).split())[:200])
        if not self._budget.spend(trip.portal.id, self._most(trip.portal)):
            return self._unasked(url, "budget", "the day's requests are spent")
        turn.begin()
        lines = personas.headers(trip.persona, trips.place(url), step.arrival, secure=url.scheme == "https", cookie=trip.cookies(step.url))
        made = await exchange(self._client, Asked(url, addresses, tuple(lines), method), self.limits, self.clock)
        self.counts.requests += 1
        self.counts.bytes += len(made.answered) + len(made.sent)
        return made

    def _unasked(self, url: Url, trouble: str, detail: str, address: str = "") -> Exchange:
        return Exchange(url=url.href, host=url.host, at=self.clock.now(), trouble=trouble, detail=detail, address=address)

    def _jar(self, portal: Portal) -> Jar:
        """The returning visitor's cookies of earlier looks; portals not looked at for longest lose theirs."""
        jar = self._jars.setdefault(portal.id, Jar())
        self._jars.move_to_end(portal.id)
        while len(self._jars) > _MOST_JARS:
            self._jars.popitem(last=False)
        return jar
