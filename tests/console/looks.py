"""What is asked of every page in a browser: strangers' names that do nothing, colours, the structure that a screen reader needs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.console.browser import Tab

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "' onmouseover='alert(4)' x='",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(5)",
    "http://203.0.113.9/track.png",
    "\u202egnp.exe\u202c \u2066spoof\u2069",
    "TV\x00\x1b[31m\r\nSet-Cookie: a=1\u2028",
    "Z\u0336\u0301\u0323" + "\u0336\u0301\u0323" * 400,
    "A" * 10_000,
    "W" * 10_000,
)

# Every word and mark against the ground that it stands on (WCAG 2.2, 1.4.3 and 1.4.11).
AUDIT = """(() => {
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const light = (rgb) => { const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (e) => { const layers = []; for (let n = e; n; n = n.parentElement) layers.push(parse(getComputedStyle(n).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]); };
  const bad = []; let seen = 0;
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const mark = e.matches('svg.shape');
    if (!own && !mark) continue;
    const style = getComputedStyle(e);
    if (!e.getClientRects().length || style.visibility === 'hidden') continue;
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
    const need = mark || size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
    const back = ground(e), front = over(parse(style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    seen += 1;
    if ((a + .05) / (b + .05) < need) bad.push([e.className.baseVal ?? e.className, e.textContent.trim().slice(0, 30), ((a + .05) / (b + .05)).toFixed(2)]);
  }
  return {seen, bad};
})()"""

ROWS = "[...document.querySelectorAll('[data-list] [data-key]')].map(r => r.dataset.key)"
LIVE = "document.querySelector('#live.on')"
OPEN = "document.querySelectorAll('details').forEach(fold => fold.open = true)"

_DONE = """({scripts: document.scripts.length,
  images: [...document.images].filter(i => !i.closest('.shot') || new URL(i.src).origin !== location.origin).length,
  attributes: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on/i.test(a.name) || a.name === 'style').length,
  links: [...document.querySelectorAll('a')].filter(a => !/^(#|[/](?![/]))/.test(a.getAttribute('href'))).length,
  turned: /[\\u202a-\\u202e\\u2066-\\u2069\\u0000-\\u0008\\u001b]/.test(document.documentElement.outerHTML),
  url: /https?:\\/\\//i.test(document.body.textContent), wide: document.documentElement.scrollWidth})"""

_STRUCTURE = """({h1: document.querySelectorAll('h1').length, current: document.querySelectorAll('[aria-current=page]').length,
  levels: [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]),
  twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
  labelled: [...document.querySelectorAll('main input:not([type=hidden]), main select')].every(e => e.labels.length),
  hidden: [...document.querySelectorAll('svg.shape')].every(e => e.getAttribute('aria-hidden') === 'true'),
  drawn: [...document.querySelectorAll('svg.shape use')].every(u => document.querySelector(u.getAttribute('href'))),
  pictures: [...document.images].every(i => i.alt.length > 10),
  empty: [...document.querySelectorAll('a, button:not([hidden])')].filter(e => !e.textContent.trim() && !e.querySelector('img[alt]')).length})"""


async def assert_it_does_nothing(tab: Tab, path: str, width: int = 360) -> None:
    """The page that is open took nothing of what strangers wrote for a script, a picture, a link or a turn of the line, and is no wider than it should be."""
    assert await tab.js("document.querySelector('main h1') !== null"), path
    assert await tab.js(_DONE) == {"scripts": 1, "images": 0, "attributes": 0, "links": 0, "turned": False, "url": False, "wide": width}, path


def assert_nobody_else_was_asked(tab: Tab, url: str) -> None:
    """In all that was opened nothing spoke up, and nothing was asked of another place than `url`."""
    assert (tab.dialogs, tab.messages) == ([], [])
    assert {asked.split("/")[2] for asked in tab.requests if not asked.startswith("about:")} == {url.split("/")[2]}


async def assert_it_is_well_built(tab: Tab, path: str) -> None:
    """One heading of the first level and none left out below it, names on all that can be used, shapes that are drawn and not read out."""
    found = await tab.js(_STRUCTURE)
    levels = found.pop("levels")
    assert found == {"h1": 1, "current": 1, "twice": [], "labelled": True, "hidden": True, "drawn": True, "pictures": True, "empty": 0}, path
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), (path, levels)


async def text_without_scripts(tab: Tab, url: str) -> str:
    """What stands in the page when nothing runs in it."""
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.open(url)
    root = (await tab.call("DOM.getDocument", depth=1))["root"]["nodeId"]
    main = (await tab.call("DOM.querySelector", nodeId=root, selector="main"))["nodeId"]
    html: str = (await tab.call("DOM.getOuterHTML", nodeId=main))["outerHTML"]
    return html
