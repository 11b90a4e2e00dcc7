"""Stations that were turned away because too many new ones came at once: who comes again is let in before made-up addresses, which do not come back."""

from __future__ import annotations

from model.times import MINUTE, SECOND

# Twice as many are remembered at most: some seconds of 100,000 made-up stations a minute, in which a real one speaks again.
REMEMBERED = 8_192
# Sooner, it is one burst (a frame sent twice), not somebody who stays.
_APART = SECOND // 2
# Let in a minute, beside those who came before the flood filled the minute's room.
MOST = 64


class TurnedAway:
    """Whom to let in all the same. Two generations: the older is forgotten when the younger is full."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        """At least as many stations are remembered, and at most twice as many."""
        self._remembered = remembered
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}
        self._minute = self._let_in = 0

    def __len__(self) -> int:
        """Stations remembered."""
        return len(self._young) + len(self._old)

    def may_enter(self, station: str, at: int) -> bool:
        """Whether a station that there is no room for has come before, a while ago, and this minute's share for such is not used up; `at` in ns."""
        before = self._young.get(station, self._old.get(station))
        if before is None:
            self._remember(station, at)
            return False
        return at - before >= _APART and self._within_share(at)

    def _remember(self, station: str, at: int) -> None:
        if len(self._young) >= self._remembered:
            self._old, self._young = self._young, {}
        self._young[station] = at

    def _within_share(self, at: int) -> bool:
        minute = at // MINUTE
        if minute > self._minute:
            self._minute, self._let_in = minute, 0
        self._let_in += 1
        return self._let_in <= MOST
