"""The trail of the page in a file beside its users."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from collector import chain
from model.text import shown
from model.times import rfc3339
from model.trail import Deed, Entry

log = logging.getLogger(__name__)

# Beside the users' file.
NAME: Final = "page-audit.jsonl"
# What strangers write into a line is cut: a line stays far below what `chain` looks for the last one in.
_ROOM: Final = 500
# The page shows so much of the end, bytes: some thousand lines.
_SHOWN: Final = 512 * 1024


class FileTrail:
    """Lines in `path`, stamped with `now` (ns)."""

    def __init__(self, path: Path, now: Callable[[], int]) -> None:
        self.path = path
        self._now = now

    def note(self, deed: Deed, *, by: str, about: str = "", why: str = "", outcome: str = "done", address: str = "") -> None:
        """Adds a line; it is on disk when this returns. Raises OSError."""
        told = {"by": by, "about": about, "why": why, "outcome": outcome, "address": address}
        cut = {name: shown(value, _ROOM) for name, value in told.items()}
        line = chain.append(self.path, Entry(at=rfc3339(self._now()), deed=deed, **cut))
        # The chain does not show lines cut off its end. A service's log is another's (systemd's): a hash there that the file has no more tells of it.
        log.info("%s: sha256 %s", self.path.name, line)

    def ready(self) -> None:
        """Makes sure that a line can be added. Raises OSError."""
        chain.ready(self.path)

    def latest(self, most: int) -> Sequence[Entry]:
        """The last `most` lines, newest first; what is no line of ours is left out. Raises OSError."""
        lines = chain.last_lines(self.path, _SHOWN)
        return list(itertools.islice(_entries(reversed(lines)), most))


def _entries(lines: Iterator[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Entry)
        except (ValueError, RecursionError):
            continue
