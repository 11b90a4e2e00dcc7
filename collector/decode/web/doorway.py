"""Pages made for search engines by a kit: their addresses, their rings of links, what their template left behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from collector.decode.web.kept import forgets
from collector.decode.web.known import is_public, is_service, organisation
from collector.decode.web.links import Link
from collector.decode.web.page import Page
from collector.decode.web.shapes import is_kit_address, unfilled
from collector.decode.web.slugs import selling
from collector.decode.web.words.judge import may_hold
from model.webfacts import Sign

_MOST_LINKS = 400
_MOST_REFS = 1_000
# Longer lists of addresses are read each time.
_MOST_KEPT, _LONGEST_KEPT = 400, 40_000
_LEAST_RING = 6
_LEAST_KIT = 3


def doorway_signs(page: Page, links: list[Link], signs: list[Sign], *, speaks: bool) -> Iterator[Sign]:
    """`signs`: what the page's words already say; a form alone is told, with `gambling` only where words or brands say so. `speaks`: rings are looked for."""
    sold = any(sign.gambling for sign in signs)
    if left := unfilled("\n".join([page.title, *[text for _, text in page.said], *[ref for _, ref in page.links]])):
        yield Sign(kind="doorway", value=f"template: {left}", where="head", page=page.host, gambling=sold, hits=1)
    kits = [link for link in links[:_MOST_LINKS] if _is_kit(link)]
    if len({link.host for link in kits}) >= _LEAST_KIT:
        yield _ring("addresses of a kit", kits, page, gambling=sold)
    refs = tuple(dict.fromkeys(page.refs[:_MOST_REFS]))
    sold_refs = (_kept if len(refs) <= _MOST_KEPT and sum(map(len, refs)) <= _LONGEST_KEPT else _sold)(refs, speaks)
    branded = [link for link in links if link.ref in sold_refs]
    if len({link.ref for link in branded}) >= _LEAST_RING:
        yield _ring("ring of keywords", branded, page, gambling=True)
    elif len(sold_refs) >= _LEAST_RING:
        told = "; ".join(ref for ref in dict.fromkeys(page.refs) if ref in sold_refs)
        yield Sign(kind="doorway", value=f"ring of keywords: {told}"[:300], where="links", page=page.host, gambling=True, hits=len(sold_refs))
    if page.location and is_kit_address(page.url) and any(sign.kind == "promoted_title" for sign in signs):
        yield Sign(kind="doorway", value=f"address of a kit: {page.url}"[:300], where="address", page=page.host, gambling=sold, hits=1)


def _sold(refs: tuple[str, ...], speaks: bool) -> frozenset[str]:
    """Those of a page's addresses that sell by what they say."""
    return frozenset(selling(refs)) if speaks or may_hold("\n".join(refs).replace("-", " ")) else frozenset()


# All personas see the same links: a pure function, so the cache is no state.
_kept = lru_cache(maxsize=256)(_sold)
forgets(_kept.cache_clear)


def _is_kit(link: Link) -> bool:
    """A numbered page on a sub-domain of a name that is neither a body's nor a service's."""
    if not is_kit_address(link.ref) or link.host == organisation(link.host):
        return False
    return not is_public(link.host) and not is_service(link.host)


def _ring(name: str, links: list[Link], page: Page, *, gambling: bool) -> Sign:
    told = "; ".join(dict.fromkeys(link.ref for link in links))
    hosts = tuple(sorted({link.host for link in links}))[:32]
    return Sign(kind="doorway", value=f"{name}: {told}"[:300], where="links", page=page.host, hosts=hosts, gambling=gambling, hits=len(links))
