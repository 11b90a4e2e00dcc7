"""Logging in, acting, managing users in a real browser: keyboard, roles, foreign pages, ends of sessions, narrow screens, colours."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from exporters.console import live
from tests.console.browser import Browser, Tab
from tests.console.commune import change
from tests.console.looks import AUDIT, LIVE
from tests.console.people import NAMES, SECRET, Letters, arrived, entered, noted, sent, typed, user, write_users

AT = "/phat-hien/000000000001"
OTHER = "một câu dài khác hẳn"
STAFF = ("/phat-hien", AT, "/gui-di", "/mat-khau", "/nguoi-dung", "/so-thao-tac")


async def pressed(tab: Tab, selector: str, then: str) -> None:
    """Clicks, and waits for where that leads."""
    await tab.js(f"(document.body.dataset.old = 1, document.querySelector({selector!r}).click())")
    await arrived(tab, then)


async def test_an_analyst_logs_in_and_acts_by_the_keyboard(staffed, browser: Browser) -> None:
    page, made, hand, _ = await staffed()
    tab = await browser.tab()
    await tab.open(page.url + "/phat-hien?muc=critical")
    await arrived(tab, "/dang-nhap?tiep=/phat-hien?muc%3Dcritical")
    assert await tab.js("document.activeElement.name") == "name"
    await typed(tab, "lan", "sai mật khẩu rồi nhé")
    await sent(tab, "/dang-nhap")
    assert await tab.js("document.querySelector('[role=alert]').textContent") == "Tên đăng nhập hoặc mật khẩu không đúng."
    await typed(tab, "lan", SECRET)
    await sent(tab, "/phat-hien?muc=critical")
    await tab.js("document.querySelector('input.pick').focus()")
    await tab.call("Input.dispatchKeyEvent", type="keyDown", key=" ", code="Space", windowsVirtualKeyCode=32, text=" ")
    await tab.call("Input.dispatchKeyEvent", type="keyUp", key=" ", code="Space", windowsVirtualKeyCode=32)
    assert await tab.js("document.querySelector('input.pick').checked")
    await pressed(tab, "#bulk button", "/phat-hien?muc=critical")
    assert await tab.js("document.querySelector('.owned').textContent") == "lan đã nhận"
    await tab.open(page.url + AT)
    await tab.js("document.querySelector('form[action$=\"/dong\"] input[name=why]').focus()")
    await typed(tab, "đã rút dây HDMI")
    await sent(tab, AT)
    assert await tab.js("document.querySelector('.one-mark .state').textContent") == "đã khắc phục"
    assert [(act.kind, act.by, act.why) for act in hand.asked] == [("acknowledge", "lan", ""), ("close", "lan", "đã rút dây HDMI")]
    await pressed(tab, ".who button", "/dang-nhap")
    await tab.call("Page.navigate", url=page.url + AT)
    await arrived(tab, "/dang-nhap?tiep=" + AT)
    assert [deed for _, deed, _, _ in noted(made)] == ["login_failed", "login", "acknowledge", "close", "logout"]
    assert [message for message in tab.messages if "403" not in message] == []


async def test_what_each_role_sees(staffed, browser: Browser) -> None:
    page, _, _, _ = await staffed(letters=Letters())
    seen = {}
    for role in NAMES:
        tab = await browser.tab()
        await tab.call("Network.clearBrowserCookies")
        await entered(tab, page.url, role)
        menu = await tab.js("[...document.querySelectorAll('.menu a')].map(a => a.pathname)")
        counts = []
        for path in ("/phat-hien", AT, "/gui-di"):
            await tab.open(page.url + path)
            counts.append(await tab.js("document.querySelectorAll('main form[method=post]').length"))
        seen[role] = ({"/nguoi-dung", "/so-thao-tac"} & set(menu) != set(), counts)
    assert seen == {"viewer": (False, [0, 0, 0]), "analyst": (False, [1, 3, 0]), "administrator": (True, [1, 3, 1])}


async def test_a_new_user_changes_the_password_first_and_is_told_the_rules(staffed, browser: Browser) -> None:
    page, made, _, _ = await staffed()
    tab = await browser.tab()
    await entered(tab, page.url, "administrator")
    await tab.open(page.url + "/nguoi-dung?lang=en")
    await tab.js("document.querySelector('.acts input[name=name]').focus()")
    await typed(tab, "tuan")
    await tab.js("document.querySelector('.acts select').value = 'analyst'")
    await tab.js("document.querySelector('.acts input[name=password]').focus()")
    await typed(tab, SECRET)
    await sent(tab, "/nguoi-dung?lang=en")
    assert await tab.js("[...document.querySelectorAll('th[scope=row]')].map(cell => cell.textContent)") == ["hoa", "lan", "minh", "tuan"]
    assert await tab.js("document.documentElement.lang") == "en"
    await pressed(tab, ".who button", "/dang-nhap?lang=en")
    await tab.js("document.querySelector('input[name=name]').focus()")
    await typed(tab, "tuan", SECRET)
    await sent(tab, "/mat-khau?lang=en")
    assert "Somebody else set this password" in await tab.js("document.querySelector('main').textContent")
    await tab.js("document.querySelector('input[name=password]').focus()")
    await typed(tab, SECRET, OTHER, OTHER)
    await sent(tab, "/")
    assert await tab.js("document.querySelector('.who a').textContent") == "tuan, phân tích viên"
    assert ("tuan", "own_password", "tuan", "done") in noted(made)


@contextlib.asynccontextmanager
async def stranger(html: str) -> AsyncIterator[str]:
    """A page of somebody else's, on another name and so another site than 127.0.0.1."""

    async def serve(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def test_a_foreign_page_can_neither_act_nor_log_anybody_in(staffed, browser: Browser) -> None:
    page, _, hand, _ = await staffed()
    tab = await browser.tab()
    await entered(tab, page.url, "analyst")
    await tab.open(page.url + AT)
    token = await tab.js("document.querySelector('input[name=token]').value")
    forms = (
        f'<form id="act" method="post" action="{page.url}{AT}/nhan"><input name="token" value="{token}"></form>'
        f'<form id="login" method="post" action="{page.url}/dang-nhap"><input name="name" value="minh"><input name="password" value="{SECRET}"></form>'
    )
    async with stranger(forms) as foreign:
        for form, path in (("act", AT + "/nhan"), ("login", "/dang-nhap")):
            await tab.open(foreign)
            await tab.js(f"document.getElementById({form!r}).submit()")
            await arrived(tab, path)
            assert await tab.js("document.querySelector('h1').textContent") == "Không thực hiện được"
        await tab.open(foreign)
        frame = f"document.body.insertAdjacentHTML('beforeend', '<iframe src=\"{page.url}/\"></iframe>')"
        await tab.js(frame)
        await tab.until("document.querySelector('iframe')")
    await tab.open(page.url + "/")
    assert await tab.js("document.querySelector('.who a').textContent") == "lan, phân tích viên", "still herself"
    assert hand.asked == []


async def test_a_link_in_a_foreign_page_opens_the_finding_for_whoever_is_logged_in(staffed, browser: Browser) -> None:
    page, _, _, _ = await staffed()
    tab = await browser.tab()
    await entered(tab, page.url, "viewer")
    async with stranger(f'<a href="{page.url}{AT}">VG-NET-03</a>') as foreign:
        await tab.open(foreign)
        await tab.js("document.querySelector('a').click()")
        await arrived(tab, AT)
        await tab.until("document.querySelector('.who')")
        assert await tab.js("document.querySelector('h1').textContent") == "Màn hình “TV-Sảnh” đang bị phát nội dung lạ"


async def test_an_open_page_goes_to_the_log_in_when_the_session_is_over_and_comes_back(staffed, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PACE", 0.0)
    page, _, hand, clock = await staffed()
    tab = await browser.tab()
    await entered(tab, page.url, "viewer")
    await tab.open(page.url + "/phat-hien?so=2")
    await tab.until(LIVE)
    clock.seconds += 1_801
    hand.journal.bump()
    await arrived(tab, "/dang-nhap?tiep=/phat-hien?so%3D2")
    await typed(tab, "hoa", SECRET)
    await sent(tab, "/phat-hien?so=2")
    assert await tab.js("document.querySelector('.who a').textContent") == "hoa, người xem"


async def test_ticks_stay_while_the_list_changes(staffed, browser: Browser) -> None:
    page, _, hand, _ = await staffed()
    tab = await browser.tab()
    await entered(tab, page.url, "analyst")
    await tab.open(page.url + "/phat-hien")
    await tab.until(LIVE)
    await tab.js("document.querySelector('input.pick[value=\"000000000002\"]').click()")
    hand.journal.changes[1] = change(msgspec.structs.replace(hand.journal.changes[1].finding, owner="Hoa"), "Màn hình gọi số")
    hand.journal.bump()
    await tab.until("document.querySelector('[data-key=\"000000000002\"] .owned')?.textContent === 'Hoa đã nhận'")
    assert await tab.js("[...document.querySelectorAll('input.pick:checked')].map(box => box.value)") == ["000000000002"]


async def test_who_waits_is_told_how_long(staffed, browser: Browser) -> None:
    page, _, _, _ = await staffed()
    tab = await browser.tab()
    await tab.open(page.url + "/dang-nhap?lang=en")
    for _ in range(5):
        await tab.js("document.querySelector('input[name=name]').focus()")
        await typed(tab, "lan", "wrong and wrong again")
        await sent(tab, "/dang-nhap?lang=en")
    await typed(tab, "lan", SECRET)
    await sent(tab, "/dang-nhap?lang=en")
    assert await tab.js("document.querySelector('[role=alert]').textContent") == "Too many mistakes: try again in 1 s."


STRUCTURE = """({h1: document.querySelectorAll('h1').length,
  labelled: [...document.querySelectorAll('main input:not([type=hidden]), main select')].filter(e => !e.labels.length && !e.ariaLabel).length,
  empty: [...document.querySelectorAll('a, button:not([hidden])')].filter(e => !e.textContent.trim()).length,
  small: [...document.querySelectorAll('main input:not([type=hidden]), main button:not([hidden]), .who button')].filter(e => {
    const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24; }).map(e => e.outerHTML),
  twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)})"""
RIGHT = {"h1": 1, "labelled": 0, "empty": 0, "small": [], "twice": []}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_the_pages_about_people_are_readable_in_both_languages_and_on_a_phone(staffed, browser: Browser, dark: bool, tmp_path: Path) -> None:
    write_users(
        tmp_path / "users.json", *(user(role) for role in NAMES), user("viewer", name="a" * 32, disabled=True), user("analyst", name="tuan", must_change=True)
    )
    page, made, _, _ = await staffed(letters=Letters())
    made.trail.note("login_failed", by="<script>alert(1)</script>" + "W" * 400, outcome="wrong password", address="W" * 200)
    tab = await browser.tab()
    await tab.size(360 if dark else 1280, 800, dark)
    await tab.open(page.url + "/dang-nhap")
    for language in ("", "?lang=en"):
        await tab.open(page.url + "/dang-nhap" + language)
        assert (await tab.js(AUDIT))["bad"] == []
        assert await tab.js(STRUCTURE) == RIGHT
    await entered(tab, page.url, "administrator")
    for path in STAFF:
        for language in ("", "?lang=en"):
            await tab.open(page.url + path + language)
            audit = await tab.js(AUDIT)
            assert audit["seen"] > 5
            assert audit["bad"] == [], path
            assert await tab.js(STRUCTURE) == RIGHT, path
            for width in (320, 360, 768) if dark else (1280,):
                await tab.size(width, 800, dark)
                assert await tab.js("document.documentElement.scrollWidth") <= width, (path, width)
    assert tab.dialogs == []
    assert tab.messages == []
