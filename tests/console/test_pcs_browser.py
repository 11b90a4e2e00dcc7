"""The pages about PCs in a real browser: hostile PCs, colours, narrow screens, the keyboard, live changes."""

from __future__ import annotations

import msgspec
import pytest

from model.declared import Declared, Enrolled
from model.posture.rows import Answer, Topic
from model.posture.told import Antivirus, AvProduct, Peripheral, Peripherals, Programs
from model.rows import Held, Stamp
from tests.console.browser import Browser, Tab
from tests.console.commune import NOW, Journal
from tests.console.conftest import Serve
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
from tests.console.machines import AGED, BAD, DECLARED, GOOD, NEVER, centre
from tests.console.test_pcs import hall

PATHS = ("/may-tinh", *(f"/may-tinh/{pc}" for pc in (BAD, AGED, NEVER)))


def hostile() -> tuple[Journal, Declared]:
    """Whatever a PC, or whoever writes the list, can put in, in every place."""
    journal, stamp = centre(), Stamp(0, NOW, "endpoints", 1)
    first = journal.machines[0]
    journal.machines = []
    for number, text in enumerate(HOSTILE):
        told = {
            "antivirus": Antivirus(products=(AvProduct(name=text, state="on"),)),
            "programs": Programs(names=(text,) * 40),
            "peripherals": Peripherals(devices=(Peripheral(usb=text, name=text, interfaces=(text,), serial=text),)),
            text: Programs(names=(text,)),
        }
        topics = {name: Topic(Held(Answer(said, "osquery", text), stamp)) for name, said in told.items()}
        row = msgspec.structs.replace(first, id=f"pc-{number}", asset=f"none-{number}", topics=topics, version=Held(text, stamp))
        journal.machines.append(row)
    enrolled = tuple(Enrolled(id=f"pc-{number}" if number % 2 else text, name=text, owner=text, why=text) for number, text in enumerate(HOSTILE))
    return journal, msgspec.structs.replace(DECLARED, enrolled=enrolled)


async def test_hostile_pcs_do_nothing_on_any_page(serve: Serve, browser: Browser) -> None:
    journal, declared = hostile()
    page = await hall(serve, journal, declared)
    tab = await browser.tab()
    await tab.size(360, 740)
    for path in ("/may-tinh", "/may-tinh?lang=en", *(f"/may-tinh/pc-{number}" for number in range(len(HOSTILE)))):
        await tab.open(page.url + path)
        await tab.js(OPEN)
        await assert_it_does_nothing(tab, path)
    assert_nobody_else_was_asked(tab, page.url)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (1200, True), (400, False)])
async def test_every_word_and_mark_meets_wcag_aa(serve: Serve, browser: Browser, width: int, dark: bool) -> None:
    page = await hall(serve)
    tab = await browser.tab()
    await tab.size(width, 900, dark)
    for path in PATHS:
        await tab.open(page.url + path)
        await tab.js(OPEN)
        audit = await tab.js(AUDIT)
        assert audit["seen"] > 30
        assert audit["bad"] == [], path


@pytest.mark.parametrize("width", [320, 768, 1200])
async def test_no_page_scrolls_sideways_and_nothing_lies_over_another(serve: Serve, browser: Browser, width: int) -> None:
    page = await hall(serve)
    tab = await browser.tab()
    await tab.size(width, 740)
    for path in (*PATHS, "/may-tinh?lang=en"):
        await tab.open(page.url + path)
        await tab.js(OPEN)
        assert await tab.js("document.documentElement.scrollWidth") <= width, path
        assert await tab.js(OVERLAPS) == [], path


# Cells and heads of one table whose boxes meet by more than a pixel.
OVERLAPS = """(() => {
  const boxes = [...document.querySelectorAll('main tbody th, main tbody td')].map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height);
  const bad = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, b] = [boxes[i][1], boxes[j][1]];
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      bad.push([boxes[i][0].textContent.trim().slice(0, 20), boxes[j][0].textContent.trim().slice(0, 20)]);
  }
  const cut = boxes.filter(([e]) => e.scrollWidth > e.clientWidth + 1).map(([e]) => e.textContent.trim().slice(0, 20));
  return [...bad, ...cut];
})()"""


async def test_ages_fade_and_are_words_too(serve: Serve, browser: Browser) -> None:
    page = await hall(serve)
    tab = await browser.tab()
    await tab.size(1200, 900)
    await tab.open(page.url + "/may-tinh")
    colours = await tab.js(
        """Object.fromEntries([...document.querySelectorAll('td.check.violation')].map(cell =>
          [[...cell.classList].find(name => name.startsWith('age-')), getComputedStyle(cell.querySelector('.shape')).color]))"""
    )
    assert set(colours) == {"age-fresh", "age-aged"}
    assert colours["age-fresh"] != colours["age-aged"]
    assert await tab.js("[...document.querySelectorAll('td.check')].every(cell => cell.querySelector('.how-old').textContent.trim())")


async def test_the_keyboard_reaches_each_pc_and_each_finding_in_order(serve: Serve, browser: Browser) -> None:
    page = await hall(serve)
    tab = await browser.tab()
    await tab.size(1200, 900)
    await tab.open(page.url + "/may-tinh")
    await tab.js("document.querySelector('.filters button').focus()")
    reached = []
    for _ in range(5):
        await tab.key("Tab", 9)
        reached.append(await tab.js("document.activeElement.getAttribute('href')"))
        assert await tab.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[0] == f"/may-tinh/{BAD}"
    assert all(href.startswith("/phat-hien/") for href in reached[1:])
    await tab.js(f"document.querySelector('[data-key=\"{BAD}\"] a').focus()")
    await tab.key("Enter", 13)
    await tab.until("document.getElementById('checks-h')")


async def test_structure_that_a_screen_reader_needs(serve: Serve, browser: Browser) -> None:
    page = await hall(serve)
    tab = await browser.tab()
    for path in PATHS:
        await tab.open(page.url + path)
        await assert_it_is_well_built(tab, path)
        cells = "[...document.querySelectorAll('td.check')].every(e => /vi phạm|chưa rõ|đạt|không áp dụng/.test(e.textContent))"
        assert await tab.js(cells + " && [...document.querySelectorAll('th')].every(e => e.scope)"), path


async def test_it_reads_without_scripts(serve: Serve, browser: Browser) -> None:
    page = await hall(serve)
    tab: Tab = await browser.tab()
    assert "im lặng" in await text_without_scripts(tab, page.url + "/may-tinh")
    assert "product=ultraviewer" in await text_without_scripts(tab, page.url + f"/may-tinh/{BAD}")


async def test_a_pc_that_turns_bad_is_announced_and_moves_up_when_asked(serve: Serve, browser: Browser) -> None:
    journal = centre()
    page = await hall(serve, journal)
    tab = await browser.tab()
    await tab.open(page.url + "/may-tinh")
    await tab.until(LIVE)
    before = await tab.js(ROWS)
    assert before[-1] == GOOD
    asset = next(row.asset for row in journal.machines if row.id == GOOD)
    bad = next(change for change in journal.changes if change.finding.detector == "VG-END-02")
    finding = msgspec.structs.replace(bad.finding, id="f" * 12, subject=msgspec.structs.replace(bad.finding.subject, id=asset))
    journal.changes.append(msgspec.structs.replace(bad, finding=finding))
    journal.bump()
    await tab.until("document.querySelector('[data-fresh]:not([hidden])')")
    assert await tab.js(ROWS) == before
    assert "3 máy có phát hiện đang mở" in await tab.js("document.getElementById('statement').textContent")
    await tab.js("document.querySelector('[data-fresh]').click()")
    assert GOOD in (await tab.js(ROWS))[:2]
    assert tab.messages == []
