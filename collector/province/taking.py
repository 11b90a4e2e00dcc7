"""Genuine documents into state, messages and memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from collector.province.memory import Memory
from model.fleet.confirmed import confirmed, repeated
from model.fleet.declared import FleetDeclared
from model.fleet.folding import folded
from model.fleet.overlay import laid_over
from model.fleet.rows import MarkRow
from model.fleet.silence import Watch
from model.fleet.store import Beat, Projected
from model.fleet.targets import targets_of
from model.fleet.verify import Genuine, Refusal, own_id
from model.ledger import STANDING, Change, Finding
from model.ports import Health, Observed, Posture, Told


class Taken(msgspec.Struct):
    """What a page of documents, or an act, comes to: state for the engine; for the journal's transaction rows, findings and what is told."""

    states: list[Projected] = []
    received: list[tuple[str, Change]] = []
    changes: list[Change] = []
    findings: list[Finding] = []
    marks: list[MarkRow] = []
    beats: list[Beat] = []


def take(memory: Memory, genuine: Iterable[Genuine], declared: FleetDeclared, watch: Watch, now: int) -> Taken:
    """Takes documents in, each finding's in its order. The memory of folds moves at once, marks and heartbeats when the journal has them."""
    taken = Taken()
    marks: dict[str, MarkRow] = {}
    for one in sorted(genuine, key=lambda one: one.version):
        match one.document:
            case Told(change=change):
                _finding(memory, marks, taken, one, change, now)
            case Health() as health:
                beat = Beat(box=one.box, site=one.site, version=one.version, heard_at=min(now, max(health.at, _arrived_after(memory, one, watch))))
                taken.beats.append(beat)
                taken.states.append(Projected(document=health, version=one.version, at=one.at, box=one.box, row=one.id, heard_at=beat.heard_at))
            case Posture() as posture:
                _keep(taken, one, confirmed(posture, now, stands=memory.stands(one.site, posture.verdict)))
            case Observed() as observed:
                _keep(taken, one, repeated(observed, memory.spoke(one.box, one.site, declared, now), now))
    taken.marks = memory.beside(marks.values())
    return taken


def _keep(taken: Taken, one: Genuine, counts: Posture | Observed | None) -> None:
    """As it counts: it may be old when it comes, from a box that was cut off, or from the streams after the state was lost."""
    if counts is not None:
        taken.states.append(Projected(document=counts, version=one.version, at=one.at, box=one.box, row=one.id))


def admitted(memory: Memory, one: Genuine) -> Genuine | Refusal:
    """The document, unless it is of one finding too many."""
    if not isinstance(one.document, Told) or not memory.is_full(one.site) or _own_id(memory, one, one.document.change) in memory.marks:
        return one
    return Refusal(id=one.id, stream="finding", box=one.box, site=one.site, reason="many")


def _own_id(memory: Memory, one: Genuine, change: Change) -> str:
    known = memory.marks.get(change.finding.id)
    return own_id(one.site, change.finding, known.site if known else "")


def refused(refusals: Sequence[Refusal], now: int) -> list[Projected]:
    """Refused documents as state: one each, so that people see what was tried."""
    return [Projected(document=refusal, version=1, at=now) for refusal in refusals]


def _arrived_after(memory: Memory, one: Genuine, watch: Watch) -> int:
    """What was not there at the last whole reading came after it, whatever it says of its time; but not what was read before."""
    known = memory.beats.get((one.box, one.site))
    return watch.at if known is None or known.version < one.version else 0


def _finding(memory: Memory, marks: dict[str, MarkRow], taken: Taken, one: Genuine, change: Change, now: int) -> None:
    change = _renamed(change, _own_id(memory, one, change))
    known = marks.get(change.finding.id) or memory.marks.get(change.finding.id)
    if known is not None and one.version < known.version:
        return
    change = laid_over(change, memory.acts_on(change.finding.id), one.version, now, known.told if known else None)
    finding, targets = change.finding, targets_of(change.finding)
    taken.states.append(Projected(document=Told(change=change), version=one.version, at=one.at, box=one.box, row=one.id, targets=targets))
    if known is not None and one.version == known.version:
        # Read before: the state is written again, people are not told again.
        return
    fold = memory.folding.take(finding, targets, now)
    if finding.state not in STANDING and known is not None:
        # It ends where it was told: also when the way to the engine broke after the fold let it go.
        fold = known.fold
    marks[finding.id] = mark_of(one, change, finding, fold, targets, known.beside if known else "")
    taken.findings.append(finding)
    if memory.is_news(change.at, now):
        taken.received.append((one.id, folded(change, fold)))


def mark_of(one: Genuine, change: Change, finding: Finding, fold: str, targets: tuple[str, ...], beside: str) -> MarkRow:
    """What is remembered of a box's change."""
    said = one.document.change.finding if isinstance(one.document, Told) else finding
    return MarkRow(
        finding=finding.id,
        site=one.site,
        box=one.box,
        version=one.version,
        state=said.state,
        told=finding.state,
        ended=0 if finding.state in STANDING else change.at,
        fold=fold,
        beside=beside if finding.state in STANDING else "",
        targets=targets,
    )


def _renamed(change: Change, finding: str) -> Change:
    if finding == change.finding.id:
        return change
    return msgspec.structs.replace(change, finding=msgspec.structs.replace(change.finding, id=finding))
