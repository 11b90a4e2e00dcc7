"""The shipped questions, read from `queries/*.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

import msgspec

from collector.catalogue.lists import filled
from collector.catalogue.shapes import Catalogue, CatalogueError, Platform, Query
from model.text import Text
from model.times import HOUR

# The day of the last change to a question or a list. A box refuses a catalogue that is older than the one it has.
VERSION: Final = "2026.11.22"


class _Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[query]]` of a file: `sql` is Windows', `linux` Linux', of the same columns; an answer older than `hours` is asked for anew."""

    topic: str
    hours: int
    columns: frozenset[str]
    title: Text
    why: Text
    fix: Text
    read: Text
    unread: Text
    sql: str
    linux: str = ""
    findings: tuple[int, ...] = ()
    counted: frozenset[str] = frozenset()
    schedule: int | None = None


def load() -> Catalogue:
    """The shipped catalogue, lists filled in. Raises CatalogueError."""
    folder = resources.files("collector.catalogue").joinpath("queries")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    found = [query for file in files for query in parsed(file.read_text("utf-8"), file.name)]
    return Catalogue(version=VERSION, queries=tuple(sorted(found, key=lambda query: (query.topic, query.platforms))))


def parsed(text: str, name: str) -> list[Query]:
    """The questions of one file. Raises CatalogueError, which names the file."""
    try:
        tables: list[Mapping[str, Any]] = tomllib.loads(text).get("query", [])
        return [query for table in tables for query in _queries(msgspec.convert(table, _Source))]
    except (ValueError, CatalogueError, RecursionError) as error:
        raise CatalogueError(f"{name}: {error}") from None


def _queries(source: _Source) -> list[Query]:
    written: tuple[tuple[Platform, str], ...] = (("windows", source.sql), ("linux", source.linux))
    return [_query(source, platform, sql) for platform, sql in written if sql]


def _query(source: _Source, platform: Platform, sql: str) -> Query:
    complete = filled(sql)
    return Query(
        topic=source.topic, platforms=(platform,), sql=complete, columns=source.columns, freshness=source.hours * HOUR, digest=digest(complete),
        title=source.title, why=source.why, fix=source.fix, read=source.read, unread=source.unread, findings=source.findings, counted=source.counted,
        schedule=source.schedule,
    )  # fmt: skip


def digest(sql: str) -> str:
    """SHA-256 of a question's SQL, in hex."""
    return hashlib.sha256(sql.encode()).hexdigest()
