"""The list of declared portals: worst first by findings and verdicts alone, rows read only for the page that is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from exporters.console.findings import BadFilterError
from exporters.console.portal_marks import Labels, MarkGroup, grouped, marks_of
from model.inspection.counting import WORST
from model.ledger import STANDING
from model.portals.declared import PortalLevel
from model.portals.rows import WebDetector
from model.text import Text
from model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exporters.console.snapshot import Snapshot
    from model.ledger import Change
    from model.portals.declared import Portal
    from model.portals.rows import PortalRow
    from model.verdict import Verdict

LEVELS: Final[tuple[str, ...]] = get_args(PortalLevel)
STATES: Final = tuple(outcome.value for outcome in WORST)
RULES: Final[frozenset[str]] = frozenset(get_args(WebDetector))
COVERAGE: Final = "VG-COV-01"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty string does not narrow."""

    search: str = ""
    level: str = ""
    state: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Wanted()


@dataclass(frozen=True)
class Line:
    """A declared portal as it stands: worst answer, worst standing finding with how many there are, why it is unknown."""

    portal: Portal
    name: str
    host: str
    state: Outcome
    finding: Change | None = None
    standing: int = 0
    reason: Text | None = None


@dataclass(frozen=True)
class Row:
    """A line with what its row says: a mark for each persona, when anybody saw it last (ns, 0: never), looks that are overdue."""

    line: Line
    groups: tuple[MarkGroup, ...]
    seen: int
    overdue: int
    dirty: int
    looking: int


@dataclass(frozen=True)
class Watch:
    """How many portals are watched, and how many of them are not fully seen."""

    watched: int
    unseen: int


def wanted(query: Mapping[str, str]) -> Wanted:
    """The filters of an address. Raises BadFilterError for a level or a state that does not exist."""
    level, state = query.get("cap", ""), query.get("trang-thai", "")
    if level not in {"", *LEVELS}:
        raise BadFilterError("cap", level, LEVELS)
    if state not in {"", *STATES}:
        raise BadFilterError("trang-thai", state, STATES)
    return Wanted(query.get("tim", "")[:80], level, state)


def lines(snapshot: Snapshot) -> list[Line]:
    """Every declared portal: open findings first, the worst and newest at the top, then unknown, then clear."""
    verdicts = _by_portal(snapshot.verdicts)
    findings = _standing(snapshot.findings)
    made = [_line(snapshot, portal, verdicts.get(portal.id, ()), findings.get(portal.id, ())) for portal in snapshot.portals.values()]
    return sorted(made, key=_order)


def line_of(snapshot: Snapshot, portal: Portal) -> Line:
    """One portal, declared or not."""
    verdicts = [verdict for verdict in snapshot.verdicts if verdict.subject.kind == "portal" and verdict.subject.id == portal.id]
    return _line(snapshot, portal, verdicts, _standing(snapshot.findings).get(portal.id, ()))


def listed(every: Sequence[Line], asked: Wanted) -> list[Line]:
    """The lines that are wanted, in their order."""
    words = asked.search.casefold().strip()
    return [line for line in every if asked.level in {"", line.portal.level} and asked.state in {"", line.state.value} and _matches(line, words)]


def counts(every: Sequence[Line]) -> list[tuple[str, int]]:
    """The four states, worst first, each with its number of portals."""
    found = Counter(line.state for line in every)
    return [(outcome.value, found[outcome]) for outcome in WORST]


def watch(every: Sequence[Line]) -> Watch:
    """What the counts of portals rest on."""
    return Watch(len(every), sum(line.state is Outcome.UNKNOWN for line in every))


def rows_of(shown: Sequence[Line], known: Sequence[PortalRow], labels: Labels, now: int) -> list[Row]:
    """The lines of one page with what their rows say."""
    by_id = {row.id: row for row in known}
    return [_row(line, by_id.get(line.portal.id), labels, now) for line in shown]


def _row(line: Line, row: PortalRow | None, labels: Labels, now: int) -> Row:
    marks = marks_of(row, labels, now, crawlers=line.portal.crawlers)
    return Row(
        line=line,
        groups=tuple(grouped(marks)),
        seen=max((visits.ok for visits in row.visits.values()), default=0) if row else 0,
        overdue=row.beat.value.overdue if row and row.beat else 0,
        dirty=sum(mark.state == "dirty" for mark in marks),
        looking=sum(mark.state != "never" for mark in marks),
    )


def _by_portal(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.subject.kind == "portal":
            found.setdefault(verdict.subject.id, []).append(verdict)
    return found


def _standing(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        finding = change.finding
        if finding.subject.kind == "portal" and finding.detector in RULES and finding.state in STANDING:
            found.setdefault(finding.subject.id, []).append(change)
    return {portal: sorted(those, key=_gravest) for portal, those in found.items()}


def _gravest(change: Change) -> tuple[bool, int, int, str]:
    finding = change.finding
    return finding.state != "open", -finding.severity.rank, -finding.opened, finding.id


def _line(snapshot: Snapshot, portal: Portal, verdicts: Sequence[Verdict], findings: Sequence[Change]) -> Line:
    state = _state(verdicts, findings)
    return Line(
        portal=portal,
        name=snapshot.portal_name(portal),
        host=snapshot.portal_host(portal),
        state=state,
        finding=findings[0] if findings else None,
        standing=len(findings),
        reason=_reason(verdicts) if state is Outcome.UNKNOWN else None,
    )


def _state(verdicts: Sequence[Verdict], findings: Sequence[Change]) -> Outcome:
    """A finding stands until it is seen to be over; a portal that somebody does not see is unknown, whatever the others saw."""
    told = [verdict.outcome for verdict in verdicts if verdict.detector in RULES]
    if findings or Outcome.VIOLATION in told:
        return Outcome.VIOLATION
    if not told or _blind(verdicts) is not None:
        return Outcome.UNKNOWN
    return min(told, key=WORST.index)


def _blind(verdicts: Sequence[Verdict]) -> Verdict | None:
    return next((verdict for verdict in verdicts if verdict.detector == COVERAGE and verdict.outcome is Outcome.VIOLATION), None)


def _reason(verdicts: Sequence[Verdict]) -> Text | None:
    blind = _blind(verdicts)
    said = (verdict.reason for verdict in verdicts if verdict.outcome is Outcome.UNKNOWN and verdict.detector in RULES)
    return blind.title if blind else next((reason for reason in said if reason), None)


def _order(line: Line) -> tuple[int, bool, int, int, int, str, str]:
    finding = line.finding.finding if line.finding else None
    return (
        WORST.index(line.state),
        finding is None or finding.state != "open",
        -finding.severity.rank if finding else 0,
        -finding.opened if finding else 0,
        LEVELS.index(line.portal.level),
        line.name.casefold(),
        line.portal.id,
    )


def _matches(line: Line, words: str) -> bool:
    portal = line.portal
    return not words or any(words in text.casefold() for text in (line.name, line.host, portal.id, portal.owner, portal.vendor, *portal.aliases))
