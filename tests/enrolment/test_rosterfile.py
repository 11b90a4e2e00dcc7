"""boxes.csv changed by a program stays the spreadsheet that people keep."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.enrolment.rosterfile import added, ended, put, read, without, written_day
from collector.refusal import ConfigError
from model.times import DAY
from tests.enrolment.place import Province
from tests.fleet.boxes import NOW

EXCEL = "\r\n".join(
    (
        "\ufeffHộp;Điểm;Khóa;Từ ngày;Đến ngày;Người khai;Ghi chú",
        'hop-a;xa-a;{a};01/01/2026;;Mẫu;"một; hai"',
        ";;;;;;",
        "hop-b;xa-b;{b};;31/12/2026;Mẫu;",
        "",
    )
)
A, B, C = "aa" * 32, "bb" * 32, "cc" * 32


def excel(folder: Path) -> Province:
    return Province(folder, EXCEL.format(a=A, b=B))


def test_it_keeps_columns_separators_marks_and_what_people_noted(tmp_path: Path) -> None:
    declared = excel(tmp_path).declared
    sheet = ended(read(declared), "hop-a", NOW, keep=[])
    put(declared, added(sheet, [{"box": "hop-a", "site": "xa-a", "key": C, "since": written_day(NOW), "by": "=cmd|Mẫu"}]))
    wanted = EXCEL.format(a=A, b=B).replace("01/01/2026;;", "01/01/2026;22/11/2026;") + f"hop-a;xa-a;{C};22/11/2026;;cmd|Mẫu;\r\n"
    assert (declared / "boxes.csv").read_bytes().decode() == wanted


def test_who_may_read_it_may_read_it_still(tmp_path: Path) -> None:
    declared = excel(tmp_path).declared
    (declared / "boxes.csv").chmod(0o640)
    put(declared, read(declared))
    assert (declared / "boxes.csv").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(declared)) == ["boxes.csv", "province.toml", "sites.csv"]


def test_an_earlier_end_stays_and_what_would_begin_later_goes(tmp_path: Path) -> None:
    lines = f"hop-a,xa-a,{A},,20/11/2026,\nhop-a,xa-a,{B},,30/11/2026,\nhop-a,xa-a,{C},01/12/2026,,\n"
    declared = Province(tmp_path, "box,site,key,since,until,by\n" + lines).declared
    put(declared, ended(read(declared), "hop-a", NOW))
    assert [line.split(",")[4] for line in (declared / "boxes.csv").read_text().splitlines()[1:]] == ["20/11/2026", "22/11/2026"]


def test_a_box_without_lines_is_gone(tmp_path: Path) -> None:
    declared = excel(tmp_path).declared
    assert [line.box for line in put(declared, without(read(declared), "hop-a")).boxes] == ["hop-b"]


def test_what_the_province_would_refuse_is_never_there(tmp_path: Path) -> None:
    declared = excel(tmp_path).declared
    before = (declared / "boxes.csv").read_bytes()
    for line in ({"box": "hop-c", "site": "xa-z", "key": C}, {"box": "hop-c", "site": "xa-a", "key": A}, {"box": "hop-a", "site": "xa-a", "key": A}):
        with pytest.raises(ConfigError):
            put(declared, added(read(declared), [line]))
    assert (declared / "boxes.csv").read_bytes() == before


@pytest.mark.parametrize("text", [b"", b"box,site,key\n", b"\xff\n", b"box,site,key,since,until\n"], ids=["empty", "columns", "bytes", "by"])
def test_a_list_that_a_program_cannot_write_into_is_told(tmp_path: Path, text: bytes) -> None:
    declared = excel(tmp_path).declared
    (declared / "boxes.csv").write_bytes(text)
    with pytest.raises(ConfigError, match=r"boxes\.csv"):
        read(declared)


def test_days_are_those_of_viet_nam() -> None:
    assert (written_day(NOW), written_day(NOW + DAY)) == ("22/11/2026", "23/11/2026")
