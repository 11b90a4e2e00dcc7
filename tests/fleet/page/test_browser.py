"""The province's page in a real browser: hostile names, colours, narrow screens, keyboard, life without a reload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

import pytest

from model.fleet.declared import FleetDeclared
from model.text import Text
from model.verdict import Grade, Severity, Subject
from tests.console.browser import Browser
from tests.console.commune import change, finding
from tests.console.looks import AUDIT, HOSTILE, LIVE, assert_it_does_nothing, assert_it_is_well_built, assert_nobody_else_was_asked
from tests.fleet.filled import Filled, Place, declared_of, hostile
from tests.fleet.page.conftest import ServeFleet
from tests.servers.elasticsearch import Elasticsearch

PATHS = ("/", "/phat-hien", "/do-bao-phu", "/gui-di", "/bao-cao", "/diem/xa-a/", "/diem/xa-a/hop", "/diem/xa-a/do-bao-phu", "/diem/xa-im/")
GROUP_REPORT, WHOLE_REPORT = "/bao-cao?cum=Cụm Tây", "/bao-cao?tinh=1"


@pytest.mark.parametrize("dark", [False, True])
async def test_every_word_and_mark_meets_wcag_aa(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared, dark: bool) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    await tab.size(1280, 900, dark)
    for path in (*PATHS, "/?nghe=silent", "/?trang-thai=clear", "/x"):
        await tab.open(page.url + path)
        audit = await tab.js(AUDIT)
        assert audit["seen"] > 5
        assert audit["bad"] == [], path


@pytest.mark.parametrize("width", [320, 1280])
async def test_no_page_scrolls_sideways(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared, width: int) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    await tab.size(width, 740)
    for path in (*PATHS, "/?lang=en", "/do-bao-phu?lang=en"):
        await tab.open(page.url + path)
        assert await tab.js("document.documentElement.scrollWidth") <= width, path


async def test_structure_that_a_screen_reader_needs(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    for path in PATHS:
        await tab.open(page.url + path)
        await assert_it_is_well_built(tab, path)


async def test_hostile_names_do_nothing_on_any_page(serve_fleet: ServeFleet, browser: Browser, elasticsearch: Elasticsearch, namespace: str) -> None:
    made, bad = Filled(elasticsearch, namespace), hostile(HOSTILE)
    made.install()
    made.write(bad)
    page = await serve_fleet(made, declared_of(bad))
    tab = await browser.tab()
    await tab.size(360, 740)
    sites = [f"/diem/{place.site}{path}" for place in bad[:4] for path in ("/", "/hop", "/do-bao-phu", "/thiet-bi", "/ban-do")]
    for path in ("/", "/phat-hien", "/do-bao-phu", "/bao-cao", *sites, f"/bao-cao?cum={HOSTILE[4]}", "/phat-hien?diem=%3Cscript%3Ealert(1)%3C/script%3E"):
        await tab.open(page.url + path)
        await assert_it_does_nothing(tab, path)
    assert_nobody_else_was_asked(tab, page.url)


async def test_the_keyboard_reaches_every_site_in_order(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    await tab.open(page.url + "/?nghe=heard")
    expected = await tab.js("[...document.querySelectorAll('.place h3 a')].map(a => a.textContent)")
    await tab.js("document.querySelector('.filter-act button').focus()")
    reached = []
    for _ in range(len(expected) + 1):
        await tab.key("Tab", 9)
        reached.append(await tab.js("document.activeElement.textContent"))
        outline = "[e, e.closest('.place')].some(x => x && getComputedStyle(x).outlineStyle !== 'none')"
        assert await tab.js(f"(e => {outline})(document.activeElement)"), reached
    assert [name for name in reached if name in expected] == expected


async def test_a_site_that_goes_bad_changes_in_place_without_a_reload(
    serve_fleet: ServeFleet, browser: Browser, elasticsearch: Elasticsearch, namespace: str, places: Sequence[Place]
) -> None:
    made = Filled(elasticsearch, namespace)
    made.install()
    quiet = [place for place in places if place.site in {"xa-01", "xa-02"}]
    made.write(quiet)
    page = await serve_fleet(made, declared_of(quiet))
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    assert await tab.js("document.querySelectorAll('.place.violation').length") == 0
    about = finding(1, Subject("asset", "a0000000000000001"), Severity.CRITICAL, Grade.CONFIRMED, Text("Màn hình đang bị phát nội dung lạ", "Foreign content"))
    place = Place("xa-02", quiet[1].name)
    place.journal.changes = [change(about, "TV-Sảnh")]
    await asyncio.to_thread(made.write, [place])
    await tab.until("document.querySelector('[data-key=xa-02].violation')")
    assert await tab.js("document.querySelector('h1').textContent") == "1 phát hiện đang mở ở 1 điểm"
    assert await tab.js("[...document.querySelectorAll('#sites [data-key]')].map(e => e.dataset.key)") == ["xa-01", "xa-02"], "a list under the finger stays"
    assert await tab.js("!document.querySelector('[data-fresh=sites]').hidden")
    await tab.js("document.querySelector('[data-fresh=sites]').click()")
    assert await tab.js("[...document.querySelectorAll('#sites [data-key]')].map(e => e.dataset.key)") == ["xa-02", "xa-01"]
    assert tab.messages == []


async def test_the_first_view_is_light_and_asks_nobody_else(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    await tab.open(page.url + "/")
    await tab.until(LIVE)
    kinds = sorted({re.sub(r"\?.*", "", url.removeprefix(page.url)) for url in tab.requests if url.startswith(page.url)})
    assert [kind for kind in kinds if kind != "/static/icon.svg"] == ["/", "/events", "/static/fleet.css", "/static/live.js", "/static/style.css"]
    assert 0 < sum(tab.bytes.values()) < 200_000


async def test_a_groups_report_prints_without_the_page_around_it(serve_fleet: ServeFleet, browser: Browser, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    tab = await browser.tab()
    for path in (GROUP_REPORT, WHOLE_REPORT):
        await tab.open(page.url + path)
        await tab.call("Emulation.setEmulatedMedia", media="print")
        assert await tab.js("getComputedStyle(document.querySelector('.report-tools')).display") == "none"
        assert await tab.js("document.querySelectorAll('.report .matters tbody tr').length") == 15
    assert tab.messages == []
