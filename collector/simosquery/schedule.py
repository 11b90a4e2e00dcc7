"""The scheduler (osquery/dispatcher/scheduler.cpp): a query runs when the clock is a multiple of its splayed interval, which a PC that is off misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

SPLAY_PERCENT: Final = 10


class Scheduled:
    """One query of the schedule. `interval` after splay, chosen once for a PC's life (the database keeps it)."""

    def __init__(self, name: str, entry: Mapping[str, Any], splayed: Callable[[int], int]) -> None:
        self.name = name
        self.sql = str(entry.get("query", ""))
        self.snapshot = bool(entry.get("snapshot"))
        self.at_start = bool(entry.get("startup_priority"))
        self.interval = max(1, splayed(int(entry.get("interval", 0))))

    def due(self, now: int) -> bool:
        """Whether it runs in this very second."""
        return now % self.interval == 0

    def next(self, after: int) -> int:
        """The next second in which it runs."""
        return (after // self.interval + 1) * self.interval


def scheduled(config: Mapping[str, Any], splayed: Callable[[int], int]) -> dict[str, Scheduled]:
    """The schedule of a configuration; packs are not used by our server and not read."""
    entries = config.get("schedule")
    known = entries if isinstance(entries, dict) else {}
    return {name: Scheduled(name, entry, splayed) for name, entry in known.items() if isinstance(entry, dict)}
