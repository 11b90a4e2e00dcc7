"""How figures, instants and terms are written in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exporters import evidence_words
from exporters.console.phrases import PHRASES
from exporters.console.words import TERMS
from model.inspection.matters import FIFTEEN
from model.text import Language, Text
from model.times import DAY, HOUR, MINUTE, SECOND, local
from model.wording import coverage

if TYPE_CHECKING:
    from model.verdict import Evidence

_UNITS: Final = (
    (DAY, Text("ngày", "d")),
    (HOUR, Text("giờ", "h")),
    (MINUTE, Text("phút", "min")),
    (SECOND, Text("giây", "s")),
)
_MOMENT: Final = Text("dưới 1 phút", "under 1 min")
_SIZES: Final = ("B", "KB", "MB", "GB")


@dataclass(frozen=True)
class Speech:
    """Writes for people in `language`."""

    language: Language

    def say(self, phrase: str, **values: object) -> str:
        """The phrase of that key with its places filled; KeyError for an unknown key."""
        return PHRASES[phrase].to(self.language).format(**values)

    def term(self, key: str, table: str) -> str:
        """The word for a machine term such as `high`; the term itself where the page does not know it."""
        known = TERMS[table].get(key)
        return known.to(self.language) if known else key

    def text(self, text: Text) -> str:
        """A sentence that came with a finding."""
        return text.to(self.language)

    def reason(self, line: str) -> str:
        """A line of evidence for a class, with the classes in words."""
        return evidence_words.reason(line, self.language)

    def kind(self, piece: Evidence) -> str:
        """What sort of evidence it is."""
        return evidence_words.kind(piece, self.language)

    def evidence(self, piece: Evidence) -> str:
        """What was heard, raw; a term of ours in words."""
        return evidence_words.value(piece, self.language)

    def sensor(self, name: str, leg: str) -> str:
        """A sensor as people know it."""
        said = coverage.called(name, leg).to(self.language)
        return said[:1].upper() + said[1:]

    def fifteen(self) -> list[str]:
        """The titles of the fifteen findings, in order."""
        return [title.to(self.language) for title in FIFTEEN]

    def number(self, value: float, decimals: int = 0) -> str:
        """1.234.567,8 in Vietnamese, 1,234,567.8 in English."""
        written = f"{value:,.{decimals}f}"
        return written if self.language == "en" else written.translate({ord(","): ".", ord("."): ","})

    def size(self, count: int) -> str:
        """A number of bytes with its unit, steps of 1024."""
        value, unit = float(count), 0
        while value >= 1024 and unit < len(_SIZES) - 1:
            value, unit = value / 1024, unit + 1
        return f"{self.number(value, 1 if unit else 0)} {_SIZES[unit]}"

    def instant(self, at: int) -> str:
        """`09:14:03 15/07/2025`'s long form: dd/MM/yyyy HH:mm:ss in Viet Nam; a dash for never."""
        return local(at) if at > 0 else "–"

    def day(self, at: int) -> str:
        """dd/MM/yyyy in Viet Nam."""
        return local(at)[:10]

    def about(self, length: int) -> str:
        """A length of time (ns) in its greatest unit alone, so that what is on the page does not change each second."""
        unit, word = next(((unit, word) for unit, word in _UNITS if length >= unit), _UNITS[-1])
        return f"{max(0, length) // unit} {word.to(self.language)}" if unit > SECOND else _MOMENT.to(self.language)

    def span(self, length: int) -> str:
        """A length of time (ns) in its two greatest units: `3 giờ 12 phút`."""
        left = max(0, length)
        parts: list[str] = []
        for unit, word in _UNITS:
            count, left = divmod(left, unit)
            if count:
                parts.append(f"{count} {word.to(self.language)}")
            elif parts:
                break
            if len(parts) == 2:
                break
        return " ".join(parts) or f"0 {_UNITS[-1][1].to(self.language)}"
