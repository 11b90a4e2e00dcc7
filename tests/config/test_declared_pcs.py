"""enrolled.csv, usb.csv, revoked.csv and holidays.csv: what is read, what is refused, and the days off that come with the product."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from collector.declared import load
from collector.declared_pcs import COLUMNS
from collector.refusal import ConfigError
from model.declared import Enrolled, Revoked, UsbRule
from model.times import SECOND, VIETNAM, day_of, is_working

ROOT = Path(__file__).parents[2]


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "site.toml").write_text('site = "xa"\nlegs = ["lan"]\n')
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def day(year: int, month: int, number: int) -> int:
    return int(datetime(year, month, number, tzinfo=VIETNAM).timestamp()) * SECOND


def number(year: int, month: int, of_month: int) -> int:
    return (date(year, month, of_month) - date(1970, 1, 1)).days


def refusal(tmp_path: Path, **files: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder(tmp_path, **files))
    assert caught.value.text.en.startswith("File ")
    return caught.value.text.vi


def test_a_list_of_codes_alone_is_enough(tmp_path):
    assert load(folder(tmp_path, enrolled="mã máy\npc-01\n")).enrolled == (Enrolled(id="pc-01"),)


def test_all_columns_of_a_pc_in_vietnamese(tmp_path):
    heading = "mã máy;tên máy;dùng để;số người;người phụ trách;quản trị đến;lý do;từ ngày;ghi chú"
    text = f"{heading}\npc-01;Máy quầy 1;Quầy;3;Lê Văn Mẫu;31/12/2026;Phần mềm cũ;01/11/2026;x\n"
    (pc,) = load(folder(tmp_path, enrolled=text)).enrolled or ()
    assert pc == Enrolled(
        id="pc-01", name="Máy quầy 1", use="counter", people=3, owner="Lê Văn Mẫu", admins=day(2027, 1, 1), why="Phần mềm cũ", since=day(2026, 11, 1)
    )


def test_a_pc_by_its_hardware_address_in_any_spelling(tmp_path):
    pcs = load(folder(tmp_path, enrolled="id\n00-1A-2B-3C-4D-5E\n001a.2b3c.4d5f\nPC-QUAY1\nabcdefabcdef\n")).enrolled or ()
    assert [pc.id for pc in pcs] == ["00:1a:2b:3c:4d:5e", "00:1a:2b:3c:4d:5f", "PC-QUAY1", "abcdefabcdef"]


@pytest.mark.parametrize(
    ("said", "use"),
    [("", "office"), ("Văn  phòng", "office"), ("một cửa", "counter"), ("tra cứu", "kiosk"), ("IT", "admin"), ("Máy chủ", "server"), ("server", "server")],
)
def test_what_a_pc_is_for_in_either_language(tmp_path, said, use):
    (pc,) = load(folder(tmp_path, enrolled=f"id,use\na,{said}\n")).enrolled or ()
    assert pc.use == use


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("enrolled", "id\npc-01\nPC-01\n", 'máy "PC-01" có ở cả dòng 2 và dòng 3'),
        ("enrolled", "id,use\na,chơi\n", 'dòng 2, cột "use" phải là một trong: office (văn phòng)'),
        ("enrolled", "id,people\na,0\n", 'cột "people" phải là số người dùng chung'),
        ("enrolled", "id,admins_until\na,31/12/2026\n", 'cột "owner" phải là tên người chịu trách nhiệm'),
        ("enrolled", "id,owner,admins_until\na,Lan,31/12/2026\n", 'cột "why" phải là lý do'),
        ("enrolled", "id,admins_until\na,mai\n", 'cột "admins_until" phải là ngày như'),
        ("usb", "usb,name,owner,until\n0781,a,b,31/12/2026\n", 'cột "usb" phải là mã như 0781:5581'),
        ("usb", "usb,name,owner,until\n*:*,a,b,31/12/2026\n", 'cột "usb" phải là mã như'),
        ("usb", "usb,name,owner,until\n0781:5581,a,b,\n", 'cột "until" phải là ngày như 29/06/2025, không được để trống'),
        ("usb", "usb,name,owner,until\n0781:5581,a,,31/12/2026\n", 'cột "owner" phải là một giá trị'),
        ("usb", "usb,name,owner,until,serial\n0781:5581,a,b,31/12/2026,AA0123\n", 'cột "serial" phải là dấu 16 ký tự'),
        ("usb", "usb,name,owner,until,interfaces\n0781:5581,a,b,31/12/2026,storage\n", 'cột "interfaces" phải là các giao diện như'),
        ("revoked", "id,day,by,why\npc-01,,Lan,mất máy\n", 'cột "day" phải là ngày như'),
        ("revoked", "id,day,by,why\npc-01,01/11/2026,,mất máy\n", 'cột "by" phải là một giá trị'),
        ("revoked", "id,day,by,why,serial\npc-01,01/11/2026,Lan,mất,1.2E+18\n", 'cột "serial" phải là số của chứng thư'),
        ("holidays", "day,name\n,Tết\n", 'cột "day" phải là ngày như'),
        ("holidays", "day,name\n01/01/2026,\n", 'cột "name" phải là một giá trị'),
        ("holidays", "day,until,name\n01/01/2026,01/03/2026,a\n", 'cột "until" phải là ngày cuối của kỳ nghỉ, không quá 31 ngày'),
        ("holidays", "day,until,name\n02/01/2026,01/01/2026,a\n", 'cột "until" phải là ngày không trước ngày bắt đầu'),
        ("holiday", "day,name\n", "không phải tệp khai báo, gần nhất là holidays.csv"),
    ],
)
def test_what_is_refused_names_file_line_and_column(tmp_path, name, text, sentence):
    assert sentence in refusal(tmp_path, **{name: text})


@pytest.mark.parametrize("code", ["0781:5581", "0781-5581", "VID_0781&PID_5581", "0781/5581", " 0781 : 5581 "])
def test_a_peripheral_in_the_spellings_people_copy(tmp_path, code):
    (rule,) = load(folder(tmp_path, usb=f"usb,name,owner,until\n{code},Ổ,Lan,31/12/2026\n")).usb or ()
    assert rule == UsbRule(usb="0781:5581", name="Ổ", owner="Lan", until=day(2027, 1, 1))


def test_all_columns_of_a_peripheral(tmp_path):
    text = "usb,name,owner,until,serial,interfaces,pc\n096E:*,Ký số,Lan,31/12/2026,00AA11BB22CC33DD,8:06:50 0b:*:*,PC-01\n"
    (rule,) = load(folder(tmp_path, enrolled="id\npc-01\n", usb=text)).usb or ()
    assert (rule.usb, rule.serial, rule.interfaces, rule.pc) == ("096e:*", "00aa11bb22cc33dd", ("08:06:50", "0b:*:*"), "pc-01")


def test_a_peripheral_of_a_pc_nobody_enrolled_is_refused_with_the_nearest(tmp_path):
    said = refusal(tmp_path, enrolled="id\nmay-quay-1\n", usb="usb,name,owner,until,pc\n0781:5581,a,b,31/12/2026,may-quay1\n")
    assert 'cột "pc" phải là mã một máy trong enrolled.csv, hoặc để trống (gần nhất: may-quay-1)' in said


@pytest.mark.parametrize(("said", "serial"), [("0A:1b:2C", "a1b2c"), ("0x0a1b2c", "a1b2c"), ("a1b2c", "a1b2c"), ("", "")])
def test_a_certificate_that_holds_no_more(tmp_path, said, serial):
    known = load(folder(tmp_path, revoked=f"mã máy,số chứng thư,ngày,người thu hồi,lý do\npc-01,{said},01/11/2026,Lan,mất máy\n")).revoked
    assert known == (Revoked(id="pc-01", serial=serial, day=day(2026, 11, 1), by="Lan", why="mất máy"),)


def test_no_list_revokes_nobody_and_lists_no_peripheral(tmp_path):
    bare = load(folder(tmp_path))
    assert (bare.enrolled, bare.usb, bare.revoked) == (None, None, ())


def test_days_off_come_with_the_product_and_are_replaced_by_the_folders_own(tmp_path):
    shipped = load(folder(tmp_path)).holidays or ()
    assert number(2026, 2, 17) in shipped, "the first day of Tết Bính Ngọ"
    assert number(2026, 9, 2) in shipped
    own = load(folder(tmp_path, holidays="ngày,đến ngày,tên\n24/12/2026,25/12/2026,Hội xã\n")).holidays
    assert own == (number(2026, 12, 24), number(2026, 12, 25))
    assert load(folder(tmp_path, holidays="day,name\n")).holidays == ()


def test_every_shipped_day_off_would_be_worked_otherwise_and_says_where_it_is_from():
    lines = (ROOT / "collector/holidays.csv").read_text().splitlines()
    assert "Bảng lập ngày" in lines[1]
    assert all("Bộ luật Lao động" in line or "Thông báo" in line for line in lines[1:])
    shipped = load(ROOT / "declared").holidays or ()
    assert all(is_working(each) for each in shipped), "a weekend needs no line"
    # Labour Code, article 112: eleven days a year; of 2027 those not announced are left out.
    assert [sum(date.fromordinal(date(1970, 1, 1).toordinal() + each).year == year for each in shipped) for year in (2025, 2026, 2027)] == [12, 13, 9]


def test_a_working_day_has_the_number_that_days_have():
    tet = day(2026, 2, 17)
    assert is_working(day_of(tet))
    assert not is_working(day_of(tet), (number(2026, 2, 17),))


def test_the_samples_show_every_column_a_person_fills_in():
    sample = load(ROOT / "declared/examples/commune")
    assert {pc.use for pc in sample.enrolled or ()} == {"counter", "kiosk", "admin"}
    assert any(pc.admins for pc in sample.enrolled or ())
    assert sample.usb
    assert sample.revoked
    heads = {name: (ROOT / "declared/examples/commune" / name).read_text().splitlines()[0].split(",") for name in COLUMNS}
    assert all(set(head) <= set(COLUMNS[name]) for name, head in heads.items())
