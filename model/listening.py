"""When a leg was listened to: absence is counted only while somebody listened (architecture rule 5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from model.rows import MAX_BLIND, Leg, Sighting, Stamp
from model.times import HOUR, MINUTE, working_days

if TYPE_CHECKING:
    from model.facts import SensorHeard
    from model.site import SiteView

# A leg not heard for this long, or for two of its sensor's heartbeats where those are rarer, was not watched.
LISTENING_GAP = 2 * MINUTE
# A box that is switched off at night has listened to a working day when it heard this much of it.
HALF_A_DAY = 4 * HOUR


def beat(view: SiteView, fact: SensorHeard, stamp: Stamp) -> None:
    """A sensor at work on a leg was heard: the leg is listened to."""
    leg = view.legs.get(fact.leg)
    if leg is None:
        leg = view.legs[fact.leg] = Leg(name=fact.leg, seen=Sighting(fact.at, fact.at))
    hear(leg, fact.at, view.gap(fact.leg))
    if leg.told is None or leg.told <= stamp:
        leg.told, leg.vantage = stamp, fact.vantage
    view.changed("leg", fact.leg)


def hear(leg: Leg, at: int, gap: int = LISTENING_GAP) -> None:
    """Takes in one heartbeat, in any order: `blind` holds the spaces between heartbeats that are wider than `gap`."""
    if at > leg.seen.last:
        leg.blind += _wide((leg.seen.last, at), gap)
    elif at < leg.seen.first:
        leg.blind = [*_wide((at, leg.seen.first), gap), *leg.blind]
    else:
        leg.blind = [piece for span in leg.blind for piece in _split(span, at, gap)]
    if len(leg.blind) > MAX_BLIND:
        # Joined, not forgotten: what was heard between the two counts as blind too, so nothing lapses for want of room.
        leg.blind = [(leg.blind[0][0], leg.blind[1][1]), *leg.blind[2:]]
    leg.seen.extend(at)


def _split(span: tuple[int, int], at: int, gap: int) -> list[tuple[int, int]]:
    start, end = span
    return [*_wide((start, at), gap), *_wide((at, end), gap)] if start < at < end else [span]


def _wide(span: tuple[int, int], gap: int) -> list[tuple[int, int]]:
    return [span] if span[1] - span[0] > gap else []


def listened(leg: Leg, since: int, now: int, gap: int = LISTENING_GAP) -> int:
    """How much of the time from `since` to `now` somebody listened, ns."""
    end = now if now - leg.seen.last <= gap else leg.seen.last
    start = max(since, leg.seen.first)
    blind = sum(max(0, min(last, end) - max(first, start)) for first, last in leg.blind)
    return max(0, end - start - blind)


def days_heard(leg: Leg, since: int, now: int, gap: int = LISTENING_GAP, holidays: Collection[int] = ()) -> int:
    """On how many whole working days between the two instants somebody listened for half a working day at least."""
    return sum(listened(leg, first, last, gap) >= HALF_A_DAY for first, last in working_days(since, now, holidays))
