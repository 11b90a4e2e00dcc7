"""From the address asked for to where a visitor ends: every 3xx, Refresh, and way of a page that needs no click, each through the same guard."""

from __future__ import annotations

from typing import Final, NamedTuple

from collector.decode.web.url import WEB, parse
from collector.decode.web.ways import Way
from collector.sensors.portals import trip as trips
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.foreign import with_scripts
from collector.sensors.portals.reading import Page, choose, elsewhere, location, read
from collector.sensors.portals.trip import Step, Traveller, Trip, hop
from model.webfacts import Failure, Hop

_MOST_OFFERED: Final = 32


class Seen(NamedTuple):
    """A page on the way: the host it stood on, whether that is the portal's own, and what it says."""

    host: str
    own: bool
    page: Page


class Walk(NamedTuple):
    """A look walked to its end. `failed`: why what the visitor would see was not seen, None when it was; `pages` in order, the last is the end."""

    pages: tuple[Seen, ...]
    offered: tuple[Hop, ...]
    failed: Failure | None = None
    detail: str = ""


async def walk(traveller: Traveller, trip: Trip, url: str, most: int) -> Walk:
    """Goes from `url` on, at most `most` hops. Hops and answers are left in `trip`."""
    path = _Path(trip, most)
    step = path.start(trips.first(trip.persona, url))
    while step is not None:
        made = await traveller.ask(trip, step)
        page = read(made) if made.status and location(made) is None else None
        if page is not None and trip.is_own(made.host):
            page = page._replace(reading=await with_scripts(traveller, trip, made.url, page.reading))
        step = path.take(step, made, page)
    return path.end()


class _Path:
    """What was seen and decided so far."""

    def __init__(self, trip: Trip, most: int) -> None:
        self._trip, self._most = trip, most
        self._pages: list[Seen] = []
        self._offered: dict[str, Hop] = {}
        self._been: set[tuple[str, str]] = set()
        self._failed: tuple[Failure, str] | None = None

    def start(self, step: Step) -> Step | None:
        """The first step, noted."""
        return self._next(step)

    def take(self, step: Step, made: Exchange, page: Page | None) -> Step | None:
        """Notes the answer, with its page where it is one; the next step, None at the end."""
        if not made.status:
            return self._stop(step, failure_of(made.trouble), made.detail or made.trouble)
        if (target := location(made)) is not None:
            return self._moved(step, target)
        if page is None:
            return None
        self._pages.append(Seen(trips.place(parse(made.url)), self._trip.is_own(made.host), page))
        return self._onward(step, made, page)

    def end(self) -> Walk:
        """How it came out. Where a visitor is sent away to is what was sought, whether anybody is at home there or not."""
        failed = self._failed
        if failed is not None and self._trip.away and failed[0] not in ("refused", "budget"):
            failed = None
        offered = tuple(self._offered.values())[:_MOST_OFFERED]
        return Walk(tuple(self._pages), offered, *(failed or (None, "")))

    def _moved(self, step: Step, target: str) -> Step | None:
        there = parse(target)
        following = trips.moved(step, target)
        if there is None or there.scheme not in WEB:
            self._offer(following)
            return self._stop(step, "protocol", f"{target[:100]}")
        return self._next(following)

    def _onward(self, step: Step, made: Exchange, page: Page) -> Step | None:
        reading, own = page.reading, self._trip.own
        way = choose(tuple(way for way in reading.ways if not self._seen(way)), made.url, own)
        for other in reading.ways:
            if other is not way:
                self._offer(trips.onward(step, other))
        if (fault := _fault(made, page)) is not None and not elsewhere(reading, made.url, own):
            return self._stop(step, *fault)
        if way is None:
            return None
        following = trips.onward(step, way)
        if way.how == "form" and way.url in page.posts:
            # The visitor is sent there, but what answers a POST is not for us to see.
            self._trip.hops.append(hop(following, trouble="post"))
            return None
        return self._next(following)

    def _seen(self, way: Way) -> bool:
        """A page that sends visitors round in a circle is where they are; only a 3xx must lead somewhere."""
        return any(been == _bare(way.url) for been, _ in self._been)

    def _next(self, step: Step) -> Step | None:
        """The step, unless it leads where the look has been with the same cookies, or there were enough."""
        if len(self._trip.hops) > self._most:
            return self._give_up(step, f"more than {self._most} hops")
        mark = _bare(step.url), self._trip.cookies(step.url)
        if mark in self._been:
            return self._give_up(step, "a circle")
        self._been.add(mark)
        return step

    def _give_up(self, step: Step, why: str) -> Step | None:
        self._trip.hops.append(hop(step, trouble="loop"))
        return self._stop(step, "loop", why)

    def _stop(self, step: Step, reason: Failure, detail: str) -> Step | None:
        # Where a frame within a page fails, the page around it was seen all the same.
        if step.how != "frame" or not self._pages:
            self._failed = (reason, detail)
        return None

    def _offer(self, step: Step) -> None:
        self._offered.setdefault(step.url, hop(step))


def _bare(url: str) -> str:
    return url.partition("#")[0]


_FAILURES: Final[dict[str, Failure]] = {
    "dns": "dns",
    "connect": "connect",
    "timeout": "timeout",
    "budget": "budget",
    "tls:handshake": "tls",
    "too_large": "too_large",
    "bomb": "too_large",
}


def failure_of(trouble: str) -> Failure:
    """The reason of a failed look for an exchange's trouble."""
    return "refused" if trouble.startswith("refused:") else _FAILURES.get(trouble, "protocol")


def _fault(made: Exchange, page: Page) -> tuple[Failure, str] | None:
    """Why the page is not what a visitor sees, as far as that can be told; a page longer than was taken is still a page."""
    if page.obstacle is not None:
        return page.obstacle.reason, page.obstacle.what
    if made.trouble and made.trouble != "too_large" and (made.trouble != "protocol" or not made.body):
        return failure_of(made.trouble), made.detail or made.trouble
    return None
