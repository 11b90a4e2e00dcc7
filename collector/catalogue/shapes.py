"""What a catalogue is made of: questions, tables over browsers' stores, what a province puts in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from model.text import Text

Platform = Literal["windows", "linux"]
PLATFORMS: Final[tuple[Platform, ...]] = ("windows", "linux")
# How osquery names a PC's platform when it enrols (`platform_type`), as the bits of its PlatformType.
PLATFORM_TYPES: Final[Mapping[str, Platform]] = MappingProxyType({"2": "windows", "9": "linux", "1": "linux", "8": "linux"})


class CatalogueError(Exception):
    """The catalogue cannot be used; one sentence that names what is wrong and where."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One question: `topic` is the tag of the type that its rows become, and osquery's name of it.

    `columns` are those that may come back, `counted` the personal columns that its SQL may read to count them but never give back. `freshness` in ns: a PC
    whose answer is older is asked when it checks in. `schedule` in seconds: a snapshot that osquery takes by itself. `digest`: SHA-256 of the SQL.
    """

    topic: str
    platforms: tuple[Platform, ...]
    sql: str
    columns: frozenset[str]
    freshness: int
    digest: str
    title: Text
    why: Text
    fix: Text
    read: Text
    unread: Text
    findings: tuple[int, ...] = ()
    counted: frozenset[str] = frozenset()
    schedule: int | None = None


class StoreTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table that osquery makes over SQLite files of programs (`auto_table_construction`): `columns` of `query`, and `path`, which no question may read."""

    name: str
    query: str
    path: str
    columns: tuple[str, ...]
    digest: str
    platform: Platform = "windows"


class Province(msgspec.Struct, frozen=True, kw_only=True):
    """What a province puts into its catalogue: its code, the hosts of government log-ins, and its own edition."""

    code: str
    government: tuple[str, ...]
    edition: int = 1


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """The shipped source: questions whose SQL may still hold places for lists, `version` as `year.month.day`."""

    version: str
    queries: tuple[Query, ...]


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A province's catalogue, complete; `version` is the source's with the province's edition behind it: `2026.11.22.3`."""

    version: str
    province: str
    queries: tuple[Query, ...]
    tables: tuple[StoreTable, ...] = ()


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue whose signature and digests were checked: the only source of SQL that a PC is sent."""

    version: str
    province: str
    asked: Mapping[Platform, Mapping[str, Query]]
    tables: tuple[StoreTable, ...] = ()

    @property
    def queries(self) -> Mapping[str, Query]:
        """Questions by topic: Windows' where a topic has two; for what is the same on all platforms (title, columns)."""
        return {**self.asked.get("linux", {}), **self.asked.get("windows", {})}

    @property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """Columns that may come back, by topic."""
        return {topic: query.columns for topic, query in self.queries.items()}

    def config(self, platform: Platform) -> dict[str, Any]:
        """The part of osquery's configuration that the catalogue decides: `schedule` (snapshots, taken at start too) and `auto_table_construction`."""
        scheduled = {topic: query for topic, query in self.asked.get(platform, {}).items() if query.schedule is not None}
        return {
            "schedule": {
                topic: {"query": query.sql, "interval": query.schedule, "snapshot": True, "startup_priority": 1} for topic, query in scheduled.items()
            },
            "auto_table_construction": {
                table.name: {"query": table.query, "path": table.path, "columns": list(table.columns), "platform": table.platform}
                for table in self.tables
                if table.platform == platform
            },
        }
