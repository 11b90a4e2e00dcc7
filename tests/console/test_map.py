"""The network picture: what is drawn where, what stays where it was, and what is never said."""

import re
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.console.drawing import fit, width
from exporters.console.kinds import CLASSES, picture_of
from exporters.console.network import MAX_DEVICES, MAX_LANES, home_of
from model.rows import Leg, Sighting
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Outcome, Severity, Subject
from model.wording import shared_segment as words
from tests.console.commune import ABOUTS, NOW, Journal, asset, change, finding, lamps, quiet, screen, sensor
from tests.console.conftest import Page, Serve
from tests.console.wires import SITE, network_site, pair, segment, visitor, windows

SVG = "{http://www.w3.org/2000/svg}"


async def drawn(page: Page, path: str = "/ban-do") -> str:
    status, html, _ = await page.get(path)
    assert status == 200
    found = re.search(r'<svg class="net".*?</svg>\s*</div>', html, re.S)
    assert found is not None
    return found[0].removesuffix("</div>")


def tree(svg: str) -> ElementTree.Element:
    """The drawing, which must be well-formed XML; our own text, so the plain parser does."""
    text = re.sub(r" (hidden|data-live|data-refocus)(?=[ >])", "", svg.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    return ElementTree.fromstring(text)


def lanes(svg: str) -> list[ElementTree.Element]:
    return [g for g in tree(svg).iter(SVG + "g") if g.get("class", "").startswith("lane ")]


def said(element: ElementTree.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def places(svg: str) -> dict[str, tuple[str, str]]:
    """Where each device stands."""
    found = {}
    for link in tree(svg).iter(SVG + "a"):
        card = link.find(SVG + "svg")
        if card is not None:
            found[link.get("data-device", "")] = (card.get("x", ""), card.get("y", ""))
    return found


async def test_segments_are_lanes_in_a_fixed_order_under_their_lines(serve: Serve) -> None:
    svg = await drawn(await serve(network_site(), declared=lambda: SITE))
    texts = [said(lane) for lane in lanes(svg)]
    assert [re.split(r" \d+ thiết bị ", text)[0] for text in texts] == ["người dân", "cán bộ", "màn hình", "chưa khai báo"]
    for text, name in zip(texts, ("Wi-Fi sảnh tiếp dân", "Phòng chuyên môn", "Màn hình sảnh", "lan2"), strict=True):
        assert name in text
    uplinks = [said(g) for g in tree(svg).iter(SVG + "g") if g.get("class", "").startswith("uplink")]
    assert uplinks == ["đường truyền VNPT 01", "đường truyền Viettel 02", "đường truyền chưa khai báo"]


async def test_each_lane_says_what_is_heard_of_it(serve: Serve) -> None:
    hall, office, screens, silent = lanes(await drawn(await serve(network_site(), declared=lambda: SITE)))
    assert (hall.get("class"), office.get("class"), silent.get("class")) == ("lane part", "lane all", "lane deaf")
    assert "lan0 · cổng thường · nghe một phần" in said(hall)
    assert "lan1 · cổng sao chép · nghe hết" in said(office)
    assert "không ai nghe" in said(silent)
    assert "Chưa nghe thấy thiết bị nào" in said(silent)
    hatched = [[r.get("class") for r in lane.iter(SVG + "rect") if r.get("fill") == "url(#hatch)"] for lane in (hall, office, screens, silent)]
    assert hatched == [[], [], [], ["lane-hatch"]]


async def test_a_sensor_that_went_silent_leaves_its_lanes_hatched(serve: Serve) -> None:
    journal = network_site()
    journal.now = NOW + 10 * MINUTE
    assert [lane.get("class") for lane in lanes(await drawn(await serve(journal, declared=lambda: SITE)))] == ["lane deaf"] * 4


async def test_who_takes_the_routers_address_is_not_drawn_as_the_way_out(serve: Serve) -> None:
    made = network_site()
    liar = next(device for device in made.devices if device.id == f"a{20:016x}")
    liar.ips["10.20.0.1"] = liar.seen

    async def card() -> str:
        svg = tree(await drawn(await serve(made, declared=lambda: SITE)))
        return next(said(link) for link in svg.iter(SVG + "a") if link.get("data-device") == liar.id)

    assert "cổng ra" in await card()
    taken = finding(99, Subject("asset", liar.id), Severity.CRITICAL, Grade.CONFIRMED, words.SHARED, detector="VG-NET-08")
    made.changes.append(change(taken))
    assert "cổng ra" not in await card()


async def test_what_serves_a_lane_stands_at_its_head(serve: Serve) -> None:
    hall, office, *_ = lanes(await drawn(await serve(network_site(), declared=lambda: SITE)))
    first = [next(a for a in lane.iter(SVG + "a") if a.get("data-device")) for lane in (hall, office)]
    assert "Archer-AX23" in said(first[0])
    assert "EdgeRouter-X" in said(first[1])
    assert "cấp DHCP, cổng ra" in said(first[1])


async def test_screens_show_four_lamps_and_their_worst_word(serve: Serve) -> None:
    svg = await drawn(await serve(network_site(), declared=lambda: SITE))
    links = {a.get("data-device"): a for a in tree(svg).iter(SVG + "a")}
    lit = {n: [u.get("class", "").split()[-1] for u in links[f"a{n:016x}"].iter(SVG + "use") if " lit " in u.get("class", "")] for n in (1, 2, 3)}
    assert lit == {1: ["yes"] * 4, 2: ["yes", "yes", "no", "no"], 3: ["yes", "unknown", "unknown", "unknown"]}
    marks = [u.get("href") for u in links[f"a{3:016x}"].iter(SVG + "use") if " lit " in u.get("class", "")]
    assert marks == ["#s-violation", "#s-unknown", "#s-unknown", "#s-unknown"]
    assert [links[f"a{n:016x}"].get("class") for n in (1, 2, 3)] == ["chip violation high", "chip ", "chip unknown"]
    assert "mở, không bảo vệ" in said(links[f"a{1:016x}"])
    assert "đang bật, có bảo vệ" in said(links[f"a{2:016x}"])


async def test_a_screen_that_is_off_is_not_called_open(serve: Serve) -> None:
    journal = network_site()
    journal.judged = [lamps(1, Outcome.CLEAR, "yes", "no", "yes", "unknown")]
    links = {a.get("data-device"): a for a in tree(await drawn(await serve(journal, declared=lambda: SITE))).iter(SVG + "a")}
    assert "đang tắt" in said(links[f"a{1:016x}"])
    assert "mở, không bảo vệ" not in said(links[f"a{1:016x}"])


async def test_links_stand_by_the_strength_of_their_proof(serve: Serve) -> None:
    page = await serve(network_site(), declared=lambda: SITE, abouts=ABOUTS)
    svg = await drawn(page)
    joins = [p.get("class") for p in tree(svg).iter(SVG + "path") if p.get("class", "").startswith("join")]
    assert joins == ["join shared_l2", "join same_line_only"]
    pills = [(said(a), a.get("href")) for a in tree(svg).iter(SVG + "a") if a.get("class", "").startswith("pill")]
    assert pills[0][0].endswith("1 chung một mạng (lớp 2) · đã xác nhận")
    assert pills[0][1] == "/phat-hien/000000000002"
    assert pills[1][0].endswith("2 chỉ chung đường truyền · có khả năng")
    assert pills[1][1] == "#pair-2"
    _, html, _ = await page.get("/ban-do")
    assert 'id="pair-2"' in html
    assert "214 lần" in html
    assert f'href="/thiet-bi/a{20:016x}">PC-TuPhap-01</a>' in html
    # The third pair is only listed: nothing is drawn where nothing could be seen.
    assert re.search(r'<div class="between blind">.*?Màn hình sảnh ↔ Phòng chuyên môn.*?chưa nhìn được', html, re.S)


@pytest.mark.parametrize(
    ("rung", "outcome", "shown"),
    [
        ("proven_shared_l2", Outcome.VIOLATION, ["join shared_l2"]),
        ("routed_reachable", Outcome.VIOLATION, ["join routed_reachable"]),
        ("shared_l2", Outcome.CLEAR, []),
        ("shared_l2", Outcome.UNKNOWN, []),
        ("not_observed", Outcome.VIOLATION, []),
        ("new_rung", Outcome.VIOLATION, []),
        ("shared_l2", Outcome.NOT_APPLICABLE, []),
    ],
)
async def test_only_what_is_violated_joins_two_lanes(serve: Serve, rung: str, outcome: Outcome, shown: list[str]) -> None:
    journal = network_site()
    journal.judged = [pair(rung, outcome)]
    svg = await drawn(await serve(journal, declared=lambda: SITE))
    assert [p.get("class") for p in tree(svg).iter(SVG + "path") if p.get("class", "").startswith("join")] == shown


async def test_a_segment_with_a_finding_of_its_own_names_it(serve: Serve) -> None:
    hall, office, *_ = lanes(await drawn(await serve(network_site(), declared=lambda: SITE)))
    assert "/phat-hien/000000000003" in [a.get("href") for a in hall.iter(SVG + "a")]
    assert "/phat-hien/000000000003" not in [a.get("href") for a in office.iter(SVG + "a")]


async def test_one_more_device_moves_nothing_in_other_lanes(serve: Serve) -> None:
    journal = network_site(visitors=3, pcs=4)
    page = await serve(journal, declared=lambda: SITE)
    before = places(await drawn(page))
    new = windows(999, "DESKTOP-NEW")
    new.seen = Sighting(NOW, NOW)
    journal.devices.append(new)
    after = places(await drawn(page))
    assert len(before) > 10
    assert set(after) - set(before) == {new.id}
    elsewhere = {device for device in before if "lan1" not in next(a for a in journal.devices if a.id == device).segments}
    assert {d: after[d] for d in elsewhere} == {d: before[d] for d in elsewhere}
    # It comes last of its class: of its own lane only the printer, which stands after the PCs, makes room.
    assert [d for d in before if after[d] != before[d]] == [f"a{702:016x}"]


async def test_what_only_was_heard_again_redraws_nothing(serve: Serve) -> None:
    journal = network_site()
    page = await serve(journal, declared=lambda: SITE)
    before = await drawn(page)
    for device in journal.devices:
        device.seen.extend(NOW + 30_000_000_000)
        for sighting in device.segments.values():
            sighting.extend(NOW + 30_000_000_000)
    journal.now += 30_000_000_000
    journal.devices.reverse()
    assert await drawn(page) == before


def test_a_device_on_two_segments_does_not_jump_between_them() -> None:
    device = asset(1, "pc", leg="lan1")
    device.segments = {"lan1": Sighting(NOW - DAY, NOW), "lan0": Sighting(NOW - HOUR, NOW + 1)}
    assert home_of(device) == "lan1"
    device.segments["lan1"].extend(NOW + 2)
    assert home_of(device) == "lan1"
    device.segments["lan0"].extend(NOW + DAY)
    assert home_of(device) == "lan0"


async def test_a_crowd_is_folded_by_class_and_nobody_is_lost(serve: Serve) -> None:
    journal = network_site(visitors=40, pcs=60)
    page = await serve(journal, declared=lambda: SITE)
    for lane in lanes(await drawn(page)):
        chips = [a for a in lane.iter(SVG + "a") if a.get("data-device")]
        folds = [(said(a), a.get("href", "")) for a in lane.iter(SVG + "a") if a.get("class") == "fold"]
        total = re.search(r"(\d+) thiết bị", said(lane))
        assert total is not None
        assert len(chips) + sum(int(re.findall(r"\+(\d+)", text)[0]) for text, _ in folds) == int(total[1])
        assert len(chips) <= MAX_DEVICES + 4
    office = lanes(await drawn(page))[1]
    fold = next(a for a in office.iter(SVG + "a") if a.get("class") == "fold")
    assert (said(fold), fold.get("href")) == ("+50 máy tính Windows", "/thiet-bi?phan-doan=lan1&loai=windows_pc")
    # The only printer is drawn although sixty PCs stand before it.
    assert "HP-LaserJet-M404" in said(office)
    _, listed, _ = await page.get("/thiet-bi?phan-doan=lan1&loai=windows_pc")
    assert "61 thiết bị" in listed


async def test_screens_are_drawn_before_what_else_is_in_the_crowd(serve: Serve) -> None:
    journal = network_site(visitors=0, pcs=40)
    screens = [screen(500 + n, f"TV-{n}") for n in range(9)]
    for device in screens:
        device.segments = {"lan1": device.seen}
    journal.devices += screens
    shown = places(await drawn(await serve(journal, declared=lambda: SITE)))
    assert {device.id for device in screens} <= set(shown)


async def test_a_long_leg_gives_way_to_what_it_hears(serve: Serve) -> None:
    journal = Journal(devices=[asset(1, "x", leg="chan-mang-rat-dai-cua-phong")], others=[sensor(leg="chan-mang-rat-dai-cua-phong")])
    journal.others.append(Leg(name="chan-mang-rat-dai-cua-phong", seen=Sighting(NOW, NOW), vantage="plain"))
    only = lanes(await drawn(await serve(journal)))[-1]
    assert "cổng thường · nghe một phần" in said(only)


async def test_a_device_with_a_finding_is_never_folded_away(serve: Serve) -> None:
    journal = network_site(pcs=60)
    last = f"a{20 + 59:016x}"
    journal.changes[0] = msgspec.structs.replace(
        journal.changes[0], finding=msgspec.structs.replace(journal.changes[0].finding, subject=Subject("asset", last))
    )
    assert last in places(await drawn(await serve(journal, declared=lambda: SITE)))


async def test_citizens_own_devices_are_a_hash_and_a_class(serve: Serve) -> None:
    page = await serve(network_site(visitors=5), declared=lambda: SITE)
    hall = lanes(await drawn(page))[0]
    own = visitor(300, "phone_android")
    assert f"Người dân #{own.id[:8]} điện thoại Android" in said(hall)
    assert "hash:" not in said(hall)


async def test_junk_vlan_tags_cannot_blow_the_picture_up(serve: Serve) -> None:
    journal = network_site()
    journal.others += [segment("lan0", tag) for tag in range(100, 600)]
    journal.devices += [asset(1000 + n, f"x{n}", leg=f"lan0/{100 + n}") for n in range(500)]
    page = await serve(journal, declared=lambda: SITE)
    svg = await drawn(page)
    shown = [said(lane) for lane in lanes(svg)]
    assert len(shown) == MAX_LANES
    assert all(any(name in text for text in shown) for name in ("Wi-Fi sảnh tiếp dân", "Phòng chuyên môn", "Màn hình sảnh"))
    assert "Còn 494 phân đoạn nữa" in (await page.get("/ban-do"))[1]


async def test_three_hundred_devices_stay_light(serve: Serve) -> None:
    journal = network_site(visitors=150, pcs=150)
    for device in journal.devices:
        device.names = {f"mdns:{'„<b>' * 40}{n}": device.seen for n in range(16)}
    page = await serve(journal, declared=lambda: SITE)
    _, html, _ = await page.get("/ban-do")
    assert len(journal.devices) > 300
    assert len(html.encode()) < 110_000
    async with page.client.get(page.url + "/ban-do", headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as answer:
        assert len(await answer.read()) < 30_000


async def test_a_site_of_which_nothing_is_known_says_so(serve: Serve) -> None:
    page = await serve(Journal(), declared=lambda: msgspec.structs.replace(SITE, zones=(), legs=()))
    _, html, _ = await page.get("/ban-do")
    assert "Chưa khai báo và chưa nghe thấy phân đoạn mạng nào." in html
    bare = await serve(Journal(others=[Leg(name="lan7", seen=Sighting(NOW, NOW))]), declared=lambda: msgspec.structs.replace(SITE, zones=(), legs=()))
    assert [said(lane).split()[0:3] for lane in lanes(await drawn(bare))] == [["chưa", "khai", "báo"]]


async def test_a_box_that_does_not_judge_sharing_does_not_call_it_absent(serve: Serve) -> None:
    html = (await (await serve(quiet())).get("/ban-do"))[1]
    assert "Hộp này chưa xét việc dùng chung mạng" in html


async def test_the_picture_has_words_for_those_who_do_not_see_it(serve: Serve) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    for path, title, desc in (
        ("/ban-do", "Bản đồ mạng của Trung tâm phục vụ hành chính công xã A", "4 phân đoạn mạng"),
        ("/ban-do?lang=en", "Network map of Trung tâm phục vụ hành chính công xã A", "4 segments"),
    ):
        root = tree(await drawn(page, path))
        assert root.get("aria-labelledby") == "net-t net-d"
        assert root.findtext(SVG + "title") == title
        assert (root.findtext(SVG + "desc") or "").startswith(desc)
        titles = [a.findtext(SVG + "title") for a in root.iter(SVG + "a") if a.get("data-device")]
        assert all(titles)
    assert "TV-Sảnh; screen" in next(title for title in titles if title and title.startswith("TV-Sảnh"))


async def test_every_class_has_its_picture(serve: Serve) -> None:
    svg = await drawn(await serve(network_site(), declared=lambda: SITE))
    symbols = {symbol.get("id") for symbol in tree(svg).iter(SVG + "symbol")}
    assert {f"p-{picture_of(name)}" for name in CLASSES} <= symbols


@given(st.text(max_size=60), st.integers(min_value=20, max_value=300))
def test_a_text_is_cut_to_its_room(text: str, room: int) -> None:
    made = fit(text, room, 12)
    assert width(made, 12) <= room
    assert made.isprintable()


def test_a_cut_text_says_that_it_was_cut() -> None:
    assert fit("192.168.100.200 và nhiều nữa", 80, 12).endswith("…")
    assert fit("ngắn", 200, 12) == "ngắn"
