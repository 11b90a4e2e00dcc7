"""One answer of a web server into a `Reading`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

import msgspec

from collector.decode.web import refresh, seen
from collector.decode.web.acts import Done, acts_of, nothing, take
from collector.decode.web.doorway import doorway_signs
from collector.decode.web.exploit import exploit_signs
from collector.decode.web.frames import frame_signs, frame_ways, inner_markup
from collector.decode.web.hidden import Hidden, hidden_links, hidden_text, many_strange
from collector.decode.web.javascript.fold import fold
from collector.decode.web.known import is_service, same_organisation
from collector.decode.web.links import Links, links_of
from collector.decode.web.page import Page, Script
from collector.decode.web.places import one_line, whole
from collector.decode.web.seen import is_brand
from collector.decode.web.selling import link_signs, said, script_signs, strange_letters, text_signs, title_signs
from collector.decode.web.simhash import simhash
from collector.decode.web.sitemap import is_sitemap, read_sitemap
from collector.decode.web.tags import tag_signs
from collector.decode.web.tame import tame
from collector.decode.web.url import host_of
from collector.decode.web.ways import Effect, Reading, Way
from collector.decode.web.words.judge import may_hold
from collector.decode.web.words.texts import text_signs as text_signs_of
from model.webfacts import Sign

_MOST_SIGNS = 96
_MOST_WAYS = 64
_MOST_HOSTS = 256
_MOST_UNFOLDED = 32
_MOST_SCRIPTS = 64
_MOST_FOREIGN = 8
# Markup that a script writes may hold a script that writes.
_DEEPEST = 3
_MOST_WRITTEN = 24
_MOST_MARKUP = 300_000
_XML_HEAD = 4096
_REMEMBERED = 262_144
# What of a page a browser acts on first where nothing says when.
_RANK = {"http": 0, "refresh": 0, "script": 1, "form": 1, "meta": 2, "frame": 3, "popup": 4}
_Item = TypeVar("_Item")


def read_page(markup: str, url: str) -> Reading:
    """A page of markup as a browser at `url` would take it (`url` may be empty: then no host is its own). Never raises."""
    head = markup[:_XML_HEAD]
    if "<urlset" in head or "<sitemapindex" in head or (head.lstrip("\ufeff \n\r\t").startswith("<?xml") and is_sitemap(head.encode("utf-8", "replace"))):
        return _sitemap(markup, url)
    return _page(markup, url) if len(markup) <= _REMEMBERED else _unseen(markup, url)


def _unseen(markup: str, url: str) -> Reading:
    tamed, cut = tame(markup)
    return _read(tamed, whole(url), cut, 0)


# Most personas of a round, and a second look after a minute, get the very same page. A pure function, so the cache is no state.
_page = lru_cache(maxsize=32)(_unseen)


def forget() -> None:
    """Empties all caches of this reader, so that a measurement begins as a first look does."""
    _page.cache_clear()
    seen.forget()


def read_script(source: str, url: str) -> Reading:
    """A script by itself, as if a page at `url` ran it. Never raises."""
    page, source = Page("", whole(url)), whole(source[: _MOST_MARKUP * 4])
    done = nothing()
    take(page, Script(0, "", source, "script"), fold(source), done)
    inner = [_written(page, effect, 1) for _, effect in done.written[:_MOST_WRITTEN]]
    return _reading(page, Links([], (), ()), done, inner, [], ())


def read_text(text: str) -> Reading:
    """Plain text: only what it says counts, as a whole or in one of its lines. Never raises."""
    text = whole(text[:_MOST_MARKUP])
    fingerprint, words = simhash(text)
    signs = list(text_signs_of(text))
    if strange_letters(text):
        page = Page("", "")
        page.text = text
        signs += script_signs(page, [])
    return Reading(text=fingerprint, words=words, signs=tuple(map(_tidy, signs)))


def _sitemap(markup: str, url: str) -> Reading:
    found = read_sitemap(markup.encode("utf-8", "replace"), url)
    own = host_of(url)
    pages = [address for address in (*found.entries, *found.children) if host_of(address) == own] if own else []
    return Reading(links=found.hosts, pages=tuple(pages[:_MOST_HOSTS]), signs=found.signs, words=len(found.entries))


def _read(markup: str, url: str, cut: tuple[str, ...], depth: int) -> Reading:
    page = Page(markup, url)
    links = links_of(page)
    done = acts_of(page, links.scripted)
    done.unfolded[:0] = cut
    inner = []
    if depth < _DEEPEST:
        inner = [_written(page, effect, depth + 1) for _, effect in done.written[:_MOST_WRITTEN]]
        inner += [_read(tame(text[:_MOST_MARKUP])[0], url, (), depth + 1) for _, text in list(inner_markup(page))[:_MOST_WRITTEN]]
    elif done.written:
        done.unfolded.append("scripts that write scripts, too deep")
    fingerprint, words = simhash(page.text)
    hidden = Hidden(page)
    done.ways.extend([*_refreshes(page), *frame_ways(page, words, hidden)])
    signs = list(_signs(page, links, hidden, words))
    reading = _reading(page, links, done, inner, signs, _frame_hosts(page))
    return _with(reading, text=fingerprint, words=words)


def _signs(page: Page, links: Links, hidden: Hidden, words: int) -> Iterator[Sign]:
    """All that the page itself shows; what costs is asked only where a pass over the whole page found reason to."""
    told: list[Sign] = []
    brands = {link.host for link in links.foreign if is_brand(link.host)}
    speaks = may_hold(said(page))
    if speaks:
        told += title_signs(page)
        told += text_signs(page, links.foreign)
        if hidden:
            told += hidden_text(hidden, page.host)
    if (speaks or brands) and links.foreign:
        told += link_signs(page, links.foreign)
    if (speaks or brands or many_strange(links.foreign, page.host)) and hidden:
        told += hidden_links(page, hidden, links.foreign)
    if page.frames:
        told += frame_signs(page, hidden)
    if page.plugins:
        told += exploit_signs(page, words)
    if page.links or page.data or page.base_ref:
        told += tag_signs(page)
    told += doorway_signs(page, links.foreign, told, speaks=speaks or bool(brands))
    told += script_signs(page, page.refs)
    yield from told


def _written(page: Page, effect: Effect, depth: int) -> Reading:
    """Markup that a script writes, read as part of the page; foreign scripts and frames in it are the script's work."""
    inner = _read(tame(effect.value[:_MOST_MARKUP])[0], page.url, (), depth)
    ways = tuple(way._replace(folded=", ".join(filter(None, (effect.folded, "write", way.folded))), delay=way.delay + effect.delay) for way in inner.ways)
    hosts = sorted(host for host in {*inner.scripts, *inner.frames} if not is_service(host) and not same_organisation(host, page.host))
    if not hosts:
        return _with(inner, ways=ways)
    value = f"write ({effect.folded}): {' '.join(effect.value.split())}"[:300]
    sign = Sign(kind="inserted_script", value=value, where="script", page=page.host, hosts=tuple(hosts)[:32], hits=len(hosts))
    return _with(inner, ways=ways, signs=(sign, *inner.signs))


def _refreshes(page: Page) -> Iterator[tuple[int, Way]]:
    for element in page.refreshes[:_MOST_WAYS]:
        found = refresh.parse(element.ref)
        address = page.join(found[1]) if found and found[1] else ""
        if found and host_of(address) and address.partition("#")[0] != page.url.partition("#")[0]:
            yield element.place, Way("meta", address, found[0])


def _frame_hosts(page: Page) -> set[str]:
    return {host_of(page.join(frame.ref)) for frame in page.frames[:_MOST_HOSTS] if frame.ref}


def _reading(page: Page, links: Links, done: Done, inner: list[Reading], signs: list[Sign], frames: Iterable[str]) -> Reading:
    """Everything put together: ways in the order a browser would take them, hosts without its own."""
    sources = [page.join(script.source) for script in page.scripts if script.source]
    hosts = [*map(host_of, sources)]
    ran = [*zip(sources, hosts, strict=True), *[(source, host_of(source)) for source in done.sources]]
    own = [source for source, host in ran if host and host == page.host]
    foreign = [source for source, host in ran if host and host != page.host and not is_service(host)]
    ways = [way for _, way in sorted(done.ways, key=lambda one: (not one[1].automatic, one[1].delay, _RANK.get(one[1].how, 5), one[0]))]
    ways = sorted([*ways, *[way for one in inner for way in one.ways]], key=lambda way: (not way.automatic, way.delay))
    forms = {host_of(page.join(form.ref)) for form in page.forms[:_MOST_HOSTS] if form.ref}
    loaded = [*hosts, *done.scripts, *[host for one in inner for host in one.scripts]]
    framed = [*frames, *done.frames, *[host for one in inner for host in one.frames]]
    all_signs = [*done.signs, *[sign for one in inner for sign in one.signs], *signs]
    all_signs += _brand_hosts(page, [*[host_of(way.url) for way in ways], *loaded, *framed])
    return Reading(
        title=one_line(page.title),
        language=one_line(page.language, 35),
        generator=one_line(page.generator, 200),
        ways=tuple({(way.how, way.url, way.automatic): way for way in reversed(ways)}.values())[::-1][:_MOST_WAYS],
        links=_hosts([link.host for link in links.foreign], page.host),
        scripts=_hosts(loaded, page.host),
        frames=_hosts(framed, page.host),
        forms=_hosts(forms, page.host),
        pages=links.pages,
        own_scripts=_first([*own, *[source for one in inner for source in one.own_scripts]], _MOST_SCRIPTS),
        foreign_scripts=_first([*foreign, *[source for one in inner for source in one.foreign_scripts]], _MOST_FOREIGN),
        signs=_first(map(_tidy, all_signs), _MOST_SIGNS),
        unfolded=_first([one_line(what, 200) for what in (*done.unfolded, *[what for one in inner for what in one.unfolded])], _MOST_UNFOLDED),
    )


def _brand_hosts(page: Page, hosts: list[str]) -> Iterator[Sign]:
    for host in dict.fromkeys(hosts):
        if host and host != page.host and is_brand(host):
            yield Sign(kind="brand_host", value=host, where="address", page=page.host, hosts=(host,), gambling=True, hits=1)


def _tidy(sign: Sign) -> Sign:
    value, where = one_line(sign.value), one_line(sign.where, 120)
    return sign if (value, where) == (sign.value, sign.where) else _changed(sign, value=value, where=where)


def _changed(sign: Sign, **changes: object) -> Sign:
    return msgspec.structs.replace(sign, **changes)


def _hosts(hosts: Iterable[str], own: str) -> tuple[str, ...]:
    return tuple(sorted({host for host in hosts if host and host != own}))[:_MOST_HOSTS]


def _first(items: Iterable[_Item], most: int) -> tuple[_Item, ...]:
    """Without repeats, in their order, at most so many."""
    return tuple(dict.fromkeys(items))[:most]


def _with(reading: Reading, **changes: object) -> Reading:
    return msgspec.structs.replace(reading, **changes)
