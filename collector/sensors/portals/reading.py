"""An answer into what it says: its text decoded and read, the ways on that its head and its page name."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

from collector.decode.web import charset, refresh
from collector.decode.web.pdf import is_pdf, read_pdf
from collector.decode.web.read import read_page, read_script, read_text
from collector.decode.web.url import WEB, Url, join, parse
from collector.decode.web.ways import Reading, Way
from collector.sensors.portals.challenge import Obstacle, obstacle
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.limits import is_text
from model.portals.hosts import core, is_government

MOVED: Final = frozenset({301, 302, 303, 307, 308})
_SCRIPTS: Final = ("javascript", "ecmascript")
# As many as portals may be looked at at once, and no longer than nearly all pages are: what a reading holds grows with its page.
_MOST_KEPT: Final = 1_024
_LONGEST_KEPT: Final = 131_072


class Page(NamedTuple):
    """What one answer is to a visitor: its reading, what stands in its way, and whether the body was more than was taken.

    `posts`: where its forms would be sent by POST, which the visitor never does.
    """

    reading: Reading
    obstacle: Obstacle | None = None
    cut: bool = False
    posts: frozenset[str] = frozenset()


def location(made: Exchange) -> str | None:
    """Where a 3xx sends a visitor, absolute; None when it sends nobody anywhere."""
    written = made.header("location") if made.status in MOVED else ""
    return (join(made.url, written) or None) if written else None


def read(made: Exchange) -> Page:
    """The answer as a page. Never raises."""
    kind = made.header("content-type").partition(";")[0].strip().lower()
    if is_pdf(kind, made.body):
        reading = _with_header(read_pdf(made.body), made)
        return Page(reading, obstacle(made.status, _lower(made), "", reading.words))
    if not is_text(kind) and made.body.lstrip()[:1] != b"<":
        return Page(_with_header(Reading(), made), obstacle(made.status, _lower(made), "", 0))
    text, _ = charset.decode(made.body, made.header("content-type"))
    reading = _with_header(_READINGS.of(made, kind, text), made)
    posts = _posts(text, made.url) if any(way.how == "form" for way in reading.ways) else frozenset()
    return Page(reading, obstacle(made.status, _lower(made), text, reading.words), made.truncated, posts)


def _read(kind: str, text: str, url: str) -> Reading:
    if any(word in kind for word in _SCRIPTS):
        return read_script(text, url)
    if kind in ("text/plain", "application/json") and "<" not in text[:1024]:
        return read_text(text)
    return read_page(text, url)


class _Readings:
    """Readings made a moment ago. Most personas of a round, and a second look, get the very same bytes, while hundreds of other portals are looked at."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], Reading] = OrderedDict()

    def of(self, made: Exchange, kind: str, text: str) -> Reading:
        """What `text`, the answer's own, says."""
        if len(text) > _LONGEST_KEPT:
            return _read(kind, text, made.url)
        key = (made.url, made.header("content-type"), made.digest)
        found = self._kept.pop(key, None)
        if found is None:
            found = _read(kind, text, made.url)
        self._kept[key] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found


_READINGS: Final = _Readings()


def _posts(markup: str, url: str) -> frozenset[str]:
    """Where forms with `method=post` go; asked of the few pages alone whose forms send themselves."""
    tree = LexborHTMLParser(markup)
    base = next((node.attributes.get("href") for node in tree.css("base[href]")), None)
    forms = (node.attributes for node in tree.css("form[method]"))
    return frozenset(join(join(url, base or ""), form.get("action") or "") for form in forms if (form.get("method") or "").strip().lower() == "post")


def _with_header(reading: Reading, made: Exchange) -> Reading:
    """With the way that a `Refresh:` header names, before those of the page."""
    found = refresh.parse(made.header("refresh")) if made.header("refresh") else None
    if found is None:
        return reading
    delay, reference = found
    target = join(made.url, reference) if reference else ""
    return msgspec.structs.replace(reading, ways=(Way("refresh", target, delay), *reading.ways)) if target else reading


def _lower(made: Exchange) -> dict[str, str]:
    return {name.lower(): value for name, value in made.headers}


def choose(ways: tuple[Way, ...], here: str, own: str) -> Way | None:
    """The way that a visitor at `here` is taken by itself, None when there is none. `own`: the portal's host (`core`).

    Scripts are read, not run: several ways may stand side by side of which each visitor takes one. The one out of the portal is followed before one
    within, and a page before a frame in it, for what is sought is where some visitor may end.
    """
    going = [way for way in ways if way.automatic and leads(way.url, here)]
    return min(going, key=lambda way: (way.how == "frame", _nearness(way.url, own), way.delay), default=None)


def _nearness(url: str, own: str) -> int:
    host = core(_host(parse(url)))
    return 2 if host == own else 1 if is_government(host) else 0


def _host(url: Url | None) -> str:
    return url.host if url else ""


def leads(url: str, here: str) -> bool:
    """Whether going to `url` from `here` is going to another page: not a reload, not a place within, not another kind of address."""
    there = parse(url)
    return there is not None and there.scheme in WEB and bool(there.host) and there.href.partition("#")[0] != here.partition("#")[0]


def elsewhere(reading: Reading, here: str, own: str) -> bool:
    """Whether the page takes visitors out of the portal, or sells gambling itself: then nothing excuses it as a mere obstacle."""
    return any(sign.gambling for sign in reading.signs) or any(
        way.automatic and leads(way.url, here) and core(_host(parse(way.url))) != own for way in reading.ways
    )
