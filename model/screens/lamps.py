"""The four lamps of a screen, each yes, no or unknown: unknown is never shown as safe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from model.episodes import Session
from model.rows import Sighting
from model.verdict import Evidence, Grade

Tri = Literal["yes", "no", "unknown"]


class Lamps(msgspec.Struct, frozen=True, kw_only=True):
    """One family's state. `picture` is no for sound-only receivers; `protection` names what guards it; `was_open` tells that it was heard open.

    `session` is the one going on, where adverts tell. `seen` is when the family was last advertised (first and last, ns); `left` that it said
    goodbye; `closed` that its port then refused.
    """

    family: str
    enabled: Tri
    open: Tri
    in_session: Tri
    picture: Tri
    grade: Grade
    evidence: tuple[Evidence, ...]
    seen: Sighting
    present: Tri = "yes"
    protection: str = ""
    was_open: bool = False
    session: Session | None = None
    left: bool = False
    closed: bool = False


def tri(value: bool | None) -> Tri:
    """None is unknown."""
    return "unknown" if value is None else "yes" if value else "no"


def worst(values: Iterable[Tri]) -> Tri:
    """Yes if any is, else unknown if any is, else no: the reading that never hides an open screen."""
    given = set(values)
    return "yes" if "yes" in given else "no" if given == {"no"} else "unknown"
