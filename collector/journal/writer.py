"""The one writing connection: transactions under a lock, durable where people are told, and room made when there is none."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from collector.journal.errors import closed, kind_of, translated
from collector.journal.files import Reserve, room_beside
from collector.journal.space import DROP_ORDER, halve_history, shed

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_ROOMS = 12
_ROOM_ON_DISK = 64 << 10


class Writer:
    """Runs work in transactions, one at a time, from any thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, budget: int, *, reserve: int) -> None:
        """`budget`: bytes the outbox may take; `reserve`: bytes held back on disk for the day it is full."""
        self.path = path
        self._budget = budget
        self._connection = connection
        self._lock = threading.RLock()
        self._closed = False
        self._synchronous = "FULL"
        self._reserve = Reserve(path, reserve)
        self._most_pages = self._pages("max_page_count")
        self._frozen = False
        if not self._reserve.restore():
            self._freeze()

    def run(self, work: Work[T], *, durable: bool) -> T:
        """`work` in one transaction; `durable` commits survive a power cut, the others a kill. Raises JournalError, then nothing was done.

        SQLite's log is synced by a durable commit up to its end, so an earlier commit is never lost while a later one is kept.
        """
        with self._lock, translated(self.path):
            if self._closed:
                raise closed(self.path)
            self._thaw()
            return self._with_room(work, durable)

    def close(self) -> None:
        """Lets go of the connection, its log merged into the file."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()

    def _with_room(self, work: Work[T], durable: bool) -> T:
        for _ in range(_ROOMS):
            try:
                return self._once(work, durable)
            except sqlite3.Error as error:
                if kind_of(error) != "full" or not self._make_room():
                    raise
        return self._once(work, durable)

    def _once(self, work: Work[T], durable: bool) -> T:
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
        if self._frozen:
            self._start_log_over()
            return self._shed(len(DROP_ORDER) - 1)
        if room_beside(self.path) >= _ROOM_ON_DISK:
            # SQLite says SQLITE_FULL for its own max_page_count and for ENOSPC alike; the disk tells which it was.
            return self._shed(len(DROP_ORDER) - 1) or self._shorten_history() or self._shed(len(DROP_ORDER))
        self._freeze()
        return True

    def _freeze(self) -> None:
        """On a full disk: gives the reserve back so that the log can be merged, and stops growing.

        Within the blocks it has, SQLite can delete and write again; without this it cannot even take a sink's answers.
        """
        self._frozen = True
        self._reserve.release()
        self._start_log_over()
        self._connection.execute(f"PRAGMA max_page_count = {self._pages()}")

    def _thaw(self) -> None:
        """Once the disk has room for the reserve again, the journal may grow again."""
        if self._frozen and self._reserve.restore():
            self._frozen = False
            self._connection.execute(f"PRAGMA max_page_count = {self._most_pages}")

    def _start_log_over(self) -> None:
        try:
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        except sqlite3.OperationalError as error:
            # Not a block left to merge it into: what is in the log stays in the log.
            if kind_of(error) != "full":
                raise

    def _pages(self, what: str = "page_count") -> int:
        return int(self._connection.execute(f"PRAGMA {what}").fetchone()[0])

    def _shed(self, classes: int) -> bool:
        return self._gave(lambda c: shed(c, DROP_ORDER[:classes], max(1, self._budget // _ROOMS)) > 0)

    def _shorten_history(self) -> bool:
        return self._gave(halve_history)

    def _gave(self, work: Work[bool]) -> bool:
        try:
            return self._once(work, durable=False)
        except sqlite3.OperationalError as error:
            # On a disk that others filled SQLite cannot even delete.
            if kind_of(error) != "full":
                raise
            return False
