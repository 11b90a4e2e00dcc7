"""Who opened which sealed file, when and why: a log that only grows. Each line holds the hash of the one before, so that a line taken out shows."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

import msgspec

from collector.sealing.errors import SealError
from model.text import Text, shown

NAME = "evidence-audit.jsonl"
# The last line is looked for in so many bytes; one is some hundred long.
_TAIL = 16 * 1024


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `at` as RFC 3339; `sha256` of the whole file that was opened or tried; `outcome` is `opened`, or why not."""

    at: str
    by: str
    why: str
    file: str
    sha256: str
    outcome: str
    previous: str = ""


def append(path: Path, entry: Entry) -> None:
    """Adds the line; it is on disk when this returns. Raises SealError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            line = msgspec.json.encode(msgspec.structs.replace(entry, previous=_hash_of_last(file.fileno())))
            os.write(file.fileno(), line + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        name = shown(str(path), 200)
        raise SealError(
            Text(
                f"Không ghi được nhật ký mở chứng cứ {name} ({error.strerror}): không mở.",
                f"The log of openings {name} cannot be written ({error.strerror}): nothing is opened.",
            )
        ) from None


def _hash_of_last(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _TAIL, max(0, size - _TAIL))
    last = tail.rstrip(b"\n").rpartition(b"\n")[2]
    return hashlib.sha256(last).hexdigest() if last else ""
