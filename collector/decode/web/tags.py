"""Tags that only machines read: who the page says is the original, what goods it says it sells."""

from __future__ import annotations

import json
from collections.abc import Iterator

from collector.decode.web.known import is_service, same_organisation
from collector.decode.web.page import Page
from collector.decode.web.seen import is_brand, judged_title
from collector.decode.web.url import host_of
from model.webfacts import Sign

_LONGEST = 262_144
_MOST_NODES = 2_000
_GOODS = frozenset({"Product", "AggregateRating", "Offer", "AggregateOffer"})
_MOST_TAGS = 400
# Hosting whose names anyone gets in a minute, favoured for AMP copies of doorway pages.
_RENTED = (".pages.dev", ".r2.dev", ".workers.dev", ".netlify.app", ".vercel.app", ".web.app", ".github.io", ".blogspot.com", ".weebly.com", ".wixsite.com")


def tag_signs(page: Page) -> Iterator[Sign]:
    """Canonical, alternates, AMP copies, `og:url`, base and JSON-LD that name another host; goods and ratings."""
    found: dict[str, list[str]] = {}
    refs = [*page.links[:_MOST_TAGS], *([("base", page.base_ref)] if page.base_ref else [])]
    goods: set[str] = set()
    names: list[str] = []
    for text in page.data[:20]:
        kinds, urls, said = _ld(text)
        goods |= kinds & _GOODS
        names += said
        refs += [("JSON-LD", url) for url in urls]
    for name, ref in refs:
        host = host_of(ref) or host_of(page.join(ref))
        if host and _foreign(host, page):
            found.setdefault(host, []).append(name)
    for host, tags in list(found.items())[:16]:
        value = f"{', '.join(sorted(set(tags)))} → {host}"
        yield Sign(kind="foreign_tag", value=value[:300], where="head", page=page.host, hosts=(host,), gambling=is_brand(host), hits=len(tags))
    if goods:
        sold = next((judged for judged in map(judged_title, names[:40]) if judged.sells), None)
        value = ", ".join(sorted(goods)) + (f": {sold.value}" if sold else "")
        yield Sign(kind="product", value=value[:300], where="JSON-LD", page=page.host, gambling=bool(sold), hits=len(goods))


def _foreign(host: str, page: Page) -> bool:
    """With no host of its own known, a page's tags may name any one; only rented hosting and brands stand out then."""
    if not page.host:
        return is_brand(host) or host.endswith(_RENTED)
    return not same_organisation(host, page.host) and not is_service(host)


def _ld(text: str) -> tuple[set[str], list[str], list[str]]:
    """Types, addresses of pages, and names of what a JSON-LD text speaks of."""
    try:
        loaded = json.loads(text[:_LONGEST])
    except (ValueError, RecursionError):
        return set(), [], []
    kinds: set[str] = set()
    urls: list[str] = []
    said: list[str] = []
    waiting: list[object] = [loaded]
    left = _MOST_NODES
    while waiting and left > 0:
        left -= 1
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node[:200]
        elif isinstance(node, dict):
            kind = node.get("@type")
            kinds |= {one for one in (kind if isinstance(kind, list) else [kind]) if isinstance(one, str)}
            # `sameAs`, images and publishers' logos are lawfully elsewhere.
            urls += [value for name in ("url", "mainEntityOfPage", "@id") if isinstance(value := node.get(name), str)]
            said += [value[:500] for name in ("name", "headline", "description") if isinstance(value := node.get(name), str)]
            waiting += [
                value for name, value in node.items() if isinstance(value, dict | list) and name not in ("publisher", "author", "image", "logo", "sameAs")
            ]
    return kinds, urls, said
