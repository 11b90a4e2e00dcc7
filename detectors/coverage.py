"""Finding 14: what the SOC cannot see. Here: a sensor that should be heard and is silent, or alive and deaf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model.declared import ExpectedSensor
from model.detector import About, Closing, Detector
from model.rows import Sensor
from model.site import SiteView
from model.text import Text
from model.times import SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import coverage as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Detector):
    """VG-COV-01. `heartbeats`: how many may be missed before a sensor counts as silent."""

    heartbeats: int = 2

    about: ClassVar[About] = About(
        id="VG-COV-01",
        findings=(14,),
        title=Text("Đối tượng đã khai báo mà SOC không nhìn thấy", "Something declared that the SOC cannot see"),
        kinds=("sensor",),
        needs=("declared",),
        closing=Closing(rule=words.CLOSING),
        attack=("M1047",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every expected sensor, heard or not."""
        return (Subject("sensor", expected.sensor) for expected in view.declared.sensors)

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """Silent, deaf, or at work."""
        expected = next((e for e in view.declared.sensors if e.sensor == subject.id), None)
        if expected is None:
            return self._verdict(subject, Outcome.NOT_APPLICABLE, self.about.title, words.NOT_DECLARED, reason=words.NOT_DECLARED)
        row = view.sensors.get(subject.id)
        # After a start nothing was heard yet by anybody's fault: absence counts from the later of start and last word.
        last = max(row.seen.last if row else 0, expected.since, view.started)
        bar = self.heartbeats * expected.heartbeat
        if view.age(last) > bar:
            return self._silent(view, expected, row, last)
        # One that said it stops is restarted or taken away: the bar tells which.
        if row is None or row.seen.last < view.started or row.state == "stopped":
            return self._verdict(subject, Outcome.UNKNOWN, self.about.title, words.NOT_YET, reason=words.NOT_YET, recheck_at=last + bar + SECOND)
        return self._heard(subject, expected, row, last + bar + SECOND)

    def _silent(self, view: SiteView, expected: ExpectedSensor, row: Sensor | None, last: int) -> Verdict:
        title, summary = words.silent(expected.leg, view.age(last) // SECOND)
        said = Evidence("heartbeat", row.state if row else "never", row.seen.last if row else last)
        return self._verdict(Subject("sensor", expected.sensor), Outcome.VIOLATION, title, summary, evidence=(said,), state=(("sensor", "silent"),))

    def _heard(self, subject: Subject, expected: ExpectedSensor, row: Sensor, recheck_at: int) -> Verdict:
        said = (Evidence("heartbeat", row.state, row.seen.last), Evidence("vantage", row.vantage, row.seen.last))
        if row.state != "running":
            title, summary = words.deaf(expected.leg, row.state, row.message)
            return self._verdict(subject, Outcome.VIOLATION, title, summary, evidence=said, state=(("sensor", row.state),), recheck_at=recheck_at)
        return self._verdict(subject, Outcome.CLEAR, self.about.title, words.heard(expected.leg), evidence=said, recheck_at=recheck_at)

    def _verdict(
        self,
        subject: Subject,
        outcome: Outcome,
        title: Text,
        summary: Text,
        *,
        reason: Text | None = None,
        evidence: tuple[Evidence, ...] = (),
        state: tuple[tuple[str, str], ...] = (),
        recheck_at: int | None = None,
    ) -> Verdict:
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=outcome,
            severity=Severity.MEDIUM,
            grade=Grade.CONFIRMED,
            urgency=Urgency.TICKET,
            title=title,
            summary=summary,
            remedy=words.REMEDY if outcome is Outcome.VIOLATION else (),
            reason=reason,
            evidence=evidence,
            state=state,
            recheck_at=recheck_at,
        )
