"""Finding 1: citizens and staff on one network. What listening can say: never that networks are apart, only that they are not.

The ladder: shared_l2 > same_subnet > same_line_only > not_observed > blind; a line shared is never told as a network shared. The strongest
rung, a nonce frame heard, needs a probe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import segments
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.population import visiting_days, windows_pcs
from model.rows import Asset, Segment
from model.site import SiteView
from model.text import Text
from model.times import DAY, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import shared_segment as words
from model.wording.common import ROLE

_WEEK = 7 * DAY
_LOOK_AGAIN = DAY // 24
_EXAMPLES = 8
_OPPOSITE = {"citizen": "staff", "staff": "citizen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSegment(Detector):
    """VG-NET-01. `crossings`: how often devices must be heard on two legs at once; `days`, `visitors`, `pcs`: what makes a population mixed."""

    crossings: int = 3
    days: int = 3
    visitors: int = 8
    pcs: int = 2

    about: ClassVar[About] = About(
        id="VG-NET-01",
        findings=(1,),
        title=words.SHARED,
        kinds=("segment", "segments"),
        needs=("multicast", "declared"),
        closing=Closing(rule=words.CLOSING),
        attack=("M1030",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every segment heard, and every declared pair of a citizens' and a staff segment."""
        yield from (Subject("segment", segment) for segment in view.segments)
        yield from (Subject("segments", pair) for pair in _pairs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """One segment by its own signs, a pair by what is heard on both."""
        if subject.kind == "segments":
            return self._pair(view, subject) if subject.id in _pairs(view) else None
        segment = view.segments.get(subject.id)
        return self._alone(view, segment) if segment else None

    def _alone(self, view: SiteView, segment: Segment) -> Verdict:
        here = segments.members(view, segment.id)
        subject = Subject("segment", segment.id)
        role = view.declared.role_of(segment.leg, segment.vlan)
        misplaced = [asset for asset in here if (line := view.declared.registered(frozenset(asset.macs))) and line.role == _OPPOSITE.get(role)]
        if misplaced:
            names = sorted(name_of(view.declared, asset) for asset in misplaced)
            seen = [Evidence("declared", name, segment.seen.last) for name in names]
            return self._violation(subject, Severity.MEDIUM, Grade.LIKELY, words.SHARED, words.misplaced(names, ROLE[role].vi), seen, "same_subnet")
        apart = sorted(segments.ranges_apart(here, segments.networks(here)), key=lambda found: found.network_address)
        if len(apart) > 1:
            named = [str(found) for found in apart]
            seen = [Evidence("segment", name, segment.seen.last) for name in named]
            return self._violation(subject, Severity.LOW, Grade.INFERRED, words.MAYBE_SHARED, words.several_ranges(named), seen, "same_subnet")
        return self._population(view, subject, here)

    def _population(self, view: SiteView, subject: Subject, here: Sequence[Asset]) -> Verdict:
        days = {day: count for day, count in visiting_days(view.now, here).items() if count >= self.visitors}
        pcs = windows_pcs(here)
        if len(days) < self.days or pcs < self.pcs:
            return self._unknown(subject, words.NOT_PROVEN, "not_observed", view.now + _LOOK_AGAIN)
        said = words.visitors(len(days), sum(days.values()), pcs)
        seen = [Evidence("count", f"{day}: {count}", view.now) for day, count in sorted(days.items())]
        return self._violation(subject, Severity.LOW, Grade.INFERRED, words.SHARED, said, seen, "same_subnet", view.now + _LOOK_AGAIN)

    def _pair(self, view: SiteView, subject: Subject) -> Verdict:
        one, other = (view.segments.get(segment) for segment in subject.id.split("|"))
        if one is None or other is None:
            return self._unknown(subject, words.BLIND, "blind", view.now + _LOOK_AGAIN)
        # A router may rightly stand on both and speak on both at once.
        both = [asset for asset in view.assets.values() if len(asset.crossed.get(subject.id, ())) >= self.crossings and not segments.serves(asset)]
        return self._crossed(view, subject, (one, other), both) if both else self._gateways(view, subject, (one, other))

    def _crossed(self, view: SiteView, subject: Subject, pair: tuple[Segment, Segment], both: Sequence[Asset]) -> Verdict:
        last = max(asset.crossed[subject.id][-1] for asset in both) * SECOND
        if min(view.listened(segment.leg, last) for segment in pair) >= _WEEK:
            return Verdict(detector=self.about.id, subject=subject, outcome=Outcome.CLEAR, grade=Grade.INFERRED, title=words.SHARED, summary=words.ENDED)
        times = sum(len(asset.crossed[subject.id]) for asset in both)
        said = words.crossed(_name(view, pair[0]), _name(view, pair[1]), len(both), times)
        seen = [Evidence("segment", asset.id, last) for asset in both[:_EXAMPLES]]
        grade = Grade.CONFIRMED if len(both) > 1 else Grade.LIKELY
        severity = Severity.HIGH if grade is Grade.CONFIRMED else Severity.MEDIUM
        return self._violation(subject, severity, grade, words.SHARED, said, seen, "shared_l2", view.now + _LOOK_AGAIN)

    def _gateways(self, view: SiteView, subject: Subject, pair: tuple[Segment, Segment]) -> Verdict:
        both = [asset for asset in view.assets.values() if segments.serves(asset) and all(segment.id in asset.segments for segment in pair)]
        names = _name(view, pair[0]), _name(view, pair[1])
        if not both:
            return self._unknown(subject, words.NOT_PROVEN, "not_observed", view.now + _LOOK_AGAIN)
        seen = [Evidence("address", asset.id, asset.seen.last) for asset in both]
        shared = sorted(pair[0].ranges.keys() & pair[1].ranges.keys())
        if shared:
            said = words.same_subnet(*names, shared[0] + ".0/24")
            return self._violation(subject, Severity.MEDIUM, Grade.LIKELY, words.SHARED, said, seen, "same_subnet", view.now + _LOOK_AGAIN)
        said = words.same_router(*names)
        return self._violation(subject, Severity.LOW, Grade.LIKELY, words.SAME_ROUTER, said, seen, "same_line_only", view.now + _LOOK_AGAIN)

    def _violation(
        self, subject: Subject, severity: Severity, grade: Grade, title: Text, said: Text, seen: Sequence[Evidence], rung: str, recheck_at: int | None = None
    ) -> Verdict:
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.VIOLATION,
            severity=severity,
            grade=grade,
            urgency=Urgency.TICKET,
            title=title,
            summary=said,
            remedy=words.REMEDY,
            evidence=tuple(seen),
            state=(("ladder", rung),),
            recheck_at=recheck_at,
        )

    def _unknown(self, subject: Subject, why: Text, rung: str, recheck_at: int) -> Verdict:
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.UNKNOWN,
            title=self.about.title,
            summary=why,
            reason=why,
            state=(("ladder", rung),),
            recheck_at=recheck_at,
        )


def _pairs(view: SiteView) -> set[str]:
    zones = {role: [segments.name(zone.leg, zone.vlan) for zone in view.declared.zones if zone.role == role] for role in ("citizen", "staff")}
    return {segments.pair_id(citizen, staff) for citizen in zones["citizen"] for staff in zones["staff"]}


def _name(view: SiteView, segment: Segment) -> str:
    zone = view.declared.zone_of(segment.leg, segment.vlan)
    return zone.name if zone and zone.name else segment.id
