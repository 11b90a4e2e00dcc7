"""The life of findings: opens, changes and ends them from verdicts. One pure rule for all detectors.

A violation opens (after the detector's hold-off); clear verdicts close by the detector's closing rule; unknown does neither; a subject unseen
for its allowed time lapses. A person's acceptance changes the state, never the verdict (architecture rules 3 and 5).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import msgspec

from model.text import Text
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict

if TYPE_CHECKING:
    from model.detector import About

FindingState = Literal["pending", "open", "accepted", "resolved", "lapsed"]
CauseKind = Literal["observed", "policy", "rule_version", "act", "merged"]
Step = Literal["opened", "updated", "resolved", "lapsed", "reopened", "accepted", "acknowledged", "expired"]

# States in which the on-call was told and nobody was told that it is over.
STANDING = ("open", "accepted")


class Cause(msgspec.Struct, frozen=True):
    """Why a change came: seen on the wire, a policy edit (by whom), a new version of the rule, a person's act."""

    kind: CauseKind = "observed"
    by: str = ""
    why: str = ""


OBSERVED = Cause()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A violation with a life. `id` is the same each time it comes back; `times` counts how often it opened; all instants in ns.

    `clears` looks since `clear_since` found it clear, the last of them at `looked`. `prior` is the state it had before a violation that has yet
    to last (`pending` when there was none).
    """

    id: str
    detector: str
    version: int
    site: str
    subject: Subject
    state: FindingState
    severity: Severity
    grade: Grade
    urgency: Urgency
    since: int
    opened: int = 0
    updated: int = 0
    times: int = 0
    sequence: int = 0
    title: Text
    summary: Text
    remedy: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    findings: tuple[int, ...] = ()
    attack: tuple[str, ...] = ()
    cause: Cause = OBSERVED
    clear_since: int = 0
    clears: int = 0
    looked: int = 0
    stale: Text | None = None
    owner: str = ""
    accepted_until: int = 0
    prior: FindingState = "pending"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One step in a finding's life, with the finding as it stood after it. `name`, `macs` and `ips` describe an asset subject then."""

    step: Step
    at: int
    finding: Finding
    cause: Cause = OBSERVED
    name: str = ""
    macs: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """What `reconcile` answers: the finding as it stands (None: there is none), the change to tell (None: nothing), when to look again."""

    finding: Finding | None
    change: Change | None = None
    recheck_at: int | None = None


def finding_id(site: str, detector: str, subject: Subject) -> str:
    """Twelve hex digits, the same for the same site, detector and subject for ever."""
    return hashlib.blake2s(f"{site}|{detector}|{subject.kind}|{subject.id}".encode(), digest_size=6).hexdigest()


def reconcile(about: About, site: str, finding: Finding | None, verdict: Verdict, now: int, cause: Cause = OBSERVED) -> Reconciled:
    """What one verdict makes of the finding its subject has (or has not)."""
    if finding is not None and finding.state == "accepted" and now >= finding.accepted_until:
        return _expired(finding, now)
    step = _reconciled(about, site, finding, verdict, now, cause)
    if step.finding is not None and step.finding.state == "accepted":
        return msgspec.structs.replace(step, recheck_at=_sooner(step.finding.accepted_until, step.recheck_at))
    return step


def _reconciled(about: About, site: str, finding: Finding | None, verdict: Verdict, now: int, cause: Cause) -> Reconciled:
    if verdict.outcome is Outcome.VIOLATION:
        return _violated(about, site, finding, verdict, now, cause)
    if finding is None:
        return Reconciled(finding=None)
    if finding.state == "pending":
        return Reconciled(finding=finding if verdict.outcome is Outcome.UNKNOWN else _let_go(finding))
    if finding.state not in STANDING:
        return Reconciled(finding=finding)
    if verdict.outcome is Outcome.UNKNOWN:
        return _unknown(about, finding, verdict, now)
    return _cleared(about, finding, verdict, now, cause)


def _let_go(finding: Finding) -> Finding | None:
    """A violation that did not last was never told, so nothing is closed; a finding of before is again as it was, its history kept."""
    return msgspec.structs.replace(finding, state=finding.prior) if finding.prior != "pending" else None


def _expired(finding: Finding, now: int) -> Reconciled:
    reopened = _next(finding, now, state="open", owner="", accepted_until=0, cause=OBSERVED)
    # Whether it still holds is told by the next look, at once.
    return _told("expired", reopened, now, now)


def _violated(about: About, site: str, finding: Finding | None, verdict: Verdict, now: int, cause: Cause) -> Reconciled:
    if finding is None or finding.state in ("resolved", "lapsed"):
        finding = _pending(about, site, finding, verdict, now)
    if finding.state == "pending":
        if now - finding.since < about.hold_off:
            return Reconciled(finding=finding, recheck_at=finding.since + about.hold_off)
        again = finding.times > 0
        opened = _next(_say(finding, verdict), now, state="open", opened=now, version=about.version, stale=None, times=finding.times + 1, cause=cause)
        return _told("reopened" if again else "opened", opened, now, verdict.recheck_at)
    return _updated(about, finding, verdict, now, cause)


def _pending(about: About, site: str, before: Finding | None, verdict: Verdict, now: int) -> Finding:
    return Finding(
        # A finding that moved here from an asset which turned out to be this one keeps its id for ever.
        id=before.id if before else finding_id(site, about.id, verdict.subject),
        detector=about.id,
        version=about.version,
        site=site,
        subject=verdict.subject,
        state="pending",
        severity=verdict.severity,
        grade=verdict.grade,
        urgency=verdict.urgency,
        since=now,
        prior=before.state if before else "pending",
        times=before.times if before else 0,
        sequence=before.sequence if before else 0,
        title=verdict.title,
        summary=verdict.summary,
        findings=about.findings,
        attack=about.attack,
    )


def _updated(about: About, finding: Finding, verdict: Verdict, now: int, cause: Cause) -> Reconciled:
    steady = msgspec.structs.replace(finding, clear_since=0, clears=0, looked=0, stale=None)
    if _same(finding, verdict) and finding.version == about.version:
        return Reconciled(finding=_say(steady, verdict), recheck_at=verdict.recheck_at)
    worse = (verdict.severity.rank, verdict.grade.rank) > (finding.severity.rank, finding.grade.rank)
    ready = finding.updated + about.update_hold
    if not worse and now < ready and cause.kind == "observed":
        # Lamps that flicker are told once per hold; worse, surer, and what people decided, at once.
        if (verdict.severity, verdict.grade) == (finding.severity, finding.grade):
            # Whoever looks sees what holds now; the facets stay those that were told, so that the difference is told when the hold is over.
            steady = msgspec.structs.replace(_say(steady, verdict), facets=finding.facets)
        return Reconciled(finding=steady, recheck_at=_sooner(ready, verdict.recheck_at))
    if finding.version != about.version and cause.kind == "observed":
        cause = Cause("rule_version", about.id, f"v{finding.version} -> v{about.version}")
    changed = _next(_say(steady, verdict), now, version=about.version, cause=cause)
    return _told("updated", changed, now, verdict.recheck_at)


def _unknown(about: About, finding: Finding, verdict: Verdict, now: int) -> Reconciled:
    if verdict.unseen >= about.closing.lapse and not about.closing.by_person:
        lapsed = _next(finding, now, state="lapsed", stale=verdict.reason, cause=OBSERVED)
        return _told("lapsed", lapsed, now, None)
    held = msgspec.structs.replace(finding, stale=verdict.reason, clear_since=0, clears=0, looked=0)
    lapses = None if about.closing.by_person else now + about.closing.lapse - verdict.unseen
    return Reconciled(finding=held, recheck_at=verdict.recheck_at if lapses is None else _sooner(lapses, verdict.recheck_at))


def _cleared(about: About, finding: Finding, verdict: Verdict, now: int, cause: Cause) -> Reconciled:
    if about.closing.by_person and cause.kind == "observed":
        return Reconciled(finding=finding, recheck_at=verdict.recheck_at)
    if verdict.outcome is Outcome.NOT_APPLICABLE and cause.kind == "observed":
        cause = Cause("policy")
    since = finding.clear_since or now
    looked = max((piece.at for piece in verdict.evidence), default=now)
    # The same look told again (the rule was asked anew, nothing was heard) is not one more.
    clears = finding.clears + (looked > finding.looked)
    enough = clears >= about.closing.clears and now - since >= about.closing.over
    if not enough and cause.kind == "observed":
        waiting = msgspec.structs.replace(finding, clear_since=since, clears=clears, looked=looked, stale=None)
        over = since + about.closing.over
        return Reconciled(finding=waiting, recheck_at=_sooner(over, verdict.recheck_at) if over > now else verdict.recheck_at)
    resolved = _next(
        finding, now, state="resolved", summary=verdict.summary, evidence=verdict.evidence, stale=None, clear_since=0, clears=0, looked=0, cause=cause
    )
    return _told("resolved", resolved, now, verdict.recheck_at)


def _same(finding: Finding, verdict: Verdict) -> bool:
    return (finding.severity, finding.grade, finding.facets, finding.urgency) == (verdict.severity, verdict.grade, verdict.state, verdict.urgency)


def _say(finding: Finding, verdict: Verdict) -> Finding:
    return msgspec.structs.replace(
        finding,
        severity=verdict.severity,
        grade=verdict.grade,
        urgency=verdict.urgency,
        title=verdict.title,
        summary=verdict.summary,
        remedy=verdict.remedy,
        evidence=verdict.evidence,
        facets=verdict.state,
    )


def _next(finding: Finding, now: int, **fields: object) -> Finding:
    return msgspec.structs.replace(finding, updated=now, sequence=finding.sequence + 1, **fields)


def _told(step: Step, finding: Finding, now: int, recheck_at: int | None) -> Reconciled:
    return Reconciled(finding=finding, change=Change(step=step, at=now, finding=finding, cause=finding.cause), recheck_at=recheck_at)


def _sooner(at: int, other: int | None) -> int:
    return at if other is None else min(at, other)
