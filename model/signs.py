"""What stations let be known by the way, outside the protocols that have rules of their own: kept for class, names and shared wires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from model.facts import (
    BridgeSeen,
    BrowserAnnounced,
    Dhcp6ClientSeen,
    Dhcp6ServerSeen,
    GroupsReported,
    NameAsked,
    NeighbourSeen,
    NetbiosNamed,
    WsdAdvertised,
    WsdAsked,
)
from model.rows import (
    MAX_NAMES,
    Announcement,
    Asset,
    Dhcp6Offer,
    Dhcp6Profile,
    Held,
    Neighbour,
    Segment,
    Signs,
    Stamp,
    Tree,
    WsdEndpoint,
    WsdTold,
    put,
)

T = TypeVar("T")

Sign = BrowserAnnounced | Dhcp6ClientSeen | Dhcp6ServerSeen | GroupsReported | NameAsked | NeighbourSeen | NetbiosNamed | WsdAdvertised | WsdAsked

MAX_GROUPS = 64
MAX_NETBIOS = 32
MAX_SOUGHT = 32
MAX_ENDPOINTS = 8
MAX_NEIGHBOURS = 16
MAX_TREES = 64


def hold(table: dict[Any, Held[T]], key: str | int, value: T, stamp: Stamp, most: int) -> bool:
    """Keeps `value` under `key`, the latest stamp winning; a full table gives up what was said longest ago. True when something changed."""
    known = table.get(key)
    if known is not None:
        return known.put(value, stamp)
    if len(table) >= most:
        oldest = min(table, key=lambda k: (table[k].stamp, k))
        if (table[oldest].stamp, oldest) >= (stamp, key):
            return False
        del table[oldest]
    table[key] = Held(value, stamp)
    return True


def netbios_key(fact: NetbiosNamed | NameAsked) -> str:
    """`PC-01<20>`; a star marks a shared name, since one spelling may be both a machine's and its domain's."""
    star = "*" if isinstance(fact, NetbiosNamed) and fact.group else ""
    return f"{fact.name}<{fact.suffix:02x}>{star}" if fact.suffix >= 0 else fact.name


def tell(asset: Asset, fact: Sign, stamp: Stamp) -> bool:
    """Takes in one fact of the kinds in `KINDS`; True when it says something new."""
    return KINDS[type(fact)](asset, fact, stamp)


def tell_segment(segment: Segment, fact: NeighbourSeen | BridgeSeen, stamp: Stamp) -> bool:
    """Takes in what a bridge or switch at the segment's edge says; True when it says something new. A bare change notice names no tree."""
    if isinstance(fact, NeighbourSeen):
        return hold(segment.neighbours, f"{fact.via}|{fact.chassis}|{fact.port}", _neighbour(fact), stamp, MAX_NEIGHBOURS)
    if not fact.root:
        return False
    return hold(segment.trees, fact.tree_vlan, Tree(fact.version, fact.root, fact.bridge, fact.port, fact.cost), stamp, MAX_TREES)


def merge(into: Signs, other: Signs) -> None:
    """Two assets were one: what both let be known, the later word winning."""
    tables: tuple[tuple[dict[str, Held[Any]], dict[str, Held[Any]], int], ...] = (
        (into.groups, other.groups, MAX_GROUPS),
        (into.netbios, other.netbios, MAX_NETBIOS),
        (into.sought, other.sought, MAX_SOUGHT),
        (into.browser, other.browser, MAX_NAMES),
        (into.neighbour, other.neighbour, MAX_NEIGHBOURS),
    )
    for mine, theirs, most in tables:
        for key, held in theirs.items():
            hold(mine, key, held.value, held.stamp, most)
    for endpoint, row in other.wsd.items():
        _merge_endpoint(into.wsd, endpoint, row)
    if other.dhcp6:
        into.dhcp6, _ = put(into.dhcp6, other.dhcp6.value, other.dhcp6.stamp)
    if other.offer6:
        into.offer6, _ = put(into.offer6, other.offer6.value, other.offer6.stamp)


def _merge_endpoint(table: dict[str, WsdEndpoint], endpoint: str, row: WsdEndpoint) -> None:
    known = table.get(endpoint)
    if known is None:
        _seat(table, endpoint, row)
        return
    known.alive.put(row.alive.value, row.alive.stamp)
    if row.told:
        known.told, _ = put(known.told, row.told.value, row.told.stamp)


def _seat(table: dict[str, WsdEndpoint], endpoint: str, row: WsdEndpoint) -> bool:
    if len(table) >= MAX_ENDPOINTS:
        oldest = min(table, key=lambda k: (table[k].alive.stamp, k))
        if (table[oldest].alive.stamp, oldest) >= (row.alive.stamp, endpoint):
            return False
        del table[oldest]
    table[endpoint] = row
    return True


def _groups(asset: Asset, fact: GroupsReported, stamp: Stamp) -> bool:
    told = [(group, True) for group in fact.joined] + [(group, False) for group in fact.left]
    return any([hold(asset.signs.groups, group, joined, stamp, MAX_GROUPS) for group, joined in told])  # noqa: C419 - every group is told


def _netbios(asset: Asset, fact: NetbiosNamed, stamp: Stamp) -> bool:
    return hold(asset.signs.netbios, netbios_key(fact), fact.alive, stamp, MAX_NETBIOS)


def _sought(asset: Asset, fact: NameAsked, stamp: Stamp) -> bool:
    hold(asset.signs.sought, f"{fact.via}:{netbios_key(fact)}", True, stamp, MAX_SOUGHT)
    return False  # asking is class evidence at most: no verdict hangs on one question


def _browser(asset: Asset, fact: BrowserAnnounced, stamp: Stamp) -> bool:
    said = Announcement(fact.name, fact.domain, fact.version, fact.server_type, fact.comment)
    return hold(asset.signs.browser, fact.form, said, stamp, MAX_NAMES)


def _wsd(asset: Asset, fact: WsdAdvertised, stamp: Stamp) -> bool:
    table = asset.signs.wsd
    row = table.get(fact.endpoint)
    changed = row is None
    if row is None:
        row = WsdEndpoint(Held(fact.alive, stamp))
        if not _seat(table, fact.endpoint, row):
            return False
    changed = row.alive.put(fact.alive, stamp) or changed
    if fact.types:  # a Bye, and the Hello of a poor stack, name none
        row.told, news = put(row.told, WsdTold(fact.types, fact.scopes, fact.locations), stamp)
        changed = changed or news
    return changed


def _wsd_asked(asset: Asset, fact: WsdAsked, stamp: Stamp) -> bool:
    for kind in fact.types or ("*",):
        hold(asset.signs.sought, "wsd:" + kind, True, stamp, MAX_SOUGHT)
    return False


def _dhcp6_client(asset: Asset, fact: Dhcp6ClientSeen, stamp: Stamp) -> bool:
    if fact.message in {"release", "decline"}:
        return False  # they ask for nothing: what was learnt from the request stays
    said = Dhcp6Profile(fact.duid, fact.duid_mac, fact.fqdn, fact.enterprise, fact.vendor_class, fact.parameters)
    asset.signs.dhcp6, news = put(asset.signs.dhcp6, said, stamp)
    return news


def _dhcp6_server(asset: Asset, fact: Dhcp6ServerSeen, stamp: Stamp) -> bool:
    if fact.message == "reconfigure":
        return False
    offer = Dhcp6Offer(fact.server_id, fact.dns, fact.search, fact.relay)
    asset.signs.offer6, news = put(asset.signs.offer6, offer, stamp)
    return news


def _neighbour(fact: NeighbourSeen) -> Neighbour:
    return Neighbour(
        fact.via,
        fact.chassis,
        fact.port,
        fact.port_description,
        fact.name,
        fact.description,
        fact.model,
        fact.capabilities,
        fact.management,
        fact.native_vlan,
        fact.domain,
    )


def _described(asset: Asset, fact: NeighbourSeen, stamp: Stamp) -> bool:
    return hold(asset.signs.neighbour, fact.via, _neighbour(fact), stamp, MAX_NEIGHBOURS)


KINDS: dict[type[Any], Callable[[Asset, Any, Stamp], bool]] = {
    BrowserAnnounced: _browser,
    Dhcp6ClientSeen: _dhcp6_client,
    Dhcp6ServerSeen: _dhcp6_server,
    GroupsReported: _groups,
    NameAsked: _sought,
    NeighbourSeen: _described,
    NetbiosNamed: _netbios,
    WsdAdvertised: _wsd,
    WsdAsked: _wsd_asked,
}
