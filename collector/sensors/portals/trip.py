"""One look on its way: the hops made, the answers got, the cookies and the Referer that a browser would carry from each to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from collector.decode.web.url import Url, parse
from collector.sensors.portals.cookies import Jar
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.guard import Guard
from collector.sensors.portals.personas import Arrival, Persona, Site, first_arrival
from model.portals.declared import Portal
from model.portals.hosts import core
from model.webfacts import Hop, HopKind

if TYPE_CHECKING:
    from collector.decode.web.ways import Way

# As the facts have it.
LONGEST: Final = 2048


class Step(NamedTuple):
    """Where to go next, and by what."""

    how: HopKind
    url: str
    arrival: Arrival
    delay: float = 0.0
    folded: str = ""


@dataclass(slots=True, kw_only=True)
class Trip:
    """One look.

    `own`: the portal's host without its fronts; `now`: when it began (ns); `line`: seconds on the line so far; `made`: every answer with what led to it.
    """

    portal: Portal
    persona: Persona
    guard: Guard
    jar: Jar
    own: str
    now: int
    attempt: int = 0
    hops: list[Hop] = field(default_factory=list)
    made: list[tuple[HopKind, Exchange]] = field(default_factory=list)
    line: float = 0.0

    def is_own(self, host: str) -> bool:
        """Whether the host is the portal's."""
        mine = core(host)
        return mine == self.own or any(mine == core(alias) for alias in self.portal.aliases)

    @property
    def away(self) -> bool:
        """Whether the visitor has been sent off the portal's hosts."""
        return len(self.hops) > 1 and not self.is_own(self.hops[-1].host)

    def cookies(self, url: str) -> str:
        """The cookies that go along to `url`."""
        parsed = parse(url)
        return self.jar.header(parsed, self.now) if parsed else ""

    def fetched(self, made: Exchange) -> None:
        """What a page loaded, which is no hop."""
        self.made.append(("script", made))

    def note(self, step: Step, made: Exchange) -> None:
        """A hop that was asked for."""
        self.made.append((step.how, made))
        trouble = made.trouble if made.trouble and (not made.status or not made.tls) else made.tls
        issuer = made.certificate.issuer if made.certificate else ""
        self.hops.append(hop(step, status=made.status, address=made.address, trouble=trouble, issuer=issuer, digest=made.digest))


class Traveller(Protocol):
    """Whoever makes one exchange of a trip within all bounds."""

    async def ask(self, trip: Trip, step: Step) -> Exchange:
        """The exchange; every trouble is a word in it."""

    async def load(self, trip: Trip, step: Step) -> Exchange | None:
        """The same for what a page loads, which is no hop; None where too many wait for its host already."""


def hop(step: Step, **answered: object) -> Hop:
    """The step as the facts have it."""
    parsed = parse(step.url)
    url = step.url[:LONGEST]
    said = {"how": step.how, "url": url, "host": place(parsed), "delay": step.delay, "folded": step.folded}
    return Hop(**{**said, **answered})  # type: ignore[arg-type] # the fields are Hop's own, by name


def place(url: Url | None) -> str:
    """Host, with its port where it is not the scheme's own."""
    if url is None:
        return ""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def first(persona: Persona, url: str) -> Step:
    """The first step of a look."""
    return Step("asked", url, first_arrival(persona))


def moved(step: Step, url: str) -> Step:
    """A 3xx: the browser keeps the Referer of the page before, and knows the way has crossed sites."""
    site = step.arrival.site if step.arrival.site == "none" else _farther(step.arrival.site, _site(step.url, url))
    return Step("http", url, step.arrival._replace(site=site))


def onward(step: Step, way: Way) -> Step:
    """A page sends the visitor on: it is the Referer now, and no person asked."""
    arrival = Arrival(_referer(step.url, way.url), _site(step.url, way.url), asked=False)
    return Step(way.how, way.url, arrival, way.delay, way.folded)


def loaded(url: str, here: str) -> Step:
    """A page at `here` loads a script."""
    return Step("script", url, Arrival(_referer(here, url), _site(here, url), asked=False, use="script"))


def _referer(here: str, there: str) -> str:
    """As browsers send it unless told otherwise (strict-origin-when-cross-origin)."""
    one, other = parse(here), parse(there)
    if one is None or other is None or (one.scheme == "https" and other.scheme != "https"):
        return ""
    if one.origin == other.origin:
        return one._replace(user="", fragment=None).href
    return f"{one.origin}/"


def _site(here: str, there: str) -> Site:
    one, other = parse(here), parse(there)
    if one is None or other is None:
        return "cross-site"
    if one.origin == other.origin:
        return "same-origin"
    related = one.host == other.host or one.host.endswith(f".{other.host}") or other.host.endswith(f".{one.host}")
    return "same-site" if related and one.scheme == other.scheme else "cross-site"


_DISTANCE: Final[tuple[Site, ...]] = ("same-origin", "same-site", "cross-site")


def _farther(one: Site, other: Site) -> Site:
    return max(one, other, key=_DISTANCE.index)
