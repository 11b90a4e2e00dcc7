"""What was taken in already, so that nothing counts twice: one line each, in the state folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from collector.refusal import ConfigError
from model.text import Text, shown

FILE = "bundles.jsonl"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing taken in: by whose act, when (ns), and what it was. `stick` and `number` are empty and 0 for what has none."""

    digest: str
    pc: str
    at: int
    by: str
    stick: str = ""
    number: int = 0


class Ledger:
    """Held by one import at a time."""

    def __init__(self, descriptor: int, entries: list[Entry]) -> None:
        self._descriptor = descriptor
        self._digests = {entry.digest for entry in entries}
        self._numbers = {(entry.stick, entry.number): entry.digest for entry in entries if entry.stick}

    def knows(self, digest: str) -> bool:
        """Whether this very thing was taken in."""
        return digest in self._digests

    def reused(self, stick: str, number: int, digest: str) -> bool:
        """Whether the stick's number stood on another bundle before: a copy of the stick, or a counter put back."""
        return self._numbers.get((stick, number), digest) != digest

    def add(self, entry: Entry) -> None:
        """Durable when this returns."""
        os.write(self._descriptor, msgspec.json.encode(entry) + b"\n")
        os.fsync(self._descriptor)
        self._digests.add(entry.digest)
        if entry.stick:
            self._numbers[entry.stick, entry.number] = entry.digest


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    """The ledger of a state folder. Raises ConfigError when it cannot be used, or another import runs."""
    path = folder / FILE
    name = shown(str(path), 200)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(Text(f"Không dùng được sổ {name}: {error.strerror}.", f"The ledger {name} cannot be used: {error.strerror}.")) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Ledger(descriptor, _entries(path.read_bytes()))
    except BlockingIOError:
        raise ConfigError(Text("Đang có một lần nhập khác chạy: đợi xong rồi nhập lại.", "Another import is running: wait for it.")) from None
    finally:
        os.close(descriptor)


def _entries(data: bytes) -> list[Entry]:
    """The last line may be cut by a power failure: its bundle was not confirmed, and is taken in again."""
    entries = []
    for line in data.splitlines():
        try:
            entries.append(msgspec.json.decode(line, type=Entry))
        except (ValueError, RecursionError):
            continue
    return entries
