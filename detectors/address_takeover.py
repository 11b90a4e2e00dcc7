"""Finding 13: a device takes over another's address (ARP and ND spoofing), the router's above all, so that people's traffic passes through it.

What makes a claim a lie is in `model.claims.signs`. The subject is the device whose hardware address the lie names: traffic goes there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from model import privacy
from model.adverts import HEARD_AGAIN
from model.claims import signs
from model.claims.rows import ClaimRow, segment_of
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.rows import HASH, Asset
from model.site import SiteView
from model.text import Text
from model.times import MINUTE, SECOND, since_when
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import address_takeover as words

_TOLD = 4
# An officer reads the first reasons; the rest is evidence.
_SAID = 3
_HEARS_ALL = frozenset({"mirror", "inline"})
_ORDER = tuple(words.HOW)


class _Lie(NamedTuple):
    """One address the device lies about: by which signs, each with its last second."""

    row: ClaimRow
    station: str
    signs: dict[str, int]
    gateway: bool

    @property
    def last(self) -> int:
        """The last second of any sign."""
        return max(self.signs.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressTakeover(Detector):
    """VG-NET-08. `quiet_minutes`: for how long nothing must be heard before it counts as over."""

    quiet_minutes: int = 30

    about: ClassVar[About] = About(
        id="VG-NET-08",
        findings=(13,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("mirror", "probe"),
        closing=Closing(rule=words.CLOSING),
        attack=("T1557.002", "T1557"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset that claims an address."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if _rows(view, asset))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """Whether the asset lies about an address; of a router, whether anybody could lie about its own."""
        asset = view.assets.get(subject.id)
        rows = _rows(view, asset) if asset is not None else []
        if asset is None or not rows:
            return None
        lies = _lies(view, rows)
        if lies:
            return self._lied(view, asset, lies)
        return self._keeps(view, asset, rows)

    def _lied(self, view: SiteView, asset: Asset, lies: Sequence[_Lie]) -> Verdict:
        last = max(lie.last for lie in lies) * SECOND
        until = last + self.quiet_minutes * MINUTE
        if view.now < until:
            return self._violation(view, asset, lies, last, until)
        blind = next((why for lie in lies if (why := self._not_over(view, lie)) is not None), None)
        seen = tuple(Evidence(_kind(lie.row), "quiet", max(last, view.now)) for lie in lies[:1])
        if blind is None:
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.QUIET, evidence=seen, grade=Grade.CONFIRMED)
        return self.verdict(
            Subject("asset", asset.id), Outcome.UNKNOWN, blind, reason=blind, unseen=view.unseen(asset, last), recheck_at=view.now + self.quiet_minutes * MINUTE
        )

    def _violation(self, view: SiteView, asset: Asset, lies: Sequence[_Lie], last: int, until: int) -> Verdict:
        gateway = any(lie.gateway for lie in lies)
        worst = max(lies, key=lambda lie: (lie.gateway, lie.last, lie.row.id))
        found = [sign for sign in _ORDER if any(sign in lie.signs for lie in lies)]
        pushed = [each for lie in lies for each in lie.row.claims[lie.station].pushed]
        victims = {each.told for each in pushed if each.told}
        since = min((each.second for each in pushed), default=last // SECOND) * SECOND
        address, personal = signs.address_of(view, worst.row), privacy.personal(view, asset)
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=Severity.CRITICAL if gateway else Severity.HIGH,
            grade=Grade.LIKELY if found == ["announced"] else Grade.CONFIRMED,
            urgency=Urgency.PAGE,
            title=words.title("" if personal or _is_named(view, asset) else _hardware(asset), gateway=gateway),
            summary=words.posing(_called(view, asset), address, found[:_SAID], victims=len(victims), since=since_when(since, view.now), gateway=gateway),
            remedy=words.REMEDY_STRANGER if personal else words.REMEDY,
            evidence=(*_evidence(view, lies), *_itself(view, asset, last)),
            state=(("target", "gateway" if gateway else "host"), ("signs", ",".join(found))),
            recheck_at=until,
        )

    def _not_over(self, view: SiteView, lie: _Lie) -> Text | None:
        """Why quiet is not yet the end: what could not be heard meanwhile."""
        leg = segment_of(lie.row).partition("/")[0]
        quiet = self.quiet_minutes * MINUTE
        if view.listened(leg, lie.last * SECOND) < quiet:
            return words.NOT_LONG_ENOUGH
        keeper = signs.keeper(view, lie.row)
        answered = [second for second in lie.row.answered.get(keeper, ()) if second > lie.last]
        others = [second for station, told in lie.row.answered.items() if station != keeper for second in told if second > lie.last]
        if not _hears_all(view, leg) and (not answered or others):
            return words.PLAIN
        claim = lie.row.claims.get(keeper)
        there = bool(answered) or (claim is not None and claim.seen.last // SECOND > lie.last)
        return words.NO_KEEPER if lie.gateway and not there else None

    def _keeps(self, view: SiteView, asset: Asset, rows: Sequence[tuple[ClaimRow, str]]) -> Verdict | None:
        """Of a router: clear only where everything is heard."""
        if any(station in signs.lawful(view, row) for row, station in rows):
            own = [(row, station) for row, station in rows if station in signs.lawful(view, row)]
            said = words.DECLARED
        else:
            own = [(row, station) for row, station in rows if signs.named_gateway(view, row) and signs.keeper(view, row) == station]
            said = words.ITS_KEEPER
        if not own:
            return None
        # How a leg listens becomes known, and a liar falls silent, without a word of the router's; one not heard for long is judged when it is heard again.
        again = view.now + MINUTE if view.age(asset.seen.last) < HEARD_AGAIN else None
        if any(signs.told(view, row, other) for row, station in own for other in row.claims if other != station):
            return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, words.CONTESTED, reason=words.CONTESTED, recheck_at=again)
        legs = {segment_of(row).partition("/")[0] for row, _ in own}
        if not all(_hears_all(view, leg) for leg in legs):
            return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, words.PLAIN, reason=words.PLAIN, recheck_at=again)
        return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, said, grade=Grade.CONFIRMED)


def _rows(view: SiteView, asset: Asset) -> list[tuple[ClaimRow, str]]:
    """The addresses that the asset's stations claim, with the station."""
    stations = [mac.removeprefix(HASH) if mac.startswith(HASH) else view.asset_id(mac) for mac in asset.macs]
    table = view.wire.claim
    return [(table[key], station) for station in stations for key in view.wire.claimed.get(station, ()) if key in table]


def _lies(view: SiteView, rows: Sequence[tuple[ClaimRow, str]]) -> list[_Lie]:
    found: list[_Lie] = []
    for station in dict.fromkeys(station for _, station in rows):
        own = [row for row, claimant in rows if claimant == station]
        pushing = [row for row in own if station in row.claims and row.claims[station].pushed]
        between = signs.both_ways([row for row in pushing if not signs.honest(view, row, station)], station)
        for row in own:
            told = signs.told(view, row, station) | ({"both_ways": between[row.id]} if row.id in between else {})
            if told:
                found.append(_Lie(row, station, told, signs.named_gateway(view, row)))
    return sorted(found, key=lambda lie: (not lie.gateway, lie.row.id))


def _hears_all(view: SiteView, leg: str) -> bool:
    row = view.legs.get(leg)
    return row is not None and row.vantage in _HEARS_ALL


def _kind(row: ClaimRow) -> Literal["arp", "nd"]:
    return "nd" if row.six else "arp"


def _called(view: SiteView, asset: Asset) -> Text:
    if privacy.personal(view, asset):
        return words.STRANGER
    # Its latest address is the one it stole.
    return words.called(name_of(view.declared, asset) if _is_named(view, asset) else _hardware(asset))


def _is_named(view: SiteView, asset: Asset) -> bool:
    macs = frozenset(asset.macs)
    return bool(asset.names or view.declared.registered(macs) or view.declared.screen(macs))


def _hardware(asset: Asset) -> str:
    return min(asset.macs, default=asset.id)


def _evidence(view: SiteView, lies: Sequence[_Lie]) -> Iterable[Evidence]:
    """Each lie: whose address (a gateway's as it is, another's by its keeper's id), how often it was pushed, by which signs."""
    for lie in lies[:_TOLD]:
        pushed = lie.row.claims[lie.station].pushed
        whose = signs.address_of(view, lie.row) or signs.keeper(view, lie.row)
        yield Evidence(_kind(lie.row), f"{whose}: {', '.join(sorted(lie.signs))}; {len(pushed)} unasked", lie.last * SECOND)
        if carriers := sorted({each.by for each in pushed if each.by}):
            yield Evidence("mac", f"sent by {', '.join(carriers[:_TOLD])}", lie.last * SECOND)


def _itself(view: SiteView, asset: Asset, at: int) -> Iterable[Evidence]:
    if asset.macs and not privacy.personal(view, asset):
        yield Evidence("mac", min(asset.macs), at)
