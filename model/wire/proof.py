"""Probes of ours and what came of them: the strongest rungs of VG-NET-01. One row a leg, of what was sent and asked there.

A nonce and the word that it was sent come from different sensors, in any order: each looks for the other when it comes.
"""

from __future__ import annotations

import ipaddress
from bisect import insort
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting, nonce, segments
from model.rows import Held, Sighting, Stamp, put
from model.verdict import Subject
from model.wire import exposure
from model.wirefacts import GatewayTold, LineTold, NonceHeard, ProbeKind, ProbeOutcome, ProbeRan

if TYPE_CHECKING:
    from model.fact import StationFact
    from model.facts import AddressSeen, DhcpServerSeen, RouterAdvertised
    from model.site import SiteView

# Runs of one kind towards one leg: at one an hour, more than the day that closing a finding asks for.
KEPT_RUNS = 32
KEPT_NONCES = 32
KEPT_CARRIERS = 4
KEPT_OFFERS = 8
KEPT_GATEWAYS = 8

Touched = tuple[Subject, ...]


class Run(msgspec.Struct, kw_only=True):
    """A probe as it ran, or could not (`model.wirefacts.ProbeRan`); `client` is the asset id its address would have."""

    stamp: Stamp
    outcome: ProbeOutcome
    nonce: str = ""
    client: str = ""
    detail: str = ""
    tapped: bool = False


class Crossing(msgspec.Struct, kw_only=True):
    """A nonce that left on the row's leg and came in on another segment. `known`: core sent it; `own`: a frame of it still bore our address.

    `carriers` are the asset ids its frames' senders would have, `ttl` the greatest time to live left (0: no IP).
    """

    shape: str
    sent: int
    seen: Sighting
    carriers: list[str]
    ttl: int
    known: bool = False
    own: bool = False


class Offer(msgspec.Struct, frozen=True):
    """What a DHCP server answered our own DISCOVER: `server` the asset that spoke, `network` the offered address' range."""

    server_id: str
    server: str
    shared: bool = False
    relay: str = ""
    network: str = ""
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str = ""


class Line(msgspec.Struct, frozen=True):
    """Where the leg comes out: the public address, and the first router on the way; `gateway` is its asset id, empty for one that several routers share."""

    address: str
    gateway: str = ""
    first_hop: str = ""
    open_ports: tuple[int, ...] | None = None
    knocked: tuple[int, ...] = ()


class ProofRow(msgspec.Struct, kw_only=True):
    """What is kept of a leg; `id` is its.

    `runs` by `kind>target leg`, oldest first; `crossings` by the segment they came in on, then by nonce; `offers` by server and speaker;
    `gateways` by address, then by who answered for it. `prefixes` by who advertises them (RA).
    Stations are kept by the asset id that their hardware address gives; addresses that several boxes use by turns are left out.
    """

    id: str
    seen: Sighting
    runs: dict[str, list[Run]] = {}
    crossings: dict[str, dict[str, Crossing]] = {}
    offers: dict[str, Held[Offer]] = {}
    gateways: dict[str, dict[str, Sighting]] = {}
    prefixes: dict[str, Held[tuple[str, ...]]] = {}
    line: Held[Line] | None = None


def runs_of(view: SiteView, leg: str, probe: ProbeKind, target: str = "") -> list[Run]:
    """The latest runs of a kind of probe, oldest first."""
    row = view.wire.proof.get(leg)
    return row.runs.get(_kind(probe, target), []) if row else []


def crossings_of(view: SiteView, leg: str, segment: str) -> dict[str, Crossing]:
    """The nonces sent on `leg` that were heard on `segment` and are known to be ours, by nonce."""
    row = view.wire.proof.get(leg)
    return {name: found for name, found in row.crossings.get(segment, {}).items() if found.known} if row else {}


def every_run(view: SiteView) -> Iterator[tuple[str, str, str, Run]]:
    """The last run of each probe: leg, kind, target leg, run."""
    for row in view.wire.proof.values():
        for probe, target, run in last_runs(row):
            yield row.id, probe, target, run


def last_runs(row: ProofRow) -> Iterator[tuple[str, str, Run]]:
    """The last run of each probe of a leg: kind, target leg, run."""
    for kind, runs in row.runs.items():
        probe, _, target = kind.partition(">")
        yield probe, target, runs[-1]


def _kind(probe: str, target: str) -> str:
    return f"{probe}>{target}"


def _row(view: SiteView, leg: str, at: int) -> ProofRow:
    row = view.wire.proof.get(leg)
    if row is None:
        row = view.wire.proof[leg] = ProofRow(id=leg, seen=Sighting(at, at))
    row.seen.extend(at)
    view.changed("proof", leg)
    return row


def _ran(view: SiteView, fact: ProbeRan) -> Touched:
    row = _row(view, fact.leg, fact.at)
    stamp = view.stamp(fact)
    runs = row.runs.setdefault(_kind(fact.probe, fact.target), [])
    if any(run.stamp == stamp for run in runs):
        return ()
    client = view.asset_id(fact.client) if fact.client else ""
    run = Run(stamp=stamp, outcome=fact.outcome, nonce=fact.nonce, client=client, detail=fact.detail, tapped=fact.tapped)
    insort(runs, run, key=lambda known: known.stamp)
    del runs[: max(0, len(runs) - KEPT_RUNS)]
    for heard in row.crossings.values():
        if run.nonce and run.nonce in heard:
            _recognise(heard[run.nonce], run)
    return _pairs(view, row)


def _recognise(crossing: Crossing, run: Run) -> None:
    crossing.known = True
    crossing.own = crossing.own or run.client in crossing.carriers


def _heard(view: SiteView, fact: NonceHeard) -> Touched:
    # Unsigned, stale, or our own frame come back where it was sent: a mirror port gives those back, and a loop, and neither joins two segments.
    if fact.leg == fact.origin or not nonce.genuine(view.key, fact):
        return ()
    where = segments.name(fact.leg, fact.vlan)
    meeting.segment_of(view, fact, where)
    row = _row(view, fact.origin, fact.sent)
    heard = row.crossings.setdefault(where, {})
    crossing = heard.get(fact.nonce)
    if crossing is None:
        crossing = heard[fact.nonce] = Crossing(shape=fact.shape, sent=fact.sent, seen=Sighting(fact.at, fact.at), carriers=[], ttl=fact.ttl)
    _extend(crossing, view.asset_id(fact.mac), fact)
    sent = (run for key, runs in row.runs.items() for run in runs if run.nonce == fact.nonce)
    if (run := next(sent, None)) is not None:
        _recognise(crossing, run)
    while len(heard) > KEPT_NONCES:
        del heard[min(heard, key=lambda name: (heard[name].sent, name))]
    return (Subject("segments", segments.pair_id(fact.origin, where)),)


def _extend(crossing: Crossing, carrier: str, fact: NonceHeard) -> None:
    crossing.seen.extend(fact.at)
    # A nonce goes out in one shape: heard in two, one row must come of it in whatever order, and not the raw frame's, which proves most.
    crossing.shape, crossing.sent = max(crossing.shape, fact.shape), min(crossing.sent, fact.sent)
    crossing.ttl = max(crossing.ttl, fact.ttl)
    crossing.carriers = sorted({*crossing.carriers, carrier})[:KEPT_CARRIERS]


def offered(view: SiteView, fact: DhcpServerSeen) -> Touched:
    """A server spoke to a client; kept where the client was a probe of ours."""
    if fact.message != "offer" or not nonce.is_ours(view.key, fact.client_mac):
        return ()
    row = _row(view, fact.leg, fact.at)
    server = view.asset_id(fact.mac)
    offer = Offer(
        server_id=fact.server_id,
        server=server,
        shared=is_shared(fact.mac),
        relay=fact.relay,
        network=_network(fact.offered_ip, fact.mask),
        routers=fact.routers,
        dns=fact.dns,
        domain=fact.domain,
    )
    key = f"{fact.server_id}|{server}"
    row.offers[key], _ = put(row.offers.get(key), offer, view.stamp(fact))
    while len(row.offers) > KEPT_OFFERS:
        del row.offers[min(row.offers, key=lambda known: row.offers[known].stamp)]
    return _pairs(view, row)


def _network(ip: str, mask: str) -> str:
    try:
        return str(ipaddress.IPv4Network(f"{ip}/{mask}", strict=False)) if mask else ""
    except ValueError:
        return ""


def is_shared(mac: str) -> bool:
    """Whether several boxes use this address by turns (VRRP and CARP: RFC 9568 §7.3; HSRP; GLBP): the same on two networks says nothing."""
    return mac.startswith(("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:"))


def answered(view: SiteView, fact: AddressSeen) -> Touched:
    """A station answered an ARP or ND question; kept where the question was a probe of ours."""
    return _answer(view, fact, fact.told) if fact.form == "reply" else ()


def _gateway(view: SiteView, fact: GatewayTold) -> Touched:
    return (*meeting.met(view, fact)[1], *_answer(view, fact, fact.asked_by))


def _answer(view: SiteView, fact: StationFact, asked_by: str) -> Touched:
    if is_shared(fact.mac) or not nonce.is_ours(view.key, asked_by):
        return ()
    row = _row(view, fact.leg, fact.at)
    told = row.gateways.setdefault(fact.ip, {})
    told.setdefault(view.asset_id(fact.mac), Sighting(fact.at, fact.at)).extend(fact.at)
    # The least stay, whatever came first.
    if len(told) > KEPT_CARRIERS:
        del told[max(told)]
    if len(row.gateways) > KEPT_GATEWAYS:
        del row.gateways[max(row.gateways)]
    return _pairs(view, row)


def advertised(view: SiteView, fact: RouterAdvertised) -> Touched:
    """A router told its prefixes on an untagged segment; kept by leg, since one box may serve several with the same address."""
    if fact.vlan or is_shared(fact.mac):
        return ()
    row = _row(view, fact.leg, fact.at)
    router = view.asset_id(fact.mac)
    told = tuple(sorted(prefix.prefix for prefix in fact.prefixes)) if fact.lifetime else ()
    row.prefixes[router], news = put(row.prefixes.get(router), told, view.stamp(fact))
    while len(row.prefixes) > KEPT_GATEWAYS:
        del row.prefixes[min(row.prefixes, key=lambda known: row.prefixes[known].stamp)]
    return _pairs(view, row) if news else ()


def _line(view: SiteView, fact: LineTold) -> Touched:
    row = _row(view, fact.leg, fact.at)
    gateway = "" if is_shared(fact.gateway_mac) or not fact.gateway_mac else view.asset_id(fact.gateway_mac)
    line = Line(fact.address, gateway, fact.first_hop, fact.open_ports, fact.knocked)
    row.line, news = put(row.line, line, view.stamp(fact))
    return (*(_pairs(view, row) if news else ()), *exposure.knocked(view, fact))


def _pairs(view: SiteView, row: ProofRow) -> Touched:
    """The pairs of the row's leg with every other leg that is probed, and with the segments its nonces reached."""
    others = {*view.wire.proof, *row.crossings, *(kind.partition(">")[2] for kind in row.runs)} - {row.id, ""}
    return tuple(Subject("segments", segments.pair_id(row.id, other)) for other in sorted(others))


FOLDS: dict[type[Any], Callable[[SiteView, Any], Touched]] = {
    NonceHeard: _heard,
    ProbeRan: _ran,
    GatewayTold: _gateway,
    LineTold: _line,
}
