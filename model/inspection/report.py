"""Makes an inspection report of one site from what its journal holds. Pure: the same material gives the same report, byte for byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from model.declared import Declared
from model.detector import About
from model.inspection import counting, series, watching
from model.inspection.document import Delivered, Entry, Manual, Piece, Report, Source, instant
from model.inspection.machines import annex
from model.inspection.matters import PERSONAL_DATA
from model.ledger import STANDING, Change, Finding
from model.ports import SinkStatus
from model.posture.laws import in_force
from model.posture.rows import PcRow
from model.rows import Leg
from model.text import Text, shown
from model.times import SECOND
from model.verdict import Subject, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.inspection.document import Short

# An inspector signs what he can read: the rest of the evidence is counted, and in the journal.
MOST_EVIDENCE: Final = 12
EVIDENCE_LENGTH: Final = 300


class Called(NamedTuple):
    """What people call a subject, where it is and at which address; no name and no address for a citizen's own device."""

    name: str
    place: str = ""
    address: str = ""


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes into a report of one site; instants in ns. `since` 0: from the first thing heard, or from the end of the previous report.

    `limits`: by row, why whoever saw could not have seen all, whatever the verdicts say.
    """

    declared: Declared
    now: int
    called: Callable[[Subject, str], Called]
    pc_called: Callable[[PcRow], str]
    box: str = ""
    since: int = 0
    until: int = 0
    abouts: Sequence[About] = ()
    findings: Sequence[Change] = ()
    verdicts: Sequence[Verdict] = ()
    legs: Sequence[Leg] = ()
    sinks: Sequence[SinkStatus] = ()
    delivered: Sequence[Delivered] = ()
    pcs: Sequence[PcRow] = ()
    previous: Report | None = None
    source: Source = "box"
    inspector: str = ""
    limits: Mapping[int, Sequence[Text]] = {}
    manual: Sequence[Manual] = ()


def made(material: Material) -> Report:
    """The report."""
    until = material.until or material.now
    since = min(_since(material, until), until)
    before = series.told(material.previous)
    findings = [change for change in material.findings if change.finding.state != "pending"]
    told = [change for change in findings if _concerns(before.get(change.finding.id), change.finding, since, until)]
    numbers = series.numbered({change.finding.id: change.finding.opened for change in told}, material.previous)
    entries = sorted((_entry(material, change, numbers, before.get(change.finding.id)) for change in told), key=worst_first)
    declared = material.declared
    return Report(
        site=declared.site,
        name=declared.name,
        commune=declared.commune,
        province=declared.province,
        box=material.box,
        made=instant(material.now),
        since=instant(since),
        until=instant(until),
        rows=counting.rows(material.verdicts, material.abouts, by_row(entries), material.limits),
        findings=tuple(entries),
        comparison=series.compared(material.previous, entries) if material.previous else None,
        response=watching.response(
            declared, material.legs, (change.finding for change in told), material.sinks, material.delivered, since, until, material.now
        ),
        annex=annex(material.pcs, declared.builds, material.pc_called, material.now),
        numbers=dict(sorted(numbers.items())),
        source=material.source,
        inspector=shown(material.inspector),
        manual=tuple(material.manual),
    )


def _since(material: Material, until: int) -> int:
    if material.since:
        return material.since
    if material.previous is not None:
        return int(material.previous.until.timestamp()) * SECOND
    heard = [leg.seen.first for leg in material.legs]
    opened = [change.finding.opened for change in material.findings if change.finding.opened]
    return min((*heard, *opened), default=until - watching.WEEK)


def _concerns(before: Entry | Short | None, finding: Finding, since: int, until: int) -> bool:
    """It stood in the period, ended in it, or stood in the report before."""
    if before is not None and before.standing:
        return True
    return finding.opened <= until and (finding.state in STANDING or finding.updated >= since)


def _entry(material: Material, change: Change, numbers: Mapping[str, int], before: Entry | Short | None) -> Entry:
    finding = change.finding
    called = material.called(finding.subject, change.name)
    law = in_force(finding.opened) if PERSONAL_DATA & set(finding.findings) else None
    return Entry(
        number=numbers[finding.id],
        id=finding.id,
        detector=finding.detector,
        rows=finding.findings,
        course=series.course_of(finding, before, first=material.previous is None),
        state=finding.state,
        severity=finding.severity,
        grade=finding.grade,
        subject=shown(called.name),
        place=shown(called.place),
        address=shown(called.address),
        title=finding.title,
        summary=finding.summary,
        remedy=finding.remedy,
        evidence=tuple(Piece(kind=each.kind, value=shown(each.value, EVIDENCE_LENGTH), at=instant(each.at)) for each in finding.evidence[:MOST_EVIDENCE]),
        more_evidence=max(0, len(finding.evidence) - MOST_EVIDENCE),
        opened=instant(finding.opened),
        updated=instant(finding.updated),
        times=finding.times,
        owner=shown(finding.owner),
        accepted_until=instant(finding.accepted_until) if finding.state == "accepted" else None,
        cause=change.cause.kind,
        cause_by=shown(change.cause.by),
        cause_why=shown(change.cause.why, 200),
        law=law.name if law else None,
    )


def worst_first(entry: Entry) -> tuple[bool, int, int]:
    """The order of findings in a report: those that stand first, by severity, then by number."""
    return not entry.standing, -entry.severity.rank, entry.number


def by_row(entries: Iterable[Entry]) -> dict[int, tuple[int, ...]]:
    """Numbers of findings by the rows that they are of, in the order of `entries`."""
    found: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        for row in entry.rows:
            found[row].append(entry.number)
    return {row: tuple(numbers) for row, numbers in found.items()}
