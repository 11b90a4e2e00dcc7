"""What an inspector saw himself: a table taken in line by line, one sentence for what cannot be used, and shown in every form."""

from __future__ import annotations

import csv as lines
import io
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from collector.inspection import manual
from collector.refusal import ConfigError
from exporters import report as reports
from model.inspection.document import Manual
from model.inspection.matters import BY_HAND
from model.verdict import Outcome
from tests.console.commune import NOW
from tests.report.site import ABOUTS, DECLARED, journal

HEAD = "mục;nội dung;đối tượng;kết quả;ghi chú;người kiểm tra;ngày;điểm\n"
TABLE = (
    HEAD
    + "A;;Máy chủ phòng họp;vi phạm;Chưa có tem niêm phong;Trần Thị B;14/07/2025;xa-a\n"
    + ";Khóa phòng máy chủ;;đạt;;Trần Thị B;2025-07-14;\n"
    + "7;;Máy quầy 3;vi phạm;=HYPERLINK(giấy dán mật khẩu dưới bàn phím);Lê C;15/07/2025;\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "bang-tay.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def test_a_table_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    hardware, door, seventh = manual.read(written(tmp_path, TABLE), NOW)
    assert hardware == Manual(
        matter="A", what=BY_HAND[0].title.vi, subject="Máy chủ phòng họp", result=Outcome.VIOLATION, note="Chưa có tem niêm phong", inspector="Trần Thị B",
        day="2025-07-14", site="xa-a",
    )  # fmt: skip
    assert (door.matter, door.what, door.result, door.site) == ("", "Khóa phòng máy chủ", Outcome.CLEAR, "")
    assert (seventh.matter, seventh.what) == ("7", "Không đặt mật khẩu, mật khẩu yếu, dùng chung")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("16;;;đạt;;B;14/07/2025;", 'dòng 2, cột "matter" phải là số từ 1 đến 15'),
        ("C;;;đạt;;B;14/07/2025;", 'cột "matter"'),
        ("²;;;đạt;;B;14/07/2025;", 'cột "matter"'),
        (";;;đạt;;B;14/07/2025;", 'cột "what" phải là điều đã kiểm tra'),
        ("1;;;tốt;;B;14/07/2025;", 'cột "result" phải là một trong: vi phạm, đạt'),
        ("1;;;vi phạm;;B;14/07/2025;", 'cột "note" phải là điều đã thấy'),
        ("1;;;đạt;;;14/07/2025;", 'cột "inspector"'),
        ("1;;;đạt;;B;31/02/2025;", 'cột "day" phải là ngày đã qua'),
        ("1;;;đạt;;B;17/07/2025;", 'cột "day" phải là ngày đã qua'),
        ("1;;;đạt;" + "x" * 2_001 + ";B;14/07/2025;", 'cột "note" phải là không quá 2000 ký tự'),
        ("1;;;đạt;;B;14/07/2025;;;thừa", "nhiều ô hơn tiêu đề"),
    ],
    ids=range(11),
)
def test_a_line_that_cannot_be_used_is_one_sentence(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        manual.read(written(tmp_path, HEAD + line + "\n"), NOW)
    assert said in caught.value.text.vi
    assert "\n" not in caught.value.text.vi


def test_a_missing_table_or_column_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="không có tệp này"):
        manual.read(tmp_path / "none.csv", NOW)
    with pytest.raises(ConfigError, match='thiếu cột "day"'):
        manual.read(written(tmp_path, "mục;kết quả;người kiểm tra\n1;đạt;B\n"), NOW)


async def test_it_is_shown_in_every_form_and_added_to_no_count(tmp_path: Path) -> None:
    lines_of = manual.read(written(tmp_path, TABLE), NOW)
    without = await reports.gather(journal(), DECLARED, ABOUTS)
    made = await reports.gather(journal(), DECLARED, ABOUTS, manual=lines_of)
    assert [row.counts for row in made.rows] == [row.counts for row in without.rows]
    assert reports.read(reports.stored(made), "xa-a").manual == lines_of
    tree = LexborHTMLParser(reports.html(made, "vi"))
    hand = tree.css_first("table.by-hand").text()
    for said in ("Chưa có tem niêm phong", "Trần Thị B", "14/07/2025", "Khóa phòng máy chủ", "mục 7"):
        assert said in hand
    seventh = tree.css("table.matters tbody tr")[6].text()
    assert "Kiểm tra bằng tay: vi phạm (Máy quầy 3)" in seventh
    table = list(lines.reader(io.StringIO(reports.csv(made, "vi").decode("utf-8-sig"), newline="")))
    rows = [row for row in table if row[0] == "kiểm tra bằng tay"]
    assert [(row[1], row[11], row[15], row[23]) for row in rows] == [
        ("A", "vi phạm", "14/07/2025", "Trần Thị B"), ("", "đạt", "14/07/2025", "Trần Thị B"), ("7", "vi phạm", "15/07/2025", "Lê C"),
    ]  # fmt: skip
    assert [cell for row in rows for cell in row if cell.startswith("=")] == []


async def test_rows_nobody_looked_at_are_left_to_be_written_by_pen(tmp_path: Path) -> None:
    tree = LexborHTMLParser(reports.html(await reports.gather(journal(), DECLARED, ABOUTS, manual=manual.read(written(tmp_path, TABLE), NOW)), "vi"))
    rows = tree.css("table.by-hand tbody tr")
    assert [len(row.css("td")) for row in rows] == [2, 5, 5, 5, 5, 5, 5, 5]
