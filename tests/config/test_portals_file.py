"""The lists of portals and destinations: what is read, what is refused in one sentence, and that a broken line costs no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.declared import load, load_sites
from collector.declared_portals import BrokenLinesError, load_destinations, load_portals
from collector.portalcells import parsed
from collector.refusal import ConfigError
from model.portals.declared import Destination, Portal
from model.times import DAY, HOUR, MINUTE, SECOND

ROOT = Path(__file__).parents[2]
URL = "https://xamau.example/"


def instant(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * SECOND


def one(tmp_path: Path, heading: str, line: str) -> Portal:
    path = tmp_path / "portals.csv"
    path.write_text(f"{heading}\n{line}\n")
    found = load_portals(path)
    assert [error.text.vi for error in found.refused] == []
    (portal,) = found.portals
    return portal


def sentence(path: Path, text: str) -> str:
    path.write_text(text)
    try:
        found = load_portals(path) if path.name.startswith("portals") else load_destinations(path, ("xa-mau",))
    except ConfigError as error:
        told = error.text
    else:
        (refused,) = found.refused
        told = refused.text
    assert "\n" not in told.vi + told.en
    assert told.en.startswith(f"File {path.name}: ")
    return told.vi


def test_all_columns_of_a_portal(tmp_path: Path) -> None:
    heading = "id,url,name,level,province,owner,vendor,aliases,pages,period,budget,crawlers,consent,allow,since"
    line = (
        'xa-mau,HTTPS://XaMau.example:443,Xã Mẫu,phường,1,UBND,Công ty A,a.example b.example,/tin?a=1,b /x|https://a.example/y,30 phút,500,có,"UBND, 1/7",'
        "10.1.0.0/16 fd00:1::/32,29/6/2025"
    ).replace("/tin?a=1,b /x|https://a.example/y", '"/tin?a=1,b /x|https://a.example/y"')
    assert one(tmp_path, heading, line) == Portal(
        id="xa-mau",
        url=URL,
        name="Xã Mẫu",
        level="commune",
        province="01",
        owner="UBND",
        vendor="Công ty A",
        aliases=("a.example", "b.example"),
        pages=("/tin?a=1,b", "/x", "https://a.example/y"),
        period=30 * MINUTE,
        budget=500,
        crawlers=True,
        allow=("10.1.0.0/16", "fd00:1::/32"),
        since=instant(2025, 6, 28, 17),
    )


def test_vietnamese_headings_as_excel_saves_them(tmp_path: Path) -> None:
    path = tmp_path / "portals.csv"
    path.write_bytes(f"\ufeffĐịa chỉ;Tên cổng;Cấp;Chu kỳ\r\n{URL};Cổng tỉnh;Tỉnh;6 giờ\r\n".encode())
    (portal,) = load_portals(path).portals
    assert (portal.id, portal.name, portal.level, portal.period) == ("xamau.example", "Cổng tỉnh", "province", 6 * HOUR)


def test_an_address_alone_is_enough(tmp_path: Path) -> None:
    assert one(tmp_path, "url", "http://www.xamau.example") == Portal(id="xamau.example", url="http://www.xamau.example/")
    assert one(tmp_path, "url", "https://xamau.example:8443/a").id == "xamau.example-8443"
    long = one(tmp_path, "url", f"https://{'a' * 60}.{'b' * 60}.example/")
    assert re.fullmatch(r"[a-z0-9.-]{64}", long.id)


def test_letters_of_ours_in_an_address(tmp_path: Path) -> None:
    portal = one(tmp_path, "url", "https://cổng.example/tin tức?q=xã".replace(" ", "-"))
    assert portal.url == "https://xn--cng-qmz.example/tin-t%E1%BB%A9c?q=x%C3%A3"


@pytest.mark.parametrize(
    "given",
    [
        "", "xamau.example", "ftp://xamau.example/", "javascript:alert(1)", "https://", "https:///a", "https://xa mau.example/", "https://xamau.example/a b",
        "https://a@xamau.example/", "https://a:b@xamau.example/", "https://xamau.example:0/", "https://xamau.example:99999/", "https://localhost/", "https://[::1/",
        "https://xamau..example/", "https://-xamau.example/", "https://0x7f.1/", "https://2130706433/", "https://xamau.example\\@b.example/", "https://xa\u202emau.example/",
        "https://xamau.example/" + "a" * 2048,
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_portal(given: str) -> None:
    assert parsed(given) is None


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://xamau.example/", "https://"]))
def test_any_text_is_an_address_or_none(text: str, before: str) -> None:
    found = parsed(before + text)
    if found is not None:
        assert found.url.isascii()
        assert found.url.isprintable()
        assert parsed(found.url) == found


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("xamau.example,,,,,,,,,,", 'cột "url" phải là địa chỉ trang bắt đầu bằng http:// hoặc https://'),
        ("https://xa mau.example/,,,,,,,,,,", 'đang là "https://xa mau.example/"'),
        (f"{URL},Xã A,,,,,,,,,", 'cột "id" phải là mã gồm chữ thường không dấu'),
        (f"{URL},,huyện,,,,,,,,", 'cột "level" phải là một trong: tỉnh, xã'),
        (f"{URL},,,Ninh Bình,,,,,,,", 'cột "province" phải là mã tỉnh 2 chữ số'),
        (f"{URL},,,,xa mau,,,,,,", 'cột "aliases" phải là các tên miền đầy đủ'),
        (f"{URL},,,,,tin-tuc,,,,,", 'cột "pages" phải là đường dẫn bắt đầu bằng /'),
        (f"{URL},,,,,https://khac.example/,,,,,", 'cột "pages" phải là đường dẫn bắt đầu bằng /'),
        (f"{URL},,,,,//khac.example/,,,,,", 'cột "pages" phải là'),
        (f"{URL},,,,,{'/a|' * 1}{' '.join(f'/{n}' for n in range(64))},,,,,", 'cột "pages" phải là không quá 64 mục'),
        (f"{URL},,,,,,1m,,,,", 'cột "period" phải là khoảng thời gian từ 5 phút đến 7 ngày'),
        (f"{URL},,,,,,,0,,,", 'cột "budget" phải là số lượt hỏi mỗi ngày'),
        (f"{URL},,,,,,,,có,,", 'cột "consent" phải là tên người hoặc cơ quan đã đồng ý'),
        (f"{URL},,,,,,,,có,01/07/2025,", 'cột "consent" phải là tên người hoặc cơ quan đã đồng ý'),
        (f"{URL},,,,,,,,maybe,,", 'cột "crawlers" phải là có hoặc không'),
        (f"{URL},,,,,,,,,,31/02/2025", 'cột "since" phải là ngày như 29/06/2025'),
        (f"{URL},,,,,,,,,,06/29/2025", 'cột "since" phải là ngày như 29/06/2025'),
        (f"{URL},,,,,,,,,,,,thừa", "dòng 2: có nhiều ô hơn tiêu đề"),
        (f'{URL},"mở,,,,,,,,,', "dòng 2: dấu nháy kép không đúng cặp"),
    ],
)
def test_a_broken_line_is_told_with_its_place(tmp_path: Path, line: str, what: str) -> None:
    heading = "url,id,level,province,aliases,pages,period,budget,crawlers,consent,since"
    told = sentence(tmp_path / "portals.csv", f"{heading}\n{line}\n")
    assert "portals.csv: dòng 2" in told
    assert what in told


def test_an_internal_range_too_wide_would_switch_the_guard_off(tmp_path: Path) -> None:
    for wide in ("0.0.0.0/0", "::/0", "10.0.0.0/7", "10.0.0.1/8", "x"):
        assert 'cột "allow" phải là các dải địa chỉ' in sentence(tmp_path / "portals.csv", f"url,allow\n{URL},{wide}\n")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "thiếu dòng tiêu đề"),
        ("name\n", 'thiếu cột "url"'),
        ("url,nmae\n", 'không có cột "nmae", gần nhất là "name"'),
        ("url,url\n", 'cột "url" có hai lần'),
    ],
)
def test_a_list_that_says_nothing_is_an_error_as_a_whole(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "portals.csv").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(what)):
        load_portals(tmp_path / "portals.csv")


def test_other_lines_hold(tmp_path: Path) -> None:
    lines = ["url,name", f"{URL},một", 'https://b.example/,"quên đóng', "c.example,", 'https://d.example/,"hai', 'dòng"', ",,,", "https://e.example/,=tên"]
    (tmp_path / "portals.csv").write_text("\n".join(lines))
    found = load_portals(tmp_path / "portals.csv")
    assert [portal.id for portal in found.portals] == ["xamau.example", "d.example", "e.example"]
    assert [portal.name for portal in found.portals] == ["một", "hai dòng", "tên"]
    assert [re.search(r"dòng (\d+)", error.text.vi)[1] for error in found.refused] == ["3", "4"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ("xa-mau,https://khac.example/,", 'dòng 3, cột "id": "xa-mau" đã có ở dòng 2'),
        ("b,https://www.xamau.example/b,", 'dòng 3, cột "url": "www.xamau.example" đã có ở dòng 2; thêm trang của cùng cổng vào cột pages'),
        ("b,http://phu.example/,", 'dòng 3, cột "url": "phu.example" đã có ở dòng 2'),
        ("b,http://khac.example/,xamau.example", 'dòng 3, cột "aliases": "xamau.example" đã có ở dòng 2'),
    ],
)
def test_no_portal_stands_in_two_lines(tmp_path: Path, second: str, what: str) -> None:
    assert what in sentence(tmp_path / "portals.csv", f"id,url,aliases\nxa-mau,{URL},phu.example\n{second}\n")


def test_a_province_is_read_whole(tmp_path: Path) -> None:
    lines = [f"https://xa{number}.tinhmau.example/,Xã số {number}" if number % 100 else f"xa{number},hỏng" for number in range(4000)]
    (tmp_path / "portals.csv").write_text("\n".join(["url,name", *lines]))
    found = load_portals(tmp_path / "portals.csv")
    assert (len(found.portals), len(found.refused)) == (3960, 40)


def test_quotes_that_never_match_cost_no_time_and_no_line(tmp_path: Path) -> None:
    lines = [f'https://xa{number}.example/,"' for number in range(3000)]
    (tmp_path / "portals.csv").write_text("\n".join(["url,name", *lines, f"{URL},"]))
    found = load_portals(tmp_path / "portals.csv")
    assert found.portals[-1].id == "xamau.example"
    assert len(found.refused) + len(found.portals) > 1500


TOML = """
# the portals of one commune
[[portals]]
url = "https://xamau.example/"
aliases = ["a.example", "b.example"]
crawlers = true
consent = "UBND"
since = 2025-06-29
budget = 100

[[ portals ]]
url = "https://c.example/
"""


def test_the_same_in_toml(tmp_path: Path) -> None:
    path = tmp_path / "portals.toml"
    path.write_text(TOML + '\n[[portals]]\nurl = "https://d.example/"\nnmae = "x"\n[[portals]]\nname = "y"\nurl = 3\n[[portals]]\nurl = "https://e.example/"')
    found = load_portals(path)
    assert [portal.id for portal in found.portals] == ["xamau.example", "e.example"]
    assert found.portals[0] == Portal(
        id="xamau.example", url=URL, aliases=("a.example", "b.example"), crawlers=True, since=instant(2025, 6, 28, 17), budget=100
    )
    told = [error.text.vi for error in found.refused]
    assert "dòng 12, cột 26: không đúng cú pháp TOML" in told[0]
    assert 'dòng 16: không có khóa "nmae", gần nhất là "name"' in told[1]
    assert 'dòng 19, cột "url" phải là' in told[2]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("portals = []", "mỗi mục phải là một bảng [[portals]]"),
        ("portal = 1", 'không có khóa "portal", gần nhất là "portals"'),
        ("= 1", "dòng 1, cột 1: không đúng cú pháp TOML"),
        ('[[portals]]\nurl = "https://a.example/"\n[other]\nx = 1', 'không có khóa "other"'),
        ("[[portals]]\nurl = 2025-01-01T00:00:00Z", 'dòng 2: "url" phải là chữ, số, ngày hoặc danh sách chữ'),
        ("[[portals]]\nurl = [[1]]", 'dòng 2: "url" phải là'),
    ],
)
def test_toml_that_is_not_meant(tmp_path: Path, text: str, what: str) -> None:
    assert what in sentence(tmp_path / "portals.toml", text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="url,\"[]=\n\r\t;a./:portals'#é", max_size=120), st.sampled_from(["portals.csv", "portals.toml"]))
def test_no_text_is_more_than_a_sentence(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_text("url,name\n" + text if name.endswith("csv") else "[[portals]]\n" + text)
    try:
        told = load_portals(path).refused
    except ConfigError as error:
        told = (error,)
    assert all(error.text.vi.startswith("Tệp ") and "\n" not in error.text.vi for error in told)


def test_all_columns_of_a_destination(tmp_path: Path) -> None:
    path = tmp_path / "destinations.csv"
    path.write_text("tên miền,mã cổng,cả tên miền con,từ ngày,đến ngày,phụ trách,lý do\n*.moi.example,xa-mau,,29/06/2025,30/06/2025,Sở A,Sáp nhập\n")
    found = load_destinations(path, ("xa-mau",))
    whole = Destination(
        host="moi.example", portal="xa-mau", subdomains=True, since=instant(2025, 6, 28, 17), until=instant(2025, 6, 30, 17), owner="Sở A", why="Sáp nhập"
    )
    assert found.destinations == (whole,)
    assert whole.until - whole.since == 2 * DAY


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("http://a.example,,,,,A,B", 'cột "host" phải là tên miền đầy đủ'),
        ("a b.example,,,,,A,B", 'cột "host" phải là tên miền đầy đủ'),
        ("*.gov.vn,,,,,A,B", 'cột "host" phải là tên miền của một cơ quan'),
        ("vn.,,,,,A,B", 'cột "host" phải là tên miền đầy đủ'),
        ("com.vn,,có,,,A,B", 'cột "host" phải là tên miền của một cơ quan'),
        ("a.example,xa-maux,,,,A,B", 'cột "portal" phải là mã của một cổng trong danh sách cổng, hoặc để trống (gần nhất: xa-mau)'),
        ("a.example,,,30/06/2025,29/06/2025,A,B", 'cột "until" phải là ngày không trước ngày bắt đầu, đang là "29/06/2025"'),
        ("a.example,,,,29-13-2025,A,B", 'cột "until" phải là ngày như'),
        ("a.example,,,,,,B", 'cột "owner" phải là một giá trị, không được để trống'),
        ("a.example,,,,,A,", 'cột "why" phải là một giá trị, không được để trống'),
    ],
)
def test_what_may_not_be_a_destination(tmp_path: Path, line: str, what: str) -> None:
    told = sentence(tmp_path / "destinations.csv", f"host,portal,subdomains,since,until,owner,why\n{line}\n")
    assert told.startswith("Tệp destinations.csv: dòng 2, ")
    assert what in told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text('site = "a"\nprovince = "25"\n')
    return tmp_path


def test_no_list_is_not_an_empty_one(folder: Path) -> None:
    assert (load(folder).portals, load(folder).destinations) == (None, ())
    (folder / "portals.csv").write_text("url\n")
    assert load(folder).portals == ()


def test_a_site_has_its_portals(folder: Path) -> None:
    (folder / "portals.csv").write_text(f"url,province\n{URL},\nhttps://b.example/,01\n")
    (folder / "destinations.toml").write_text('[[destinations]]\nhost = "c.example"\nportal = "b.example"\nowner = "A"\nwhy = "B"\n')
    declared = load(folder)
    assert [(portal.id, portal.province) for portal in declared.portals or ()] == [("xamau.example", "25"), ("b.example", "01")]
    assert [each.host for each in declared.destinations] == ["c.example"]


def test_two_lists_of_one_kind_are_one_too_many(folder: Path) -> None:
    (folder / "portals.csv").write_text("url\n")
    (folder / "portals.toml").write_text("")
    with pytest.raises(ConfigError, match=r"portals.csv: có cả portals.toml: chỉ dùng một trong hai"):
        load(folder)
    (folder / "portal.csv").write_text("url\n")
    with pytest.raises(ConfigError, match=r"portal.csv: không phải tệp khai báo, gần nhất là portals.csv"):
        load(folder)


def test_a_check_tells_every_broken_line_and_a_service_goes_on_without_them(folder: Path) -> None:
    (folder / "portals.csv").write_text(f"url\nx\n{URL}\ny\n")
    (folder / "destinations.csv").write_text("host,owner,why\na.example,A,\n")
    with pytest.raises(BrokenLinesError, match=r"dòng 2, .* Còn 2 dòng sai khác\.") as caught:
        load_sites(folder)
    assert [error.text.en[:32] for error in caught.value.errors] == [
        "File portals.csv: line 2, column", "File portals.csv: line 4, column", "File destinations.csv: line 2, c",
    ]  # fmt: skip
    broken: list[ConfigError] = []
    (declared,) = load_sites(folder, (), broken).values()
    assert [portal.id for portal in declared.portals or ()] == ["xamau.example"]
    assert [error.text for error in broken] == [error.text for error in caught.value.errors]


def test_one_portal_belongs_to_one_site(tmp_path: Path) -> None:
    for site in ("a", "b"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "site.toml").write_text(f'site = "{site}"')
        (tmp_path / site / "portals.csv").write_text(f"url\n{URL}\n")
    with pytest.raises(ConfigError, match=r'cổng "xamau\.example" thuộc nhiều điểm: a, b'):
        load_sites(tmp_path)


def test_the_samples_can_be_used() -> None:
    declared = load(ROOT / "declared/examples/commune")
    assert [(portal.id, portal.level, portal.crawlers) for portal in declared.portals or ()] == [
        ("xa-mau", "commune", False),
        ("dich-vu-cong", "province", True),
    ]
    assert [(each.portal, bool(each.until)) for each in declared.destinations] == [("", False), ("xa-mau", True)]


def test_every_column_has_a_row_in_the_read_me() -> None:
    from collector.declared_portals import _DESTINATION_COLUMNS, PORTAL_COLUMNS

    text = (ROOT / "declared/README.md").read_text()
    assert [name for name in (*PORTAL_COLUMNS, *_DESTINATION_COLUMNS) if f"`{name}`" not in text] == []
