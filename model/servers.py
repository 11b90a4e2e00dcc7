"""Which servers are lawful on their segment, and where one sends people that the lawful ones do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from model.listening import days_heard
from model.times import DAY
from model.wire import servers
from model.wire.proof import runs_of

if TYPE_CHECKING:
    from model.declared import Server
    from model.rows import Asset
    from model.site import SiteView
    from model.wire.servers import Promise, Served
    from model.wirefacts import ProbeKind

# What is to be silent, and for how long, before a server counts as gone (findings.md, VG-NET-04).
SILENT_PROBES = 3
SILENT_DAYS = 5
_PROBES: dict[str, tuple[ProbeKind, ...]] = {"dhcp4": ("dhcp",), "dhcp6": (), "ra": ("gateway6",)}


class Elsewhere(NamedTuple):
    """Ways out and resolvers that no lawful server of the segment gives."""

    routers: tuple[str, ...]
    dns: tuple[str, ...]


def declared(view: SiteView, served: Served) -> tuple[Server, ...] | None:
    """What is declared of that kind for the leg; None: no list at all."""
    told = view.declared.routers if served.kind == "ra" else view.declared.dhcp_servers
    leg = leg_of(served)
    return None if told is None else tuple(server for server in told if server.leg == leg)


def leg_of(served: Served) -> str:
    """The leg a service was heard on."""
    return served.segment.partition("/")[0]


def lawful(view: SiteView, asset: Asset, served: Served) -> bool | None:
    """Whether the service is one of the declared; None where none are."""
    known = declared(view, served)
    if known is None:
        return None
    promise = served.promise.value if served.promise else None
    source = promise.ip if promise else ""
    if served.kind == "dhcp4":
        if promise is not None and promise.relay:
            return any(server.ip == served.server for server in known) and _may_relay(view, asset, served, promise)
        return any(_is(server, asset, {served.server, source}) for server in known)
    if served.kind == "dhcp6":
        # One line stands for both families of a server; a relay hands on what the server said, under its own address.
        inside = served.server[-17:]
        return any(server.mac in asset.macs or (server.mac and server.mac == inside) or server.ip == source for server in known) or _routes(view, asset, served)
    return any(_is(server, asset, {source}) or (server.mac and server.mac in asset.macs) for server in known)


def _is(server: Server, asset: Asset, ips: set[str]) -> bool:
    """Both as declared: who forges the identifier of a lawful server speaks from another address."""
    return (not server.mac or server.mac in asset.macs) and (not server.ip or server.ip in ips)


def _may_relay(view: SiteView, asset: Asset, served: Served, promise: Promise) -> bool:
    """A relay is a router of the segment; where no router is declared, any box may be."""
    known = [router for router in view.declared.routers or () if router.leg == leg_of(served)]
    return not known or any(router.ip == promise.ip or router.mac in asset.macs for router in known)


def _routes(view: SiteView, asset: Asset, served: Served) -> bool:
    known = (router for router in view.declared.routers or () if router.leg == leg_of(served))
    return any(router.mac in asset.macs or router.ip in asset.ips for router in known)


def elsewhere(view: SiteView, served: Served) -> Elsewhere:
    """Where the service sends people and the lawful ones do not."""
    if served.promise is None:
        return Elsewhere((), ())
    routers = {router.ip for router in view.declared.routers or () if router.leg == leg_of(served)}
    dns: set[str] = set()
    for promise in _lawful_promises(view, served):
        routers.update(promise.routers)
        dns.update(promise.dns)
    mine = served.promise.value
    # Without a lawful server to compare with, the address of a declared router is all that is known to be right.
    return Elsewhere(tuple(ip for ip in mine.routers if ip not in routers), tuple(ip for ip in mine.dns if ip not in dns | routers))


def _lawful_promises(view: SiteView, served: Served) -> Iterator[Promise]:
    for asset_id, other in servers.on_segment(view, served.segment, served.kind):
        asset = view.assets.get(asset_id)
        if asset is not None and other.promise is not None and lawful(view, asset, other):
            yield other.promise.value


def rivals(view: SiteView, asset: Asset, served: Served) -> list[tuple[str, Served]]:
    """Other assets of the segment whose service contradicts this one: another way out, or another network."""
    others = ((other, theirs) for other, theirs in servers.on_segment(view, served.segment, served.kind) if other != asset.id)
    against = ((other, theirs) for other, theirs in others if contradicts(served, theirs))
    return sorted(against, key=lambda found: (found[0], found[1].server))


def contradicts(one: Served, other: Served) -> bool:
    """Whether two services cannot both be right for the same client, at the same time."""
    if one.promise is None or other.promise is None:
        return servers.at_war(one, other)
    apart = one.seen.last < other.seen.first - DAY or other.seen.last < one.seen.first - DAY
    mine, theirs = one.promise.value, other.promise.value
    differ = set(mine.routers).isdisjoint(theirs.routers) or (mine.networks and theirs.networks and set(mine.networks).isdisjoint(theirs.networks))
    return not apart and (bool(differ) or servers.at_war(one, other))


def is_gone(view: SiteView, served: Served) -> bool:
    """Whether enough silence was heard: of our own questions over a day, else over working days with the leg listened to."""
    leg, last = leg_of(served), served.seen.last
    asked = [run for probe in _PROBES[served.kind] for run in runs_of(view, leg, probe) if run.outcome == "sent" and run.tapped and run.stamp.at > last]
    if len(asked) >= SILENT_PROBES and view.listened(leg, last) >= DAY and asked[-1].stamp.at - last >= DAY:
        return True
    row = view.legs.get(leg)
    return row is not None and can_be_missed(view, served) and days_heard(row, last, view.now, view.gap(leg), view.declared.holidays or ()) >= SILENT_DAYS


def can_be_missed(view: SiteView, served: Served) -> bool:
    """Whether the service would be heard without our asking: advertisements go to all, answers to clients mostly to one."""
    row = view.legs.get(leg_of(served))
    return row is not None and (served.kind == "ra" or row.vantage in ("mirror", "inline"))
