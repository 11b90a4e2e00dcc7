"""A series of reports: a finding keeps its number for ever, and each report says what became of the findings of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.inspection.document import Comparison, Entry, Gone
from model.ledger import STANDING
from model.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from model.inspection.document import Course, Report, Short
    from model.ledger import Finding


def numbered(opened: Mapping[str, int], previous: Report | None) -> dict[str, int]:
    """Every number of the series by the finding's id: those given before, then on from the greatest in the order of opening. `opened`: when, by id."""
    given = dict(previous.numbers) if previous else {}
    following = max(given.values(), default=0) + 1
    fresh = sorted((at, finding) for finding, at in opened.items() if finding not in given)
    return {**given, **{finding: following + place for place, (_, finding) in enumerate(fresh)}}


def told(previous: Report | None) -> dict[str, Entry | Short]:
    """All findings of the previous report by their id, also those that it did not print in full."""
    known: dict[str, Entry | Short] = {}
    if previous is not None:
        known.update((entry.id, entry) for entry in previous.findings)
        known.update((short.id, short) for short in previous.unlisted)
    return known


def course_of(finding: Finding | Entry, before: Entry | Short | None, *, first: bool) -> Course:
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
    known = told(previous)
    # What had ended by then was told by then.
    over = {each.id for each in known.values() if not each.standing}

    def of(course: Course) -> tuple[int, ...]:
        return tuple(sorted(entry.number for entry in entries if entry.course == course and (entry.standing or entry.id not in over)))

    present = {entry.id for entry in entries}
    return Comparison(
        previous=previous.made,
        new=of("new"),
        back=of("back"),
        worse=of("worse"),
        still=of("still"),
        closed=of("closed"),
        lapsed=of("lapsed"),
        gone=tuple(_gone(each) for each in known.values() if each.standing and each.id not in present),
    )


def _gone(before: Entry | Short) -> Gone:
    if isinstance(before, Entry):
        return Gone(number=before.number, id=before.id, title=before.title, subject=before.subject)
    return Gone(number=before.number, id=before.id, title=Text(before.detector, before.detector), subject=before.site)
