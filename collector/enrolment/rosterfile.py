"""boxes.csv as a program changes it: people keep it in a spreadsheet, so its columns, separators and other lines stay as they are.

A change is tried out on the whole province first and then exchanged for the old file; half a file, or one that the province would refuse, is never there.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from collector import csvtable, portalcells
from collector.csvtable import Row
from collector.declared_fleet import BOXES, BOXES_COLUMNS, key_of, load_fleet
from collector.refusal import refused
from exporters.durable import sync_folder
from model.fleet.declared import FleetDeclared
from model.text import Text
from model.times import DAY, SECOND, VIETNAM

_WRITTEN: Final = ("box", "site", "key", "since", "until", "by")


class Sheet(msgspec.Struct, frozen=True):
    """The file taken apart: our names of its columns, its lines as cells (the heading first), and how it was written."""

    names: list[str]
    lines: list[list[str]]
    delimiter: str
    mark: str
    ending: str


def read(folder: Path) -> Sheet:
    """The file as it stands. Raises ConfigError for one that cannot be read, or has no column for what a program writes."""
    try:
        raw = (folder / BOXES).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise refused(BOXES, Text(f"không đọc được ({why})", f"it cannot be read ({why})")) from None
    text = raw.removeprefix("\ufeff")
    delimiter = csvtable.delimiter_of(text.partition("\n")[0])
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        raise refused(BOXES, Text(str(error), str(error))) from None
    names = csvtable.columns_of(BOXES, lines[0] if lines else [], BOXES_COLUMNS)
    for column in _WRITTEN:
        if column not in names:
            raise refused(BOXES, Text(f'thiếu cột "{column}" để chương trình ghi', f'the column "{column}" is missing, which a program has to write'))
    return Sheet(names, lines, delimiter, raw[: len(raw) - len(text)], "\r\n" if "\r\n" in text else "\n")


def added(sheet: Sheet, lines: Iterable[Mapping[str, str]]) -> Sheet:
    """With these lines at its end."""
    more = [[csvtable.harmless(line.get(name, "")) for name in sheet.names] for line in lines]
    return msgspec.structs.replace(sheet, lines=[*sheet.lines, *more])


def ended(sheet: Sheet, box: str, day: int, keep: Collection[bytes] = ()) -> Sheet:
    """The box's lines end with the day that holds the instant `day` (ns), but for those of the keys in `keep`; a line that would begin later is left out."""
    lines = [sheet.lines[0]]
    for number, cells in enumerate(sheet.lines[1:], 2):
        row = Row(BOXES, number, dict(zip(sheet.names, (cell.strip() for cell in cells), strict=False)))
        if row.text("box") != box or key_of(row) in keep:
            lines.append(cells)
        elif (since := portalcells.first_day(row)) <= day:
            until = portalcells.last_day(row, since)
            lines.append(cells if 0 < until <= day + DAY else _with(sheet, cells, "until", written_day(day)))
    return msgspec.structs.replace(sheet, lines=lines)


def without(sheet: Sheet, box: str) -> Sheet:
    """Without any line of the box: what it signed at whatever time holds no more."""
    at = sheet.names.index("box")
    lines = [cells for cells in sheet.lines[1:] if len(cells) <= at or cells[at].strip() != box]
    return msgspec.structs.replace(sheet, lines=[sheet.lines[0], *lines])


def written_day(at: int) -> str:
    """The day of an instant (ns) in Viet Nam, as the lists have it."""
    return datetime.fromtimestamp(at // SECOND, VIETNAM).strftime("%d/%m/%Y")


def put(folder: Path, sheet: Sheet) -> FleetDeclared:
    """Puts the sheet in place of the file; the province as it is declared then. Raises ConfigError for what the province would refuse, OSError."""
    data = _text(sheet).encode()
    declared = _tried(folder, data)
    path = folder / BOXES
    was, fresh = path.stat(), path.with_name(BOXES + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            # The service that reads it may be another user.
            os.fchmod(file.fileno(), was.st_mode & 0o777)
            if os.geteuid() == 0:
                os.fchown(file.fileno(), was.st_uid, was.st_gid)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(folder)
    return declared


def _tried(folder: Path, data: bytes) -> FleetDeclared:
    """The province with another boxes.csv."""
    with tempfile.TemporaryDirectory(prefix="vonggac-") as name:
        trial = Path(name)
        for path in folder.resolve().iterdir():
            if path.name != BOXES and not path.name.endswith(".new"):
                (trial / path.name).symlink_to(path)
        (trial / BOXES).write_bytes(data)
        return load_fleet(trial)


def _text(sheet: Sheet) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=sheet.delimiter, lineterminator=sheet.ending).writerows(sheet.lines)
    return sheet.mark + out.getvalue()


def _with(sheet: Sheet, cells: list[str], column: str, value: str) -> list[str]:
    padded = [*cells, *[""] * (len(sheet.names) - len(cells))]
    padded[sheet.names.index(column)] = value
    return padded
