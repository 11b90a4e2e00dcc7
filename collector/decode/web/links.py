"""The links of a page: which lead to other hosts, and which to pages of its own that are worth a look."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from collector.decode.web.kept import forgets
from collector.decode.web.page import Page, joined
from collector.decode.web.url import Url, host_of

# A reference that stays on the base's host whatever it is: no scheme, no second slash, nothing that browsers drop.
_OWN = re.compile(r"/[A-Za-z0-9_.%?#=&~-]|[A-Za-z0-9_.%?=&~-][^:]*\Z|#|\Z")
_NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|zip|rar|7z|docx?|xlsx?|pptx?|pdf|mp[34]|avi|exe|apk|rss)(?:[?#]|\Z)", re.IGNORECASE)
MOST_PAGES = 64
# Longer lists of references are sorted each time.
_MOST_KEPT, _LONGEST_KEPT = 400, 40_000
MOST_HOSTS = 256


class Link(NamedTuple):
    """A link to another host."""

    node: LexborNode
    ref: str
    host: str

    def text(self) -> str:
        """What a reader sees of it: its text, or what stands for its picture."""
        shown = " ".join(self.node.text(separator=" ")[:600].split())[:300]
        if shown:
            return shown
        attributes = self.node.attributes
        pictures = [picture.attributes for picture in self.node.css("img[alt]")[:3]]
        said = [attributes.get("title") or "", *[picture.get("alt") or "" for picture in pictures]]
        return " ".join(" ".join(said).split())[:300]


class Links(NamedTuple):
    """All links of a page, sorted by where they lead. `scripted`: `javascript:` addresses."""

    foreign: list[Link]
    pages: tuple[str, ...]
    scripted: tuple[str, ...]


class _Sorted(NamedTuple):
    """References of a page by where they lead: the hosts of those that lead away, own pages, `javascript:` ones."""

    elsewhere: dict[str, str]
    pages: tuple[str, ...]
    scripted: tuple[str, ...]


def links_of(page: Page) -> Links:
    """The page's links; those to other hosts each with its element, own pages without repeats."""
    refs = tuple(dict.fromkeys(page.refs))
    few = len(refs) <= _MOST_KEPT and sum(map(len, refs)) <= _LONGEST_KEPT
    elsewhere, pages, scripted = (_kept if few else _sorted)(refs, page.url, page.location, page.base)
    foreign = [Link(node, ref, elsewhere[ref]) for node, ref in zip(page.anchors, page.refs, strict=True) if ref in elsewhere] if elsewhere else []
    return Links(foreign, pages, scripted)


def _sorted(refs: tuple[str, ...], url: str, location: Url | None, base: Url | None) -> _Sorted:
    elsewhere: dict[str, str] = {}
    own: list[str] = []
    scripted: list[str] = []
    base_host = base.host if base else ""
    own_host = location.host if location else ""
    for ref in refs:
        if _OWN.match(ref):
            own.append(ref)
            continue
        host = host_of(ref)
        if not host and ref.lstrip("\0\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r ")[:11].lower().startswith("j"):
            scripted.append(ref)
        elif not host:
            host = host_of(joined(ref, base))
        if host == own_host:
            own.append(ref)
        elif host:
            elsewhere[ref] = host
    if base_host != own_host:  # then relative links lead away, too
        elsewhere |= dict.fromkeys((ref for ref in own if _OWN.match(ref) and ref[:1] != "#"), base_host)
    return _Sorted(elsewhere, _pages(own, url, location, base), tuple(ref for ref in scripted if _is_script(ref))[:64])


# All pages of a portal have its menu, and all personas see the same page: a pure function, so the cache is no state.
_kept = lru_cache(maxsize=256)(_sorted)
forgets(_kept.cache_clear)


def _is_script(ref: str) -> bool:
    return re.sub(r"[\t\n\r]", "", ref[:64]).strip("\0\x01\x02\x03\x04\x05\x06\x07\b\v\f ").lower().startswith("javascript:")


def _pages(refs: list[str], url: str, location: Url | None, base: Url | None) -> tuple[str, ...]:
    """Own addresses that are pages, absolute and without fragments."""
    if not location or not base or base.host != location.host:
        return ()
    found: dict[str, None] = {}
    for ref in refs:
        if not ref or ref[0] == "#" or _NO_PAGE.search(ref):
            continue
        address = joined(ref, base).partition("#")[0]
        if address and address != url:
            found[address] = None
        if len(found) >= MOST_PAGES:
            break
    return tuple(found)
