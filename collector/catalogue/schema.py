"""osquery's tables as empty tables of SQLite, so that every question can be bound and run without an osquery (docs/catalogue.md)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import zip_longest
from types import MappingProxyType

from collector.catalogue.shapes import Platform, StoreTable

_ROOTED = re.compile(r"[A-Za-z]:\\|HKEY_|/")
Schema = Mapping[str, Mapping[str, str]]


@cache
def schema(platform: Platform) -> Schema:
    """Tables of a platform: name -> columns in order, each with its type."""
    lines = resources.files("collector.catalogue").joinpath("osquery.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return MappingProxyType({name: _columns(columns, platform) for name, platforms, columns in rows if platform in platforms.split(",")})


def _columns(text: str, platform: Platform) -> Mapping[str, str]:
    cells = [cell.split(":") for cell in text.split(" ")]
    return MappingProxyType({cell[0]: cell[1] for cell in cells if len(cell) == 2 or platform in cell[2].split("+")})


def database(platform: Platform, stores: Iterable[StoreTable] = ()) -> sqlite3.Connection:
    """An empty PC: all tables of its platform, those over programs' stores, and stand-ins for the functions that osquery adds to SQLite."""
    pc = sqlite3.connect(":memory:")
    for table, columns in schema(platform).items():
        pc.execute(f'CREATE TABLE "{table}" ({", ".join(_column(name, kind) for name, kind in columns.items())})')
    for store in stores:
        # osquery gives every such column as text, and the file each row is from.
        pc.execute(f'CREATE TABLE "{store.name}" ({", ".join(_column(name, "TEXT") for name in (*store.columns, "path"))})')
    pc.create_function("like", 2, _like, deterministic=True)
    pc.create_function("split", 3, _split, deterministic=True)
    pc.create_function("regex_match", 3, _regex_match, deterministic=True)
    pc.create_function("concat", -1, _concat, deterministic=True)
    pc.create_function("version_compare", 2, _version_compare, deterministic=True)
    return pc


def _column(name: str, kind: str) -> str:
    return f'"{name}" {kind}'


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    # osquery lists folders and keys itself: there a % is one level, elsewhere any run of characters.
    rooted = _ROOTED.match(pattern)
    parts = {"%": r"[^\\/]*" if rooted else ".*", "_": "."}
    return re.compile("".join(parts.get(each) or re.escape(each) for each in pattern), re.IGNORECASE | re.DOTALL)


def _like(pattern: object, text: object) -> bool | None:
    """`text LIKE pattern`, as osquery's tables of files and of the registry take it."""
    return None if pattern is None or text is None else _pattern(str(pattern)).fullmatch(str(text)) is not None


def _split(text: str | None, tokens: str, index: int) -> str | None:
    """The index-th non-empty part of `text` between any of the characters of `tokens` (osquery/sql/sqlite_string.cpp)."""
    parts = [part for part in re.split(f"[{re.escape(tokens)}]", text or "") if part]
    return parts[index] if 0 <= index < len(parts) else None


def _regex_match(text: str | None, pattern: str, group: int) -> str | None:
    found = re.search(pattern, text or "")
    return found.group(group) if found and 0 <= group <= (found.re.groups or 0) else None


def _concat(*parts: object) -> str:
    return "".join(str(part) for part in parts if part is not None)


def _version_compare(one: str, other: str) -> int:
    mine, theirs = ([int(part) for part in re.findall(r"\d+", version)] for version in (one, other))
    return next(((a > b) - (a < b) for a, b in zip_longest(mine, theirs, fillvalue=0) if a != b), 0)
