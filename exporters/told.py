"""Which findings one sink has told people of and not yet told the end of: kept in a file of the sink's own.

It cannot be derived from a change: severity and urgency move while a finding is open, options are edited, sinks are added later. Only what was
really delivered says whether somebody still waits for the end.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from exporters.durable import write_whole

_decode = msgspec.json.Decoder(frozenset[str]).decode


class ToldFile:
    """A set of finding ids, written whole and atomically: as many as findings are open."""

    def __init__(self, path: Path) -> None:
        """Reads `path`; a missing file is an empty set. Raises OSError, and ValueError when it holds something else."""
        self._path = path
        self._saved: frozenset[str] = _decode(path.read_bytes()) if path.exists() else frozenset()
        self._ids = set(self._saved)

    def __contains__(self, finding: object) -> bool:
        return finding in self._ids

    def add(self, finding: str) -> None:
        """People were told of it."""
        self._ids.add(finding)

    def discard(self, finding: str) -> None:
        """People were told of its end."""
        self._ids.discard(finding)

    def save(self) -> None:
        """Makes the set durable; nothing is written when it is as it was. Raises OSError."""
        if self._ids == self._saved:
            return
        write_whole(self._path, msgspec.json.encode(sorted(self._ids)))
        self._saved = frozenset(self._ids)
