"""Finding 3: a device on a staff segment that the register does not list, with its class.

Phones with random addresses are people, not equipment, and tomorrow have another: many of them on a staff segment are one matter of that segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from model import routers
from model.classes.judge import classify
from model.classes.kinds import Classification
from model.detector import About, Closing, Detector
from model.listening import LISTENING_GAP
from model.naming import name_of, segment_name
from model.population import random_mac
from model.rows import Asset
from model.segments import members
from model.site import SiteView
from model.times import DAY, HOUR
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import unlisted_device as words

_HIGH = frozenset({"camera", "windows_pc", "mac", "linux_pc", "single_board_computer", "server"})
_LOW = frozenset({"printer", "scanner", "voip_phone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlistedDevice(Detector):
    """VG-NET-06. `stale_hours`: how long after it was last heard a device still counts as there; `phones`: how many with random addresses are a matter."""

    stale_hours: int = 24
    phones: int = 10

    about: ClassVar[About] = About(
        id="VG-NET-06",
        findings=(3,),
        title=words.TITLE,
        kinds=("asset", "segment"),
        needs=("multicast", "declared"),
        closing=Closing(rule=words.CLOSING, lapse=14 * DAY),
        attack=("M1034", "T1200"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset seen on a staff segment, and the segment itself."""
        yield from (Subject("asset", asset.id) for asset in view.assets.values() if _segments(view, asset))
        yield from (Subject("segment", name) for name in view.segments if _is_staff(view, name))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """In the register or not, as long as it is on a staff segment; of the segment, how many are there that no register could list."""
        if subject.kind == "segment":
            return self._nameless(view, subject) if _is_staff(view, subject.id) else None
        asset = view.assets.get(subject.id)
        if asset is None:
            return None
        where = _segments(view, asset)
        if not where or not asset.macs or _is_random(asset):
            return None
        name = name_of(view.declared, asset)
        macs = frozenset(asset.macs)
        if view.declared.register is None:
            return self.verdict(subject, Outcome.NOT_APPLICABLE, words.NO_REGISTER, reason=words.NO_REGISTER)
        if view.declared.registered(macs) or view.declared.screen(macs):
            return self.verdict(subject, Outcome.CLEAR, words.listed(name), grade=Grade.CONFIRMED)
        last = max(asset.segments[segment].last for segment in where)
        if view.age(last) >= self.stale_hours * HOUR:
            gone = words.not_heard(name)
            return self.verdict(subject, Outcome.UNKNOWN, gone, reason=gone, unseen=view.unseen(asset, last))
        return self._unlisted(view, asset, name, last)

    def _nameless(self, view: SiteView, subject: Subject) -> Verdict:
        """A new random address is no new matter: the count is looked at again each hour."""
        if view.declared.register is None:
            return self.verdict(subject, Outcome.NOT_APPLICABLE, words.NO_REGISTER, reason=words.NO_REGISTER)
        since = view.now - self.stale_hours * HOUR
        here = [asset.segments[subject.id].last for asset in members(view, subject.id) if _is_random(asset)]
        count = sum(last > since for last in here)
        seen = (Evidence("count", str(count), max(here, default=view.now)),)
        if count >= self.phones:
            verdict = self.verdict(subject, Outcome.VIOLATION, words.nameless(segment_name(view.declared, subject.id), count))
            verdict = replace(verdict, severity=Severity.LOW, urgency=Urgency.TICKET, title=words.PHONES, remedy=words.PHONES_REMEDY)
        elif view.listened(view.segments[subject.id].leg, since) >= self.stale_hours * HOUR - LISTENING_GAP:
            verdict = self.verdict(subject, Outcome.CLEAR, words.few(segment_name(view.declared, subject.id), count))
        else:
            verdict = self.verdict(subject, Outcome.UNKNOWN, words.NOT_A_DAY, reason=words.NOT_A_DAY)
        return replace(verdict, evidence=seen, recheck_at=view.now + HOUR)

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


def _segments(view: SiteView, asset: Asset) -> list[str]:
    """The staff segments where it was seen."""
    return [name for name in asset.segments if _is_staff(view, name)]


def _is_staff(view: SiteView, segment: str) -> bool:
    row = view.segments.get(segment)
    return row is not None and view.declared.role_of(row.leg, row.vlan) == "staff"


def _is_random(asset: Asset) -> bool:
    return bool(asset.macs) and all(random_mac(mac) for mac in asset.macs)


def _severity(kind: Classification) -> Severity:
    if kind.name in _LOW:
        return Severity.LOW
    return Severity.HIGH if kind.name in _HIGH else Severity.MEDIUM
