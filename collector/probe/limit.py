# SPDX-License-Identifier: GPL-2.0-only
"""The hard ceiling on what leaves this program, whatever it is ordered."""

from __future__ import annotations

from collections.abc import Callable

# One run of all probes over four legs is less than a hundred frames; nobody needs more than a frame a second for long.
BURST = 100
A_SECOND = 1.0


class Ceiling:
    """A bucket of `burst` frames that fills at `rate` a second."""

    def __init__(self, now: Callable[[], float], burst: float = BURST, rate: float = A_SECOND) -> None:
        self._now = now
        self._burst, self._rate = burst, rate
        self._left, self._at = burst, now()

    def allows(self) -> bool:
        """Whether one more frame may leave now; if so it is counted."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
