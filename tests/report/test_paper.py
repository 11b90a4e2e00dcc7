"""What people hold: the report as HTML, on A4 by Chromium, as a table for a spreadsheet; hostile names are inert in all of them."""

from __future__ import annotations

import asyncio
import base64
import csv as lines
import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from exporters import report as reports
from exporters.report.page import spans
from exporters.report.sheet import harmless
from model.inspection.document import Counts, Manual, Report
from model.inspection.group import Member, merged
from model.inspection.matters import BY_HAND, FIFTEEN, OUTSIDE
from model.times import DAY
from model.verdict import Outcome
from tests.console.browser import Tab, chromium
from tests.console.commune import NOW, Journal
from tests.console.conftest import Serve
from tests.report.site import ABOUTS, DECLARED, PHONE, journal

_A4 = (595, 842)
_BEYOND = """[...document.querySelectorAll('.report td, .report p, .report dd, .report h2')].filter(e => e.getClientRects().length)
  .filter(e => e.getBoundingClientRect().right > 360 || e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40))"""
_LABELS = """[...document.querySelector('.matters tbody tr').querySelectorAll('td.c')]
  .map(e => getComputedStyle(e, '::after').content.slice(1, -1))"""


async def made(site: Journal | None = None, **options: object) -> Report:
    return await reports.gather(site or journal(), DECLARED, ABOUTS, box="hop-1", **options)  # type: ignore[arg-type]


def pdf_tool(*arguments: str | Path) -> str:
    if shutil.which(str(arguments[0])) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Debian's poppler-utils: apt-get install poppler-utils")
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=True, timeout=60).stdout


async def test_it_prints_on_a4_with_all_that_an_official_minute_has(tmp_path: Path, serve: Serve) -> None:
    first = await made(Journal(changes=journal().changes[:3]))
    document = tmp_path / "report.html"
    document.write_text(reports.html(await made(previous=first, since=NOW - 3 * DAY), "vi"))
    async with chromium(tmp_path / "profile") as browser:
        tab = await browser.tab()
        await tab.open(document.as_uri())
        printed = await tab.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        asked, said = list(tab.requests), list(tab.messages)
        page = await serve(journal(), abouts=ABOUTS, declared=lambda: DECLARED)
        await tab.open(page.url + "/bao-cao")
        inside = await tab.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        await expect_phone(tab)
        (tmp_path / "group.html").write_text(reports.html(await wide(), "vi"))
        await tab.open((tmp_path / "group.html").as_uri())
        together = await tab.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        await expect_phone(tab)
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(base64.b64decode(printed["data"]))
    assert asked == [document.as_uri()]
    assert said == []
    about = await asyncio.to_thread(pdf_tool, "pdfinfo", pdf)
    pages = re.search(r"Pages: +(\d+)", about)
    size = re.search(r"Page size: +(\d+)\.?\d* x (\d+)", about)
    assert pages is not None
    assert 5 <= int(pages[1]) <= 12
    assert size is not None
    assert (int(size[1]), int(size[2])) in {_A4, (594, 841)}
    (tmp_path / "page.pdf").write_bytes(base64.b64decode(inside["data"]))
    shown = re.search(r"Pages: +(\d+)", await asyncio.to_thread(pdf_tool, "pdfinfo", tmp_path / "page.pdf"))
    assert shown is not None
    assert abs(int(shown[1]) - int(pages[1])) <= 1, "the page's own style reaches into the report"
    assert "Bản đồ mạng" not in await asyncio.to_thread(pdf_tool, "pdftotext", tmp_path / "page.pdf", "-"), "the menu is not printed"
    (tmp_path / "group.pdf").write_bytes(base64.b64decode(together["data"]))
    sizes = [await asyncio.to_thread(expect_within_margins, path) for path in (pdf, tmp_path / "page.pdf", tmp_path / "group.pdf")]
    assert len(set(sizes)) == 1, "something wide had the browser shrink a whole document"
    expect_minute(await asyncio.to_thread(pdf_tool, "pdftotext", "-layout", pdf, "-"), int(pages[1]))


async def expect_phone(tab: Tab) -> None:
    """At 360 px every cell stands within the screen, whatever box it scrolls in, and every figure of the fifteen has its word."""
    await tab.size(360, 740)
    assert await tab.js(_BEYOND) == []
    assert await tab.js(_LABELS) == ["Vi phạm", "Đạt", "Chưa rõ", "Không áp dụng"]
    await tab.call("Emulation.clearDeviceMetricsOverride")


async def wide() -> Report:
    """Several sites with long names, numbers of four digits and a note without a blank."""
    site = await made(manual=[Manual(matter="A", what="x" * 300, result=Outcome.VIOLATION, note="y" * 600, inspector="z" * 80, day="2025-07-14")])
    row = msgspec.structs.replace(site.rows[0], counts=Counts(violation=1234, clear=5678, unknown=9012, not_applicable=3456))
    many = [msgspec.structs.replace(site, site=f"xa-{n}" + "w" * 50, name="Trung tâm " + "v" * 90, rows=(row, *site.rows[1:])) for n in range(3)]
    return merged(many, [Member("xa-c", "Xã C")], code="n" * 64, name="Nhóm " + "u" * 100)


def expect_within_margins(pdf: Path) -> float:
    """Every word of every page stands within the margins of A4 (14 mm left and right, in points); the height of a word of the title."""
    pages = re.split(r"<page ", pdf_tool("pdftotext", "-bbox", pdf, "-"))[1:]
    words = [
        [float(edge) for edge in word] for page in pages for word in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', page)
    ]
    left, right = 14 / 25.4 * 72 - 1, (210 - 14) / 25.4 * 72 + 1
    assert len(words) > 500
    assert [word for word in words if word[0] < left or word[2] > right] == [], pdf.name
    title = re.search(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">BÁO<', pages[0])
    assert title is not None
    return round(float(title[2]) - float(title[1]), 1)


def expect_minute(text: str, pages: int) -> None:
    whole = " ".join(text.split())
    for number in (1, pages):
        assert f"{number}/{pages}" in whole
    assert whole.count("Vọng Gác · Báo cáo kiểm tra") == pages
    assert "BÁO CÁO KIỂM TRA AN NINH MẠNG" in whole
    # A title may be broken over lines, between which the columns stand: its first words are enough.
    places = [whole.index(" ".join(title.vi.split()[:4])) for title in FIFTEEN]
    assert places == sorted(places)
    for said in ("từ 12/07/2025 09:14:03 đến 15/07/2025 09:14:03", "66,0 trên 72,0", "chưa từng nghe", "KeyGen 2.0", "Người kiểm tra (ký, ghi rõ họ tên)"):
        assert said in whole
    assert " ".join(BY_HAND[0].title.vi.split()[:4]) in whole
    assert OUTSIDE.vi[:60] in whole


async def test_hostile_names_are_letters_on_paper_and_nothing_is_loaded() -> None:
    html = reports.html(await made(), "vi")
    tree = LexborHTMLParser(html)
    assert tree.css("script, img, iframe, object, embed, link, form, a, base") == []
    assert "<script>alert(1)</script>" in tree.body.text()
    assert "\u202e" not in html
    assert "http://x.example" not in html
    assert all(not name.startswith("on") for node in tree.css("*") for name in node.attributes)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_citizens_name_is_nowhere(language: str) -> None:
    report = await made()
    for data in (reports.html(report, language).encode(), reports.csv(report, language), reports.stored(report)):  # type: ignore[arg-type]
        assert PHONE.encode() not in data


async def test_english_has_no_vietnamese_sentence_of_ours() -> None:
    text = LexborHTMLParser(reports.html(await made(Journal()), "en")).body.text()
    left = text.replace("Trung tâm phục vụ hành chính công xã A", "").replace("Vọng Gác", "").replace("Cơ", "").replace("NĐ-CP", "")
    assert re.findall(r"\S*[ạảấầậẩẫắằặẳẵẹẻẽếềệểễịỉĩọỏốồộổỗớờợởỡụủũứừựửữỵỷỹđ]\S*", left) == []
    assert "The fifteen matters" in text


async def test_the_unknown_stand_apart_and_the_measured_row_is_not_judged() -> None:
    tree = LexborHTMLParser(reports.html(await made(), "vi"))
    rows = tree.css("table.matters tbody tr")
    assert [cell.text(separator=" ").split() for cell in rows[0].css("td.c")] == [["1", "thiết", "bị"]] * 4
    assert "hatched" in (rows[0].css("td.c")[2].attributes["class"] or "")
    assert len(rows) == 15
    assert "không xét" in rows[14].text()


async def test_a_site_without_anything_says_that_this_is_not_safety() -> None:
    text = LexborHTMLParser(reports.html(await made(Journal()), "vi")).body.text()
    assert "Điều này không có nghĩa là an toàn" in text
    assert "Chưa có máy tính nào báo về." in text
    assert "chưa khai báo nơi nhận nào" in text


async def test_the_table_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    data = reports.csv(await made(), "vi")
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(lines.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in table} == {24}
    assert [cell for row in table for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    rows = [row for row in table if row[0] == "mục"]
    assert [row[1] for row in rows] == [str(number) for number in range(1, 16)]
    assert [row[7:11] for row in rows[:14]] == [["1", "1", "1", "1"]] * 14
    assert [row[7:11] for row in rows[14:]] == [["", "", "", ""]]
    assert sum(row[0] == "phát hiện" for row in table) == 19


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("+84", "'+84"), ("-1", "'-1"), ("@SUM", "'@SUM"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), ("  =1", "'  =1"),
        ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""), ("12", "12"),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(cell: str, safe: str) -> None:
    assert harmless(cell) == safe


def test_numbers_in_a_row_are_joined() -> None:
    assert [spans(numbers) for numbers in ((), (3,), (1, 2, 3, 7), (9, 2, 1))] == ["–", "3", "1–3, 7", "1–2, 9"]
