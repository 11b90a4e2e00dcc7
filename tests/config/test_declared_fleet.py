"""A province's declared folder: what is read, and one sentence with file, line and column for each thing that is wrong."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.declared_fleet import is_fleet, load_fleet
from collector.declared_portals import BrokenLinesError
from collector.refusal import ConfigError
from model.fleet.declared import FleetBox, FleetSite
from model.times import DAY, SECOND
from tests.system.program import ran

ROOT = Path(__file__).parents[2]
KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
HEAD = "box,site,key,since,until,by\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "province.toml").write_text('province = "79"\nname = "Tỉnh Thử"\n')
    (tmp_path / "sites.csv").write_text("site,name,commune,group,since\nxa-a,Xã A,00123,Cụm 1,\nxa-b,Xã B,,,\n")
    (tmp_path / "boxes.csv").write_text(f"{HEAD}hop-1,xa-a,{KEY.hex()},,,\n")
    return tmp_path


def instant(year: int, month: int, day: int) -> int:
    """Midnight of a day in Viet Nam, ns."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp() - 7 * 3600) * SECOND


def refusals(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_fleet(folder)
    errors = getattr(caught.value, "errors", (caught.value,))
    for error in errors:
        assert re.match("(Tệp|Thư mục) ", error.text.vi)
        assert re.match("(File|Folder) ", error.text.en)
        assert "\n" not in error.text.vi + error.text.en
    return [error.text.vi for error in errors]


def test_the_sample_holds_every_kind_of_file() -> None:
    fleet = load_fleet(ROOT / "declared/examples/province")
    assert (fleet.province, fleet.name) == ("00", "Tỉnh Mẫu")
    assert list(fleet.sites) == ["xa-mau-trung-tam", "xa-mau-diem-2", "phuong-mau"]
    details = fleet.sites["xa-mau-trung-tam"].details
    assert details is not None
    assert details.screens
    assert fleet.sites["phuong-mau"].details is None
    old, new = fleet.keys_of("hop-mau-2", "phuong-mau")
    assert (old.until, new.since) == (instant(2026, 1, 1), instant(2025, 12, 15))
    assert instant(2025, 9, 1) // DAY + 1 in fleet.holidays


def test_a_province_is_told_from_a_site(folder: Path) -> None:
    assert is_fleet(folder)
    assert not is_fleet(ROOT / "declared/examples/commune")


def test_what_is_read(folder: Path) -> None:
    fleet = load_fleet(folder)
    assert fleet.sites == {"xa-a": FleetSite(site="xa-a", name="Xã A", commune="00123", group="Cụm 1"), "xa-b": FleetSite(site="xa-b", name="Xã B")}
    assert fleet.boxes == (FleetBox(box="hop-1", site="xa-a", key=KEY),)
    assert fleet.keys_of("hop-1", "xa-a") == fleet.boxes
    assert fleet.keys_of("hop-1", "xa-b") == fleet.keys_of("hop-2", "xa-a") == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}hop-1,xa-a,{KEY.hex().upper()},,,\n",
        f"{HEAD}hop-1,xa-a,{base64.urlsafe_b64encode(KEY).decode()},,,\n",
        f"{HEAD}hop-1,xa-a,{base64.urlsafe_b64encode(KEY).decode().rstrip('=')},,,\n",
        f"\ufeffMã hộp;Điểm;Khóa công khai;Từ ngày;Đến ngày;Người khai\r\nhop-1;xa-a;{KEY.hex()};;;\r\n",
    ],
    ids=["upper", "base64url", "unpadded", "excel-vi"],
)
def test_a_key_in_any_spelling(folder: Path, text: str) -> None:
    (folder / "boxes.csv").write_bytes(text.encode())
    assert [line.key for line in load_fleet(folder).boxes] == [KEY]


def test_a_key_whose_text_begins_as_a_formula_does_is_read_whole(folder: Path) -> None:
    key = base64.urlsafe_b64decode("-" * 42 + "A=")
    (folder / "boxes.csv").write_text(f"{HEAD}hop-1,xa-a,{'-' * 42}A,,,\n")
    assert load_fleet(folder).boxes[0].key == key


def test_days_hold_whole_and_a_commune_gets_its_zeros_back(folder: Path) -> None:
    (folder / "sites.csv").write_text("site,name,commune,since\nxa-a,Xã A,123,01/07/2025\n")
    (folder / "boxes.csv").write_text(f"{HEAD}hop-1,xa-a,{KEY.hex()},2025-07-01,31/07/2025,Lan\n")
    fleet = load_fleet(folder)
    assert (fleet.sites["xa-a"].commune, fleet.sites["xa-a"].since) == ("00123", instant(2025, 7, 1))
    assert (fleet.boxes[0].since, fleet.boxes[0].until, fleet.boxes[0].by) == (instant(2025, 7, 1), instant(2025, 8, 1), "Lan")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"hop 1,xa-a,{KEY.hex()}", ["dòng 2", '"box"']),
        (f"hop-1,xa-aa,{KEY.hex()}", ["dòng 2", '"site"', "gần nhất: xa-a"]),
        (f"hop-1,,{KEY.hex()}", ["dòng 2", '"site"']),
        (f"hop-1,xa-a,{KEY.hex()[:-2]}", ["dòng 2", '"key"', "vonggac box key"]),
        (f"hop-1,xa-a,{'0' * 64}", ["dòng 2", '"key"']),
        ("hop-1,xa-a,", ["dòng 2", '"key"']),
        ("hop-1,xa-a,không có", ["dòng 2", '"key"']),
        (f"hop-1,xa-a,{'g' * 64}", ["dòng 2", '"key"']),
        (f"hop-1,xa-a,{KEY.hex()},31/02/2025", ["dòng 2", '"since"']),
        (f"hop-1,xa-a,{KEY.hex()},02/07/2025,01/07/2025", ["dòng 2", '"until"']),
        (f"hop-1,xa-a,{KEY.hex()}\nhop-1,xa-a,{KEY.hex()}", ["dòng 3", '"key"', "dòng 2"]),
        (f"hop-1,xa-a,{KEY.hex()}\nhop-2,xa-b,{KEY.hex()}", ["dòng 3", '"key"', '"hop-1"', "mỗi hộp một khóa"]),
    ],
)
def test_a_line_of_boxes_that_cannot_be_used(folder: Path, line: str, said: list[str]) -> None:
    (folder / "boxes.csv").write_text(f"{HEAD}{line}\n")
    [told] = refusals(folder)
    assert told.startswith("Tệp boxes.csv: ")
    assert [piece for piece in said if piece not in told] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("XA-A,Xã A", ["dòng 2", '"site"']),
        ("xa-a,", ["dòng 2", '"name"']),
        ("xa-a,Xã A,12x", ["dòng 2", '"commune"']),
        ("xa-a,Xã A,,,hôm qua", ["dòng 2", '"since"']),
        ("xa-a,Xã A\nxa-a,Xã A nữa", ["dòng 3", '"site"', "dòng 2"]),
    ],
)
def test_a_line_of_sites_that_cannot_be_used(folder: Path, line: str, said: list[str]) -> None:
    (folder / "sites.csv").write_text(f"site,name,commune,group,since\n{line}\n")
    (folder / "boxes.csv").write_text(HEAD)
    [told] = refusals(folder)
    assert told.startswith("Tệp sites.csv: ")
    assert [piece for piece in said if piece not in told] == []


def test_every_wrong_line_is_told_and_none_of_the_others_holds(folder: Path) -> None:
    (folder / "sites.csv").write_text("site,name\nxa-a,Xã A\nXA B,Xã B\n")
    (folder / "boxes.csv").write_text(f"{HEAD}hop-1,xa-a,{KEY.hex()},,,\nhop-2,xa-a,x,,,\nhop-3,xa-c,{OTHER.hex()},,,\n")
    assert [re.search(r"Tệp (\S+): dòng (\d+)", told).groups() for told in refusals(folder)] == [("sites.csv", "3"), ("boxes.csv", "3"), ("boxes.csv", "4")]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("province.toml", 'province = "7"\n', "province"),
        ("province.toml", "name = 'x'\n", "province"),
        ("province.toml", 'province = "79"\ntinh = 1\n', "tinh"),
        ("sites.csv", "site\nxa-a\n", "name"),
        ("sites.csv", "site,name,mau\nxa-a,Xã A,đỏ\n", "mau"),
        ("boxs.csv", "x\n", "boxes.csv"),
        ("holidays.csv", "day,name\nmai,Tết\n", "day"),
    ],
)
def test_a_file_that_cannot_be_used_at_all(folder: Path, file: str, text: str, said: str) -> None:
    (folder / file).write_text(text)
    [told] = refusals(folder)
    assert file in told
    assert said in told


@pytest.mark.parametrize("file", ["province.toml", "sites.csv", "boxes.csv"])
def test_a_file_that_is_missing(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert file in refusals(folder)[0]


def test_a_sites_own_folder_is_read_and_its_errors_say_whose_they_are(folder: Path) -> None:
    for site in ("xa-a", "xa-b", "xa-c"):
        (folder / "sites" / site).mkdir(parents=True)
        (folder / "sites" / site / "site.toml").write_text(f'site = "{site}"\nlegs = ["lan"]\n')
    assert "xa-c" in refusals(folder)[0]
    (folder / "sites/xa-c/site.toml").unlink()
    (folder / "sites/xa-c").rmdir()
    assert load_fleet(folder).sites["xa-b"].details.legs == ("lan",)
    (folder / "sites/xa-b/register.csv").write_text("mac,name\nkhông,PC\n")
    (folder / "sites/xa-a/site.toml").write_text('site = "xa-b"\nlegs = ["lan"]\n')
    first, second = refusals(folder)
    assert first.startswith("Thư mục sites/xa-a, tệp site.toml: ")
    assert second.startswith("Thư mục sites/xa-b, tệp register.csv: dòng 2")
    (folder / "sites/xa-b/register.csv").unlink()
    (folder / "sites/xa-a/site.toml").write_text('site = "xa-a"\nlegs = ["lan"]\n')
    (folder / "sites/xa-b/portals.csv").write_text("url\nkhông phải địa chỉ\ncũng không\n")
    assert [told.startswith("Thư mục sites/xa-b, tệp portals.csv: dòng ") for told in refusals(folder)] == [True, True]


def test_a_whole_country_is_read(folder: Path) -> None:
    lines = [f"diem-{n},Điểm {n},{n:05},Cụm {n % 100},01/07/2025" for n in range(3_321)]
    (folder / "sites.csv").write_text("site,name,commune,group,since\n" + "\n".join(lines))
    (folder / "boxes.csv").write_text(HEAD + "\n".join(f"hop-{n},diem-{n},{n + 1:064x},,," for n in range(3_321)))
    fleet = load_fleet(folder)
    assert len(fleet.sites) == len(fleet.boxes) == 3_321
    assert fleet.keys_of("hop-3320", "diem-3320")[0].key == (3_321).to_bytes(32, "big")


def test_the_command_says_what_there_is_and_what_is_missing(folder: Path) -> None:
    done = ran("declared", "check", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "79 Tỉnh Thử: dùng được; 2 điểm, 1 hộp, 1 dòng khóa; 1 điểm chưa có hộp nào: xa-b" in done.stdout
    (folder / "boxes.csv").write_text(f"{HEAD}hop-1,xa-c,{KEY.hex()},,,\nhop-1,xa-d,{KEY.hex()},,,\n")
    done = ran("declared", "check", folder)
    assert done.returncode == 1
    assert [line.partition(", ")[0] for line in done.stderr.splitlines()] == ["vonggac: Tệp boxes.csv: dòng 2", "vonggac: Tệp boxes.csv: dòng 3"]


def test_lines_that_are_wrong_are_one_error_for_a_caller(folder: Path) -> None:
    (folder / "boxes.csv").write_text(f"{HEAD}hop-1,xa-c,{KEY.hex()},,,\n")
    with pytest.raises(BrokenLinesError):
        load_fleet(folder)
