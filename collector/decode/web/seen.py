"""What was read before: the personas of a round get nearly the same page, and the pages of a portal share their scripts, menus and footers.

Pure functions of a text, remembered by it, so that the caches are no state: without them the same comes out, later.
"""

from __future__ import annotations

from functools import lru_cache

from collector.decode.web import kept
from collector.decode.web.javascript import fold as folding
from collector.decode.web.javascript.fold import fold
from collector.decode.web.ways import Folded
from collector.decode.web.words.judge import Judged, is_brand_host, judge_text, judge_title

# Longer texts are read each time: some 16 MiB at most are held by each cache.
_LONGEST = 8_192


@lru_cache(maxsize=8192)
def is_brand(host: str) -> bool:
    """Whether a host has the shape of a bookmaker's name."""
    return is_brand_host(host)


def folded(source: str) -> Folded:
    """What a script would do."""
    if len(source) <= _LONGEST:
        return _folded(source)
    return _folded_long(source) if len(source) <= 8 * _LONGEST else fold(source)


def judged_text(text: str, excused: float = 0.0) -> Judged:
    """Whether a text sells."""
    return _text(text, excused) if len(text) <= _LONGEST else judge_text(text, excused)


@lru_cache(maxsize=4096)
def judged_title(text: str) -> Judged:
    """Whether a title, heading or anchor sells."""
    return judge_title(text[:_LONGEST])


_folded = lru_cache(maxsize=2048)(fold)
_folded_long = lru_cache(maxsize=128)(fold)
_text = lru_cache(maxsize=1024)(judge_text)


def forget() -> None:
    """Empties the caches, so that a measurement begins as a first look does."""
    for cache in (is_brand, judged_title, _folded, _folded_long, _text):
        cache.cache_clear()
    for inner in vars(folding).values():  # what the reader of scripts itself remembers
        if hasattr(inner, "cache_clear"):
            inner.cache_clear()
    kept.forget()
