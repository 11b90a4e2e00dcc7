"""Files for readers that take a path: in memory, gone when the process ends."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

_MEMORY = Path("/dev/shm")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None)


def folder(name: str) -> Path:
    """An empty folder of this name."""
    path = Path(_folder().name) / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def file(name: str, data: bytes) -> Path:
    """A file of this name that holds the bytes."""
    path = Path(_folder().name) / name
    path.write_bytes(data)
    return path
