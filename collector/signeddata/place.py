"""The declared folder, exchanged as a whole: whoever reads it meanwhile reads the old one or the new one, never half of each."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from collector.signeddata.form import Content

# Beside the files: which bundle they came from.
_MARK: Final = ".bundle"
_NEW: Final = ".new"
# linux/fs.h; Python has no renameat2(2).
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Mark(msgspec.Struct, frozen=True):
    """Version and end (ns) of the bundle that lies here."""

    version: int
    expires: int


def known_version(folder: Path) -> int:
    """The version of the bundle in the folder; 0 where people wrote it themselves, or nothing is there."""
    try:
        return msgspec.json.decode((folder / _MARK).read_bytes(), type=_Mark).version
    except (OSError, ValueError, RecursionError):
        return 0


def put(content: Content, folder: Path, check: Callable[[Path], None]) -> None:
    """Puts the bundle's files in place of the folder. `check` is shown them first, in a folder of their own, and raises for what it refuses. Raises OSError."""
    fresh = folder.with_name(folder.name + _NEW)
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        for name, text in content.files.items():
            path = fresh / name
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            _write(path, text.encode())
        check(fresh)
        _write(fresh / _MARK, msgspec.json.encode(_Mark(content.version, content.expires)))
        _sync(fresh)
        if folder.exists():
            _exchange(fresh, folder)
        else:
            fresh.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Makes the folder's names survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _exchange(one: Path, other: Path) -> None:
    if _LIBC.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))
