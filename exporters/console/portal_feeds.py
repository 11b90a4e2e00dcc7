"""The lists of gambling names that the portals sensor uses, as the page of portals shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from model.portals.feeds import age_of, is_kept
from model.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.portals.rows import FeedRow

# The newest file; the last good copy in its place; that copy too old to be used; none ever taken.
FeedUse = Literal["newest", "last_good", "too_old", "none"]


@dataclass(frozen=True)
class FeedLine:
    """One list with what of it is in use and the age (ns) of that copy, -1 for no copy."""

    row: FeedRow
    use: FeedUse
    age: int

    @property
    def shape(self) -> str:
        """The mark: a list that is not as people gave it is no longer sure to help."""
        return "clear" if self.use == "newest" else "unknown"


def feed_lines(rows: Iterable[FeedRow], now: int) -> list[FeedLine]:
    """The lists the box still has, by name."""
    return [_line(row, age_of(row, now)) for row in sorted(rows, key=lambda row: row.name) if is_kept(row, now)]


def _line(row: FeedRow, age: int) -> FeedLine:
    use: FeedUse = ("last_good" if row.refusal else "newest") if row.entries else ("too_old" if age >= 0 else "none")
    return FeedLine(row, use, age * SECOND if age >= 0 else -1)
