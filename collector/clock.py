"""The one place that reads a clock; everything else is given a `Clock`."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> int:
        """Nanoseconds since the epoch, UTC."""

    def monotonic(self) -> float:
        """Seconds that never step back, for intervals only."""


class SystemClock:
    """This machine's clocks."""

    def now(self) -> int:
        """Nanoseconds since the epoch, UTC."""
        return time.time_ns()

    def monotonic(self) -> float:
        """Seconds that never step back, for intervals only."""
        return time.monotonic()
