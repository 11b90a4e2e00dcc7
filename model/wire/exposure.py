"""What lets the outside in: mappings and accepted connections (VG-NET-09), and by what time to live a router inside gives itself away (VG-NET-05).

A row is an asset's, or, with the id that `place` gives, a segment's.
"""

from __future__ import annotations

import ipaddress
from bisect import insort
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from model import assets, meeting, segments
from model.adverts import HEARD_AGAIN
from model.population import random_mac
from model.rows import Held, Sighting, Stamp, newest, put
from model.times import SECOND
from model.verdict import Subject
from model.wirefacts import HopsSeen, InboundAnswered, LineTold, MappingSeen

if TYPE_CHECKING:
    from model.rows import Asset
    from model.site import SiteView

# Bounds of one row; rows are as many as assets and segments.
MAX_PORTS = 16
MAX_MAPPINGS = 32
MAX_RANGES = 16
MAX_KNOCKS = 8
# What a packet has left when one router lowered what its sender's system set (64, 128, 255).
ROUTED = {63: 64, 127: 128, 254: 255}
_LOCAL = tuple(
    map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "0.0.0.0/8", "224.0.0.0/3"))
)

Touched = tuple[Subject, ...]


class Reached(msgspec.Struct, kw_only=True):
    """A port at which the asset let somebody outside in. `peer` is the last of them, kept only where the asset is nobody's own."""

    seen: Sighting
    peer: Held[str] | None = None


class Mapping(msgspec.Struct, frozen=True):
    """One word about a mapping: the port inside and outside, how long it holds (seconds, 0: for ever), the router's asset. `teredo`: Windows' own."""

    client_port: int
    outside_port: int
    lease: int
    router: str = ""
    deleted: bool = False
    refused: bool = False
    teredo: bool = False


class Mapped(msgspec.Struct, kw_only=True):
    """One mapping: `asked` the last word that no answer agreed to, `made` the last to which the router agreed."""

    seen: Sighting
    asked: Held[Mapping] | None = None
    made: Held[Mapping] | None = None


class Knock(msgspec.Struct, frozen=True, order=True):
    """What the SOC found open of the leg's public address when it knocked."""

    stamp: Stamp
    ports: tuple[int, ...]


class ExposureRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset or segment.

    Of an asset: `reached` by port, `mapped` by `via|protocol|port` (outside port of UPnP, inside port of the others), `hops` by the time to live its packets
    came with, `brings` when it brought packets from outside. Of a segment: `knocks`, oldest first, and `passed` by the range (`192.168.10`) of hosts of
    another segment that let somebody here in.
    """

    id: str
    seen: Sighting
    reached: dict[int, Reached] = {}
    mapped: dict[str, Mapped] = {}
    hops: dict[int, Sighting] = {}
    brings: Sighting | None = None
    passed: dict[str, Sighting] = {}
    knocks: list[Knock] = []


def place(segment: str) -> str:
    """The id of a segment's row."""
    return "segment:" + segment


def of(view: SiteView, row_id: str) -> ExposureRow | None:
    """The row of an asset, or of a segment by its `place`."""
    return view.wire.exposure.get(row_id)


def merge(into: ExposureRow, lesser: ExposureRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    _join(into.seen, lesser.seen)
    for port, theirs in lesser.reached.items():
        mine = into.reached.setdefault(port, theirs)
        _join(mine.seen, theirs.seen)
        mine.peer = newest(mine.peer, theirs.peer)
    for key, their_mapping in lesser.mapped.items():
        mapping = into.mapped.setdefault(key, their_mapping)
        _join(mapping.seen, their_mapping.seen)
        mapping.asked, mapping.made = newest(mapping.asked, their_mapping.asked), newest(mapping.made, their_mapping.made)
    for ttl, seen in lesser.hops.items():
        _join(into.hops.setdefault(ttl, seen), seen)
    if lesser.brings is not None:
        into.brings = into.brings or lesser.brings
        _join(into.brings, lesser.brings)
    _bound(into.reached, MAX_PORTS)
    _bound(into.mapped, MAX_MAPPINGS)


def knocked(view: SiteView, fact: LineTold) -> Touched:
    """The SOC knocked on the leg's public address; nothing where it was not asked to."""
    if fact.open_ports is None:
        return ()
    segment = segments.name(fact.leg, ())
    row = _row(view, place(segment), fact.at)
    knock = Knock(view.stamp(fact), fact.open_ports)
    if knock not in row.knocks:
        insort(row.knocks, knock)
        del row.knocks[:-MAX_KNOCKS]
    return (Subject("segment", segment),)


def _inbound(view: SiteView, fact: InboundAnswered) -> Touched:
    if fact.routed:
        return _passed(view, fact)
    asset, touched = meeting.met(view, fact, binds=False)
    row = _row(view, asset.id, fact.at)
    known = row.reached.get(fact.port)
    news = known is None or fact.at - known.seen.last >= HEARD_AGAIN
    if known is None:
        known = row.reached[fact.port] = Reached(seen=Sighting(fact.at, fact.at))
    known.seen.extend(fact.at)
    if not _private(view, fact):
        known.peer, _ = put(known.peer, fact.peer_ip, view.stamp(fact))
    _bound(row.reached, MAX_PORTS)
    return meeting.touch(asset, touched, news=news)


def _private(view: SiteView, fact: InboundAnswered) -> bool:
    """Whether it may be a citizen's own device, with whom it spoke being nobody's matter; by the fact alone, so that any order of facts gives one row."""
    role = view.declared.role_of(fact.leg, fact.vlan)
    return role == "citizen" or (role == "unlabelled" and (not fact.mac or random_mac(fact.mac)))


def _passed(view: SiteView, fact: InboundAnswered) -> Touched:
    """A host of another segment let somebody of this one in. Which two devices they were is not kept."""
    segment = segments.name(fact.leg, fact.vlan)
    meeting.segment_of(view, fact, segment)
    row = _row(view, place(segment), fact.at)
    span = fact.ip.rpartition(".")[0]
    known = row.passed.get(span)
    news = known is None or fact.at - known.last >= HEARD_AGAIN
    assets.sight(row.passed, span, fact.at, MAX_RANGES)
    return tuple(Subject("segments", segments.pair_id(segment, other)) for other in view.segments if other != segment) if news else ()


def _mapping(view: SiteView, fact: MappingSeen) -> Touched:
    asset, touched = meeting.met(view, fact, binds=False)
    if fact.client_ip and fact.client_ip != fact.ip:
        asset = assets.of_ip(view, fact.client_ip, fact.at)
        touched = (*touched, *meeting.sighted(view, asset, fact))
    row = _row(view, asset.id, fact.at)
    port = fact.outside_port if fact.via == "upnp" else fact.client_port
    key = f"{fact.via}|{fact.protocol}|{port}"
    mapped = row.mapped.get(key)
    news = mapped is None or fact.at - mapped.seen.last >= HEARD_AGAIN
    if mapped is None:
        mapped = row.mapped[key] = Mapped(seen=Sighting(fact.at, fact.at))
    mapped.seen.extend(fact.at)
    told = _told(view, fact)
    if fact.accepted:
        mapped.made, changed = put(mapped.made, told, view.stamp(fact))
    else:
        mapped.asked, changed = put(mapped.asked, told, view.stamp(fact))
    _bound(row.mapped, MAX_MAPPINGS)
    return meeting.touch(asset, touched, news=news or changed)


def _told(view: SiteView, fact: MappingSeen) -> Mapping:
    own = fact.protocol == "udp" and fact.client_ip == fact.ip and fact.client_port == fact.outside_port
    return Mapping(
        client_port=fact.client_port,
        outside_port=fact.outside_port,
        lease=fact.lease,
        router=view.asset_id(fact.router_mac) if fact.router_mac else "",
        deleted=fact.deleted,
        refused=fact.accepted is False,
        teredo=own and fact.description == "Teredo",
    )


def holds(mapped: Mapped) -> Held[Mapping] | None:
    """The mapping as it stands by the last word that counts: what the router agreed to, else what was asked and not refused; None: there is none."""
    held = mapped.made or mapped.asked
    return None if held is None or held.value.deleted or held.value.refused else held


def ends(held: Held[Mapping]) -> int | None:
    """When the mapping runs out by itself, ns; None: it does not."""
    return held.stamp.at + held.value.lease * SECOND if held.value.lease else None


def _hops(view: SiteView, fact: HopsSeen) -> Touched:
    asset, touched = meeting.met(view, fact, binds=False)
    fresh = fact.ttl in ROUTED.values()
    if _is_global(fact.ip):
        # Fresh, it is of a segment with public addresses.
        return touched if fresh else _brings(view, asset, fact, touched)
    if not fresh and fact.ttl not in ROUTED:
        return touched
    row = _row(view, asset.id, fact.at)
    news = fact.ttl not in row.hops
    row.hops.setdefault(fact.ttl, Sighting(fact.at, fact.at)).extend(fact.at)
    return meeting.touch(asset, touched, news=news)


def _brings(view: SiteView, asset: Asset, fact: HopsSeen, touched: Touched) -> Touched:
    row = _row(view, asset.id, fact.at)
    news = row.brings is None
    row.brings = row.brings or Sighting(fact.at, fact.at)
    row.brings.extend(fact.at)
    return meeting.touch(asset, touched, news=news)


def _is_global(ip: str) -> bool:
    """Whether an address is one of the world; those kept for examples count, as they stand for such."""
    address = _address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        return int(address) >> 125 == 1
    return address is not None and not any(address in net for net in _LOCAL)


def _address(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(ip)
    except ValueError:
        return None


def outside_ports(view: SiteView, row: ExposureRow) -> Iterator[tuple[int, Reached]]:
    """The ports at which somebody was let in who is on no network that the site is known to have."""
    own = list(_own_networks(view))
    for port, reached in sorted(row.reached.items()):
        peer = _address(reached.peer.value) if reached.peer else None
        if peer is None or (not any(peer in net for net in own) and str(peer) not in view.by_ip):
            yield port, reached


def _own_networks(view: SiteView) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks of the site that may have public addresses: given out by its servers and routers, or declared."""
    promises = (served.promise.value for row in view.wire.servers.values() for served in row.served.values() if served.promise)
    given = [network for promise in promises for network in promise.networks]
    for prefix in (*given, *(prefix for zone in view.declared.zones for prefix in zone.prefixes)):
        try:
            yield ipaddress.ip_network(prefix, strict=False)
        except ValueError:
            continue


def _row(view: SiteView, row_id: str, at: int) -> ExposureRow:
    row = view.wire.exposure.get(row_id)
    if row is None:
        row = view.wire.exposure[row_id] = ExposureRow(id=row_id, seen=Sighting(at, at))
    row.seen.extend(at)
    view.changed("exposure", row_id)
    return row


def _join(mine: Sighting, theirs: Sighting) -> None:
    mine.extend(theirs.first)
    mine.extend(theirs.last)


def _bound(table: dict[Any, Any], most: int) -> None:
    while len(table) > most:
        del table[min(table, key=lambda key: (table[key].seen.last, str(key)))]


FOLDS: dict[type[Any], Callable[[SiteView, Any], Touched]] = {
    InboundAnswered: _inbound,
    MappingSeen: _mapping,
    HopsSeen: _hops,
}
