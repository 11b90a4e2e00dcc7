"""One report over several sites: sums, whole sites, the unknown among them, numbers that stay, and what people hold of it."""

from __future__ import annotations

import csv as lines
import io
import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from exporters import report as reports
from exporters.report import gather, report_of, stored
from model.inspection import group as groups
from model.inspection.document import Counts, Report, instant
from model.inspection.group import Member, merged, outcome_of
from model.inspection.matters import FIFTEEN
from model.rows import Leg, Sighting
from model.text import Text
from model.times import DAY, HOUR
from model.verdict import Outcome, Severity
from tests.console.commune import NOW, Journal
from tests.report.site import ABOUTS, DECLARED, HOSTILE, change, finding, journal, pc

WHY = Text("Hộp im lặng từ hôm qua.", "The box is silent since yesterday.")


async def of_site(site: str, name: str = "", *, data: Journal | None = None, **options: object) -> Report:
    """A report of that site, whose findings have ids of their own."""
    held = data or journal()
    for place, each in enumerate(held.changes):
        held.changes[place] = msgspec.structs.replace(each, finding=msgspec.structs.replace(each.finding, site=site, id=f"{site}-{each.finding.id}"))
    declared = msgspec.structs.replace(DECLARED, site=site, name=name or site)
    return await gather(held, declared, ABOUTS, box="hop-1", **options)  # type: ignore[arg-type]


@pytest.fixture
async def two() -> list[Report]:
    return [await of_site("xa-b", "Xã B"), await of_site("xa-a", HOSTILE, data=Journal(changes=[change(finding(1))], judged=journal().judged[:4]))]


async def test_the_fifteen_rows_are_summed_by_subject_and_by_site(two: list[Report]) -> None:
    whole = merged(two, [Member("xa-c", "Xã C", why=WHY)], code="nhom", name="Nhóm")
    assert [row.title for row in whole.rows] == list(FIFTEEN)
    assert whole.rows[0].counts == Counts(violation=2, clear=2, unknown=2, not_applicable=2)
    assert whole.rows[0].sites == Counts(violation=2, unknown=1)
    assert whole.rows[1].counts == Counts(violation=1, clear=1, unknown=1, not_applicable=1)
    assert whole.rows[1].sites == Counts(violation=1, unknown=2), "a site where nothing was met is unknown, and so is one without a report"
    assert (whole.rows[14].counts, whole.rows[14].sites, whole.rows[14].kind) == (None, None, "measured")
    assert (whole.since, whole.until, whole.made) == (min(each.since for each in two), max(each.until for each in two), two[0].made)


async def test_a_site_without_a_report_is_unknown_in_every_row_and_says_why(two: list[Report]) -> None:
    whole = merged(two, [Member("xa-c", "Xã C", why=WHY), Member("xa-a")], code="nhom")
    assert [(part.site, part.made is None) for part in whole.sites] == [("xa-a", False), ("xa-b", False), ("xa-c", True)]
    assert all(row.sites is not None and row.sites.unknown >= 1 for row in whole.rows[:14])
    assert all(row.unseen[0].reason.vi == "Hộp im lặng từ hôm qua. (1 điểm)" for row in whole.rows[:14])


async def test_over_nothing_but_the_unknown_it_needs_the_moment(two: list[Report]) -> None:
    with pytest.raises(ValueError, match="the moment"):
        merged([], [Member("xa-c")], code="nhom")
    whole = merged([], [Member("xa-c")], code="nhom", made=instant(NOW))
    assert [row.sites for row in whole.rows[:14]] == [Counts(unknown=1)] * 14
    assert "Chưa có báo cáo của điểm này" in LexborHTMLParser(reports.html(whole, "vi")).body.text()


async def test_numbers_are_of_the_series_of_the_group_and_stay() -> None:
    first = merged([await of_site("xa-a"), await of_site("xa-b")], code="nhom")
    assert sorted(first.numbers.values()) == list(range(1, len(first.numbers) + 1))
    assert {entry.course for entry in first.findings if entry.standing} == {"first"}
    fewer = journal()
    fewer.changes = [each for each in fewer.changes if each.finding.id != f"{3:012x}"] + [change(finding(77, detector="VG-ROW-01", findings=(1,)))]
    second = merged([await of_site("xa-a", data=fewer), await of_site("xa-b")], code="nhom", previous=first)
    assert all(second.numbers[each] == number for each, number in first.numbers.items())
    new = next(entry for entry in second.findings if entry.id == f"xa-a-{77:012x}")
    assert (new.number, new.course, new.site) == (len(first.numbers) + 1, "new", "xa-a")
    assert second.comparison is not None
    assert second.comparison.new == (new.number,)
    assert [each.id for each in second.comparison.gone] == [f"xa-a-{3:012x}"]
    assert second.rows[0].findings[0] in {entry.number for entry in second.findings if 1 in entry.rows}


async def test_what_is_not_printed_is_counted_and_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_ENTRIES", 3)
    site = await of_site("xa-a")
    first = merged([site], code="nhom")
    assert (len(first.findings), len(first.unlisted)) == (3, len(site.findings) - 3)
    assert first.findings[0].severity is Severity.CRITICAL
    again = report_of(stored(first))
    second = merged([site], code="nhom", previous=again)
    assert second.comparison is not None
    assert (second.comparison.new, second.comparison.back, second.comparison.gone) == ((), (), ())
    assert len(second.comparison.still) == sum(entry.standing for entry in site.findings)
    gone = merged([await of_site("xa-a", data=Journal())], code="nhom", previous=again)
    assert gone.comparison is not None
    assert len(gone.comparison.gone) == sum(entry.standing for entry in site.findings)
    assert "phát hiện khác" in reports.html(first, "vi")
    table = list(lines.reader(io.StringIO(reports.csv(first, "vi").decode("utf-8-sig"), newline="")))
    assert {row[21] for row in table if row[0] == "phát hiện"} == {entry.id for entry in site.findings if entry.rows[0] <= 15}


async def test_a_laptop_clears_no_whole_site_and_a_box_counts_before_it() -> None:
    clear = journal()
    clear.judged = [verdict for verdict in clear.judged if verdict.outcome is Outcome.CLEAR]
    box = await of_site("xa-a", data=clear)
    laptop = msgspec.structs.replace(box, source="laptop", made=box.made + timedelta(days=1))
    assert (outcome_of(box, box.rows[0]), outcome_of(laptop, laptop.rows[0])) == (Outcome.CLEAR, Outcome.UNKNOWN)
    assert merged([laptop], code="n").rows[0].sites == Counts(unknown=1)
    assert merged([laptop, box], code="n").rows[0].sites == Counts(clear=1)
    later = msgspec.structs.replace(laptop, made=laptop.made + timedelta(days=1))
    assert merged([later, laptop], code="n").sites[0].made == later.made


async def test_what_was_measured_and_the_annex_say_of_which_site() -> None:
    data = Journal(machines=[pc(1, 14393, unknown=2)], judged=journal().judged[:1])
    data.others = [Leg(name="lan0", seen=Sighting(NOW - 5 * HOUR, NOW), vantage="plain")]
    whole = merged([await of_site("xa-a", "Xã A", data=data), await of_site("xa-b", "Xã B", data=data)], code="nhom")
    assert [(leg.site, leg.leg, leg.week_hours) for leg in whole.response.watched if leg.leg == "lan0"] == [("xa-a", "lan0", 5.0), ("xa-b", "lan0", 5.0)]
    assert [machine.site for machine in whole.annex.machines] == ["xa-a", "xa-b"]
    assert [part.week_hours for part in whole.sites] == [5.0, 5.0]
    text = LexborHTMLParser(reports.html(whole, "vi")).body.text()
    assert text.count("Xã A") >= 3


async def test_sinks_of_one_box_are_told_once() -> None:
    whole = merged([await of_site("xa-a"), await of_site("xa-b")], code="nhom")
    assert len(whole.response.waiting) == 1


async def test_hostile_names_of_sites_are_letters_in_every_form(two: list[Report]) -> None:
    whole = merged(two, [Member("xa-c", HOSTILE)], code="nhom", name=HOSTILE)
    tree = LexborHTMLParser(reports.html(whole, "vi"))
    assert tree.css("script, img, iframe, object, embed, link, form, a, base") == []
    assert len(tree.css("table.sites tbody tr")) == 3
    table = list(lines.reader(io.StringIO(reports.csv(whole, "vi").decode("utf-8-sig"), newline="")))
    assert {len(row) for row in table} == {24}
    assert [cell for row in table for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert sum(row[0] == "điểm" for row in table) == 3 * 14
    assert next(row[7:11] for row in table if row[0] == "mục theo số điểm") == ["2", "0", "1", "0"]


async def test_each_site_has_its_shapes_not_only_colours(two: list[Report]) -> None:
    tree = LexborHTMLParser(reports.html(merged(two, [Member("xa-c")], code="nhom"), "vi"))
    rows = tree.css("table.sites tbody tr")
    cells = [[cell.text().strip() for cell in row.css("td.m")] for row in rows]
    assert (cells[1], cells[2]) == (["1"] * 14, [""] * 14)
    assert all("hatched" in (cell.attributes["class"] or "") for cell in rows[2].css("td.m"))


async def test_the_same_reports_give_the_same_bytes_in_whatever_order(two: list[Report]) -> None:
    assert stored(merged(two, code="nhom")) == stored(merged(two[::-1], code="nhom"))


async def test_a_province_of_many_sites_stays_readable(tmp_path: Path) -> None:
    one = await of_site("xa", since=NOW - 7 * DAY)
    many = [
        msgspec.structs.replace(one, site=f"xa-{n:04}", findings=tuple(msgspec.structs.replace(entry, id=f"{n}-{entry.id}") for entry in one.findings))
        for n in range(300)
    ]
    whole = merged(many, code="tinh-25")
    assert len(whole.findings) + len(whole.unlisted) == 300 * len(one.findings)
    assert len(stored(whole)) < 4_000_000
    assert len(reports.html(whole, "vi")) < 2_500_000
    assert json.loads(stored(whole))["rows"][0]["sites"]["violation"] == 300
