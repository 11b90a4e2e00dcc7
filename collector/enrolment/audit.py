"""Who took, renewed and retired which box, and who was turned away: a file that only grows."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from collector import chain
from collector.clock import Clock
from model.text import shown
from model.times import rfc3339

NAME: Final = "box-audit.jsonl"
Deed = Literal["token", "join", "renew", "retire"]
# What strangers write into a line is cut.
_ROOM: Final = 300


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `at` as RFC 3339; `by` who gave the command or the token; `about` names keys by their beginning and sites; `outcome` is `done`, or why not."""

    at: str
    deed: Deed
    box: str
    by: str = ""
    about: str = ""
    why: str = ""
    outcome: str = "done"
    address: str = ""
    previous: str = ""


class Audit:
    """Lines in a folder, stamped by `clock`."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / NAME
        self._clock = clock

    def note(self, deed: Deed, box: str, *, by: str = "", about: str = "", why: str = "", outcome: str = "done", address: str = "") -> None:
        """Adds a line; it is on disk when this returns. Raises OSError."""
        told = {"box": box, "by": by, "about": about, "why": why, "outcome": outcome, "address": address}
        cut = {name: shown(value, _ROOM) for name, value in told.items()}
        chain.append(self._path, Entry(at=rfc3339(self._clock.now()), deed=deed, **cut))
