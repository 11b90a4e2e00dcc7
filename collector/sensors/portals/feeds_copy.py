"""The last good copy of each list, on disk: what the next one is measured against, and what holds when the next one is refused."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

from collector.sensors.portals.feeds_names import Names


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A copy: when the list was made (`dated`) and when it was taken, in ns, and its names."""

    dated: int
    taken: int
    names: Names


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a copy."""

    dated: int
    taken: int
    entries: int
    sha256: str


class Copies:
    """A folder of copies, a file each. The name of a list is checked where it is configured: it is safe in a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where the copy of a list is."""
        return self._folder / f"{name}.good"

    def load(self, name: str) -> Taken | None:
        """The last good copy; None when there is none, or it is not as it was written (a dying memory card)."""
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            head, _, block = self.path(name).read_bytes().partition(b"\n")
            said = msgspec.json.decode(head, type=_Head)
            names = Names(block.decode("ascii").split("\n")[:-1])
            if (len(names), names.digest()) == (said.entries, said.sha256):
                return Taken(dated=said.dated, taken=said.taken, names=names)
        return None

    def save(self, name: str, taken: Taken) -> None:
        """Puts a copy in the place of the one before, whole or not at all. Raises OSError."""
        head = _Head(dated=taken.dated, taken=taken.taken, entries=len(taken.names), sha256=taken.names.digest())
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(head) + b"\n")
                file.write(taken.names.as_lines())
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self.path(name))
        finally:
            Path(part).unlink(missing_ok=True)
