"""The journal: one SQLite file that core alone writes, durable before any sink is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from collector.journal.batch import Batch, Figures, Loaded, Queued
from model.ports import CoreStatus, JournalReader, Outbox
from model.text import Text

DEFAULT_MAX_BYTES = 256 << 20


class Journal:
    """One file, one writer. All methods may be called from any thread. Raises JournalError."""

    notice: Text | None
    """One sentence about what was found at opening (a corrupted file set aside), to be logged by the caller."""

    @classmethod
    def open(cls, path: Path, *, box: str, max_bytes: int = DEFAULT_MAX_BYTES, history: int = 100) -> Journal:
        """Opens or makes the journal. `history`: changes kept per finding."""
        raise NotImplementedError

    @property
    def version(self) -> int:
        """Rises by one with each commit, over restarts too."""
        raise NotImplementedError

    def commit(self, batch: Batch) -> int:
        """Makes a batch durable in one transaction; the new version. After JournalError nothing of it is there and it may be tried again."""
        raise NotImplementedError

    def load(self, site: str) -> Loaded:
        """What a restart needs of one site."""
        raise NotImplementedError

    def queued(self) -> Queued:
        """The outbox in figures, for the health document."""
        raise NotImplementedError

    def figures(self) -> Figures:
        """Commits, seconds in them, bytes."""
        raise NotImplementedError

    def retire(self, sink: str) -> None:
        """Forgets a sink that is no longer configured, so that nothing is kept for it."""
        raise NotImplementedError

    def outbox(self) -> Outbox:
        """The outbox as sinks in this process and core's socket use it."""
        raise NotImplementedError

    def reader(self, status: Callable[[], CoreStatus]) -> JournalReader:
        """Read access over a connection of its own; `status` gives core's live figures (the journal's own ones are filled in)."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets go of the file; waiting leases and reads end."""
        raise NotImplementedError
