"""The inbox's SQLite file: its tables, what a full one gives up first, and what is read of it at the start."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

# "VGin": tells our file from any other SQLite database.
APPLICATION_ID: Final = 0x5647696E
# A repeated line is known for so long: over Tet an office stands still for nine days, and the agent sends what it could not send as it was.
REMEMBERED_DAYS: Final = 14
MAX_SEEN: Final = 500_000
# Beside its document a row costs about this much, with its index.
ROW_COST: Final = 160
# Node keys of one certificate that are valid at once: an agent installed anew gets another, and a copy of a disk does not throw its original out.
MAX_KEYS: Final = 4

_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('lost', 0), ('met', 0);
CREATE TABLE fact(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, pc TEXT NOT NULL, topic TEXT NOT NULL, at INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX fact_of ON fact(pc, topic, seq);
CREATE TABLE seen(digest BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX seen_at ON seen(at);
CREATE TABLE node(key BLOB PRIMARY KEY, pc TEXT NOT NULL, site TEXT NOT NULL, platform TEXT NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX node_of ON node(pc, at);
CREATE TABLE asked(pc TEXT, topic TEXT, due INTEGER NOT NULL, failures INTEGER NOT NULL, PRIMARY KEY(pc, topic)) WITHOUT ROWID;
CREATE TABLE revoked(pc TEXT, serial TEXT, at INTEGER NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY(pc, serial)) WITHOUT ROWID;
CREATE INDEX revoked_serial ON revoked(serial);
"""


class Node(NamedTuple):
    """An enrolled agent: `key` is the hash of its node key, which itself is kept nowhere."""

    key: bytes
    pc: str
    site: str
    platform: str
    version: str
    at: int


class Row(NamedTuple):
    """A fact as the file holds it; `topic` is empty where it answers none."""

    site: str
    pc: str
    topic: str
    at: int
    doc: bytes


class Depth(NamedTuple):
    """How much waits: facts, their bytes on disk, when the oldest came (ns, 0: none), and how many were given up for want of room, ever."""

    facts: int
    bytes: int
    oldest: int
    lost: int


def opened(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The file, whole; True where a damaged one was set aside (`.damaged`) for a new one. Raises sqlite3.Error, OSError."""
    try:
        connection = connect(path)
        if connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
            return connection, False
        connection.close()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    path.replace(path.with_name(f"{path.name}.damaged"))
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    return connect(path), True


def connect(path: Path) -> sqlite3.Connection:
    """The file, made where it is missing, and readable by its owner alone: it holds hashes of keys. Raises sqlite3.Error, OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    if os.geteuid() == 0:
        # A command given by root must not take the file away from the service, whose folder it is.
        folder = path.resolve().parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # The agent deletes what was acknowledged: it must outlive a power cut, not only a kill. Commits are shared by all who wait, so this costs one sync.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {4 << 20}")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; COMMIT;")
    except BaseException:  # clean-up, raised again: half a transaction stays nobody's
        connection.close()
        raise
    return connection


def put(c: sqlite3.Connection, row: Row) -> int:
    """Adds one fact at the end; the bytes that takes."""
    c.execute("INSERT INTO fact(site, pc, topic, at, doc) VALUES (?, ?, ?, ?, ?)", row)
    return len(row.doc) + ROW_COST


def fresh(c: sqlite3.Connection, digest: bytes, at: int) -> bool:
    """Whether this was never seen before; from now on it was."""
    return c.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, at)).rowcount == 1


def forget_seen(c: sqlite3.Connection, before: int) -> None:
    """Lets go of what was seen long ago, and of the oldest beyond the bound."""
    c.execute("DELETE FROM seen WHERE at < ?", (before,))
    beyond = c.execute("SELECT count(*) FROM seen").fetchone()[0] - MAX_SEEN
    if beyond > 0:
        c.execute("DELETE FROM seen WHERE digest IN (SELECT digest FROM seen ORDER BY at LIMIT ?)", (beyond,))


def enrol(c: sqlite3.Connection, node: Node) -> None:
    """Takes a new node key in; of one PC's keys the newest stay."""
    c.execute("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?)", node)
    c.execute("DELETE FROM node WHERE pc = ?1 AND key NOT IN (SELECT key FROM node WHERE pc = ?1 ORDER BY at DESC, key LIMIT ?2)", (node.pc, MAX_KEYS))


def shed(c: sqlite3.Connection, bytes_over: int) -> int:
    """Makes room; how many facts that cost, which the file remembers.

    First what a newer answer of the same PC to the same question has overtaken, for its going loses nothing of how things stand; then the oldest.
    """
    overtaken = """SELECT seq, length(doc) FROM fact a WHERE EXISTS (
      SELECT 1 FROM fact b WHERE b.pc = a.pc AND b.topic = a.topic AND b.seq > a.seq) ORDER BY seq"""
    given_up = 0
    for query in (overtaken, "SELECT seq, length(doc) FROM fact ORDER BY seq"):
        chosen = list(_up_to(c.execute(query), bytes_over))
        give_up(c, [seq for seq, _ in chosen])
        given_up += len(chosen)
        bytes_over -= sum(cost for _, cost in chosen)
        if bytes_over <= 0:
            break
    return given_up


def give_up(c: sqlite3.Connection, sequences: Sequence[int]) -> None:
    """Lets facts go that never reached core, and counts them."""
    c.executemany("DELETE FROM fact WHERE seq = ?", ((seq,) for seq in sequences))
    c.execute("UPDATE meta SET value = value + ? WHERE key = 'lost'", (len(sequences),))


def _up_to(rows: Iterator[tuple[int, int]], wanted: int) -> Iterator[tuple[int, int]]:
    for seq, size in rows:
        if wanted <= 0:
            return
        wanted -= size + ROW_COST
        yield seq, size + ROW_COST


def depth(c: sqlite3.Connection) -> Depth:
    """What waits."""
    facts, size, oldest = c.execute("SELECT count(*), coalesce(sum(length(doc)), 0), coalesce(min(at), 0) FROM fact").fetchone()
    return Depth(facts, size + facts * ROW_COST, oldest, _meta(c, "lost"))


def after(c: sqlite3.Connection, sequence: int, most: int) -> list[tuple[int, bytes]]:
    """Facts behind `sequence`, in order, each with its own."""
    return c.execute("SELECT seq, doc FROM fact WHERE seq > ? ORDER BY seq LIMIT ?", (sequence, most)).fetchall()


def acknowledged(c: sqlite3.Connection, taken: Mapping[str, int]) -> int:
    """Core's journal holds every fact of each site up to its sequence: these may go; the bytes that frees."""
    freed = 0
    for place in taken.items():
        facts, size = c.execute("SELECT count(*), coalesce(sum(length(doc)), 0) FROM fact WHERE site = ? AND seq <= ?", place).fetchone()
        if facts:
            c.execute("DELETE FROM fact WHERE site = ? AND seq <= ?", place)
            freed += size + facts * ROW_COST
    return freed


def waiting(c: sqlite3.Connection, upto: int) -> int:
    """How many facts up to this sequence wait still."""
    return int(c.execute("SELECT count(*) FROM fact WHERE seq <= ?", (upto,)).fetchone()[0])


def meet(c: sqlite3.Connection, taken: int) -> None:
    """Before this file's first fact goes to core: a core that took facts of an earlier inbox must not believe that it has these.

    A file that was lost begins at 1 again; its facts are numbered anew above all that core ever took.
    """
    if _meta(c, "met"):
        return
    last = c.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'fact'").fetchone()[0]
    if taken:
        above = max(taken, last)
        c.execute("UPDATE fact SET seq = seq + ?", (above,))
        c.execute("DELETE FROM sqlite_sequence WHERE name = 'fact'")
        c.execute("INSERT INTO sqlite_sequence VALUES ('fact', ?)", (above + last,))
    c.execute("UPDATE meta SET value = 1 WHERE key = 'met'")


def _meta(c: sqlite3.Connection, key: str) -> int:
    return int(c.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])
