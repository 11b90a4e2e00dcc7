"""What a sink has done since the process began, for the metrics and the page."""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from exporters.sink import DUPLICATE, FILTERED
from model.ports import Receipt, Trouble

# Upper bounds in seconds: a page must be out within seconds, a night without a line is hours.
BUCKETS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)


class Reloaded(msgspec.Struct, kw_only=True):
    """Whether the configuration could be read the last time, and when it last could (ns): for the metrics."""

    successful: bool = True
    at: int = 0


class Tally(msgspec.Struct, kw_only=True):
    """Counters of one sink. `buckets` counts deliveries by seconds from event to delivery, the last beyond every bound; `trouble` holds while `down`."""

    sink: str
    delivered: int = 0
    duplicates: int = 0
    filtered: int = 0
    rejected: int = 0
    retried: int = 0
    faults: int = 0
    down: bool = False
    trouble: Trouble = ""
    last_error: str = ""
    last_delivery: int = 0
    seconds: float = 0.0
    buckets: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BUCKETS) + 1))

    def count(self, receipt: Receipt, seconds: float, now: int) -> None:
        """Takes in one receipt; `seconds` since its event, `now` in ns."""
        if receipt.outcome == "accepted":
            self._accepted(receipt.reason, seconds, now)
            return
        if receipt.outcome == "later":
            return
        self.last_error = receipt.reason
        if receipt.outcome == "rejected":
            self.rejected += 1
        else:
            self.retried += 1

    def fault(self, reason: str) -> None:
        """Something raised that should have answered."""
        self.faults += 1
        self.last_error = reason

    def _accepted(self, reason: str, seconds: float, now: int) -> None:
        if reason == FILTERED:
            self.filtered += 1
        elif reason == DUPLICATE:
            self.duplicates += 1
        else:
            self.delivered += 1
            self.last_delivery = now
            self.seconds += seconds
            self.buckets[bisect_left(BUCKETS, seconds)] += 1
