"""A file of JSON lines that only grows: each line holds the hash of the one before, so that a line taken out or changed shows."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

# The last line is looked for in so many bytes; one is some hundred long.
_TAIL = 16 * 1024


def ready(path: Path) -> None:
    """Makes sure that a line can be added, before what it tells of is done. Raises OSError."""
    os.close(_opened(path))


def append(path: Path, entry: msgspec.Struct) -> str:
    """Adds the entry, its `previous` filled in; it is on disk when this returns. The line's own hash, in hex. Raises OSError."""
    with os.fdopen(_opened(path), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size, tail = _end_of(file.fileno())
        last = tail.rstrip(b"\n").rpartition(b"\n")[2]
        line = msgspec.json.encode(msgspec.structs.replace(entry, previous=hash_of(last) if last else ""))
        # Half a line that a power cut left is a line of its own, which shows; this one must not be lost in it.
        _write(file.fileno(), size, (b"\n" if tail and not tail.endswith(b"\n") else b"") + line + b"\n")
    return hash_of(line)


def last_lines(path: Path, most_bytes: int) -> list[bytes]:
    """The whole lines in the last `most_bytes`, oldest first; none for a file that is not there. Raises OSError."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most_bytes))
            lines = file.read(most_bytes).splitlines()
    except FileNotFoundError:
        return []
    return lines if size <= most_bytes else lines[1:]


def checked(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it follows the one before it. Raises OSError."""
    previous = ""
    with path.open("rb") as file:
        for raw in file:
            line = raw.rstrip(b"\n")
            yield line, _previous_of(line) == previous
            previous = hash_of(line)


def hash_of(line: bytes) -> str:
    """By which the next line knows this one: SHA-256 in hex."""
    return hashlib.sha256(line).hexdigest()


def _opened(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    if os.geteuid() == 0:
        # A command given by root must not take the file away from the service, whose folder it is.
        folder = path.resolve().parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _previous_of(line: bytes) -> str | None:
    try:
        told: Any = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return None
    said = told.get("previous") if isinstance(told, dict) else None
    return said if isinstance(said, str) else None


def _end_of(descriptor: int) -> tuple[int, bytes]:
    size = os.fstat(descriptor).st_size
    return size, os.pread(descriptor, _TAIL, max(0, size - _TAIL))


def _write(descriptor: int, size: int, line: bytes) -> None:
    """The whole line on disk, or the file as it was, `size` bytes long: a disk that is nearly full takes a part of it without a word."""
    if os.write(descriptor, line) < len(line):
        os.ftruncate(descriptor, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)
