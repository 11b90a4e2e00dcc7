"""The PCs as the page shows them: a matrix of PCs by checks, worst first, each cell with the age of the answers it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from exporters.console.findings import BadFilterError
from model.inspection.counting import WORST
from model.ledger import STANDING
from model.times import DAY
from model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exporters.console.snapshot import Snapshot
    from model.declared import Enrolled
    from model.detector import About
    from model.ledger import Change
    from model.posture.rows import PcRow, Topic
    from model.posture.told import Told
    from model.verdict import Verdict

RULES: Final = "VG-END-"
COVERAGE: Final = "VG-COV-01"
STATES: Final = tuple(outcome.value for outcome in WORST)
# How a rule calls an answer that still holds, and one that is evidence of its day (model.posture.judging).
_FRESH, _AGED = "fresh", "aged"
# An answer is short; what is longer is cut, a hostile name with it.
_MOST_LINES: Final = 40

Age = Literal["fresh", "aged", "old"]


@dataclass(frozen=True)
class Wanted:
    """What the matrix is narrowed to; an empty string does not narrow."""

    search: str = ""
    state: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain matrix."""
        return self != Wanted()


@dataclass(frozen=True)
class Cell:
    """One check of one PC. `at`: when the PC gave the oldest answer it rests on, ns, 0 for none; `finding` where one stands."""

    check: str
    state: str
    age: Age = "old"
    at: int = 0
    verdict: Verdict | None = None
    finding: Change | None = None


@dataclass(frozen=True)
class PcLine:
    """One PC with a cell for each check. `rows`: by each of its certificates, the latest first; none where it never reported."""

    id: str
    name: str
    asset: str
    enrolled: Enrolled | None
    rows: tuple[PcRow, ...]
    cells: tuple[Cell, ...]
    state: str
    silent: bool
    open: int
    severity: int

    @property
    def heard(self) -> int:
        """When it reported last, ns; 0 for never."""
        return max((row.seen.last for row in self.rows), default=0)


@dataclass(frozen=True)
class AnswerLine:
    """One question to a PC: when it was answered (ns, 0: never) and how, what is wrong with it since, what it said."""

    topic: str
    at: int
    source: str
    trouble: str
    said: tuple[tuple[str, str], ...]


def wanted(query: Mapping[str, str]) -> Wanted:
    """The filters of an address. Raises BadFilterError for a state that does not exist."""
    state = query.get("trang-thai", "")
    if state not in {"", *STATES}:
        raise BadFilterError("trang-thai", state, STATES)
    return Wanted(query.get("tim", "")[:80], state)


def checks(abouts: Sequence[About]) -> list[str]:
    """The checks of PCs that run here, in their order."""
    return sorted(about.id for about in abouts if about.id.startswith(RULES))


def lines(snapshot: Snapshot, pcs: Sequence[PcRow], abouts: Sequence[About]) -> list[PcLine]:
    """Every PC that is enrolled or reported: the worst first, those that nobody hears before those that are well."""
    told = _by_subject(snapshot)
    stands = _standing(snapshot)
    columns = checks(abouts)
    made = [_line(snapshot, each, columns, told, stands) for each in _machines(snapshot, pcs)]
    return sorted(made, key=lambda line: (STATES.index(line.state), -line.severity, not line.silent, line.name.casefold(), line.id))


def listed(every: Sequence[PcLine], asked: Wanted) -> list[PcLine]:
    """The PCs that are wanted, in their order."""
    words = asked.search.casefold().strip()
    return [line for line in every if asked.state in {"", line.state} and _matches(line, words)]


def counts(every: Sequence[PcLine]) -> list[tuple[str, int]]:
    """The four states, worst first, each with its number of PCs."""
    found = Counter(line.state for line in every)
    return [(state, found[state]) for state in STATES]


def about(snapshot: Snapshot, line: PcLine) -> list[Change]:
    """The findings that stand about a PC, worst first."""
    mine = [change for change in snapshot.findings if change.finding.subject.id == line.asset and change.finding.state in STANDING]
    return sorted(mine, key=lambda change: (change.finding.state != "open", -change.finding.severity.rank, change.finding.detector, change.finding.id))


def answers(line: PcLine) -> list[AnswerLine]:
    """What a PC told, each question once, as it said last."""
    latest: dict[str, Topic] = {}
    for row in reversed(line.rows):
        latest.update({name: topic for name, topic in row.topics.items() if topic.answer is not None or name not in latest})
    return [_answer(name, latest[name]) for name in sorted(latest)]


def _machines(snapshot: Snapshot, pcs: Sequence[PcRow]) -> list[tuple[Enrolled | None, str, tuple[PcRow, ...]]]:
    """Each PC once: its line of enrolled.csv, its asset, its rows. One that was enrolled anew has two rows and one asset."""
    by_asset: dict[str, list[PcRow]] = {}
    for row in sorted(pcs, key=lambda row: (-row.seen.last, row.id)):
        by_asset.setdefault(row.asset, []).append(row)
    found = [(snapshot.declared.pc(_names(snapshot, asset, rows)), asset, tuple(rows)) for asset, rows in by_asset.items()]
    met = {enrolled.id for enrolled, _, _ in found if enrolled}
    return [*found, *((each, "", ()) for each in snapshot.declared.enrolled or () if each.id not in met)]


def _names(snapshot: Snapshot, asset: str, rows: Iterable[PcRow]) -> frozenset[str]:
    """All that enrolled.csv may call it by."""
    known = snapshot.assets.get(asset)
    heard = (*known.macs, *(name.partition(":")[2].lower() for name in known.names)) if known else ()
    return frozenset((*(row.id.lower() for row in rows), *heard))


def _line(
    snapshot: Snapshot, machine: tuple[Enrolled | None, str, tuple[PcRow, ...]], columns: Sequence[str],
    told: Mapping[str, Mapping[str, Verdict]], stands: Mapping[str, Mapping[str, Change]],
) -> PcLine:  # fmt: skip
    enrolled, asset, rows = machine
    verdicts, findings = told.get(asset, {}), stands.get(asset, {})
    cells = tuple(_cell(check, verdicts.get(check), findings.get(check)) for check in columns)
    opened = [change.finding for change in findings.values() if change.finding.state == "open" and change.finding.detector.startswith(RULES)]
    name = enrolled.id if enrolled else rows[0].id
    return PcLine(
        id=name,
        name=_called(snapshot, enrolled, asset, name),
        asset=asset,
        enrolled=enrolled,
        rows=rows,
        cells=cells,
        state=min((cell.state for cell in cells), key=STATES.index, default=Outcome.UNKNOWN.value),
        silent=_silent(snapshot, rows, verdicts.get(COVERAGE)),
        open=len(opened),
        severity=max((finding.severity.rank for finding in opened), default=0),
    )


def _called(snapshot: Snapshot, enrolled: Enrolled | None, asset: str, name: str) -> str:
    known = snapshot.assets.get(asset)
    if enrolled is not None:
        return enrolled.name or enrolled.id
    heard = snapshot.asset_name(known) if known else name
    return name if heard == asset else heard


def _silent(snapshot: Snapshot, rows: Sequence[PcRow], coverage: Verdict | None) -> bool:
    """Nobody speaks for it: never heard, or not for a day, unless the rule of coverage says that it reports (days off do not count there)."""
    if not rows or (coverage is not None and coverage.outcome is Outcome.VIOLATION):
        return True
    return (coverage is None or coverage.outcome is not Outcome.CLEAR) and snapshot.now - rows[0].seen.last > DAY


def _cell(check: str, verdict: Verdict | None, finding: Change | None) -> Cell:
    """A finding stands until it is seen to be over; without a verdict nothing is known."""
    state = Outcome.VIOLATION if finding is not None else verdict.outcome if verdict is not None else Outcome.UNKNOWN
    age, at = _age(verdict) if verdict is not None else ("old", 0)
    return Cell(check, state.value, age, at, verdict, finding)


def _age(verdict: Verdict) -> tuple[Age, int]:
    """How old the oldest answer is: `topic source standing` (model.posture.judging) is how a verdict names each that it rests on."""
    said = [(piece.value.split(" ")[-1], piece.at) for piece in verdict.evidence if piece.kind == "age"]
    known = [(standing, at) for standing, at in said if standing in (_FRESH, _AGED, "stale")]
    if not known:
        return "old", 0
    standings = {standing for standing, _ in known}
    age: Age = "fresh" if standings == {_FRESH} else "aged" if "stale" not in standings else "old"
    return age, min(at for _, at in known)


def _by_subject(snapshot: Snapshot) -> dict[str, dict[str, Verdict]]:
    found: dict[str, dict[str, Verdict]] = {}
    for verdict in snapshot.verdicts:
        if verdict.subject.kind == "asset":
            found.setdefault(verdict.subject.id, {})[verdict.detector] = verdict
    return found


def _standing(snapshot: Snapshot) -> dict[str, dict[str, Change]]:
    found: dict[str, dict[str, Change]] = {}
    for change in snapshot.findings:
        finding = change.finding
        if finding.subject.kind == "asset" and finding.state in STANDING:
            found.setdefault(finding.subject.id, {})[finding.detector] = change
    return found


def _matches(line: PcLine, words: str) -> bool:
    owner = line.enrolled.owner if line.enrolled else ""
    return not words or any(words in text.casefold() for text in (line.name, line.id, owner, *(row.id for row in line.rows)))


def _answer(name: str, topic: Topic) -> AnswerLine:
    answer, trouble = topic.answer, topic.trouble
    # What failed before the last good answer is over.
    wrong = trouble.value if trouble is not None and (answer is None or answer.stamp < trouble.stamp) else ""
    if answer is None:
        return AnswerLine(name, 0, "", wrong, ())
    return AnswerLine(name, answer.stamp.at, answer.value.source, wrong, tuple(_said(answer.value.told))[:_MOST_LINES])


def _said(told: Told) -> Iterable[tuple[str, str]]:
    """The fields of an answer that say something, raw."""
    for name, value in msgspec.to_builtins(told).items():
        if name == "topic" or value in (None, "", (), [], {}):
            continue
        if isinstance(value, list | tuple):
            yield from ((name, _flat(item)) for item in value)
        else:
            yield name, _flat(value)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={_flat(inner)}" for key, inner in value.items() if inner not in (None, "", (), [], {}))
    if isinstance(value, list | tuple):
        return " ".join(map(_flat, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
