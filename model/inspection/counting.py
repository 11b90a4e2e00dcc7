"""The four counts of a row, by subject; and why there is no answer where there is none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from model.inspection.counted import by_kind, none_of, unmet
from model.inspection.document import Counts, Kind, Row, Unseen
from model.inspection.matters import MATTERS, MEASURED
from model.text import Text
from model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from model.detector import About
    from model.verdict import Subject, Verdict

# A subject judged by several rules of one matter counts once, as its worst answer; unknown weighs more than clear.
WORST: Final = (Outcome.VIOLATION, Outcome.UNKNOWN, Outcome.CLEAR, Outcome.NOT_APPLICABLE)
# Sentences may name each its own device: the most frequent are told, the rest are counted.
MOST_REASONS: Final = 8

_NOBODY: Final = Text(
    "Có theo dõi nhưng chưa gặp đối tượng nào để xét: chưa thể nói là đạt.", "Watched, but no subject was met to be judged: this is not to be read as clear."
)
_UNMET: Final = Text("Chưa gặp đối tượng nào để xét: chưa thể nói là đạt.", "No subject was met to be judged: this is not to be read as clear.")
_UNWATCHED: Final = Text("Không có quy tắc nào đang chạy cho mục này.", "No rule for this matter runs here.")
_OTHERS: Final = Text("Lý do khác.", "Other reasons.")


def worst_of(verdicts: Iterable[Verdict]) -> dict[Subject, Outcome]:
    """The worst answer on each subject."""
    worst: dict[Subject, Outcome] = {}
    for verdict in verdicts:
        known = worst.get(verdict.subject, Outcome.NOT_APPLICABLE)
        worst[verdict.subject] = min(known, verdict.outcome, key=WORST.index)
    return worst


def rows(verdicts: Sequence[Verdict], abouts: Iterable[About], numbers: Mapping[int, tuple[int, ...]], limits: Mapping[int, Sequence[Text]]) -> tuple[Row, ...]:
    """The fifteen rows in their order; by row `numbers` are those of findings, `limits` what could not have been seen whatever the verdicts say."""
    rules = {about.id: about for about in abouts}
    found = (_row(number, verdicts, rules, numbers.get(number, ())) for number in range(1, len(MATTERS) + 1))
    return tuple(_limited(row, limits[row.number]) if row.number in limits else row for row in found)


def _limited(row: Row, limits: Sequence[Text]) -> Row:
    """The row with its limits; who came for an hour does not say that he watched."""
    unseen = (replace(each, reason=_UNMET) if each.reason == _NOBODY else each for each in row.unseen)
    return replace(row, unseen=(*unseen, *(Unseen(reason=reason, count=0) for reason in limits)))


def _row(number: int, verdicts: Sequence[Verdict], rules: Mapping[str, About], findings: tuple[int, ...]) -> Row:
    matter = MATTERS[number - 1]
    detectors = tuple(sorted(about.id for about in rules.values() if number in about.findings))
    mine = [verdict for verdict in verdicts if verdict.detector in detectors]
    row = Row(number=number, title=matter.title, violation=matter.violation, kind=_kind(number, detectors, mine), detectors=detectors, findings=findings)
    if number == MEASURED:
        return row
    worst = worst_of(mine)
    apart = by_kind(number, worst, mine, rules)
    missing = unmet(number, apart, (rules[detector] for detector in detectors)) if mine else ()
    return replace(row, counts=_counts(worst.values()), by_kind=apart, unmet=missing, unseen=_unseen(row.kind, mine, missing))


def _kind(number: int, detectors: tuple[str, ...], verdicts: Sequence[Verdict]) -> Kind:
    if number == MEASURED:
        return "measured"
    if not detectors:
        return "unwatched"
    return "judged" if verdicts else "unmet"


def _counts(worst: Iterable[Outcome]) -> Counts:
    outcomes = Counter(worst)
    return Counts(
        violation=outcomes[Outcome.VIOLATION],
        clear=outcomes[Outcome.CLEAR],
        unknown=outcomes[Outcome.UNKNOWN],
        not_applicable=outcomes[Outcome.NOT_APPLICABLE],
    )


def _unseen(kind: Kind, verdicts: Sequence[Verdict], missing: Iterable[str]) -> tuple[Unseen, ...]:
    if kind != "judged":
        return (Unseen(reason=_UNWATCHED if kind == "unwatched" else _NOBODY, count=0),)
    none = (Unseen(reason=none_of(each), count=0) for each in missing)
    return (*_reasons(verdicts, Outcome.UNKNOWN), *none, *_reasons(verdicts, Outcome.NOT_APPLICABLE))


def _reasons(verdicts: Iterable[Verdict], outcome: Outcome) -> list[Unseen]:
    return frequent(Counter(verdict.reason or verdict.summary for verdict in verdicts if verdict.outcome is outcome), applies=outcome is Outcome.UNKNOWN)


def frequent(found: Mapping[Text, int], *, applies: bool) -> list[Unseen]:
    """The most frequent reasons, and how many verdicts have others."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0].vi))
    told = [Unseen(reason=reason, count=count, applies=applies) for reason, count in ordered[:MOST_REASONS]]
    rest = sum(count for _, count in ordered[MOST_REASONS:])
    return [*told, Unseen(reason=_OTHERS, count=rest, applies=applies)] if rest else told
