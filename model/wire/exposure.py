"""What lets the outside in: mappings and accepted connections (VG-NET-09), and signs of routers inside (VG-NET-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import HopsSeen, InboundAnswered, MappingSeen

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ExposureRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset; `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: InboundAnswered | MappingSeen | HopsSeen) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


def merge(into: ExposureRow, lesser: ExposureRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    InboundAnswered: _met,
    MappingSeen: _met,
    HopsSeen: _met,
}
