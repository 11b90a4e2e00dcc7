"""A fact meets the view: whose station it is of, where it was heard, and which subjects that by itself touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import assets, segments
from model.adverts import HEARD_AGAIN
from model.claims import note
from model.rows import Asset, Segment, Sighting
from model.verdict import Subject

if TYPE_CHECKING:
    from model.fact import StationFact
    from model.site import SiteView

Touched = tuple[Subject, ...]


def met(view: SiteView, fact: StationFact, *, binds: bool = True) -> tuple[Asset, Touched]:
    """The station's asset, its sightings extended, and what that by itself touches. `binds`: the fact proves that the station uses its `ip`."""
    asset = assets.of_station(view, fact.mac, fact.ip, fact.at)
    # What was heard of the station before it earned an asset.
    waiting = view.probation.pop(fact.mac, None)
    touched = sighted(view, asset, fact)
    if waiting is not None:
        asset.macs[fact.mac].extend(waiting.at)
        touched = (*touched, *sighted(view, asset, waiting), *_bound(view, asset, waiting), *note.note(view, waiting))
    return asset, (*touched, *_bound(view, asset, fact)) if binds else touched


def _bound(view: SiteView, asset: Asset, fact: StationFact) -> Touched:
    """The station uses the fact's address on the fact's segment."""
    segment = view.segments[segments.name(fact.leg, fact.vlan)]
    return (*assets.bind_ip(view, asset, fact.ip, fact.at), *segments.note(view, asset, segment, fact))


def sighted(view: SiteView, asset: Asset, fact: StationFact) -> Touched:
    """The asset was heard where and when the fact says, which says nothing of its addresses; what that by itself touches."""
    news = fact.at - asset.seen.last >= HEARD_AGAIN
    asset.seen.extend(fact.at)
    where = segments.name(fact.leg, fact.vlan)
    known, segment = asset.segments.get(where), view.segments.get(where)
    if known is not None and segment is not None:
        # Nearly every fact is of this kind.
        known.extend(fact.at)
        segment.seen.extend(fact.at)
        view.changed("segment", where)
        view.changed("asset", asset.id)
        return (Subject("asset", asset.id),) if news else ()
    newcomer = where not in asset.segments
    news = news or newcomer
    assets.sight(asset.segments, where, fact.at)
    # A review finds a segment the moment it is there: so must the fact that made it. And a device of the register may be where it must not be.
    changed = where not in view.segments or (newcomer and view.declared.registered(frozenset(asset.macs)) is not None)
    met = (Subject("segment", where),) if changed else ()
    segment_of(view, fact, where)
    view.changed("asset", asset.id)
    return touch(asset, met, news=news)


def segment_of(view: SiteView, fact: StationFact, where: str) -> Segment:
    """The segment of that name, made with its first fact."""
    segment = view.segments.get(where)
    if segment is None:
        segment = view.segments[where] = Segment(id=where, leg=fact.leg, vlan=fact.vlan, seen=Sighting(fact.at, fact.at))
    segment.seen.extend(fact.at)
    view.changed("segment", where)
    return segment


def touch(asset: Asset, touched: Touched, *, news: bool) -> Touched:
    """`touched`, and the asset if there is news of it, each once."""
    if not news:
        return touched if len(touched) < 2 else tuple(dict.fromkeys(touched))
    return tuple(dict.fromkeys((*touched, Subject("asset", asset.id))))
