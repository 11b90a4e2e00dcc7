"""Sentences for people, in both languages of the product."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["vi", "en"]

# Device names, page titles and banners come from hostile networks: an alert shows this much of them.
SHOWN_LENGTH = 80


class Text(msgspec.Struct, frozen=True):
    """One sentence, Vietnamese first."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.vi if language == "vi" else self.en


def shown(value: str, length: int = SHOWN_LENGTH) -> str:
    """`value` as it may stand inside a sentence: one line, no control or direction characters, cut at `length`."""
    # Bidirectional overrides (U+202A..U+202E, U+2066..U+2069) can make a name read backwards in an alert.
    kept = "".join(c if c.isprintable() and not _turns_text(c) else " " for c in value)
    kept = " ".join(kept.split())
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def _turns_text(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
