"""Finding 3: a device on a staff segment that the register does not list, with its class.

Phones with random addresses are people, not equipment: they are counted by VG-NET-01 and never listed one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model import routers
from model.classes.judge import classify
from model.classes.kinds import Classification
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.population import random_mac
from model.rows import Asset
from model.site import SiteView
from model.text import Text
from model.times import DAY, HOUR
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import unlisted_device as words

_HIGH = frozenset({"camera", "windows_pc", "mac", "linux_pc", "single_board_computer", "server"})
_LOW = frozenset({"printer", "scanner", "voip_phone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlistedDevice(Detector):
    """VG-NET-06. `stale_hours`: how long after it was last heard a device still counts as there."""

    stale_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-NET-06",
        findings=(3,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("multicast", "declared"),
        closing=Closing(rule=words.CLOSING, lapse=14 * DAY),
        attack=("M1034", "T1200"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset seen on a staff segment."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if _segments(view, asset))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """In the register or not, as long as it is on a staff segment."""
        asset = view.assets.get(subject.id)
        if asset is None:
            return None
        where = _segments(view, asset)
        if not where or not asset.macs or all(random_mac(mac) for mac in asset.macs):
            return None
        name = name_of(view.declared, asset)
        macs = frozenset(asset.macs)
        if view.declared.register is None:
            return self._verdict(subject, Outcome.NOT_APPLICABLE, words.NO_REGISTER, reason=words.NO_REGISTER)
        if view.declared.registered(macs) or view.declared.screen(macs):
            return self._verdict(subject, Outcome.CLEAR, words.listed(name), grade=Grade.CONFIRMED)
        last = max(asset.segments[segment].last for segment in where)
        if view.age(last) >= self.stale_hours * HOUR:
            gone = words.not_heard(name)
            return self._verdict(subject, Outcome.UNKNOWN, gone, reason=gone, unseen=view.unseen(asset, last))
        return self._unlisted(view, asset, name, last)

    def _unlisted(self, view: SiteView, asset: Asset, name: str, last: int) -> Verdict | None:
        # Another rule's matter: a router, an access point or a KVM that nobody declared is worse than unlisted (VG-NET-05).
        if routers.takes_over(view, asset):
            return None
        kind = classify(asset)
        seen = (Evidence("mac", min(asset.macs), last), *kind.evidence[:4])
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=_severity(kind),
            grade=Grade.CONFIRMED,
            urgency=Urgency.TICKET,
            title=words.TITLE,
            summary=words.found(name, kind.name),
            remedy=words.REMEDY,
            evidence=seen,
            state=(("class", kind.name),),
            unseen=view.unseen(asset, last),
            recheck_at=last + self.stale_hours * HOUR,
        )

    def _verdict(
        self, subject: Subject, outcome: Outcome, said: Text, *, grade: Grade = Grade.INFERRED, reason: Text | None = None, unseen: int = 0
    ) -> Verdict:
        return Verdict(detector=self.about.id, subject=subject, outcome=outcome, grade=grade, title=words.TITLE, summary=said, reason=reason, unseen=unseen)


def _segments(view: SiteView, asset: Asset) -> list[str]:
    """The staff segments where it was seen."""
    rows = ((name, view.segments.get(name)) for name in asset.segments)
    return [name for name, row in rows if row and view.declared.role_of(row.leg, row.vlan) == "staff"]


def _severity(kind: Classification) -> Severity:
    if kind.name in _LOW:
        return Severity.LOW
    return Severity.HIGH if kind.name in _HIGH else Severity.MEDIUM
