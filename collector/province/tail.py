"""How far each shard of the boxes' streams was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from model.fleet.declared import FleetDeclared
from model.fleet.rows import CursorRow
from model.fleet.store import Extent
from model.ports import Stream

# What is told first is read first; a heartbeat that waits makes a box look silent.
_ORDER: Final[dict[Stream, int]] = {"finding": 0, "health": 1, "posture": 2, "observation": 3}


class Tail:
    """Cursors by shard. What an index that is gone had is kept: it may come back when a lost node does.

    Findings are read anew when other keys are declared: what a box sent before it was declared was refused, and it does not send it again. All else
    comes again by itself within a day.
    """

    def __init__(self, rows: Iterable[CursorRow] = ()) -> None:
        self._rows = {row.index: row for row in rows}
        self._declared: FleetDeclared | None = None
        self._keys = ""

    def meet(self, declared: FleetDeclared) -> None:
        """The keys that hold from now on."""
        if declared is not self._declared:
            self._declared, self._keys = declared, hashlib.sha256(msgspec.json.encode(sorted(declared.boxes, key=repr))).hexdigest()[:16]

    def after(self, extent: Extent) -> int:
        """The last position read; -1 for a shard not met before, or whose history is another now."""
        row = self._rows.get(_name(extent))
        return row.position if row is not None and row.history == self._history(extent) else -1

    def behind(self, extents: Iterable[Extent]) -> list[Extent]:
        """Shards with something left, what matters most first."""
        return sorted((extent for extent in extents if self.after(extent) < extent.end), key=lambda extent: (_ORDER[extent.stream], extent.index))

    def left(self, extents: Iterable[Extent]) -> int:
        """How many documents are not read yet, at most."""
        return sum(max(0, extent.end - self.after(extent)) for extent in extents)

    def moved(self, extent: Extent, position: int) -> CursorRow:
        """The row that says that all up to `position` was read; holds once `take` was given it."""
        return CursorRow(index=_name(extent), history=self._history(extent), position=position)

    def take(self, row: CursorRow) -> None:
        """The row is in the journal."""
        self._rows[row.index] = row

    def forget(self) -> None:
        """Everything is to be read again."""
        self._rows.clear()

    def _history(self, extent: Extent) -> str:
        return f"{extent.history}/{self._keys}" if extent.stream == "finding" else extent.history


def _name(extent: Extent) -> str:
    return f"{extent.index}/{extent.shard}"
