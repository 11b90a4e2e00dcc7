"""For how long a sign has not been heard of a device that itself was: what closes findings about habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.listening import days_heard
from model.times import DAY

if TYPE_CHECKING:
    from model.rows import Asset
    from model.site import SiteView

_HEARS_UNICAST = frozenset({"mirror", "inline"})


def days_without(view: SiteView, asset: Asset, since: int, *, unicast: bool) -> int:
    """Working days from `since` until the asset was last heard, on which one of its legs was listened to; for `unicast` only legs that hear it.

    A device that was not there proves nothing by its silence, so days after it was last heard do not count.
    """
    rows = [view.legs.get(segment.partition("/")[0]) for segment in asset.segments]
    legs = {row.name: row for row in rows if row is not None and (row.vantage in _HEARS_UNICAST or not unicast)}
    # By the wire alone: a PC that checks in from another network is there, and silent here.
    until = min(view.now, max((seen.last for seen in asset.segments.values()), default=0))
    if until - since < DAY:
        return 0
    return max((days_heard(leg, since, until, view.gap(leg.name), view.declared.holidays or ()) for leg in legs.values()), default=0)
