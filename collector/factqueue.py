"""The one bounded queue in front of core: a share for each sensor, urgent facts first, never blocking a sensor."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Collection, Sequence

from model.facts import AnyFact, SensorHeard

DEFAULT_SHARE = 20_000
_HEARTBEATS = 16


class FactQueue:
    """Implements `model.ports.FactSink`. A sensor that floods fills its own share and nobody else's; what does not fit is counted."""

    def __init__(self, share: int = DEFAULT_SHARE, urgent: Collection[type[AnyFact]] = ()) -> None:
        """`share`: facts a sensor may have waiting. `urgent`: kinds of fact that are taken first (takeovers)."""
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._share = share
        self._urgent = frozenset(urgent)
        self._waiting: Counter[str] = Counter()
        self._first: deque[AnyFact] = deque()
        self._then: deque[AnyFact] = deque()
        self._ready = threading.Condition()
        self._woken = False

    def __len__(self) -> int:
        """Facts waiting."""
        return len(self._first) + len(self._then)

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Queues what fits, in order; how many that were."""
        if not facts:
            return 0
        with self._ready:
            taken = sum(self._put(fact) for fact in facts)
            self._ready.notify()
        return taken

    def _put(self, fact: AnyFact) -> bool:
        sensor = fact.sensor
        # A sensor that floods is not silent: its heartbeats have room of their own.
        share = self._share + _HEARTBEATS if isinstance(fact, SensorHeard) else self._share
        if self._waiting[sensor] >= share:
            self.refused[sensor] += 1
            return False
        self._waiting[sensor] += 1
        self.accepted[sensor] += 1
        (self._first if type(fact) in self._urgent else self._then).append(fact)
        return True

    def take(self, most: int, wait: float) -> list[AnyFact]:
        """Up to `most` facts, urgent ones first; waits up to `wait` seconds for the first, or until `wake`."""
        with self._ready:
            if not (self._first or self._then or self._woken):
                self._ready.wait(wait)
            self._woken = False
            return [self._next() for _ in range(min(most, len(self)))]

    def _next(self) -> AnyFact:
        fact = (self._first or self._then).popleft()
        self._waiting[fact.sensor] -= 1
        return fact

    def wake(self) -> None:
        """Ends a waiting `take` now."""
        with self._ready:
            self._woken = True
            self._ready.notify()
