"""The network picture in a real browser: legible, reachable, steady under the finger and under the keyboard."""

import pytest

from model.rows import Sighting
from tests.console.browser import Browser
from tests.console.commune import NOW
from tests.console.conftest import Serve
from tests.console.looks import HOSTILE, LIVE, assert_it_does_nothing, assert_nobody_else_was_asked
from tests.console.wires import SITE, network_site, windows

# Every word and mark of the drawing against what is painted under its middle: the filled shapes of its own tree, else the page.
AUDIT = """(() => {
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const light = (rgb) => { const [r, g, b] = rgb.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const inside = (box, x, y) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  const net = document.getElementById('net');
  const grounds = [...net.querySelectorAll('rect, circle')].filter(e => !e.closest('symbol, pattern') && /^rgb/.test(getComputedStyle(e).fill));
  const bad = []; let seen = 0;
  for (const e of net.querySelectorAll('text, use.mark')) {
    const box = e.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const under = grounds.filter(g => inside(g.getBoundingClientRect(), x, y)
      && (g.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)).at(-1);
    const back = parse(under ? getComputedStyle(under).fill : getComputedStyle(document.body).backgroundColor);
    const front = parse(getComputedStyle(e).color);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    seen += 1;
    if (e.matches('text') && getComputedStyle(e).fill !== getComputedStyle(e).color) bad.push(['fill', e.textContent]);
    if ((a + .05) / (b + .05) < (e.matches('text') ? 4.5 : 3)) bad.push([e.textContent || e.getAttribute('class'), ((a + .05) / (b + .05)).toFixed(2)]);
  }
  return {seen, bad};
})()"""

# A text must stay inside its card, pill, box or lane.
OVERFLOW = """[...document.querySelectorAll('#net text')].filter(text => {
  const holder = text.closest('.chip, .fold, .pill, .uplink')?.querySelector('rect') ?? text.closest('.lane').querySelector('.lane-ground');
  const inner = text.getBoundingClientRect(), outer = holder.getBoundingClientRect();
  return inner.left < outer.left || inner.right > outer.right + 1 || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
}).map(text => text.textContent)"""

# Names and lamps of one card must not run into one another.
CLASH = """[...document.querySelectorAll('#net .chip')].filter(chip => {
  const boxes = [...chip.querySelectorAll('text, use.lit, use.severity-mark')].map(e => e.getBoundingClientRect());
  return boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4));
}).map(chip => chip.textContent)"""

PLACES = """Object.fromEntries([...document.querySelectorAll('#net .chip')].map(chip =>
  [chip.dataset.device, ['x', 'y'].map(side => chip.querySelector('svg').getAttribute(side)).join()]))"""


@pytest.mark.parametrize("dark", [False, True])
async def test_every_word_and_mark_of_the_picture_meets_wcag_aa(serve: Serve, browser: Browser, dark: bool) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(1280, 900, dark)
    await tab.open(page.url + "/ban-do")
    audit = await tab.js(AUDIT)
    assert audit["seen"] > 120
    assert audit["bad"] == []


@pytest.mark.parametrize("path", ["/ban-do", "/ban-do?lang=en"])
async def test_no_text_leaves_its_place(serve: Serve, browser: Browser, path: str) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(1280, 900)
    await tab.open(page.url + path)
    assert await tab.js(OVERFLOW) == []
    assert await tab.js(CLASH) == []


async def test_hostile_names_stay_in_their_cards_and_do_nothing(serve: Serve, browser: Browser) -> None:
    journal = network_site(visitors=0, pcs=0)
    for number, name in enumerate(HOSTILE):
        journal.devices.append(windows(40 + number, name))
        journal.devices[number % 4].segments[name] = Sighting(NOW, NOW)
        journal.devices[number % 4].vendors[name] = name
    page = await serve(journal, declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(360, 740)
    for path in ("/ban-do", "/ban-do?lang=en", "/thiet-bi"):
        await tab.open(page.url + path)
        await assert_it_does_nothing(tab, path)
        if path.startswith("/ban-do"):
            assert await tab.js("document.querySelectorAll('#net .chip').length") >= 12
            # Ten thousand W's are as wide as the estimate says, a tower of marks or a foreign script may be wider: the card cuts it.
            assert await tab.js("[...document.querySelectorAll('#net .chip svg')].every(card => getComputedStyle(card).overflow === 'hidden')")
    assert_nobody_else_was_asked(tab, page.url)


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
async def test_only_the_figure_scrolls_sideways(serve: Serve, browser: Browser, width: int) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(width, 800)
    await tab.open(page.url + "/ban-do")
    assert await tab.js("document.documentElement.scrollWidth") <= width
    figure = await tab.js("(f => ({scroll: f.scrollWidth, room: f.clientWidth}))(document.querySelector('.map'))")
    assert (figure["scroll"] > figure["room"]) == (width < 1240), figure
    # A whole lane can be seen at once on the smallest phone, and text there is as large as elsewhere.
    assert await tab.js("document.querySelector('.lane-ground').getBoundingClientRect().width") <= width - 32
    assert await tab.js("document.querySelector('.chip-name').getBoundingClientRect().height") >= 14


async def test_the_picture_grows_with_the_readers_text(serve: Serve, browser: Browser) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.open(page.url + "/ban-do")
    before = await tab.js("document.querySelector('.lane-ground').getBoundingClientRect().width")
    await tab.js("document.documentElement.setAttribute('class', 'large')")
    await tab.js("[...document.styleSheets][0].insertRule('.large { font-size: 150% }')")
    assert await tab.js("document.querySelector('.lane-ground').getBoundingClientRect().width") == pytest.approx(before * 1.5, rel=0.01)


async def test_the_keyboard_reaches_every_device_and_shows_where_it_is(serve: Serve, browser: Browser) -> None:
    page = await serve(network_site(visitors=2, pcs=2), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(1280, 900)
    await tab.open(page.url + "/ban-do")
    links = await tab.js("document.querySelectorAll('#net a').length")
    await tab.js("document.querySelector('.map').focus()")
    reached, marked = [], []
    for _ in range(links):
        await tab.key("Tab", 9)
        reached.append(await tab.js("document.activeElement.getAttribute('href')"))
        marked.append(
            await tab.js(
                """(e => [...e.querySelectorAll('rect')].some(r => parseFloat(getComputedStyle(r).strokeWidth) >= 3)
                  || [...e.querySelectorAll('text')].some(t => /underline/.test(getComputedStyle(t).textDecorationLine)))(document.activeElement)"""
            )
        )
    assert reached == await tab.js("[...document.querySelectorAll('#net a')].map(a => a.getAttribute('href'))")
    assert all(marked), [href for href, mark in zip(reached, marked, strict=True) if not mark]
    await tab.js(f"document.querySelector('[data-device=\"a{1:016x}\"]').focus()")
    await tab.key("Enter", 13)
    await tab.until(f"location.pathname === '/thiet-bi/a{1:016x}'")


async def test_the_picture_changes_in_place(serve: Serve, browser: Browser) -> None:
    journal = network_site(visitors=3, pcs=4)
    page = await serve(journal, declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(360, 740)
    await tab.open(page.url + "/ban-do")
    await tab.until(LIVE)
    before = await tab.js(PLACES)
    await tab.js("document.querySelector('.map').scrollLeft = 290")
    focused = f"a{1:016x}"
    await tab.js(f"document.querySelector('[data-device=\"{focused}\"]').focus({{preventScroll: true}})")
    new = windows(999, "DESKTOP-NEW")
    new.seen = Sighting(NOW, NOW)
    journal.devices.append(new)
    journal.bump()
    await tab.until(f"document.querySelector('[data-device=\"{new.id}\"]')")
    after = await tab.js(PLACES)
    printer = f"a{702:016x}"
    assert {device: after[device] for device in before if device != printer} == {device: place for device, place in before.items() if device != printer}
    assert await tab.js("document.activeElement.dataset.device") == focused
    assert await tab.js("document.querySelector('.map').scrollLeft") == 290
    assert tab.messages == []


async def test_it_is_the_same_picture_without_scripts(serve: Serve, browser: Browser) -> None:
    page = await serve(network_site(), declared=lambda: SITE)
    tab = await browser.tab()
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.open(page.url + "/ban-do")
    root = (await tab.call("DOM.getDocument", depth=1))["root"]["nodeId"]
    net = (await tab.call("DOM.querySelector", nodeId=root, selector="#net"))["nodeId"]
    html = (await tab.call("DOM.getOuterHTML", nodeId=net))["outerHTML"]
    assert "TV-Sảnh" in html
    box = (await tab.call("DOM.getBoxModel", nodeId=net))["model"]
    assert box["width"] > 1000
    assert box["height"] > 500


async def test_an_unfolded_reason_stays_unfolded_while_the_list_lives(serve: Serve, browser: Browser) -> None:
    journal = network_site(visitors=0, pcs=3)
    page = await serve(journal, declared=lambda: SITE)
    tab = await browser.tab()
    await tab.size(1280, 900)
    await tab.open(page.url + "/thiet-bi?loai=windows_pc")
    await tab.until(LIVE)
    key = f"a{21:016x}"
    await tab.js(f"document.querySelector('[data-key=\"{key}\"] details').open = true")
    next(device for device in journal.devices if device.id == key).vendors = {"02:00:00:00:00:15": "Dell Inc"}
    journal.bump()
    await tab.until(f"document.querySelector('[data-key=\"{key}\"]').textContent.includes('Dell Inc')")
    assert await tab.js(f"document.querySelector('[data-key=\"{key}\"] details').open")
