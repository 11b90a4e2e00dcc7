"""What can go wrong with the journal, as one sentence for people and a kind for programs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from model.text import Text

Kind = Literal["full", "read_only", "io", "corrupt", "newer", "foreign", "in_use", "closed", "unknown_sink", "path"]

# Primary result codes of SQLite; extended codes carry them in their low byte (sqlite.org/rescode.html).
_KINDS: dict[int, Kind] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_BUSY: "in_use",
    sqlite3.SQLITE_LOCKED: "in_use",
}
_SENTENCES: dict[Kind, Text] = {
    "full": Text(
        "đĩa hoặc nhật ký {path} đã đầy: hãy giải phóng đĩa hoặc tăng giới hạn nhật ký",
        "disk or journal {path} is full: free some disk or raise the journal's limit",
    ),
    "read_only": Text("không ghi được vào nhật ký {path}: chỉ cho đọc", "journal {path} cannot be written: it is read-only"),
    "io": Text(
        "lỗi đọc ghi nhật ký {path}: hãy kiểm tra đĩa hoặc thẻ nhớ",
        "input/output error on journal {path}: check the disk or memory card",
    ),
    "corrupt": Text("nhật ký {path} bị hỏng", "journal {path} is corrupted"),
    "in_use": Text("nhật ký {path} đang bị chương trình khác giữ", "journal {path} is held by another program"),
}


class JournalError(Exception):
    """The journal cannot do what was asked; nothing of it was done. `text` is one sentence, `kind` for programs."""

    def __init__(self, kind: Kind, text: Text) -> None:
        super().__init__(text.vi)
        self.kind = kind
        self.text = text


def kind_of(error: sqlite3.Error) -> Kind | None:
    """The kind of an SQLite error, None where it is none of the outside world's doing."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _KINDS.get(code & 0xFF)


@contextmanager
def translated(path: object) -> Iterator[None]:
    """Turns SQLite's errors about disk, rights and locks into JournalError; programming errors pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        kind = kind_of(error)
        if kind is None:
            raise
        sentence = _SENTENCES[kind]
        raise JournalError(kind, Text(sentence.vi.format(path=path), sentence.en.format(path=path))) from error


def closed(path: object) -> JournalError:
    """The journal was closed by its owner."""
    return JournalError("closed", Text(f"nhật ký {path} đã đóng", f"journal {path} is closed"))
