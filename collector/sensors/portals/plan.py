"""Where a round looks: the home page as everybody, a few other places as some, and once a day where nobody but a search engine would.

The dirt is seldom on the home page: reported cases sat on branch pages, behind made-up paths (a 404 that forwards), and behind the query
shapes of doorway kits (research of finding 4). All of it is ordinary GETs, within a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from collector.decode.web.url import host_of, join
from model.portals.declared import Portal
from model.webfacts import Part

# Query shapes seen on injected government sites; the value is what a searcher of such pages would have clicked.
QUERIES = ("?daftar=slot", "?slot=gacor", "?id=slot88", "?products=toto", "?tunnel=slot", "?jackpot=1", "?p=nha-cai", "?q=tai-xiu")
# Declared pages looked at in one round; the others have their turn in the next.
PAGES_A_ROUND = 4


class Errand(NamedTuple):
    """One look to make."""

    part: Part
    url: str
    persona: str


class Habits(NamedTuple):
    """How much is looked at a day: sampled pages, made-up paths, query shapes."""

    samples: int = 20
    missing: int = 2
    queries: int = 2


class Remembered(NamedTuple):
    """What a plan needs to know of earlier rounds: how many there were, the day's number, addresses worth a sample, those of them nobody looked at yet."""

    rounds: int = 0
    day: int = 0
    pool: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()


def plan(portal: Portal, personas: Sequence[str], remembered: Remembered, habits: Habits, token: Callable[[], str], *, daily: bool) -> tuple[Errand, ...]:
    """What a round begins with, most telling first. `daily`: the first round of a day; `token` makes a path part that nobody can know."""
    home = [Errand("home", portal.url, persona) for persona in personas]
    if not daily:
        return (*home, *_declared(portal, personas, remembered))
    return (
        *home,
        *_declared(portal, personas, remembered),
        *_missing(portal, personas, habits, token),
        *_queries(portal, personas, remembered, habits),
    )


def sample(portal: Portal, personas: Sequence[str], remembered: Remembered, habits: Habits) -> tuple[Errand, ...]:
    """What a day's first round ends with: pages that the looks before, and the sitemaps, have told of. Up to half of them nobody looked at yet."""
    own = host_of(portal.url)
    mine = [url for url in remembered.pool if host_of(url) == own or host_of(url) in portal.aliases]
    fresh = [url for url in remembered.fresh if url in set(mine)][: habits.samples // 2]
    known = [url for url in mine if url not in set(fresh)]
    chosen = [*fresh, *_turn(known, remembered.day * (habits.samples - len(fresh)), habits.samples - len(fresh))]
    # Each page as two kinds of visitor; over the days all of them have their turn at it.
    return tuple(Errand("sample", url, persona) for n, url in enumerate(chosen) for persona in _turn(personas, remembered.day + 2 * n, 2))


def _declared(portal: Portal, personas: Sequence[str], remembered: Remembered) -> list[Errand]:
    pages = _turn([join(portal.url, page) for page in portal.pages], remembered.rounds * PAGES_A_ROUND, PAGES_A_ROUND)
    return [Errand("declared", page, persona) for page in pages for persona in _some(personas)]


def _missing(portal: Portal, personas: Sequence[str], habits: Habits, token: Callable[[], str]) -> list[Errand]:
    # One below the root and one where articles would be: kits answer for whole folders, rewrite rules for everything.
    shapes = ("/{}", "/tin-tuc/{}.html", "/{}/", "/bai-viet/{}.aspx")
    paths = [join(portal.url, shapes[n % len(shapes)].format(token())) for n in range(habits.missing)]
    return [Errand("missing", path, persona) for path in paths for persona in _some(personas)]


def _queries(portal: Portal, personas: Sequence[str], remembered: Remembered, habits: Habits) -> list[Errand]:
    found = _turn(QUERIES, remembered.day * habits.queries, habits.queries)
    searchers = [persona for persona in personas if persona.startswith(("search", "crawler"))] or list(personas[:1])
    return [Errand("query", join(portal.url, query), searchers[n % len(searchers)]) for n, query in enumerate(found)]


def _some(personas: Sequence[str]) -> tuple[str, ...]:
    """The kinds of visitor that see most of what is hidden from others."""
    telling = tuple(persona for persona in ("desktop", "mobile", "search_google", "crawler_google") if persona in personas)
    return telling or tuple(personas[:2])


def _turn(of: Sequence[str], start: int, count: int) -> list[str]:
    """`count` items from `start` on, round and round, each at most once."""
    if not of:
        return []
    first = start % len(of)
    return list(islice((of[(first + n) % len(of)] for n in range(len(of))), count))
