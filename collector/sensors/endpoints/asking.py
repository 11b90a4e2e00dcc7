"""What a PC is asked when it checks in: what it never answered, or answered too long ago; and what fails is asked ever less often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from collector.catalogue.shapes import Query
from collector.sensors.endpoints.inbox import Asked
from model.endpointfacts import PcAnswered
from model.times import DAY, HOUR, MINUTE, day_of

# An answer that does not come is asked for again after so long, and doubling from there (fleet issue 2240: a query that fails every few seconds for ever).
_FIRST: Final = 5 * MINUTE
_LONGEST: Final = 6 * HOUR
# How long osquery itself keeps a query on its deny-list.
_DENIED: Final = DAY


class Asking:
    """When each topic of each PC is due. `most`: topics in one read, so that a slow PC is not busy for minutes."""

    def __init__(self, known: Iterable[Asked], most: int) -> None:
        self._most = most
        self._asked: dict[str, dict[str, Asked]] = {}
        for asked in known:
            self._asked.setdefault(asked.pc, {})[asked.topic] = asked

    def due(self, pc: str, queries: Mapping[str, Query], now: int) -> list[Query]:
        """The topics that are due, the longest due first; each counts as unanswered until an answer is noted."""
        topics = self._asked.setdefault(pc, {})
        waiting = sorted((known.due if (known := topics.get(topic)) else 0, place, topic) for place, topic in enumerate(queries))
        chosen = [topic for at, _, topic in waiting[: self._most] if at <= now]
        for topic in chosen:
            failures = topics[topic].failures + 1 if topic in topics else 1
            topics[topic] = Asked(pc, topic, now + _pause(failures), failures)
        return [queries[topic] for topic in chosen]

    def left(self, pc: str, queries: Mapping[str, Query], now: int) -> bool:
        """Whether more is due at once than one read held."""
        topics = self._asked.get(pc, {})
        return any((known.due if (known := topics.get(topic)) else 0) <= now for topic in queries)

    def after(self, fact: PcAnswered, query: Query, now: int) -> Asked:
        """How the topic stands after an answer, or after why there is none: to be kept, and then noted."""
        topics = self._asked.setdefault(fact.pc, {})
        failures = topics[fact.topic].failures if fact.topic in topics else 0
        if fact.told is not None or fact.trouble in {"absent", "script"}:
            # What lay in the agent's buffer for days says nothing against an answer of this morning.
            due = topics[fact.topic].due if fact.topic in topics and not failures else 0
            return Asked(fact.pc, fact.topic, max(due, _stale_at(fact.answered, query.freshness)), 0)
        return Asked(fact.pc, fact.topic, now + (_DENIED if fact.trouble == "denied" else _pause(max(failures, 1))), max(failures, 1))

    def note(self, asked: Iterable[Asked]) -> None:
        """Takes note of what was kept."""
        for each in asked:
            self._asked.setdefault(each.pc, {})[each.topic] = each

    def changed(self, pc: str, topic: str, now: int) -> None:
        """Something changed there: it is asked at the next check-in, unless it is being asked already."""
        topics = self._asked.setdefault(pc, {})
        if topic not in topics or not topics[topic].failures:
            topics[topic] = Asked(pc, topic, now, 0)


def _pause(failures: int) -> int:
    return min(_FIRST << min(failures - 1, 16), _LONGEST)


def _stale_at(answered: int, freshness: int) -> int:
    """When an answer is too old. One a day is asked for anew each day: a PC that is on for an hour in the morning is on a little earlier the next."""
    stale = answered + freshness
    return min(stale, (day_of(answered) + 1) * DAY - 7 * HOUR) if freshness <= DAY else stale
