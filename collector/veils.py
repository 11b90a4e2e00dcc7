"""Rows as they may leave memory, whoever writes or sends them (architecture rule 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from collector.journal.batch import Row
from model import privacy
from model.rows import Asset
from model.site import SiteView
from model.wire import activation, reads, remote

# Rows that may tell of citizens, by their class; each is veiled by its own function.
_VEILS: dict[type, Callable[[SiteView, Any], Row]] = {
    Asset: privacy.kept,
    reads.ReadRow: reads.veiled,
    remote.RemoteRow: remote.veiled,
    activation.ActivationRow: activation.veiled,
}


def writable(view: SiteView, row: Row) -> Row:
    """The row as it may leave memory: citizens' own devices only as hash, class and times."""
    veil = _VEILS.get(type(row))
    return veil(view, row) if veil else row
