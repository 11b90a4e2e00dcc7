"""Projectors that speak first: PJLink (JBMIA class 1 §5.1) and NTCONTROL (Panasonic). Both say at once whether they want a password."""

from __future__ import annotations

import re
from typing import Final

from collector.decode.screens.told import Told

LONGEST: Final = 64
_PJLINK = re.compile(rb"PJLINK (?:(0)|1 [0-9A-Fa-f]{8})\r")
# The eight characters are random; makers differ in whether they are hexadecimal.
_NTCONTROL = re.compile(rb"NTCONTROL (?:(0)|1 [0-9A-Za-z]{8})\r")


def pjlink(greeting: bytes) -> Told | None:
    """`PJLINK 0` is open to anybody, `PJLINK 1 <random>` wants a password."""
    return _told(_PJLINK.match(greeting))


def ntcontrol(greeting: bytes) -> Told | None:
    """`NTCONTROL 0` is open to anybody, `NTCONTROL 1 <random>` wants a password."""
    return _told(_NTCONTROL.match(greeting))


def _told(found: re.Match[bytes] | None) -> Told | None:
    if found is None:
        return None
    guarded = found[1] is None
    return Told(protected=guarded, guard="password" if guarded else "", picture=True)
