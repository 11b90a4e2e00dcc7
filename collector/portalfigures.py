"""Counts a box's portals for the metrics, in core's thread and from time to time: whoever scrapes reads what was counted, and touches no row."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from collector.engine import Engine
from model.portals.declared import Portal
from model.portals.figures import BUCKETS, FAILURES, INCIDENT_STATES, OUTCOMES, IncidentState, PortalFigures, ViewState, confirmed_after
from model.portals.rows import Incident, PortalRow
from model.times import SECOND
from model.verdict import Outcome, Subject, Verdict

# Counting ten thousand portals takes some hundredths of a second: not for every tick.
EVERY = 10.0
# A round may come later than told by its jitter and by the looks before it: a quarter of its period, at least this, ns.
_LATE = 300 * SECOND
_COVERAGE = "VG-COV-01"


class _Standing(NamedTuple):
    """An incident that its rule holds against a portal now."""

    portal: str
    incident: Incident
    state: IncidentState


class PortalCount:
    """Keeps the figures, and which confirmations it has counted. Those from before core began are no news."""

    def __init__(self) -> None:
        self._confirmed: dict[tuple[str, str], int] | None = None
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = self._last = 0.0

    def count(self, engines: Collection[Engine], now: int) -> PortalFigures | None:
        """The figures as of `now`; None where no portal is declared."""
        declared = [(engine, portal) for engine in engines for portal in engine.view.declared.portals or ()]
        if not declared:
            return None
        standing = [each for engine, portal in declared for each in _standing(engine, portal)]
        self._note(standing)
        incidents: dict[str, dict[str, int]] = {}
        for each in standing:
            of_rule = incidents.setdefault(each.incident.detector, dict.fromkeys(INCIDENT_STATES, 0))
            of_rule[each.state] += 1
        ever = _ever(engines)
        return PortalFigures(
            declared=len(declared),
            views=dict(Counter(_view(engine.verdicts.get((_COVERAGE, Subject("portal", portal.id)))) for engine, portal in declared)),
            looks={"clean": ever["looks"] - ever["dirty"] - ever["unknown"], **{outcome: ever[outcome] for outcome in OUTCOMES if outcome != "clean"}},
            failed={reason: ever[f"failed {reason}"] for reason in FAILURES},
            overdue=sum(_overdue(engine.view.portals.get(portal.id), now) for engine, portal in declared),
            incidents=incidents,
            confirmations=list(self._buckets),
            confirmation_seconds=self._seconds,
            confirmation_last=self._last,
        )

    def _note(self, standing: list[_Standing]) -> None:
        """Counts each confirmation once; one that began anew is another."""
        found = {(each.portal, each.incident.detector): each for each in standing if each.state == "confirmed"}
        known, self._confirmed = self._confirmed, {key: each.incident.times for key, each in found.items()}
        if known is None:
            return
        for key, each in found.items():
            seconds = confirmed_after(each.incident)
            if known.get(key) != each.incident.times and seconds is not None:
                self._buckets[bisect_left(BUCKETS, seconds)] += 1
                self._seconds += seconds
                self._last = float(seconds)


def _standing(engine: Engine, portal: Portal) -> Iterator[_Standing]:
    """What the rules' latest verdicts hold against the portal: what is slight, over or excused is no incident."""
    row = engine.view.portals.get(portal.id)
    for incident in row.incidents.values() if row else ():
        verdict = None if incident.over else engine.verdicts.get((incident.detector, Subject("portal", portal.id)))
        state = dict(verdict.state).get("incident") if verdict and verdict.outcome is Outcome.VIOLATION else None
        if state is not None:
            yield _Standing(portal.id, incident, "confirmed" if state == "confirmed" else "pending")


def _view(verdict: Verdict | None) -> ViewState:
    """How the portal is seen, by the rule that people are told by."""
    if verdict is None or verdict.outcome is Outcome.UNKNOWN:
        return "waiting"
    if verdict.outcome is Outcome.CLEAR:
        return "seen"
    return "partly" if ("portal", "partly") in verdict.state else "unknown"


def _ever(engines: Collection[Engine]) -> Counter[str]:
    """What all looks came to since the journal began, of portals that are no longer declared too: a counter never falls."""
    ever: Counter[str] = Counter()
    for engine in engines:
        for row in engine.view.portals.values():
            for name, count in row.counts.items():
                ever[name] += count
    return ever


def _overdue(row: PortalRow | None, now: int) -> int:
    """Looks that the last round left out; all of a round that should have begun and did not."""
    if row is None or row.beat is None:
        return 0
    beat, told = row.beat.value, row.beat.stamp.at
    late = now - beat.next_at > max(_LATE, (beat.next_at - told) // 4)
    return beat.due if late else beat.overdue
