"""Capture files as libpcap wants them: a name to open, with gzip taken off on the way through a pipe (no copy on disk, bounded memory)."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import io
import os
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from collector.capturerecords import opens_at_once

GZIP_MAGIC = b"\x1f\x8b"
Stream = io.BufferedReader | gzip.GzipFile
UNPACK_ERRORS = (OSError, EOFError, zlib.error)

_CHUNK = 128 * 1024
_HEAD = 64 * 1024
_PIPE_BYTES = 1024 * 1024  # the most an unprivileged program may ask for by default


class Source(Protocol):
    """What libpcap opens by `name`, unless it is not `ready`; `packed` when gzip is taken off: then the offset of `descriptor` tells the progress."""

    name: str
    ready: bool
    packed: bool
    descriptor: int

    def whole(self) -> bool:
        """After the end: nothing was wrong with the packing."""


@contextlib.contextmanager
def stream(path: Path) -> Iterator[Stream]:
    """The unpacked bytes, for reading by ourselves; works on a pipe too."""
    with path.open("rb") as file:
        if file.peek(2)[:2] != GZIP_MAGIC:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as packed:
            yield packed


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The file under a name of ours. Not by its own: libpcap takes `-` for standard input, and pcapy only names that are UTF-8."""
    with path.open("rb", buffering=0) as file:
        magic = os.pread(file.fileno(), 2, 0)
        if magic != GZIP_MAGIC:
            yield _Plain(file.fileno())
            return
        pump = _Pump(file)
        try:
            yield pump
        finally:
            pump.stop()


class _Plain:
    ready = True
    packed = False

    def __init__(self, descriptor: int) -> None:
        self.name = f"/dev/fd/{descriptor}"
        self.descriptor = descriptor

    def whole(self) -> bool:
        return True


class _Pump:
    """A thread that unpacks into a pipe, chunk by chunk, as fast as the other end reads."""

    packed = True

    def __init__(self, file: io.FileIO) -> None:
        self.descriptor = file.fileno()
        self._out, into = os.pipe()
        self.name = f"/dev/fd/{self._out}"
        with contextlib.suppress(OSError):  # the pipe may stay at 64 KiB: only slower
            fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._whole = False
        packed = gzip.GzipFile(fileobj=file)
        head = _head(packed, fcntl.fcntl(into, fcntl.F_GETPIPE_SZ))
        # pcapy keeps the interpreter's lock while it opens a file: what libpcap then reads must be in the pipe already, or nobody could write it.
        self.ready = opens_at_once(head)
        self._thread = threading.Thread(target=self._unpack, args=(packed, into), name="unpack", daemon=True)
        os.write(into, head)
        self._thread.start()

    def whole(self) -> bool:
        self._thread.join()
        return self._whole

    def stop(self) -> None:
        """Lets the thread end: with no reader left its next write fails."""
        os.close(self._out)
        self._thread.join()

    def _unpack(self, packed: gzip.GzipFile, into: int) -> None:
        # What is wrong, and where, is found out by reading the file again without libpcap.
        with contextlib.suppress(*UNPACK_ERRORS), open(into, "wb", buffering=0) as pipe, packed:
            while chunk := packed.read1(_CHUNK):
                _write(pipe, chunk)
            self._whole = True


def _head(packed: gzip.GzipFile, most: int) -> bytes:
    try:
        return packed.read(min(most, _HEAD))
    except UNPACK_ERRORS:
        return b""


def _write(pipe: io.FileIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[pipe.write(rest) or 0 :]
