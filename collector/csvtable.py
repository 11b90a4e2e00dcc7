"""Tables that people keep in a spreadsheet, read as Excel and LibreOffice save them: comma, semicolon or tab, with or without a mark, any line ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from collector.config.load import read_text
from collector.refusal import ConfigError, nearest, refused
from model.text import Text, shown

MAX_ROWS = 100_000

_NO_HEADER = Text("thiếu dòng tiêu đề", "its heading line is missing")


class Row(msgspec.Struct, frozen=True):
    """One line of a table; `cells` by column name, without the columns that were left out."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell as it may be shown anywhere; empty when left out."""
        return harmless(self.cells.get(column, ""))

    def wrong(self, column: str, wanted: Text) -> ConfigError:
        """The error for a cell that is not what it must be."""
        given = shown(self.cells.get(column, ""))
        return refused(
            self.file,
            Text(
                f'dòng {self.line}, cột "{column}" phải là {wanted.vi}, đang là "{given}"',
                f'line {self.line}, column "{column}" must be {wanted.en}, it is "{given}"',
            ),
        )


def read(path: Path, columns: Mapping[str, Sequence[str]], needed: Iterable[str]) -> list[Row] | None:
    """The rows of a table, None when there is no such file. `columns`: the other headings people use for each. Raises ConfigError."""
    if not path.exists():
        return None
    text = read_text(path)
    heading = text.partition("\n")[0]
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter_of(heading))
    try:
        return list(_rows(path.name, lines, columns, frozenset(needed)))
    except csv.Error as error:
        raise refused(path.name, Text(f"dòng {lines.line_num}: {error}", f"line {lines.line_num}: {error}")) from None


def delimiter_of(heading: str) -> str:
    """What stands between the cells of a heading."""
    # Excel with Vietnamese settings writes semicolons, for the comma is its decimal sign.
    return max(",;\t", key=heading.count)


def _rows(file: str, lines: Iterator[list[str]], columns: Mapping[str, Sequence[str]], needed: frozenset[str]) -> Iterator[Row]:
    names = columns_of(file, next(lines, []), columns)
    for column in sorted(needed - set(names)):
        raise refused(file, Text(f'thiếu cột "{column}"', f'the column "{column}" is missing'))
    for number, cells in enumerate(lines, start=2):
        if number > MAX_ROWS:
            raise refused(file, Text(f"có hơn {MAX_ROWS} dòng", f"has more than {MAX_ROWS} lines"))
        trimmed = [cell.strip() for cell in cells]
        if not any(trimmed):
            continue  # spreadsheets leave empty lines behind
        if any(trimmed[len(names) :]):
            raise refused(file, Text(f"dòng {number} có nhiều ô hơn tiêu đề", f"line {number} has more cells than the heading"))
        yield Row(file, number, dict(zip(names, trimmed, strict=False)))


def columns_of(file: str, heading: list[str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The heading's columns under our own names. Raises ConfigError."""
    if not any(cell.strip() for cell in heading):
        raise refused(file, _NO_HEADER)
    meanings = {spelling: column for column, others in columns.items() for spelling in (column, *others)}
    names: list[str] = []
    for cell in heading:
        name = meanings.get(" ".join(cell.split()).lower())
        if name is None:
            raise refused(file, _unknown(cell, meanings))
        if name in names:
            raise refused(file, Text(f'cột "{name}" có hai lần', f'the column "{name}" is there twice'))
        names.append(name)
    return names


def _unknown(cell: str, meanings: Mapping[str, str]) -> Text:
    given, meant = shown(cell), nearest(cell, meanings)
    if meant:
        return Text(f'không có cột "{given}", gần nhất là "{meant}"', f'there is no column "{given}", the nearest is "{meant}"')
    known = ", ".join(dict.fromkeys(meanings.values()))
    return Text(f'không có cột "{given}", các cột có thể dùng: {known}', f'there is no column "{given}", those that may be used: {known}')


def harmless(cell: str) -> str:
    """The text on one line, and never a formula for the spreadsheet that a report of ours is opened in. Telephone numbers stay as they are."""
    line = " ".join(cell.split())
    if re.fullmatch(r"\+?[\d .-]+", line):
        return line
    return line.lstrip("=+-@ ")
