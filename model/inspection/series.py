"""A series of reports: a finding keeps its number for ever, and each report says what became of the findings of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.inspection.document import Comparison, Entry, Gone
from model.ledger import STANDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.inspection.document import Course, Report
    from model.ledger import Finding


def numbered(findings: Iterable[Finding], previous: Report | None) -> dict[str, int]:
    """Every number of the series by the finding's id: those given before, then on from the greatest in the order of opening."""
    given = dict(previous.numbers) if previous else {}
    following = max(given.values(), default=0) + 1
    fresh = sorted((finding.opened, finding.id) for finding in findings if finding.id not in given)
    return {**given, **{finding: following + place for place, (_, finding) in enumerate(fresh)}}


def course_of(finding: Finding, before: Entry | None, *, first: bool) -> Course:
    """What became of a finding; `before` is how the previous report had it."""
    if finding.state == "lapsed":
        return "lapsed"
    if finding.state not in STANDING:
        return "closed"
    if before is None:
        return "first" if first else "new"
    if not before.standing:
        return "back"
    worse = (finding.severity.rank, finding.grade.rank) > (before.severity.rank, before.grade.rank)
    return "worse" if worse else "still"


def compared(previous: Report, entries: Sequence[Entry]) -> Comparison:
    """The findings by their course since the previous report; of those that ended only such as stood in it or came since."""
    # What had ended by then was told by then.
    over = {entry.id for entry in previous.findings if not entry.standing}

    def of(course: Course) -> tuple[int, ...]:
        return tuple(sorted(entry.number for entry in entries if entry.course == course and (entry.standing or entry.id not in over)))

    present = {entry.id for entry in entries}
    gone = [entry for entry in previous.findings if entry.standing and entry.id not in present]
    return Comparison(
        previous=previous.made,
        new=of("new"),
        back=of("back"),
        worse=of("worse"),
        still=of("still"),
        closed=of("closed"),
        lapsed=of("lapsed"),
        gone=tuple(Gone(number=entry.number, id=entry.id, title=entry.title, subject=entry.subject) for entry in gone),
    )
