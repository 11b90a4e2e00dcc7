"""The page of one portal, as text."""

import re
from html import unescape

import msgspec

from model.portals.rows import Beat
from model.rows import Held
from model.times import DAY, HOUR, MINUTE
from tests.console.commune import NOW
from tests.console.conftest import Serve
from tests.console.gates import BAD, CLEAN, HIDDEN, NEW, SITE, clean_row, more, province, stamp
from tests.console.test_pages import text_of
from tests.console.test_portals import ONE, gate, marks, part


async def test_one_portal_tells_what_people_declared(serve: Serve) -> None:
    page = await gate(serve)
    said = part((await page.get(ONE))[1], "portal-declared")
    for word in (
        "hxxps://xa-a.tinh.example/",
        "dichvu.xa-a.tinh.example",
        "Ủy ban nhân dân xã A",
        "Công ty Phần mềm Một",
        "theo cấp",
        "9/13 lần xem 4 lượt xem quá hạn",
        "4.321",
    ):
        assert word in said
    assert "chưa có: không thấy được trang chỉ hiện cho máy tìm kiếm" in said
    assert "chủ cổng đồng ý" in part((await page.get(f"/cong/{HIDDEN}"))[1], "portal-declared")


async def test_a_destination_says_whether_it_is_in_force(serve: Serve) -> None:
    page = await gate(serve)
    said = part((await page.get(ONE))[1], "portal-lawful")
    assert said.startswith("Đích hợp pháp motcua.tinh.example đã hết hạn · chỉ cổng này · … đến 12/07/2025 Nguyễn Văn Bình: Một cửa điện tử cũ.")
    assert "egov.tinh.example và tên miền con sắp hết hạn · … đến 25/07/2025" in said
    assert "dichvucong.gov.vn và tên miền con đang có hiệu lực · 29/06/2025 đến không thời hạn" in said
    assert "motcua" not in part((await page.get(f"/cong/{CLEAN}"))[1], "portal-lawful")


async def test_all_ways_are_one_tree_with_what_each_place_is_to_the_portal(serve: Serve) -> None:
    said = part((await (await gate(serve)).get(ONE))[1], "portal-ways")
    for word in (
        "hxxps://xa-a.tinh.example/ của cổng địa chỉ được mở · 200 9/10 kiểu khách",
        "hxxps://cdn-stat.example/go?id=7 ngoài danh sách cho phép mã JavaScript · đọc mã: atob, nối chuỗi · 302",
        "hxxps://play88.bet.example/dang-ky?ref=xa-a ngoài danh sách cho phép máy chủ chuyển hướng · 200",
        "kết thúc ở đây điện thoại Android : thấy vi phạm",
        "hxxps://dichvucong.gov.vn/p/home đích hợp pháp",
        "hxxps://motcua.tinh.example/ ngoài danh sách cho phép thẻ meta refresh · 200 · trước đây được phép đến 12/07/2025",
        "lỗi chứng thư tls:name",
    ):
        assert word in said, word
    assert said.index("play88") < said.index("dichvucong")


async def test_an_older_dirty_way_stands_beside_a_newer_clean_one(serve: Serve) -> None:
    journal = province()
    bad = next(row for row in journal.watched if row.id == BAD)
    bad.chains["mobile"] = Held(msgspec.structs.replace(clean_row(SITE.portals[0]).chains["mobile"].value), bad.chains["mobile"].stamp._replace(at=NOW))  # type: ignore[index]
    said = part((await (await gate(serve, journal)).get(ONE))[1], "portal-ways")
    assert "điện thoại Android : thấy vi phạm (lần vi phạm gần nhất, 15/07/2025 08:54:03)" in said
    assert "điện thoại Android : thấy sạch" in said


async def test_an_incident_says_who_saw_it_how_often_and_what_it_waits_for(serve: Serve) -> None:
    said = part((await (await gate(serve)).get(ONE))[1], "portal-incidents")
    assert "chuyển sang trang cá cược VG-WEB-01 nghiêm trọng · đã thấy lại 3/10 kiểu khách thấy" in said
    assert "9/9 lượt xem gần đây" in said
    assert "Số lần mở 2" in said
    assert re.findall(r"(1 giờ|6 giờ|1 ngày|7 ngày) (không thấy lại|đến hạn|chưa đến hạn)", said) == [
        ("1 giờ", "không thấy lại"),
        ("6 giờ", "đến hạn"),
        ("1 ngày", "chưa đến hạn"),
        ("7 ngày", "chưa đến hạn"),
    ]
    assert "chuyển sang trang cá cược điện thoại Android, 3 lần hxxps://xa-a.tinh.example/ → play88.bet.example play88" in said


async def test_a_recheck_is_done_only_when_everybody_saw_it_clean(serve: Serve) -> None:
    journal = province()
    bad = next(row for row in journal.watched if row.id == BAD)
    page = await gate(serve, journal)
    assert "1 giờ không thấy lại" in part((await page.get(ONE))[1], "portal-incidents")
    next(iter(bad.looks.values())).times = []
    assert "1 giờ đến hạn, chưa đủ kiểu khách xem lại được" in part((await page.get(ONE))[1], "portal-incidents")


async def test_an_incident_that_is_over_says_so(serve: Serve) -> None:
    journal = province()
    bad = next(row for row in journal.watched if row.id == BAD)
    bad.incidents["VG-WEB-01"].over = True
    said = part((await (await gate(serve, journal)).get(ONE))[1], "portal-incidents")
    assert "đã hết: đủ các lần xem lại, không kiểu khách nào còn thấy" in said
    assert said.count("không thấy lại") == 4


async def test_one_that_a_new_declaration_excuses_is_no_violation_any_more(serve: Serve) -> None:
    allowed = msgspec.structs.replace(SITE.destinations[1], host="play88.bet.example", until=0)
    site = msgspec.structs.replace(SITE, destinations=(allowed,))
    said = part((await (await gate(serve, site=site)).get(ONE))[1], "portal-incidents")
    assert "không còn bị coi là vi phạm theo khai báo hiện nay" in said


async def test_what_differs_from_what_was_learnt_is_listed_and_how_to_accept_it(serve: Serve) -> None:
    page = await gate(serve)
    said = part((await page.get(ONE))[1], "portal-way")
    assert "Khác với nếp đã học máy chủ nạp mã mới: cdn-stat.example từ 13/07/2025" in said
    assert 'vonggac portals accept-change xa-a --by "…" --why "…"' in unescape(said)
    assert "cdn.tinh.example" in said.partition("Đã học được")[2]
    assert "cdn-stat" not in said.partition("Đã học được")[2]
    assert "Không có gì khác" in part((await page.get(f"/cong/{CLEAN}"))[1], "portal-way")


async def test_the_period_in_force_is_shown(serve: Serve) -> None:
    journal = province()
    bad = next(row for row in journal.watched if row.id == BAD)
    page = await gate(serve, journal)
    assert "Chu kỳ xem theo cấp" in part((await page.get(ONE))[1], "portal-declared")
    bad.beat = Held(Beat(13, 9, 4, NOW + HOUR, 90 * MINUTE), stamp(NOW))
    assert "Chu kỳ xem 1 giờ 30 phút" in part((await page.get(ONE))[1], "portal-declared")


async def test_a_portal_that_is_still_learnt_says_until_when(serve: Serve) -> None:
    journal = province()
    next(row for row in journal.watched if row.id == CLEAN).baseline.since = NOW - 2 * DAY
    said = part((await (await gate(serve, journal)).get(f"/cong/{CLEAN}"))[1], "portal-way")
    assert "Đang học đến 20/07/2025 09:14:03" in said
    assert "Không có gì khác" not in said


async def test_files_and_names_are_there(serve: Serve) -> None:
    html = (await (await gate(serve)).get(ONE))[1]
    assert "sơ đồ trang 200 · 412 mục" in part(html, "portal-files")
    assert "cdn-stat.example nơi nạp mã · không còn tồn tại · bí danh của gone.host.example" in part(html, "portal-names")


async def test_each_kind_of_visitor_says_what_it_saw_and_why_it_is_unknown(serve: Serve) -> None:
    said = part((await (await gate(serve)).get(ONE))[1], "portal-saw")
    assert "mở trong Zalo chưa rõ bị đòi mã xác nhận: 403 captcha" in said
    assert "máy tìm kiếm Google chưa truy cập chủ cổng chưa đồng ý cho giả làm máy tìm kiếm" in said
    assert "trang chủ thấy vi phạm · chuyển sang trang cá cược play88.bet.example · kết thúc ở play88.bet.example · nhìn từ box-1" in said


async def test_one_nobody_looked_at_says_that_nothing_is_known(serve: Serve) -> None:
    html = (await (await gate(serve)).get(f"/cong/{NEW}"))[1]
    assert "Chưa truy cập cổng này lần nào: chưa thể kết luận gì." in text_of(html)
    assert marks(html) == []
    assert "Chưa ghi được đường đi nào." in html


async def test_one_nobody_declared_is_shown_as_such_or_not_at_all(serve: Serve) -> None:
    journal = province()
    journal.watched.append(clean_row(more(9)))
    page = await gate(serve, journal)
    status, html, _ = await page.get(f"/cong/{more(9).id}")
    assert (status, "không có trong danh sách khai báo" in html) == (200, True)
    for path in ("/cong/khong-co", "/cong/", "/cong/../x", "/cong/xa-a/", "/cong/%00"):
        assert (await page.get(path))[0] == 404, path
