"""Answers kept for short texts that pages share: styles, words, lists of addresses.

Pure functions of a text, remembered by it, so that the caches are no state: without them the same comes out, later. Long texts are worked out each
time, so that no page fills the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Answer = TypeVar("_Answer")
_CLEAR: list[Callable[[], None]] = []


def short(longest: int, most: int) -> Callable[[Callable[[str], _Answer]], Callable[[str], _Answer]]:
    """A decorator: the answers for the last `most` texts of at most `longest` characters are kept."""

    def remember(work: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
        kept = lru_cache(maxsize=most)(work)
        _CLEAR.append(kept.cache_clear)

        @wraps(work)
        def answer(text: str) -> _Answer:
            return kept(text) if len(text) <= longest else work(text)

        return answer

    return remember


def forgets(clear: Callable[[], None]) -> None:
    """Has `forget` call this too, for a cache that is kept by more than a text."""
    _CLEAR.append(clear)


def forget() -> None:
    """Empties all of these caches, so that a measurement begins as a first look does."""
    for clear in _CLEAR:
        clear()
