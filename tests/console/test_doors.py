"""Who gets in, and how: over HTTP, without a browser."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from pathlib import Path

import pytest

from exporters.console import live, passwords
from tests.console.people import SECRET, Person, noted, user, write_users

AT = "/phat-hien/000000000001"


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


async def test_what_cannot_be_noted_is_not_done(staffed, tmp_path: Path) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as minh:
        await minh.log_in("administrator")
        (tmp_path / "page-audit.jsonl").unlink()
        (tmp_path / "page-audit.jsonl").mkdir()
        assert (await minh.submit(AT + "/nhan")).status == 503
        assert (await minh.submit("/nguoi-dung/hoa/khoa")).status == 503
        assert (hand.asked, made.users.named("hoa").disabled) == ([], False)
        await minh.submit("/dang-xuat")
        assert (await minh.get("/")).status == 303


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
    assert "evil" not in (await page.get("//evil.example/", **way))[1]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nno colon\r\n\r\nx\r\n--b--"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"name=lan"),
        ("application/x-www-form-urlencoded; charset=raw_unicode_escape", b"name=lan&password=%5Cud800"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"name=lan"),
        ("application/x-www-form-urlencoded", b"name=%ff&password=%00%ff"),
        ("application/x-www-form-urlencoded", b"&".join(b"name=%d" % n for n in range(900))),
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="name"; filename="x"\r\n\r\nlan\r\n--b--\r\n'),
    ],
    ids=["no-boundary", "broken-part", "utf-16", "surrogates", "no-charset", "no-utf-8", "many", "json", "file"],
)
async def test_what_is_no_form_of_ours_is_refused_not_stumbled_over(staffed, kind: str, body: bytes) -> None:
    page, _, _, _ = await staffed()
    async with Person(page.url) as lan:
        for path in ("/dang-nhap", AT + "/nhan"):
            async with lan.client.post(page.url + path, data=body, headers={"Content-Type": kind, "Origin": page.url}, allow_redirects=False) as answer:
                assert answer.status in {400, 401, 403, 429}, path
            await lan.log_in("viewer")
