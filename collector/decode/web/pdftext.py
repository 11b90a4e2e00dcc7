"""The words that a PDF shows: its content streams with the letters that its fonts say they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.decode.web.pdffile import STRING, File, Thing, from_hex, string_of

_MOST_FONTS = 64
_MOST_LETTERS = 20_000
_MOST_CONTENT = 1 << 20
_MOST_TEXT = 300_000
_MOST_OPERANDS = 4_000
# A gap in a line of glyphs that is a blank, in thousandths of the letters' height.
_BLANK = -180.0
_HIGHEST = 8

_TOKEN = re.compile(
    rb"(?P<string>" + STRING + rb")|/(?P<name>[^\s/<>\[\]()]{1,64})|(?P<number>[-+]?(?:\d{1,12}\.?\d{0,12}|\.\d{1,12}))|(?P<act>[A-Za-z'\"]{1,3}\*?)", re.DOTALL
)
_FONTS = re.compile(rb"/Font\s{0,8}(?:<<([^<>]{0,8000})>>|(\d{1,8})\s{1,4}\d{1,5}\s{1,4}R\b)")
_NAMED = re.compile(rb"/([^\s/<>\[\]()]{1,64})\s{1,8}(\d{1,8})\s{1,4}\d{1,5}\s{1,4}R\b")
_CONTENTS = re.compile(rb"/Contents\s{0,8}(?:(\d{1,8})\s|\[([^\]]{0,8000}))")
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]{1,16})>\s{0,8}<([0-9A-Fa-f\s]{1,200})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]{1,16})>\s{0,8}<([0-9A-Fa-f\s]{1,16})>\s{0,8}(?:<([0-9A-Fa-f\s]{1,200})>|\[([^\]]{0,20000}))")
_NO_CONTENT = (b"/Image", b"/ObjStm", b"/XRef", b"/FontFile", b"/Metadata", b"/Length1", b"/CIDFontType", b"/FunctionType", b"/ShadingType")


class Font(NamedTuple):
    """What codes stand for which letters, and how many bytes a code has. `open`: codes that it does not name are Western letters."""

    letters: Mapping[int, str]
    width: int = 1
    open: bool = True

    def read(self, raw: bytes) -> str:
        """The letters of a string."""
        if not self.letters and self.open:
            return raw.decode("cp1252", "replace")
        codes = (int.from_bytes(raw[at : at + self.width], "big") for at in range(0, len(raw), self.width))
        return "".join(self.letters.get(code, chr(code) if self.open and 32 <= code < 127 else "") for code in codes)


_PLAIN = Font({})


def text_of(file: File) -> str:
    """All text of the file, a page after the other in the order they are stored."""
    reader = _Reader(file)
    out: list[str] = []
    left, room = _MOST_CONTENT, _MOST_TEXT
    for content, fonts in reader.contents():
        if left <= 0 or room <= 0:
            break
        said = "".join(_shown(content[:left], fonts))[:room]
        left, room = left - len(content), room - len(said)
        out.append(said)
    return "\n".join(out)


class _Reader:
    """Contents with the fonts of their pages; each font is read once."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._fonts: dict[int, Font] = {}

    def contents(self) -> Iterator[tuple[bytes, dict[bytes, Font]]]:
        """Pages first, then drawings that stand in pages."""
        done: set[int] = set()
        for thing in list(self._file.things.values()):
            if found := _CONTENTS.search(thing.said):
                numbers = [int(found[1])] if found[1] else [int(number) for number in re.findall(rb"(\d{1,8})\s{1,4}\d{1,5}\s{1,4}R", found[2] or b"")]
                new = [number for number in numbers if number not in done]
                done.update(new)
                yield b"\n".join(self._file.stream(number) for number in new), self._of_page(thing)
        for thing in list(self._file.things.values()):
            if thing.stored and thing.number not in done and b"/Form" in thing.said and not any(word in thing.said for word in _NO_CONTENT):
                yield self._file.stream(thing.number), self._named(thing.said)

    def _of_page(self, page: Thing) -> dict[bytes, Font]:
        """The page's own fonts, else those of what it stands under."""
        at: Thing | None = page
        for _ in range(_HIGHEST):
            if at is None:
                break
            said = self._file.said(at.reference("Resources")) or at.said
            if fonts := self._named(said):
                return fonts
            at = self._file.things.get(parent) if (parent := at.reference("Parent")) is not None else None
        return {}

    def _named(self, said: bytes) -> dict[bytes, Font]:
        found = _FONTS.search(said)
        if found is None:
            return {}
        table = found[1] if found[1] is not None else self._file.said(int(found[2]))
        return {name: self._font(int(number)) for name, number in _NAMED.findall(table)[:_MOST_FONTS]}

    def _font(self, number: int) -> Font:
        if number not in self._fonts:
            if len(self._fonts) >= _MOST_FONTS:
                return _PLAIN
            thing = self._file.things.get(number)
            self._fonts[number] = _font(thing, self._file) if thing else _PLAIN
        return self._fonts[number]


def _font(thing: Thing, file: File) -> Font:
    wide = b"/Type0" in thing.said
    letters = _letters(file.stream(thing.reference("ToUnicode")))
    return Font(letters, 2 if wide else 1, not wide)


def _letters(table: bytes) -> dict[int, str]:
    """A font's own table of what its codes stand for."""
    found: dict[int, str] = {}
    for begun in table.split(b"beginbf")[1:400]:
        block = begun.partition(b"endbf")[0]
        for code, text in _pairs(block) if block.startswith(b"char") else _ranges(block):
            if len(found) >= _MOST_LETTERS:
                return found
            found[code] = text
    return found


def _pairs(block: bytes) -> Iterator[tuple[int, str]]:
    for code, text in _PAIR.findall(block):
        yield _code(code), _written(text)


def _ranges(block: bytes) -> Iterator[tuple[int, str]]:
    for low, high, first, listed in _RANGE.findall(block):
        start, count = _code(low), min(_code(high) - _code(low) + 1, 65_536)
        if listed:
            yield from enumerate([_written(text) for text in re.findall(rb"<([0-9A-Fa-f\s]{1,200})>", listed)][: max(count, 0)], start)
        elif text := _written(first):
            yield from ((start + n, text[:-1] + chr(min(ord(text[-1]) + n, 0x10FFFF))) for n in range(max(count, 0)))


def _code(digits: bytes) -> int:
    return int.from_bytes(from_hex(digits)[:4], "big")


def _written(digits: bytes) -> str:
    return from_hex(digits).decode("utf-16-be", "replace")


def _shown(content: bytes, fonts: Mapping[bytes, Font]) -> Iterator[str]:
    """What the text operators of a content stream show; a new line where the next letters stand higher or lower."""
    font, name, height = _PLAIN, b"", 0.0
    operands: list[bytes | float] = []
    for token in _TOKEN.finditer(content):
        if token["act"] is None:
            if token["name"] is not None:
                name = token["name"]
            elif len(operands) < _MOST_OPERANDS:
                operands.append(string_of(token["string"]) if token["string"] is not None else float(token["number"]))
            continue
        act = token["act"]
        if act == b"Tf":
            font = fonts.get(name, _PLAIN)
        elif act in _SHOWING:
            yield ("\n" if act in (b"'", b'"') else "") + "".join(_glyphs(operands, font, spaced=act == b"TJ"))
        else:
            moved = _height(act, operands, height)
            yield "\n" if act == b"T*" or moved != height else ""
            height = height if act != b"Tm" else moved
        operands = []


_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})


def _height(act: bytes, operands: list[bytes | float], height: float) -> float:
    """Where the next line stands; what is no move changes nothing."""
    numbers = [value for value in operands if isinstance(value, float)]
    if act in (b"Td", b"TD") and len(numbers) >= 2:
        return height + numbers[-1]
    return numbers[-1] if act == b"Tm" and len(numbers) >= 6 else height


def _glyphs(operands: list[bytes | float], font: Font, *, spaced: bool) -> Iterator[str]:
    for value in operands:
        if isinstance(value, bytes):
            yield font.read(value)
        elif spaced and value < _BLANK:
            yield " "
