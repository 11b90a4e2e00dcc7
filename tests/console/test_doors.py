"""Who gets in, who may do what, and what is noted: over HTTP, without a browser."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from exporters.console import live, make_app, passwords
from exporters.console.users import ROLES
from model.trail import Entry
from tests.console.commune import Hand, busy
from tests.console.conftest import Serve
from tests.console.people import NAMES, SECRET, Letters, Person, Time, doors, user, write_users

AT = "/phat-hien/000000000001"
OTHER = "một câu dài khác hẳn"


def noted(made: Any) -> list[tuple[str, str, str, str]]:
    """Who, what, to what, how: oldest first."""
    entries: list[Entry] = list(reversed(made.trail.latest(1_000)))
    return [(entry.by, entry.deed, entry.about, entry.outcome) for entry in entries]


@pytest.fixture
def staffed(serve: Serve, tmp_path: Path) -> Any:
    """A page with three users: its address, its doors, what was done to its findings, its clock."""

    async def start(**fields: Any) -> Any:
        journal, clock = busy(), Time()
        hand = Hand(journal)
        made = doors(tmp_path, clock, **fields)
        page = await serve(journal, acts=hand, doors=made)
        return page, made, hand, clock

    return start


async def test_nothing_is_shown_before_the_log_in(staffed) -> None:
    page, _, _, _ = await staffed()
    for path in ("/", "/phat-hien?so=2", AT, "/gui-di", "/nguoi-dung", "/so-thao-tac", "/mat-khau", "/nowhere", "/bao-cao/x.csv"):
        status, text, headers = await page.get(path)
        assert (status, "TV-Sảnh" in text) == (303, False), path
        assert headers["Location"].startswith("/dang-nhap"), path
    status, text, _ = await page.get("/dang-nhap")
    assert status == 200
    assert "TV-Sảnh" not in text
    assert '<nav class="menu"' not in text
    assert (await page.get("/events"))[0] == 401
    assert (await page.get("/-/healthy"))[0] == 200


async def test_a_log_in_leads_to_what_was_asked_for(staffed) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as lan:
        asked = await lan.get("/phat-hien?so=2&lang=en")
        assert asked.headers["Location"] == "/dang-nhap?tiep=/phat-hien?so%3D2%26lang%3Den&lang=en"
        form = await lan.get(asked.headers["Location"])
        assert "Log in" in form.text
        assert 'name="tiep" value="/phat-hien?so=2&amp;lang=en"' in form.text
        answer = await lan.log_in("analyst", tiep="/phat-hien?so=2&lang=en")
        assert (answer.status, answer.headers["Location"]) == (303, "/phat-hien?so=2&lang=en")
        assert "lan, phân tích viên" in (await lan.get("/")).text
    assert noted(made) == [("lan", "login", "", "done")]


@pytest.mark.parametrize("onward", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/\n/evil", "", "/" + "a" * 600])
async def test_a_log_in_leads_nowhere_else(staffed, onward: str) -> None:
    page, _, _, _ = await staffed()
    async with Person(page.url) as lan:
        assert (await lan.log_in("analyst", tiep=onward)).headers["Location"] == "/"


async def test_the_cookie_is_for_this_page_alone(staffed) -> None:
    page, _, _, _ = await staffed()
    async with Person(page.url) as lan:
        cookie = (await lan.log_in("analyst")).headers["Set-Cookie"]
        assert re.fullmatch(r"vonggac=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict", cookie)


async def test_a_session_that_was_brought_along_is_never_taken_on(staffed) -> None:
    page, _, _, _ = await staffed()
    async with Person(page.url) as lan:
        planted = {"Cookie": "vonggac=" + "A" * 43}
        assert (await lan.get("/", **planted)).status == 303
        cookie = (await lan.post("/dang-nhap", {"name": "lan", "password": SECRET}, **planted)).headers["Set-Cookie"]
        assert "A" * 43 not in cookie
    async with Person(page.url) as thief:
        assert (await thief.get("/", **planted)).status == 303


async def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(staffed) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as person:
        wrong = await person.log_in("analyst", "sai mật khẩu rồi nhé")
        unknown = await person.log_in("nobody", "sai mật khẩu rồi nhé")
        secret_as_name = await person.log_in(SECRET, "")
    assert (wrong.status, unknown.status, secret_as_name.status) == (403, 403, 403)
    assert wrong.text == unknown.text
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong.text
    assert noted(made) == [("lan", "login_failed", "", "wrong password"), *[("", "login_failed", "", "unknown name")] * 2]
    assert SECRET not in made.trail.path.read_text()


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(staffed, tmp_path: Path) -> None:
    """Both make one hash of the real cost. What is compared is how often, for times jump on a busy machine."""
    write_users(tmp_path / "users.json", user("administrator", hash=passwords.made(SECRET)))
    page, _, _, _ = await staffed()
    async with Person(page.url) as person:
        await person.log_in("nobody", "một lần cho ấm")
        spent = []
        for name in ("administrator", "nobody"):
            before = time.process_time()
            await person.log_in(name, "sai mật khẩu rồi nhé")
            spent.append(time.process_time() - before)
    assert min(spent) > 0.02
    assert max(spent) < 4 * min(spent)


async def test_mistakes_cost_time_and_never_the_account(staffed) -> None:
    page, made, _, clock = await staffed()
    async with Person(page.url) as lan:
        for _ in range(5):
            assert (await lan.log_in("analyst", "sai mật khẩu rồi nhé")).status == 403
        answer = await lan.log_in("analyst")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert "hãy thử lại sau 1 giây" in answer.text
        assert (await lan.log_in("viewer")).status == 429, "the address waits too"
        clock.seconds += 1
        assert (await lan.log_in("analyst")).status == 303
    assert [deed for _, deed, _, _ in noted(made)] == ["login_failed"] * 5 + ["login"], "tries that are not heard are not noted"


async def test_tries_at_once_are_heard_one_by_one(staffed) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as person:
        answers = await asyncio.gather(*(person.log_in("analyst", f"sai mật khẩu {n} rồi nhé") for n in range(30)))
    assert sum(answer.status == 403 for answer in answers) == 5
    assert sum(answer.status == 429 for answer in answers) == 25
    assert len(noted(made)) == 5


# Every address that takes a form, and who may send it.
FORMS = {
    AT + "/nhan": ("analyst", "administrator"),
    AT + "/chap-nhan": ("analyst", "administrator"),
    AT + "/dong": ("analyst", "administrator"),
    "/phat-hien/nhan": ("analyst", "administrator"),
    "/gui-di/tin": ("administrator",),
    "/nguoi-dung": ("administrator",),
    "/nguoi-dung/hoa/vai-tro": ("administrator",),
    "/nguoi-dung/hoa/khoa": ("administrator",),
    "/nguoi-dung/hoa/mo": ("administrator",),
    "/nguoi-dung/hoa/mat-khau": ("administrator",),
    "/mat-khau": ROLES,
    "/dang-xuat": ROLES,
}
ADMINISTRATORS_PAGES = ("/nguoi-dung", "/so-thao-tac")


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_do_what_it_may(staffed, role: str) -> None:
    page, made, hand, _ = await staffed(letters=Letters())
    async with Person(page.url) as person:
        await person.log_in(role)
        for path, allowed in FORMS.items():
            answer = await person.submit(path)
            assert (answer.status == 403) == (role not in allowed), (path, answer.status)
            if role not in allowed:
                assert noted(made)[-1][:3] == (NAMES[role], "denied", f"POST {path}")
                assert "Không thực hiện được" in answer.text
        await person.log_in(role)
        for path in ADMINISTRATORS_PAGES:
            assert (await person.get(path)).status == (200 if role == "administrator" else 403), path
        menu = re.findall(r'href="(/[\w-]*)"', (await person.get("/")).text)
        assert (set(ADMINISTRATORS_PAGES) <= set(menu)) == (role == "administrator")
    assert bool(hand.asked) == (role != "viewer")


def test_every_form_of_the_page_is_in_the_table_above(tmp_path: Path) -> None:
    """A form that nobody thought of would be the administrators' alone; this says that somebody thought of it."""
    app = make_app(busy(), Hand(busy()), doors=doors(tmp_path, letters=Letters()))
    patterns = [route.resource for route in app.router.routes() if route.method == "POST" and route.resource]
    samples = [*FORMS, "/dang-nhap"]
    unmatched = [
        resource.canonical
        for resource in patterns
        if not any(resource.get_info().get("pattern", re.compile(re.escape(resource.canonical))).fullmatch(path) for path in samples)
    ]
    assert len(patterns) == 8
    assert unmatched == []


async def test_acts_go_by_the_name_of_who_is_logged_in(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        finding = await lan.get(AT)
        assert "Ghi tên: lan" in finding.text
        assert 'name="by"' not in finding.text
        answer = await lan.post(AT + "/nhan", {"token": finding.token, "by": "Giám đốc"})
        assert (answer.status, answer.headers["Location"]) == (303, AT)
        assert "lan đã nhận" in (await lan.get("/")).text
        await lan.submit(AT + "/chap-nhan", until="2026-12-31", why="chờ mua màn hình mới")
    assert [(act.kind, act.by) for act in hand.asked] == [("acknowledge", "lan"), ("accept", "lan")]
    assert noted(made)[1:] == [("lan", "acknowledge", "000000000001", "done"), ("lan", "accept", "000000000001", "done")]


async def test_acts_that_do_not_fit_are_refused_with_a_sentence(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        answer = await lan.submit(AT + "/dong", why=" ")
        assert (answer.status, "phải ghi lý do" in answer.text) == (409, True)
        answer = await lan.submit(AT + "/chap-nhan", why="sự kiện", until="31/12/2025")
        assert (answer.status, "năm-tháng-ngày" in answer.text) == (400, True)
        assert (await lan.submit(AT + "/chap-nhan", why="sự kiện", until="2025-07-20")).status == 303
        assert hand.journal.changes[0].finding.accepted_until == 1_753_030_799_000_000_000  # 23:59:59 20/07/2025 in Viet Nam
        assert "đã chấp nhận rủi ro" in (await lan.get(AT)).text
    assert noted(made)[1] == ("lan", "close", "000000000001", "phải ghi lý do (--why)")


async def test_many_findings_are_taken_at_once(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        listed = (await lan.get("/phat-hien?muc=high")).text
        assert 'name="back" value="/phat-hien?muc=high"' in listed
        ids = ["000000000001", "000000000002", "000000000002", "<script>"]
        answer = await lan.submit("/phat-hien/nhan", finding=ids, back="/phat-hien?muc=high")
        assert (answer.status, answer.headers["Location"]) == (303, "/phat-hien?muc=high")
        assert [act.finding for act in hand.asked] == ["000000000001", "000000000002"]
        partly = await lan.submit("/phat-hien/nhan", finding=["000000000003", "000000000005"])
        assert (partly.status, "Đã nhận 1 phát hiện; 1 không nhận được" in partly.text) == (409, True)
        assert (await lan.submit("/phat-hien/nhan")).status == 400
        outward = await lan.submit("/phat-hien/nhan", finding=["000000000004"], back="//evil.example")
        assert outward.headers["Location"] == "/"
    assert [about for _, deed, about, _ in noted(made) if deed == "acknowledge"] == [f"{n:012x}" for n in (1, 2, 3, 5, 4)]


async def test_dead_letters_go_out_again_or_away_by_an_administrator(staffed) -> None:
    letters = Letters()
    page, made, _, _ = await staffed(letters=letters)
    async with Person(page.url) as minh:
        await minh.log_in("administrator")
        assert 'value="soc-elastic/0197f0c2-finding"' in (await minh.get("/gui-di")).text
        chosen = ["soc-elastic/0197f0c2-finding", "a/b/7", "no-row/", "x"]
        assert (await minh.submit("/gui-di/tin", what="replay", letter=chosen)).status == 303
        assert (await minh.submit("/gui-di/tin", what="purge", letter=chosen)).status == 400, "without a reason"
        assert (await minh.submit("/gui-di/tin", what="purge", letter=chosen[:1], why="bản tin thử")).status == 303
        assert (await minh.submit("/gui-di/tin", what="replay")).status == 400
    async with Person(page.url) as hoa:
        await hoa.log_in("viewer")
        assert 'name="letter"' not in (await hoa.get("/gui-di")).text
    assert letters.asked == [("replay", "soc-elastic", ("0197f0c2-finding",)), ("replay", "a/b", ("7",)), ("purge", "soc-elastic", ("0197f0c2-finding",))]
    assert noted(made)[3][:3] == ("minh", "letters_purge", "soc-elastic 1/1: 0197f0c2-finding")


async def test_a_form_must_be_ours_and_of_this_session(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan, Person(page.url) as hoa:
        await lan.log_in("analyst")
        await hoa.log_in("viewer")
        own, foreign = (await lan.get("/mat-khau")).token, (await hoa.get("/mat-khau")).token
        assert own != (await lan.get("/mat-khau")).token, "written another way each time"
        for token, origin, more in (
            (foreign, page.url, {}),
            ("", page.url, {}),
            ("%%%", page.url, {}),
            (own[:-4], page.url, {}),
            (own, "http://evil.example", {}),
            (own, "null", {}),
            (own, "", {}),
            (own, page.url, {"Sec_Fetch_Site": "same-site"}),
        ):
            answer = await lan.post(AT + "/nhan", {"token": token}, Origin=origin, **more)
            assert (answer.status, hand.asked) == (403, []), (token, origin)
            assert "không đến từ trang này" in answer.text
            assert noted(made)[-1] == ("lan", "denied", f"POST {AT}/nhan", "forged")
        assert (await lan.post(AT + "/nhan", {"token": own})).status == 303
        for origin in ("http://evil.example", "null", ""):
            assert (await hoa.post("/dang-nhap", {"name": "minh", "password": SECRET}, Origin=origin)).status == 403


async def test_a_session_ends_by_itself(staffed) -> None:
    page, _, hand, clock = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        token = (await lan.get("/mat-khau")).token
        clock.seconds += 1_700
        assert (await lan.get("/")).status == 200, "whoever does something stays"
        clock.seconds += 1_700
        assert (await lan.get("/", Sec_Fetch_Mode="cors")).status == 200
        clock.seconds += 101
        assert (await lan.get("/")).status == 303, "what the page reads by itself keeps nobody in"
        refused = await lan.post(AT + "/nhan", {"token": token})
        assert (refused.status, hand.asked) == (401, [])
        assert "Chưa có gì thay đổi" in refused.text
        await lan.log_in("analyst")
        for _ in range(43_200 // 1_000):
            assert (await lan.get("/")).status == 200
            clock.seconds += 1_000
        clock.seconds += 200
        assert (await lan.get("/")).status == 303, "nobody stays longer than a shift"


async def test_logging_out_ends_the_session_not_only_the_cookie(staffed) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as lan:
        cookie = (await lan.log_in("analyst")).headers["Set-Cookie"].partition(";")[0]
        left = await lan.submit("/dang-xuat")
        assert (left.status, left.headers["Location"]) == (303, "/dang-nhap")
        assert "Max-Age=0" in left.headers["Set-Cookie"]
        assert (await lan.get("/", Cookie=cookie)).status == 303
    assert noted(made)[-1] == ("lan", "logout", "", "done")


async def test_a_temporary_password_is_for_one_log_in(staffed, tmp_path: Path) -> None:
    write_users(tmp_path / "users.json", user("administrator"), user("analyst", must_change=True))
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan, Person(page.url) as elsewhere:
        await elsewhere.log_in("analyst")
        assert (await lan.log_in("analyst")).headers["Location"] == "/mat-khau"
        for path in ("/", AT, "/phat-hien?lang=en"):
            assert (await lan.get(path)).headers["Location"].startswith("/mat-khau"), path
        assert (await lan.submit(AT + "/nhan")).headers["Location"] == "/mat-khau"
        assert hand.asked == []
        for old, new, again, said in (
            ("sai mật khẩu rồi nhé", OTHER, OTHER, "hiện nay không đúng"),
            (SECRET, OTHER, OTHER + "x", "không giống nhau"),
            (SECRET, SECRET, SECRET, "phải khác mật khẩu hiện nay"),
            (SECRET, "ngắn quá", "ngắn quá", "từ 12 đến 256 ký tự"),
            (SECRET, "xin chào lan nhé", "xin chào lan nhé", "không được chứa tên"),
            (SECRET, "ababababababab", "ababababababab", "lặp lại"),
        ):
            answer = await lan.submit("/mat-khau", password=old, new=new, again=again)
            assert (answer.status, said in answer.text) == (400, True), said
        changed = await lan.submit("/mat-khau", password=SECRET, new=OTHER, again=OTHER)
        assert changed.headers["Location"] == "/"
        assert (await lan.get("/")).status == 200
        assert (await elsewhere.get("/")).status == 303, "other browsers of hers are out"
        assert (await elsewhere.log_in("analyst")).status == 403
        assert (await elsewhere.log_in("analyst", OTHER)).status == 303
    assert ("lan", "own_password", "lan", "done") in noted(made)
    assert OTHER not in (tmp_path / "users.json").read_text() + made.trail.path.read_text()


async def test_administrators_make_and_change_users(staffed, tmp_path: Path) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as minh, Person(page.url) as hoa:
        await minh.log_in("administrator")
        assert (await minh.submit("/nguoi-dung", name="tuan", role="analyst", password=OTHER)).status == 303
        assert "tuan" in (await minh.get("/nguoi-dung")).text
        for name, role, password, said in (
            ("tuan", "viewer", OTHER, "Đã có người dùng tuan"),
            ("Tuấn", "viewer", OTHER, "2 đến 32 chữ thường"),
            ("binh", "viewer", "ngắn", "từ 12 đến 256"),
        ):
            refused = await minh.submit("/nguoi-dung", name=name, role=role, password=password)
            assert (refused.status, said in refused.text) == (409, True), said
        assert (await minh.submit("/nguoi-dung", name="binh", role="emperor", password=OTHER)).status == 400
        await hoa.log_in("viewer")
        assert (await hoa.submit(AT + "/nhan")).status == 403
        await minh.submit("/nguoi-dung/hoa/vai-tro", role="analyst")
        assert (await hoa.submit(AT + "/nhan")).status == 303, "from the next request on"
        await minh.submit("/nguoi-dung/hoa/khoa")
        assert (await hoa.get("/")).status == 303
        assert (await hoa.log_in("viewer")).status == 403
        await minh.submit("/nguoi-dung/hoa/mo")
        assert (await hoa.log_in("viewer")).status == 303
        await minh.submit("/nguoi-dung/hoa/mat-khau", password=OTHER)
        assert (await hoa.get("/")).status == 303
        assert (await hoa.log_in("viewer", OTHER)).headers["Location"] == "/mat-khau"
        last = await minh.submit("/nguoi-dung/minh/khoa")
        assert (last.status, "người quản trị cuối cùng" in last.text) == (409, True)
        shown = (await minh.get("/so-thao-tac")).text
        assert "thêm người dùng" in shown
        assert "đặt mật khẩu tạm" in shown
    assert stat.S_IMODE((tmp_path / "users.json").stat().st_mode) == 0o600
    deeds = [deed for by, deed, about, _ in noted(made) if by == "minh" and about]
    assert deeds == ["user_add", "user_role", "user_disable", "user_enable", "user_password"]


async def test_without_users_the_page_of_this_machine_is_open_to_read_and_shut_once_there_is_one(staffed, tmp_path: Path) -> None:
    page, made, hand, _ = await staffed()
    (tmp_path / "users.json").unlink()
    async with Person(page.url) as person:
        assert (await person.get(AT)).status == 200
        assert (await person.get("/dang-nhap")).headers["Location"] == "/"
        for path in FORMS:
            answer = await person.post(path)
            assert (answer.status, "vonggac users add" in answer.text) == (403, True), path
        assert hand.asked == []
        made.users.add("minh", "administrator", OTHER)
        assert (await person.get(AT)).status == 303


async def test_a_page_that_others_reach_is_shut_while_there_are_no_users(staffed, tmp_path: Path) -> None:
    page, _, _, _ = await staffed(local=False)
    (tmp_path / "users.json").unlink()
    assert (await page.get("/"))[0] == 303
    async with Person(page.url) as person:
        assert (await person.log_in("administrator")).status == 403


async def test_who_cannot_be_noted_does_not_get_in(staffed, tmp_path: Path) -> None:
    page, _, _, _ = await staffed()
    (tmp_path / "page-audit.jsonl").mkdir()
    async with Person(page.url) as lan:
        answer = await lan.log_in("analyst")
        assert (answer.status, "Set-Cookie" in answer.headers) == (503, False)
        assert "Không ghi được sổ thao tác" in answer.text


async def test_users_that_cannot_be_read_shut_the_page(staffed, tmp_path: Path) -> None:
    page, _, _, _ = await staffed()
    (tmp_path / "users.json").write_text("{")
    status, text, _ = await page.get("/")
    assert (status, "bị hỏng" in text, "TV-Sảnh" in text) == (503, True, False)
    write_users(tmp_path / "users.json", user("analyst"))
    (tmp_path / "users.json").chmod(0o644)
    assert "chmod 600" in (await page.get("/"))[1]


async def test_an_open_stream_ends_with_its_session(staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PACE", 0.0)
    page, _, hand, clock = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        async with lan.client.get(page.url + "/events?since=1") as stream:
            assert await stream.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
            clock.seconds += 2_000
            hand.journal.bump()
            async with asyncio.timeout(20):
                while await stream.content.readline():
                    pass
            assert stream.content.at_eof()


async def test_machines_read_figures_from_known_networks_without_a_log_in(staffed, tmp_path: Path) -> None:
    page, _, _, _ = await staffed()
    assert (await page.get("/-/ready"))[0] == 200
    elsewhere, _, _, _ = await staffed(scrapers=(ipaddress.ip_network("10.9.0.0/16"),))
    assert (await elsewhere.get("/-/ready"))[0] == 401
    async with Person(elsewhere.url) as hoa:
        await hoa.log_in("viewer")
        assert (await hoa.get("/-/ready")).status == 200


PROXY = {"X_Forwarded_For": "203.0.113.7, 10.9.0.4", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "soc.tinh.example"}


async def test_only_the_proxy_is_believed(staffed) -> None:
    page, made, _, _ = await staffed(proxy="127.0.0.1")
    async with Person(page.url) as lan:
        form = {"name": "lan", "password": SECRET}
        answer = await lan.post("/dang-nhap", form, **PROXY, Origin="https://soc.tinh.example")
        assert answer.status == 421, "a name nobody configured"
        named = {**PROXY, "X_Forwarded_Host": "localhost"}
        answer = await lan.post("/dang-nhap", form, **named, Origin="https://localhost")
        assert answer.headers["Set-Cookie"].startswith("__Host-vonggac=")
        assert "; Secure" in answer.headers["Set-Cookie"]
        assert (await lan.get("/-/ready", **named)).status == 401, "the client is not this machine"
        clear = await lan.get("/", **{**named, "X_Forwarded_Proto": "http"})
        assert (clear.status, "không mã hóa" in clear.text) == (403, True)
    assert made.trail.latest(1)[0].address == "10.9.0.4", "what the proxy itself added, not what the client brought along"


async def test_nobody_else_is_believed(staffed) -> None:
    page, made, _, _ = await staffed(proxy="192.0.2.1")
    async with Person(page.url) as lan:
        answer = await lan.log_in("analyst")
        assert answer.headers["Set-Cookie"].startswith("vonggac=")
        await lan.post("/dang-nhap", {"name": "lan", "password": "sai mật khẩu rồi nhé"}, **PROXY)
    assert {entry.address for entry in made.trail.latest(9)} == {"127.0.0.1"}


async def test_a_link_from_elsewhere_finds_the_session_again(staffed) -> None:
    """SameSite=Strict keeps the cookie back on the way from a web mail; asked by our own page, the browser brings it."""
    page, _, _, _ = await staffed()
    way = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    status, text, _ = await page.get('/phat-hien?so=2&x="><script>', **way)
    assert status == 200
    assert text == '<!doctype html><meta http-equiv="refresh" content="0;url=/phat-hien?so=2&amp;x=%22%3E%3Cscript%3E">'
    assert (await page.get("/", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="navigate"))[0] == 303
