"""The journal: one SQLite file that core alone writes, durable before any sink is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from collector.clock import Clock, SystemClock
from collector.journal import schema
from collector.journal.batch import Batch, Figures, Loaded, Queued
from collector.journal.bell import Bell
from collector.journal.errors import JournalError, kind_of, translated
from collector.journal.files import Lock, make_place, reserve_of, set_aside
from collector.journal.outbox import OutboxTable
from collector.journal.port import JournalOutbox
from collector.journal.reader import Reader
from collector.journal.signing import Signer, Signing
from collector.journal.space import bounds
from collector.journal.tables import load, put
from collector.journal.writer import Writer
from model.fleet.signed import FIRST_EPOCH
from model.ports import CoreStatus
from model.text import Text
from model.times import SECOND

DEFAULT_MAX_BYTES = 256 << 20


class Journal:
    """One file, one writer. All methods may be called from any thread. Raises JournalError.

    `notice` is one sentence about what was found at opening (a damaged file set aside), for the caller to log; None when all was well.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, lock: Lock, *, box: str, max_bytes: int, history: int, clock: Clock, signing: Signing | None
    ) -> None:
        """For `open`, which makes the parts fit."""
        self.path = path
        self.notice: Text | None = None
        self._box, self._clock, self._lock = box, clock, lock
        self._bounds = bounds(max_bytes, history)
        self._writer = Writer(connection, path, self._bounds.outbox, reserve=min(2 << 20, max_bytes // 16))
        self._committed = Bell()
        self._readers: list[Reader] = []
        self._commits, self._commit_seconds = 0, 0.0
        self._version = schema.figure(connection, "version")
        self._signer = Signer(box, schema.figure(connection, "epoch"), signing)
        self.table = OutboxTable(self._writer, schema.connect_read_only(path), Bell(), clock, self._bounds, self._signer)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        box: str,
        max_bytes: int = DEFAULT_MAX_BYTES,
        history: int = 100,
        clock: Clock | None = None,
        signing: Signing | None = None,
    ) -> Journal:
        """Opens or makes the journal, at most `max_bytes` large; `history`: changes kept per finding. A damaged file is set aside, not deleted.

        `signing`: for which sinks rows are signed as they are leased, none unless told.
        """
        path, clock = path.absolute(), clock or SystemClock()
        make_place(path)
        lock = Lock(path)
        try:
            with translated(path):
                connection, notice = _connect(path, box, max_bytes, _epoch(clock))
                journal = cls(path, connection, lock, box=box, max_bytes=max_bytes, history=history, clock=clock, signing=signing)
        except BaseException:  # clean-up, raised again: whoever tries next finds it free
            lock.close()
            raise
        journal.notice = notice
        return journal

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> int:
        """Rises by one with each commit, over restarts too."""
        return self._version

    @property
    def epoch(self) -> int:
        """The second in which the journal was made or restored: what it writes is newer than all of an earlier epoch, whatever the sequences."""
        return self._signer.epoch

    def raise_epoch(self) -> int:
        """Begins a new epoch, for a journal brought back from a copy: rows written since that copy was made must not win over those to come."""
        epoch = max(self._signer.epoch + 1, _epoch(self._clock))
        self._writer.run(lambda c: c.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch,)), durable=True)
        self._signer.epoch = epoch
        return epoch

    def commit(self, batch: Batch) -> int:
        """Makes a batch durable in one transaction; the new version. After JournalError nothing of it is there and it may be tried again."""
        began = self._clock.monotonic()
        self._version = self._writer.run(lambda c: put(c, batch, self._box, self._bounds), durable=batch.durable)
        self._commits += 1
        self._commit_seconds += self._clock.monotonic() - began
        if batch.changes or batch.received or batch.documents:
            self.table.bell.ring()
        self._committed.ring()
        return self._version

    def load(self, site: str) -> Loaded:
        """What a restart needs of one site."""
        return self._writer.run(lambda c: load(c, site), durable=False)

    def sites(self) -> list[str]:
        """Every site that it ever held anything of."""
        found: list[str] = []
        self._writer.run(lambda c: found.extend(site for (site,) in c.execute("SELECT site FROM site ORDER BY site")), durable=False)
        return found

    def queued(self) -> Queued:
        """The outbox in figures, for the health document."""
        return self.table.ask(_queued)

    def figures(self) -> Figures:
        """Commits and seconds in them since opening; bytes on disk, the log included."""
        sizes = (file.stat().st_size for file in (self.path, self.path.with_name(self.path.name + "-wal")) if file.exists())
        return Figures(commits=self._commits, commit_seconds=self._commit_seconds, bytes=sum(sizes))

    def keep_only(self, sinks: Collection[str]) -> None:
        """Forgets every sink but these: nothing is kept for one that is no longer configured."""
        for name in self.table.names():
            if name not in sinks:
                self.retire(name)

    def retire(self, sink: str) -> None:
        """Forgets a sink that is no longer configured, so that nothing is kept for it."""
        self.table.retire(sink)

    def outbox(self) -> JournalOutbox:
        """The outbox as sinks in this process and core's socket use it."""
        return JournalOutbox(self.table)

    def reader(self, status: Callable[[], CoreStatus]) -> Reader:
        """Read access over a connection of its own; `status` gives core's live figures, the journal's own are put over them."""
        with translated(self.path):
            connection = schema.connect_read_only(self.path)
        reader = Reader(self.path, connection, self._committed, lambda: self._version, lambda: self._with_figures(status()), self.table.held)
        self._readers.append(reader)
        return reader

    def _with_figures(self, status: CoreStatus) -> CoreStatus:
        figures = self.figures()
        return msgspec.structs.replace(
            status, commits=figures.commits, commit_seconds=figures.commit_seconds, journal_bytes=figures.bytes, lost=self.queued().lost
        )

    def close(self) -> None:
        """Lets go of the file; leases and reads that wait end with JournalError."""
        for reader in self._readers:
            reader.close()
        self.table.close()
        self._writer.close()
        self._lock.close()


def _epoch(clock: Clock) -> int:
    # A box whose clock stands in 1970 still has to be ordered.
    return max(FIRST_EPOCH, clock.now() // SECOND)


def _connect(path: Path, box: str, max_bytes: int, epoch: int) -> tuple[sqlite3.Connection, Text | None]:
    try:
        return _checked(path, box, max_bytes, epoch), None
    except sqlite3.DatabaseError as error:
        kind = kind_of(error)
        if kind in ("full", "io") and reserve_of(path).exists():
            # On a full disk not even the log's index can be made: the reserve is for this.
            reserve_of(path).unlink()
            return _connect(path, box, max_bytes, epoch)
        if kind != "corrupt":
            raise
    except JournalError as error:
        if error.kind != "corrupt":
            raise
    return _begun_anew(path, box, max_bytes, epoch)


def _begun_anew(path: Path, box: str, max_bytes: int, epoch: int) -> tuple[sqlite3.Connection, Text]:
    kept = set_aside(path)
    make_place(path)
    notice = Text(
        f"nhật ký {path} bị hỏng, đã giữ lại ở {kept}; bắt đầu nhật ký mới",
        f"journal {path} was corrupted and is kept as {kept}; a new journal was begun",
    )
    return _checked(path, box, max_bytes, epoch), notice


def _checked(path: Path, box: str, max_bytes: int, epoch: int) -> sqlite3.Connection:
    connection = schema.connect(path)
    try:
        version = schema.refuse_others(connection, path)
        schema.refuse_damaged(connection, path)
        schema.prepare(connection, version, box=box, max_bytes=max_bytes, epoch=epoch)
    except BaseException:  # clean-up, raised again: a file about to be set aside is held open by nobody
        connection.close()
        raise
    return connection


def _queued(c: sqlite3.Connection) -> Queued:
    tallies = c.execute("SELECT stream, rows, lost FROM tally").fetchall()
    oldest = c.execute("SELECT at FROM outbox ORDER BY seq LIMIT 1").fetchone()
    return Queued(
        rows=sum(rows for _, rows, _ in tallies),
        oldest_at=oldest[0] if oldest else 0,
        lost={stream: lost for stream, _, lost in tallies if lost},
    )
