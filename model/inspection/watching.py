"""Row 15, measured: hours listened on each leg, seconds to a finding and to its delivery, what waits."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from model.inspection.document import Response, Waiting, Watched, instant
from model.listening import LISTENING_GAP, listened
from model.times import DAY, HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.declared import Declared
    from model.inspection.document import Delivered
    from model.ledger import Finding
    from model.ports import SinkStatus
    from model.rows import Leg

WEEK = 7 * DAY


def response(
    declared: Declared, legs: Iterable[Leg], findings: Iterable[Finding], sinks: Iterable[SinkStatus], delivered: Sequence[Delivered],
    since: int, until: int, now: int,
) -> Response:  # fmt: skip
    """The measured row of the period; `now` is when what waits was looked at."""
    seconds = [max(0, finding.opened - finding.since) / SECOND for finding in findings if since <= finding.opened <= until]
    return Response(
        watched=watched(declared, legs, since, until),
        opened=len(seconds),
        half=round(median(seconds), 1) if seconds else None,
        longest=round(max(seconds), 1) if seconds else None,
        delivered=tuple(delivered),
        waiting=tuple(
            Waiting(sink=sink.sink, waiting=sink.waiting, oldest=max(0, now - sink.oldest_at) // SECOND if sink.waiting else 0, dead=sink.dead)
            for sink in sinks
        ),
    )


def watched(declared: Declared, legs: Iterable[Leg], since: int, until: int) -> tuple[Watched, ...]:
    """Every declared leg in its order, also one that nobody ever listened to; then those heard that are declared no more."""
    known = {leg.name: leg for leg in legs}
    names = (*declared.legs, *sorted(known.keys() - set(declared.legs)))
    return tuple(_watched(declared, name, known.get(name), since, until) for name in names)


def _watched(declared: Declared, name: str, leg: Leg | None, since: int, until: int) -> Watched:
    gap = max((LISTENING_GAP, *(2 * sensor.heartbeat for sensor in declared.sensors if sensor.leg == name)))
    week = max(since, until - WEEK)
    return Watched(
        leg=name,
        vantage=leg.vantage if leg else "unknown",
        hours=_hours(listened(leg, since, until, gap)) if leg else 0.0,
        of=_hours(until - since),
        week_hours=_hours(listened(leg, week, until, gap)) if leg else 0.0,
        last=instant(leg.seen.last) if leg else None,
        uplinks=tuple(sorted({zone.uplink for zone in declared.zones if zone.leg == name and zone.uplink})),
    )


def _hours(length: int) -> float:
    return round(max(0, length) / HOUR, 2)
