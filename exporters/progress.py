"""Which recipients of one row were reached already: a row that is tried again does not go twice to those who have it."""

from __future__ import annotations

from collections.abc import Sequence

# Rows under way are few; what core gave up meanwhile must not stay for ever.
_MOST_ROWS = 1000


class Progress:
    """Kept in memory: after a restart a recipient may get a message twice, with the same id or reference."""

    def __init__(self) -> None:
        self._reached: dict[str, set[str]] = {}

    def left(self, row: str, recipients: Sequence[str]) -> list[str]:
        """Those still to be reached."""
        done = self._reached.get(row, set())
        return [recipient for recipient in recipients if recipient not in done]

    def reached(self, row: str, recipient: str) -> None:
        """`recipient` has it, or can never have it."""
        self._reached.setdefault(row, set()).add(recipient)
        while len(self._reached) > _MOST_ROWS:
            del self._reached[next(iter(self._reached))]

    def done(self, row: str) -> None:
        """The row was answered finally."""
        self._reached.pop(row, None)
