#!/usr/bin/env python3
"""Builds collector/catalogue/osquery.tsv, the tables and columns that a question may name, from a JSON of osquery's published specifications.

    .venv/bin/python deploy/build-osquery-tables.py osquery_tables.json

The JSON has `source` (which commit, of which day) and `tables`: name -> columns (name, type, `only` where not everywhere), platforms, evented.
Same input, same bytes. A line: table, platforms, columns as name:type.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "collector" / "catalogue" / "osquery.tsv"
_OURS = ("windows", "linux")


def line(name: str, table: dict[str, Any]) -> str:
    """One table: name, platforms, columns."""
    platforms = [p for p in table["platforms"] if p in _OURS]
    return "\t".join((name, ",".join(platforms), " ".join(filter(None, (column(each, platforms) for each in table["columns"])))))


def column(each: dict[str, Any], platforms: list[str]) -> str:
    """`name:TYPE`, with `:windows` where only that platform has it; empty where none of ours has."""
    only = each.get("only")
    names = [only] if isinstance(only, str) else list(only or platforms)
    where = [p for p in names if p in platforms]
    kept = "" if where == platforms else ":" + "+".join(where)
    return f"{each['name']}:{each['type']}{kept}" if where else ""


def main() -> None:
    """Reads the JSON, writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("specs", type=Path)
    specs = json.loads(parser.parse_args().specs.read_text("utf-8"))
    tables = {name: t for name, t in specs["tables"].items() if not t["evented"] and any(p in _OURS for p in t["platforms"])}
    head = f"# osquery's tables of Windows and Linux, without those of events. Source: {specs['source']}\n"
    TABLE.write_text(head + "".join(line(name, tables[name]) + "\n" for name in sorted(tables)), "utf-8")


if __name__ == "__main__":
    main()
