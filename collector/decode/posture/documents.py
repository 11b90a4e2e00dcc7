"""Citizens' documents left on the PC: counts and days."""

from __future__ import annotations

from typing import Final, Literal, get_args

from collector.decode.posture.cells import Desk, Row, counted
from model.posture.told import Documents, DocumentsAt

_Place = Literal["desktop", "downloads", "documents", "zalo", "scanner", "pictures"]
_PLACES: Final[tuple[_Place, ...]] = get_args(_Place)
_MIB: Final = 1 << 20


def documents(rows: list[Row], _desk: Desk) -> Documents | None:
    """A place once; bytes are whole MiB, days those of the files' last change."""
    found, looked = counted(rows, "place")
    if not looked:
        return None
    places: dict[str, DocumentsAt] = {}
    for row in found:
        place = next((known for known in _PLACES if known == row.raw("place")), None)
        count, oldest, newest = row.number("count"), row.day("oldest"), row.day("newest")
        if place is None or count == 0:
            continue
        if count is None or oldest is None or newest is None:
            # Papers are there of which nothing can be read: not the same as none.
            return None
        places[place] = DocumentsAt(place=place, count=count, size=(row.number("size") or 0) * _MIB, oldest=min(oldest, newest), newest=max(oldest, newest))
    return Documents(places=tuple(places[place] for place in sorted(places)))
