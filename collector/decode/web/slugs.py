"""Addresses that say in their last part what they sell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from collector.decode.web.kept import short
from collector.decode.web.seen import judged_title
from collector.decode.web.words.brands import brand, likely, trade_stem
from collector.decode.web.words.judge import may_hold

_WORD = re.compile(r"[^a-z0-9]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDING = re.compile(r"\.(?:html?|php|aspx?)\Z")
_LONGEST = 120
# What a host of that name alone would be taken for a bookmaker's by.
_BRAND = 2
# Names stand among the first words of an address.
_FIRST = 4


def selling(refs: Iterable[str]) -> list[str]:
    """Those addresses whose last part sells. One pass over all of them finds out whether to look at any."""
    slugs = {ref: slug for ref in refs if (slug := words_of(ref))}
    if not may_hold("\n".join(slugs.values())):
        return []
    named = {word for word in likely({word for slug in slugs.values() for word in slug.split()[:_FIRST]}) if _is_name(word)}
    sold = {slug for slug in slugs.values() if " " in slug and _says(slug)}
    return [ref for ref, slug in slugs.items() if slug in sold or not named.isdisjoint(slug.split()[:_FIRST])]


@short(longest=300, most=8_192)
def words_of(address: str) -> str:
    """The words of the last part of an address (`raja4d login 08`), or of its query (`slot gacor`); empty for none."""
    path, _, query = address.partition("#")[0].partition("?")
    slug = _ENDING.sub("", path.rstrip("/").rpartition("/")[2].lower())
    # A lone host has dots; so has no slug of a kit.
    if "." in slug or len(slug) > _LONGEST:
        slug = ""
    return " ".join(filter(None, _WORD.split(f"{slug} {query[:_LONGEST].lower()}")))


@short(longest=260, most=4_096)
def _says(slug: str) -> bool:
    """Whether the words of an address are keywords of the trade."""
    return may_hold(slug) and judged_title(slug).sells


def _is_name(word: str) -> bool:
    """Whether a word of an address is a brand or says the trade. A year beside a word is a date, not a brand."""
    return (trade_stem(word) or brand(word) >= _BRAND) and not _YEAR.search(word)
