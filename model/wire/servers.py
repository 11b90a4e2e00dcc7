"""Who gives out addresses and ways out on a segment: DHCP and DHCPv6 servers, router advertisers. The matter of VG-NET-04."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from model import segments
from model.adverts import HEARD_AGAIN
from model.rows import Held, Sighting, newest, put
from model.times import SECOND, day_of
from model.verdict import Subject

if TYPE_CHECKING:
    from model.facts import Dhcp6ServerSeen, DhcpServerSeen, RouterAdvertised
    from model.rows import Asset
    from model.site import SiteView

# Bounds: services in all (rows are no more), of one asset, of one kind on one segment, clients and refusals of one service. Each is compared with all
# others of its segment, and its news touches them: more than a handful is somebody's flood, in which the made-up ones push out one another.
MAX_ROWS = 128
MAX_SERVED = 8
MAX_ON_SEGMENT = 8
MAX_CLIENTS = 16
MAX_REFUSED = 8
# What a message names; more than this is nobody's plan.
_MOST = 4

ServerKind = Literal["dhcp4", "dhcp6", "ra"]
Touched = tuple[Subject, ...]


class Promise(msgspec.Struct, frozen=True):
    """What a server gives out: the way out, resolvers, the network; `ip` is where its frames came from. `relay`: another box's address, it only passes on."""

    ip: str = ""
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    relay: str = ""


class Refusal(NamedTuple):
    """A server told a client (its asset id) that the client may not have its address."""

    second: int
    client: str


class Served(msgspec.Struct, kw_only=True):
    """One service on one segment, as `server` names itself: the server identifier of DHCP, the DUID of DHCPv6, an advertiser's address.

    `clients`: whom it gave an address, by asset id, with the last second.
    """

    kind: ServerKind
    segment: str
    server: str
    seen: Sighting
    promise: Held[Promise] | None = None
    clients: dict[str, int] = {}
    refused: list[Refusal] = []


class ServerRow(msgspec.Struct, kw_only=True):
    """All that one asset serves, by `kind|segment|server`; `id` is the asset's."""

    id: str
    seen: Sighting
    served: dict[str, Served] = {}


class _Entry(NamedTuple):
    row: ServerRow
    key: str
    served: Served


def dhcp(view: SiteView, asset: Asset, fact: DhcpServerSeen) -> Touched:
    """An offer, acknowledgement or refusal."""
    row, served, news = _served(view, asset, fact, "dhcp4", fact.server_id or fact.ip)
    client = view.asset_id(fact.client_mac) if fact.client_mac else ""
    if fact.message == "nak":
        news |= _refuse(served, Refusal(fact.at // SECOND, client))
    else:
        relay = fact.relay if fact.ip != fact.server_id else ""
        network = (f"{fact.offered_ip}/{fact.mask}",) if fact.offered_ip and fact.mask else ()
        promise = Promise(fact.ip, fact.routers[:_MOST], fact.dns[:_MOST], tuple(filter(None, map(_network, network))), relay)
        news |= _promise(view, served, promise, fact)
        if client:
            _serve(served, client, fact.at // SECOND)
    return _told(view, row, served, news=news)


def dhcp6(view: SiteView, asset: Asset, fact: Dhcp6ServerSeen) -> Touched:
    """An advertisement, reply or reconfiguration."""
    row, served, news = _served(view, asset, fact, "dhcp6", fact.server_id)
    news |= _promise(view, served, Promise(fact.ip, (), fact.dns[:_MOST], fact.prefixes[:_MOST], fact.relay), fact)
    return _told(view, row, served, news=news)


def advertised(view: SiteView, asset: Asset, fact: RouterAdvertised) -> Touched:
    """A router advertisement. With lifetime 0 it says that it is no router (RFC 4861 §6.2.5), and is none that was met now."""
    if not fact.lifetime:
        return ()
    row, served, news = _served(view, asset, fact, "ra", fact.ip)
    prefixes = tuple(prefix.prefix for prefix in fact.prefixes[:_MOST])
    news |= _promise(view, served, Promise(fact.ip, (fact.ip,), fact.dns[:_MOST], prefixes), fact)
    return _told(view, row, served, news=news)


def merge(into: ServerRow, lesser: ServerRow) -> None:
    """Two assets were one."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    for key, theirs in lesser.served.items():
        mine = into.served.setdefault(key, theirs)
        if mine is theirs:
            continue
        mine.seen.extend(theirs.seen.first)
        mine.seen.extend(theirs.seen.last)
        mine.promise = newest(mine.promise, theirs.promise)
        for client, second in theirs.clients.items():
            _serve(mine, client, second)
        for refusal in theirs.refused:
            _refuse(mine, refusal)
    _bound(into)


def on_segment(view: SiteView, segment: str, kind: ServerKind) -> Iterator[tuple[str, Served]]:
    """Who serves that kind on a segment: asset ids and what they serve."""
    for row in view.wire.servers.values():
        for served in row.served.values():
            if served.segment == segment and served.kind == kind:
                yield row.id, served


def at_war(mine: Served, theirs: Served) -> bool:
    """Whether one of two servers refuses whom the other gave an address, within ten minutes."""
    pairs = ((mine, theirs), (theirs, mine))
    return any(abs(refusal.second - other.clients.get(refusal.client, -(10**9))) <= 600 for one, other in pairs for refusal in one.refused)


def _served(
    view: SiteView, asset: Asset, fact: DhcpServerSeen | Dhcp6ServerSeen | RouterAdvertised, kind: ServerKind, server: str
) -> tuple[ServerRow, Served, bool]:
    table = view.wire.servers
    row = table.get(asset.id)
    if row is None:
        row = ServerRow(id=asset.id, seen=Sighting(fact.at, fact.at))
    row.seen.extend(fact.at)
    segment = segments.name(fact.leg, fact.vlan)
    key = f"{kind}|{segment}|{server[:64]}"
    served = row.served.get(key)
    news = served is None or fact.at - served.seen.last >= HEARD_AGAIN
    if served is None:
        _make_room(view, segment, kind, fact.at)
        served = row.served[key] = Served(kind=kind, segment=segment, server=server[:64], seen=Sighting(fact.at, fact.at))
        _bound(row)
        # Room may have been made at its own cost.
        table[asset.id] = row
    served.seen.extend(fact.at)
    view.changed("servers", row.id)
    return row, served, news


def _make_room(view: SiteView, segment: str, kind: ServerKind, at: int) -> None:
    """A newcomer finds room: it is to be judged at least once."""
    every = [_Entry(row, key, served) for row in view.wire.servers.values() for key, served in row.served.items()]
    for there, most in (([each for each in every if (each.served.segment, each.served.kind) == (segment, kind)], MAX_ON_SEGMENT), (every, MAX_ROWS)):
        for entry in sorted(there, key=_worth(view, there, at))[: max(0, len(there) - most + 1)]:
            _drop(view, entry)


def _worth(view: SiteView, there: Iterable[_Entry], at: int) -> Callable[[_Entry], tuple[bool, bool, bool, int, str, str]]:
    """The declared go last: by them the others are judged. Then the day's first of the others, lest another became it and woke somebody; then the told."""
    strange = [entry for entry in there if not _is_declared(view, entry.row.id) and day_of(entry.served.seen.first) == day_of(at)]
    first = min(strange, key=lambda entry: (entry.served.seen.first, entry.row.id), default=None)
    return lambda entry: (_is_declared(view, entry.row.id), entry is first, entry.row.id in view.pinned, entry.served.seen.last, entry.row.id, entry.key)


def _is_declared(view: SiteView, asset_id: str) -> bool:
    asset = view.assets.get(asset_id)
    known = (*(view.declared.dhcp_servers or ()), *(view.declared.routers or ()))
    return asset is not None and any(server.mac in asset.macs if server.mac else server.ip in asset.ips for server in known)


def _drop(view: SiteView, entry: _Entry) -> None:
    if entry.row.served.pop(entry.key, None) is None:
        return
    view.overflowed += 1
    if entry.row.served:
        view.changed("servers", entry.row.id)
    else:
        del view.wire.servers[entry.row.id]
        view.removed("servers", entry.row.id)


def _bound(row: ServerRow) -> None:
    while len(row.served) > MAX_SERVED:
        del row.served[min(row.served, key=lambda key: (row.served[key].seen.last, key))]


def _promise(view: SiteView, served: Served, promise: Promise, fact: DhcpServerSeen | Dhcp6ServerSeen | RouterAdvertised) -> bool:
    served.promise, news = put(served.promise, promise, view.stamp(fact))
    return news


def _serve(served: Served, client: str, second: int) -> None:
    served.clients[client] = max(second, served.clients.get(client, second))
    if len(served.clients) > MAX_CLIENTS:
        del served.clients[min(served.clients, key=lambda each: (served.clients[each], each))]


def _refuse(served: Served, refusal: Refusal) -> bool:
    if refusal in served.refused:
        return False
    served.refused = sorted({*served.refused, refusal})[-MAX_REFUSED:]
    return refusal in served.refused


def _told(view: SiteView, row: ServerRow, served: Served, *, news: bool) -> Touched:
    """The server, and the others of its kind on the segment, whose verdicts tell of each other."""
    if not news:
        return ()
    return tuple(Subject("asset", each) for each in dict.fromkeys((row.id, *(other for other, _ in on_segment(view, served.segment, served.kind)))))


def _network(address: str) -> str:
    ip, _, mask = address.partition("/")
    found = segments.network(ip, mask)
    return str(found) if found else ""
