"""Makes text from hostile networks harmless to look at: one line, no direction tricks, no towers of accents, no link."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from exporters.render import unlinked
from model.text import shown

# Vietnamese needs two marks on a letter when decomposed (ệ = e + dot below + circumflex); more only stack up over other lines.
_MARKS: Final = 3
# Text is made inert where it is cut and once more where it is printed: doing it twice must change nothing.
_DEAD_TWICE: Final = re.compile(r"\b(hxxps?|fxp)\[:\](?=[/\\]{2})")
_SCRIPT: Final = re.compile(r"(?i)\b(java|vb)(script)(?=:)")
LONG: Final = 2_000


def inert(value: str, length: int = LONG) -> str:
    """`value` on one line of at most `length` characters, web addresses written hxxp so that nothing makes a link of them."""
    # Cut before the work: a name may have ten thousand characters.
    text = unlinked(_unstacked(unicodedata.normalize("NFC", value[: length * 2])))
    text = _DEAD_TWICE.sub(r"\1:", text)
    return shown(_SCRIPT.sub(r"\1-\2", text), length)


def _unstacked(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS:
            kept.append(character)
    return "".join(kept)
