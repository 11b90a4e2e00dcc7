"""Core's durable state and outbox: `Journal.open`, `commit(Batch)`, `load`, and the ports made of it."""

from collector.journal.batch import Batch, Figures, Loaded, Queued
from collector.journal.errors import JournalError
from collector.journal.signing import Signing
from collector.journal.store import Journal

__all__ = ["Batch", "Figures", "Journal", "JournalError", "Loaded", "Queued", "Signing"]
