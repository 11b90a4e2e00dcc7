"""Activation servers that one device sought: the matter of VG-NET-10."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import ActivationSought

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ActivationRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset; `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: ActivationSought) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


def merge(into: ActivationRow, lesser: ActivationRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ActivationSought: _met,
}
