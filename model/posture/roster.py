"""How an enrolled PC stands with the SOC: reports, fell silent, never reported, may not any more, or is two under one hardware.

Silence is counted in working days on which the box itself could be reached: neither a weekend, nor Tết, nor a box that was off makes a PC silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from model.listening import days_heard
from model.posture.ask import pcs
from model.posture.machines import same_board, sharing
from model.times import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.declared import Enrolled, Revoked
    from model.posture.rows import PcRow
    from model.rows import Asset
    from model.site import SiteView

# The sensor that PCs report to; its heartbeats are kept as those of a leg of that name.
RECEIVER: Final = "endpoints"
# What was carried here speaks of a PC for so long (endpoint research: then it is unknown).
_CARRIED: Final = 30 * DAY
# Two certificates whose times overlap by less are one PC on the day it was enrolled anew.
_OVERLAP: Final = DAY
_LATELY: Final = 7 * DAY
_COLONS: Final = 5

What = Literal["reports", "carried", "silent", "mute", "never", "revoked", "copied", "waiting", "blind"]


class Standing(NamedTuple):
    """`at`: when the PC was last heard, or was to be from; 0 for never. `others`: names of PCs that are concerned; `was`: those it had before."""

    what: What
    at: int
    others: Sequence[str] = ()
    was: Sequence[str] = ()
    shares: Sequence[str] = ()
    revoked: Revoked | None = None


class Patience(NamedTuple):
    """Working days: `silent` without a word, `mute` while the network hears the PC at work."""

    silent: int
    mute: int


def standing_of(view: SiteView, asset: Asset, patience: Patience) -> Standing:
    """Of a PC that has reported."""
    rows = pcs(view, asset.id)
    last = rows[0].seen.last
    if (revoked := _revoked(view, rows, last)) is not None:
        return Standing("revoked", last, revoked=revoked)
    if others := _copies(view, rows):
        return Standing("copied", last, others)
    shares = sorted({name for row in rows for name in sharing(view, row)})
    was = [row.id for row in rows[1:]]
    what = _silence(view, asset, last, patience)
    return Standing(what, last, was=was, shares=shares)


def awaited(view: SiteView, line: Enrolled, patience: Patience) -> Standing:
    """Of a PC of the list that has not reported."""
    revoked = next((each for each in view.declared.revoked if each.id.lower() == line.id.lower() and each.day <= view.now), None)
    if revoked is not None:
        return Standing("revoked", 0, revoked=revoked)
    leg = view.legs.get(RECEIVER)
    if leg is None:
        return Standing("blind", 0)
    since = max(leg.seen.first, line.since)
    return Standing("never" if _days(view, since) >= patience.silent else "waiting", since)


def code(view: SiteView, line: Enrolled) -> str:
    """The asset id that this PC will have once it is heard: by its certificate, or by the hardware address that the list has for it."""
    return view.asset_id(line.id if line.id.count(":") == _COLONS else "pc:" + line.id)


def unheard(view: SiteView, lines: Sequence[Enrolled]) -> list[Enrolled]:
    """Of these lines those that nothing here is: neither by its certificate, nor by an address or a name the network heard."""
    lines = [line for line in lines if line.id.lower() not in view.posture.pc and line.id.lower() not in view.by_mac]
    names = {told.partition(":")[2].lower() for asset in view.assets.values() for told in asset.names} if lines else set()
    return [line for line in lines if line.id.lower() not in names]


def _silence(view: SiteView, asset: Asset, last: int, patience: Patience) -> What:
    if view.legs.get(RECEIVER) is None:
        # Nobody receives here: what is known was carried by hand.
        return "carried" if view.age(last) < _CARRIED else "blind"
    on_the_wire = max((seen.last for seen in asset.segments.values()), default=0)
    if on_the_wire > last and _days(view, last, on_the_wire) >= patience.mute:
        return "mute"
    return "silent" if _days(view, last) >= patience.silent else "reports"


def _days(view: SiteView, since: int, until: int | None = None) -> int:
    """Working days from `since` on which PCs could report."""
    leg = view.legs[RECEIVER]
    return days_heard(leg, since, view.now if until is None else until, view.gap(RECEIVER), view.declared.holidays or ())


def _revoked(view: SiteView, rows: Sequence[PcRow], last: int) -> Revoked | None:
    """What ended the certificate it last reported by. Who reports after the day it was revoked has a new one."""
    found = [each for each in view.declared.revoked for row in rows if each.id.lower() == row.id and row.seen.last == last]
    return max((each for each in found if each.day <= view.now and last < each.day + DAY), key=lambda each: each.day, default=None)


def _copies(view: SiteView, rows: Sequence[PcRow]) -> list[str]:
    """PCs of the same hardware that reported at the same time as this one, and lately: a copied disk, or a certificate used twice."""
    twins = {(row.id, name) for row in rows for name in (*same_board(view, row), *(other.id for other in rows if other is not row))}
    return sorted({name for one, name in twins if _at_once(view, view.posture.pc[one], view.posture.pc[name])} - {rows[0].id})


def _at_once(view: SiteView, one: PcRow, other: PcRow) -> bool:
    until = min(one.seen.last, other.seen.last)
    return until - max(one.seen.first, other.seen.first) >= _OVERLAP and view.age(until) < _LATELY
