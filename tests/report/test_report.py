"""The report as data: the fifteen rows, counts by subject, hours, numbers that stay, and what became of findings."""

from __future__ import annotations

import msgspec
import pytest

from exporters.report import gather, of_metrics, of_tallies, read, stored
from exporters.report.store import BadReportError
from exporters.tally import Tally
from model.inspection.document import Counts, Report, instant
from model.inspection.matters import FIFTEEN, MATTERS
from model.rows import Leg, Sighting
from model.text import Text
from model.times import DAY, HOUR, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Verdict
from tests.console.commune import NOW, Journal
from tests.report.site import ABOUTS, DEAF, DECLARED, PHONE, UNDECLARED, VEILED, after, change, finding, journal, pc


async def made(site: Journal | None = None, **options: object) -> Report:
    return await gather(site or journal(), DECLARED, ABOUTS, **options)  # type: ignore[arg-type]


async def test_the_fifteen_rows_stand_in_order_with_their_words() -> None:
    report = await made()
    assert [row.number for row in report.rows] == list(range(1, 16))
    assert [row.title for row in report.rows] == list(FIFTEEN)
    assert [row.violation for row in report.rows] == [matter.violation for matter in MATTERS]
    assert report.rows[0].title.vi == "Cán bộ và người dân dùng chung mạng"
    assert report.rows[14].title.vi == "Theo dõi 24/7, kịp thời ứng phó"


async def test_each_row_counts_subjects_and_never_adds_unknown_to_clear() -> None:
    report = await made()
    assert [row.counts for row in report.rows[:14]] == [Counts(violation=1, clear=1, unknown=1, not_applicable=1)] * 14
    assert (report.rows[14].kind, report.rows[14].counts) == ("measured", None)
    assert [(each.reason, each.count, each.applies) for each in report.rows[3].unseen] == [(DEAF, 1, True), (UNDECLARED, 1, False)]


async def test_a_subject_of_two_rules_counts_once_as_its_worst_and_unknown_is_worse_than_clear() -> None:
    subject, said = Subject("asset", "a1"), Text("x", "x")
    site = Journal(
        judged=[Verdict(detector="VG-ROW-01", subject=subject, outcome=outcome, title=said, summary=said) for outcome in (Outcome.CLEAR, Outcome.UNKNOWN)]
    )
    site.judged.append(Verdict(detector="VG-ELSE-01", subject=subject, outcome=Outcome.VIOLATION, title=said, summary=said))
    report = await made(site)
    assert report.rows[0].counts == Counts(unknown=1)


async def test_a_row_without_subjects_or_without_a_rule_says_so_and_is_not_clear() -> None:
    report = await gather(Journal(), DECLARED, ABOUTS[:3])
    assert [row.kind for row in report.rows] == ["unmet"] * 3 + ["unwatched"] * 11 + ["measured"]
    assert all(row.unseen and row.unseen[0].count == 0 for row in report.rows[:14])
    assert report.findings == ()
    assert report.numbers == {}


async def test_only_findings_of_the_site_that_were_ever_told_are_in_it() -> None:
    report = await made()
    states = {entry.id: entry.state for entry in report.findings}
    assert f"{45:012x}" not in states
    assert f"{46:012x}" not in states
    assert (states[f"{42:012x}"], states[f"{43:012x}"], states[f"{44:012x}"]) == ("accepted", "resolved", "lapsed")
    assert report.findings[0].severity is Severity.CRITICAL
    assert [entry.standing for entry in report.findings] == sorted((entry.standing for entry in report.findings), reverse=True)
    assert report.rows[1].findings == tuple(entry.number for entry in report.findings if 2 in entry.rows)


async def test_a_citizens_phone_has_neither_name_nor_address() -> None:
    report = await made()
    phone = next(entry for entry in report.findings if entry.id == f"{40:012x}")
    assert VEILED[:8] in phone.subject
    assert (phone.place, phone.address) == ("Sảnh", "")
    assert PHONE.encode() not in stored(report)


async def test_hours_are_those_somebody_listened() -> None:
    report = await made()
    heard, deaf = report.response.watched
    assert (heard.leg, heard.hours, heard.of, heard.week_hours, heard.uplinks) == ("lan0", 66.0, 72.0, 66.0, ("FPT 1",))
    assert (deaf.leg, deaf.hours, deaf.last) == ("lan1", 0.0, None)


@pytest.mark.parametrize(("since", "until", "hours"), [(NOW - DAY, 0, 24.0), (NOW - 2 * DAY, NOW - DAY, 18.0), (NOW - 10 * DAY, 0, 66.0)])
async def test_the_period_bounds_the_hours(since: int, until: int, hours: float) -> None:
    report = await made(since=since, until=until)
    assert report.response.watched[0].hours == hours
    assert (report.since, report.until) == (instant(since), instant(until or NOW))


async def test_a_period_holds_what_stood_or_ended_in_it() -> None:
    report = await made(since=NOW - 4 * HOUR, until=NOW - 2 * HOUR)
    ids = {entry.id for entry in report.findings}
    assert f"{1:012x}" not in ids, "opened after its end"
    assert f"{14:012x}" in ids, "stood before and still stands"
    assert f"{43:012x}" not in ids, "was over before it began"


async def test_seconds_to_a_finding_are_measured() -> None:
    report = await made()
    assert (report.response.opened, report.response.half, report.response.longest) == (len(report.findings), 2.0, 2.0)
    waiting = report.response.waiting[0]
    assert (waiting.sink, waiting.waiting, waiting.oldest, waiting.dead) == ("soc", 3, 90, 1)


def test_seconds_to_delivery_come_from_tallies_and_from_metrics_alike() -> None:
    tally = Tally(sink="soc", seconds=10.0)
    tally.buckets[1], tally.buckets[4] = 9, 1
    line = of_tallies([tally, Tally(sink="idle")])
    assert [(each.sink, each.count, each.mean, each.half, each.most) for each in line] == [("soc", 10, 1.0, 1.0, 10.0)]
    bounds = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0]
    counts = [0, 9, 9, 9, 10, *[10] * 7]
    page = "# TYPE vonggac_delivery_seconds histogram\n" + "".join(
        f'vonggac_delivery_seconds_bucket{{sink="soc",le="{bound}"}} {count}\n' for bound, count in zip(bounds, counts, strict=True)
    )
    page += (
        'vonggac_delivery_seconds_bucket{sink="soc",le="+Inf"} 10\nvonggac_delivery_seconds_count{sink="soc"} 10\nvonggac_delivery_seconds_sum{sink="soc"} 10\n'
    )
    assert of_metrics(page) == line
    assert of_metrics("<html>no metrics</html>") == []


async def test_numbers_stay_and_the_next_ones_go_on() -> None:
    first = await made()
    later = journal()
    later.changes.insert(0, change(finding(90, opened=NOW - 100 * DAY, since=NOW - 100 * DAY)))
    later.changes = [each for each in later.changes if each.finding.id != f"{3:012x}"]
    second = await made(later, previous=first)
    assert sorted(first.numbers.values()) == list(range(1, len(first.findings) + 1))
    assert {key: second.numbers[key] for key in first.numbers} == first.numbers, "also of the one that is gone"
    assert second.numbers[f"{90:012x}"] == max(first.numbers.values()) + 1


async def test_what_became_of_findings_since_the_previous_report() -> None:
    before = Journal(changes=[change(finding(row)) for row in (1, 2, 3, 4, 5)])
    before.changes += [change(finding(6, state="resolved", updated=NOW)), change(finding(7, state="resolved", updated=NOW))]
    first = await made(before)
    assert {entry.course for entry in first.findings} == {"first", "closed"}
    now = Journal(now=NOW + DAY)
    now.changes = [
        change(finding(1)),
        after(finding(2), severity=Severity.CRITICAL),
        after(finding(3), state="resolved", updated=NOW + HOUR),
        after(finding(4), state="lapsed", updated=NOW + HOUR),
        after(finding(6), times=2, opened=NOW + HOUR),
        after(finding(7), state="resolved", updated=NOW),
        change(finding(8, opened=NOW + HOUR)),
    ]
    second = await made(now, previous=first)
    told, number = second.comparison, first.numbers
    assert told is not None
    assert told.previous == first.made
    assert (told.still, told.worse) == ((number[f"{1:012x}"],), (number[f"{2:012x}"],))
    assert (told.closed, told.lapsed) == ((number[f"{3:012x}"],), (number[f"{4:012x}"],))
    assert (told.back, told.new) == ((number[f"{6:012x}"],), (second.numbers[f"{8:012x}"],))
    assert [gone.id for gone in told.gone] == [f"{5:012x}"]
    assert second.since == first.until


async def test_surer_is_worse_and_less_sure_is_not() -> None:
    first = await made(Journal(changes=[change(finding(1)), change(finding(2))]))
    second = await made(Journal(changes=[after(finding(1), grade=Grade.PROVEN), after(finding(2), grade=Grade.INFERRED)]), previous=first)
    assert second.comparison is not None
    assert (second.comparison.worse, second.comparison.still) == ((first.numbers[f"{1:012x}"],), (first.numbers[f"{2:012x}"],))


@pytest.mark.parametrize(
    ("opened", "law"),
    [(NOW, "Nghị định 13/2023/NĐ-CP"), (20_454 * DAY, "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15")],
)
async def test_findings_about_personal_data_cite_the_law_of_their_day(opened: int, law: str) -> None:
    site = Journal(now=20_500 * DAY, changes=[change(finding(row, opened=opened)) for row in (5, 6, 12)])
    laws = {entry.rows[0]: entry.law for entry in (await made(site)).findings}
    assert laws[5] is None
    assert laws[6] == laws[12]
    assert laws[12] is not None
    assert laws[12].vi.startswith(law)


async def test_the_annex_tells_machines_by_their_own_answers_and_counts_the_silent() -> None:
    annex = (await made()).annex
    (old,) = annex.machines
    assert (old.name, old.processor, old.memory, old.disk, old.days) == ("Máy một cửa 1", "Intel Core 2 Duo E7500", 2 << 30, 160 << 30, 2500)
    assert (old.out_of_support, annex.silent, annex.untold) == (True, 1, 1)
    assert [(each.name, each.unknown, each.installed) for each in annex.programs] == [("Máy một cửa 1", 2, 80)]


async def test_a_pc_of_another_site_is_not_told() -> None:
    site = Journal(machines=[msgspec.structs.replace(pc(9, 14393), asset="afffffffffffffff9")])
    assert (await made(site)).annex.machines == ()


async def test_the_receiver_of_the_pcs_is_heard_like_a_leg_and_others_legs_are_not_told() -> None:
    seen = Sighting(NOW - HOUR, NOW)
    site = Journal(others=[Leg(name="endpoints", seen=seen), Leg(name="xa-b-lan", seen=seen)])
    assert [leg.leg for leg in (await made(site)).response.watched] == ["lan0", "lan1", "endpoints"]


async def test_the_json_is_stable_and_reads_back() -> None:
    report = await made(box="hop-1")
    assert stored(report) == stored(await made(box="hop-1"))
    assert read(stored(report), "xa-a") == report
    assert b'"made": "2025-07-15T02:14:03Z"' in stored(report)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"[]", "không phải JSON"), (b"\xff", "không phải JSON"), (b"{}", "không phải JSON"), (b'{"format": "1"}', "không phải JSON")],
)
def test_what_is_no_report_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(BadReportError, match=said):
        read(data, "xa-a")


async def test_a_report_of_another_site_or_of_a_newer_version_is_refused() -> None:
    report = await made()
    with pytest.raises(BadReportError, match="là của điểm “xa-a”"):
        read(stored(report), "xa-b")
    with pytest.raises(BadReportError, match="phiên bản mới hơn"):
        read(stored(msgspec.structs.replace(report, format=99)), "xa-a")


async def test_evidence_beyond_what_paper_holds_is_counted() -> None:
    piece = finding(1).evidence[0]
    report = await made(Journal(changes=[change(finding(1, evidence=(piece,) * 30))]))
    (entry,) = report.findings
    assert (len(entry.evidence), entry.more_evidence) == (12, 18)
    assert entry.evidence[0].at == instant(NOW - HOUR)
    assert int(entry.evidence[0].at.timestamp()) * SECOND == NOW - HOUR
