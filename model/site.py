"""What is believed about one site now, and how one fact changes it.

`fold(view, fact)` is the only way facts enter; it changes rows of the view it is given and returns the subjects whose verdicts may now differ.
`view.now` is data, moved by core's tick alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from model import adverts, assets, identity, listening, meeting, nonce, portals, segments, signs, wire
from model.claims import note
from model.declared import Declared
from model.fact import StationFact
from model.facts import (
    AddressSeen,
    AnyFact,
    BridgeSeen,
    Dhcp6ServerSeen,
    DhcpClientSeen,
    DhcpServerSeen,
    DnsAnswered,
    NameSeen,
    NeighbourSeen,
    PjlinkSeen,
    PortAnswered,
    RouterAdvertised,
    SensorHeard,
    ServiceAdvertised,
    ServiceAsked,
    UpnpAdvertised,
    UpnpAsked,
)
from model.listening import LISTENING_GAP, listened
from model.posture import fold as posture
from model.posture import machines
from model.rows import MAX_NAMES, Advertiser, Asset, DhcpOffer, DhcpProfile, Episode, Leg, Segment, Sensor, Sighting, Stamp, put
from model.turned import TurnedAway
from model.verdict import Subject
from model.wire import proof, servers

# Bounds of rule 8; the figures are options of the view so that tests can reach them.
MAX_ASSETS = 20_000
MAX_PROBATION = 4_096
MAX_NEW = 512
# Made-up VLAN tags would otherwise make four thousand segments.
MAX_SEGMENTS = 128
MAX_EPISODES = 4_096
# Ids remembered instead of hashed anew: an ARP frame asks for three, and most frames are of the same few hundred stations.
MAX_IDS = 8_192

Touched = tuple[Subject, ...]


def _nobody(_mac: str) -> str:
    return ""


class SiteView:
    """All rows of one site, with the indices that make a fold's cost independent of their number."""

    def __init__(
        self,
        declared: Declared,
        *,
        key: bytes = b"",
        now: int = 0,
        max_assets: int = MAX_ASSETS,
        max_probation: int = MAX_PROBATION,
        max_episodes: int = MAX_EPISODES,
        vendor_of: Callable[[str], str] = _nobody,
    ) -> None:
        """`key` is core's secret for identifiers: without it an id cannot be turned back into a MAC by trying all of them.

        `vendor_of` gives a MAC's maker, asked once for each new MAC and kept with the asset: the table is no part of the model.
        """
        self.declared = declared
        self.key = key
        self.now = now
        self.started = now
        self.epoch = 0
        self.max_assets = max_assets
        self.max_probation = max_probation
        self.max_episodes = max_episodes
        self.max_new = MAX_NEW
        self.minute = self.met = 0
        self.turned_away = TurnedAway()
        self.vendor_of = vendor_of
        self.assets: dict[str, Asset] = {}
        self.segments: dict[str, Segment] = {}
        self.legs: dict[str, Leg] = {}
        self.sensors: dict[str, Sensor] = {}
        self.episodes: dict[str, Episode] = {}
        self.portals: dict[str, portals.PortalRow] = {}
        self.feeds: dict[str, portals.FeedRow] = {}
        self.campaigns = portals.Campaigns()
        self.policy = portals.Policy(declared)
        self.wire = wire.Tables()
        self.posture = posture.Tables()
        self._ids: dict[str, str] = {}
        self.by_mac: dict[str, str] = {}
        # Codes of stations (`asset_id` of a MAC) whose asset has another id, as it was merged or is an enrolled PC.
        self.stations: dict[str, str] = {}
        self.by_ip: dict[str, str] = {}
        self.by_identity: dict[str, str] = {}
        self.probation: dict[str, AddressSeen] = {}
        self.pinned: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.dirty: set[tuple[str, str]] = set()
        self.gone: set[tuple[str, str]] = set()
        self.evictees: set[str] = set()
        self.evicted = 0
        self.overflowed = 0

    @property
    def site(self) -> str:
        """The site's code."""
        return self.declared.site

    def asset_id(self, identity: str) -> str:
        """The stable id of the asset first known by `identity` (a MAC, or `ip:` and an address)."""
        known = self._ids.get(identity)
        if known is None:
            if len(self._ids) >= MAX_IDS:
                self._ids.clear()
            known = self._ids[identity] = self._hashed(identity)
        return known

    def _hashed(self, identity: str) -> str:
        return "a" + hashlib.blake2s(f"{self.site}|{identity}".encode(), key=self.key[:32], digest_size=8).hexdigest()

    def station(self, code: str) -> Asset | None:
        """The asset whose MAC address has this code (`asset_id`), whatever it is known by itself."""
        return self.assets.get(code) or self.assets.get(self.stations.get(code, ""))

    def stamp(self, fact: AnyFact) -> Stamp:
        """The fact's place in the order within its subject."""
        return Stamp(self.epoch, fact.at, fact.sensor, fact.sequence)

    def changed(self, kind: str, row_id: str) -> None:
        """Marks a row to be written to the journal."""
        row = (kind, row_id)
        self.dirty.add(row)
        if self.gone:
            self.gone.discard(row)

    def removed(self, kind: str, row_id: str) -> None:
        """Marks a row to be taken out of the journal."""
        self.dirty.discard((kind, row_id))
        self.gone.add((kind, row_id))

    def age(self, last: int) -> int:
        """Nanoseconds since `last`, never negative (a clock may have stepped back)."""
        return max(0, self.now - last)

    def unseen(self, asset: Asset, since: int) -> int:
        """For how long after `since` nothing was seen of the asset while at least one of its legs was listened to, ns."""
        legs = {segment.partition("/")[0] for segment in asset.segments}
        return max((self.listened(leg, since) for leg in legs), default=0)

    def listened(self, leg: str, since: int) -> int:
        """How much of the time from `since` to now somebody listened to `leg`, ns."""
        row = self.legs.get(leg)
        return listened(row, since, self.now, self.gap(leg)) if row else 0

    def gap(self, leg: str) -> int:
        """The longest silence of a leg's sensors that still counts as listening, ns."""
        return max((LISTENING_GAP, *(2 * sensor.heartbeat for sensor in self.declared.sensors if sensor.leg == leg)))

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
        latest = max(asset.segments, key=lambda s: (asset.segments[s].last, s), default="")
        segment = self.segments.get(latest)
        return self.declared.role_of(segment.leg, segment.vlan) if segment else "unlabelled"

    def new_epoch(self, at: int) -> None:
        """The clock went back by a lot: times of before cannot be compared, so nothing is older than `at`."""
        self.epoch += 1
        self.now = self.started = at
        for leg in self.legs.values():
            leg.seen.rebase(at)
            leg.blind.clear()
            self.changed("leg", leg.name)
        for asset in self.assets.values():
            for sighting in asset.sightings():
                sighting.rebase(at)
            self.changed("asset", asset.id)
        for sensor in self.sensors.values():
            sensor.seen.rebase(at)
            self.changed("sensor", sensor.sensor)
        for segment in self.segments.values():
            segment.seen.rebase(at)
            self.changed("segment", segment.id)
        for episode in self.episodes.values():
            episode.seen.rebase(at)
            self.changed("episode", episode.id)
        for row in self.portals.values():
            portals.new_epoch(row, at)
            self.changed("portal", row.id)
        for kind, row_id in wire.new_epoch(self.wire, at):
            self.changed(kind, row_id)
        posture.new_epoch(self.posture, at)


def fold(view: SiteView, fact: AnyFact) -> Touched:
    """Takes one fact into the view; the subjects whose verdicts may differ afterwards."""
    known = len(view.segments)
    if isinstance(fact, StationFact) and not _admitted(view, fact, known):
        return ()
    try:
        touched = _FOLDS[type(fact)](view, fact)
    except assets.FullError:
        view.overflowed += 1
        return ()
    if view.aliases or view.evictees:
        _follow(view)
    return touched if len(view.segments) == known else (*touched, *segments.newcomer(view))


def _admitted(view: SiteView, fact: StationFact, known: int) -> bool:
    # A probe of ours that is heard on another leg is no device.
    if not (fact.mac or fact.ip) or nonce.is_ours(view.key, fact.mac):
        return False
    if known < MAX_SEGMENTS or segments.name(fact.leg, fact.vlan) in view.segments:
        return True
    view.overflowed += 1
    return False


def _follow(view: SiteView) -> None:
    wire.follow(view)
    for lesser, into in view.aliases.items():
        machines.renamed(view, lesser, into)


def _address(view: SiteView, fact: AddressSeen) -> Touched:
    answer = proof.answered(view, fact)
    return (*meeting.met(view, fact)[1], *note.note(view, fact), *answer) if assets.admitted(view, fact) else answer


def _dhcp_client(view: SiteView, fact: DhcpClientSeen) -> Touched:
    asset, touched = meeting.met(view, fact, binds=False)
    if fact.host_name:
        assets.sight(asset.names, "dhcp:" + fact.host_name, fact.at)
    if fact.message in {"release", "decline"}:
        # They carry no parameters: what was learnt from the request stays.
        return (*touched, *identity.reunite(view, asset))
    profile = DhcpProfile(fact.host_name, fact.vendor_class, fact.parameters, fact.client_id, fact.fqdn, fact.ttl)
    asset.dhcp, news = put(asset.dhcp, profile, view.stamp(fact))
    return (*meeting.touch(asset, touched, news=news), *identity.reunite(view, asset))


def _dhcp_server(view: SiteView, fact: DhcpServerSeen) -> Touched:
    asset, touched = meeting.met(view, fact)
    touched = (*touched, *servers.dhcp(view, asset, fact))
    if fact.message == "nak":
        return touched
    offer = DhcpOffer(fact.server_id, fact.mask, fact.routers, fact.dns, fact.domain, fact.relay)
    asset.offer, news = put(asset.offer, offer, view.stamp(fact))
    return (*meeting.touch(asset, touched, news=news), *proof.offered(view, fact), *note.dhcp(view, fact))


def _router(view: SiteView, fact: RouterAdvertised) -> Touched:
    asset, touched = meeting.met(view, fact)
    touched = (*touched, *servers.advertised(view, asset, fact))
    promise = Advertiser(fact.lifetime, tuple(p.prefix for p in fact.prefixes), fact.dns)
    asset.router, news = put(asset.router, promise, view.stamp(fact))
    return (*meeting.touch(asset, touched, news=news), *proof.advertised(view, fact), *note.advertised(view, fact))


def _name(view: SiteView, fact: NameSeen) -> Touched:
    asset, touched = meeting.met(view, fact, binds=False)
    name = f"{fact.via}:{fact.name}"
    news = name not in asset.names
    assets.sight(asset.names, name, fact.at, MAX_NAMES)
    return (*meeting.touch(asset, touched, news=news), *identity.reunite(view, asset))


def _service(view: SiteView, fact: ServiceAdvertised) -> Touched:
    if fact.owner_ip:
        # A proxy or reflector spoke: the screen is the host that the answer names, not the speaker.
        asset = assets.of_ip(view, fact.owner_ip, fact.at)
        touched = meeting.sighted(view, asset, fact)
    else:
        asset, touched = meeting.met(view, fact)
    return meeting.touch(asset, touched, news=adverts.put_service(view, asset, fact))


def _service_asked(view: SiteView, fact: ServiceAsked) -> Touched:
    asset, touched = meeting.met(view, fact)
    for service in fact.services:
        assets.sight(asset.asked, service, fact.at)
    return touched


def _upnp(view: SiteView, fact: UpnpAdvertised) -> Touched:
    asset, touched = meeting.met(view, fact)
    return meeting.touch(asset, touched, news=adverts.put_upnp(view, asset, fact))


def _upnp_asked(view: SiteView, fact: UpnpAsked) -> Touched:
    asset, touched = meeting.met(view, fact)
    assets.sight(asset.asked, fact.target, fact.at)
    return touched


def _port(view: SiteView, fact: PortAnswered) -> Touched:
    asset, touched = meeting.met(view, fact)
    return meeting.touch(asset, touched, news=adverts.put_port(view, asset, fact))


def _pjlink(view: SiteView, fact: PjlinkSeen) -> Touched:
    asset, touched = meeting.met(view, fact)
    return meeting.touch(asset, touched, news=adverts.put_pjlink(view, asset, fact))


def _sign(view: SiteView, fact: signs.Sign) -> Touched:
    asset, touched = meeting.met(view, fact, binds=False)
    return meeting.touch(asset, touched, news=signs.tell(asset, fact, view.stamp(fact)))


def _dhcp6_server(view: SiteView, fact: Dhcp6ServerSeen) -> Touched:
    touched = _sign(view, fact)
    return (*touched, *servers.dhcp6(view, view.assets[view.by_mac[fact.mac]], fact)) if fact.mac else touched


def _edge(view: SiteView, fact: NeighbourSeen | BridgeSeen) -> Touched:
    """The box at the other end of the cable. A bridge's port is no device of its own, so spanning tree makes no asset."""
    segment = meeting.segment_of(view, fact, segments.name(fact.leg, fact.vlan))
    news = signs.tell_segment(segment, fact, view.stamp(fact))
    touched = _sign(view, fact) if isinstance(fact, NeighbourSeen) else ()
    return (*touched, Subject("segment", segment.id)) if news else touched


def _resolved(_view: SiteView, _fact: DnsAnswered) -> Touched:
    """Kept nowhere: what somebody looked up is that person's own matter (rule 11)."""
    return ()


def _sensor(view: SiteView, fact: SensorHeard) -> Touched:
    stamp = view.stamp(fact)
    row = view.sensors.get(fact.sensor)
    if row is None:
        row = view.sensors[fact.sensor] = Sensor(sensor=fact.sensor, leg=fact.leg, seen=Sighting(fact.at, fact.at))
    row.seen.extend(fact.at)
    if row.told is None or row.told <= stamp:
        row.told, row.leg = stamp, fact.leg
        row.state, row.interface, row.vantage, row.message = fact.state, fact.interface, fact.vantage, fact.message
        row.received, row.dropped, row.decoded, row.undecodable = fact.received, fact.dropped, fact.decoded, fact.undecodable
        row.flows, row.flows_dropped, row.flows_cut = fact.flows, fact.flows_dropped, fact.flows_cut
    view.changed("sensor", fact.sensor)
    if fact.state == "running" and fact.leg:
        listening.beat(view, fact, stamp)
    # Each heartbeat is judged: one that comes after a silence ends it, though nothing else about the sensor changed.
    return (Subject("sensor", fact.sensor),)


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
    **dict.fromkeys(signs.KINDS, _sign),
    Dhcp6ServerSeen: _dhcp6_server,
    NeighbourSeen: _edge,
    BridgeSeen: _edge,
    DnsAnswered: _resolved,
    SensorHeard: _sensor,
    **portals.FOLDS,
    **wire.FOLDS,
    **posture.FOLDS,
}
