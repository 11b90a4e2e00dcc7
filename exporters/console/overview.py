"""The first screen: what is wrong now, what is watched, the fifteen rows with their four counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from model.inspection.counted import by_kind, none_of, units, unmet
from model.inspection.counting import worst_of
from model.inspection.matters import FIFTEEN, MEASURED
from model.times import MINUTE
from model.verdict import Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exporters.console.snapshot import Snapshot
    from model.detector import About
    from model.inspection.document import Counts
    from model.ledger import Change
    from model.ports import SinkStatus
    from model.rows import Sensor
    from model.text import Text

# On a clear screen an officer sees these at once; the rest is one link away.
FIRST_ROWS: Final = 8
# Core calls a sensor silent by its declared heartbeat (VG-COV-01); the strip only says that figures are old.
SILENT: Final = 5 * MINUTE
RESPONSE: Final = MEASURED
PORTALS: Final = 4
COVERAGE: Final = "VG-COV-01"

RowKind = Literal["counted", "unmet", "unwatched", "measured"]


@dataclass(frozen=True)
class FindingRow:
    """One of the fifteen: its counts by outcome when it is watched, of what kind, and what it is about but never met; `oldest` (ns) where it is measured."""

    number: int
    title: Text
    kind: RowKind
    counts: dict[str, int]
    oldest: int = 0
    by_kind: dict[str, Counts] = field(default_factory=dict)
    unmet: tuple[Text, ...] = ()

    def units(self, outcome: str) -> Sequence[tuple[int, Text]]:
        """How many of what stand at this outcome."""
        return units(self.by_kind, outcome)


@dataclass(frozen=True)
class Coverage:
    """How much stands behind a count of findings: assets kept, assets with an answer, without one, that no rule judges; sensors that listen."""

    assets: int
    judged: int
    unknown: int
    apart: int
    evicted: int
    sensors: int
    listening: int


@dataclass(frozen=True)
class SensorRow:
    """A sensor with the word for its state, `silent` where it says running but has not spoken for a while."""

    row: Sensor
    state: str


def ranked(findings: Iterable[Change]) -> list[Change]:
    """Worst first, newest first within, by id at the end: the order never depends on how rows were stored."""
    return sorted(findings, key=lambda change: (-change.finding.severity.rank, -change.finding.opened, change.finding.id))


def open_now(snapshot: Snapshot) -> list[Change]:
    """Open findings in the page's order."""
    return ranked(change for change in snapshot.findings if change.finding.state == "open")


def by_severity(findings: Iterable[Change]) -> list[tuple[str, int]]:
    """The four severities, worst first, each with its number of findings."""
    found = [change.finding.severity for change in findings]
    return [(severity.value, found.count(severity)) for severity in reversed(Severity)]


def coverage(snapshot: Snapshot) -> Coverage:
    """What the count of findings rests on. That a PC is silent is no answer about it: the rule of coverage does not count."""
    outcomes = worst_of(verdict for verdict in snapshot.verdicts if verdict.subject.kind == "asset" and verdict.detector != COVERAGE)
    unknown = sum(outcome is Outcome.UNKNOWN for outcome in outcomes.values())
    judged = sum(outcome in {Outcome.VIOLATION, Outcome.CLEAR} for outcome in outcomes.values())
    listening = sum(row.state == "running" for row in sensor_rows(snapshot))
    apart = max(0, snapshot.status.assets - judged - unknown)
    return Coverage(snapshot.status.assets, judged, unknown, apart, snapshot.status.evicted, len(snapshot.sensors), listening)


def undeclared(snapshot: Snapshot) -> tuple[str, ...]:
    """The kinds of which nobody said what has to be heard: nothing of them can be called silent, and so nothing heard. The province knows by what boxes say."""
    told = {verdict.subject.kind for verdict in snapshot.verdicts if verdict.detector == COVERAGE and verdict.outcome is not Outcome.NOT_APPLICABLE}
    declared = snapshot.declared
    said = {"sensor": bool(declared.sensors or snapshot.sensors), "asset": declared.enrolled is not None, "portal": bool(declared.portals)}
    return tuple(kind for kind, given in said.items() if not given and kind not in told)


def sensor_rows(snapshot: Snapshot) -> list[SensorRow]:
    """The sensors with what is to be said of them now."""
    return [SensorRow(row, "silent" if row.state == "running" and snapshot.now - row.seen.last > SILENT else row.state) for row in snapshot.sensors]


def fifteen(snapshot: Snapshot, abouts: Sequence[About]) -> list[FindingRow]:
    """The fifteen rows in the reports' order; those no detector here answers say so."""
    return [_row(number, title, snapshot, {about.id: about for about in abouts if number in about.findings}) for number, title in enumerate(FIFTEEN, 1)]


def _row(number: int, title: Text, snapshot: Snapshot, rules: dict[str, About]) -> FindingRow:
    if number == RESPONSE:
        return FindingRow(number, title, "measured", {}, oldest_waiting(snapshot.sinks, snapshot.now))
    if not rules:
        return FindingRow(number, title, "unwatched", {})
    mine = [verdict for verdict in snapshot.verdicts if verdict.detector in rules]
    worst = worst_of(mine)
    if not worst:
        return FindingRow(number, title, "unmet", {})
    apart = by_kind(number, worst, mine, rules)
    counts = Counter(outcome.value for outcome in worst.values())
    missing = tuple(none_of(kind) for kind in unmet(number, apart, rules.values()))
    return FindingRow(number, title, "counted", {outcome.value: counts[outcome.value] for outcome in Outcome}, by_kind=apart, unmet=missing)


def oldest_waiting(sinks: Sequence[SinkStatus], now: int) -> int:
    """Age of the oldest undelivered row over all sinks, ns; 0 when nothing waits."""
    return max((max(0, now - sink.oldest_at) for sink in sinks if sink.waiting), default=0)
