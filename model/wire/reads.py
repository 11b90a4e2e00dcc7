"""What one screen answered to our own read-only questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import ScreenTold

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ReadRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset (the screen); `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: ScreenTold) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


def merge(into: ReadRow, lesser: ReadRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ScreenTold: _met,
}
