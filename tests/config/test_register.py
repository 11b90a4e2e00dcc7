"""The register of devices as offices keep it: every way people write addresses, columns of their own, and lines that say the same twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.declared import load
from collector.refusal import ConfigError

WIRED, RADIO = "00:1a:2b:3c:4d:5e", "00:1a:2b:3c:4d:5f"
OFFICE = """STT;Tên máy;Hãng sản xuất;Model;Số seri;Địa chỉ IP;Địa chỉ MAC;MAC WiFi;Người sử dụng;Phòng;Ghi chú
1;Máy một cửa 1;HP;ProDesk 400;8CG12345;192.168.1.21;00-1A-2B-3C-4D-5E;00-1A-2B-3C-4D-5F;Trần Thị Mẫu;Một cửa;
2;Máy in;Canon;LBP 2900;;;001A.2B3C.4D60;;Văn phòng;Một cửa;"mực thay
tháng 6"
;;;;;;;;;;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text('site = "a"\n', encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
    (folder / "register.csv").write_bytes(text.encode(encoding))
    return [(line.mac, line.name) for line in load(folder, ["lan"]).register or ()]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(folder, text)
    return refused.value.text.vi


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_an_offices_own_sheet_as_excel_saves_it(folder: Path, end: str, encoding: str) -> None:
    found = read(folder, OFFICE.replace("\n", end), encoding)
    assert found == [(WIRED, "Máy một cửa 1"), (RADIO, "Máy một cửa 1"), ("00:1a:2b:3c:4d:60", "Máy in")]
    first, _, _ = load(folder, ["lan"]).register or ()
    assert (first.owner, first.place, first.role) == ("Trần Thị Mẫu", "Một cửa", "staff")


@pytest.mark.parametrize(
    "cell",
    [
        f"{WIRED} {RADIO}",
        f"{WIRED}, {RADIO}",
        "00-1A-2B-3C-4D-5E / 00-1A-2B-3C-4D-5F",
        "LAN: 00-1A-2B-3C-4D-5E, WiFi: 00-1A-2B-3C-4D-5F",
        "LAN 001a.2b3c.4d5e; Wi-Fi 001a.2b3c.4d5f",
        "001A2B3C4D5E và 001A2B3C4D5F",
        f"{WIRED}\n{RADIO}",
        "00 1A 2B 3C 4D 5E | 00 1A 2B 3C 4D 5F",
        f"{WIRED} (có dây) {RADIO} (không dây)",
        f"{WIRED};{RADIO};{WIRED}",
    ],
)
def test_several_addresses_of_one_device(folder: Path, cell: str) -> None:
    assert read(folder, f'mac,name\n"{cell}",Máy 1\n') == [(WIRED, "Máy 1"), (RADIO, "Máy 1")]


@pytest.mark.parametrize("cell", ["", "LAN:", f"{WIRED} x", f"{WIRED}, ff:ff:ff:ff:ff:ff", "1.23E+11", "00:1a:2b:3c:4d", f"{WIRED}{RADIO}"])
def test_a_cell_with_anything_else_is_refused_with_its_line(folder: Path, cell: str) -> None:
    assert 'dòng 3, cột "mac"' in refusal(folder, f'mac,name\n00:1a:2b:3c:4d:60,Máy 1\n"{cell}",Máy 2\n')


def test_addresses_that_stand_twice_are_all_told_with_their_lines(folder: Path) -> None:
    told = refusal(folder, f"mac;name\n{WIRED};a\n{RADIO};b\n{WIRED} {RADIO};c\n001A.2B3C.4D5E;d\n")
    assert f"địa chỉ {WIRED} có ở cả dòng 2 và dòng 4 và dòng 5" in told
    assert f"địa chỉ {RADIO} có ở cả dòng 3 và dòng 4" in told


def test_a_column_that_nobody_knows_is_still_refused(folder: Path) -> None:
    assert 'không có cột "giá tiền"' in refusal(folder, f"mac,name,giá tiền\n{WIRED},a,1\n")
