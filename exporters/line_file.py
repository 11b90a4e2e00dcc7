"""A file of lines that only grows at its end, rotated by size, durable when an append returns, mended after a power cut."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from exporters.durable import sync_folder

_BLOCK = 256 * 1024


class LineFile:
    """`path`, with `path.1` (newest) to `path.<keep>` behind it. `begins` is how each of our lines begins. One writer."""

    def __init__(self, path: Path, *, max_bytes: int, keep: int, begins: bytes) -> None:
        """Makes the folder. Raises OSError, also for what is no regular file (reading a pipe would wait for ever)."""
        self._path = path
        self._max_bytes = max_bytes
        self._keep = keep
        self._begins = begins
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            raise _irregular()

    def tail(self, count: int) -> list[bytes]:
        """The last whole lines, newest first, over rotated files too; at most `count`. Raises OSError."""
        lines: list[bytes] = []
        for path in (self._path, *(self._rotated(n) for n in range(1, self._keep + 1))):
            if len(lines) >= count:
                break
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                lines += _last_lines(file.fileno(), count - len(lines))
        return lines

    def append(self, lines: Sequence[bytes]) -> int:
        """Appends, durably, as many of `lines` as the file has room for, at least one; how many. On OSError nothing of them is there."""
        with self._opened() as (handle, size):
            fit = self._fitting(lines, size)
            if fit:
                _write(handle, size, lines[:fit])
                return fit
        self._rotate()
        return self.append(lines)

    def _fitting(self, lines: Sequence[bytes], size: int) -> int:
        """How many lines may follow `size` bytes; a line longer than a whole file still gets one of its own."""
        for fit, line in enumerate(lines):
            if size and size + len(line) + 1 > self._max_bytes:
                return fit
            size += len(line) + 1
        return len(lines)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[tuple[int, int]]:
        """The file opened at a whole line's end, and its size."""
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o640)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise _irregular()
            if found.st_size == 0:
                sync_folder(self._path.parent)
            yield handle, self._mended(handle, found.st_size)
        finally:
            os.close(handle)

    def _mended(self, handle: int, size: int) -> int:
        """Cuts off the line that a crash left unfinished: it was not acknowledged and comes again. Somebody else's is only ended."""
        if size == 0 or os.pread(handle, 1, size - 1) == b"\n":
            return size
        start = _line_start(handle, size)
        torn = os.pread(handle, len(self._begins), start)
        # After a power cut some file systems give back zeros for blocks that were never written.
        if self._begins.startswith(torn) or not torn.strip(b"\0"):
            os.ftruncate(handle, start)
            return start
        os.write(handle, b"\n")
        return size + 1

    def _rotate(self) -> None:
        # From the oldest on: whatever moment a crash picks, no two files are the same one.
        for number in range(self._keep - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                self._rotated(number).replace(self._rotated(number + 1))
        self._path.replace(self._rotated(1))
        sync_folder(self._path.parent)

    def _rotated(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _irregular() -> OSError:
    return OSError(errno.EINVAL, os.strerror(errno.EINVAL) + " (not a regular file)")


def _write(handle: int, size: int, lines: Sequence[bytes]) -> None:
    left = memoryview(b"".join(line + b"\n" for line in lines))
    try:
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    except OSError:
        # A full disk takes half a line; should cutting it off fail too, the next append mends it.
        with contextlib.suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _line_start(handle: int, size: int) -> int:
    """Where the last line begins."""
    end = size
    while end > 0:
        begin = max(0, end - _BLOCK)
        found = os.pread(handle, end - begin, begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0


def _last_lines(handle: int, count: int) -> list[bytes]:
    """The last `count` whole lines, newest first."""
    start, text = os.fstat(handle).st_size, b""
    while start > 0 and text.count(b"\n") <= count:
        begin = max(0, start - _BLOCK)
        text = os.pread(handle, start - begin, begin) + text
        start = begin
    lines = text.split(b"\n")
    # What follows the last newline is no whole line, nor is what precedes the first one of a later block.
    whole = lines[1 if start > 0 else 0 : -1]
    return whole[::-1][:count]
