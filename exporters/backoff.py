"""How long a sink waits after a failure, and how it says so: once when an outage begins, once when it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable

from model.text import Language, Text

FIRST_SECONDS = 1.0
MOST_SECONDS = 300.0
# A server may ask for any Retry-After; alerts are not held for longer than this on its word alone.
MOST_ASKED_SECONDS = 3600.0

_BEGAN = Text("nơi nhận %s: tạm ngưng, vẫn giữ mọi bản tin và thử lại: %s", "sink %s: held up, everything is kept and tried again: %s")
_ENDED = Text("nơi nhận %s: đã gửi lại được", "sink %s: delivering again")


class Backoff:
    """Full jitter, 1 s doubling to 5 min; what the server asks for wins. `random` gives [0, 1)."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._failures = 0

    def next(self, asked: float = 0.0) -> float:
        """Seconds to wait after one more failure; `asked` is the server's Retry-After in seconds, 0 when it said nothing."""
        ceiling = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(self._failures, 16))
        self._failures += 1
        if asked > 0:
            # Never earlier than asked, and spread: the boxes of a province were all told the same.
            asked = min(asked, MOST_ASKED_SECONDS)
            return asked + self._random() * min(ceiling, asked / 10)
        return self._random() * ceiling

    def reset(self) -> None:
        """Something was delivered: the next failure is a first one."""
        self._failures = 0


class Outage:
    """Says once that a sink is held up and once that it is not."""

    def __init__(self, sink: str, log: logging.Logger, language: Language) -> None:
        self.down = False
        self._sink = sink
        self._log = log
        self._language = language

    def began(self, reason: str) -> None:
        """Nothing gets through; said the first time only."""
        if not self.down:
            self._log.warning(_BEGAN.to(self._language), self._sink, reason)
        self.down = True

    def ended(self) -> None:
        """Something got through."""
        if self.down:
            self._log.warning(_ENDED.to(self._language), self._sink)
        self.down = False
