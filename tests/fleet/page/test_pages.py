"""The province's pages over a real engine: what stands on them, what they refuse, what they say when the engine is away."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from exporters.console import fleet, fleet_report
from exporters.console.fleet_site import declared_of
from exporters.console.fleet_views import Province, Shared
from exporters.elastic.fleet import ElasticFleet
from exporters.elastic.state import index_name
from exporters.tally import Tally
from model.acts import Act, apply
from model.fleet.declared import FleetDeclared
from model.fleet.overlay import Laid
from model.fleet.ports import SiteStanding
from model.ledger import Finding, finding_id
from model.ports import Delivery, Receipt
from model.text import Text
from model.times import MINUTE
from model.verdict import Grade, Outcome, Severity, Subject, Verdict
from tests.console.commune import NOW, Journal, change, finding
from tests.console.people import Person, doors
from tests.fleet.filled import Filled, Place
from tests.fleet.filled import declared_of as roster_of
from tests.fleet.page.conftest import FleetPage, ServeFleet, reader_of
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.fault_proxy import FaultProxy


@dataclass
class Hand:
    """Remembers what was asked to be done, and does it as the real rule would."""

    places: Sequence[Place]
    asked: list[Act] = field(default_factory=list)

    async def act(self, act: Act) -> Finding:
        self.asked.append(act)
        every = [change.finding for place in self.places for change in place.journal.changes]
        about = next(each for each in every if finding_id("xa-a", each.detector, each.subject) == act.finding)
        return apply(about, act, NOW).finding


PATHS = ("/", "/phat-hien", "/do-bao-phu", "/gui-di", "/bao-cao")
SITE_PATHS = ("/", "/phat-hien", "/ban-do", "/man-hinh", "/thiet-bi", "/bo-thu", "/do-bao-phu", "/hop", "/bao-cao")


def text_of(body: str) -> str:
    """What a reader sees of it, on one line."""
    bare = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", body, flags=re.S)
    return " ".join(html.unescape(bare).split())


def keys(body: str) -> list[str]:
    return re.findall(r'<li class="place[^>]* data-key="([^"]+)"', body)


async def behind(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, proxy: FaultProxy) -> FleetPage:
    """The page that reads through a fault proxy."""
    return await serve_fleet(filled, roster, url=proxy.url)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PATHS)
async def test_every_page_of_the_province(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, path: str, language: str) -> None:
    status, body, headers = await (await serve_fleet(filled, roster)).get(f"{path}?lang={language}")
    assert status == 200, text_of(body)
    assert f'<html lang="{language}">' in body
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert "None" not in text_of(body)


@pytest.mark.parametrize("site", ["xa-a", "tinh", "xa-b", "xa-moi"])
async def test_every_page_of_every_kind_of_site(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, site: str) -> None:
    page = await serve_fleet(filled, roster)
    for path in (*SITE_PATHS, *(("/cong", "/cong/xa-a") if site == "tinh" else ()), *(("/may-tinh",) if site == "xa-b" else ())):
        status, body, _ = await page.get(f"/diem/{site}{path}")
        assert status == 200, (site, path, text_of(body))
        leading = {link for link in re.findall(r'(?:href|action)="(/[^"]*)"', body) if not link.startswith("/static")}
        # The way up, the log-in and this very site; nothing leads to a page that is not there.
        assert {link for link in leading if not link.startswith(f"/diem/{site}")} <= {"/"}, (path, leading)
        assert f'data-events="/diem/{site}/events"' in body


async def test_every_link_of_a_site_leads_somewhere(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    seen: set[str] = set()
    ahead = ["/", "/diem/xa-a/", "/diem/tinh/", "/diem/xa-b/"]
    while ahead:
        path = html.unescape(ahead.pop())
        if path in seen or len(seen) > 55:
            continue
        seen.add(path)
        status, body, _ = await page.get(path)
        assert status in {200, 302}, path
        shallow = [link for link in re.findall(r'href="(/[^"]*)"', body) if not link.startswith("/static") and link.count("?") == 0]
        ahead += [link for link in shallow if link not in seen]
    assert len(seen) > 50


async def test_the_overview_names_who_is_worst_and_who_is_not_heard(
    serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, places: list[Place]
) -> None:
    _, body, _ = await (await serve_fleet(filled, roster)).get("/")
    said = text_of(body)
    opened = sum(change.finding.state == "open" for place in places for change in place.journal.changes)
    assert f"{opened} phát hiện đang mở ở" in said
    assert "trên 12 điểm đã khai báo, 2 điểm không nghe thấy" in said
    assert "im lặng nghe lần cuối 3 ngày trước" in said
    assert "chưa từng nghe thấy chưa nghe lần nào" in said
    assert "play88" in said
    order = keys(body)
    assert len(order) == len(places)
    assert order.index("xa-a") < order.index("xa-im") < order.index("xa-01")
    assert 'class="place unknown silent" data-key="xa-im"' in body


async def test_tiles_are_narrowed_by_group_name_state_and_hearing(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    assert keys((await page.get("/?nghe=silent"))[1]) == ["xa-im"]
    assert keys((await page.get("/?tim=UBND"))[1]) == ["tinh"]
    assert set(keys((await page.get("/?cum=Cụm Tây"))[1])) == {"xa-c", "xa-im", "xa-moi"}
    assert "trên 3 điểm đã khai báo" in text_of((await page.get("/?cum=Cụm Tây"))[1]), "figures are the group's"
    assert "xa-a" in keys((await page.get("/?trang-thai=violation"))[1])
    for wrong in ("cum=x", "nghe=x", "trang-thai=x"):
        assert (await page.get(f"/?{wrong}"))[0] == 400


async def test_the_fifteen_say_of_how_many_sites_nothing_is_known(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    _, body, _ = await (await serve_fleet(filled, roster)).get("/")
    row = text_of(re.search(r'<td class="n">2</td>.*?</tr>', body, re.S)[0])  # type: ignore[index] # the row is there or the test fails
    matter = (await (await serve_fleet(filled, roster)).reader.matters())[1]
    for outcome in ("violation", "unknown", "clear"):
        assert str(matter.sites[outcome]) in row
    assert f"{matter.unheard} Chưa có kết luận" in row


async def test_findings_of_all_sites_are_narrowed(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    _, body, _ = await page.get("/phat-hien?diem=xã A")
    assert "Trung tâm phục vụ hành chính công xã A" in body
    assert "/diem/xa-b/phat-hien" not in body
    assert "Không điểm nào có tên hay mã như vậy" in text_of((await page.get("/phat-hien?diem=khong-co"))[1])
    _, mine, _ = await page.get("/phat-hien?nguoi=Nguyễn Thị Lan")
    assert "selected>Nguyễn Thị Lan" in mine
    assert mine.count('data-key="') >= 1
    for wrong in ("muc=x", "so=99", "quy-tac=x", "trang-thai=x"):
        assert (await page.get(f"/phat-hien?{wrong}"))[0] == 400
    assert (await page.get("/phat-hien?trang=9999"))[0] == 200


async def test_an_alerts_link_leads_to_the_finding_at_its_site(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, places: list[Place]) -> None:
    first = places[0].journal.changes[0].finding
    known = finding_id("xa-a", first.detector, first.subject)
    page = await serve_fleet(filled, roster)
    status, _, headers = await page.get(f"/phat-hien/{known}?lang=en")
    assert (status, headers["Location"]) == (302, f"/diem/xa-a/phat-hien/{known}?lang=en")
    assert (await page.get(headers["Location"]))[0] == 200
    assert (await page.get("/phat-hien/000000000000"))[0] == 404


async def test_whom_the_province_told_is_on_a_findings_page_and_unknown_while_its_journal_is_away(
    serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, places: list[Place]
) -> None:
    page, first = await serve_fleet(filled, roster), places[0].journal.changes[0].finding
    known = finding_id("xa-a", first.detector, first.subject)
    page.own.receipts[known] = [Delivery(sink="truc-ban", outcome="accepted", occurred=1, at=NOW)]
    said = text_of((await page.get(f"/diem/xa-a/phat-hien/{known}"))[1])
    assert re.search("truc-ban .*: đã tới nơi nhận lúc .* Đây là những nơi tỉnh đã báo", said)
    page.own.fall(down=True)
    status, body, _ = await page.get(f"/diem/xa-a/phat-hien/{known}")
    assert (status, "Chưa rõ: nhật ký ghi việc báo tin chưa trả lời." in text_of(body)) == (200, True)


async def test_what_is_not_there_is_not_found(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    for path in ("/diem/nobody/", "/diem/xa-a/gui-di", "/diem/xa-a/phat-hien/000000000000", "/diem/nobody/events", "/diem/..%2f/", "/x"):
        assert (await page.get(path))[0] == 404, path


async def test_what_the_province_has_not_is_said(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    boxes = text_of((await page.get("/diem/xa-a/hop"))[1])
    assert "tin bị nơi nhận từ chối nằm ở hộp" in boxes
    assert "box-xa-a" in boxes
    assert "chưa nghe lần nào" in text_of((await page.get("/diem/xa-moi/hop"))[1])
    assert "Số liệu của lõi nằm ở hộp" in text_of((await page.get("/diem/xa-a/bo-thu"))[1])


async def test_coverage_lists_who_is_missed_longest_first(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    _, body, _ = await (await serve_fleet(filled, roster)).get("/do-bao-phu")
    assert re.findall(r'<tr data-key="([^"]+)"', body) == ["xa-im", "xa-moi"]
    assert "cả mười lăm nội dung" in text_of(body)


async def test_deliveries_are_the_provinces_own_with_seconds_to_alert(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    tally = Tally(sink="webhook")
    tally.count(Receipt(1, "accepted"), 0.4, NOW)
    said = text_of((await (await serve_fleet(filled, roster, tallies=[tally])).get("/gui-di"))[1])
    assert "0,5 giây" in said
    assert "mapper_parsing_exception" in said


async def test_a_groups_report_counts_whom_nobody_heard(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    status, body, _ = await page.get("/bao-cao?cum=Cụm Tây")
    assert status == 200
    assert "xã Mới" in body
    status, stored, headers = await page.get("/bao-cao/cum.json?cum=Cụm Tây")
    report = json.loads(stored)
    assert headers["Content-Disposition"].startswith("attachment")
    assert {each["site"] for each in report["sites"]} == {"xa-c", "xa-im", "xa-moi"}
    assert (await page.get("/bao-cao/cum.json"))[0] == 404
    assert (await page.get("/bao-cao?cum=x"))[0] == 400


async def test_a_report_over_the_whole_province_says_how_far_it_is_and_what_changed_since_the_weekly_one(
    serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet_report, "_SHORT", 0.0)
    page = await serve_fleet(filled, roster)
    _, body, _ = await page.get("/bao-cao?tinh=1")
    assert '<meta http-equiv="refresh" content="5">' in body
    assert "đã đọc 0/12 điểm" in text_of(body)
    assert 'class="report"' not in body
    status, stored, headers = await page.get("/bao-cao/tinh.json")
    first = json.loads(stored)
    assert (status, first["site"], len(first["sites"]), first["comparison"]) == (200, "tinh-27", 12, None)
    assert f"bao-cao-tinh-27-{first['made'][:10].replace('-', '')}.json" in headers["Content-Disposition"]
    assert [each["site"] for each in first["sites"] if each["made"] is None] == ["xa-moi"]
    _, body, _ = await page.get("/bao-cao?tinh=1")
    assert 'class="report"' in body
    assert 'href="/bao-cao/tinh.csv"' in body
    assert "refresh" not in body
    weekly = {"tinh-27": stored.encode()}
    later = await serve_fleet(filled, roster, previous=weekly.get)
    second = json.loads((await later.get("/bao-cao/tinh.json"))[1])
    assert second["numbers"] == first["numbers"]
    assert len(second["comparison"]["still"]) == sum(each["standing"] for each in first["sites"])
    assert (second["comparison"]["new"], second["comparison"]["gone"]) == ([], [])


async def test_a_report_that_failed_is_said_and_begun_anew(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, fault_proxy: FaultProxy) -> None:
    page = await behind(serve_fleet, filled, roster, fault_proxy)
    async with fault_proxy.refusing():
        assert (await page.get("/bao-cao/cum.json?cum=Cụm Tây"))[0] == 503
    assert (await page.get("/bao-cao/cum.json?cum=Cụm Tây"))[0] == 200


async def test_an_engine_that_is_away_is_said_and_nothing_looks_clear(
    serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, fault_proxy: FaultProxy
) -> None:
    page = await behind(serve_fleet, filled, roster, fault_proxy)
    async with fault_proxy.refusing():
        for path in ("/", "/phat-hien", "/do-bao-phu", "/diem/xa-a/"):
            status, body, _ = await page.get(path)
            assert status == 503
            assert "Kho dữ liệu của tỉnh chưa trả lời" in text_of(body)
        assert (await page.get("/gui-di"))[0] == 200, "who is told is in the province's own journal"
        assert (await page.get("/-/ready"))[0] == 503
        assert (await page.get("/-/healthy"))[0] == 200
    assert (await page.get("/"))[0] == 200


async def test_one_version_is_counted_once_for_all_pages(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, fault_proxy: FaultProxy) -> None:
    page = await behind(serve_fleet, filled, roster, fault_proxy)
    await page.get("/")
    before = len(fault_proxy.seen)
    for _ in range(5):
        assert (await page.get("/"))[0] == 200
    assert len(fault_proxy.seen) - before <= 3, "only its version is asked for again, once a second"


async def test_a_site_that_left_the_roster_is_gone_from_the_pages(
    serve_fleet: ServeFleet, elasticsearch: Elasticsearch, namespace: str, places: list[Place]
) -> None:
    made = Filled(elasticsearch, namespace)
    made.install()
    made.write(places[:2])
    page = await serve_fleet(made, roster_of(places[:1]))
    assert keys((await page.get("/"))[1]) == ["xa-a"]
    assert (await page.get("/diem/tinh/"))[0] == 404


async def test_a_folder_of_a_site_is_used_where_there_is_one(roster: FleetDeclared) -> None:
    province = Province(ElasticFleet.__new__(ElasticFleet), lambda: roster, lambda: NOW, Shared())
    with_folder, without = declared_of(province, "xa-a"), declared_of(province, "xa-01")
    assert (with_folder.site, len(with_folder.zones)) == ("xa-a", 2)
    assert (without.site, without.zones, without.enrolled) == ("xa-01", (), None)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        ({"open": {"low": 1}, "heard": "never"}, "violation"),
        ({"outcomes": {"clear": 9}, "heard": "silent"}, "unknown"),
        ({"outcomes": {"clear": 9, "unknown": 1}, "heard": "heard"}, "unknown"),
        ({"heard": "heard"}, "unknown"),
        ({"outcomes": {"clear": 9}, "heard": "heard"}, "clear"),
        ({"outcomes": {"not_applicable": 9}, "heard": "heard"}, "not_applicable"),
    ],
)
def test_a_tile_is_clear_only_where_everything_was_seen_to_be(standing: dict, state: str) -> None:
    assert fleet.state_of(SiteStanding(site="a", name="A", **standing)) == state
    assert state in {outcome.value for outcome in Outcome}


def test_words_find_a_site_and_its_code_finds_it_alone() -> None:
    names = {"xa-1": "Xã Một", "xa-11": "Xã Mười Một"}
    assert fleet.named(names, "xa-1") == ["xa-1"]
    assert fleet.named(names, "một xã") == ["xa-1", "xa-11"]
    assert fleet.named(names, "hai") == []
    assert fleet.named(names, "ười") == []


async def test_what_the_province_says_of_itself_has_pages_and_is_no_site(
    serve_fleet: ServeFleet, elasticsearch: Elasticsearch, namespace: str, places: list[Place]
) -> None:
    made = Filled(elasticsearch, namespace)
    made.install()
    blind = finding(7, Subject("site", "27"), Severity.HIGH, Grade.CONFIRMED, Text("Cả tỉnh im lặng", "All silent"), detector="VG-COV-01", findings=(14,))
    said = Verdict(detector="VG-COV-01", subject=Subject("site", "27"), outcome=Outcome.VIOLATION, title=blind.title, summary=blind.title)
    made.write([places[0], Place("27", "", Journal(changes=[change(blind, "Tỉnh")], judged=[said]), heard=0)])
    page = await serve_fleet(made, roster_of(places[:1]))
    known = finding_id("27", "VG-COV-01", blind.subject)
    assert (await page.get(f"/phat-hien/{known}"))[2]["Location"] == f"/diem/27/phat-hien/{known}"
    assert (await page.get(f"/diem/27/phat-hien/{known}"))[0] == 200
    _, body, _ = await page.get("/")
    assert keys(body) == ["xa-a"]
    assert f"/diem/27/phat-hien/{known}" in body, "it is among the worst"
    coverage = (await page.reader.matters())[13]
    assert (coverage.sites["violation"], coverage.unheard) == (1, 0)
    assert "site" not in {each.kind for each in await page.reader.coverage()}


async def test_an_analyst_takes_many_at_the_province_and_one_at_a_site(
    serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared, places: list[Place], tmp_path: Path
) -> None:
    hand = Hand(places)
    page = await serve_fleet(filled, roster, acts=hand, doors=doors(tmp_path))
    known = [finding_id("xa-a", each.finding.detector, each.finding.subject) for each in places[0].journal.changes[:2]]
    async with Person(page.url) as lan, Person(page.url) as hoa:
        assert (await lan.get("/diem/xa-a/")).status == 303
        assert (await lan.get("/diem/xa-a/events")).status == 401
        await lan.log_in("analyst")
        body = (await lan.get("/phat-hien")).text
        assert body.count('class="pick"') > 3
        assert (await lan.submit("/phat-hien/nhan", finding=known, back="/phat-hien")).status == 303
        one = f"/diem/xa-a/phat-hien/{known[0]}"
        assert f'action="{one}/dong"' in (await lan.get(one)).text
        closed = await lan.submit(f"{one}/dong", why="đã rút dây")
        assert (closed.status, closed.headers["Location"]) == (303, one)
        await hoa.log_in("viewer")
        assert (await hoa.submit(f"{one}/dong", why="x")).status == 403
        assert 'class="pick"' not in (await hoa.get("/phat-hien")).text
    assert [(act.kind, act.by, act.finding) for act in hand.asked] == [
        ("acknowledge", "lan", known[0]),
        ("acknowledge", "lan", known[1]),
        ("close", "lan", known[0]),
    ]


async def test_an_act_of_the_province_stands_in_the_history(elasticsearch: Elasticsearch, namespace: str, places: list[Place]) -> None:
    made = Filled(elasticsearch, namespace)
    made.install()
    made.write(places[:1])
    first = places[0].journal.changes[1].finding
    known = finding_id("xa-a", first.detector, first.subject)
    act = Act(kind="acknowledge", finding=known, by="Nguyễn Thị Lan", at=first.updated + MINUTE)
    laid = msgspec.json.encode(Laid(act=act, version=1, times=1)).decode()
    made.bulk([(index_name("act", namespace), "1", {"vonggac": {"finding": {"id": known}, "payload": laid}})])
    reader = reader_of(made, roster_of(places[:1]))
    steps = [(each.step, each.cause.by) for each in await reader.finding(known)]
    await reader.close()
    assert ("acknowledged", "Nguyễn Thị Lan") in steps
