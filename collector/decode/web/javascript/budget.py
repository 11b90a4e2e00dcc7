"""What one script may cost to read: steps of work, text made, depth, rounds of unpacking."""

from __future__ import annotations

from collector.decode.web.javascript.values import Spent

STEPS = 200_000
# An obfuscator's own decoder works through every text of the script before anything happens.
STEPS_OBFUSCATED = 450_000
# Of a large bundle only parts are read.
STEPS_A_PART = 40_000
MADE = 1 << 20
LONGEST = 1 << 20
DEPTH = 150
ROUNDS = 6
# Callbacks and listeners, and functions nobody calls: for all together, and for each.
STEPS_LATER = 40_000
STEPS_A_TASK = 12_000
STEPS_A_FUNCTION = 3_000
# Copying so much text costs about as much as one step.
_COPY = 1 << 14


class Budget:
    """Counts down; raises `Spent` at the end. `limit` is where the running part has to stop."""

    def __init__(self, steps: int = STEPS) -> None:
        self.steps = 0
        self.whole = steps
        self.limit = steps
        self.made = 0
        self.later = STEPS_LATER

    def spend(self, steps: int) -> None:
        """So much work is about to be done."""
        self.steps += steps
        if self.steps > self.limit:
            raise Spent("steps")

    def copy(self, length: int) -> None:
        """A text of this length is copied or searched."""
        if length >= _COPY:
            self.spend(length // _COPY)

    def make(self, length: int, whole: int | None = None) -> None:
        """`length` new characters are made, in a text of `whole` in all."""
        self.made += length
        self.copy(length if whole is None else whole)
        if self.made > MADE or (whole or length) > LONGEST:
            raise Spent("text")
