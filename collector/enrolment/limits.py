"""How often one caller may be wrong."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

from collector.clock import Clock

_WINDOW: Final = 60.0
_MOST_CALLERS: Final = 10_000


class Failures:
    """What went wrong for each caller within the last minute; callers are forgotten, longest unheard first, so that a flood of them costs no memory."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def many(self, caller: str) -> bool:
        """Whether the caller was wrong as often as is allowed."""
        times = self._seen.get(caller)
        while times and self._clock.monotonic() - times[0] > _WINDOW:
            times.popleft()
        return times is not None and len(times) >= self._most

    def add(self, caller: str) -> None:
        """One more."""
        times = self._seen.setdefault(caller, deque(maxlen=self._most))
        times.append(self._clock.monotonic())
        self._seen.move_to_end(caller)
        if len(self._seen) > _MOST_CALLERS:
            self._seen.popitem(last=False)
