"""What was pushed to one screen, by whom: the matter of VG-NET-03."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import ScreenPushed

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ScreenRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset (the screen); `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: ScreenPushed) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


def merge(into: ScreenRow, lesser: ScreenRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ScreenPushed: _met,
}
