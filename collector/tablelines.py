"""Long lists read line by line: a line that is broken is told with its place, the others hold.

A province's list has thousands of lines and many authors; one slip of theirs must not leave every portal unwatched. CSV as `collector.csvtable` reads it,
or TOML with one `[[name]]` table an entry.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from collector import csvtable
from collector.config.load import read_text
from collector.csvtable import Row
from collector.refusal import ConfigError, refused, unknown_key
from model.text import Text

Columns = Mapping[str, Sequence[str]]
Lines = Iterator[Row | ConfigError]

# A cell with line breaks in it (Alt+Enter in a spreadsheet) goes over so many lines at most: a quote nobody closed must not swallow the list.
_CELL_LINES = 20


def read(path: Path, name: str, columns: Columns, needed: Sequence[str]) -> list[Row | ConfigError]:
    """The entries of `path`, each a row or what is wrong with it. Raises ConfigError where the file as a whole cannot be used.

    `name` is the name of the tables in TOML, `columns` the other headings people use in CSV for each column.
    """
    text = read_text(path)
    lines = _toml(path.name, text, name, columns) if path.suffix.lower() == ".toml" else _csv(path.name, text, columns, needed)
    return list(lines)


def _csv(file: str, text: str, columns: Columns, needed: Sequence[str]) -> Lines:
    lines = text.splitlines()
    heading = lines[0] if lines else ""
    delimiter = csvtable.delimiter_of(heading)
    names = csvtable.columns_of(file, next(csv.reader([heading], delimiter=delimiter), []), columns)
    for column in needed:
        if column not in names:
            raise refused(file, Text(f'thiếu cột "{column}"', f'the column "{column}" is missing'))
    if len(lines) > csvtable.MAX_ROWS:
        raise refused(file, Text(f"có hơn {csvtable.MAX_ROWS} dòng", f"has more than {csvtable.MAX_ROWS} lines"))
    at = 1
    while at < len(lines):
        cells, taken = _cells(lines, at, delimiter)
        if cells is None:
            yield _broken(file, at + 1, Text("dấu nháy kép không đúng cặp", "its quotes do not match"))
        elif any(cells[len(names) :]):
            yield _broken(file, at + 1, Text("có nhiều ô hơn tiêu đề", "has more cells than the heading"))
        elif any(cells):
            yield Row(file, at + 1, dict(zip(names, cells, strict=False)))
        at += taken


def _cells(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The cells that begin in line `at`, and how many lines they take; None when the quotes never match."""
    quotes = 0
    for taken in range(1, min(_CELL_LINES, len(lines) - at) + 1):
        quotes += lines[at + taken - 1].count('"')
        if quotes % 2:
            continue  # a cell is open still
        try:
            rows = list(csv.reader([line + "\n" for line in lines[at : at + taken]], delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        return [cell.strip() for cell in rows[0]] if rows else [], taken
    return None, 1


def _broken(file: str, line: int, what: Text) -> ConfigError:
    return refused(file, Text(f"dòng {line}: {what.vi}", f"line {line}: {what.en}"))


class Entry(Row, frozen=True):
    """A table of a TOML file as a row; `places` is the line of each key."""

    places: Mapping[str, int]

    def wrong(self, column: str, wanted: Text) -> ConfigError:
        """The error for a value that is not what it must be."""
        return Row(self.file, self.places.get(column, self.line), self.cells).wrong(column, wanted)


def _toml(file: str, text: str, name: str, columns: Columns) -> Lines:
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
    _only_tables(file, "\n".join(lines[: heads[0] if heads else None]), name)
    if len(heads) > csvtable.MAX_ROWS:
        raise refused(file, Text(f"có hơn {csvtable.MAX_ROWS} mục", f"has more than {csvtable.MAX_ROWS} entries"))
    for head, end in pairwise([*heads, len(lines)]):
        yield _entry(file, head, lines[head:end], name, columns)


def _only_tables(file: str, before: str, name: str) -> None:
    """What stands before the first entry may only be comments."""
    try:
        other = tomllib.loads(before)
    except (ValueError, RecursionError) as error:
        raise _malformed(file, error, 0) from None
    if name in other:
        raise refused(file, Text(f"mỗi mục phải là một bảng [[{name}]]", f"each entry must be a table [[{name}]]"))
    for key in other:
        raise refused(file, unknown_key(key, [name]))


def _entry(file: str, head: int, lines: Sequence[str], name: str, columns: Columns) -> Row | ConfigError:
    try:
        parsed = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError) as error:
        return _malformed(file, error, head)
    places = {found[1]: head + offset + 1 for offset, line in enumerate(lines) if (found := re.match(r"\s*([\w-]+)\s*=", line))}
    for other in parsed.keys() - {name}:
        return _broken(file, places.get(other, head + 1), unknown_key(other, [name]))
    table: dict[str, Any] = parsed[name][0]
    cells: dict[str, str] = {}
    for key, value in table.items():
        line = places.get(key, head + 1)
        if key not in columns:
            return _broken(file, line, unknown_key(key, list(columns)))
        cell = _cell(value)
        if cell is None:
            return _broken(
                file, line, Text(f'"{key}" phải là chữ, số, ngày hoặc danh sách chữ', f'"{key}" must be a text, a number, a date or a list of texts')
            )
        cells[key] = cell
    return Entry(file, head + 1, cells, places)


def _cell(value: object) -> str | None:
    """A TOML value as it would stand in a table's cell."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value.strip()
        case int():
            return str(value)
        case datetime():
            return None
        case date():
            return value.isoformat()
        case list() if all(isinstance(item, str) for item in value):
            return " ".join(item.strip() for item in value)
    return None


def _malformed(file: str, error: Exception, before: int) -> ConfigError:
    what = str(error).split(" (at ")[0]
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if place is None:
        return _broken(file, before + 1, Text(f"không đúng cú pháp TOML ({what})", f"is no valid TOML ({what})"))
    line = before + int(place[1])
    return refused(file, Text(f"dòng {line}, cột {place[2]}: không đúng cú pháp TOML ({what})", f"line {line}, column {place[2]}: no valid TOML ({what})"))
