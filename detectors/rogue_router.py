"""Findings 1 and 3: a router, access point, phone's line, 4G stick or remote keyboard inside that nobody declared.

How signs agree is in `model.routers`. Addresses it gives out are VG-NET-04's matter; here it is the box, as another way out of the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model import absence, privacy, routers
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.routers import Judged
from model.rows import Asset
from model.site import SiteView
from model.text import Text
from model.times import HOUR, MINUTE
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import rogue_router as words

_TOLD = 6
_LOOK_AGAIN = 10 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class RogueRouter(Detector):
    """VG-NET-05. `fresh_hours`: how long after its signs were last heard a router still counts as there."""

    fresh_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-NET-05",
        findings=(1, 3),
        title=words.TITLE,
        kinds=("asset",),
        needs=("multicast", "mirror", "declared"),
        closing=Closing(rule=words.CLOSING),
        attack=("T1200",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset with a sign of routing, of sharing its line, or of being a remote keyboard."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if routers.judged(view, asset) is not None)

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """Whether the asset routes, and whether anybody declared it."""
        asset = view.assets.get(subject.id)
        found = routers.judged(view, asset) if asset is not None else None
        if asset is None or found is None:
            return None
        name = "" if privacy.personal(view, asset) else name_of(view.declared, asset)
        if found.outcome is Outcome.CLEAR:
            return self._verdict(subject, Outcome.CLEAR, words.lawful(name), found, name, grade=Grade.CONFIRMED)
        if found.outcome is Outcome.UNKNOWN:
            said = words.undecided(name, [sign.name for sign in found.signs])
            return self._verdict(subject, Outcome.UNKNOWN, said, found, name, reason=said, unseen=view.unseen(asset, found.last))
        if found.outcome is Outcome.NOT_APPLICABLE:
            said = words.not_applicable(name, found.kind)
            # A phone's line among others is a violation whatever is declared, and its neighbours may be heard after it, as long as it is heard itself.
            again = view.now + _LOOK_AGAIN if view.age(found.last) < self.fresh_hours * HOUR else None
            return self._verdict(subject, Outcome.NOT_APPLICABLE, said, found, name, reason=words.NOT_DECLARED, recheck_at=again)
        until = found.last + self.fresh_hours * HOUR
        return self._violation(subject, asset, found, name, until) if view.now < until else self._silent(view, subject, asset, found, name)

    def _violation(self, subject: Subject, asset: Asset, found: Judged, name: str, until: int) -> Verdict:
        mac = (Evidence("mac", min(asset.macs, default=asset.id), asset.seen.last),) if name else ()
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.VIOLATION,
            severity=Severity.HIGH if found.grade is Grade.CONFIRMED else Severity.MEDIUM,
            grade=found.grade,
            urgency=Urgency.TICKET,
            title=words.title(found.kind),
            summary=words.found(name, found.kind, [sign.name for sign in found.signs]),
            remedy=words.remedy(found.kind, named=bool(name)),
            evidence=(*mac, *_evidence(found, name)),
            state=(("kind", found.kind), ("signs", ",".join(sorted({sign.name for sign in found.signs})))),
            recheck_at=until,
        )

    def _silent(self, view: SiteView, subject: Subject, asset: Asset, found: Judged, name: str) -> Verdict:
        unicast = all(sign.unicast for sign in found.signs)
        legs = absence.legs_of(asset)
        if absence.is_gone(view, legs, found.last, unicast=unicast):
            return self._verdict(subject, Outcome.CLEAR, words.GONE, found, name, grade=Grade.CONFIRMED)
        why = words.PLAIN if unicast and view.vantage(asset) not in absence.HEARS_UNICAST else words.SILENT
        unseen = view.unseen(asset, found.last)
        return self._verdict(subject, Outcome.UNKNOWN, why, found, name, reason=why, unseen=unseen, recheck_at=view.now + _LOOK_AGAIN)

    def _verdict(
        self, subject: Subject, outcome: Outcome, said: Text, found: Judged, name: str, *, grade: Grade = Grade.INFERRED, reason: Text | None = None,
        unseen: int = 0, recheck_at: int | None = None,
    ) -> Verdict:  # fmt: skip
        seen = tuple(_evidence(found, name))
        return self.verdict(subject, outcome, said, evidence=seen, grade=grade, reason=reason, unseen=unseen, recheck_at=recheck_at)


def _evidence(found: Judged, name: str) -> Iterable[Evidence]:
    """What was heard; of a citizen's own device not what its class was told by, which may be its owner's name for it."""
    return (sign.evidence for sign in found.signs[:_TOLD] if name or sign.name != "class")
