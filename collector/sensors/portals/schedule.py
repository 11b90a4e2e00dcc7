"""When each portal is looked at next: a heap of due times, with jitter; what is late is counted."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

from collector.clock import Clock
from model.times import SECOND

T = TypeVar("T")

# A due job may start this much later before it counts as late: a tenth of its period, at least this, ns.
GRACE = 60 * SECOND
# The longest sleep between two looks at the clock, seconds: it may be set meanwhile.
_NAP = 5.0


class Due(Generic[T]):
    """Jobs by the time they are due, ns. Time is the injected clock's; `sleep` the loop's unless a test brings its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, T]] = []
        self._numbers = count()
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._heap)

    def put(self, at: int, job: T) -> None:
        """`job` is due at `at`."""
        heapq.heappush(self._heap, (at, next(self._numbers), job))
        self._news.set()

    def overdue(self, now: int) -> int:
        """How many jobs should have started by now."""
        return sum(at + GRACE < now for at, _, _ in self._heap)

    def ready(self) -> tuple[int, T] | None:
        """The job that is due, if one is; it is taken out."""
        if not self._heap or self._heap[0][0] > self._clock.now():
            return None
        at, _, job = heapq.heappop(self._heap)
        return at, job

    async def take(self) -> tuple[int, T]:
        """Waits for the next due job; when it was due, and the job."""
        while True:
            found = self.ready()
            if found is not None:
                return found
            self._news.clear()
            wait = min(_NAP, max(0.0, (self._heap[0][0] - self._clock.now()) / SECOND)) if self._heap else _NAP
            # Not wait_for: until Python 3.12 it swallows a cancellation that comes with the news, and a worker would never end.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._news.wait()


def jittered(period: int, share: float, dice: Callable[[], float]) -> int:
    """`period` give or take up to `share` of it; `dice` gives 0 to 1."""
    return int(period * (1 + share * (2 * dice() - 1)))
