"""Sealed files on the box's disk: each until its end date, together no more than allowed, whole at any power cut."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import NamedTuple

from collector.sealing.envelope import MAX_BYTES, header_of
from collector.sealing.errors import SealError

SUFFIX = ".vgseal"
_UNFINISHED = ".new"


class _Kept(NamedTuple):
    until: int
    size: int


class Store:
    """A folder; one writer at a time. Files end at their date, and those that end first go first when room is short."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Reads what is there. Raises OSError."""
        self._folder, self._most = folder, max_bytes
        self._kept: dict[str, _Kept] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in folder.glob("*" + _UNFINISHED):
            path.unlink(missing_ok=True)
        for path in folder.glob("*" + SUFFIX):
            self._kept[path.name] = _Kept(_until(path), path.stat().st_size)

    def put(self, name: str, until: int, data: bytes) -> None:
        """Keeps a file under its id, in place of an earlier state of it. Raises OSError, also when there is no room at all."""
        size = len(data)
        if size > self._most:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        path = self._folder / (name + SUFFIX)
        self._make_room(size, path.name)
        unfinished = path.with_suffix(_UNFINISHED)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        self._sync()
        self._kept[path.name] = _Kept(until, size)

    def sweep(self, now: int) -> int:
        """Deletes what has passed its end date; how many. Raises OSError."""
        over = [name for name, kept in self._kept.items() if kept.until < now]
        for name in over:
            self._delete(name)
        return len(over)

    def _make_room(self, size: int, name: str) -> None:
        others = sorted((kept.until, other) for other, kept in self._kept.items() if other != name)
        room = self._most - size - sum(self._kept[other].size for _, other in others)
        for _, other in others:
            if room >= 0:
                return
            room += self._kept[other].size
            self._delete(other)

    def _delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)
        del self._kept[name]

    def _sync(self) -> None:
        """A new name is on disk only when its folder is."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _until(path: Path) -> int:
    """When the file ends; what is no whole header ends at once."""
    with contextlib.suppress(SealError), path.open("rb") as file:
        return header_of(file.read(MAX_BYTES)).until
    return 0
