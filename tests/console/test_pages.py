import re

import msgspec
import pytest
from aiohttp import web

from exporters.console.guard import POLICY, host_of
from exporters.prometheus import Metrics
from model.ledger import Finding
from model.text import Text
from model.verdict import Grade, Outcome, Severity, Subject
from tests.console.commune import ABOUTS, NOW, Journal, busy, change, finding, lamps, quiet
from tests.console.conftest import Serve

PAGES = ("/", "/phat-hien", "/phat-hien/000000000001", "/ban-do", "/man-hinh", "/thiet-bi", "/thiet-bi/a0000000000000001", "/bo-thu", "/gui-di")


def text_of(html: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(title|svg)\b.*?</\1>", " ", html, flags=re.S)).split())


def keys(html: str) -> list[str]:
    return re.findall(r'data-key="([^"]+)"', html)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_speaks_both_languages(serve: Serve, path: str) -> None:
    page = await serve(busy())
    status, vi, _ = await page.get(path)
    also, en, _ = await page.get(path + "?lang=en")
    assert (status, also) == (200, 200)
    assert '<html lang="vi">' in vi
    assert '<html lang="en">' in en
    assert "Tổng quan" in vi
    assert "Overview" in en
    assert "Tổng quan" not in en
    assert "Findings" not in text_of(vi)


async def test_the_asked_language_travels_with_every_link_and_the_configured_one_does_not(serve: Serve) -> None:
    page = await serve(busy())
    _, en, _ = await page.get("/?lang=en")
    menu = re.findall(r'<a href="([^"]+)"', en)
    assert menu
    assert all("lang=en" in link for link in menu)
    _, vi, _ = await page.get("/")
    assert "lang=vi" not in vi
    english = await serve(busy(), language="en")
    _, first, _ = await english.get("/")
    assert '<html lang="en">' in first
    assert "?lang=vi" in first


async def test_the_first_screen_says_what_where_how_sure_since_when_and_who(serve: Serve) -> None:
    page = await serve(busy())
    seen = text_of((await page.get("/"))[1])
    for said in ("4 phát hiện đang mở", "Màn hình “TV-Sảnh” đang bị phát nội dung lạ", "Sảnh tầng 1", "đã xác nhận", "từ 15/07/2025 08:14:03", "chưa ai nhận"):
        assert said in seen
    assert "Nguyễn Thị Lan đã nhận" in seen
    assert "trên 14 thiết bị nghe thấy: 3 đã có kết luận, 1 chưa rõ" in seen
    assert "Không nghe được: tin riêng giữa hai máy khác" in seen


async def test_nothing_found_is_told_with_what_was_watched(serve: Serve) -> None:
    seen = text_of((await (await serve(quiet())).get("/"))[1])
    assert "Không có phát hiện nào đang mở trên 3 thiết bị nghe thấy: 1 đã có kết luận, 1 chưa rõ" in seen
    assert "không có nghĩa là an toàn" in seen


async def test_a_box_that_does_not_listen_says_so_first(serve: Serve) -> None:
    seen = text_of((await (await serve(Journal())).get("/"))[1])
    assert "Không bộ thu nào đang nghe: chưa thể kết luận gì." in seen


async def test_a_sensor_that_stopped_talking_is_not_called_listening(serve: Serve) -> None:
    journal = quiet()
    journal.now = NOW + 10 * 60 * 1_000_000_000
    seen = text_of((await (await serve(journal)).get("/"))[1])
    assert "im lặng" in seen
    assert "đang nghe:" in seen
    assert "Không bộ thu nào đang nghe" in seen


async def test_the_fifteen_rows_count_the_worst_answer_of_each_subject(serve: Serve) -> None:
    journal = quiet()
    journal.judged = [
        lamps(1, Outcome.VIOLATION, "yes", "yes", "yes", "no"),
        lamps(2, Outcome.CLEAR, "yes", "yes", "no", "no"),
        msgspec.structs.replace(lamps(2, Outcome.UNKNOWN, "yes", "yes", "no", "no"), detector="VG-END-11"),
        lamps(3, Outcome.NOT_APPLICABLE, "yes", "no", "no", "no"),
    ]
    second = msgspec.structs.replace(ABOUTS[0], id="VG-END-11")
    page = await serve(journal, abouts=(*ABOUTS, second))
    html = (await page.get("/"))[1]
    rows = re.findall(r"<tr class=\"(\w+)\">(.*?)</tr>", html, re.S)
    assert len(rows) == 15
    assert text_of(rows[1][1]) == (
        "2 Thiết bị trình chiếu còn bật truy cập, điều khiển, phản chiếu 1 vi phạm màn hình 0 đạt 1 chưa rõ màn hình 1 không áp dụng màn hình"
    )
    assert re.findall(r'href="#s-(\w+)"', rows[1][1]) == ["violation", "clear", "unknown", "not_applicable"]
    assert text_of(rows[0][1]) == "1 Cán bộ và người dân dùng chung mạng chưa được theo dõi"
    assert text_of(rows[13][1]) == "14 Máy chưa kết nối SOC chưa có đối tượng nào để xét, chưa kết luận gì"
    assert re.findall(r'href="#s-(\w+)"', rows[13][1]) == ["unknown"], "a rule that met nobody has seen nothing"
    assert text_of(rows[14][1]) == "15 Theo dõi 24/7, kịp thời ứng phó đo, không xét: chưa cấu hình nơi nhận nào"
    assert [kind for kind, _ in rows] == ["unwatched", "counted", *["unwatched"] * 11, "unmet", "measured"]


async def test_that_a_pc_is_silent_is_no_answer_about_it(serve: Serve) -> None:
    journal = quiet()
    silent = msgspec.structs.replace(lamps(2, Outcome.VIOLATION, "yes", "yes", "yes", "yes"), detector="VG-COV-01", state=())
    journal.judged = [lamps(1, Outcome.CLEAR, "yes", "yes", "no", "no"), lamps(2, Outcome.UNKNOWN, "yes", "unknown", "unknown", "unknown"), silent]
    html = (await (await serve(journal)).get("/"))[1]
    assert "trên 3 thiết bị nghe thấy: 1 đã có kết luận, 1 chưa rõ" in text_of(html)
    figures = text_of(html.partition('id="coverage"')[2].partition("</section>")[0])
    assert "thiết bị nghe thấy 3 đã có kết luận 1 chưa rõ 1 không xét 1" in figures, "the four figures agree"


async def test_a_network_that_is_clear_is_not_read_as_a_pc(serve: Serve) -> None:
    """A lawful DHCP server clears a device in the matter of firewalls; that no PC told of its own is said beside it, and what was never declared above."""
    server = msgspec.structs.replace(ABOUTS[0], id="VG-NET-04", findings=(13,))
    host = msgspec.structs.replace(server, id="VG-END-10", needs=("endpoint",))
    journal = quiet()
    journal.judged = [msgspec.structs.replace(lamps(1, Outcome.CLEAR, "yes", "yes", "no", "no"), detector="VG-NET-04")]
    html = (await (await serve(journal, abouts=(server, host))).get("/"))[1]
    row = text_of(re.findall(r"<tr class=\"\w+\">(.*?)</tr>", html, re.S)[12])
    assert row == "13 Không có tường lửa bảo vệ mạng Chưa có máy tính nào báo về để xét. 0 vi phạm 1 đạt thiết bị 0 chưa rõ 0 không áp dụng"
    figures = text_of(html.partition('id="coverage"')[2].partition("</section>")[0])
    assert figures.endswith("không xét 2 máy tính chưa khai báo cổng thông tin chưa khai báo")


async def test_the_fifteenth_is_measured(serve: Serve) -> None:
    assert "tin chờ gửi lâu nhất 12 phút" in text_of((await (await serve(busy())).get("/"))[1])


async def test_filters_live_in_the_address(serve: Serve) -> None:
    page = await serve(busy())
    shown = {
        "": ["000000000001", "000000000002", "000000000003", "000000000004"],
        "?muc=high": ["000000000002"],
        "?trang-thai=resolved": ["000000000005"],
        "?trang-thai=all&muc=medium": ["000000000003", "000000000005"],
        "?so=14": ["000000000003"],
        "?quy-tac=VG-NET-03": ["000000000001"],
        "?quy-tac=VG-NET-02&muc=low&so=2": ["000000000004"],
        "?muc=critical&so=14": [],
    }
    for query, wanted in shown.items():
        status, html, _ = await page.get("/phat-hien" + query)
        assert (status, keys(html)) == (200, wanted), query
    assert "Không phát hiện nào khớp bộ lọc này." in html


@pytest.mark.parametrize("query", ["muc=very", "so=16", "so=-1", "trang-thai=pending", "quy-tac=%3Cscript%3E", "so=1e9"])
async def test_a_filter_that_cannot_be_is_one_sentence(serve: Serve, query: str) -> None:
    status, html, _ = await (await serve(busy())).get("/phat-hien?" + query)
    assert status == 400
    assert "nhận một trong" in html
    assert "<script>" not in html


async def test_the_order_does_not_depend_on_the_journal(serve: Serve) -> None:
    journal = busy()
    page = await serve(journal)
    first = keys((await page.get("/phat-hien?trang-thai=all"))[1])
    journal.changes.reverse()
    assert keys((await page.get("/phat-hien?trang-thai=all"))[1]) == first


async def test_long_lists_are_paged_and_keep_their_filters(serve: Serve) -> None:
    journal = Journal(changes=[change(finding(n, Subject("asset", f"a{n}"), Severity.HIGH, Grade.LIKELY, Text("một", "one"))) for n in range(1, 121)])
    page = await serve(journal)
    seen = []
    for number in (1, 2, 3):
        _, html, _ = await page.get(f"/phat-hien?muc=high&trang={number}")
        seen += keys(html)
    assert seen == [f"{n:012x}" for n in range(1, 121)]
    assert 'href="/phat-hien?muc=high&amp;trang=2"' in html
    assert keys((await page.get("/phat-hien?trang=99999999999999999999"))[1]) == seen[:50]
    assert "Xem cả 120 phát hiện đang mở" in (await page.get("/"))[1]


async def test_one_finding_tells_all(serve: Serve) -> None:
    page = await serve(busy())
    seen = text_of((await page.get("/phat-hien/000000000001"))[1])
    for said in (
        "Cần làm gì Tắt phản chiếu trên màn hình nếu không dùng.",
        "hxxp://203.0.113.7/v.mp4",
        "thiết bị tự nói ra, đọc trực tiếp từ thiết bị, hoặc nghe được chính việc đó",
        "bởi Trần Văn Minh: đã xuống sảnh kiểm tra",
        "Đã báo cho ai Trả lời Trần Văn Minh nhận xử lý lúc",
        "VG-NET-03/000000000001",
        "02:00:00:00:00:01",
        "gọi trực",
    ):
        assert said in seen
    steps = [seen.index(word) for word in ("đã tiếp nhận 15/07/2025", "cập nhật 15/07/2025", "phát hiện mới 15/07/2025")]
    assert steps == sorted(steps)


async def test_a_finding_that_cannot_be_checked_again_says_why(serve: Serve) -> None:
    journal = busy()
    stale = msgspec.structs.replace(journal.changes[1].finding, stale=Text("bộ thu im lặng", "sensor silent"))
    journal.changes[1] = change(stale, "TV")
    assert "Hiện chưa kiểm tra lại được: bộ thu im lặng" in text_of((await (await serve(journal)).get(f"/phat-hien/{stale.id}"))[1])


async def test_assets_are_found_by_name_and_address(serve: Serve) -> None:
    page = await serve(busy())
    assert len(keys((await page.get("/thiet-bi"))[1])) == 14
    assert keys((await page.get("/thiet-bi?tim=tv-s%E1%BA%A3nh"))[1]) == ["a0000000000000001"]
    assert keys((await page.get("/thiet-bi?tim=192.168.1.3"))[1]) == ["a0000000000000002"]
    assert keys((await page.get("/thiet-bi?tim=02:00:00:00:00:0A"))[1]) == ["a000000000000000a"]
    assert "Không thiết bị nào khớp." in (await page.get("/thiet-bi?tim=zzz"))[1]


async def test_screens_show_four_lamps_and_never_guess(serve: Serve) -> None:
    page = await serve(busy())
    _, html, _ = await page.get("/man-hinh")
    screens = dict(zip(keys(html), re.findall(r'<li class="screen panel".*?</ul>', html, re.S), strict=True))
    # The first was taken over, which is worse than being open.
    assert list(screens) == ["a0000000000000001", "a0000000000000002", "a0000000000000003", "a0000000000000004"]
    lit = {key: re.findall(r'<li class="lamp (\w+) (\w+)">', part) for key, part in screens.items()}
    assert lit["a0000000000000003"] == [("present", "yes"), ("enabled", "unknown"), ("open", "unknown"), ("in_session", "unknown")]
    assert lit["a0000000000000001"] == [("present", "yes"), ("enabled", "yes"), ("open", "yes"), ("in_session", "yes")]
    assert re.findall(r'href="#s-(\w+)"', screens["a0000000000000004"]) == ["violation", "violation", "ring", "ring"]
    assert "AirPlay, DLNA" in html


async def test_the_worst_screen_stands_first(serve: Serve) -> None:
    lit = ("yes", "yes", "yes", "no")
    severe = msgspec.structs.replace(lamps(9, Outcome.VIOLATION, *lit), severity=Severity.HIGH)
    journal = Journal(judged=[lamps(2, Outcome.UNKNOWN, *lit), lamps(1, Outcome.VIOLATION, *lit), lamps(3, Outcome.CLEAR, *lit), severe])
    _, html, _ = await (await serve(journal)).get("/man-hinh")
    assert [int(key[1:], 16) for key in keys(html)] == [9, 1, 2, 3]


async def test_a_lamp_nobody_answered_for_is_unknown(serve: Serve) -> None:
    journal = Journal(judged=[msgspec.structs.replace(lamps(1, Outcome.VIOLATION, "yes", "maybe", "", "YES"), state=(("enabled", "perhaps"),))])
    _, html, _ = await (await serve(journal)).get("/man-hinh")
    assert re.findall(r'class="lamp \w+ (\w+)"', html) == ["unknown"] * 4


async def test_sensors_and_sinks_show_what_was_lost(serve: Serve) -> None:
    page = await serve(busy())
    sensors = text_of((await page.get("/bo-thu"))[1])
    assert "Gói mất 4.812" in sensors
    assert "Cạc mạng enp2s0 đã mất kết nối" in sensors
    assert "Nhật ký trên đĩa 4,2 MB" in sensors
    sinks = text_of((await page.get("/gui-di"))[1])
    assert "soc-elastic 1.204 12 phút 88.120 chưa rõ chưa rõ 1 không nối được tới máy chủ" in sinks
    assert "mapper_parsing_exception" in sinks


@pytest.mark.parametrize(
    "path", ["/x", "/phat-hien/ffff", "/thiet-bi/none", "/static/", "/static/nope.css", "/static/..%2fapp.py", "/metrics", "/phat-hien/../../etc/passwd"]
)
async def test_what_is_not_there_is_a_page_that_says_so(serve: Serve, path: str) -> None:
    status, html, headers = await (await serve(busy())).get(path)
    assert status == 404
    assert "Không có trang này" in html
    assert headers["Content-Security-Policy"] == POLICY


async def up(_: web.Request) -> web.Response:
    return web.Response(text="up 1\n")


async def test_every_answer_carries_the_guards(serve: Serve) -> None:
    page = await serve(busy(), metrics=up)
    style = re.search(r'href="(/static/style[^"]+)"', (await page.get("/"))[1])
    assert style is not None
    for path in (*PAGES, "/x", style[1], "/metrics", "/-/healthy", "/-/ready", "/phat-hien?so=99"):
        _, _, headers = await page.get(path)
        assert headers["Content-Security-Policy"] == POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Server"] == "vonggac"
        assert ("immutable" if path == style[1] else "no-store") in headers["Cache-Control"]
        assert "Set-Cookie" not in headers
    for word in ("unsafe", "http:", "https:", "data:", "*"):
        assert word not in POLICY


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost:80", 200), ("LOCALHOST", 200), ("[::1]:9", 200), ("soc.xa-a.vn", 200)],
)
async def test_only_known_names_are_answered(serve: Serve, host: str, status: int) -> None:
    page = await serve(quiet(), hosts=["soc.xa-a.vn"])
    for path in ("/", "/events", "/-/ready", "/metrics", "/static/style.css"):
        if path == "/events" and status == 200:
            continue
        answered, body, _ = await page.get(path, Host=host)
        assert (answered == 421) == (status == 421), path
        assert status == 200 or "phát hiện" not in body


def test_host_names_are_read_with_and_without_port() -> None:
    assert [host_of(h) for h in ("A.b:80", "[::1]:80", "[::1]", "localhost.", "localhost.:1", "")] == ["a.b", "::1", "::1", "localhost", "localhost", ""]


async def test_nothing_leads_or_loads_from_elsewhere(serve: Serve) -> None:
    page = await serve(busy())
    for path in PAGES:
        _, html, _ = await page.get(path)
        targets = re.findall(r'\b(?:href|src|action|formaction|poster|data)="([^"]*)"', html)
        assert targets
        assert [t for t in targets if not re.match(r"(/(?!/)|#)", t)] == [], path
        assert not re.search(r"<(style|iframe|object|embed|base)\b|\son\w+=|\sstyle=", html), path
        assert re.findall(r"<script[^>]*>", html) == re.findall(r'<script src="/static/live\.js\?v=\w+" defer>', html)


async def test_ready_only_while_core_answers_healthy_always(serve: Serve) -> None:
    journal = quiet()
    page = await serve(journal)
    assert (await page.get("/-/ready"))[:2] == (200, "ready\n")
    journal.down = True
    assert (await page.get("/-/ready"))[0] == 503
    assert (await page.get("/-/healthy"))[:2] == (200, "ok\n")
    status, html, headers = await page.get("/")
    assert status == 503
    assert "Lõi chưa trả lời" in html
    assert "Traceback" not in html
    assert headers["Content-Security-Policy"] == POLICY
    journal.down = False
    assert (await page.get("/"))[0] == 200


async def test_what_else_the_reader_raises_can_be_named(serve: Serve) -> None:
    class DiskError(Exception):
        pass

    class Broken(Journal):
        async def rows(self):
            raise DiskError

    assert (await (await serve(Broken(), failures=(DiskError,))).get("/"))[0] == 503


async def test_metrics_are_those_of_the_exporter(serve: Serve) -> None:
    journal = busy()
    metrics = Metrics(journal, now=lambda: NOW, version="0.1.0")
    status, text, headers = await (await serve(journal, metrics=metrics.scrape)).get("/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    assert re.search(r"^vonggac_\w+", text, re.M)
    assert "TV-S" not in text


async def test_a_page_stays_under_its_weight_whatever_devices_say(serve: Serve) -> None:
    loud = "„<b>&'\"" * 2_000
    rows: list[Finding] = [finding(n, Subject("asset", f"a{n:016x}"), Severity.HIGH, Grade.LIKELY, Text(loud, loud), owner=loud) for n in range(1, 301)]
    journal = busy()
    journal.changes = [change(row, loud, ips=(loud,) * 9, macs=(loud,) * 9) for row in rows]
    for asset in journal.devices:
        asset.names = {f"mdns:{loud}{n}": asset.seen for n in range(16)}
        asset.ips = {f"{loud}{n}": asset.seen for n in range(32)}
    page = await serve(journal)
    html = (await page.get("/"))[1]
    shared = sum([len((await page.get(path))[1].encode()) for path in set(re.findall(r'"(/static/[^"]+)"', html))])
    assert 10_000 < shared < 60_000
    for path in PAGES:
        async with page.client.get(page.url + path, headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as answer:
            packed = len(await answer.read())
            assert answer.headers["Content-Encoding"] == "gzip"
        assert packed + shared < 200_000, path


async def test_acting_is_off_unless_handed_in(serve: Serve) -> None:
    page = await serve(busy())
    assert "<form method" not in (await page.get("/phat-hien/000000000001"))[1]
    for path in (*PAGES, "/phat-hien/000000000001/dong"):
        async with page.client.post(page.url + path, data={"by": "x", "why": "y"}) as answer:
            assert answer.status in {404, 405}, path
            if answer.status == 405:
                assert "GET" in answer.headers["Allow"]
