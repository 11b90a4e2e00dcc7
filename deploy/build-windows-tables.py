#!/usr/bin/env python3
"""Builds collector/windows_builds.csv and collector/support_ends.csv from the published tables of Windows' updates and of ends of support.

    .venv/bin/python deploy/build-windows-tables.py windows_builds.csv support_ends.csv

The first has product, build, revision, released, kind, kb; the second cycle, label, build, released, support_ends, paid_extension_ends, long_term. Same input,
same bytes. A site replaces either by a file of the same name in its declared folder (docs/catalogue.md).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

HERE = Path(__file__).parent.parent / "collector"
BUILDS_SOURCE = "Alitai12/Windows-Updatelist to 2025-10-14"
ENDS_SOURCE = "endoflife-date/endoflife.date a70eca33, 2026-08-22"


def releases(path: Path) -> list[tuple[str, ...]]:
    """build, revision, released, kb: each revision once, by its first day, oldest first."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row["build"]), int(row["revision"]), row["released"]))
    first: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        first.setdefault((row["build"], row["revision"]), (row["build"], row["revision"], row["released"], row["kb"]))
    return list(first.values())


def ends(path: Path) -> list[tuple[str, ...]]:
    """cycle, label, build, edition, support_ends, paid_ends."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["cycle"], row["label"], row["build"].rpartition(".")[2], edition(row), row["support_ends"], row["paid_extension_ends"])
            for row in csv.DictReader(file)
        ]


def edition(row: dict[str, str]) -> str:
    """The class of editions that the line is for, as model.posture.builds names it."""
    if row["long_term"]:
        return "long_term"
    return {"e": "enterprise", "w": "home"}.get(row["cycle"].rpartition("-")[2], "")


def write(name: str, heading: str, rows: list[tuple[str, ...]], source: str) -> None:
    """The table; its first line says where all of it is from."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*heading.split(","), "source"])
        out.writerows([*row, source if not number else ""] for number, row in enumerate(rows))


def main() -> None:
    """Reads both tables, writes both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("builds", type=Path)
    parser.add_argument("ends", type=Path)
    given = parser.parse_args()
    write("windows_builds.csv", "build,revision,released,kb", releases(given.builds), BUILDS_SOURCE)
    write("support_ends.csv", "cycle,label,build,edition,support_ends,paid_ends", ends(given.ends), ENDS_SOURCE)


if __name__ == "__main__":
    main()
