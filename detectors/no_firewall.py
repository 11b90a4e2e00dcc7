"""Finding 13: the outside gets in: a connection that nobody inside asked for, ports that the router maps, citizens' devices let in by officers'.

What is open, and what no longer is, is in `model.firewall`. A plain port hears next to nothing of it and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import absence, firewall, privacy, techniques
from model.detector import About, Closing, Detector
from model.firewall import Way
from model.naming import name_of
from model.rows import Asset, Segment
from model.site import SiteView
from model.text import Text
from model.times import HOUR
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire import exposure
from model.wording import no_firewall as words

_TOLD = 6
_LOOK_AGAIN = 4 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFirewall(Detector):
    """VG-NET-09. `fresh_hours`: how long after it was last heard an opening without an end of its own still counts as there."""

    fresh_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-NET-09",
        findings=(13,),
        title=words.TITLE,
        kinds=("asset", "segment", "segments"),
        needs=("mirror", "probe"),
        closing=Closing(rule=words.CLOSING),
        attack=("M1037",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset that was reached or mapped, every segment with its line, every declared pair of a citizens' and a staff segment."""
        yield from (Subject("asset", row.id) for row in view.wire.exposure.values() if row.id in view.assets and (row.reached or row.mapped))
        yield from (Subject("segment", segment) for segment in view.segments)
        yield from (Subject("segments", pair) for pair in firewall.pairs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What lets others in."""
        if subject.kind == "segments":
            return self._pair(view, subject)
        if subject.kind == "segment":
            segment = view.segments.get(subject.id)
            return self._line(view, subject, segment) if segment else None
        asset, row = view.assets.get(subject.id), exposure.of(view, subject.id)
        found = firewall.ways(view, asset, row) if asset is not None and row is not None else []
        return self._asset(view, subject, asset, found) if asset is not None and found else None

    def _asset(self, view: SiteView, subject: Subject, asset: Asset, found: Sequence[Way]) -> Verdict:
        name = "" if privacy.personal(view, asset) else name_of(view.declared, asset)
        seen = tuple(Evidence("port", way.text[:200], way.last) for way in found[:_TOLD])
        opened = firewall.open_ways(found)
        fresh = [way for way in opened if view.now < self._until(way)]
        if fresh:
            return self._open(subject, name, fresh)
        if opened:
            return self._silent(view, subject, asset, opened, seen)
        if any(way.state == "own" for way in found):
            return self._verdict(subject, Outcome.UNKNOWN, words.TEREDO, seen, recheck_at=view.now + _LOOK_AGAIN)
        if any(way.state == "declared" for way in found):
            ends = min((way.ends for way in found if way.ends is not None), default=view.now + _LOOK_AGAIN)
            return self._verdict(subject, Outcome.CLEAR, words.DECLARED, seen, recheck_at=max(ends, view.now + HOUR))
        return self._verdict(subject, Outcome.CLEAR, words.TAKEN_BACK if any(way.agreed for way in found) else words.REFUSED, seen)

    def _until(self, way: Way) -> int:
        return way.ends if way.ends is not None else way.last + self.fresh_hours * HOUR

    def _open(self, subject: Subject, name: str, fresh: Sequence[Way]) -> Verdict:
        ports = sorted({way.ports[0] for way in fresh if way.kind == "inbound"})
        mappings = [way for way in fresh if way.kind == "mapping"]
        agreed = any(way.agreed for way in fresh)
        listed = [f"{way.protocol}/{way.ports[0]}" for way in mappings]
        said = words.reached(name, ports, len(mappings)) if ports else words.mapped(name, listed, agreed=agreed)
        title = words.REACHED_TITLE if ports else words.MAPPED_TITLE if agreed else words.ASKED_TITLE
        seen = tuple(Evidence("port", way.text[:200], way.last) for way in fresh[:_TOLD])
        return self._violation(
            subject, title, Severity.HIGH if ports else Severity.MEDIUM, Grade.CONFIRMED if agreed else Grade.LIKELY, said, seen,
            state=(("inbound", ",".join(map(str, ports))), ("mapped", ",".join(sorted(listed)))), recheck_at=min(map(self._until, fresh)),
        )  # fmt: skip

    def _silent(self, view: SiteView, subject: Subject, asset: Asset, opened: Sequence[Way], seen: tuple[Evidence, ...]) -> Verdict:
        last = max(way.last for way in opened)
        if absence.is_gone(view, absence.legs_of(asset), last, unicast=True):
            return self._verdict(subject, Outcome.CLEAR, words.GONE, seen)
        why = words.SILENT if view.vantage(asset) in absence.HEARS_UNICAST else words.PLAIN
        return self._verdict(subject, Outcome.UNKNOWN, why, seen, recheck_at=view.now + _LOOK_AGAIN)

    def _line(self, view: SiteView, subject: Subject, segment: Segment) -> Verdict:
        leg = view.legs.get(segment.leg)
        told = firewall.line(view, segment)
        if told is None:
            hears = leg is not None and leg.vantage in absence.HEARS_UNICAST
            vantage = (Evidence("vantage", leg.vantage, leg.seen.last),) if leg else ()
            return self._verdict(subject, Outcome.UNKNOWN, words.NOTHING_SEEN if hears else words.PLAIN, vantage)
        at = told.last.stamp.at
        seen = (Evidence("probe", f"open {','.join(map(str, told.last.ports)) or '-'}", at),)
        until = at + self.fresh_hours * HOUR
        if told.ports and view.now < until:
            state = (("knocked", ",".join(map(str, told.ports))),)
            return self._violation(
                subject, words.KNOCKED_TITLE, Severity.MEDIUM, Grade.CONFIRMED, words.knocked(told.ports), seen, state=state, recheck_at=until
            )
        if told.closed:
            return self._verdict(subject, Outcome.CLEAR, words.CLOSED, seen)
        return self._verdict(subject, Outcome.UNKNOWN, words.SILENT if told.ports else words.CLOSED_ONCE, seen)

    def _pair(self, view: SiteView, subject: Subject) -> Verdict | None:
        named = firewall.pairs(view).get(subject.id)
        if named is None:
            return None
        citizens, staff = (view.segments.get(name) for name in named)
        if citizens is None or staff is None:
            return self._verdict(subject, Outcome.UNKNOWN, words.BETWEEN_UNKNOWN, ())
        probed, heard = techniques.routed(view, (citizens, staff)), firewall.passed(view, citizens.id, staff)
        until = heard + self.fresh_hours * HOUR
        if probed.outcome == "fired" or (heard and view.now < until):
            seen = (*probed.evidence, *((Evidence("session", "SYN+ACK", heard),) if heard else ()))
            said = words.between(techniques.name_of(view, citizens), techniques.name_of(view, staff))
            ways = ",".join(name for name, fired in (("probe", probed.outcome == "fired"), ("heard", bool(heard))) if fired)
            again = until if heard and view.now < until else view.now + _LOOK_AGAIN
            return self._violation(subject, words.BETWEEN_TITLE, Severity.MEDIUM, Grade.CONFIRMED, said, seen, state=(("passes", ways),), recheck_at=again)
        if probed.outcome == "over" or (heard and absence.is_gone(view, (citizens.leg,), heard, unicast=True)):
            return self._verdict(subject, Outcome.CLEAR, words.BETWEEN_CLOSED if probed.outcome == "over" else words.GONE, ())
        return self._verdict(subject, Outcome.UNKNOWN, words.BETWEEN_UNKNOWN, (), recheck_at=view.now + _LOOK_AGAIN)

    def _violation(
        self, subject: Subject, title: Text, severity: Severity, grade: Grade, said: Text, seen: tuple[Evidence, ...], *,
        state: tuple[tuple[str, str], ...], recheck_at: int,
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
            remedy=words.REMEDY_BETWEEN if subject.kind == "segments" else words.REMEDY,
            evidence=seen,
            state=state,
            recheck_at=recheck_at,
        )

    def _verdict(self, subject: Subject, outcome: Outcome, said: Text, seen: tuple[Evidence, ...], *, recheck_at: int | None = None) -> Verdict:
        grade = Grade.CONFIRMED if outcome is Outcome.CLEAR else Grade.INFERRED
        return self.verdict(subject, outcome, said, evidence=seen, grade=grade, reason=said if outcome is Outcome.UNKNOWN else None, recheck_at=recheck_at)
