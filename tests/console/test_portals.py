"""The list of portals and the page of one, as text."""

import re
from collections.abc import Sequence
from typing import get_args

import msgspec
import pytest

from exporters.console import portals as listing
from exporters.console.words import TERMS
from exporters.evidence_words import KINDS
from model.declared import Declared
from model.ledger import Change
from model.portals.baseline import differences
from model.portals.raised import CLOAKED, DIFFERS
from model.portals.rows import FeedRow, PortalRow
from model.text import Text
from model.times import DAY, MINUTE, SECOND
from model.verdict import EvidenceKind, Outcome, Severity
from model.webfacts import Failure, HopKind, Part, SignKind
from model.wording import portal_common as common
from tests.console.commune import NOW, Journal, busy, quiet
from tests.console.conftest import Page, Serve
from tests.console.gates import BAD, CLEAN, HIDDEN, NEW, PORTAL_ABOUTS, SITE, UNSEEN, bad_row, declared, look, more, province, redirected, stamp, told
from tests.console.test_pages import keys, text_of

ONE = f"/cong/{BAD}"
PAGES = ("/cong", *(f"/cong/{name}" for name in (BAD, HIDDEN, UNSEEN, CLEAN, NEW)), "/phat-hien/000000000001")


async def gate(serve: Serve, journal: Journal | None = None, site: Declared = SITE, **options: object) -> Page:
    """A served province."""
    return await serve(journal or province(), abouts=PORTAL_ABOUTS, declared=lambda: site, **options)


def part(html: str, name: str) -> str:
    """What a reader sees of one section, on one line."""
    found = re.search(rf'<(section|header)[^>]* id="{name}".*?</\1>', html, re.S)
    assert found is not None, name
    return text_of(found[0])


def rows(html: str) -> dict[str, str]:
    """The rows of the list by portal, as HTML."""
    return dict(re.findall(r'<tr data-key="([^"]+)"(.*?)</tr>', html, re.S))


def marks(row: str) -> list[str]:
    return re.findall(r'<li class="pmark (\w+)"', row)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_speaks_both_languages(serve: Serve, path: str) -> None:
    page = await gate(serve)
    (status, vi, _), (also, en, _) = await page.get(path), await page.get(path + "?lang=en")
    assert (status, also) == (200, 200)
    assert "Cổng thông tin" in text_of(vi)
    assert "Portals" in text_of(en)
    assert "Portals" not in text_of(vi)
    assert all("lang=en" in link for link in re.findall(r'<a href="(/[^"]*)"', en) if "/anh/" not in link and "/chung-cu/" not in link)


async def test_the_menu_has_portals_only_where_some_are_declared(serve: Serve) -> None:
    with_them = await gate(serve)
    for path in ("/", "/cong", ONE, "/phat-hien", "/gui-di"):
        assert '<a href="/cong"' in (await with_them.get(path))[1], path
    without = await serve(busy())
    assert '"/cong"' not in (await without.get("/"))[1]
    status, html, _ = await without.get("/cong")
    assert (status, "Chưa khai báo cổng thông tin nào" in html) == (200, True)


async def test_the_worst_portal_stands_first_then_the_unknown_then_the_clean(serve: Serve) -> None:
    html = (await (await gate(serve)).get("/cong"))[1]
    assert list(rows(html)) == [BAD, HIDDEN, UNSEEN, NEW, CLEAN]
    assert re.findall(r'<tr data-key="[^"]+" class="(\w+)"', html) == ["violation", "violation", "unknown", "unknown", "clear"]


async def test_the_list_says_on_what_its_count_rests(serve: Serve) -> None:
    seen = text_of((await (await gate(serve)).get("/cong"))[1])
    assert "2 cổng có phát hiện đang mở trên 5 cổng theo dõi, 2 chưa nhìn rõ." in seen
    assert "2 vi phạm 2 chưa rõ 1 đạt 0 không áp dụng" in seen


async def test_no_finding_is_told_with_what_was_not_seen(serve: Serve) -> None:
    journal = province()
    journal.changes = []
    journal.judged = [verdict for verdict in journal.judged if verdict.outcome is not Outcome.VIOLATION]
    seen = text_of((await (await gate(serve, journal)).get("/cong"))[1])
    assert "Không cổng nào có phát hiện đang mở trên 5 cổng theo dõi, 2 chưa nhìn rõ. Không có phát hiện không có nghĩa là an toàn" in seen


async def test_each_row_marks_each_kind_of_visitor_with_words_for_the_ear(serve: Serve) -> None:
    html = rows((await (await gate(serve)).get("/cong"))[1])
    assert marks(html[BAD]) == [
        *("clean", "clean", "clean"),
        *("dirty", "clean"),
        *("dirty", "dirty", "clean"),
        *("unknown", "clean"),
        *("never", "never", "never"),
    ]
    assert set(marks(html[UNSEEN])) == {"unknown", "never"}
    assert set(marks(html[NEW])) == {"never"}
    for said in (
        "điện thoại Android: thấy vi phạm, 19 phút trước",
        "mở trong Zalo: chưa rõ, bị đòi mã xác nhận",
        "chủ cổng chưa đồng ý cho giả làm máy tìm kiếm",
    ):
        assert said in text_of(html[BAD])
    assert text_of(html[BAD]).count("thấy vi phạm,") == 3
    assert "3/10 kiểu khách thấy vi phạm" in text_of(html[BAD])
    assert "4 lượt xem quá hạn" in text_of(html[BAD])
    assert "chưa lần nào" in text_of(html[NEW])


async def test_a_row_tells_its_finding_or_why_it_is_unknown(serve: Serve) -> None:
    html = rows((await (await gate(serve)).get("/cong"))[1])
    assert 'href="/phat-hien/000000000001"' in html[BAD]
    assert "nghiêm trọng Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược" in text_of(html[BAD])
    assert "chưa rõ Chưa kết luận được: quá thời gian." in text_of(html[UNSEEN])
    assert text_of(html[CLEAN]).endswith("đạt")


async def test_a_portal_somebody_does_not_see_is_not_called_clear(serve: Serve) -> None:
    journal = province()
    blind = msgspec.structs.replace(told(CLEAN, "VG-COV-01", Outcome.VIOLATION), title=Text("Không ai xem được cổng", "Nobody sees it"))
    journal.judged.append(blind)
    html = (await (await gate(serve, journal)).get("/cong"))[1]
    assert "chưa rõ Không ai xem được cổng" in text_of(rows(html)[CLEAN])
    assert "5 cổng theo dõi, 3 chưa nhìn rõ" in text_of(html)


async def test_an_accepted_finding_still_counts_and_comes_after_the_open_ones(serve: Serve) -> None:
    journal = province()
    journal.changes[0] = redirected(1, BAD, state="accepted", accepted_until=NOW + DAY)
    html = rows((await (await gate(serve, journal)).get("/cong"))[1])
    assert list(html)[:2] == [HIDDEN, BAD]
    assert "đã chấp nhận rủi ro" in text_of(html[BAD])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("tim=x%C3%A3+c", [UNSEEN]),
        ("tim=XA-D.tinh", [CLEAN]),
        ("tim=ph%E1%BA%A7n+m%E1%BB%81m+m%E1%BB%99t", [BAD]),
        ("cap=province", [HIDDEN]),
        ("trang-thai=unknown", [UNSEEN, NEW]),
        ("trang-thai=violation&cap=commune", [BAD]),
        ("trang-thai=not_applicable", []),
        ("tim=khong-co", []),
    ],
)
async def test_filters_live_in_the_address(serve: Serve, query: str, wanted: list[str]) -> None:
    status, html, _ = await (await gate(serve)).get("/cong?" + query)
    assert (status, list(rows(html))) == (200, wanted)
    assert ("Không cổng nào khớp" in html) is (not wanted)


@pytest.mark.parametrize("query", ["cap=village", "trang-thai=dirty", "trang-thai=%3Cscript%3E"])
async def test_a_filter_that_cannot_be_is_one_sentence(serve: Serve, query: str) -> None:
    status, html, _ = await (await gate(serve)).get("/cong?" + query)
    assert (status, "nhận một trong" in html, "<script>" in html) == (400, True, False)


class Counted(Journal):
    """Remembers how many portals were read at a time."""

    read: list[int]

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        self.read = [*getattr(self, "read", []), len(ids)]
        return await super().portals(ids)


async def test_of_a_whole_province_only_the_shown_rows_are_read(serve: Serve) -> None:
    made = province(120)
    journal = Counted(changes=made.changes, judged=made.judged, watched=made.watched, others=made.others)
    page = await gate(serve, journal, declared(120))
    seen: list[str] = []
    for number in (1, 2, 3):
        html = (await page.get(f"/cong?cap=commune&trang={number}"))[1]
        seen += rows(html)
    assert journal.read == [50, 50, 24]
    assert len(seen) == len(set(seen)) == 124
    assert seen[:3] == [BAD, UNSEEN, NEW]
    assert 'href="/cong?cap=commune&amp;trang=2"' in html
    await page.get("/cong?tim=khong-co")
    assert journal.read == [50, 50, 24]


async def test_personas_are_called_as_the_watcher_calls_them(serve: Serve) -> None:
    page = await gate(serve, personas={"mobile": Text("máy Android của đội", "our Android"), "desktop": Text("máy bàn của đội", "our PC")})
    html = rows((await page.get("/cong"))[1])
    assert "máy Android của đội: thấy vi phạm" in text_of(html[BAD])
    assert text_of(html[BAD]).index("máy bàn") < text_of(html[BAD]).index("máy Android")
    assert "iPhone" in text_of(html[BAD])


async def test_the_lists_of_gambling_names_say_what_of_them_is_in_use(serve: Serve) -> None:
    refusal = Text("đổi từ 9000 xuống 4 tên, quá 30 %", "it went from 9000 to 4 names, more than 30 %")
    journal = province()
    journal.others += [
        FeedRow(name="moi", told=stamp(NOW - MINUTE), entries=65_759, age=3 * DAY // SECOND),
        FeedRow(name="giu-ban-cu", told=stamp(NOW - MINUTE), entries=9000, age=20 * DAY // SECOND, refused=2, refusal=refusal),
        FeedRow(name="qua-han", told=stamp(NOW - MINUTE), entries=0, age=40 * DAY // SECOND, refused=1, refusal=refusal),
        FeedRow(name="chua-co", told=stamp(NOW - MINUTE), refused=1, refusal=Text("<b>không đọc được</b>", "<b>unreadable</b>")),
        FeedRow(name="da-bo", told=stamp(NOW - 2 * DAY), entries=5, age=0),
    ]
    page = await gate(serve, journal)
    html = (await page.get("/cong"))[1]
    said = part(html, "feeds")
    assert "moi 65.759 3 ngày dùng tệp mới nhất 0" in said
    assert "giu-ban-cu 9.000 20 ngày tệp mới bị từ chối, vẫn dùng bản tốt gần nhất đổi từ 9000 xuống 4 tên, quá 30 % 2" in said
    assert "qua-han 0 40 ngày không dùng được: bản tốt gần nhất đã quá hạn" in said
    assert "chua-co 0 – không dùng được: chưa có bản nào" in said
    assert "da-bo" not in said
    assert "<b>không" not in html
    assert "65,759 3 d the newest file is in use" in part((await page.get("/cong?lang=en"))[1], "feeds")
    assert 'id="feeds"' not in (await (await gate(serve)).get("/cong"))[1]


async def test_the_overview_counts_portals_in_the_fourth_row_and_in_its_coverage(serve: Serve) -> None:
    html = (await (await gate(serve)).get("/"))[1]
    fourth = re.findall(r"<tr class=\"\w+\">(.*?)</tr>", html, re.S)[3]
    assert (
        text_of(fourth)
        == "4 Trang web tỉnh bị chèn mã, chuyển hướng trên 5 cổng theo dõi, 2 chưa nhìn rõ 1 vi phạm cổng 2 đạt cổng 2 chưa rõ cổng 0 không áp dụng"
    )
    assert "trên 0 thiết bị nghe thấy: 0 đã có kết luận, 0 chưa rõ · 5 cổng thông tin, 2 chưa nhìn rõ" in text_of(html)
    assert "cổng thông tin theo dõi 5 cổng chưa nhìn rõ 2" in text_of(html)
    assert "cổng thông tin theo dõi" not in text_of((await (await serve(quiet())).get("/"))[1])


async def test_a_finding_leads_to_its_portal_and_back(serve: Serve) -> None:
    page = await gate(serve)
    html = (await page.get("/phat-hien/000000000001"))[1]
    assert html.count(f'href="{ONE}"') == 2
    for word in ("bước chuyển hướng", "kiểu người truy cập", "gói chứng cứ", "cùng một kiểu khách thấy lại", "Cổng thông tin điện tử xã A · xa-a.tinh.example"):
        assert word in text_of(html)
    assert "/phat-hien/000000000001" in (await page.get(ONE))[1]
    assert "3/10 kiểu truy cập thấy (điện thoại Android, đến từ Google) từ 08:02." in text_of((await page.get("/phat-hien"))[1])


def test_whatever_the_model_can_say_of_a_portal_has_a_word() -> None:
    assert set(get_args(EvidenceKind)) <= KINDS.keys()
    assert set(get_args(Failure)) <= TERMS["portal_why"].keys()
    assert set(get_args(HopKind)) <= TERMS["portal_how"].keys()
    assert set(get_args(Part)) <= TERMS["portal_part"].keys()
    assert {*get_args(SignKind), CLOAKED, DIFFERS} <= TERMS["portal_sign"].keys()
    assert tuple(TERMS["portal_level"]) == listing.LEVELS
    assert common.REASON.items() <= TERMS["portal_why"].items()


def test_every_difference_the_baseline_can_find_has_a_word() -> None:
    row = bad_row()
    base = row.baseline
    base.since = NOW - 30 * DAY
    for table in (base.scripts, base.frames, base.forms, base.generators, base.issuers, base.networks, base.missing):
        table.update({"old": NOW - 30 * DAY, "new": NOW - DAY})
    base.libraries.update({"a#1": NOW - 30 * DAY, "a#2": NOW - DAY})
    assert {difference.kind for difference in differences(row)} == TERMS["portal_differs"].keys()


async def test_the_order_does_not_depend_on_the_journal(serve: Serve) -> None:
    journal = province(20)
    page = await gate(serve, journal, declared(20))
    first = keys((await page.get("/cong"))[1])
    journal.changes.reverse()
    journal.judged.reverse()
    journal.watched.reverse()
    assert keys((await page.get("/cong"))[1]) == first


async def test_a_page_stays_under_its_weight_whatever_portals_say(serve: Serve) -> None:
    loud = "„<b>&'\"" * 60
    portals = tuple(msgspec.structs.replace(more(n), name=loud, owner=loud, vendor=loud, aliases=(loud,) * 9) for n in range(200))
    site = msgspec.structs.replace(
        SITE, portals=portals, destinations=tuple(msgspec.structs.replace(SITE.destinations[0], host=f"{n}.x", why=loud, portal="") for n in range(300))
    )
    changes: list[Change] = [redirected(n + 1, portal.id, Severity.HIGH, title=Text(loud, loud), owner=loud) for n, portal in enumerate(portals)]
    watched = []
    for portal in portals:
        row = bad_row()
        row.id = portal.id
        row.looks.update(look("mobile", NOW - n, part="sample", url=loud + str(n), outcome="dirty") for n in range(40))
        row.baseline.scripts = {f"{n}{loud}": NOW - DAY for n in range(24)}
        watched.append(row)
    page = await gate(serve, Journal(changes=changes, watched=watched), site)
    for path in ("/cong", f"/cong/{portals[0].id}", "/"):
        html = (await page.get(path))[1]
        shared = sum([len((await page.get(name))[1].encode()) for name in set(re.findall(r'"(/static/[^"]+)"', html))])
        async with page.client.get(page.url + path, headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as answer:
            assert answer.status == 200
            assert len(await answer.read()) + shared < 200_000, path
