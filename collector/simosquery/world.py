"""The tables of one simulated PC in SQLite, so that the very SQL of the catalogue is what it answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from collector.catalogue.schema import database
from collector.catalogue.shapes import Platform, StoreTable
from collector.simosquery.pc import Failed, Rows
from collector.simosquery.tables import Tables


class World:
    """Answers SQL over `tables`. One may serve many PCs that are alike."""

    def __init__(self, tables: Tables, stores: Iterable[StoreTable] = (), platform: Platform = "windows") -> None:
        self._pc = database(platform, stores)
        known = {row[0] for row in self._pc.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, rows in tables.items():
            if table in known:
                self._fill(table, rows)

    def _fill(self, table: str, rows: list[dict[str, object]]) -> None:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            self._pc.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))})', list(row.values()))  # noqa: S608 - names of our own tables

    def run(self, sql: str) -> Rows:
        """As osquery gives rows: every cell as text, nothing for NULL. Raises Failed."""
        try:
            cursor = self._pc.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            return [{name: _text(cell) for name, cell in zip(columns, row, strict=True)} for row in cursor.fetchall()]
        except sqlite3.Error as error:
            raise Failed(str(error)) from None


def _text(cell: object) -> str:
    return "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
