"""Findings 1 and 13: a DHCP server or router advertiser that nobody declared, and where it sends people.

A relay is not the server: the server is known by its identifier (option 54, DUID), the relay by the address it passes answers on from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import servers
from model.detector import About, Closing, Detector
from model.naming import name_of, segment_name
from model.rows import Asset
from model.site import SiteView
from model.times import HOUR, day_of
from model.verdict import Evidence, EvidenceKind, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire.servers import Served, at_war, on_segment
from model.wording import rogue_dhcp as words

_TOLD = 4
_KINDS: dict[str, EvidenceKind] = {"dhcp4": "dhcp", "dhcp6": "dhcp", "ra": "ra"}
# Silence is looked for this often: each look may find one more of our questions unanswered.
_LOOK_AGAIN = 4 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class RogueDhcp(Detector):
    """VG-NET-04. `fresh_hours`: how long after it was last heard a server still counts as there."""

    fresh_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-NET-04",
        findings=(1, 13),
        title=words.TITLE,
        kinds=("asset",),
        needs=("declared", "mirror", "probe"),
        closing=Closing(rule=words.CLOSING),
        attack=("T1557.003",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset that gave out addresses or advertised itself as a router."""
        return (Subject("asset", asset) for asset in view.wire.servers if asset in view.assets)

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """Whether what the asset serves is declared."""
        asset, row = view.assets.get(subject.id), view.wire.servers.get(subject.id)
        if asset is None or row is None or not row.served:
            return None
        judged = [(served, servers.lawful(view, asset, served)) for _, served in sorted(row.served.items())]
        strangers = sorted((served for served, known in judged if known is False), key=lambda served: (-served.seen.last, served.kind, served.server))
        if strangers:
            return self._undeclared(view, asset, strangers)
        if all(known is None for _, known in judged):
            return self._nothing_declared(view, asset, [served for served, _ in judged])
        looked = tuple(Evidence(_KINDS[served.kind], served.server, served.seen.last) for served, known in judged if known)
        return self.verdict(
            Subject("asset", asset.id), Outcome.CLEAR, words.lawful(name_of(view.declared, asset)), evidence=looked[:_TOLD], grade=Grade.CONFIRMED
        )

    def _undeclared(self, view: SiteView, asset: Asset, strangers: Sequence[Served]) -> Verdict:
        last = max(served.seen.last for served in strangers)
        until = last + self.fresh_hours * HOUR
        if view.now < until:
            return self._violation(view, asset, strangers, until)
        still = [served for served in strangers if not servers.is_gone(view, served)]
        if not still:
            seen = tuple(Evidence(_KINDS[served.kind], "silent", view.now) for served in strangers[:_TOLD])
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.GONE, evidence=seen, grade=Grade.CONFIRMED)
        why = words.SILENT if all(servers.can_be_missed(view, served) for served in still) else words.PLAIN
        return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, why, reason=why, unseen=view.unseen(asset, last), recheck_at=view.now + _LOOK_AGAIN)

    def _violation(self, view: SiteView, asset: Asset, strangers: Sequence[Served], until: int) -> Verdict:
        away = [servers.elsewhere(view, served) for served in strangers]
        routers, dns = (sorted({ip for each in away for ip in each[part]}) for part in (0, 1))
        kinds = sorted({served.kind for served in strangers})
        relayed = next((served.server for served in strangers if served.promise and served.promise.value.relay), "")
        name, where = name_of(view.declared, asset), sorted({segment_name(view.declared, served.segment) for served in strangers})
        said = words.found(name, where, kinds, routers=routers, dns=dns, refused=_refused(view, asset, strangers), relay=relayed)
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=Severity.HIGH,
            grade=Grade.CONFIRMED,
            urgency=Urgency.PAGE if _first_of_the_day(view, asset, strangers) else Urgency.TICKET,
            title=words.title(kinds),
            summary=said,
            remedy=words.REMEDY,
            evidence=(Evidence("mac", min(asset.macs, default=asset.id), strangers[0].seen.last), *_evidence(view, asset, strangers)),
            state=(("serves", ",".join(kinds)), ("routers", ",".join(routers)), ("dns", ",".join(dns))),
            recheck_at=until,
        )

    def _nothing_declared(self, view: SiteView, asset: Asset, all_served: Sequence[Served]) -> Verdict:
        """Nobody can be told apart from the lawful one; that two contradict each other is told."""
        against = sorted({other for served in all_served for other, _ in servers.rivals(view, asset, served)})
        why = words.NO_ROUTERS if all(served.kind == "ra" for served in all_served) else words.NOT_DECLARED
        said = words.disagree(name_of(view.declared, asset), len(against)) if against else why
        seen = tuple(_evidence(view, asset, all_served)) if against else ()
        return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, said, evidence=seen, reason=why)


def _refused(view: SiteView, asset: Asset, mine: Sequence[Served]) -> int:
    """How many clients of other servers it refused."""
    others = [(served, other) for served in mine for asset_id, other in on_segment(view, served.segment, served.kind) if asset_id != asset.id]
    return len({refusal.client for served, other in others if at_war(served, other) for refusal in served.refused if refusal.client in other.clients})


def _first_of_the_day(view: SiteView, asset: Asset, mine: Sequence[Served]) -> bool:
    """Of all undeclared servers of a site that turned up on one day, the first wakes somebody."""
    own = (min(served.seen.first for served in mine), asset.id)
    for other, row in view.wire.servers.items():
        known = view.assets.get(other)
        if known is None or other == asset.id:
            continue
        earlier = (served for served in row.served.values() if day_of(served.seen.first) == day_of(own[0]) and (served.seen.first, other) < own)
        if any(servers.lawful(view, known, served) is False for served in earlier):
            return False
    return True


def _evidence(view: SiteView, asset: Asset, mine: Sequence[Served]) -> Iterable[Evidence]:
    """What it serves, and whom that contradicts."""
    for served in mine[:_TOLD]:
        yield Evidence(_KINDS[served.kind], _gist(served), served.seen.last)
        for other, theirs in servers.rivals(view, asset, served)[:_TOLD]:
            yield Evidence(_KINDS[served.kind], f"{other}: {_gist(theirs)}", theirs.seen.last)
        if served.refused:
            yield Evidence("count", f"NAK {len(served.refused)}", served.refused[-1].second * 1_000_000_000)


def _gist(served: Served) -> str:
    promise = served.promise.value if served.promise else None
    parts: list[tuple[str, tuple[str, ...]]] = [("server", (served.server,))]
    if promise is not None:
        parts += [("relay", (promise.relay,)), ("routers", promise.routers), ("dns", promise.dns), ("networks", promise.networks)]
    return "; ".join(f"{name} {', '.join(values)}" for name, values in parts if any(values))[:400]
