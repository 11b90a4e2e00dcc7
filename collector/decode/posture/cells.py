"""Cells of a PC's rows: numbers within what they can be, texts of machines and not of people. What does not fit is dropped and counted, never passed on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from model.posture.told import Told

Cell = str | int | float
# A query gives back a handful of rows; a PC that sends thousands is ill or hostile.
MAX_ROWS: Final = 1_000
MAX_CELL: Final = 1_024
_MOST: Final = 9_999_999
# Days of some year between 1990 and 2116: anything else is a clock that was never set.
_FIRST_DAY: Final = 7_305
_LAST_DAY: Final = 53_690

_WHOLE: Final = re.compile(r"-?(?:\d{1,18}|0x[0-9a-fA-F]{1,8})(?:\.0{1,6})?", re.ASCII)
_PLAIN: Final = re.compile(r"[A-Za-z0-9 .,_+()/&:'#\[\]®™-]{1,80}")
VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~:_-]{0,39}")
WORD: Final = re.compile(r"[A-Za-z0-9_]{1,40}")

# Identity numbers (9 and 12 digits, also in groups), telephone numbers, mail addresses.
_DIGITS: Final = re.compile(r"\d{9,}")
_PHONE: Final = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_GROUPED: Final = re.compile(r"(?<![\d.])\d{3}([ .-])\d{3}\1\d{3}(?:\1\d{3})?(?![\d.])")
# Vietnamese family names: short ones are words of English too and count only before two more capitalised words.
_LONG: Final = "nguyen|tran|pham|hoang|huynh|phan|dang|bui|ngo|duong|dinh|trinh|truong|luong|doan|quach|vuong|trieu|nghiem"
_SHORT: Final = "Le|Vu|Vo|Do|Ho|Ly|Ha|Ta|To|Mai|Cao|Lam|Luu|Thai|Dao|Chu|Kieu|Tang|La"
_NAME: Final = re.compile(rf"(?<![A-Za-z])(?:(?i:(?:{_LONG})(?:[ ._-][a-z]{{1,7}}){{1,4}})|(?:{_SHORT})(?:[ ._-][A-Z][a-z]{{0,6}}){{2,4}})(?![A-Za-z])")
_MIDDLE: Final = "van|thi|thanh|minh|duc|quoc|huu|xuan|ngoc|hong|kim|anh|thu|bao"
_JOINED: Final = re.compile(rf"(?i)(?<![a-z])(?:{_LONG}|le|vu|vo|do|ho|ly)(?:{_MIDDLE})[a-z]{{1,8}}(?![a-z])")


def personal(text: str) -> bool:
    """Whether something that stands for a person lies in the text: an identity or telephone number, a mail address, a Vietnamese name."""
    tight = text.replace(" ", "").replace("-", "")
    numbers = _DIGITS.search(tight) or _PHONE.search(text) or _GROUPED.search(text)
    return bool("@" in text or numbers or _NAME.search(text) or _JOINED.search(text))


class Desk:
    """What reading one topic has beside its rows: the site's keyed hash, the day, and what was put aside. `written` is set by what the facts script told."""

    def __init__(self, mark: Callable[[str], str], at: int) -> None:
        self.mark = mark
        self.at = at
        self.dropped = 0
        self.written: int | None = None

    def rows(self, rows: Sequence[Mapping[str, Any]], allowed: frozenset[str]) -> list[Row]:
        """Rows of allowed columns with cells of numbers and short texts; the rest is dropped and counted."""
        kept = []
        for row in rows[:MAX_ROWS]:
            cells = {name: cell for name, cell in row.items() if name in allowed and _is_cell(cell)}
            self.dropped += len(row) - len(cells)
            kept.append(Row(cells, self))
        return kept


def _is_cell(cell: object) -> bool:
    if isinstance(cell, str):
        return len(cell) <= MAX_CELL
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))


class Row:
    """One row; each reader gives None or an empty text for what is missing or cannot be."""

    def __init__(self, cells: Mapping[str, Any], desk: Desk) -> None:
        self.cells = cells
        self._desk = desk

    def raw(self, column: str) -> str:
        """The cell as text, for comparing with known words and for marks; it must go no further."""
        cell = self.cells.get(column)
        return "" if cell is None else str(cell).strip()

    def text(self, column: str, form: re.Pattern[str] = _PLAIN) -> str:
        """A text of a machine: of `form`, and without anything personal; empty, and counted, when it is not."""
        text = " ".join(self.raw(column).split())
        if not text:
            return ""
        # A number is no name of anything.
        if not isinstance(self.cells[column], str) or not form.fullmatch(text) or personal(text):
            self._desk.dropped += 1
            return ""
        return text

    def number(self, column: str, most: int = _MOST) -> int | None:
        """A whole number of 0 to `most`. Tools give numbers as text or as numbers; an empty cell is unknown."""
        value = _whole(self.cells.get(column))
        if value is None or not 0 <= value <= most:
            self._desk.dropped += self.raw(column) not in {"", "-1"}
            return None
        return value

    def flag(self, column: str) -> bool | None:
        """On for any number but 0."""
        value = self.number(column, 0xFFFF_FFFF)
        return None if value is None else value != 0

    def day(self, column: str) -> int | None:
        """A number of days since 1970, of a year that can be."""
        value = self.number(column, _LAST_DAY)
        return value if value is not None and value >= _FIRST_DAY else None


def _whole(cell: object) -> int | None:
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e18 else None
    text = cell.strip() if isinstance(cell, str) else ""
    if not _WHOLE.fullmatch(text):
        return None
    return int(text, 16) if "x" in text else int(text.partition(".")[0])


def counted(rows: Sequence[Row], key: str) -> tuple[list[Row], int]:
    """The rows that tell something, and how much was looked at: a row with an empty `key` says it in `looked`."""
    found = [row for row in rows if row.raw(key)]
    return found, max((row.number("looked") or 0 for row in rows if not row.raw(key)), default=0)


def each(rows: Sequence[Row], key: str, names: frozenset[str]) -> Iterator[tuple[str, Row]]:
    """Rows whose key is one of the known names."""
    for row in rows:
        name = row.raw(key)
        if name in names:
            yield name, row


Read = Callable[[list[Row], Desk], Told | None]
