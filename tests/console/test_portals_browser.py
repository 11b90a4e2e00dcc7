"""The pages about portals in a real browser: hostile portals, colours, narrow screens, live changes, the picture."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from model.declared import Declared
from model.portals.rows import Failed, Found, Incident, Name, PortalRow, SiteFile, Step
from model.rows import Held
from model.text import Text
from model.times import DAY, MINUTE
from model.verdict import Outcome, Severity
from tests.console.browser import Browser
from tests.console.commune import NOW, Journal
from tests.console.conftest import Page, Serve
from tests.console.gates import (
    BAD,
    CLEAN,
    DESTINATIONS,
    HIDDEN,
    NEW,
    OTHER_CAPTURE,
    PORTAL_ABOUTS,
    PORTALS,
    SITE,
    UNSEEN,
    Kept,
    bad_row,
    look,
    png,
    province,
    redirected,
    seen,
    stamp,
    told,
    way,
)
from tests.console.looks import (
    AUDIT,
    HOSTILE,
    LIVE,
    OPEN,
    ROWS,
    assert_it_does_nothing,
    assert_it_is_well_built,
    assert_nobody_else_was_asked,
    text_without_scripts,
)

PATHS = ("/cong", f"/cong/{BAD}", f"/cong/{HIDDEN}", f"/cong/{UNSEEN}", f"/cong/{NEW}", "/phat-hien/000000000001", "/")


async def gate(serve: Serve, journal: Journal | None = None, site: Declared = SITE, **options: Any) -> Page:
    store = Kept({OTHER_CAPTURE: png()}, {"000000000001": b"PK"})
    return await serve(journal or province(), **{"abouts": PORTAL_ABOUTS, "declared": lambda: site, "evidence": store, **options})


def hostile_row(number: int, text: str) -> PortalRow:
    """Every field that a portal can write into holds the text."""
    row = bad_row()
    row.id, row.url = f"p{number}", text
    found = Found("VG-WEB-01", text, 2, text, text)
    for part in ("home", "sample", "missing"):
        row.looks.update(
            [look("mobile", NOW, part=part, url=text, outcome="dirty", end=text, left=True, reason=text, found=(found,), vantage=text, capture=text)]
        )
    chain = way("mobile", ("asked", text, 200, text, text, text), outcome="dirty", cut=3)
    steps = (*chain.steps, Step(text, text, text, 302, text, text, text), Step("script", text, "", 0, text))
    chain = msgspec.structs.replace(chain, steps=steps, url=text)
    row.chains = {text: Held(chain, stamp(NOW)), "mobile": Held(chain, stamp(NOW))}
    row.visits[text] = row.visits["mobile"]
    row.visits["iphone"].failed = Held(Failed(text, text), stamp(NOW))
    told_ = seen("mobile", kind=text, place=text, url=text, how=text, host=text, value=text, capture=text, vantage=text)
    row.incidents = {"VG-WEB-02": Incident(detector="VG-WEB-02", first=stamp(NOW - DAY), last=stamp(NOW), seen={text: told_}, places={text: 1})}
    for table in (row.baseline.scripts, row.baseline.frames, row.baseline.generators, row.baseline.issuers, row.baseline.networks):
        table.update({text: NOW - MINUTE, text + "!": NOW - 30 * DAY})
    row.names = {text: Held(Name(text, text, (text,), text), stamp(NOW))}
    row.files = {text: Held(SiteFile(text, 200, 1, 1, (text,), (text,), 1, (found,)), stamp(NOW))}
    return row


def hostile() -> tuple[Journal, Declared]:
    """A portal for each hostile text, in all that strangers or a careless list can write."""
    journal, portals = Journal(), []
    for number, text in enumerate(HOSTILE, 1):
        portal = msgspec.structs.replace(
            PORTALS[0], id=f"p{number}", url=text, name=text, owner=text, vendor=text, aliases=(text,), allow=(text,), province=text
        )
        portals.append(portal)
        journal.watched.append(hostile_row(number, text))
        journal.changes.append(redirected(number, portal.id, Severity.HIGH, title=Text(text, text), owner=text))
        journal.judged.append(msgspec.structs.replace(told(portal.id, "VG-WEB-02", Outcome.UNKNOWN, Text(text, text))))
    lawful = tuple(msgspec.structs.replace(DESTINATIONS[0], portal="", host=text, owner=text, why=text) for text in HOSTILE)
    return journal, msgspec.structs.replace(SITE, portals=tuple(portals), destinations=lawful)


async def test_hostile_portals_do_nothing_on_any_page(serve: Serve, browser: Browser) -> None:
    journal, site = hostile()
    page = await gate(serve, journal, site)
    tab = await browser.tab()
    await tab.size(360, 740)
    for path in ("/cong", "/cong?lang=en", *(f"/cong/p{n}" for n in range(1, len(HOSTILE) + 1)), "/phat-hien/000000000001", "/"):
        await tab.open(page.url + path)
        await tab.js(OPEN)
        await assert_it_does_nothing(tab, path)
    assert_nobody_else_was_asked(tab, page.url)


@pytest.mark.parametrize("dark", [False, True])
async def test_every_word_and_mark_meets_wcag_aa(serve: Serve, browser: Browser, dark: bool) -> None:
    page = await gate(serve)
    tab = await browser.tab()
    await tab.size(1280, 900, dark)
    for path in (*PATHS, "/cong?trang-thai=unknown"):
        await tab.open(page.url + path)
        await tab.js(OPEN)
        audit = await tab.js(AUDIT)
        assert audit["seen"] > 30
        assert audit["bad"] == [], path


@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_no_page_scrolls_sideways(serve: Serve, browser: Browser, width: int) -> None:
    page = await gate(serve)
    tab = await browser.tab()
    await tab.size(width, 740)
    for path in (*PATHS, "/cong?lang=en", f"/cong/{BAD}?lang=en"):
        await tab.open(page.url + path)
        await tab.js(OPEN)
        assert await tab.js("document.documentElement.scrollWidth") <= width, path


async def test_structure_that_a_screen_reader_needs(serve: Serve, browser: Browser) -> None:
    page = await gate(serve)
    tab = await browser.tab()
    for path in PATHS:
        await tab.open(page.url + path)
        await assert_it_is_well_built(tab, path)
        assert await tab.js("[...document.querySelectorAll('.pmark, .end, .lawful, .recheck, .pstate')].every(e => e.textContent.trim())"), path


async def test_it_reads_without_scripts(serve: Serve, browser: Browser) -> None:
    page = await gate(serve)
    tab = await browser.tab()
    assert "play88.bet.example/dang-ky" in await text_without_scripts(tab, page.url + f"/cong/{BAD}")
    assert "thấy vi phạm" in await text_without_scripts(tab, page.url + "/cong")
    assert not [url for url in tab.requests if "/events" in url]


async def test_a_portal_that_turns_bad_is_announced_and_moves_up_when_asked(serve: Serve, browser: Browser) -> None:
    journal = province()
    page = await gate(serve, journal)
    tab = await browser.tab()
    await tab.open(page.url + "/cong")
    await tab.until(LIVE)
    before = await tab.js(ROWS)
    assert before[-1] == CLEAN
    journal.changes.append(redirected(9, CLEAN))
    journal.bump()
    await tab.until("document.querySelector('[data-fresh]:not([hidden])')")
    assert await tab.js("document.querySelector('[data-fresh]').textContent") == "Danh sách đã thay đổi"
    assert await tab.js(ROWS) == before
    assert "3 cổng có phát hiện đang mở" in await tab.js("document.getElementById('statement').textContent")
    assert "nghiêm trọng" in await tab.js(f"document.querySelector('[data-key=\"{CLEAN}\"]').textContent")
    await tab.js("document.querySelector('[data-fresh]').click()")
    assert CLEAN in (await tab.js(ROWS))[:2]
    assert tab.messages == []


async def test_what_was_unfolded_stays_unfolded_while_the_page_changes(serve: Serve, browser: Browser) -> None:
    journal = province()
    page = await gate(serve, journal)
    tab = await browser.tab()
    await tab.open(page.url + f"/cong/{BAD}")
    await tab.until(LIVE)
    await tab.js("document.getElementById('saw-2').open = true")
    row = next(row for row in journal.watched if row.id == BAD)
    row.visits["english"].failed = Held(Failed("timeout", "sau này"), stamp(NOW))
    journal.bump()
    await tab.until("document.getElementById('portal-saw').textContent.includes('sau này')")
    assert await tab.js("[...document.querySelectorAll('#portal-saw details[open]')].map(fold => fold.id)") == ["saw-2"]


DRAWN = """new Promise(done => {
  const picture = document.querySelector('.shot img'), tell = () => done(picture.naturalWidth);
  picture.complete && picture.naturalWidth ? tell() : picture.addEventListener('load', tell);
})"""


async def test_the_picture_comes_only_when_unfolded_and_from_our_own_origin(serve: Serve, browser: Browser) -> None:
    page = await gate(serve)
    tab = await browser.tab()
    await tab.size(1280, 4000)
    await tab.open(page.url + f"/cong/{BAD}")
    await tab.until(LIVE)
    assert not [url for url in tab.requests if "/anh/" in url]
    assert sum(tab.bytes.values()) < 200_000
    await tab.js("document.getElementById('shot-dirty').open = true")
    assert await tab.js(DRAWN) == 320
    assert [url for url in tab.requests if "/anh/" in url] == [f"{page.url}/cong/{BAD}/anh/{OTHER_CAPTURE}"]
    assert tab.messages == []


MIDDLES = """[...document.querySelectorAll('.hops > .hop')].map(hop => {
  const box = hop.querySelector(':scope > .hop-head > code').getBoundingClientRect(), whole = hop.closest('.tree').getBoundingClientRect();
  return [box.left - whole.left, box.right <= whole.right + 1]; })"""


def deep() -> Iterator[tuple[str, str, int]]:
    """A way that goes from one host to the next, with very long addresses."""
    yield "asked", PORTALS[0].url, 200
    for number in range(5):
        yield "http", f"https://h{number}.example/" + "a" * 90, 302


async def test_a_tree_grows_down_not_to_the_right_and_stays_inside(serve: Serve, browser: Browser) -> None:
    journal = province()
    row = next(row for row in journal.watched if row.id == BAD)
    row.chains = {
        "mobile": Held(way("mobile", *deep(), outcome="dirty"), stamp(NOW)),
        "desktop": Held(way("desktop", ("asked", PORTALS[0].url, 200)), stamp(NOW)),
    }
    row.incidents = {}
    page = await gate(serve, journal)
    tab = await browser.tab()
    await tab.size(320, 740)
    await tab.open(page.url + f"/cong/{BAD}")
    places = await tab.js(MIDDLES)
    assert len(places) == 6
    assert max(left for left, _ in places) - min(left for left, _ in places) < 1
    assert all(inside for _, inside in places)
