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
    # Format characters are not printable for Python, among them the bidirectional overrides that make a name read backwards in an alert.
    kept = value if value.isprintable() else "".join(c if c.isprintable() else " " for c in value)
    kept = " ".join(kept.split())
    return kept if len(kept) <= length else kept[: length - 1] + "…"
