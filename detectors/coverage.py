"""Finding 14: what the SOC cannot see: a sensor that is silent or deaf, a listed PC never heard, a staff PC that is enrolled nowhere, a portal not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from model.classes.judge import classify
from model.declared import Enrolled, ExpectedSensor
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.portals import policy_of
from model.portals.coverage import standing_of
from model.portals.declared import Portal
from model.portals.hosts import host_of
from model.portals.rows import PortalRow
from model.posture import judging, roster
from model.posture.roster import RECEIVER, Patience, Standing
from model.rows import Asset, Sensor
from model.site import SiteView
from model.text import Text, shown
from model.times import DAY, HOUR, MINUTE, SECOND, day_end, local
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import coverage as words
from model.wording import coverage_pcs as pc_words
from model.wording import portal_common as portal_words

_PCS = frozenset({"windows_pc", "mac", "linux_pc"})
_REMEDIES = {"sensor": words.REMEDY, "asset": words.REMEDY_PC, "portal": words.REMEDY_PORTAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Detector):
    """VG-COV-01.

    `heartbeats`: how many may be missed before a sensor counts as silent; `days`: how long a listed PC may be unheard while listened for;
    `pc_days`: for how many working days an enrolled PC may be silent, `mute_days`: how many while the network hears it at work;
    `periods`: how many periods between rounds may pass without seeing a portal. The period is the one in force: as declared, else as the sensor said;
    `province_minutes`, `other_hours` hold until it has said so (the sensor's own defaults).
    """

    heartbeats: int = 2
    days: int = 7
    pc_days: int = 5
    mute_days: int = 1
    province_minutes: int = 30
    other_hours: int = 6
    periods: int = 2

    about: ClassVar[About] = About(
        id="VG-COV-01",
        findings=(14,),
        title=Text("Đối tượng đã khai báo mà SOC không nhìn thấy", "Something declared that the SOC cannot see"),
        kinds=("sensor", "asset", "portal"),
        needs=("declared",),
        closing=Closing(rule=words.CLOSING),
        attack=("M1047",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every expected sensor and portal, every PC of the register and of the list of enrolled ones, heard or not, and the PCs heard on staff segments."""
        yield from (Subject("sensor", sensor) for sensor in sorted({expected.sensor for expected in view.declared.sensors} | _receiver(view)))
        listed = {view.by_mac.get(line.mac) or view.asset_id(line.mac) for line in view.declared.register or () if line.device_class in _PCS}
        lines = view.declared.enrolled or ()
        awaited = {roster.code(view, line) for line in roster.unheard(view, lines)}
        ids = {line.id.lower() for line in lines}
        here = {asset.id for asset in view.assets.values() if view.role(asset) == "staff" or not ids.isdisjoint(_names(asset))}
        yield from (Subject("asset", asset) for asset in sorted(listed | awaited | here | view.posture.by_asset.keys()))
        yield from (Subject("portal", portal.id) for portal in view.declared.portals or ())

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """Silent, deaf, or at work; never heard, or enrolled nowhere; seen by its visitors' eyes, or not."""
        if subject.kind == "asset":
            return self._machine(view, subject)
        if subject.kind == "portal":
            return self._portal(view, subject)
        expected = next((e for e in view.declared.sensors if e.sensor == subject.id), None)
        if expected is None and subject.id in _receiver(view):
            return self._verdict(subject, Outcome.UNKNOWN, self.about.title, pc_words.NO_RECEIVER, reason=pc_words.NO_RECEIVER)
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

    def _machine(self, view: SiteView, subject: Subject) -> Verdict | None:
        asset = view.assets.get(subject.id)
        if asset is None:
            return self._unheard(view, subject)
        pc, line = judging.pc_of(view, subject), _line(view, asset)
        if pc is None and line is None and (view.role(asset) != "staff" or classify(asset).name not in _PCS):
            return None
        if view.declared.enrolled is None:
            return self._verdict(subject, Outcome.NOT_APPLICABLE, self.about.title, words.NO_ENROLMENT, reason=words.NO_ENROLMENT)
        if pc is not None:
            return self._stands(view, subject, pc.name, roster.standing_of(view, asset, self._patience))
        name = name_of(view.declared, asset)
        said = (Evidence("heartbeat", local(asset.seen.last), asset.seen.last),)
        standing = roster.awaited(view, line, self._patience) if line and line.id.lower() not in view.posture.pc else None
        if line is not None and standing is not None and standing.what != "blind":
            return self._stands(view, subject, line.name or name, standing, said)
        if line is not None:
            return self._verdict(subject, Outcome.CLEAR, self.about.title, words.enrolled(name), evidence=said)
        title, summary = words.not_enrolled(name)
        return self._verdict(subject, Outcome.VIOLATION, title, summary, evidence=said, state=(("pc", "not_enrolled"),))

    @property
    def _patience(self) -> Patience:
        return Patience(self.pc_days, self.mute_days)

    def _stands(self, view: SiteView, subject: Subject, name: str, standing: Standing, heard: tuple[Evidence, ...] = ()) -> Verdict:
        """An enrolled PC's verdict. Days pass by themselves, so it is asked again when the day is over."""
        said = (*heard, Evidence("heartbeat", pc_words.evidence(standing), standing.at or view.now))
        again = day_end(view.now)
        wrong = pc_words.wrong(name, standing, view.now, self.pc_days)
        if wrong is not None:
            state = (("pc", standing.what), *((("others", ",".join(standing.others)),) if standing.others else ()))
            verdict = self._verdict(subject, Outcome.VIOLATION, *wrong, evidence=said, state=state, recheck_at=again)
            return replace(verdict, remedy=pc_words.REMEDIES[standing.what])
        if standing.what in ("waiting", "blind"):
            why = pc_words.unknown(name, standing)
            return self._verdict(subject, Outcome.UNKNOWN, self.about.title, why, reason=why, evidence=said, recheck_at=again)
        return self._verdict(subject, Outcome.CLEAR, self.about.title, pc_words.reports(name, standing, view.now), evidence=said, recheck_at=again)

    def _unheard(self, view: SiteView, subject: Subject) -> Verdict | None:
        line = next((each for each in view.declared.enrolled or () if roster.code(view, each) == subject.id), None)
        if line is None or not roster.unheard(view, (line,)):
            return self._listed(view, subject)
        standing = roster.awaited(view, line, self._patience)
        stands = self._stands(view, subject, line.name or line.id, standing)
        return (self._listed(view, subject) or stands) if standing.what == "blind" else stands

    def _listed(self, view: SiteView, subject: Subject) -> Verdict | None:
        line = next((each for each in view.declared.register or () if view.asset_id(each.mac) == subject.id and each.device_class in _PCS), None)
        if line is None:
            return None
        listened = max((view.listened(leg, 0) for leg in view.declared.legs), default=0)
        if listened < self.days * DAY:
            return self._verdict(subject, Outcome.UNKNOWN, self.about.title, words.NOT_LONG_ENOUGH, reason=words.NOT_LONG_ENOUGH, recheck_at=view.now + HOUR)
        title, summary = words.never_heard(line.name, self.days)
        verdict = self._verdict(subject, Outcome.VIOLATION, title, summary, state=(("pc", "never_heard"),), recheck_at=view.now + DAY)
        return replace(verdict, remedy=words.REMEDY_NEVER_HEARD)

    def _portal(self, view: SiteView, subject: Subject) -> Verdict | None:
        portal = policy_of(view).portals.get(subject.id)
        row = view.portals.get(subject.id)
        if portal is None:
            return (
                self._verdict(subject, Outcome.NOT_APPLICABLE, self.about.title, portal_words.NOT_DECLARED, reason=portal_words.NOT_DECLARED) if row else None
            )
        bar = self.periods * self._period(portal, row)
        views = standing_of(row, max(view.started, portal.since), bar, view.now)
        name = shown(host_of(portal.url) or portal.id, 48)
        said = tuple(Evidence("persona", f"{each.persona} {each.reason}", each.since) for each in views.blind[:12])
        seen = tuple(Evidence("persona", persona, at) for persona, at in views.seen[:12])
        if views.blind:
            title, summary = words.blind(name, views.blind, len(views.blind) + len(views.seen) + len(views.waiting), view.now)
            facets = (("portal", "unseen" if not views.seen else "partly"), *((each.persona, each.reason) for each in views.blind if each.persona))
            return self._verdict(subject, Outcome.VIOLATION, title, summary, evidence=said, state=facets)
        if views.waiting or not views.seen:
            return self._verdict(subject, Outcome.UNKNOWN, self.about.title, words.WAITING, reason=words.WAITING, recheck_at=views.next_at)
        return self._verdict(subject, Outcome.CLEAR, self.about.title, words.watched(name, len(views.seen)), evidence=seen, recheck_at=views.next_at)

    def _period(self, portal: Portal, row: PortalRow | None) -> int:
        told = row.beat.value.period if row and row.beat else 0
        return portal.period or told or (self.province_minutes * MINUTE if portal.level == "province" else self.other_hours * HOUR)

    def _silent(self, view: SiteView, expected: ExpectedSensor, row: Sensor | None, last: int) -> Verdict:
        title, summary = words.silent(expected.sensor, expected.leg, last, view.now)
        said = Evidence("heartbeat", f"silent {local(row.seen.last)}" if row else "never", row.seen.last if row else last)
        return self._verdict(Subject("sensor", expected.sensor), Outcome.VIOLATION, title, summary, evidence=(said,), state=(("sensor", "silent"),))

    def _heard(self, subject: Subject, expected: ExpectedSensor, row: Sensor, recheck_at: int) -> Verdict:
        said = (Evidence("heartbeat", row.state, row.seen.last), Evidence("vantage", row.vantage, row.seen.last))
        if row.state != "running":
            title, summary = words.deaf(expected.sensor, expected.leg, row.state, row.message)
            return self._verdict(subject, Outcome.VIOLATION, title, summary, evidence=said, state=(("sensor", row.state),), recheck_at=recheck_at)
        return self._verdict(subject, Outcome.CLEAR, self.about.title, words.heard(expected.sensor, expected.leg), evidence=said, recheck_at=recheck_at)

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
            remedy=_REMEDIES[subject.kind] if outcome is Outcome.VIOLATION else (),
            reason=reason,
            evidence=evidence,
            state=state,
            recheck_at=recheck_at,
        )


def _receiver(view: SiteView) -> frozenset[str]:
    """The sensor that enrolled PCs report to, where there are any: expected though nobody set it up."""
    return frozenset({RECEIVER}) if view.declared.enrolled else frozenset()


def _line(view: SiteView, asset: Asset) -> Enrolled | None:
    """The line of the list of enrolled PCs that this device is by an address or a name of its own."""
    return view.declared.pc(frozenset(_names(asset))) if view.declared.enrolled else None


def _names(asset: Asset) -> Iterator[str]:
    yield from asset.macs
    yield from (told.partition(":")[2].lower() for told in asset.names)
