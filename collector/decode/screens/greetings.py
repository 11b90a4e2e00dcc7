"""Projectors that say at once whether they want a password: PJLink (JBMIA class 1 §5.1) and NTCONTROL (Panasonic) greet, Epson answers a hello."""

from __future__ import annotations

import re
from typing import Final

from collector.decode.screens.told import Told

LONGEST: Final = 64
_PJLINK = re.compile(rb"PJLINK (?:(0)|1 [0-9A-Fa-f]{8})\r")
# The eight characters are random; makers differ in whether they are hexadecimal.
_NTCONTROL = re.compile(rb"NTCONTROL (?:(0)|1 [0-9A-Za-z]{8})\r")


# Sixteen bytes each way: the name, version 1.0, type 3 (connect), two reserved, status, how many headers follow.
EPSON_HELLO: Final = b"ESC/VP.net\x10\x03"
EPSON_LENGTH: Final = 16
_EPSON_OPEN, _EPSON_REFUSES = 0x20, (0x41, 0x43)


def pjlink(greeting: bytes) -> Told | None:
    """`PJLINK 0` is open to anybody, `PJLINK 1 <random>` wants a password."""
    return _told(_PJLINK.match(greeting))


def ntcontrol(greeting: bytes) -> Told | None:
    """`NTCONTROL 0` is open to anybody, `NTCONTROL 1 <random>` wants a password."""
    return _told(_NTCONTROL.match(greeting))


def epson(answer: bytes, asked: bytes) -> Told | None:
    """What the projector answers to a hello: it is let in, or it needs a password (0x41) or another one (0x43)."""
    if len(answer) < EPSON_LENGTH or not answer.startswith(EPSON_HELLO) or len(asked) < EPSON_LENGTH:
        return None
    status, headers = answer[14], asked[15]
    if status in _EPSON_REFUSES:
        return Told(protected=True, guard="password", picture=True)
    # Who came with a password is let in where none is needed too.
    return Told(protected=None if headers else False, picture=True) if status == _EPSON_OPEN else None


def _told(found: re.Match[bytes] | None) -> Told | None:
    if found is None:
        return None
    guarded = found[1] is None
    return Told(protected=guarded, guard="password" if guarded else "", picture=True)
