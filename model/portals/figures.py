"""Portals in figures, for the metrics: how many are seen, what looks came to, what is open. Counted by core, a few numbers for any number of portals."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from model.portals.incidents import gap_of, is_repeated
from model.portals.raised import DIFFERS
from model.portals.rows import Incident, Outcome, WebDetector
from model.times import SECOND
from model.verdict import Severity
from model.webfacts import Failure

# How the portals stand with those who look (VG-COV-01): seen by every kind of visitor, by some, by nobody yet, by nobody for two periods.
ViewState = Literal["seen", "partly", "waiting", "unknown"]
IncidentState = Literal["pending", "confirmed"]
VIEW_STATES: Final[tuple[ViewState, ...]] = get_args(ViewState)
INCIDENT_STATES: Final[tuple[IncidentState, ...]] = get_args(IncidentState)
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
FAILURES: Final[tuple[str, ...]] = get_args(Failure)
DETECTORS: Final[tuple[str, ...]] = get_args(WebDetector)
# Upper bounds, seconds from the first dirty look to the one that confirmed it: the second look is due after a minute, differences take three rounds.
BUCKETS: Final = (75.0, 120.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)
_THIRD: Final = 2


class PortalFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Counted at one moment over all sites.

    `declared` portals, of them by `views` (`ViewState`); `looks` ever by outcome, `failed` ever by reason; `overdue`: looks that should have been made;
    `incidents` that stand, by detector and then state. `confirmations` since core began, by seconds from first to confirming look (a count for each of
    `BUCKETS`, the last beyond all), their sum, and the last.
    """

    declared: int
    views: dict[str, int]
    looks: dict[str, int]
    failed: dict[str, int]
    overdue: int
    incidents: dict[str, dict[str, int]]
    confirmations: list[int]
    confirmation_seconds: float
    confirmation_last: float


def confirmed_after(incident: Incident) -> int | None:
    """Seconds from the incident's first dirty look to the one that confirmed it; None while nothing grave was seen twice far enough apart."""
    first = incident.first.at // SECOND
    confirming = [
        next((time for time in _late(seen.times, seen.kind == DIFFERS) if time - seen.first.at // SECOND >= gap_of(seen) // SECOND), seen.last.at // SECOND)
        for seen in incident.seen.values()
        if seen.confirmed >= Severity.MEDIUM.rank and is_repeated(seen)
    ]
    return max(0, min(confirming) - first) if confirming else None


def _late(times: list[int], differs: bool) -> list[int]:
    """The sightings that may confirm: any but the first, of a difference between personas the third and later ones."""
    return times[_THIRD:] if differs else times
