"""Files that are there whole or not at all, after a power cut too."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

SUFFIX = ".part"


class Part:
    """A file that is being written; `file` is open for writing and reading."""

    def __init__(self, path: Path, file: io.BufferedRandom) -> None:
        self._path = path
        self.file = file

    def settle(self, place: Path) -> None:
        """From now on the file is at `place`, in the place of what was there."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self._path.replace(place)
        sync_folder(place.parent)


@contextlib.contextmanager
def part(folder: Path) -> Iterator[Part]:
    """A new file in `folder`, for this user only, and to read for the group that the folder lets in; removed again unless it was settled."""
    handle, name = tempfile.mkstemp(suffix=SUFFIX, dir=folder)
    with os.fdopen(handle, "w+b") as file:
        os.fchmod(handle, 0o600 | folder.stat().st_mode & 0o040)
        try:
            yield Part(Path(name), file)
        finally:
            Path(name).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """The names in the folder are on disk. A rename alone may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Removes what was being written when the power went."""
    for left in folder.glob(f"*{SUFFIX}"):
        left.unlink(missing_ok=True)
