"""One look: a persona goes to an address of a portal, and what it saw becomes a fact."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice
from typing import Final, NamedTuple

import msgspec

from collector.decode.web.ways import Reading
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.follow import Seen, Walk, walk
from collector.sensors.portals.personas import Persona
from collector.sensors.portals.trip import LONGEST, Trip
from collector.sensors.portals.visitor import Visitor
from model.portals.declared import Portal
from model.text import shown
from model.webfacts import HopKind, LookFailed, PageLooked, Part, Sign

_MOST_SIGNS: Final = 100
_MOST_HOSTS: Final = 256
_MOST_PAGES: Final = 200
_MOST_UNFOLDED: Final = 32
_MOST_SCRIPTS: Final = 64
_DETAIL: Final = 200


class Look(NamedTuple):
    """What one look gave: its fact (sensor and sequence are the caller's), every exchange with what led to it, and what the portal's own pages load of its own.

    `requests`: how many went over the line; `own_scripts`: addresses of scripts on the portal's own hosts.
    """

    fact: PageLooked | LookFailed
    exchanges: tuple[tuple[HopKind, Exchange], ...] = ()
    requests: int = 0
    own_scripts: tuple[str, ...] = ()


async def look(visitor: Visitor, portal: Portal, persona: Persona, part: Part, url: str, round_id: str, attempt: int = 0) -> Look:
    """The look, from `url` to where the visitor ends. Never raises but CancelledError; ValueError where the portal's `allow` holds what is no prefix."""
    visitor.counts.looks += 1
    trip = visitor.trip(portal, persona, attempt)
    walked = await walk(visitor, trip, url, visitor.limits.hops)
    whose = {"at": trip.now, "portal": portal.id, "vantage": visitor.vantage, "round": round_id, "persona": persona.id, "part": part, "attempt": attempt}
    where = {"url": url[:LONGEST], "hops": tuple(trip.hops)}
    if walked.failed is None:
        fact: PageLooked | LookFailed = PageLooked(**whose, **where, **_seen(trip, walked))  # type: ignore[arg-type] # the fields are its own, by name
    else:
        fact = LookFailed(**whose, **where, reason=walked.failed, detail=shown(walked.detail, _DETAIL))  # type: ignore[arg-type] # likewise
    own = [seen.page.reading for seen in walked.pages if seen.own]
    requests = sum(not made.shared and bool(made.asked) for _, made in trip.made)
    scripts = tuple(islice(dict.fromkeys(chain.from_iterable(reading.own_scripts for reading in own)), _MOST_SCRIPTS))
    return Look(fact, tuple(trip.made), requests, scripts)


def _seen(trip: Trip, walked: Walk) -> dict[str, object]:
    """What was seen: words and title of the end; what is loaded and linked, of the portal's own pages on the way (an end elsewhere is told by its hop)."""
    own = [seen.page.reading for seen in walked.pages if seen.own]
    last = walked.pages[-1] if walked.pages else None
    # Sent on to where nobody answered: the words before are not those of the end.
    end = last.page.reading if last and trip.hops and _answered(trip, last) else Reading()
    return {
        "offered": walked.offered,
        "title": end.title,
        "language": end.language,
        "generator": end.generator,
        "text": end.text,
        "words": end.words,
        "links": _hosts(reading.links for reading in own),
        "scripts": _hosts(reading.scripts for reading in own),
        "frames": _hosts(reading.frames for reading in own),
        "forms": _hosts(reading.forms for reading in own),
        "signs": _signs(walked.pages),
        "unfolded": _unfolded(walked.pages),
        "pages": tuple(islice(dict.fromkeys(chain.from_iterable(reading.pages for reading in own)), _MOST_PAGES)),
    }


def _answered(trip: Trip, last: Seen) -> bool:
    """Whether the last page is the last hop's, or the one around a frame that is."""
    return trip.hops[-1].host == last.host or trip.hops[-1].how == "frame"


def _hosts(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted(set(chain.from_iterable(found)))[:_MOST_HOSTS])


def _signs(pages: tuple[Seen, ...]) -> tuple[Sign, ...]:
    """Every sign of every page, with the host it stood on."""
    placed = (sign if sign.page == seen.host else msgspec.structs.replace(sign, page=seen.host) for seen in pages for sign in seen.page.reading.signs)
    return tuple(islice(dict.fromkeys(placed), _MOST_SIGNS))


def _unfolded(pages: tuple[Seen, ...]) -> tuple[str, ...]:
    said = chain.from_iterable((*seen.page.reading.unfolded, *(("longer than is read",) if seen.page.cut else ())) for seen in pages)
    return tuple(islice(dict.fromkeys(said), _MOST_UNFOLDED))
