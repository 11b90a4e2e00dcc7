"""For how long a thing has not been heard while somebody listened where it had been (architecture rule 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.listening import days_heard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.rows import Asset
    from model.site import SiteView

# What ends a finding by silence alone (findings.md, VG-NET-05 and VG-NET-09).
GONE_DAYS = 5
HEARS_UNICAST = frozenset({"mirror", "inline"})


def legs_of(asset: Asset) -> frozenset[str]:
    """The legs the asset was heard on."""
    return frozenset(segment.partition("/")[0] for segment in asset.segments)


def is_gone(view: SiteView, legs: Iterable[str], since: int, *, unicast: bool) -> bool:
    """Whether every leg was listened to on `GONE_DAYS` working days since; `unicast`: by an ear that hears what is said to one station."""
    rows = [view.legs.get(leg) for leg in legs]
    off = view.declared.holidays or ()
    return bool(rows) and all(
        row is not None and (row.vantage in HEARS_UNICAST or not unicast) and days_heard(row, since, view.now, view.gap(row.name), off) >= GONE_DAYS
        for row in rows
    )
