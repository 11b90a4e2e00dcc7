"""What is believed about one site now, and how one fact changes it.

`fold(view, fact)` is the only way facts enter; it changes rows of the view it is given and returns the subjects whose verdicts may now differ.
`view.now` is data, moved by core's tick alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from model import assets
from model.declared import Declared
from model.facts import (
    AddressSeen,
    AnyFact,
    DhcpClientSeen,
    DhcpServerSeen,
    NameSeen,
    PjlinkSeen,
    PortAnswered,
    RouterAdvertised,
    SensorHeard,
    ServiceAdvertised,
    ServiceAsked,
    StationFact,
    UpnpAdvertised,
    UpnpAsked,
)
from model.rows import (
    MAX_BLIND,
    Advertiser,
    Asset,
    DhcpOffer,
    DhcpProfile,
    Episode,
    Held,
    Leg,
    Segment,
    Sensor,
    Sighting,
    Stamp,
)
from model.times import MINUTE
from model.verdict import Subject

# A leg not heard for this long was not watched: absence is not counted there (architecture rule 5).
LISTENING_GAP = 2 * MINUTE
# Hearing the same again is news after this long: an unknown may become a violation again.
HEARD_AGAIN = 10 * MINUTE
# Bounds of rule 8; the figures are options of the view so that tests can reach them.
MAX_ASSETS = 20_000
MAX_PROBATION = 4_096

Touched = tuple[Subject, ...]


class SiteView:
    """All rows of one site, with the indices that make a fold's cost independent of their number."""

    def __init__(self, declared: Declared, *, key: bytes = b"", now: int = 0, max_assets: int = MAX_ASSETS, max_probation: int = MAX_PROBATION) -> None:
        """`key` is core's secret for identifiers: without it an id cannot be turned back into a MAC by trying all of them."""
        self.declared = declared
        self.key = key
        self.now = now
        self.started = now
        self.epoch = 0
        self.max_assets = max_assets
        self.max_probation = max_probation
        self.assets: dict[str, Asset] = {}
        self.segments: dict[str, Segment] = {}
        self.legs: dict[str, Leg] = {}
        self.sensors: dict[str, Sensor] = {}
        self.episodes: dict[str, Episode] = {}
        self.by_mac: dict[str, str] = {}
        self.by_ip: dict[str, str] = {}
        self.probation: dict[str, Sighting] = {}
        self.pinned: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.dirty: set[tuple[str, str]] = set()
        self.gone: set[tuple[str, str]] = set()
        self.evicted = 0
        self.overflowed = 0

    @property
    def site(self) -> str:
        """The site's code."""
        return self.declared.site

    def asset_id(self, identity: str) -> str:
        """The stable id of the asset first known by `identity` (a MAC, or `ip:` and an address)."""
        return "a" + hashlib.blake2s(f"{self.site}|{identity}".encode(), key=self.key[:32], digest_size=8).hexdigest()

    def stamp(self, fact: AnyFact) -> Stamp:
        """The fact's place in the order within its subject."""
        return Stamp(self.epoch, fact.at, fact.sensor, fact.sequence)

    def changed(self, kind: str, row_id: str) -> None:
        """Marks a row to be written to the journal."""
        self.dirty.add((kind, row_id))

    def age(self, last: int) -> int:
        """Nanoseconds since `last`, never negative (a clock may have stepped back)."""
        return max(0, self.now - last)

    def unseen(self, asset: Asset) -> int:
        """For how long the asset was not seen while at least one of its legs was listened to, ns."""
        legs = {segment.partition("/")[0] for segment in asset.segments}
        return max((self.listened(leg, asset.seen.last) for leg in legs), default=0)

    def listened(self, leg: str, since: int) -> int:
        """How much of the time from `since` to now somebody listened to `leg`, ns."""
        row = self.legs.get(leg)
        if row is None:
            return 0
        until = max(since, self.now if self.age(row.seen.last) <= LISTENING_GAP else row.seen.last)
        blind = sum(max(0, min(end, until) - max(start, since)) for start, end in row.blind)
        return max(0, until - since - blind)

    def vantage(self, asset: Asset) -> str:
        """The best vantage from which this asset's segments are heard."""
        order = ("unknown", "plain", "inline", "mirror")
        legs = (self.legs.get(segment.partition("/")[0]) for segment in asset.segments)
        return max((leg.vantage for leg in legs if leg), key=order.index, default="unknown")

    def role(self, asset: Asset) -> str:
        """Whom the asset serves: its register line first, then the zone of the segment where it was seen last."""
        macs = frozenset(asset.macs)
        if line := self.declared.registered(macs):
            return line.role
        if self.declared.screen(macs):
            return "display"
        latest = max(asset.segments, key=lambda s: asset.segments[s].last, default="")
        segment = self.segments.get(latest)
        return self.declared.role_of(segment.leg, segment.vlan) if segment else "unlabelled"

    def new_epoch(self, at: int) -> None:
        """The clock went back by a lot: times of before cannot be compared, so nothing is older than `at`."""
        self.epoch += 1
        self.now = self.started = at
        for leg in self.legs.values():
            leg.seen.last = min(leg.seen.last, at)
            leg.blind.clear()
        for table in (self.assets, self.sensors, self.episodes):
            for row in table.values():
                row.seen.last = min(row.seen.last, at)


def segment_id(leg: str, vlan: tuple[int, ...]) -> str:
    """`leg`, or `leg/10` and `leg/10.20` for tagged frames."""
    return leg if not vlan else leg + "/" + ".".join(map(str, vlan))


def fold(view: SiteView, fact: AnyFact) -> Touched:
    """Takes one fact into the view; the subjects whose verdicts may differ afterwards."""
    return _FOLDS[type(fact)](view, fact)


def _asset(view: SiteView, fact: StationFact) -> tuple[Asset, bool]:
    """The station's asset, its sightings extended; True when that by itself is news."""
    asset = assets.of_station(view, fact.mac, fact.ip, fact.at)
    return asset, _sighted(view, asset, fact)


def _sighted(view: SiteView, asset: Asset, fact: StationFact) -> bool:
    news = fact.at - asset.seen.last >= HEARD_AGAIN
    asset.seen.extend(fact.at)
    where = segment_id(fact.leg, fact.vlan)
    if where not in asset.segments:
        news = True
    assets.sight(asset.segments, where, fact.at)
    segment = view.segments.get(where)
    if segment is None:
        view.segments[where] = Segment(id=where, leg=fact.leg, vlan=fact.vlan, seen=Sighting(fact.at, fact.at))
    else:
        segment.seen.extend(fact.at)
    view.changed("segment", where)
    view.changed("asset", asset.id)
    return news


def _touch(asset: Asset, news: bool) -> Touched:
    return (Subject("asset", asset.id),) if news else ()


def _address(view: SiteView, fact: AddressSeen) -> Touched:
    if not assets.admitted(view, fact.mac, fact.at):
        return ()
    asset, news = _asset(view, fact)
    merged = assets.bind_ip(view, asset, fact.ip, fact.at)
    return (*_touch(asset, news), *merged)


def _dhcp_client(view: SiteView, fact: DhcpClientSeen) -> Touched:
    asset, news = _asset(view, fact)
    profile = DhcpProfile(fact.host_name, fact.vendor_class, fact.parameters, fact.client_id, fact.fqdn)
    if fact.host_name:
        assets.sight(asset.names, "dhcp:" + fact.host_name, fact.at)
    if asset.dhcp is None:
        asset.dhcp, news = Held(profile, view.stamp(fact)), True
    # A RELEASE or DECLINE carries no parameters: what was learnt from the request stays.
    elif fact.parameters:
        news = asset.dhcp.put(profile, view.stamp(fact)) or news
    return _touch(asset, news)


def _dhcp_server(view: SiteView, fact: DhcpServerSeen) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    if fact.message == "nak":
        return _touch(asset, news)
    offer = DhcpOffer(fact.server_id, fact.mask, fact.routers, fact.dns, fact.domain, fact.relay)
    if asset.offer is None:
        asset.offer, news = Held(offer, view.stamp(fact)), True
    else:
        news = asset.offer.put(offer, view.stamp(fact)) or news
    return _touch(asset, news)


def _router(view: SiteView, fact: RouterAdvertised) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    promise = Advertiser(fact.lifetime, tuple(p.prefix for p in fact.prefixes), fact.dns)
    if asset.router is None:
        asset.router, news = Held(promise, view.stamp(fact)), True
    else:
        news = asset.router.put(promise, view.stamp(fact)) or news
    return _touch(asset, news)


def _name(view: SiteView, fact: NameSeen) -> Touched:
    asset, news = _asset(view, fact)
    known = len(asset.names)
    assets.sight(asset.names, f"{fact.via}:{fact.name}", fact.at)
    return _touch(asset, news or len(asset.names) > known)


def _service(view: SiteView, fact: ServiceAdvertised) -> Touched:
    if fact.owner_ip:
        # A proxy or reflector spoke: the screen is the host that the answer names, not the speaker.
        asset = assets.of_ip(view, fact.owner_ip, fact.at)
        news = _sighted(view, asset, fact)
    else:
        asset, news = _asset(view, fact)
        assets.bind_ip(view, asset, fact.ip, fact.at)
    changed = assets.put_service(asset, fact, view.stamp(fact))
    view.overflowed += changed is None
    return _touch(asset, news or bool(changed))


def _service_asked(view: SiteView, fact: ServiceAsked) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    for service in fact.services:
        assets.sight(asset.asked, service, fact.at)
    return _touch(asset, news)


def _upnp(view: SiteView, fact: UpnpAdvertised) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    changed = assets.put_upnp(asset, fact, view.stamp(fact))
    view.overflowed += changed is None
    return _touch(asset, news or bool(changed))


def _upnp_asked(view: SiteView, fact: UpnpAsked) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    assets.sight(asset.asked, fact.target, fact.at)
    return _touch(asset, news)


def _port(view: SiteView, fact: PortAnswered) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    return _touch(asset, assets.put_port(asset, fact, view.stamp(fact)) or news)


def _pjlink(view: SiteView, fact: PjlinkSeen) -> Touched:
    asset, news = _asset(view, fact)
    assets.bind_ip(view, asset, fact.ip, fact.at)
    stamp = view.stamp(fact)
    if fact.form not in asset.pjlink:
        asset.pjlink[fact.form], news = Held(fact.line, stamp), True
    else:
        news = asset.pjlink[fact.form].put(fact.line, stamp) or news
    if fact.protected is not None:
        if asset.pjlink_protected is None:
            asset.pjlink_protected, news = Held(fact.protected, stamp), True
        else:
            news = asset.pjlink_protected.put(fact.protected, stamp) or news
    return _touch(asset, news)


def _sensor(view: SiteView, fact: SensorHeard) -> Touched:
    row = view.sensors.get(fact.sensor)
    if row is None:
        row = view.sensors[fact.sensor] = Sensor(sensor=fact.sensor, leg=fact.leg, seen=Sighting(fact.at, fact.at))
    elif fact.at < row.seen.last:
        return ()
    was = row.state
    row.seen.extend(fact.at)
    row.state, row.interface, row.vantage, row.message = fact.state, fact.interface, fact.vantage, fact.message
    row.received, row.dropped, row.decoded, row.undecodable = fact.received, fact.dropped, fact.decoded, fact.undecodable
    view.changed("sensor", fact.sensor)
    if fact.state == "running" and fact.leg:
        _listening(view, fact)
    return (Subject("sensor", fact.sensor),) if was != row.state or row.seen.first == row.seen.last else ()


def _listening(view: SiteView, fact: SensorHeard) -> None:
    leg = view.legs.get(fact.leg)
    if leg is None:
        leg = view.legs[fact.leg] = Leg(name=fact.leg, seen=Sighting(fact.at, fact.at))
    if fact.at - leg.seen.last > LISTENING_GAP:
        leg.blind = [*leg.blind[-MAX_BLIND + 1 :], (leg.seen.last, fact.at)]
    leg.seen.extend(fact.at)
    leg.vantage = fact.vantage
    view.changed("leg", fact.leg)


def restore(view: SiteView, rows: Iterable[Asset | Segment | Leg | Sensor | Episode]) -> None:
    """Puts rows read from the journal back, with their indices."""
    for row in rows:
        match row:
            case Asset():
                view.assets[row.id] = row
                view.by_mac.update(dict.fromkeys(row.macs, row.id))
                view.by_ip.update(dict.fromkeys(row.ips, row.id))
            case Segment():
                view.segments[row.id] = row
            case Leg():
                view.legs[row.name] = row
            case Sensor():
                view.sensors[row.sensor] = row
            case Episode():
                view.episodes[row.id] = row


def row_of(view: SiteView, kind: str, row_id: str) -> Asset | Segment | Leg | Sensor | Episode | None:
    """The row of that kind and id, or None when it is gone."""
    tables: dict[str, dict[str, Any]] = {
        "asset": view.assets,
        "segment": view.segments,
        "leg": view.legs,
        "sensor": view.sensors,
        "episode": view.episodes,
    }
    found: Asset | Segment | Leg | Sensor | Episode | None = tables[kind].get(row_id)
    return found


# Keyed by the fact's class; each branch takes just that class.
_FOLDS: dict[type[Any], Callable[[SiteView, Any], Touched]] = {
    AddressSeen: _address,
    DhcpClientSeen: _dhcp_client,
    DhcpServerSeen: _dhcp_server,
    RouterAdvertised: _router,
    NameSeen: _name,
    ServiceAdvertised: _service,
    ServiceAsked: _service_asked,
    UpnpAdvertised: _upnp,
    UpnpAsked: _upnp_asked,
    PortAnswered: _port,
    PjlinkSeen: _pjlink,
    SensorHeard: _sensor,
}
