"""What is folded of the wire in depth: one module a matter, each with its rows, its branches of the fold and its questions to the view.

`FOLDS` are the branches by fact, `ROWS` the rows by journal kind. A module owns its rows; others read them by its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from model.claims import note
from model.wire import activation, claims, exposure, proof, pushes, reads, remote, servers
from model.wire.tables import Tables, WireRow

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

__all__ = ["FOLDS", "ROWS", "Tables", "WireRow", "follow", "new_epoch", "restore", "row_of"]

ROWS: dict[str, type[WireRow]] = {
    "pushes": pushes.ScreenRow,
    "reads": reads.ReadRow,
    "claim": claims.ClaimRow,
    "remote": remote.RemoteRow,
    "activation": activation.ActivationRow,
    "exposure": exposure.ExposureRow,
    "proof": proof.ProofRow,
    "servers": servers.ServerRow,
}

FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    **pushes.FOLDS,
    **reads.FOLDS,
    **claims.FOLDS,
    **remote.FOLDS,
    **activation.FOLDS,
    **exposure.FOLDS,
    **proof.FOLDS,
}

# Kinds whose rows are kept by asset: when two assets turn out to be one, the lesser's row goes into the other's.
MERGES: dict[str, Callable[[Any, Any], None]] = {
    "pushes": pushes.merge,
    "reads": reads.merge,
    "remote": remote.merge,
    "activation": activation.merge,
    "exposure": exposure.merge,
    "servers": servers.merge,
}


def follow(view: SiteView) -> None:
    """Assets were merged or forgotten by the fold just made: their rows go with them."""
    for lesser, into in view.aliases.items():
        for kind, merge in MERGES.items():
            _move(view, kind, lesser, into, merge)
        pushes.renamed(view, lesser, into)
    for asset in view.evictees:
        for kind in MERGES:
            if getattr(view.wire, kind).pop(asset, None) is not None:
                view.removed(kind, asset)


def _move(view: SiteView, kind: str, lesser: str, into: str, merge: Callable[[Any, Any], None]) -> None:
    table = getattr(view.wire, kind)
    row = table.pop(lesser, None)
    if row is None:
        return
    view.removed(kind, lesser)
    if into in table:
        merge(table[into], row)
    else:
        row.id = into
        table[into] = row
    view.changed(kind, into)


def restore(tables: Tables, row: object) -> bool:
    """Puts a row from the journal back; False when it is no row of the wire."""
    kind = next((kind for kind, made in ROWS.items() if type(row) is made), None)
    if kind is None:
        return False
    getattr(tables, kind)[row.id] = row  # type: ignore[attr-defined]  # every class of ROWS has an id
    if isinstance(row, claims.ClaimRow):
        note.index(tables, row)
    return True


def row_of(tables: Tables, kind: str, row_id: str) -> WireRow | None:
    """The row of that kind and id, or None when it is gone."""
    found: WireRow | None = getattr(tables, kind).get(row_id)
    return found


def new_epoch(tables: Tables, at: int) -> Iterator[tuple[str, str]]:
    """The clock was set back to `at`: no row was seen later than that; which rows to write."""
    for kind in ROWS:
        for row in getattr(tables, kind).values():
            (row if isinstance(row, claims.ClaimRow) else row.seen).rebase(at)
            yield kind, row.id
