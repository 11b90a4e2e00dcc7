"""Who claims one address of a segment, and how: the matter of VG-NET-08."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import AddressProbed

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ClaimRow(msgspec.Struct, kw_only=True):
    """What is kept of a segment's address, `segment|ip`; `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: AddressProbed) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    AddressProbed: _met,
}
