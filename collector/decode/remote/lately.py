"""What was told a moment ago need not be told again: a session of remote control begins a message with every other segment."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from model.fact import StationFact
from model.times import SECOND
from model.wirefacts import RemoteSeen

QUIET = 10 * SECOND
_MOST = 512


class Lately:
    """Lets a fact of remote control through once in `QUIET` ns, all others always; remembers the latest few."""

    def __init__(self) -> None:
        self._told: dict[RemoteSeen, int] = {}

    def __len__(self) -> int:
        """Facts remembered."""
        return len(self._told)

    def fresh(self, facts: Iterable[StationFact]) -> list[StationFact]:
        """The facts that were not told just before."""
        return [fact for fact in facts if not isinstance(fact, RemoteSeen) or self._is_news(fact)]

    def _is_news(self, fact: RemoteSeen) -> bool:
        key = replace(fact, at=0)
        before = self._told.pop(key, None)
        news = before is None or abs(fact.at - before) >= QUIET
        self._told[key] = fact.at if news or before is None else before
        if len(self._told) > _MOST:
            del self._told[next(iter(self._told))]
        return news
