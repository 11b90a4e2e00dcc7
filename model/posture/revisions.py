"""Since when each revision of Windows is known of the PCs here: an update was out at the latest when the first PC had it, or a newer one.

This tells the age of a PC's updates where the published table ends and the PC's own history is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.posture.fold import Tables
    from model.posture.rows import PcRow
    from model.posture.told import Machine

# Updates come monthly, with a preview or two between: more than two years of one PC.
MAX_REVISIONS: Final = 64


def note(tables: Tables, row: PcRow, told: Machine, at: int) -> None:
    """The PC has this revision, and may have had it before."""
    if not told.build or told.platform != "windows":
        return
    name = f"{told.build}.{told.revision}"
    row.revisions[name] = min(at, row.revisions.get(name, at))
    while len(row.revisions) > MAX_REVISIONS:
        del row.revisions[min(row.revisions, key=_numbers)]
    known = tables.revisions.setdefault(told.build, {})
    known[told.revision] = min(at, known.get(told.revision, at))


def restore(tables: Tables, row: PcRow) -> None:
    """Puts what a PC's row holds back into the index."""
    for name, at in row.revisions.items():
        build, revision = _numbers(name)
        known = tables.revisions.setdefault(build, {})
        known[revision] = min(at, known.get(revision, at))


def out_since(tables: Tables, build: int, revision: int) -> int | None:
    """An instant at which the update of this revision was out already, the earliest that is known; None where no PC has it."""
    known = tables.revisions.get(build, {})
    return min((at for each, at in known.items() if each >= revision), default=None)


def newer_since(tables: Tables, build: int, revision: int) -> int | None:
    """Since when a newer revision than this one is known of a PC here; None where none is newer."""
    return min((at for each, at in tables.revisions.get(build, {}).items() if each > revision), default=None)


def changed_at(rows: Sequence[PcRow], build: int, revision: int) -> int | None:
    """When the PC was first seen with this revision, if it was seen with another before: it installed an update not long ago then."""
    known = {_numbers(name): at for row in rows for name, at in row.revisions.items()}
    since = known.get((build, revision))
    return since if since is not None and any(at < since for at in known.values()) else None


def rebase(tables: Tables, row: PcRow, at: int) -> None:
    """The clock was set back to `at`: nothing was seen later than that."""
    row.revisions = {name: min(first, at) for name, first in row.revisions.items()}
    tables.revisions = {build: {each: min(first, at) for each, first in known.items()} for build, known in tables.revisions.items()}


def _numbers(name: str) -> tuple[int, int]:
    build, _, revision = name.partition(".")
    return int(build), int(revision)
