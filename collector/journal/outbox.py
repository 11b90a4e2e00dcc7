"""The outbox: what each sink still has to be given, and what it answered.

A sink has a cursor (all its rows up to there are done) and a sparse set of rows done beyond it, so that one row that must be tried again does
not hold back the others. A row leaves when every sink that wants its stream has passed it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeVar

import msgspec

from collector.clock import Clock
from collector.journal import dead
from collector.journal import receipts as kept
from collector.journal.bell import Bell
from collector.journal.documents import decode_document
from collector.journal.errors import JournalError, closed, translated
from collector.journal.signing import Signer
from collector.journal.space import DROP_ORDER, Bounds
from collector.journal.writer import Writer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import SECOND

T = TypeVar("T")

MAX_DEAD_ROWS = 1_000

# Of rows that somebody wants and that all who want them have passed; `:sink`, where it is not NULL, is taken to have.
_SWEEP = """DELETE FROM outbox WHERE
  EXISTS (SELECT 1 FROM want w WHERE w.stream = outbox.stream)
  AND NOT EXISTS (SELECT 1 FROM want w JOIN sink k ON k.name = w.sink
    WHERE w.stream = outbox.stream AND k.name IS NOT :sink AND k.cursor < outbox.seq
    AND NOT EXISTS (SELECT 1 FROM done d WHERE d.seq = outbox.seq AND d.sink = k.name))"""
# One statement for many rows, however many: SQLite bounds the number of parameters.
_THESE = "seq IN (SELECT value FROM json_each(:seqs))"
WAITING = """
  FROM outbox o JOIN want w ON w.sink = :sink AND w.stream = o.stream
  WHERE o.seq > :cursor AND NOT EXISTS (SELECT 1 FROM done d WHERE d.seq = o.seq AND d.sink = :sink)"""


class Leased(msgspec.Struct, frozen=True):
    """Rows for a sink; `due`: seconds until a row set back becomes free, None when none is."""

    rows: tuple[OutboxRow, ...]
    due: float | None = None


class OutboxTable:
    """The synchronous outbox; every method from any thread. Raises JournalError."""

    def __init__(self, writer: Writer, reading: sqlite3.Connection, bell: Bell, clock: Clock, bounds: Bounds, signer: Signer) -> None:
        self.bell = bell
        self._signer = signer
        self._writer = writer
        self._reading: sqlite3.Connection | None = reading
        self._read_lock = threading.Lock()
        self._clock = clock
        self._bounds = bounds
        # Kept in memory, by a clock that never steps: after a restart a row set back is simply tried at once.
        self._due: dict[tuple[str, int], float] = {}
        # Of those, the ones that the sink itself put off: no delivery that is late.
        self._held: set[tuple[str, int]] = set()

    def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """A new sink starts with all that is still here; a known one keeps its cursor."""

        def work(c: sqlite3.Connection) -> None:
            c.execute("INSERT OR IGNORE INTO sink VALUES (?, 0, 0, 0, '')", (sink,))
            c.execute("DELETE FROM want WHERE sink = ?", (sink,))
            c.executemany("INSERT INTO want VALUES (?, ?)", [(sink, stream) for stream in dict.fromkeys(streams)])
            c.execute(_SWEEP, {"sink": None})

        self._writer.run(work, durable=True)
        self.bell.ring()

    def names(self) -> list[str]:
        """Every sink that ever registered and was not retired."""
        found: list[str] = []
        self._writer.run(lambda c: found.extend(name for (name,) in c.execute("SELECT name FROM sink ORDER BY name")), durable=False)
        return found

    def retire(self, sink: str) -> None:
        """Forgets a sink, so that nothing is kept for it. Its dead letters stay until they are pushed out."""

        def work(c: sqlite3.Connection) -> None:
            for table, column in (("sink", "name"), ("want", "sink"), ("done", "sink"), ("trial", "sink")):
                c.execute(f"DELETE FROM {table} WHERE {column} = ?", (sink,))  # noqa: S608 - names from the line above
            c.execute(_SWEEP, {"sink": None})

        self._writer.run(work, durable=True)

    def lease(self, sink: str, limit: int) -> Leased:
        """The rows the sink has not passed, findings first, oldest first, at most one of each key. Nothing is marked: unanswered rows come again.

        One of each key: a finding's changes reach a sink in their order, even where it takes a later one and puts an earlier one off.
        """
        return self.ask(lambda c: self._pick(c, sink, _cursor_of(c, sink), limit))

    def ask(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Runs a short query on a connection that never waits for the writer."""
        with self._read_lock, translated(self._writer.path):
            if self._reading is None:
                raise closed(self._writer.path)
            return query(self._reading)

    def _pick(self, c: sqlite3.Connection, sink: str, cursor: int, limit: int) -> Leased:
        now = self._clock.monotonic()
        held: set[str] = set()
        rows: list[OutboxRow] = []
        due: float | None = None
        for seq, row_id, stream, key, at, doc, attempts in _waiting(c, sink, cursor):
            if key in held:
                continue
            if key:
                held.add(key)
            later = self._due.get((sink, seq), now) - now
            if later > 0:
                due = later if due is None else min(due, later)
                continue
            signed = self._signer.signed(sink, seq, row_id, doc)
            rows.append(OutboxRow(seq=seq, id=row_id, stream=stream, at=at, document=decode_document(doc), attempts=attempts, signed=signed))
            if len(rows) >= limit:
                break
        return Leased(tuple(rows), due)

    def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """Takes the answers of a sink; answers for rows it has passed, or that are gone, change nothing."""
        set_back = self._writer.run(lambda c: self._take(c, sink, receipts), durable=False)
        now = self._clock.monotonic()
        for receipt in receipts:
            self._due.pop((sink, receipt.seq), None)
            self._held.discard((sink, receipt.seq))
        self._due.update({(sink, receipt.seq): now + receipt.after / SECOND for receipt in set_back if receipt.after > 0})
        self._held.update((sink, receipt.seq) for receipt in set_back if receipt.outcome == "later")
        self.bell.ring()

    def held(self, sink: str) -> list[int]:
        """The rows that the sink wants later."""
        # Copied in one step: the writer's thread may add meanwhile.
        return [seq for name, seq in tuple(self._held) if name == sink]

    def _take(self, c: sqlite3.Connection, sink: str, receipts: Sequence[Receipt]) -> list[Receipt]:
        cursor = _cursor_of(c, sink)
        awaited = _awaited(c, sink, cursor, [receipt.seq for receipt in receipts])
        valid = [receipt for receipt in receipts if receipt.seq in awaited]
        passed = [receipt for receipt in valid if receipt.outcome in ("accepted", "rejected")]
        set_back = [receipt for receipt in valid if receipt.outcome in ("retry", "later")]
        kept.keep(c, sink, passed, awaited, self._clock.now(), self._bounds.receipts)
        for receipt in valid:
            if receipt.outcome == "rejected":
                self._bury(c, sink, receipt)
        c.executemany(
            "INSERT INTO trial VALUES (?, ?, 1) ON CONFLICT(seq, sink) DO UPDATE SET attempts = attempts + 1",
            [(receipt.seq, sink) for receipt in set_back if receipt.outcome == "retry"],
        )
        # First those that leave: of most rows nothing has to be remembered.
        these = {"sink": sink, "seqs": _json([receipt.seq for receipt in passed])}
        c.execute(f"{_SWEEP} AND {_THESE}", these)
        c.execute(f"INSERT OR IGNORE INTO done SELECT seq, :sink FROM outbox WHERE {_THESE}", these)  # noqa: S608 - a constant
        _count(c, sink, valid)
        _advance(c, sink, cursor)
        return set_back

    def _bury(self, c: sqlite3.Connection, sink: str, receipt: Receipt) -> None:
        c.execute(
            """INSERT INTO dead(sink, seq, id, stream, at, bytes, doc, attempts, reason, died)
               SELECT ?1, seq, id, stream, at, bytes, doc, coalesce((SELECT attempts FROM trial t WHERE t.seq = outbox.seq AND t.sink = ?1), 0), ?3,
                 (SELECT value FROM meta WHERE key = 'now') FROM outbox WHERE seq = ?2""",
            (sink, receipt.seq, receipt.reason[:1000]),
        )
        over = """DELETE FROM dead WHERE n = (SELECT min(n) FROM dead) AND
          ((SELECT count(*) FROM dead) > ? OR (SELECT value FROM meta WHERE key = 'dead_bytes') > ?)"""
        while c.execute(over, (MAX_DEAD_ROWS, self._bounds.dead)).rowcount:
            pass

    def replay(self, sink: str, ids: Sequence[str]) -> int:
        """Gives dead letters to their sink again, as `collector.journal.dead` says; how many went back."""

        def work(c: sqlite3.Connection) -> int:
            _cursor_of(c, sink)
            return dead.replay(c, sink, ids)

        count = self._writer.run(work, durable=True)
        self.bell.ring()
        return count

    def purge(self, sink: str, ids: Sequence[str]) -> int:
        """Throws dead letters away; how many. The sink may be one that was retired."""
        return self._writer.run(lambda c: dead.purge(c, sink, ids), durable=True)

    def close(self) -> None:
        """Lets go of the reading connection and wakes who waits for rows."""
        with self._read_lock:
            if self._reading is not None:
                self._reading.close()
                self._reading = None
        self.bell.ring()


def _waiting(c: sqlite3.Connection, sink: str, cursor: int) -> Iterator[tuple[Any, ...]]:
    """Rows the sink has not passed: what is given up last goes out first, for after a day's outage an alert must not stand behind the backlog."""
    query = f"""SELECT o.seq, o.id, o.stream, o.key, o.at, o.doc,
      coalesce((SELECT attempts FROM trial t WHERE t.seq = o.seq AND t.sink = :sink), 0) {WAITING} AND o.stream = :stream ORDER BY o.seq"""  # noqa: S608 - a constant
    for stream in reversed(DROP_ORDER):
        with closing(c.execute(query, {"sink": sink, "cursor": cursor, "stream": stream})) as found:
            yield from found


def _cursor_of(c: sqlite3.Connection, sink: str) -> int:
    known: tuple[Any, ...] | None = c.execute("SELECT cursor FROM sink WHERE name = ?", (sink,)).fetchone()
    if known is None:
        raise JournalError(
            "unknown_sink",
            Text(f"nơi nhận {sink!r} chưa đăng ký với nhật ký", f"sink {sink!r} is not registered with the journal"),
        )
    return int(known[0])


def _awaited(c: sqlite3.Connection, sink: str, cursor: int, seqs: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Those of these rows that the sink has not passed: what each is about, and when it happened."""
    query = f"SELECT o.seq, o.key, o.at {WAITING} AND o.{_THESE}"
    return {seq: (key, at) for seq, key, at in c.execute(query, {"sink": sink, "cursor": cursor, "seqs": _json(seqs)})}


def _json(seqs: Sequence[int]) -> str:
    return msgspec.json.encode(seqs).decode()


def _count(c: sqlite3.Connection, sink: str, receipts: Sequence[Receipt]) -> None:
    receipts = [receipt for receipt in receipts if receipt.outcome != "later"]
    failed = [receipt.reason for receipt in receipts if receipt.outcome != "accepted"]
    delivered = sum(receipt.outcome == "accepted" for receipt in receipts)
    dead = sum(receipt.outcome == "rejected" for receipt in receipts)
    if receipts:
        c.execute(
            "UPDATE sink SET delivered = delivered + ?, dead = dead + ?, last_error = ? WHERE name = ?",
            (delivered, dead, failed[-1][:1000] if failed else "", sink),
        )


def _advance(c: sqlite3.Connection, sink: str, cursor: int) -> None:
    """Moves the cursor over the contiguous prefix of what is done."""
    first = c.execute(f"SELECT min(o.seq) {WAITING}", {"sink": sink, "cursor": cursor}).fetchone()[0]
    last = c.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
    reached = first - 1 if first is not None else last[0] if last else cursor
    if reached > cursor:
        c.execute("UPDATE sink SET cursor = ? WHERE name = ?", (reached, sink))
        c.execute("DELETE FROM done WHERE sink = ? AND seq <= ?", (sink, reached))
