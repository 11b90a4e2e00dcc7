"""The log forwarder's buffer (plugins/logger/buffered.cpp): what it keeps, what it sends, what it drops, when it tries again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

Kind = Literal["result", "status"]

# osquery's defaults; the flagfile of a kit sets smaller ones.
PERIOD: Final = 4
MAX_LINES: Final = 1024
MAX_LINE: Final = 1 << 20
MAX_KEPT: Final = 1_000_000
BACKOFF_MAX: Final = 3600


class Buffer:
    """Lines of one kind. Keys are text, so that order inside a second is lexicographic (behaviour 4): the tenth line comes before the second."""

    def __init__(self, *, max_lines: int = MAX_LINES, max_line: int = MAX_LINE, max_kept: int = MAX_KEPT, period: int = PERIOD) -> None:
        self.dropped = self.oversized = self.purged = 0
        self._lines: dict[str, bytes] = {}
        self._max_lines, self._max_line, self._max_kept, self._period = max_lines, max_line, max_kept, period
        self._count = self._failures = 0
        self.next_at = 0

    def __len__(self) -> int:
        """Lines that wait."""
        return len(self._lines)

    def add(self, line: Mapping[str, Any], now: int) -> None:
        """One line at `now` (s). Too long: thrown away (behaviour 3). Too many: the oldest go."""
        body = msgspec.json.encode(line)
        if len(body) > self._max_line:
            self.oversized += 1
            return
        self._count += 1
        self._lines[f"{now}_{self._count}"] = body
        while len(self._lines) > self._max_kept:
            del self._lines[min(self._lines)]
            self.purged += 1

    def batch(self) -> list[str]:
        """Keys of the next batch: the first lines, the same ones until the server takes them (behaviour 2)."""
        return sorted(self._lines)[: self._max_lines]

    def data(self, keys: list[str]) -> list[Any]:
        """The lines as they are sent."""
        return [msgspec.json.decode(self._lines[key]) for key in keys]

    def sent(self, keys: list[str], now: int) -> None:
        """The server took them, as far as the client can tell: gone for good."""
        for key in keys:
            del self._lines[key]
        self.dropped += len(keys)
        self._failures = 0
        self.next_at = now + self._period

    def refused(self, now: int) -> None:
        """Period x n^2, up to an hour (`logger_tls_backoff_max`, since 5.12.1)."""
        self._failures += 1
        self.next_at = now + min(self._period * self._failures**2, BACKOFF_MAX)
