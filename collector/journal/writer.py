"""The one writing connection: transactions under a lock, durable where people are told, and room made when there is none."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from collector.journal.errors import closed, kind_of, translated
from collector.journal.files import Reserve
from collector.journal.space import DROP_ORDER, OUTBOX_SHARE, shed

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_RESTORE_EVERY = 64
_ROOMS = 8
_ROOM_ON_DISK = 64 << 10


class Writer:
    """Runs work in transactions, one at a time, from any thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, max_bytes: int) -> None:
        self.path = path
        self.budget = int(max_bytes * OUTBOX_SHARE)
        self._connection = connection
        self._lock = threading.RLock()
        self._closed = False
        self._synchronous = "FULL"
        self._reserve = Reserve(path, min(1 << 20, max_bytes // 32))
        self._since_restore = 0

    def run(self, work: Work[T], *, durable: bool) -> T:
        """`work` in one transaction; `durable` commits survive a power cut, the others a kill. Raises JournalError, then nothing was done.

        SQLite's log is synced by a durable commit up to its end, so an earlier commit is never lost while a later one is kept.
        """
        with self._lock, translated(self.path):
            if self._closed:
                raise closed(self.path)
            result = self._with_room(work, durable)
            self._take_reserve_again()
            return result

    def close(self) -> None:
        """Lets go of the connection, its log merged into the file."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()

    def _with_room(self, work: Work[T], durable: bool) -> T:
        for _ in range(_ROOMS):
            try:
                with self._transaction(durable):
                    return work(self._connection)
            except sqlite3.Error as error:
                if kind_of(error) != "full" or not self._make_room():
                    raise
        with self._transaction(durable):
            return work(self._connection)

    @contextmanager
    def _transaction(self, durable: bool) -> Iterator[None]:
        # The pragma is a no-op inside a transaction, so it comes first; setting it costs microseconds, fsync on a memory card tens of ms.
        wanted = "FULL" if durable else "NORMAL"
        if wanted != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous = {wanted}")
            self._synchronous = wanted
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            # SQLite itself rolls back on some errors (SQLITE_FULL, SQLITE_IOERR), not on all.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _make_room(self) -> bool:
        """Whether trying again makes sense. Our own bound may cost findings at last; a disk that others filled never does."""
        if self._at_own_bound():
            return self._shed(len(DROP_ORDER))
        if self._reserve.release():
            # The log is started over where it is: writing into it again needs no new block.
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)")
            return True
        return self._shed(len(DROP_ORDER) - 1)

    def _shed(self, classes: int) -> bool:
        with self._transaction(durable=False):
            return shed(self._connection, DROP_ORDER[:classes], max(1, self.budget // _ROOMS)) > 0

    def _at_own_bound(self) -> bool:
        # SQLite says SQLITE_FULL for its own max_page_count and for ENOSPC alike; the disk tells which it was.
        disk = os.statvfs(self.path.parent)
        return disk.f_bavail * disk.f_frsize >= _ROOM_ON_DISK

    def _take_reserve_again(self) -> None:
        self._since_restore += 1
        if self._since_restore >= _RESTORE_EVERY:
            self._since_restore = 0
            self._reserve.restore()
