"""Finding 8: Windows or Office activated by a pirate's server, told by the names looked up and by the KMS protocol itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import privacy
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.quiet import days_without
from model.remote.piracy import BY_ID
from model.rows import Asset
from model.segments import serves
from model.site import SiteView
from model.text import Text
from model.times import DAY, HOUR
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire.activation import Sought, sought
from model.wording import piracy_activation as words

_JUDGED = ("staff", "unlabelled")
_LOOK_AGAIN = 12 * HOUR
_EXAMPLES = 4
# Of thirty days some twenty-one are working days; a box may have missed a few.
_HEARD_DAYS = 15
_FIRST_LOOK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PiracyActivation(Detector):
    """VG-NET-10. `quiet_days`: days without a sign, the PC seen, after which it is over."""

    quiet_days: int = 30

    about: ClassVar[About] = About(
        id="VG-NET-10",
        findings=(8,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("mirror", "declared"),
        closing=Closing(rule=words.CLOSING),
        attack=("M1033",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset that sought an activation server, and every officer's device."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if asset.id in view.wire.activation or view.role(asset) == "staff")

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The worst server it sought or is."""
        asset = view.assets.get(subject.id)
        if asset is None:
            return None
        row, role = view.wire.activation.get(asset.id), view.role(asset)
        if row is None and (role != "staff" or serves(asset)):
            return None
        if role not in _JUDGED or privacy.personal(view, asset):
            return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, words.NOT_STAFF, reason=words.NOT_STAFF)
        if serves(asset):
            return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, words.CARRIER, reason=words.CARRIER)
        known = sought(row) if row else []
        live = [each for each in known if not self._is_over(view, asset, each)]
        wrong = [(each, said) for each in live if (said := _wrong(view, asset, each)) is not None]
        if wrong:
            return self._violation(view, asset, wrong)
        return self._nothing_wrong(view, asset, live, known)

    def _is_over(self, view: SiteView, asset: Asset, each: Sought) -> bool:
        last = each.seen.last
        return asset.seen.last - last >= self.quiet_days * DAY and days_without(view, asset, last, unicast=True) >= _HEARD_DAYS

    def _violation(self, view: SiteView, asset: Asset, wrong: Sequence[tuple[Sought, Text]]) -> Verdict:
        if view.unseen(asset, asset.seen.last) >= DAY:
            return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, words.AWAY, reason=words.AWAY, unseen=view.unseen(asset, asset.seen.last))
        # A listed name is surer than an address nobody declared.
        worst, said = min(wrong, key=lambda found: (not found[0].listed, found[0].via != "rpc", -found[0].seen.last))
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=Severity.MEDIUM,
            grade=Grade.CONFIRMED if worst.via == "rpc" else Grade.LIKELY,
            urgency=Urgency.REPORT,
            title=words.TITLE,
            summary=said,
            remedy=words.REMEDY,
            evidence=tuple(_evidence(each) for each, _ in wrong[:_EXAMPLES]),
            state=(("server", worst.listed or worst.ip or worst.server), ("via", worst.via)),
            recheck_at=view.now + _LOOK_AGAIN,
        )

    def _nothing_wrong(self, view: SiteView, asset: Asset, live: Sequence[Sought], known: Sequence[Sought]) -> Verdict:
        again = view.now + _LOOK_AGAIN
        seen = tuple(_evidence(each) for each in (live or known)[:_EXAMPLES])
        name = name_of(view.declared, asset)
        if live and view.declared.kms_servers is None:
            return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, words.NOT_DECLARED, evidence=seen, reason=words.NOT_DECLARED)
        if live:
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.lawful(name), evidence=seen, recheck_at=again)
        since = max((each.seen.last for each in known), default=asset.seen.first)
        if days_without(view, asset, since, unicast=True) >= _FIRST_LOOK:
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.quiet(name), evidence=seen, recheck_at=again)
        why = words.NOT_LONG if view.vantage(asset) in ("mirror", "inline") else words.PLAIN
        return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, why, reason=why, unseen=view.unseen(asset, asset.seen.last), recheck_at=again)


def _wrong(view: SiteView, asset: Asset, each: Sought) -> Text | None:
    """What is wrong with the server, or None: lawful, not declared either way, or only a name without an address."""
    name = name_of(view.declared, asset)
    if each.listed:
        return words.listed(name, each.listed, script=BY_ID[each.listed].script)
    if not each.ip or _is_declared(view, each):
        return None
    if each.server and each.server in {view.asset_id(mac) for mac in asset.macs}:
        return words.is_server(name) if view.declared.kms_servers is not None else None
    if _is_outside(each.ip):
        return words.outside(name, each.ip)
    if view.declared.kms_servers is None:
        return None
    server = view.station(each.server)
    # Of one that was not met yet the address says more to an officer than its code.
    known = each.ip if server is None else f"#{each.server[:8]}" if privacy.personal(view, server) else name_of(view.declared, server)
    return words.inside(name, known)


def _is_declared(view: SiteView, each: Sought) -> bool:
    return any(server.ip == each.ip or (server.mac and view.asset_id(server.mac) == each.server) for server in view.declared.kms_servers or ())


def _is_outside(ip: str) -> bool:
    address = ipaddress.ip_address(ip)
    # A carrier's own range (RFC 6598) is neither private nor global: nobody's server stands there but the carrier's.
    return address.is_global


def _evidence(each: Sought) -> Evidence:
    parts = (each.via, each.listed, each.ip)
    return Evidence("product", "kms " + " ".join(part for part in parts if part), each.seen.last)
