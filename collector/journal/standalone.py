"""The journal read by a command while no core runs: read-only, from the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.journal import schema
from collector.journal.bell import Bell
from collector.journal.errors import JournalError, translated
from collector.journal.reader import Reader
from model.ports import CoreStatus
from model.text import Text

_EMPTY = Text("nhật ký còn trống: lõi đang khởi động, hãy thử lại sau vài giây", "the journal is empty yet: core is starting, try again in some seconds")


@contextmanager
def read_only(path: Path) -> Iterator[Reader]:
    """A reader of the file. Raises JournalError. Its status says that core does not run (`started` 0), and when it last wrote (`now`)."""
    with translated(path):
        connection = schema.connect_read_only(path)
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
            # Core makes the file first and its tables a moment later.
            connection.close()
            raise JournalError("in_use", _EMPTY)
        (now,) = connection.execute("SELECT value FROM meta WHERE key = 'now'").fetchone()
    reader = Reader(path, connection, Bell(), lambda: 0, lambda: _nobody(now))
    try:
        yield reader
    finally:
        reader.close()


def _nobody(now: int) -> CoreStatus:
    return CoreStatus(
        now=now, started=0, facts={}, refused={}, assets=0, evicted=0, overflowed=0, queue=0, commits=0, commit_seconds=0.0, journal_bytes=0, lost={}
    )
