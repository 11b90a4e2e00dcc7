"""The matrix of PCs and the page of one, as text."""

from __future__ import annotations

import re

import msgspec
import pytest

from exporters.console import pcs
from exporters.console.pc_words import CHECKS, SOURCES, TROUBLES, USES
from exporters.console.words import TERMS
from model.declared import Declared, Enrolled
from model.endpointfacts import Source, Trouble
from model.ledger import Change
from model.posture.rows import Answer, Topic
from model.posture.told import AutoLogon, RemoteTools, ToolFound
from model.rows import Held, Stamp
from model.times import DAY, HOUR
from model.verdict import Outcome
from tests.console.commune import NOW, Journal
from tests.console.conftest import Page, Serve
from tests.console.machines import AGED, BAD, DECLARED, GOOD, NEVER, PC_ABOUTS, QUIET, RULES, centre
from tests.console.test_pages import keys, text_of


async def hall(serve: Serve, journal: Journal | None = None, declared: Declared = DECLARED) -> Page:
    return await serve(journal or centre(), abouts=PC_ABOUTS, declared=lambda: declared)


def row_of(html: str, pc: str) -> str:
    found = re.search(rf'<tr data-key="{pc}".*?</tr>', html, re.S)
    assert found, pc
    return found[0]


def cells_of(html: str, pc: str) -> list[str]:
    """The state and age of each check, in the order of the columns."""
    return [" ".join(found) for found in re.findall(r'<td class="check (\w+) age-(\w+)"', row_of(html, pc))]


async def test_the_worst_stands_first_and_the_unheard_before_the_well(serve: Serve) -> None:
    page = await hall(serve)
    status, html, _ = await page.get("/may-tinh")
    assert status == 200
    assert keys(html) == [BAD, AGED, QUIET, NEVER, GOOD]


async def test_each_check_has_a_cell_with_its_state_its_age_and_its_word(serve: Serve) -> None:
    page = await hall(serve)
    _, html, _ = await page.get("/may-tinh")
    good = cells_of(html, GOOD)
    assert good == ["clear fresh"] * 11
    assert [number for number, cell in enumerate(cells_of(html, BAD), 1) if cell.startswith("violation")] == [2, 3, 8, 10]
    assert cells_of(html, AGED)[5] == "violation aged"
    assert set(cells_of(html, NEVER)) == {"unknown old"}
    assert "đạt, 20 phút" in text_of(row_of(html, GOOD)).replace(" ,", ",")
    assert "vi phạm" in text_of(row_of(html, BAD))
    assert text_of(row_of(html, NEVER)).count("chưa rõ") == 11


async def test_a_violation_leads_to_its_finding(serve: Serve) -> None:
    journal = centre()
    page = await hall(serve, journal)
    _, html, _ = await page.get("/may-tinh")
    asset = next(row.asset for row in journal.machines if row.id == BAD)
    wanted = {change.finding.id for change in journal.changes if change.finding.subject.id == asset and change.finding.detector.startswith("VG-END")}
    assert set(re.findall(r"/phat-hien/(\w+)", row_of(html, BAD))) == wanted
    assert len(wanted) == 4


async def test_no_findings_is_told_with_how_many_are_enrolled_and_how_many_are_silent(serve: Serve) -> None:
    journal = centre()
    journal.changes = []
    journal.judged = [msgspec.structs.replace(verdict, outcome=Outcome.CLEAR) for verdict in journal.judged]
    page = await hall(serve, journal)
    said = text_of((await page.get("/may-tinh"))[1])
    assert "Không máy nào có phát hiện đang mở trên 5 máy đã khai hoặc đã báo về, 1 im lặng." in said
    assert "Không có phát hiện không có nghĩa là an toàn" in said
    assert "2 máy có phát hiện đang mở trên 5 máy đã khai hoặc đã báo về, 3 im lặng." in text_of((await (await hall(serve)).get("/may-tinh"))[1])


async def test_unknown_is_counted_by_itself(serve: Serve) -> None:
    page = await hall(serve)
    tiles = re.findall(r'<a class="tile (\w+)[^>]*>.*?<b>(\d+)</b>', (await page.get("/may-tinh"))[1])
    assert tiles == [("violation", "2"), ("unknown", "2"), ("clear", "1"), ("not_applicable", "0")]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("trang-thai=unknown", [QUIET, NEVER]),
        ("tim=qu%E1%BA%A7y", [BAD, GOOD]),
        ("tim=may-004", [NEVER]),
        ("tim=Lan", [AGED]),
        ("tim=zzz", []),
    ],
)
async def test_filters(serve: Serve, query: str, shown: list[str]) -> None:
    page = await hall(serve)
    status, html, _ = await page.get(f"/may-tinh?{query}")
    assert (status, keys(html)) == (200, shown)
    assert shown or "Không máy nào khớp bộ lọc này." in html


async def test_a_wrong_filter_is_named(serve: Serve) -> None:
    page = await hall(serve)
    status, html, _ = await page.get("/may-tinh?trang-thai=bad")
    assert status == 400
    assert "trang-thai" in html


async def test_a_pcs_own_page_has_its_answers_with_source_and_age(serve: Serve) -> None:
    page = await hall(serve)
    status, html, _ = await page.get(f"/may-tinh/{BAD}")
    said = text_of(html)
    assert status == 200
    assert "quầy tiếp nhận · Phụ trách: Trần Thị Hoa" in said
    assert "osquery 5.23.0" in said
    assert "đồng hồ lệch 1 phút" in said
    assert len(re.findall(r'class="finding ', html)) == 4
    assert "phần mềm điều khiển từ xa 15/07/2025 07:14:03 2 giờ trước máy tự báo tools: product=ultraviewer" in said
    aged = text_of((await page.get(f"/may-tinh/{AGED}"))[1])
    assert "10 ngày trước USB kiểm tra" in aged
    assert "10 ngày trước, đã cũ" in aged


async def test_one_that_never_reported_says_so_and_is_nowhere_clean(serve: Serve) -> None:
    page = await hall(serve)
    status, html, _ = await page.get(f"/may-tinh/{NEVER}")
    assert status == 200
    assert text_of(html).count("Chưa có kết luận nào về máy này.") == 11
    assert "chưa báo lần nào" in html
    assert "#s-clear" not in re.sub(r"<symbol.*?</symbol>", "", html, flags=re.S)


@pytest.mark.parametrize("path", ["/may-tinh/none", "/may-tinh/" + "x" * 300])
async def test_an_unknown_pc_is_not_found(serve: Serve, path: str) -> None:
    assert (await (await hall(serve)).get(path))[0] == 404


async def test_what_failed_after_the_last_good_answer_is_told_beside_it(serve: Serve) -> None:
    journal = centre()
    row = next(row for row in journal.machines if row.id == GOOD)
    old, new = Stamp(0, NOW - DAY, "endpoints", 1), Stamp(0, NOW - HOUR, "endpoints", 2)
    row.topics["auto_logon"] = Topic(Held(Answer(AutoLogon(on=True), "script"), old), Held("denied", new))
    row.topics["licence"] = Topic(None, Held("script", new))
    row.topics["kms_setting"] = Topic(Held(Answer(AutoLogon(), "osquery"), new), Held("failed", old))
    (line,) = [line for line in pcs.lines(await snapshot_of(journal), journal.machines, PC_ABOUTS) if line.id == GOOD]
    told = {answer.topic: answer for answer in pcs.answers(line)}
    assert (told["auto_logon"].at, told["auto_logon"].source, told["auto_logon"].trouble) == (NOW - DAY, "script", "denied")
    assert (told["licence"].at, told["licence"].trouble) == (0, "script")
    assert told["kms_setting"].trouble == ""


async def snapshot_of(journal: Journal, declared: Declared = DECLARED):
    from exporters.console.snapshot import read

    return await read(journal, declared, "vi", verdicts=True)


async def test_one_enrolled_anew_is_one_pc_with_its_latest_answers() -> None:
    journal = centre()
    row = next(row for row in journal.machines if row.id == GOOD)
    again = msgspec.structs.replace(row, id="xa-a-may-101", topics={}, seen=msgspec.structs.replace(row.seen, last=NOW))
    stamp = Stamp(0, NOW, "endpoints", 9)
    tools = RemoteTools(tools=(ToolFound(product="anydesk", stage="running"),))
    again.topics["remote_tools"] = Topic(Held(Answer(tools, "osquery"), stamp))
    again.topics["licence"] = Topic(None, Held("failed", stamp))
    lines = pcs.lines(await snapshot_of(journal), [*journal.machines, again], PC_ABOUTS)
    assert len(lines) == 5
    line = next(line for line in lines if line.id == GOOD)
    told = {answer.topic: answer for answer in pcs.answers(line)}
    assert told["remote_tools"].said == (("tools", "product=anydesk, stage=running, portable=false"),)
    assert told["licence"].at == row.topics["licence"].answer.stamp.at


async def test_a_pc_that_nobody_enrolled_is_shown_and_said_to_be(serve: Serve) -> None:
    page = await hall(serve, declared=Declared(site="xa-a", enrolled=(Enrolled(id=BAD),)))
    _, html, _ = await page.get("/may-tinh")
    assert "không có trong enrolled.csv" in row_of(html, GOOD)
    assert "không có trong enrolled.csv" not in row_of(html, BAD)


async def test_a_finding_outlives_the_verdict_that_is_no_longer_known() -> None:
    journal = centre()
    asset = next(row.asset for row in journal.machines if row.id == BAD)
    journal.judged = [verdict for verdict in journal.judged if verdict.subject.id != asset]
    line = next(line for line in pcs.lines(await snapshot_of(journal), journal.machines, PC_ABOUTS) if line.id == BAD)
    assert [cell.check for cell in line.cells if cell.state == "violation"] == ["VG-END-02", "VG-END-03", "VG-END-08", "VG-END-10"]
    assert {cell.state for cell in line.cells} == {"violation", "unknown"}


async def test_without_pcs_the_page_says_how_to_get_them_and_is_not_in_the_menu(serve: Serve) -> None:
    page = await serve(Journal())
    _, html, _ = await page.get("/may-tinh")
    assert "khai enrolled.csv" in html
    assert 'href="/may-tinh"' not in html
    assert 'href="/may-tinh"' in (await (await hall(serve)).get("/"))[1]


async def test_a_list_of_hundreds_is_paged(serve: Serve) -> None:
    many = tuple(Enrolled(id=f"pc-{number:04}") for number in range(120))
    page = await serve(Journal(), abouts=PC_ABOUTS, declared=lambda: Declared(site="xa-a", enrolled=many))
    _, html, _ = await page.get("/may-tinh")
    assert "120 máy" in html
    assert 1 < len(keys(html)) < 120
    assert "trang=2" in html


async def test_the_page_speaks_english_too(serve: Serve) -> None:
    page = await hall(serve)
    for path in ("/may-tinh", f"/may-tinh/{BAD}"):
        said = text_of((await page.get(path + "?lang=en"))[1])
        assert "Antivirus" in said
        assert not re.search(
            r"[ăđơư]", re.sub(r"Quầy \d|Văn thư|Phòng họp|Kế toán|Tiếng Việt|Vọng Gác|Trung tâm[^·]*?xã A|Trần Thị Hoa|Lê Thị Lan|Nguyễn Văn Bình", "", said)
        )


def test_every_word_that_a_pc_can_bring_has_its_own() -> None:
    assert set(CHECKS) == {rule.about.id for rule in RULES} - {"VG-COV-01"}
    assert set(SOURCES) == set(Source.__args__)
    assert set(TROUBLES) == set(Trouble.__args__)
    assert set(USES) == {"office", "counter", "kiosk", "admin", "server"}
    topics = {topic for row in centre().machines for topic in row.topics}
    assert topics - set(TERMS["pc_topic"]) == set()


def test_the_centre_of_these_tests_is_judged_by_the_real_rules() -> None:
    changes: list[Change] = centre().changes
    assert {change.finding.detector for change in changes if change.finding.state == "open"} >= {
        "VG-END-02",
        "VG-END-03",
        "VG-END-06",
        "VG-END-08",
        "VG-END-10",
    }
