"""The list of assets and one asset: the class in words, how sure, why; and how little is shown of citizens' own devices."""

import re

import pytest

from exporters.console.kinds import CLASSES, Remembered, order_of, picture_of
from exporters.console.speech import Speech
from exporters.console.words import TERMS
from model.classes.judge import classify
from model.classes.kinds import Classification
from model.classes.rules import RULES
from model.rows import DhcpProfile, Held, Sighting
from model.verdict import Evidence, Grade
from tests.console.commune import NOW, STAMP, Journal, asset, busy
from tests.console.conftest import Serve
from tests.console.test_pages import keys, text_of
from tests.console.wires import SITE, network_site, visitor, windows

PC = f"a{21:016x}"


def row(html: str, key: str) -> str:
    found = re.search(rf'<tr data-key="{key}".*?</tr>', html, re.S)
    assert found is not None
    return text_of(found[0])


async def test_a_class_stands_with_its_grade_and_its_reasons(serve: Serve) -> None:
    journal = network_site()
    page = await serve(journal, declared=lambda: SITE)
    device = next(device for device in journal.devices if device.id == PC)
    known = classify(device)
    assert known.name == "windows_pc"
    listed = row((await page.get("/thiet-bi"))[1], PC)
    one = text_of((await page.get(f"/thiet-bi/{PC}"))[1])
    for said in ("máy tính Windows", "có khả năng", "vì sao", "MSFT 5.0 → máy tính Windows"):
        assert said in listed
    for said in ("Vì sao cho là loại này", "nhiều dấu hiệu cùng chỉ về một điều", "DESKTOP-001 → máy tính Windows", "DHCP 60=MSFT"):
        assert said in one
    english = text_of((await page.get(f"/thiet-bi/{PC}?lang=en"))[1])
    assert "MSFT 5.0 → Windows PC" in english


async def test_what_is_not_known_is_said_to_be_unknown(serve: Serve) -> None:
    page = await serve(Journal(devices=[asset(1, "")]))
    html = (await page.get("/thiet-bi"))[1]
    assert "thiết bị chưa rõ loại" in row(html, f"a{1:016x}")
    assert re.search(r'<span class="known unknown"><svg class="shape "[^>]*><use href="#s-unknown"/>', html)
    assert "Các dấu hiệu không khớp nhau, hoặc còn quá ít để nói." in text_of((await page.get(f"/thiet-bi/a{1:016x}"))[1])


async def test_signs_against_a_class_are_shown_and_explained(serve: Serve) -> None:
    reasons = (Evidence("dhcp", "60=MSFT 5.0 → windows_pc", NOW), Evidence("mdns", "≠ AirPlay → screen", NOW))
    page = await serve(
        Journal(devices=[asset(1, "x")]), classify=lambda _: Classification(name="windows_pc", grade=Grade.INFERRED, evidence=reasons, kind="plug")
    )
    one = text_of((await page.get(f"/thiet-bi/a{1:016x}"))[1])
    for said in ("60=MSFT 5.0 → máy tính Windows", "≠ AirPlay → màn hình", "Dòng có dấu ≠ là dấu hiệu trái lại.", "suy luận", "(ổ cắm)"):
        assert said in one


async def test_vendor_role_and_segment_stand_in_the_row(serve: Serve) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    html = (await page.get("/thiet-bi"))[1]
    router = row(html, f"a{701:016x}")
    assert "Ubiquiti Inc" in router
    assert "Phòng chuyên môn" in router
    assert row(html, f"a{1:016x}").startswith("TV-Sảnh")
    assert "màn hình" in row(html, f"a{1:016x}")
    # The register's line weighs more than the segment it is heard on.
    journal = Journal(devices=[windows(20, "x", leg="lan0")])
    moved = row((await (await serve(journal, declared=lambda: SITE)).get("/thiet-bi"))[1], f"a{20:016x}")
    assert moved.startswith("PC-TuPhap-01 cán bộ")
    assert keys((await page.get("/thiet-bi?tim=ubiquiti"))[1]) == [f"a{701:016x}"]


async def test_class_and_segment_filter_by_the_address(serve: Serve) -> None:
    page = await serve(network_site(visitors=6, pcs=4), declared=lambda: SITE)
    shown = {
        "?loai=router": {f"a{700:016x}", f"a{701:016x}"},
        "?loai=router&phan-doan=lan1": {f"a{701:016x}"},
        "?phan-doan=lan0/30": {f"a{1:016x}", f"a{2:016x}"},
        "?loai=phone_android": {visitor(300).id, visitor(303).id},
        "?loai=kvm": set(),
        "?loai=windows_pc&phan-doan=lan0&tim=kiosk": {f"a{703:016x}"},
    }
    for query, expected in shown.items():
        status, html, _ = await page.get("/thiet-bi" + query)
        assert status == 200
        assert set(keys(html)) == expected, query
    assert '<option value="router" selected>bộ định tuyến</option>' in (await page.get("/thiet-bi?loai=router"))[1]


@pytest.mark.parametrize("query", ["loai=toaster", "phan-doan=lan9", "loai=Router", "phan-doan=%3Cscript%3E"])
async def test_a_filter_that_cannot_be_is_refused_with_what_can(serve: Serve, query: str) -> None:
    status, html, _ = await (await serve(network_site(), declared=lambda: SITE)).get(f"/thiet-bi?{query}")
    assert status == 400
    assert "Bộ lọc không hợp lệ" in html
    assert "<script>" not in html


async def test_filters_travel_from_page_to_page(serve: Serve) -> None:
    page = await serve(network_site(pcs=80), declared=lambda: SITE)
    _, html, _ = await page.get("/thiet-bi?loai=windows_pc&phan-doan=lan1")
    assert 'href="/thiet-bi?loai=windows_pc&amp;phan-doan=lan1&amp;trang=2"' in html


async def test_of_a_citizens_device_only_hash_class_place_and_times_are_shown(serve: Serve) -> None:
    own = visitor(300, "phone_iphone")
    # Even if a row came with more than it may: the page does not pass it on.
    secret = Sighting(NOW, NOW)
    own.names["dhcp:iPhone-cua-Lan"] = own.ips["192.168.1.77"] = own.asked["_bi-mat._tcp.local."] = secret
    own.vendors = {"02:00:00:00:00:99": "Bi Mat Inc"}
    own.dhcp = Held(DhcpProfile(host_name="iPhone-cua-Lan"), STAMP)
    page = await serve(Journal(devices=[own]), declared=lambda: SITE)
    name = f"Thiết bị của người dân #{own.id[:8]}"
    for path in ("/thiet-bi", f"/thiet-bi/{own.id}", "/ban-do", "/thiet-bi?lang=en", f"/thiet-bi/{own.id}?lang=en"):
        html = (await page.get(path))[1]
        for told in ("iPhone-cua-Lan", "192.168.1.77", "Bi Mat", "bi-mat", "hash:"):
            assert told not in html, path
        assert own.id[:8] in text_of(html) or "svg" in html
    listed = row((await page.get("/thiet-bi"))[1], own.id)
    assert listed.startswith(name)
    assert "điện thoại iPhone" in listed
    one = text_of((await page.get(f"/thiet-bi/{own.id}"))[1])
    for said in (name, "chỉ giữ mã băm có khóa", own.id, "Wi-Fi sảnh tiếp dân", "Thấy lần đầu"):
        assert said in one
    assert "Địa chỉ" not in one
    for search, found in (("lan", []), ("192.168", []), ("bi mat", []), (own.id[:10], [own.id])):
        assert keys((await page.get(f"/thiet-bi?tim={search}"))[1]) == found, search


async def test_a_device_without_a_mac_is_shown_all_the_same(serve: Serve) -> None:
    tunnel = asset(1, "")
    tunnel.macs.clear()
    page = await serve(Journal(devices=[tunnel]), declared=lambda: SITE)
    for path in ("/thiet-bi", f"/thiet-bi/{tunnel.id}", "/ban-do"):
        assert (await page.get(path))[0] == 200
    nowhere = asset(2, "")
    nowhere.macs.clear()
    nowhere.ips.clear()
    nowhere.segments.clear()
    assert (await (await serve(Journal(devices=[nowhere]))).get(f"/thiet-bi/{nowhere.id}"))[0] == 200


def test_each_class_has_its_word_its_picture_and_its_place() -> None:
    assert {rule.kind for rules in RULES.values() for rule in rules} - {""} == set(TERMS["purpose"])
    assert set(CLASSES) == set(TERMS["class"])
    assert sorted(map(order_of, CLASSES)) == list(range(len(CLASSES)))
    assert picture_of("made_up") == picture_of("unknown") == "unknown"
    assert order_of("made_up") == len(CLASSES)


def test_a_remembered_class_is_the_models_own_and_follows_what_changes() -> None:
    remembered = Remembered(most=8)
    for device in busy().devices * 2:
        assert remembered(device) == classify(device)
    device = asset(1, "")
    assert remembered(device).name == "unknown"
    device.dhcp = windows(2, "DESKTOP-1").dhcp
    assert remembered(device) == classify(device)
    assert remembered(device).name == "windows_pc"


def test_reasons_are_told_in_words_and_a_strangers_arrow_is_left_alone() -> None:
    vi, en = Speech("vi"), Speech("en")
    assert vi.reason("60=MSFT 5.0 → windows_pc, server") == "60=MSFT 5.0 → máy tính Windows, máy chủ"
    assert en.reason("a → b → windows_pc") == "a → b → Windows PC"
    for line in ("no arrow", "x → something", "x → windows_pc, something", ""):
        assert vi.reason(line) == line
