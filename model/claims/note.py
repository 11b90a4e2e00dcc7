"""Takes in what is heard of addresses: claims, questions for them, who names one as the way out, answers to our own questions.

A claim is "pushed" when nobody asked for it. Which came first in the box, question or answer, does not matter: a question that comes late takes
the claim back from the list.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from model import nonce, segments
from model.claims import signs
from model.claims.rows import MAX_ASKED, MAX_ASKERS, MAX_CLAIMANTS, MAX_PUSHED, MAX_TOLD, MAX_USED, Claim, ClaimRow, Pushed, Way, row_id
from model.rows import Sighting
from model.times import SECOND
from model.verdict import Subject

if TYPE_CHECKING:
    from model.fact import StationFact
    from model.facts import AddressSeen, DhcpServerSeen, RouterAdvertised
    from model.site import SiteView
    from model.wire.tables import Tables
    from model.wirefacts import AddressProbed

Touched = tuple[Subject, ...]

# Rows of one site. Made-up addresses push out one another first, then what only one station claims.
MAX_ROWS = 4_096
# Rows of one station that its judgement looks at.
MAX_CLAIMED = 64
# An answer comes within this many seconds of its question.
PATIENCE = 3
# Fail-over groups: VRRP and CARP (RFC 9568 §7.3), HSRP 1 and 2, GLBP, which has several for one address. The address moves with the MAC: nobody steals it.
_VIRTUAL = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:05:73:a0:0", "00:07:b4:00:")
_SECOND_CHANCES = 8


def note(view: SiteView, fact: AddressSeen) -> Touched:
    """Takes in one claim of ARP or neighbour discovery; the assets whose verdicts may differ."""
    if fact.via not in ("arp", "nd") or not fact.mac or not fact.ip:
        return ()
    segment = segments.name(fact.leg, fact.vlan)
    station = view.asset_id(fact.mac)
    touched = _claimed(view, _row(view, segment, fact.ip, fact.at), station, fact)
    if fact.form == "request" and fact.target:
        row = _row(view, segment, fact.target, fact.at)
        # Behind a repeater the answer goes to the repeater.
        for asker in (station, view.asset_id(fact.carrier)) if fact.carrier else (station,):
            touched += _asked(view, row, row.asked, asker, fact.at)
    return touched


def probed(view: SiteView, fact: AddressProbed) -> Touched:
    """A station asks whether an address is free, before it takes it: whoever answers it was asked."""
    row = _row(view, segments.name(fact.leg, fact.vlan), fact.target, fact.at)
    return _asked(view, row, row.probed, view.asset_id(fact.mac), fact.at) if fact.mac else ()


def dhcp(view: SiteView, fact: DhcpServerSeen) -> Touched:
    """The routers a server names, and the server itself where it is one of them. What goes through a relay is for another segment."""
    if fact.relay:
        return ()
    named = (_named(view, fact, router, itself=router == fact.ip) for router in fact.routers[:2])
    return tuple(subject for touched in named for subject in touched)


def advertised(view: SiteView, fact: RouterAdvertised) -> Touched:
    """A router says it is one; with lifetime 0 it no longer is (RFC 4861 §6.2.5)."""
    return _named(view, fact, fact.ip, itself=True) if fact.lifetime and fact.ip else ()


def index(tables: Tables, row: ClaimRow) -> None:
    """Puts a row that was restored where judgement looks for it."""
    for station in row.claims:
        _index(tables, station, row.id)


def _claimed(view: SiteView, row: ClaimRow, station: str, fact: AddressSeen) -> Touched:
    claim = _claim(view, row, station, fact)
    if claim is None:
        return ()
    claim.seen.extend(fact.at)
    second = fact.at // SECOND
    if len(claim.used) == MAX_USED and len(row.claims) > 1 and second > claim.used[-1]:
        signs.latch(view, row)
    news = segments.keep_latest(claim.used, second, MAX_USED)
    if fact.form == "reply" and fact.told and nonce.is_ours(view.key, fact.told):
        # Whoever spoke as the address in the same second for another reason has now answered us.
        news |= _answer(row, station, fact)
    elif (way := _way(view, row, fact)) is not None:
        told = view.asset_id(fact.told) if way == "unicast" else ""
        news |= _push(claim.pushed, Pushed(second, way, told, view.asset_id(fact.carrier) if fact.carrier else ""))
    # With a single claimant that never asked for its own address there is nothing to judge.
    matters = row.named is not None or len(row.claims) > 1 or station in row.asked
    return _claimants(view, row, fact) if news and matters else ()


def _way(view: SiteView, row: ClaimRow, fact: AddressSeen) -> Way | None:
    """How the claim was pushed, None when it was not: it answers, or only says who asks."""
    if fact.form == "announce":
        return "gratuitous" if fact.target == fact.ip else "broadcast"
    if fact.form != "reply" or not fact.told:
        return None
    told, second = view.asset_id(fact.told), fact.at // SECOND
    asked = (*row.asked.get(told, ()), *row.probed.get(told, ()))
    return None if any(second - PATIENCE <= each <= second for each in asked) else "unicast"


def _answer(row: ClaimRow, station: str, fact: AddressSeen) -> bool:
    """The answer to a question of ours, which we ask for gateways alone; whether it is a new one."""
    row.named, row.address = _extended(row.named, fact.at), fact.ip
    told = row.answered[station] = row.answered.pop(station, [])
    news = segments.keep_latest(told, fact.at // SECOND, MAX_USED)
    if len(row.answered) > MAX_TOLD:
        _make_room(row.answered)
    return news


def _push(pushed: list[Pushed], new: Pushed) -> bool:
    if new in pushed:
        return False
    pushed.append(new)
    pushed.sort()
    if len(pushed) > MAX_PUSHED:
        return pushed.pop(0) != new
    return True


def _asked(view: SiteView, row: ClaimRow, asked: dict[str, list[int]], station: str, at: int) -> Touched:
    second = at // SECOND
    # Kept in the order in which they were heard, so that there is room at once.
    known = asked[station] = asked.pop(station, [])
    if len(asked) > MAX_ASKERS:
        _make_room(asked, keep=row.claims)
    if len(known) == MAX_ASKED and station in row.claims and second > known[-1]:
        signs.latch(view, row)
    if not segments.keep_latest(known, second, MAX_ASKED):
        return ()
    row.seen.extend(at)
    view.changed("claim", row.id)
    for claim in row.claims.values():
        claim.pushed = [each for each in claim.pushed if each.told != station or not second <= each.second <= second + PATIENCE]
    return (Subject("asset", station),) if asked is row.asked and station in row.claims and station in view.assets else ()


def _make_room(table: dict[str, list[int]], keep: Container[str] = ()) -> None:
    """Forgets the station not heard for longest, of those that are not to be kept where that is possible."""
    del table[next((station for station in table if station not in keep), next(iter(table)))]


def _named(view: SiteView, fact: StationFact, ip: str, *, itself: bool) -> Touched:
    row = _row(view, segments.name(fact.leg, fact.vlan), ip, fact.at)
    fresh = row.named is None
    row.named, row.address = _extended(row.named, fact.at), ip
    if itself and fact.mac:
        station = view.asset_id(fact.mac)
        known = row.vouched.get(station)
        if known is None and len(row.vouched) < MAX_TOLD:
            row.vouched[station] = Sighting(fact.at, fact.at)
            fresh = True
        elif known is not None:
            known.extend(fact.at)
    return _claimants(view, row, fact) if fresh else ()


def _extended(sighting: Sighting | None, at: int) -> Sighting:
    if sighting is None:
        return Sighting(at, at)
    sighting.extend(at)
    return sighting


def _row(view: SiteView, segment: str, ip: str, at: int) -> ClaimRow:
    table, key = view.wire.claim, row_id(view, segment, ip)
    row = table.get(key)
    if row is None:
        if len(table) >= MAX_ROWS:
            _evict(view)
        row = table[key] = ClaimRow(id=key, seen=Sighting(at, at), six=":" in ip)
    row.seen.extend(at)
    view.changed("claim", key)
    return row


def _evict(view: SiteView) -> None:
    """Forgets the oldest row of no interest: a gateway's, or one that several claim, gets another turn."""
    table = view.wire.claim
    for _ in range(_SECOND_CHANCES):
        key = next(iter(table))
        row = table[key]
        if row.named is None and len(row.claims) < 2:
            break
        table[key] = table.pop(key)
    gone = table.pop(next(iter(table)))
    for station in gone.claims:
        _unindex(view, station, gone.id)
    view.removed("claim", gone.id)
    view.overflowed += 1


def _claim(view: SiteView, row: ClaimRow, station: str, fact: StationFact) -> Claim | None:
    claim = row.claims.get(station)
    if claim is not None:
        return claim
    row.claims[station] = Claim(seen=Sighting(fact.at, fact.at), virtual=fact.mac.startswith(_VIRTUAL))
    _index(view.wire, station, row.id)
    if len(row.claims) > MAX_CLAIMANTS:
        weakest = min(row.claims, key=lambda each: _weight(row, each))
        del row.claims[weakest]
        _unindex(view, weakest, row.id)
        view.overflowed += 1
    return row.claims.get(station)


def _weight(row: ClaimRow, station: str) -> tuple[bool, bool, int, str]:
    claim = row.claims[station]
    return station in row.vouched, bool(claim.pushed or claim.signs), claim.seen.last, station


def _index(tables: Tables, station: str, key: str) -> None:
    rows = tables.claimed.setdefault(station, {})
    rows[key] = None
    if len(rows) > MAX_CLAIMED:
        table = tables.claim
        del rows[next((each for each in rows if each not in table or table[each].named is None), next(iter(rows)))]


def _unindex(view: SiteView, station: str, key: str) -> None:
    rows = view.wire.claimed.get(station, {})
    rows.pop(key, None)
    if not rows:
        view.wire.claimed.pop(station, None)


def _claimants(view: SiteView, row: ClaimRow, fact: StationFact) -> Touched:
    """The assets that claim the address. One whose address changed since is found by the fact that it sends."""
    own = view.by_mac.get(fact.mac)
    known = (each for each in (*row.claims, own or "") if each in view.assets)
    return tuple(Subject("asset", each) for each in dict.fromkeys(known))
