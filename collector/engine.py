"""One site's judgement: folds facts, judges the subjects they touched, and keeps findings by the ledger. No I/O and no clock of its own.

A fact is judged at once and by itself, so the result does not depend on how facts were batched. Time moves by `tick` alone; the stopwatch only says
what judging cost.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from collector.clock import SystemClock
from model import acts, portals, privacy
from model.acts import Act, ActRefusedError
from model.declared import Declared
from model.detector import Detector
from model.facts import AnyFact
from model.ledger import OBSERVED, STANDING, Cause, Change, Finding, reconcile
from model.naming import name_of, pair_name
from model.ports import Health, Judging, Posture
from model.site import SiteView, fold
from model.times import DAY, HOUR, SECOND
from model.verdict import Outcome, Subject, SubjectKind, Verdict
from model.wording.common import FORGOTTEN

# A step back of less is jitter between sensors; more is a clock that was set, or captures of different days joined in one file.
STEP_BACK = HOUR

# No subject is looked at again sooner: a rule that names a past moment must not spin.
SOONEST = SECOND

# While a tick catches up, one rule is asked so often about one subject, then at its end: a capture with years between two frames is not years of looks.
MOST_LOOKS = 50

# What is told again daily is spread: so much of it in one tick.
MOST_REPEATED = 50

_STOPWATCH = SystemClock().monotonic

Key = tuple[str, Subject]


class News(msgspec.Struct):
    """What came of judging since the last time it was taken: to be written in one transaction."""

    findings: dict[Key, Finding | None] = msgspec.field(default_factory=dict)
    changes: list[Change] = msgspec.field(default_factory=list)
    verdicts: dict[Key, Verdict] = msgspec.field(default_factory=dict)
    postures: list[Posture] = msgspec.field(default_factory=list)
    healths: list[Health] = msgspec.field(default_factory=list)
    unjudged: list[Key] = msgspec.field(default_factory=list)
    forgotten: list[str] = msgspec.field(default_factory=list)
    acts: list[Act] = msgspec.field(default_factory=list)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)

    def __bool__(self) -> bool:
        """True when there is something to write at once."""
        return bool(self.changes or self.postures or self.healths)


class Engine:
    """The judgement of one site."""

    def __init__(self, view: SiteView, detectors: Sequence[Detector], stopwatch: Callable[[], float] = _STOPWATCH) -> None:
        """`view` may hold rows restored from the journal; call `restore` with its findings before the first tick. `stopwatch` in seconds."""
        self.view = view
        self.detectors = {detector.about.id: detector for detector in detectors}
        self.findings: dict[Key, Finding] = {}
        self.verdicts: dict[Key, Verdict] = {}
        self.judging = {name: Judging() for name in self.detectors}
        self.news = News()
        self._stopwatch = stopwatch
        self._by_kind: dict[SubjectKind, list[Detector]] = {}
        for detector in detectors:
            for kind in detector.about.kinds:
                self._by_kind.setdefault(kind, []).append(detector)
        self._due: list[tuple[int, str, Subject]] = []
        self._next: dict[Key, int] = {}
        self._sent: dict[Key, int] = {}
        # While a tick catches up: where it is going, and what it asked how often.
        self._until = view.now
        self._looks: Counter[Key] = Counter()

    def restore(self, findings: Iterable[Finding], verdicts: Iterable[Verdict]) -> None:
        """Takes back what the journal held; every subject is judged once at the next tick."""
        for finding in findings:
            self.findings[finding.detector, finding.subject] = finding
        for verdict in verdicts:
            self.verdicts[verdict.detector, verdict.subject] = verdict
        self.view.pinned = {finding.subject.id for finding in self.findings.values() if finding.state in STANDING}
        # When each was last sent is not kept: all go out again an hour after a start, so that a box switched off every night tells them once a day.
        self._sent = dict.fromkeys(self.verdicts, self.view.now - DAY + HOUR)

    def take(self, fact: AnyFact) -> None:
        """Folds one fact and judges what it touched."""
        touched = fold(self.view, fact)
        if self.view.aliases:
            self._merge()
        if self.view.evictees:
            self._forget()
        for subject in touched:
            self._judge_all(subject, max(self.view.now, fact.at), OBSERVED)

    def tick(self, now: int) -> None:
        """Moves the site's time; judges whatever said it wanted to be looked at again by then, in its order."""
        if now < self.view.now - STEP_BACK:
            self._new_epoch(now)
        self._until = max(now, self.view.now)
        self._looks.clear()
        while self._due and self._due[0][0] <= now:
            at, detector, subject = heapq.heappop(self._due)
            if self._next.get((detector, subject)) != at:
                continue
            del self._next[detector, subject]
            self.view.now = max(self.view.now, at)
            self._looks[detector, subject] += 1
            self._judge(self.detectors[detector], subject, self.view.now, OBSERVED)
        self.view.now = self._until
        self._repeat()

    def _repeat(self) -> None:
        """What was told a day ago is judged and told again, the oldest first: who keeps a copy, as the province does, takes silence for not known."""
        old = [key for key, sent in itertools.islice(self._sent.items(), MOST_REPEATED) if self.view.now - sent >= DAY]
        for key in old:
            del self._sent[key]
            if key[0] in self.detectors:
                self._judge(self.detectors[key[0]], key[1], self.view.now, OBSERVED)

    def slept(self, now: int) -> None:
        """The machine slept until `now`, or its clock was set forward: nobody could be heard meanwhile, so rules about absence wait as after a start."""
        self.view.started = max(self.view.started, now)

    def _new_epoch(self, now: int) -> None:
        """The clock was set back: what was to come is asked anew, and no finding may wait for an hour that is years away."""
        self._due.clear()
        self._next.clear()
        self.view.new_epoch(now)
        self._sent = {key: min(at, now) for key, at in self._sent.items()}
        for key, finding in self.findings.items():
            if max(finding.since, finding.updated, finding.clear_since) > now:
                rebased = msgspec.structs.replace(
                    finding, since=min(finding.since, now), updated=min(finding.updated, now), clear_since=min(finding.clear_since, now)
                )
                self.findings[key] = self.news.findings[key] = rebased
        self.review(OBSERVED)

    def review_after_start(self) -> None:
        """Judges everything once: the journal holds verdicts, not when to look again."""
        self.review(OBSERVED)

    def review(self, cause: Cause) -> None:
        """Judges every subject of every detector: after a start, or after declared data changed."""
        for detector in self.detectors.values():
            known = {subject for name, subject in (*self.findings, *self.verdicts) if name == detector.about.id}
            subjects = {*detector.subjects(self.view), *known}
            for subject in sorted(subjects):
                self._judge(detector, subject, self.view.now, cause)

    def declare(self, declared: Declared) -> None:
        """Takes new declared data; what it closes is told as the editor's doing, never as repaired."""
        self.view.declared = declared
        portals.reindex(self.view)
        self.review(Cause("policy", declared.edited_by))

    def knows(self, finding: str) -> bool:
        """Whether a finding of this id is here."""
        return any(known.id == finding for known in self.findings.values())

    def concerns(self, act: Act) -> bool:
        """Whether the act is about something here."""
        return act.portal in self.view.portals if act.kind == "accept_change" else self.knows(act.finding)

    def act(self, act: Act) -> Finding:
        """Carries out a person's act. Raises ActRefusedError."""
        if act.kind == "accept_change":
            return self._accept_change(act)
        found = next(((key, finding) for key, finding in self.findings.items() if finding.id == act.finding), None)
        if found is None:
            raise ActRefusedError(f"không có phát hiện nào mang mã {act.finding}", f"there is no finding {act.finding}")
        key, finding = found
        self._may_close(key, act)
        change = acts.apply(finding, act, self.view.now)
        self.news.acts.append(act)
        self._keep(key, change.finding, change)
        if act.kind == "accept":
            self._recheck(key, act.until)
        return change.finding

    def _may_close(self, key: Key, act: Act) -> None:
        """What only a person ends is not ended while it goes on: it would be told anew with the next frame. Raises ActRefusedError."""
        verdict = self.verdicts.get(key)
        going_on = verdict is not None and verdict.outcome is Outcome.VIOLATION
        if act.kind == "close" and going_on and self.detectors[key[0]].about.closing.by_person:
            raise ActRefusedError("việc này còn đang diễn ra; đợi yên hẳn rồi mới đóng được", "this is still going on: it can be closed once it is quiet")

    def _accept_change(self, act: Act) -> Finding:
        """A portal's differences become its own way; the finding that told of them closes as that person's doing."""
        acts.check_change(act)
        key = (acts.CHANGES, Subject("portal", act.portal))
        finding = self.findings.get(key)
        if act.portal not in self.view.portals or finding is None or finding.state not in STANDING:
            raise ActRefusedError(
                f"cổng {act.portal} không có thay đổi nào đang chờ chấp nhận", f"the portal {act.portal} has no change that waits to be accepted"
            )
        self.news.acts.append(msgspec.structs.replace(act, finding=finding.id))
        for subject in portals.accept_change(self.view, act.portal, self.view.now):
            self._judge_all(subject, self.view.now, Cause("act", act.by, act.why) if subject == key[1] else OBSERVED)
        return self.findings.get(key) or finding

    def standing(self) -> list[Change]:
        """All findings but the pending as they are now, worst first, then by detector and subject."""
        told = [(key, finding) for key, finding in self.findings.items() if finding.state != "pending"]
        told.sort(key=lambda item: (-item[1].severity.rank, item[0]))
        return [self._described(Change(step="updated", at=finding.updated, finding=finding, cause=finding.cause)) for _, finding in told]

    def taken_news(self) -> News:
        """What came since the last call; the caller writes it."""
        news, self.news = self.news, News()
        return news

    def _judge_all(self, subject: Subject, moment: int, cause: Cause) -> None:
        for detector in self._by_kind.get(subject.kind, ()):
            self._judge(detector, subject, moment, cause)

    def _judge(self, detector: Detector, subject: Subject, moment: int, cause: Cause) -> None:
        verdict = self._verdict(detector, subject)
        if verdict is None:
            return
        key = (detector.about.id, subject)
        self._posture(detector, key, verdict, moment)
        before = self.findings.get(key)
        step = reconcile(detector.about, self.view.site, before, verdict, moment, cause)
        if step.finding is not before:
            self._keep(key, step.finding, step.change)
        if step.recheck_at is not None or verdict.recheck_at is not None:
            wanted = [at for at in (step.recheck_at, verdict.recheck_at) if at is not None]
            self._recheck(key, min(wanted))

    def _verdict(self, detector: Detector, subject: Subject) -> Verdict | None:
        began = self._stopwatch()
        verdict = detector.judge(self.view, subject) or self._forgotten(detector, subject)
        cost = self.judging[detector.about.id]
        cost.times += 1
        cost.seconds += self._stopwatch() - began
        return verdict

    def _forgotten(self, detector: Detector, subject: Subject) -> Verdict | None:
        """A rule says nothing more of a device with a standing finding: what that rests on made room, in a flood mostly. Not known, and over by lapse alone."""
        finding = self.findings.get((detector.about.id, subject))
        asset = self.view.assets.get(subject.id)
        if subject.kind != "asset" or asset is None or finding is None or finding.state not in STANDING:
            return None
        last = max((piece.at for piece in finding.evidence), default=finding.updated)
        return detector.verdict(subject, Outcome.UNKNOWN, FORGOTTEN, reason=FORGOTTEN, unseen=self.view.unseen(asset, last))

    def _posture(self, detector: Detector, key: Key, verdict: Verdict, moment: int) -> None:
        known = self.verdicts.get(key)
        self.verdicts[key] = verdict
        fresh = moment - self._sent.get(key, 0) < DAY
        if known is not None and fresh and _gist(known) == _gist(verdict):
            return
        # At the end: what was sent longest ago stands first.
        self._sent.pop(key, None)
        self._sent[key] = moment
        self.news.unjudged = [other for other in self.news.unjudged if other != key]
        self.news.verdicts[key] = verdict
        self.news.postures.append(Posture(site=self.view.site, at=moment, findings=detector.about.findings, verdict=verdict))

    def _keep(self, key: Key, finding: Finding | None, change: Change | None) -> None:
        if finding is None:
            gone = self.findings.pop(key, None)
            if gone is not None:
                self.news.forgotten.append(gone.id)
        else:
            self.findings[key] = finding
        self.news.findings[key] = finding
        if finding is not None and finding.state in STANDING:
            self.view.pinned.add(key[1].id)
        elif not any(other.subject == key[1] and other.state in STANDING for other in self.findings.values()):
            self.view.pinned.discard(key[1].id)
        if change is not None:
            self.news.changes.append(self._described(change))

    def _described(self, change: Change) -> Change:
        subject = change.finding.subject
        asset = self.view.assets.get(subject.id) if subject.kind == "asset" else None
        if asset is None or privacy.personal(self.view, asset):
            return msgspec.structs.replace(change, name=change.name or self._subject_name(subject))
        return msgspec.structs.replace(change, name=name_of(self.view.declared, asset), macs=tuple(sorted(asset.macs)), ips=tuple(sorted(asset.ips)))

    def _subject_name(self, subject: Subject) -> str:
        if subject.kind == "portal":
            return portals.name_of(self.view, subject.id)
        if subject.kind in ("segment", "segments"):
            return pair_name(self.view.declared, subject.id)
        sensor = self.view.sensors.get(subject.id) if subject.kind == "sensor" else None
        return (sensor.leg if sensor else "") or subject.id

    def _recheck(self, key: Key, at: int) -> None:
        if at < self.view.now + SOONEST:
            # A rule that names a past moment is asked again once a tick: not for every second of a long one.
            at = max(self.view.now, self._until) + SOONEST
        if self._looks[key] >= MOST_LOOKS:
            at = max(at, self._until)
        if self._next.get(key) != at:
            self._next[key] = at
            heapq.heappush(self._due, (at, *key))

    def _merge(self) -> None:
        """Two assets turned out to be one: findings of the lesser move to the other, or close where it has its own."""
        aliases, self.view.aliases = self.view.aliases, {}
        self.news.aliases.update(aliases)
        for lesser, into in aliases.items():
            for key in [key for key in self.findings if key[1] == Subject("asset", lesser)]:
                self._move(key, Subject("asset", into))
            self._unjudge(Subject("asset", lesser))
            self.view.pinned.discard(lesser)

    def _forget(self) -> None:
        """Assets had to make room: their verdicts go too. Those with a finding are never among them."""
        evictees, self.view.evictees = self.view.evictees, set()
        for asset in evictees:
            self._unjudge(Subject("asset", asset))

    def _unjudge(self, subject: Subject) -> None:
        for detector in self.detectors:
            key = (detector, subject)
            self.news.verdicts.pop(key, None)
            self._sent.pop(key, None)
            if self.verdicts.pop(key, None) is not None:
                self.news.unjudged.append(key)

    def _move(self, key: Key, into: Subject) -> None:
        finding = self.findings[key]
        other = (key[0], into)
        if other not in self.findings:
            # The finding keeps its id: people have it in their messages already.
            del self.findings[key]
            self.news.findings.pop(key, None)
            self._keep(other, msgspec.structs.replace(finding, subject=into), None)
        elif finding.state in STANDING:
            cause = Cause("merged", why=into.id)
            closed = msgspec.structs.replace(finding, state="resolved", sequence=finding.sequence + 1, updated=self.view.now, cause=cause)
            self._keep(key, closed, Change(step="resolved", at=self.view.now, finding=closed, cause=cause))
        elif finding.state == "pending":
            self._keep(key, None, None)


def _gist(verdict: Verdict) -> tuple[Outcome, object, object, object]:
    return verdict.outcome, verdict.severity, verdict.grade, verdict.state
