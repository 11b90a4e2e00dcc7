"""Which claims are lies. One address with two stations alone is not enough: devices are replaced, fail over, answer probes and clash by mistake.

A sign is held with the last second it was seen in. Those that follow from what is kept are found anew each time; before anything that one rests
on is forgotten it is latched in the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from model import identity
from model.claims.rows import Claim, ClaimRow, Pushed, row_id, segment_of
from model.times import SECOND

if TYPE_CHECKING:
    from model.declared import Server
    from model.site import SiteView

# The same claim pushed this often within so many seconds: arpspoof tells it every 2 s, bettercap every 1 s, ettercap every 10 s. An honest host
# announces a few times when it comes up (RFC 5227 §2.3: twice), and never to one station that did not ask.
BURST = 4
BURST_SECONDS = 60
# What belongs together: claim and question, one station's turn and the other's.
TURN = 600
# Two answers to one question of ours.
PATIENCE = 3


def named_gateway(view: SiteView, row: ClaimRow) -> bool:
    """Whether the address is the way out: declared so, or named so by a DHCP server or by itself."""
    return row.named is not None or any(True for _ in _declared(view, row))


def address_of(view: SiteView, row: ClaimRow) -> str:
    """The address of a row where it is a router's, else empty."""
    return row.address or next((router.ip for router in _declared(view, row)), "")


def lawful(view: SiteView, row: ClaimRow) -> frozenset[str]:
    """The stations of the routers declared for the row's leg: they may speak for one another and, as proxies, for anybody."""
    leg = _leg(row)
    return frozenset(view.asset_id(router.mac) for router in view.declared.routers or () if router.leg == leg and router.mac)


def keeper(view: SiteView, row: ClaimRow) -> str:
    """The station whose address it is: a declared router, else who vouched for itself first, else who claimed it first. Empty: nobody yet."""
    own = {view.asset_id(router.mac) for router in _declared(view, row) if router.mac}
    if own:
        return min((station for station in own if station in row.claims), default=min(own))
    if row.vouched:
        return min(row.vouched, key=lambda station: (row.vouched[station].first, station))
    return min(row.claims, key=lambda station: (row.claims[station].seen.first, station), default="")


def established(view: SiteView, row: ClaimRow, station: str) -> bool:
    """Whether more than having come first says that the address is the station's."""
    return station == keeper(view, row) and (station in row.vouched or station in lawful(view, row))


def honest(view: SiteView, row: ClaimRow, station: str) -> bool:
    """Whether the station may speak for the address whatever it does: a declared router, the gateway itself, a fail-over group."""
    claim = row.claims.get(station)
    return claim is None or claim.virtual or station in lawful(view, row) or established(view, row, station)


def told(view: SiteView, row: ClaimRow, station: str) -> dict[str, int]:
    """The signs that the station lies about the address, each with its last second; empty for an honest one."""
    claim = row.claims.get(station)
    # Nearly every claim there is: nobody else's, and never pushed. Every sign needs one or the other.
    if claim is None or not (claim.pushed or claim.signs or row.answered or len(row.claims) > 1) or honest(view, row, station):
        return {}
    found = dict(claim.signs)
    for sign, second in _found(view, row, station, claim):
        found[sign] = max(second, found.get(sign, 0))
    return found


def latch(view: SiteView, row: ClaimRow) -> None:
    """Keeps the signs that hold now: something they rest on is about to be forgotten."""
    for station, claim in row.claims.items():
        claim.signs |= told(view, row, station)


def both_ways(rows: Sequence[ClaimRow], station: str) -> dict[str, int]:
    """Rows in which the station tells one side that it is the other, and the other that it is the one, within a minute; each with its last second."""
    unasked = {row.id: [each for each in row.claims[station].pushed if each.way == "unicast"] for row in rows if station in row.claims}
    holders = {row.id: row.claims.keys() - {station} for row in rows}
    found: dict[str, int] = {}
    for row, other in ((row, other) for row in rows for other in rows if row.id < other.id and segment_of(row) == segment_of(other)):
        here = [each.second for each in unasked.get(row.id, ()) if each.told in holders[other.id]]
        there = [each.second for each in unasked.get(other.id, ()) if each.told in holders[row.id]]
        if any(abs(one - two) <= BURST_SECONDS for one in here for two in there):
            last = max(*here, *there)
            found |= {row.id: max(last, found.get(row.id, 0)), other.id: max(last, found.get(other.id, 0))}
    return found


def _found(view: SiteView, row: ClaimRow, station: str, claim: Claim) -> Iterator[tuple[str, int]]:
    gateway = named_gateway(view, row)
    first = station == keeper(view, row)
    # What another station says in the first one's name is most often true: repeaters do so, and an attacker who puts things right again.
    pushed = [each for each in claim.pushed if not (first and each.by)]
    rivals = _rivals(view, row, station, gateway=gateway)
    yield from _contradiction(row, station, pushed)
    if not first:
        yield from _poison(row, pushed, rivals, gateway=gateway)
        yield from _announced(view, row, station, pushed, rivals, gateway=gateway)
        if gateway:
            yield from _turns(claim, rivals)
            yield from _two_answers(view, row, station)


def _contradiction(row: ClaimRow, station: str, pushed: Iterable[Pushed]) -> Iterator[tuple[str, int]]:
    """It claims an address in a form no honest host uses, and asks the others where that address is."""
    asked = row.asked.get(station, ())
    told = [each.second for each in pushed if each.way != "gratuitous" and any(abs(each.second - at) <= TURN for at in asked)]
    if told:
        yield "contradiction", max(told)


def _poison(row: ClaimRow, pushed: Iterable[Pushed], rivals: Sequence[Claim], *, gateway: bool) -> Iterator[tuple[str, int]]:
    """It tells stations that did not ask, again and again, that another's address is its own."""
    told = sorted({each.second for each in pushed if each.way != "gratuitous"})
    others = rivals or (gateway and row.vouched)
    # A device that took over the address of one that is gone is believed.
    if others and _bursts(told) and (gateway or any(rival.seen.last // SECOND >= told[0] - TURN for rival in rivals)):
        yield "poison", told[-1]


def _announced(view: SiteView, row: ClaimRow, station: str, pushed: Iterable[Pushed], rivals: Sequence[Claim], *, gateway: bool) -> Iterator[tuple[str, int]]:
    """It announces again and again, to all, an address that another station goes on using meanwhile."""
    told = sorted({each.second for each in pushed if each.way != "unicast"})
    if not _bursts(told) or not (gateway or _acts_as_another(view, row, station)):
        return
    if any(told[0] < second <= told[-1] + TURN for rival in rivals for second in rival.used):
        yield "announced", told[-1]


def _turns(claim: Claim, rivals: Sequence[Claim]) -> Iterator[tuple[str, int]]:
    """Two stations are the gateway in turn, the second one again after the first had shown that it is still there."""
    theirs = sorted({second for rival in rivals for second in rival.used})
    mine = claim.used
    turns = [late for late in mine for other in theirs if 0 < late - other <= TURN and any(0 < other - early <= TURN for early in mine)]
    if turns:
        yield "turns", max(turns)


def _two_answers(view: SiteView, row: ClaimRow, station: str) -> Iterator[tuple[str, int]]:
    """Our own question for the gateway was answered by it and by its keeper; where the keeper is declared, by it twice."""
    mine, theirs = row.answered.get(station, []), row.answered.get(keeper(view, row), [])
    both = [second for second in mine if any(abs(second - other) <= PATIENCE for other in theirs)]
    if len(mine) > 1 and established(view, row, keeper(view, row)):
        both += mine
    if both:
        yield "two_answers", max(both)


def _bursts(seconds: Sequence[int]) -> bool:
    return any(late - early <= BURST_SECONDS for early, late in zip(seconds, seconds[BURST - 1 :], strict=False))


def _rivals(view: SiteView, row: ClaimRow, station: str, *, gateway: bool) -> list[Claim]:
    """The other claims. A laptop on cable and Wi-Fi is no rival of itself; nobody but the gateway speaks for the gateway, whatever it is called."""
    others = [(other, claim) for other, claim in row.claims.items() if other != station]
    return [claim for other, claim in others if gateway or not _same_device(view, station, other)]


def _same_device(view: SiteView, one: str, other: str) -> bool:
    assets = [view.station(station) for station in (one, other)]
    if assets[0] is not None and assets[0] is assets[1]:
        return True
    signs = [{sign for sign in identity.signs_of(view, asset) if not sign.startswith("profile:")} for asset in assets if asset is not None]
    return len(signs) == 2 and not signs[0].isdisjoint(signs[1])


def _acts_as_another(view: SiteView, row: ClaimRow, station: str) -> bool:
    """Whether the station has an address of its own beside this one: two honest devices that clash have only the one."""
    if row.six:
        return True
    others = (view.wire.claim[key] for key in view.wire.claimed.get(station, ()) if key != row.id and key in view.wire.claim)
    return any(segment_of(other) == segment_of(row) and not other.six for other in others)


def _declared(view: SiteView, row: ClaimRow) -> Iterator[Server]:
    leg, segment = _leg(row), segment_of(row)
    routers = (router for router in view.declared.routers or () if router.leg == leg and router.ip)
    return (router for router in routers if router.ip == row.address or row_id(view, segment, router.ip) == row.id)


def _leg(row: ClaimRow) -> str:
    return segment_of(row).partition("/")[0]
