"""How much of what alerts nobody goes out at once: a centre that was away, or a province's power, gives thousands of boxes back in the same second.

Findings are never held. The rest waits a while that the dice choose, then goes a handful at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from exporters.sink import Pacing
from model.ports import OutboxRow

# Seconds between two handfuls: also how late, at most, a finding is noticed that comes in between.
PAUSE = 0.25
# What a lease has room for beside the handful while something is held: findings, and rows in place of those that fail again and again.
_BESIDE = 60


class Flow:
    """What of a lease may go now. `random` gives [0, 1). Time is counted by the pauses made, so no clock that steps can stretch it."""

    def __init__(self, pacing: Pacing, random: Callable[[], float]) -> None:
        self._pacing = pacing
        self._random = random
        self._handful = max(1, int(pacing.rate * PAUSE))
        self._held = False
        self.scatter()

    def scatter(self) -> None:
        """At the start and when an outage ends: all but findings wait for a part of `spread`."""
        self._left = self._random() * self._pacing.spread

    def limit(self, batch: int) -> int:
        """How many rows to lease: no more than can go, since core reads and signs each of them."""
        return min(batch, self._handful + _BESIDE) if self._held else batch

    def passing(self, rows: Sequence[OutboxRow], tries: Mapping[int, int]) -> Sequence[OutboxRow]:
        """The rows that go now, what failed least (`tries` by sequence) before the rest; when some are left, a pause comes next."""
        findings = [row for row in rows if row.stream == "finding"]
        others = sorted((row for row in rows if row.stream != "finding"), key=lambda row: tries[row.seq])
        kept = findings + others[: self._room(len(others))]
        self._held = len(kept) < len(rows)
        if self._held:
            self._left = max(0.0, self._left - PAUSE)
        return kept

    def _room(self, all_of_them: int) -> int:
        if self._left > 0:
            return 0
        return self._handful if self._pacing.rate else all_of_them
