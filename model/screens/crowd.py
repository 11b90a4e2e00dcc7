"""Many screens that come at once and do not stay: somebody makes them up, and each told for itself would hide the real one among them.

Who is declared, answers, or goes on being heard is no part of a crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model import segments
from model.facts import ServiceAdvertised
from model.rows import Sighting
from model.screens.mdns import FAMILIES
from model.screens.told import answered
from model.screens.wire import is_type
from model.times import DAY, HOUR, MINUTE
from model.verdict import Subject

if TYPE_CHECKING:
    from model.facts import UpnpAdvertised
    from model.rows import Asset
    from model.screens.lamps import Lamps
    from model.site import SiteView

# So many new ones on one segment within an hour are a crowd: no place buys as many screens on one day.
CROWD = 20
_AT_ONCE = HOUR
# Whoever advertises for so long is there.
STAYS = 10 * MINUTE


def note(view: SiteView, asset: Asset, fact: ServiceAdvertised | UpnpAdvertised) -> tuple[Subject, ...]:
    """Takes in one advert; the segment when a crowd begins there. What one costs does not grow with how many came."""
    arriving = view.wire.arriving.setdefault(segments.name(fact.leg, fact.vlan), {})
    if asset.id in arriving or fact.at - asset.seen.first >= _AT_ONCE or not _is_screens(fact) or _is_known(view, asset):
        return ()
    arriving[asset.id] = fact.at
    if len(arriving) > CROWD:
        del arriving[next(iter(arriving))]
    if len(arriving) < CROWD or fact.at - min(arriving.values()) >= _AT_ONCE:
        return ()
    segment = view.segments[segments.name(fact.leg, fact.vlan)]
    fresh = segment.crowd is None or fact.at - segment.crowd.last >= DAY
    if segment.crowd is None or fresh:
        segment.crowd = Sighting(fact.at, fact.at)
    segment.crowd.extend(fact.at)
    return (Subject("segment", segment.id),) if fresh else ()


def came_with(view: SiteView, asset: Asset, families: Sequence[Lamps]) -> str:
    """The segment with whose crowd the screen came, empty for one that is there by itself: known, heard for long enough, or answering."""
    first, last = min(lamps.seen.first for lamps in families), max(lamps.seen.last for lamps in families)
    crowds = [(name, row.crowd) for name in sorted(asset.segments) if (row := view.segments.get(name)) and row.crowd]
    where = next((name for name, crowd in crowds if crowd.first <= first <= crowd.last), "")
    return where if where and last - first < STAYS and not _answers(view, asset) and not _is_known(view, asset) else ""


def _is_screens(fact: ServiceAdvertised | UpnpAdvertised) -> bool:
    return fact.service in FAMILIES if isinstance(fact, ServiceAdvertised) else is_type(fact.target)


def _answers(view: SiteView, asset: Asset) -> bool:
    told = view.wire.reads.get(asset.id)
    return any(port.accepted.value for port in asset.ports.values()) or (told is not None and bool(answered(told)))


def _is_known(view: SiteView, asset: Asset) -> bool:
    macs = frozenset(asset.macs)
    return view.declared.screen(macs) is not None or view.declared.registered(macs) is not None
