"""The declared folder: what is read, and the one sentence for what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.cells import normal_mac
from collector.csvtable import harmless
from collector.declared import load, load_sites
from collector.refusal import ConfigError
from model.declared import RegisteredAsset, Screen, Server

ROOT = Path(__file__).parents[2]
MAC = "00:1a:2b:3c:4d:5e"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text('site = "a"\nlegs = ["lan", "wifi"]\n')
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder, ["lan"])
    told = caught.value.text
    assert told.vi.startswith("Tệp ")
    assert told.en.startswith("File ")
    assert "\n" not in told.vi + told.en
    return told.vi


def test_what_comes_with_the_checkout_declares_a_site_and_no_policy() -> None:
    (declared,) = load_sites(ROOT / "declared", ["lan"]).values()
    assert declared.legs == ("lan",)
    assert declared.zones == ()
    assert declared.role_of("lan", ()) == "unlabelled"
    inventories = (declared.register, declared.screens, declared.dhcp_servers, declared.routers, declared.enrolled)
    assert inventories == (None, None, None, None, None)


def test_the_samples_hold_every_kind_of_file() -> None:
    declared = load(ROOT / "declared/examples/commune")
    assert declared.register
    assert declared.screens
    assert declared.screens[0].approved_senders == ("02:00:5e:10:00:01",)
    assert declared.dhcp_servers == declared.routers == (Server(leg="lan", ip="192.168.10.1", mac="02:00:5e:00:00:01"),)
    assert tuple(pc.id for pc in declared.enrolled) == ("may-quay-1", "may-quay-2", "may-tra-cuu", "may-tin-hoc")
    assert declared.role_of("lan", (20,)) == "citizen"


def test_a_missing_inventory_is_not_an_empty_one(folder: Path) -> None:
    assert load(folder).screens is None
    (folder / "screens.csv").write_text("mac,name\n\n , \n")
    assert load(folder).screens == ()


def test_a_site_that_names_no_legs_has_those_of_the_box(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('site = "a"')
    assert load(tmp_path, ["x", "y"]).legs == ("x", "y")


@pytest.mark.parametrize(
    "text",
    [
        "mac,name,place\r\n00-1A-2B-3C-4D-5E,TV sảnh,Sảnh\r\n",
        "\ufeffmac;name;place\n001a.2b3c.4d5e;TV sảnh;Sảnh\n",
        "Địa chỉ MAC\tTên màn hình\tNơi đặt\n00:1a:2b:3c:4d:5e\tTV sảnh\tSảnh\n",
        'name,mac,place\n"TV sảnh",001A2B3C4D5E,"Sảnh"\n',
        "mac,name,place,\n00:1a:2b:3c:4d:5e,  TV   sảnh ,Sảnh,\n".replace(",\n", "\n"),
        "mac,name,place\r00:1a:2b:3c:4d:5e,TV sảnh,Sảnh\r",
    ],
    ids=["windows", "excel-vi", "headings-vi", "quoted", "blanks", "old-mac"],
)
def test_a_table_as_spreadsheets_save_it(folder: Path, text: str) -> None:
    (folder / "screens.csv").write_bytes(text.encode())
    assert load(folder).screens == (Screen(mac=MAC, name="TV sảnh", place="Sảnh"),)


def test_all_columns_of_a_screen(folder: Path) -> None:
    (folder / "screens.csv").write_text(f"mac,name,public,approved_senders,hours\n{MAC},TV,không,02-00-00-00-00-01; 192.168.1.9,07:00-11:30 13:00-24:00\n")
    (screen,) = load(folder).screens or ()
    assert (screen.public, screen.hours) == (False, "07:00-11:30 13:00-24:00")
    assert screen.approved_senders == ("02:00:00:00:00:01", "192.168.1.9")


def test_a_role_in_either_language(folder: Path) -> None:
    (folder / "register.csv").write_text(f"mac,name,nhóm sử dụng\n{MAC},a,Người dân\n02:00:00:00:00:01,b,display\n02:00:00:00:00:02,c,\n")
    assert [line.role for line in load(folder).register or ()] == ["citizen", "display", "staff"]


def test_formulas_are_harmless(folder: Path) -> None:
    (folder / "register.csv").write_text(f'mac,name,owner,place\n{MAC},"=HYPERLINK(""http://a"")",+84 912 345 678,@SUM(A1)\n')
    (line,) = load(folder).register or ()
    assert line == RegisteredAsset(mac=MAC, name='HYPERLINK("http://a")', owner="+84 912 345 678", place="SUM(A1)")


@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    shown = harmless(text)
    assert "\n" not in shown
    assert not shown.startswith(("=", "@", "\t"))
    assert not shown.startswith(("+", "-")) or not any(c.isalpha() or c in "|('" for c in shown)


@pytest.mark.parametrize("text", ["", "x", "1.23E+11", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "00:00:00:00:00:00", "00:1a:2b:3c:4d", "00:1a:2b:3c:4d:5g"])
def test_no_address_of_one_device(text: str) -> None:
    assert normal_mac(text) == ""


@given(st.integers(1, 2**48 - 1).map(lambda n: n & ~(1 << 40)).filter(bool), st.sampled_from([":", "-", ""]))
def test_every_spelling_of_an_address_is_one(number: int, separator: str) -> None:
    octets = [f"{byte:02X}" for byte in number.to_bytes(6, "big")]
    assert normal_mac(separator.join(octets)) == ":".join(octets).lower()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("register.csv", "", "register.csv: thiếu dòng tiêu đề"),
        ("register.csv", "mac\n", 'register.csv: thiếu cột "name"'),
        ("register.csv", "mac,name,roel\n", 'không có cột "roel", gần nhất là "role"'),
        ("register.csv", "mac,name,mac\n", 'cột "mac" có hai lần'),
        ("register.csv", "mac,name\nx,a\n", 'register.csv: dòng 2, cột "mac" phải là địa chỉ MAC của một thiết bị'),
        ("register.csv", f"mac,name\n\n{MAC},\n", 'dòng 3, cột "name" phải là một giá trị, không được để trống'),
        ("register.csv", f"mac,name,role\n{MAC},a,boss\n", 'dòng 2, cột "role" phải là một trong: citizen'),
        ("register.csv", f"mac,name\n{MAC},a\n00-1A-2B-3C-4D-5E,b\n", f"địa chỉ {MAC} có ở cả dòng 2 và dòng 3"),
        ("register.csv", f"mac,name\n{MAC},a,b\n", "dòng 2 có nhiều ô hơn tiêu đề"),
        ("screens.csv", f"mac,name,public\n{MAC},a,maybe\n", 'cột "public" phải là có hoặc không, đang là "maybe"'),
        ("screens.csv", f"mac,name,approved_senders\n{MAC},a,Lan\n", 'cột "approved_senders" phải là các địa chỉ MAC hoặc IP'),
        ("screens.csv", f"mac,name,hours\n{MAC},a,7h-17h\n", 'cột "hours" phải là khung giờ như 07:00-17:30'),
        ("dhcp_servers.csv", "leg,ip\nwan,10.0.0.1\n", 'cột "leg" phải là một trong: lan, wifi, đang là "wan"'),
        ("dhcp_servers.csv", "leg,ip\nlan,10.0.0\n", 'cột "ip" phải là địa chỉ IP, đang là "10.0.0"'),
        ("routers.csv", "leg,ip,mac\nlan,,\n", 'cột "ip" phải là địa chỉ IP, hoặc ghi cột mac'),
        ("enrolled.csv", "id\n ,\n=\n".replace(" ,", "a"), 'dòng 3, cột "id" phải là một giá trị'),
        ("regsiter.csv", "mac,name\n", "regsiter.csv: không phải tệp khai báo, gần nhất là register.csv"),
        ("Register.CSV", "mac,name\n", "không phải tệp khai báo"),
        ("site.toml", 'site = "a"\nnmae = "x"', 'không có khóa "nmae", gần nhất là "name"'),
        ("site.toml", 'name = "x"', 'thiếu khóa "site"'),
        ("site.toml", 'site = "Xã A"', '"site" phải là mã gồm'),
        ("site.toml", 'site = "a"\ncommune = "123"', '"commune" phải là mã xã 5 chữ số'),
        ("site.toml", 'site = "a"\nprovince = 25', '"province" phải là chuỗi ký tự trong dấu nháy, đang là 25'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lan"', 'thiếu khóa "[[zones]] #1 role"'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lan"\nrole = "boss"', '"[[zones]] #1 role" phải là một trong'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lna"\nrole = "staff"', '[[zones]] nói tới chân mạng "lna", hiện có: lan'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lan"\nrole = "staff"\nvlan = [4095]', '"[[zones]] #1 vlan #1" phải là số không quá 4094'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lan"\nrole = "staff"\nvlan = [1, 2, 3]', '"[[zones]] #1 vlan" phải là danh sách không quá hai thẻ'),
        ("site.toml", 'site = "a"\n[[zones]]\nleg = "lan"\nrole = "staff"\nprefixes = ["10.0.0.1/8"]', '"[[zones]] #1 prefixes #1" phải là dải địa chỉ'),
        ("site.toml", 'site = "a"\n' + '[[zones]]\nleg = "lan"\nrole = "staff"\n' * 2, 'khai hai lần chân mạng "lan"'),
    ],
)
def test_what_is_refused_names_file_line_and_column(folder: Path, name: str, text: str, sentence: str) -> None:
    (folder / name).write_text(text)
    assert sentence in refusal(folder)


def test_other_encodings_are_told_how_to_save(folder: Path) -> None:
    (folder / "register.csv").write_bytes(f"mac,name\n{MAC},Máy\n".encode("utf-16"))
    assert "trong Excel: lưu dạng CSV UTF-8" in refusal(folder)


def test_a_quote_that_never_ends_is_one_sentence(folder: Path) -> None:
    (folder / "register.csv").write_text('mac,name\n"' + "x" * 200_000)
    assert "register.csv: dòng" in refusal(folder)


def test_no_site_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_sites(tmp_path / "nowhere")
    assert "site.toml: không có tệp này" in caught.value.text.vi


def test_several_sites_share_out_the_legs(tmp_path: Path) -> None:
    for site, leg in (("a", "lan"), ("b", "wifi")):
        (tmp_path / site).mkdir()
        (tmp_path / site / "site.toml").write_text(f'site = "{site}"\nlegs = ["{leg}"]')
    assert sorted(load_sites(tmp_path, ["lan", "wifi"])) == ["a", "b"]
    with pytest.raises(ConfigError, match='chân mạng "wan" của config'):
        load_sites(tmp_path, ["lan", "wan"])
    (tmp_path / "b/site.toml").write_text('site = "b"\nlegs = ["lan"]')
    with pytest.raises(ConfigError, match='chân mạng "lan" thuộc nhiều điểm: a, b'):
        load_sites(tmp_path, ["lan"])
    (tmp_path / "b/site.toml").write_text('site = "a"\nlegs = ["x"]')
    with pytest.raises(ConfigError, match='mã điểm "a" đã có ở thư mục khác'):
        load_sites(tmp_path, ["lan"])
