"""The journal's tables, their version, and how connections to them are made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from collector.journal import receipts
from collector.journal.errors import JournalError
from model.text import Text

# "VGng": tells our file from any other SQLite database before a single page of it is written.
APPLICATION_ID = 0x56476E67
SCHEMA = 2

# Triggers keep tallies in the transaction that moves the rows, so that a rollback takes them back too.
_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE site(site TEXT PRIMARY KEY, now INTEGER NOT NULL, epoch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE view(site TEXT, kind TEXT, id TEXT, doc BLOB NOT NULL, PRIMARY KEY(site, kind, id));
CREATE TABLE alias(site TEXT, id TEXT, target TEXT NOT NULL, PRIMARY KEY(site, id)) WITHOUT ROWID;
CREATE TABLE finding(id TEXT PRIMARY KEY, site TEXT NOT NULL, state TEXT NOT NULL, doc BLOB NOT NULL);
CREATE TABLE change(n INTEGER PRIMARY KEY AUTOINCREMENT, finding TEXT NOT NULL, bytes INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX change_of ON change(finding, n);
CREATE TABLE verdict(site TEXT, detector TEXT, kind TEXT, subject TEXT, doc BLOB NOT NULL, PRIMARY KEY(site, detector, kind, subject));
CREATE TABLE act(n INTEGER PRIMARY KEY AUTOINCREMENT, finding TEXT NOT NULL, doc BLOB NOT NULL);
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL, key TEXT NOT NULL,
  at INTEGER NOT NULL, bytes INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX outbox_stream ON outbox(stream, seq);
CREATE TABLE tally(stream TEXT PRIMARY KEY, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, lost INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sink(
  name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, delivered INTEGER NOT NULL, dead INTEGER NOT NULL, last_error TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE want(sink TEXT, stream TEXT, PRIMARY KEY(sink, stream)) WITHOUT ROWID;
CREATE TABLE done(seq INTEGER, sink TEXT, PRIMARY KEY(seq, sink)) WITHOUT ROWID;
CREATE TABLE trial(seq INTEGER, sink TEXT, attempts INTEGER NOT NULL, PRIMARY KEY(seq, sink)) WITHOUT ROWID;
CREATE TABLE dead(
  n INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, stream TEXT NOT NULL,
  at INTEGER NOT NULL, bytes INTEGER NOT NULL, doc BLOB NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL, died INTEGER NOT NULL);
INSERT INTO tally VALUES ('finding', 0, 0, 0), ('health', 0, 0, 0), ('posture', 0, 0, 0), ('observation', 0, 0, 0);
INSERT INTO meta VALUES ('version', 0), ('now', 0), ('dead_bytes', 0), ('change_bytes', 0);
CREATE TRIGGER outbox_in AFTER INSERT ON outbox BEGIN
  UPDATE tally SET rows = rows + 1, bytes = bytes + NEW.bytes WHERE stream = NEW.stream;
END;
CREATE TRIGGER outbox_out AFTER DELETE ON outbox BEGIN
  UPDATE tally SET rows = rows - 1, bytes = bytes - OLD.bytes WHERE stream = OLD.stream;
  DELETE FROM done WHERE seq = OLD.seq;
  DELETE FROM trial WHERE seq = OLD.seq;
END;
CREATE TRIGGER dead_in AFTER INSERT ON dead BEGIN UPDATE meta SET value = value + NEW.bytes WHERE key = 'dead_bytes'; END;
CREATE TRIGGER dead_out AFTER DELETE ON dead BEGIN UPDATE meta SET value = value - OLD.bytes WHERE key = 'dead_bytes'; END;
CREATE TRIGGER change_in AFTER INSERT ON change BEGIN UPDATE meta SET value = value + NEW.bytes WHERE key = 'change_bytes'; END;
CREATE TRIGGER change_out AFTER DELETE ON change BEGIN UPDATE meta SET value = value - OLD.bytes WHERE key = 'change_bytes'; END;
"""


def connect(path: Path) -> sqlite3.Connection:
    """The writing connection, nothing of the file changed yet."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, whose reads never wait for the writer (WAL)."""
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=5)
    connection.execute("PRAGMA query_only = ON")
    return connection


def refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    """Raises JournalError, or sqlite3.DatabaseError for a file that is no database, when SQLite does not find the file whole."""
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise JournalError("corrupt", Text(f"nhật ký {path} bị hỏng", f"journal {path} is corrupted"))


def refuse_others(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of the file, 0 for a new one. Raises JournalError for a newer journal or somebody else's database."""
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    if application != APPLICATION_ID and _pragma(connection, "schema_version"):
        raise JournalError(
            "foreign",
            Text(f"{path} không phải nhật ký của Vọng Gác: hãy chỉ đường dẫn khác", f"{path} is not a journal of Vọng Gác: give another path"),
        )
    if version > SCHEMA:
        raise JournalError(
            "newer",
            Text(
                f"nhật ký {path} do phiên bản mới hơn ghi (lược đồ {version}, bản này hiểu đến {SCHEMA}): hãy cập nhật chương trình",
                f"journal {path} was written by a newer version (schema {version}, this one knows {SCHEMA}): update the program",
            ),
        )
    return version


def prepare(connection: sqlite3.Connection, version: int, *, box: str, max_bytes: int, epoch: int) -> None:
    """Sets the connection up and brings the tables to this schema; `epoch` is that of a journal which has none yet."""
    connection.execute("PRAGMA journal_mode = WAL")
    # A short log (1 MiB) fits into the reserve when the disk is full, and keeps the disk taken beside the bound small.
    connection.execute("PRAGMA wal_autocheckpoint = 256")
    connection.execute(f"PRAGMA journal_size_limit = {2 << 20}")
    connection.execute(f"PRAGMA max_page_count = {max(64, max_bytes // _pragma(connection, 'page_size'))}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _bring_up(connection, version)
        if connection.execute("SELECT value FROM meta WHERE key = 'box'").fetchone() != (box,):
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('box', ?)", (box,))
        connection.execute("INSERT OR IGNORE INTO meta VALUES ('epoch', ?)", (epoch,))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    if version == 0:
        _run(connection, _TABLES + receipts.TABLES)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in range(max(version, 1), SCHEMA) if version else ():
        MIGRATIONS[step](connection)
    if version != SCHEMA:
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _run(connection: sqlite3.Connection, script: str) -> None:
    # executescript() would commit the transaction that makes the tables all or none.
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            connection.execute(pending)
            pending = ""


# One step a version: MIGRATIONS[n] brings a journal of schema n to n + 1, inside the caller's transaction. A new journal gets all tables at once.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {1: lambda connection: _run(connection, receipts.TABLES)}


def figure(connection: sqlite3.Connection, key: str) -> int:
    """A number the journal keeps of itself."""
    return int(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
