"""Finding 11: software by which somebody elsewhere sees and uses an officer's PC, told by what it says on the wire.

Named < listening < connecting < session. Relayed sessions look like the program at rest; then the best that can be said is that it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import approvals, privacy
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.quiet import days_without
from model.remote.products import BY_ID, ROWS
from model.rows import Asset, Held, Sighting
from model.segments import serves
from model.site import SiteView
from model.text import Text
from model.times import DAY, HOUR, local, since_when
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire.remote import ROUTED, Sign, Spoken, Trace, signs
from model.wording import remote_control_traffic as words

_JUDGED = ("staff", "unlabelled")
_SEVERITY = {"session": Severity.HIGH, "connecting": Severity.MEDIUM, "listening": Severity.MEDIUM, "named": Severity.LOW}
_GRADE = {"payload": Grade.CONFIRMED, "dns": Grade.INFERRED}
_LOOK_AGAIN = 6 * HOUR
_EXAMPLES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteControlTraffic(Detector):
    """VG-NET-07. `quiet_days`: working days without a sign, the PC seen, after which the software counts as gone."""

    quiet_days: int = 5

    about: ClassVar[About] = About(
        id="VG-NET-07",
        findings=(11,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("mirror", "multicast"),
        closing=Closing(rule=words.CLOSING),
        attack=("T1219", "T1021"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset with a sign, and every officer's device."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if _signs(view, asset) or view.role(asset) == "staff")

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The worst live sign that nobody approved."""
        asset = view.assets.get(subject.id)
        if asset is None:
            return None
        known, role = _signs(view, asset), view.role(asset)
        if not known and (role != "staff" or serves(asset)):
            return None
        if role not in _JUDGED or privacy.personal(view, asset):
            return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, words.NOT_STAFF, reason=words.NOT_STAFF)
        if serves(asset):
            return self.verdict(Subject("asset", asset.id), Outcome.NOT_APPLICABLE, words.CARRIER, reason=words.CARRIER)
        live = [sign for sign in known if not self._is_over(view, asset, sign)]
        wrong = [sign for sign in live if not approvals.covers(view.declared, asset, sign)]
        if wrong:
            return self._violation(view, asset, wrong)
        return self._approved(view, asset, live) if live else self._silent(view, asset, known)

    def _is_over(self, view: SiteView, asset: Asset, sign: Sign) -> bool:
        return days_without(view, asset, sign.trace.seen.last, unicast=not _is_lan(sign)) >= self.quiet_days

    def _violation(self, view: SiteView, asset: Asset, wrong: Sequence[Sign]) -> Verdict:
        if view.unseen(asset, asset.seen.last) >= DAY:
            return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, words.AWAY, reason=words.AWAY, unseen=view.unseen(asset, asset.seen.last))
        worst = wrong[0]
        product, trace = BY_ID[worst.product], worst.trace
        security = next((sign.trace.security.value for sign in wrong if sign.product == worst.product and sign.trace.security), "")
        others = sorted({BY_ID[sign.product].name for sign in wrong} - {product.name})
        paged = worst.stage == "session" and view.role(asset) == "staff"
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=_SEVERITY[worst.stage],
            grade=_GRADE.get(trace.spoken.value.via, Grade.LIKELY),
            urgency=Urgency.PAGE if paged else Urgency.TICKET,
            title=words.title(product.name, worst.stage),
            summary=words.found(
                name_of(view.declared, asset),
                product.name,
                worst.stage,
                worst.end,
                when=since_when(trace.seen.last, view.now),
                peer=_peer(view, worst),
                security=security,
                others=others,
                expired=_day(approvals.ran_out(view.declared, asset, worst)),
            ),
            remedy=words.REMEDY,
            evidence=tuple(_evidence(sign) for sign in wrong[:_EXAMPLES]),
            state=(
                ("product", ",".join(sorted({sign.product for sign in wrong}))),
                ("stage", worst.stage),
                ("end", worst.end or "unknown"),
                ("security", security or "unknown"),
            ),
            recheck_at=view.now + _LOOK_AGAIN,
        )

    def _approved(self, view: SiteView, asset: Asset, live: Sequence[Sign]) -> Verdict:
        tool = approvals.of(view.declared, asset, live[0])
        names = sorted({BY_ID[sign.product].name for sign in live})
        owner, until = (tool.owner, _day(tool.until)) if tool else ("", "")
        said = words.approved(name_of(view.declared, asset), names, owner, until)
        seen = tuple(_evidence(sign) for sign in live[:_EXAMPLES])
        return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, said, evidence=seen, recheck_at=view.now + _LOOK_AGAIN)

    def _silent(self, view: SiteView, asset: Asset, known: Sequence[Sign]) -> Verdict:
        """Nothing live: cleared by what was listened to, else unknown with its reason."""
        again = view.now + _LOOK_AGAIN
        seen = tuple(_evidence(sign) for sign in known[:_EXAMPLES])
        name = name_of(view.declared, asset)
        since = max((sign.trace.seen.last for sign in known), default=asset.seen.first)
        if days_without(view, asset, since, unicast=True) >= self.quiet_days:
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.quiet(name, lan=False), evidence=seen, recheck_at=again)
        if known and all(map(_is_lan, known)):
            return self.verdict(Subject("asset", asset.id), Outcome.CLEAR, words.quiet(name, lan=True), evidence=seen, recheck_at=again)
        why = words.NOT_LONG if view.vantage(asset) in ("mirror", "inline") else words.PLAIN
        return self.verdict(Subject("asset", asset.id), Outcome.UNKNOWN, why, reason=why, unseen=view.unseen(asset, asset.seen.last), recheck_at=again)


def _signs(view: SiteView, asset: Asset) -> list[Sign]:
    """What its own row knows, and the groups it listens to that only one product uses."""
    row = view.wire.remote.get(asset.id)
    joined = [
        Sign(product.id, "listening", "", Trace(Sighting(held.stamp.at, held.stamp.at), Held(Spoken("lan", 0, ""), held.stamp)))
        for product in ROWS
        for group in product.groups
        if (held := asset.signs.groups.get(group)) is not None
    ]
    return [*(signs(row) if row else ()), *joined]


def _is_lan(sign: Sign) -> bool:
    """Was it heard by calls into the network, which every port hears."""
    return sign.trace.spoken.value.via == "lan"


def _peer(view: SiteView, sign: Sign) -> Text | None:
    """With whom, as far as the wire tells: a relay hides it."""
    if not sign.end or sign.stage == "listening":
        return None
    peer = sign.trace.spoken.value.peer
    asset = view.station(peer)
    if peer == ROUTED or (asset is not None and serves(asset)):
        return words.ROUTED
    if asset is not None and not privacy.personal(view, asset):
        return words.device(name_of(view.declared, asset))
    return words.unnamed(peer) if peer else words.OUTSIDE


def _day(until: int) -> str:
    """The last day of an approval, `dd/MM/yyyy`."""
    return local(until - 1).partition(" ")[0] if until else ""


def _evidence(sign: Sign) -> Evidence:
    spoken, security = sign.trace.spoken.value, sign.trace.security
    parts = (sign.product, sign.stage, sign.end, spoken.via, f"port {spoken.port}" if spoken.port else "", security.value if security else "")
    return Evidence("product", " ".join(part for part in parts if part), sign.trace.seen.last)
