"""The page in a real browser: hostile names, colours, narrow screens, keyboard, life without a reload."""

import base64
import re

import msgspec
import pytest

from model.ledger import Change
from model.rows import Held, Service, Sighting
from model.text import Text
from model.verdict import Evidence, Grade, Outcome, Severity, Subject
from tests.console.browser import Browser, Tab
from tests.console.commune import DECLARED, NOW, STAMP, Journal, asset, busy, change, finding, lamps, screen
from tests.console.conftest import Serve
from tests.console.looks import AUDIT, HOSTILE, LIVE, ROWS, assert_it_does_nothing, assert_it_is_well_built, assert_nobody_else_was_asked, text_without_scripts


def hostile() -> Journal:
    """Every place a stranger can write to holds every hostile text."""
    made = busy()
    made.devices, made.changes, made.judged = [], [], []
    for number, name in enumerate(HOSTILE, 1):
        device = asset(number, name)
        device.ips[name] = device.macs[name] = device.names["dhcp:" + name] = device.asked[name] = device.segments[name] = device.seen
        row = Service(name, name, Sighting(NOW, NOW), Held(True, STAMP), host=name, port=1)
        row.texts.append(Held(((name, name),), STAMP))
        device.services[name] = row
        made.devices.append(device)
        text = Text(name, name)
        row_ = finding(
            number,
            Subject("asset", device.id),
            Severity.HIGH,
            Grade.LIKELY,
            text,
            summary=text,
            remedy=(text,),
            stale=text,
            owner=name,
            evidence=(Evidence("mdns", name, NOW), Evidence("ssdp", name, NOW)),
        )
        made.changes.append(change(row_, name, ips=(name,), macs=(name,)))
        made.judged.append(msgspec.structs.replace(lamps(number, Outcome.UNKNOWN, "yes", name, name, name, families=name), reason=text))
    made.others = [msgspec.structs.replace(row, message=HOSTILE[0], interface=HOSTILE[1]) if hasattr(row, "message") else row for row in made.others]
    made.statuses = [msgspec.structs.replace(row, last_error=HOSTILE[n]) for n, row in enumerate(made.statuses)]
    return made


async def test_hostile_names_do_nothing_on_any_page(serve: Serve, browser: Browser, busy_paths: list[str]) -> None:
    page = await serve(hostile())
    tab = await browser.tab()
    await tab.size(360, 740)
    for path in (*busy_paths, *(f"/phat-hien/{n:012x}" for n in range(1, len(HOSTILE) + 1)), *(f"/thiet-bi/a{n:016x}" for n in range(1, len(HOSTILE) + 1))):
        await tab.open(page.url + path)
        await assert_it_does_nothing(tab, path)
    assert_nobody_else_was_asked(tab, page.url)


async def test_the_policy_would_stop_a_script_that_got_in(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.js('document.body.insertAdjacentHTML(\'beforeend\', \'<img src="/x" onerror="document.title=1"><img src="http://198.51.100.1/x">\')')
    await tab.js("new Promise(done => setTimeout(done, 0))")
    await tab.until("performance.now() > 0")
    assert await tab.js("document.title") != "1"
    assert any("Content Security Policy" in message for message in tab.messages)


@pytest.mark.parametrize("dark", [False, True])
async def test_every_word_and_mark_meets_wcag_aa(serve: Serve, browser: Browser, busy_paths: list[str], dark: bool) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.size(1280, 900, dark)
    assert await tab.js("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    for path in (*busy_paths, "/phat-hien?muc=critical&trang-thai=all", "/phat-hien?so=1", "/x"):
        await tab.open(page.url + path)
        audit = await tab.js(AUDIT)
        assert audit["seen"] > 5
        assert audit["bad"] == [], path


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
async def test_no_page_scrolls_sideways(serve: Serve, browser: Browser, busy_paths: list[str], width: int) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.size(width, 740)
    for path in (*busy_paths, "/?lang=en", "/phat-hien?lang=en"):
        await tab.open(page.url + path)
        assert await tab.js("document.documentElement.scrollWidth") <= width, path


async def test_structure_that_a_screen_reader_needs(serve: Serve, browser: Browser, busy_paths: list[str]) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    for path in busy_paths:
        await tab.open(page.url + path)
        await assert_it_is_well_built(tab, path)


async def test_it_reads_without_scripts(serve: Serve, browser: Browser, busy_paths: list[str]) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    for path in busy_paths:
        html = await text_without_scripts(tab, page.url + path)
        assert len(html) > 300
        assert not re.search(r"<button(?![^>]*\bhidden)(?![^>]*type=\"submit\")", html), "a button that needs the script"
    assert not [url for url in tab.requests if "/events" in url]


async def test_the_keyboard_reaches_everything_in_order(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.open(page.url + "/")
    reached = []
    for _ in range(17):
        await tab.key("Tab", 9)
        reached.append(await tab.js("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))
        outline = await tab.js(
            """(e => [e, e.closest('.finding')].some(x => x && getComputedStyle(x).outlineStyle !== 'none'
              && parseFloat(getComputedStyle(x).outlineWidth) >= 2))(document.activeElement)"""
        )
        assert outline, reached
    assert reached[:4] == ["Tới nội dung chính", "Vọng Gác", "Tổng quan", "Phát hiện 4"]
    assert "Màn hình “TV-Sảnh” đang bị phát nội dung lạ" in reached
    await tab.open(page.url + "/")
    await tab.key("Tab", 9)
    await tab.key("Enter", 13)
    assert await tab.until("document.activeElement.id === 'main'")


def one_more(journal: Journal, number: int, severity: Severity = Severity.CRITICAL) -> Change:
    """A new device with a new finding."""
    journal.devices.append(screen(number, f"TV-{number}"))
    made = change(
        finding(number, Subject("asset", f"a{number:016x}"), severity, Grade.CONFIRMED, Text(f"Màn hình mới {number}", f"New {number}"), opened=NOW),
        f"TV-{number}",
    )
    journal.changes.append(made)
    return made


@pytest.mark.parametrize("path", ["/", "/phat-hien"])
async def test_new_rows_announce_themselves_and_enter_when_asked(serve: Serve, browser: Browser, path: str) -> None:
    journal = busy()
    page = await serve(journal)
    tab = await browser.tab()
    await tab.open(page.url + path)
    await tab.until(LIVE)
    before = await tab.js(ROWS)
    place = await tab.js("document.querySelectorAll('[data-key]')[2].getBoundingClientRect().top")
    for number in (21, 22, 23):
        one_more(journal, number)
    journal.bump()
    await tab.until("document.querySelector('[data-fresh]:not([hidden])')")
    assert await tab.js("document.querySelector('[data-fresh]').textContent") == "3 phát hiện mới"
    assert await tab.js("document.title.startsWith('(3) ')")
    assert await tab.js(ROWS) == before
    assert await tab.js("document.querySelectorAll('[data-key]')[2].getBoundingClientRect().top") == place
    assert await tab.js("document.getElementById('badge').textContent") == "7"
    await tab.js("document.querySelector('[data-fresh]').click()")
    assert await tab.js(ROWS) == [*sorted(f"{n:012x}" for n in (21, 22, 23)), *before]
    assert await tab.js("document.activeElement.textContent") == "Màn hình mới 21"
    assert await tab.js("document.querySelectorAll('.finding.new').length") == 3
    assert await tab.js("document.querySelector('[data-fresh]').hidden")
    assert not await tab.js("document.title.startsWith('(')")
    assert tab.messages == []


async def test_what_only_moved_up_is_not_called_new(serve: Serve, browser: Browser) -> None:
    journal = Journal()
    for number in range(1, 11):
        one_more(journal, number, Severity.MEDIUM if number < 9 else Severity.LOW)
    page = await serve(journal)
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    assert len(await tab.js(ROWS)) == 8
    journal.changes[9] = change(msgspec.structs.replace(journal.changes[9].finding, severity=Severity.CRITICAL), "TV-10")
    journal.bump()
    await tab.until("document.querySelector('[data-fresh]:not([hidden])')")
    assert await tab.js("document.querySelector('[data-fresh]').textContent") == "Danh sách đã thay đổi"
    assert not await tab.js("document.title.startsWith('(')")
    one_more(journal, 11, Severity.LOW)
    journal.bump()
    await tab.until("document.querySelector('[data-fresh]').textContent === '1 phát hiện mới'")
    await tab.js("document.querySelector('[data-fresh]').click()")
    assert (await tab.js(ROWS))[0] == f"{10:012x}"
    assert await tab.js("document.querySelector('.onward').textContent") == "Xem cả 11 phát hiện đang mở"


async def test_what_changes_in_a_row_changes_in_place(serve: Serve, browser: Browser) -> None:
    journal = busy()
    page = await serve(journal)
    tab = await browser.tab()
    await tab.open(page.url + "/phat-hien")
    await tab.until(LIVE)
    await tab.js("document.querySelectorAll('.finding-title a')[3].focus()")
    journal.changes[0] = change(msgspec.structs.replace(journal.changes[0].finding, owner="Minh"), "TV-Sảnh")
    gone = journal.changes[1] = change(msgspec.structs.replace(journal.changes[1].finding, state="resolved"), "x")
    journal.changes[3] = change(msgspec.structs.replace(journal.changes[3].finding, owner="Hoa"), "Phong hop Samsung")
    journal.bump()
    await tab.until("document.querySelector('.finding .owned')?.textContent === 'Minh đã nhận'")
    assert await tab.js("document.activeElement.textContent.startsWith('Có thiết bị truyền thông')")
    assert await tab.js(f"document.querySelector('[data-key=\"{gone.finding.id}\"]').classList.contains('gone')")
    assert await tab.js("document.querySelector('[data-fresh]').textContent") == "Danh sách đã thay đổi"
    await tab.js("document.querySelector('[data-fresh]').click()")
    assert await tab.js(ROWS) == ["000000000001", "000000000003", "000000000004"]


async def test_the_first_finding_on_an_empty_page_enters_by_itself(serve: Serve, browser: Browser) -> None:
    journal = Journal()
    page = await serve(journal)
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    one_more(journal, 1)
    journal.bump()
    await tab.until("document.querySelector('.finding')")
    assert await tab.js("document.querySelector('h1').textContent") == "1 phát hiện đang mở"


async def test_a_lost_core_is_said_and_its_return_too(serve: Serve, browser: Browser) -> None:
    journal = busy()
    page = await serve(journal)
    tab = await browser.tab()
    await tab.open(page.url + "/?lang=en")
    await tab.until(LIVE)
    journal.fall(True)
    await tab.until("document.querySelector('#live.away')?.textContent === 'Core does not answer, figures may be old'")
    journal.fall(False)
    await tab.until(LIVE)
    assert await tab.js("document.getElementById('live').textContent") == "Live"


async def test_a_stopped_service_is_said(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    await page.stop()
    await tab.until("document.querySelector('#live.off')")
    assert await tab.js("document.querySelector('#live').textContent") == "Mất kết nối, đang thử lại"


async def test_evidence_is_copied_as_shown(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.open(page.url + "/phat-hien/000000000001")
    await tab.js("(navigator.clipboard.writeText = async (text) => { window.kept = text; }, document.querySelector('[data-copy]').click())")
    assert await tab.until("window.kept") == "SetAVTransportURI hxxp://203.0.113.7/v.mp4 → TV-Sảnh (DLNA), 3a:5e:10:aa:00:17"
    await tab.until("document.querySelector('[data-copy]').textContent === 'Đã chép'")


async def test_the_first_view_is_light(serve: Serve, browser: Browser) -> None:
    page = await serve(busy(), declared=lambda: DECLARED)
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    kinds = sorted({re.sub(r"\?.*", "", url.removeprefix(page.url)) for url in tab.requests if url.startswith(page.url)})
    assert [kind for kind in kinds if kind != "/static/icon.svg"] == ["/", "/events", "/static/live.js", "/static/style.css"]
    assert 0 < sum(tab.bytes.values()) < 200_000


async def test_pictures_are_not_blank(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab: Tab = await browser.tab()
    await tab.size(360, 740)
    await tab.open(page.url + "/")
    shot = await tab.call("Page.captureScreenshot", format="png")
    assert len(base64.b64decode(shot["data"])) > 10_000


async def test_a_printed_page_says_of_when_it_is(serve: Serve, browser: Browser) -> None:
    page = await serve(busy())
    tab = await browser.tab()
    await tab.open(page.url + "/phat-hien")
    await tab.call("Emulation.setEmulatedMedia", media="print")
    seen = "(name => document.querySelector(name).getClientRects().length > 0)"
    assert [await tab.js(f"{seen}('{name}')") for name in ("#asof", ".menu", ".language")] == [True, False, False]
