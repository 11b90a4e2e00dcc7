"""Reports of several sites put together: a commune group, a province. Pure: whoever has reports of sites, a box or the province, can have one made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from model.inspection import counting, series
from model.inspection.counted import ORDER, noun
from model.inspection.document import Annex, Counts, Entry, Kind, Part, Report, Response, Row, Short, Unseen
from model.inspection.matters import MATTERS, MEASURED
from model.inspection.report import by_row, worst_first
from model.text import Text
from model.times import SECOND
from model.verdict import Outcome

if TYPE_CHECKING:
    from datetime import datetime

# Printed in full; of the others the sites' own reports tell, and what the next comparison needs is kept.
MOST_ENTRIES: Final = 300
MOST_MACHINES: Final = 500

_NO_REPORT: Final = Text("Chưa có báo cáo của điểm này.", "There is no report of this site.")
# Of one kind of row the strongest is told: a rule that runs at one site runs.
_KINDS: Final[tuple[Kind, ...]] = ("measured", "judged", "unmet", "unwatched")


class Member(NamedTuple):
    """A site that the report is to be about, and why there is none of it where there is none."""

    site: str
    name: str = ""
    commune: str = ""
    why: Text = _NO_REPORT


def merged(
    reports: Sequence[Report], members: Sequence[Member] = (), *, code: str, name: str = "", previous: Report | None = None, made: datetime | None = None
) -> Report:
    """One report over the sites of `reports`, and over `members`, of whom those without a report are unknown in every row.

    Of several reports of one site a box's counts before a laptop's, then the latest.
    `code` names the series, as a site's code does; `previous` is the one before of that series; `made` is for a report over nothing but the unknown.
    Raises ValueError without any report and without `made`.
    """
    latest = _latest(reports)
    missing = [member for member in members if member.site not in latest]
    kept = [latest[site] for site in sorted(latest)]
    when = made or max((report.made for report in kept), default=None)
    if when is None:
        raise ValueError("a report over nothing needs the moment it was made")
    entries = sorted(_entries(kept, previous), key=worst_first)
    numbers = series.numbered({}, previous) | {entry.id: entry.number for entry in entries}
    return Report(
        site=code,
        name=name,
        commune=_common(report.commune for report in kept),
        province=_common(report.province for report in kept),
        box=", ".join(sorted({report.box for report in kept if report.box})[:5]),
        made=when,
        since=min((report.since for report in kept), default=when),
        until=max((report.until for report in kept), default=when),
        rows=_rows(kept, missing, by_row(entries)),
        findings=tuple(entries[:MOST_ENTRIES]),
        comparison=series.compared(previous, entries) if previous else None,
        response=_response(kept),
        annex=_annex(kept),
        numbers=dict(sorted(numbers.items())),
        source="group",
        manual=tuple(replace(each, site=each.site or report.site) for report in kept for each in report.manual),
        sites=(*(_part(report) for report in kept), *(Part(site=each.site, name=each.name, commune=each.commune, why=each.why) for each in missing)),
        unlisted=tuple(_short(entry) for entry in entries[MOST_ENTRIES:]),
    )


def outcome_of(report: Report, row: Row) -> Outcome | None:
    """How a whole site stands in a row: as its worst subject; None for the measured row.

    Neither who was there for an hour with a laptop, nor the network alone where the matter is about PCs and none reports, can clear a site.
    """
    if row.kind == "measured":
        return None
    if row.kind != "judged" or row.counts is None:
        return Outcome.UNKNOWN
    counted = zip(counting.WORST, (row.counts.violation, row.counts.unknown, row.counts.clear, row.counts.not_applicable), strict=True)
    worst = next((outcome for outcome, count in counted if count), Outcome.UNKNOWN)
    return Outcome.UNKNOWN if worst is Outcome.CLEAR and (report.source == "laptop" or "pc" in row.unmet) else worst


def _latest(reports: Iterable[Report]) -> dict[str, Report]:
    # A box saw more of its site than whoever came later for an hour.
    return {report.site: report for report in sorted(reports, key=lambda report: (report.source == "box", report.made))}


def _common(codes: Iterable[str]) -> str:
    found = set(codes)
    return found.pop() if len(found) == 1 else ""


def _entries(reports: Sequence[Report], previous: Report | None) -> list[Entry]:
    found = [(report.site, entry) for report in reports for entry in report.findings]
    numbers = series.numbered({entry.id: int(entry.opened.timestamp()) * SECOND for _, entry in found}, previous)
    before = series.told(previous)
    return [
        replace(
            entry, number=numbers[entry.id], course=series.course_of(entry, before.get(entry.id), first=previous is None), site=site
        )
        for site, entry in found
    ]  # fmt: skip


def _short(entry: Entry) -> Short:
    return Short(entry.number, entry.id, entry.state, entry.severity, entry.grade, entry.detector, entry.site)


def _rows(reports: Sequence[Report], missing: Sequence[Member], numbers: Mapping[int, tuple[int, ...]]) -> tuple[Row, ...]:
    return tuple(_row(number, reports, missing, numbers.get(number, ())) for number in range(1, len(MATTERS) + 1))


def _row(number: int, reports: Sequence[Report], missing: Sequence[Member], findings: tuple[int, ...]) -> Row:
    matter = MATTERS[number - 1]
    given = [(report, row) for report in reports for row in report.rows if row.number == number]
    rows = [row for _, row in given]
    measured = number == MEASURED
    apart = _apart(rows)
    return Row(
        number=number,
        title=matter.title,
        violation=matter.violation,
        kind="measured" if measured else min((row.kind for row in rows), key=_KINDS.index, default="unwatched"),
        detectors=tuple(sorted({detector for row in rows for detector in row.detectors})),
        counts=None if measured else _sum(row.counts for row in rows if row.counts is not None),
        findings=findings,
        unseen=() if measured else _unseen(rows, missing),
        sites=None if measured else _sites([outcome_of(report, row) for report, row in given], len(missing)),
        by_kind=apart,
        unmet=tuple(sorted({kind for row in rows for kind in row.unmet} - apart.keys())),
    )


def _apart(rows: Iterable[Row]) -> dict[str, Counts]:
    """The counts of each kind of subject, summed."""
    found: dict[str, list[Counts]] = defaultdict(list)
    for kind, counts in ((kind, counts) for row in rows for kind, counts in row.by_kind.items()):
        found[kind].append(counts)
    return {kind: _sum(found[kind]) for kind in (*(kind for kind in ORDER if kind in found), *sorted(found.keys() - set(ORDER)))}


def _sum(counts: Iterable[Counts]) -> Counts:
    each = list(counts)
    return Counts(
        violation=sum(one.violation for one in each),
        clear=sum(one.clear for one in each),
        unknown=sum(one.unknown for one in each),
        not_applicable=sum(one.not_applicable for one in each),
    )


def _sites(outcomes: Sequence[Outcome | None], missing: int) -> Counts:
    found = Counter(outcomes)
    return Counts(
        violation=found[Outcome.VIOLATION],
        clear=found[Outcome.CLEAR],
        unknown=found[Outcome.UNKNOWN] + missing,
        not_applicable=found[Outcome.NOT_APPLICABLE],
    )


def _unseen(rows: Sequence[Row], missing: Sequence[Member]) -> tuple[Unseen, ...]:
    sums: dict[bool, Counter[Text]] = {True: Counter(), False: Counter()}
    # What nobody met has no figure of its own: it is told of how many sites that is so.
    nothing: Counter[Text] = Counter()
    for each in (each for row in rows for each in row.unseen):
        if each.count:
            sums[each.applies][each.reason] += each.count
        else:
            nothing[each.reason] += 1
    unheard = (*_of_sites(Counter(member.why for member in missing)), *_of_sites(nothing))
    return (*unheard, *counting.frequent(sums[True], applies=True), *counting.frequent(sums[False], applies=False))


def _of_sites(reasons: Counter[Text]) -> list[Unseen]:
    most = reasons.most_common(counting.MOST_REASONS)
    return [Unseen(reason=Text(f"{why.vi} ({count} điểm)", f"{why.en} ({count} {noun('site', count).en})"), count=0) for why, count in most]


def _part(report: Report) -> Part:
    return Part(
        site=report.site,
        name=report.name,
        commune=report.commune,
        source=report.source,
        made=report.made,
        counts=tuple(row.counts for row in report.rows),
        outcomes=tuple(outcome_of(report, row) for row in report.rows),
        standing=sum(entry.standing for entry in report.findings),
        week_hours=max((leg.week_hours for leg in report.response.watched), default=0.0),
    )


def _response(reports: Sequence[Report]) -> Response:
    """What was measured, site by site; half of all cannot be known from the halves of each. A box that has several sites delivers once for all of them."""
    delivered = {(report.box, each.sink): each for report in reports for each in report.response.delivered}
    waiting = {(report.box, each.sink): each for report in reports for each in report.response.waiting}
    longest = [report.response.longest for report in reports if report.response.longest is not None]
    return Response(
        watched=tuple(replace(leg, site=report.site) for report in reports for leg in report.response.watched),
        opened=sum(report.response.opened for report in reports),
        longest=max(longest, default=None),
        delivered=tuple(delivered.values()),
        waiting=tuple(waiting.values()),
    )


def _annex(reports: Sequence[Report]) -> Annex:
    machines = [replace(each, site=report.site) for report in reports for each in report.annex.machines]
    machines.sort(key=lambda machine: (machine.out_of_support is not True, -(machine.days or 0), machine.site, machine.name))
    programs = [replace(each, site=report.site) for report in reports for each in report.annex.programs]
    programs.sort(key=lambda strange: (-strange.unknown, strange.site, strange.name))
    return Annex(
        machines=tuple(machines[:MOST_MACHINES]),
        silent=sum(report.annex.silent for report in reports),
        programs=tuple(programs[:MOST_MACHINES]),
        untold=sum(report.annex.untold for report in reports),
        more_machines=max(0, len(machines) - MOST_MACHINES),
        more_programs=max(0, len(programs) - MOST_MACHINES),
    )
