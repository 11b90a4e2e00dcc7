"""Finding 1: citizens and staff on one network. Neither listening nor probing can say that networks are apart, only that they are not.

The ladder: proven_shared_l2 > shared_l2 > same_subnet > routed_reachable > same_line_only > not_observed > blind; a line shared is never told as a
network shared. The strongest rung, a nonce frame heard, needs a probe; the techniques themselves are in model.techniques.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import absence, segments, techniques
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.population import WEEK, end_of, visiting_days, windows_pcs
from model.rows import Asset, Segment
from model.site import SiteView
from model.text import Text
from model.times import DAY
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import shared_segment as words
from model.wording.common import ROLE

_LOOK_AGAIN = DAY // 24
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
        needs=("multicast", "probe", "declared"),
        closing=Closing(rule=words.CLOSING),
        version=2,
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
        """By what is there now; clear only where there was something once, and it is gone."""
        ever = segments.members(view, segment.id)
        here = [asset for asset in ever if not _has_left(view, segment, asset.segments[segment.id].last)]
        subject, again = Subject("segment", segment.id), view.now + _LOOK_AGAIN
        if misplaced := _misplaced(view, segment, here):
            role = view.declared.role_of(segment.leg, segment.vlan)
            seen = [Evidence("declared", name, at) for name, at in misplaced]
            said = words.misplaced([name for name, _ in misplaced], ROLE[role])
            return self._violation(subject, Severity.MEDIUM, Grade.LIKELY, words.SHARED, said, seen, "same_subnet", again)
        if apart := _apart(here):
            seen = [Evidence("segment", name, segment.seen.last) for name in apart]
            return self._violation(subject, Severity.LOW, Grade.INFERRED, words.MAYBE_SHARED, words.several_ranges(apart), seen, "same_subnet", again)
        crowded = self._crowded(view, ever)
        if crowded and not _has_left(view, segment, end_of(max(crowded))):
            return self._population(view, subject, crowded, windows_pcs(ever))
        if crowded or _misplaced(view, segment, ever) or _apart(ever):
            # Not of the last visitor's time: what was looked at is the days since.
            return self.verdict(subject, Outcome.CLEAR, words.GONE, evidence=(Evidence("segment", segment.id, segment.seen.last),), recheck_at=again)
        return self._unknown(subject, words.NOT_PROVEN, "not_observed", again)

    def _crowded(self, view: SiteView, here: Sequence[Asset]) -> dict[str, int]:
        """The visitors of each day that had many, beside PCs; empty where there were too few such days within a week of one another."""
        days = {day: count for day, count in visiting_days(view.now, here).items() if count >= self.visitors}
        week = {day: count for day, count in days.items() if end_of(max(days)) - end_of(day) < WEEK}
        return week if len(week) >= self.days and windows_pcs(here) >= self.pcs else {}

    def _population(self, view: SiteView, subject: Subject, days: Mapping[str, int], pcs: int) -> Verdict:
        said = words.visitors(len(days), sum(days.values()), pcs)
        seen = [Evidence("count", f"{day}: {count}", view.now) for day, count in sorted(days.items())]
        return self._violation(subject, Severity.LOW, Grade.INFERRED, words.SHARED, said, seen, "same_subnet", view.now + _LOOK_AGAIN)

    def _pair(self, view: SiteView, subject: Subject) -> Verdict:
        one, other = (_segment(view, segment) for segment in subject.id.split("|"))
        if one is None or other is None:
            return self._unknown(subject, words.BLIND, "blind", view.now + _LOOK_AGAIN)
        again = techniques.settles(view, (one, other)) or view.now + _LOOK_AGAIN
        told = techniques.all_of(view, (one, other), self.crossings)
        seen = tuple(techniques.looked(told))
        fired = max((each for each in told if each.outcome == "fired"), key=lambda each: each.rank, default=None)
        if fired is not None:
            title = words.TITLES.get(fired.rung, words.SHARED)
            return self._violation(subject, fired.severity, fired.grade, title, fired.said, (*fired.evidence, *seen), fired.rung, again, fired.state)
        if ended := [each for each in told if each.outcome == "over"]:
            return self._clear(subject, ended, again)
        silent = [each.name for each in told if each.outcome == "silent"]
        unable = [(each.name, each.said) for each in told if each.outcome == "unable"]
        # In the state, so that the latest look is what people read: an open finding is not told anew for it.
        looked = (("silent", ",".join(silent)), ("unable", ",".join(name for name, _ in unable)))
        return self._unknown(subject, words.not_observed(silent, unable), "not_observed", again, seen, looked)

    def _clear(self, subject: Subject, ended: Sequence[techniques.Told], again: int) -> Verdict:
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.CLEAR,
            grade=Grade.INFERRED,
            title=words.SHARED,
            summary=ended[0].said,
            evidence=tuple(techniques.looked(ended)),
            state=(("ladder", "not_observed"),),
            recheck_at=again,
        )

    def _violation(
        self, subject: Subject, severity: Severity, grade: Grade, title: Text, said: Text, seen: Sequence[Evidence], rung: str, recheck_at: int | None = None,
        state: tuple[tuple[str, str], ...] = (),
    ) -> Verdict:  # fmt: skip
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.VIOLATION,
            severity=severity,
            grade=grade,
            urgency=Urgency.TICKET,
            title=title,
            summary=said,
            remedy=_remedy(subject, seen, rung),
            evidence=tuple(seen),
            state=(("ladder", rung), *state),
            recheck_at=recheck_at,
        )

    def _unknown(
        self, subject: Subject, why: Text, rung: str, recheck_at: int, seen: tuple[Evidence, ...] = (), looked: tuple[tuple[str, str], ...] = ()
    ) -> Verdict:
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.UNKNOWN,
            title=self.about.title,
            summary=why,
            reason=why,
            evidence=seen,
            state=(("ladder", rung), *looked),
            recheck_at=recheck_at,
        )


def _remedy(subject: Subject, seen: Sequence[Evidence], rung: str) -> tuple[Text, ...]:
    if subject.kind == "segments":
        return words.REMEDIES.get(rung, words.REMEDY_PAIR)
    return words.REMEDY_MISPLACED if any(piece.kind == "declared" for piece in seen) else words.REMEDY


def _misplaced(view: SiteView, segment: Segment, here: Iterable[Asset]) -> list[tuple[str, int]]:
    """The names of those that the register knows for the other group, by name, each with when it was last heard here."""
    other = _OPPOSITE.get(view.declared.role_of(segment.leg, segment.vlan))
    lines = ((asset, view.declared.registered(frozenset(asset.macs))) for asset in here) if other else ()
    return sorted((name_of(view.declared, asset), asset.segments[segment.id].last) for asset, line in lines if line is not None and line.role == other)


def _apart(here: Sequence[Asset]) -> list[str]:
    """The ranges in use beside one another; empty for one alone."""
    found = sorted(segments.ranges_apart(here, segments.networks(here)), key=lambda each: each.network_address)
    return [str(each) for each in found] if len(found) > 1 else []


def _has_left(view: SiteView, segment: Segment, last: int) -> bool:
    """Whether what was last heard then is over: findings.md gives inferences five working days on which the leg was heard."""
    return view.age(last) >= absence.GONE_DAYS * DAY and absence.is_gone(view, (segment.leg,), last, unicast=False)


def _pairs(view: SiteView) -> set[str]:
    zones = {role: [segments.name(zone.leg, zone.vlan) for zone in view.declared.zones if zone.role == role] for role in ("citizen", "staff")}
    return {segments.pair_id(citizen, staff) for citizen in zones["citizen"] for staff in zones["staff"]}


def _segment(view: SiteView, name: str) -> Segment | None:
    """A segment, also one on whose leg somebody listens and nobody spoke yet."""
    leg, _, tags = name.partition("/")
    heard = view.legs.get(leg)
    silent = Segment(id=name, leg=leg, vlan=tuple(map(int, tags.split("."))) if tags else (), seen=heard.seen) if heard else None
    return view.segments.get(name, silent)
