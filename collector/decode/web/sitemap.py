"""Sitemaps: the addresses they list, other hosts among them, and whether a doorway kit filled them. Scanned, not parsed: no entity is ever expanded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collector.decode.web.known import same_organisation
from collector.decode.web.slugs import selling
from collector.decode.web.url import host_of, parse
from model.webfacts import Sign

LONGEST = 52_428_800  # of the protocol: 50 MiB
MOST = 50_000
_LOC = re.compile(rb"<(?:\w{1,20}:)?loc\b[^>]{0,200}>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4096})")
_ALTERNATE = re.compile(rb"<(?:\w{1,20}:)?link\b[^<>]{0,1000}?\bhref\s*=\s*[\"']([^\"'<>]{1,2048})")
_INDEX = re.compile(rb"<(?:\w{1,20}:)?sitemapindex\b")
_SITEMAP = re.compile(rb"<(?:\w{1,20}:)?(?:sitemapindex|urlset)\b")
_HEAD = 4096
_MOST_ALTERNATES = 2_000
# So many addresses, evenly spread, stand for all.
_SAMPLE = 1_200
# So many of the sample, and this share of it: a few addresses of news may look like it, never so many.
_FLOODS = ((5, 0.25), (10, 0.08), (40, 0.02))
_LEAST = 5


class Sitemap(NamedTuple):
    """`entries` (pages) and `children` (further sitemaps) as absolute addresses, at most 50,000; `hosts`: others than its own; `truncated`: there was more."""

    entries: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    truncated: bool = False


def is_sitemap(body: bytes) -> bool:
    """Whether the bytes are an XML sitemap or an index of sitemaps."""
    return _SITEMAP.search(body[:_HEAD]) is not None


def read_sitemap(body: bytes, url: str = "") -> Sitemap:
    """A sitemap, an index, or a plain list of addresses, inflated by the caller. Never raises."""
    truncated = len(body) > LONGEST
    body = body[:LONGEST]
    base = parse(url) if url else None
    found: dict[str, None] = {}
    for written in _written(body):
        if len(found) >= MOST:
            truncated = True
            break
        if address := parse(written, base):
            found[address.href] = None
    addresses = tuple(found)
    own = base.host if base else ""
    alternates = [match[1].decode("utf-8", "replace") for match, _ in zip(_ALTERNATE.finditer(body), range(_MOST_ALTERNATES), strict=False)]
    hosts = {host_of(address) for address in [*addresses, *alternates]} - {own, ""}
    if _INDEX.search(body[:_HEAD]):
        return Sitemap((), addresses, tuple(sorted(hosts))[:256], (), truncated)
    return Sitemap(addresses, (), tuple(sorted(hosts))[:256], tuple(_signs(addresses, own)), truncated)


def _written(body: bytes) -> Iterator[str]:
    if b"<" not in body[:_HEAD]:
        for line in body.split(b"\n", MOST + 1)[: MOST + 1]:
            text = line.decode("utf-8", "replace").strip("\ufeff \r\t\0")
            if text.lower().startswith(("http://", "https://")):
                yield text[:4096]
        return
    for match in _LOC.finditer(body):
        yield html.unescape(match[1].decode("utf-8", "replace")).strip()


def _signs(addresses: Sequence[str], own: str) -> Iterator[Sign]:
    sample = addresses[:: max(1, len(addresses) // _SAMPLE)]
    sold = selling(sample)
    share = len(sold) / len(sample) if sample else 0.0
    if any(len(sold) >= least and share >= enough for least, enough in _FLOODS):
        hosts = tuple(sorted({host_of(address) for address in sold} - {own, ""}))[:32]
        value = f"{share:.0%} of {len(addresses)}: {'; '.join(sold)}"[:300]
        yield Sign(kind="sitemap_flood", value=value, where="sitemap", page=own, hosts=hosts, gambling=True, hits=round(share * len(addresses)))
    foreign = [address for address in sample if own and not same_organisation(host_of(address), own)]
    if len(foreign) >= _LEAST and len(foreign) * 2 >= len(sample):
        hosts = tuple(sorted({host_of(address) for address in foreign}))[:32]
        yield Sign(kind="foreign_tag", value=f"sitemap: {'; '.join(foreign)}"[:300], where="sitemap", page=own, hosts=hosts, hits=len(foreign))
