"""The journal's files: one holder at a time, a damaged one set aside, a reserve to give back when the disk is full."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from collector.journal.errors import JournalError
from model.text import Text

_KEPT_DAMAGED = 3
_LEAST_RESERVE = 64 << 10


class Lock:
    """Holds `PATH.lock` while open; the kernel lets go of it however the process dies."""

    def __init__(self, path: Path) -> None:
        """Raises JournalError when another process, or this one, holds the journal."""
        self._file = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip() or "?"
            os.close(self._file)
            raise JournalError(
                "in_use",
                Text(
                    f"nhật ký {path} đang được tiến trình {holder} dùng: chỉ chạy một bản core cho mỗi nhật ký",
                    f"journal {path} is in use by process {holder}: run one core for each journal",
                ),
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Lets the next one in. The file stays: removing it would let two hold different files of one name."""
        if self._file >= 0:
            os.close(self._file)
            # A number closed twice may by then be somebody else's file.
            self._file = -1


def make_place(path: Path) -> None:
    """Makes the folder and an empty file that only this user can read. Raises JournalError when that cannot be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise JournalError("path", Text(f"không mở được nhật ký {path}: {why}", f"cannot open journal {path}: {why}")) from error


def set_aside(path: Path) -> Path:
    """Renames a damaged journal, with its log, to `PATH.damaged-N`; the last of three names is used again, so that a dying card does not fill up."""
    names = [path.with_name(f"{path.name}.damaged-{n}") for n in range(1, _KEPT_DAMAGED + 1)]
    kept = next((name for name in names if not name.exists()), names[-1])
    for suffix in ("-wal", "-shm"):
        Path(f"{kept}{suffix}").unlink(missing_ok=True)
        if (log := Path(f"{path}{suffix}")).exists():
            log.rename(f"{kept}{suffix}")
    path.rename(kept)
    return kept


def room_beside(path: Path) -> int:
    """Bytes free where the journal lies, for this user."""
    disk = os.statvfs(path.parent)
    return disk.f_bavail * disk.f_frsize


class Reserve:
    """A file that only holds room: on a full disk SQLite cannot even delete, so this much is given back first."""

    def __init__(self, path: Path, size: int) -> None:
        """At most `size` bytes, and at most an eighth of what is free."""
        self._path = reserve_of(path)
        self._size = size

    def release(self) -> None:
        """Gives the room back, if it was taken."""
        self._path.unlink(missing_ok=True)

    def restore(self) -> bool:
        """Takes the room, or has it already; False when there is too little to take."""
        if self._path.exists():
            return True
        size = min(self._size, room_beside(self._path) // 8)
        return size >= _LEAST_RESERVE and self._take(size)

    def _take(self, size: int) -> bool:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(handle, 0, size)
        except OSError:
            # Somebody else took the room in between.
            self.release()
            return False
        finally:
            os.close(handle)
        return True


def reserve_of(path: Path) -> Path:
    """The journal's reserve file."""
    return path.with_name(path.name + ".reserve")
