"""What became of each finding's changes at each sink: kept for people who ask who was told, and when. Inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from model.ports import Delivery, Receipt

# Before the finding's id, in what a row is about (`collector.journal.documents.key_of`).
KEY = "finding|"
TABLES = """
CREATE TABLE receipt(
  n INTEGER PRIMARY KEY, finding TEXT NOT NULL, sink TEXT NOT NULL, occurred INTEGER NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL,
  reason TEXT NOT NULL);
CREATE INDEX receipt_of ON receipt(finding, n);
"""
# A finding that changes all day is read by its latest.
MOST_OF_ONE = 200
_REASON = 200

_TRIM = "DELETE FROM receipt WHERE n <= (SELECT max(n) FROM receipt) - ?"
_KEPT = "SELECT sink, occurred, outcome, at, reason FROM receipt WHERE finding = ? ORDER BY n DESC LIMIT ?"
_WAITING = """SELECT o.seq, o.at, coalesce((SELECT attempts FROM trial t WHERE t.seq = o.seq AND t.sink = k.name), 0), k.last_error
  FROM outbox o JOIN want w ON w.stream = o.stream AND w.sink = :sink JOIN sink k ON k.name = w.sink
  WHERE o.stream = 'finding' AND o.key = :key AND o.seq > k.cursor AND NOT EXISTS (SELECT 1 FROM done d WHERE d.seq = o.seq AND d.sink = k.name)
  ORDER BY o.seq DESC LIMIT :most"""

Held = Callable[[str], Sequence[int]]
# Of rows, by number: what each is about, and when it happened.
About = Mapping[int, tuple[str, int]]


def keep(c: sqlite3.Connection, sink: str, passed: Sequence[Receipt], about: About, now: int, most: int) -> None:
    """Writes down the final answers about findings at `now` (ns); of all of them the `most` latest stay."""
    rows = [
        (about[each.seq][0].removeprefix(KEY), sink, about[each.seq][1], now, each.outcome, each.reason[:_REASON])
        for each in passed
        if about[each.seq][0].startswith(KEY)
    ]
    if rows:
        c.executemany("INSERT INTO receipt(finding, sink, occurred, at, outcome, reason) VALUES (?, ?, ?, ?, ?, ?)", rows)
        c.execute(_TRIM, (most,))


def forget(c: sqlite3.Connection, finding: str) -> None:
    """The finding is no more."""
    c.execute("DELETE FROM receipt WHERE finding = ?", (finding,))


def of_finding(c: sqlite3.Connection, finding: str, held: Held) -> list[Delivery]:
    """The latest first, what waits before what was answered. A sink that takes findings and of which nothing is kept is `unknown`."""
    sinks = [name for (name,) in c.execute("SELECT sink FROM want WHERE stream = 'finding' ORDER BY sink")]
    found = [*_waiting(c, finding, sinks, held), *_answered(c, finding)]
    known = {delivery.sink for delivery in found}
    return [*found, *(Delivery(sink=sink, outcome="unknown") for sink in sinks if sink not in known)]


def _answered(c: sqlite3.Connection, finding: str) -> Iterator[Delivery]:
    for sink, occurred, outcome, at, reason in c.execute(_KEPT, (finding, MOST_OF_ONE)):
        yield Delivery(sink=sink, occurred=occurred, outcome=outcome, at=at, reason=reason)


def _waiting(c: sqlite3.Connection, finding: str, sinks: Sequence[str], held: Held) -> Iterator[Delivery]:
    for sink in sinks:
        later = frozenset(held(sink))
        for seq, occurred, attempts, error in c.execute(_WAITING, {"sink": sink, "key": KEY + finding, "most": MOST_OF_ONE}):
            waits = Delivery(sink=sink, occurred=occurred, outcome="later" if seq in later else "waiting", attempts=attempts)
            yield msgspec.structs.replace(waits, reason=error[:_REASON]) if attempts else waits
