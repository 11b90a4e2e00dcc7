"""When, and where, a portal must be looked at again: offered to the sensor, which has the clock and the budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from model.portals.incidents import gap_of, is_repeated, judged_places, pending
from model.portals.rows import FILE, RENDERED, Incident, PortalRow, place_of
from model.times import SECOND
from model.webfacts import Part


class Recheck(NamedTuple):
    """Look again at `url` (part of the portal), not before `at` (ns); `confirming` for the second look at a fresh suspicion.

    As every persona; where only the browser saw it, `rendered` again as just these `personas`: no reading shows that it is gone.
    """

    at: int
    part: Part
    url: str
    confirming: bool = False
    rendered: bool = False
    personas: tuple[str, ...] = ()


def rechecks(row: PortalRow) -> tuple[Recheck, ...]:
    """Where to look again because of the portal's incidents, soonest first: the confirming look, then 1 h, 6 h, 1 day and 7 days after the last dirty one."""
    return tuple(sorted({check for incident in row.incidents.values() if not incident.over for check in _of(row, incident)}))


def _of(row: PortalRow, incident: Incident) -> Iterator[Recheck]:
    last = incident.last.at // SECOND * SECOND
    for place in judged_places(incident):
        # Files and scripts are looked at every day as it is.
        if place.startswith(FILE):
            continue
        part, url = _where(row, incident, place)
        rendered = place.endswith(RENDERED)
        again = Recheck(0, part, url, False, rendered, _who(row, place) if rendered else ())
        if (at := _confirming(incident)) is not None:
            yield again._replace(at=at, confirming=True)
        for delay in pending(row, incident):
            yield again._replace(at=last + delay)


def _who(row: PortalRow, place: str) -> tuple[str, ...]:
    return tuple(sorted({look.persona for watched in row.looks.values() if place_of(look := watched.look.value) == place}))


def _confirming(incident: Incident) -> int | None:
    """When to look a second time: after the first sighting of what a second would make worse; None when there is nothing left to confirm."""
    worth = [seen for seen in incident.seen.values() if seen.confirmed > seen.rank]
    if any(is_repeated(seen) for seen in worth):
        return None
    return min((seen.first.at + gap_of(seen) for seen in worth if seen.last.at - seen.first.at < gap_of(seen)), default=None)


def _where(row: PortalRow, incident: Incident, place: str) -> tuple[Part, str]:
    """Part and address of a dirty place; for parts whose address changes, the one seen dirty last."""
    sights = [seen.told for seen in incident.seen.values() if seen.told.value.place == place]
    looks = [watched.look.value for watched in row.looks.values() if place_of(watched.look.value) == place]
    url = max(sights, key=lambda told: told.stamp).value.url if sights else (looks[0].url if looks else row.url)
    return _PARTS.get(place.partition(" ")[0], "sample"), url


_PARTS: dict[str, Part] = {"home": "home", "declared": "declared", "sample": "sample", "missing": "missing", "query": "query"}
