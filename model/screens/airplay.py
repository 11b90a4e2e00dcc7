"""AirPlay and RAOP TXT records.

Bit meanings: openairplay/airplay-spec status_flags.md and features.md; pyatv protocols/airplay/utils.py. `acl` and `act` have no public
table of values: they are evidence, never decided on alone, except act=2, which pyatv found to mean "current user only".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from model.screens.lamps import Tri, tri

PIN_REQUIRED = 0x8
PASSWORD_REQUIRED = 0x80
ONE_TIME_PAIRING = 0x200
HOMEKIT_ACCESS = 0x400
SESSION_ACTIVE = 0x20000
# Features that put a picture on the screen: video (0), photo (1), slideshow (5), mirroring (7), video through HTTP live streams (49).
_PICTURE = 1 << 0 | 1 << 1 | 1 << 5 | 1 << 7 | 1 << 49


# Both are sent as hexadecimal with 0x or as decimals; anything else is a hostile or broken record.
_NUMBER = re.compile(r"0x[0-9a-f]{1,16}|[0-9]{1,20}", re.IGNORECASE)
_WORD = 0xFFFF_FFFF


def _number(value: str) -> int | None:
    if not _NUMBER.fullmatch(value):
        return None
    return int(value, 16) if value[:2].lower() == "0x" else int(value)


def flags(text: Mapping[str, str]) -> int | None:
    """The status flags (`flags`, in RAOP `sf`), None when absent or malformed."""
    return _number(text.get("flags") or text.get("sf") or "")


def features(text: Mapping[str, str]) -> int | None:
    """The 64 feature bits: two 32-bit hexadecimal words, low first."""
    words = [_number(word.strip()) for word in (text.get("features") or text.get("ft") or "").split(",")]
    known = [word for word in words if word is not None]
    if len(known) != len(words) or len(known) > 2 or (len(known) == 2 and max(known) > _WORD):
        return None
    return sum(word << 32 * place for place, word in enumerate(known))


def protection(text: Mapping[str, str]) -> str | None:
    """What guards the receiver: a name, "" for nothing, None when the record does not say."""
    status = flags(text)
    if text.get("pw", "").lower() in ("true", "1"):
        return "password"
    if status is None:
        return None
    if status & PASSWORD_REQUIRED:
        return "password"
    if status & (PIN_REQUIRED | ONE_TIME_PAIRING):
        return "pin"
    if status & HOMEKIT_ACCESS or text.get("act") == "2":
        return "home"
    return ""


def picture(text: Mapping[str, str]) -> Tri:
    """Whether it can show a picture."""
    bits = features(text)
    return tri(None if bits is None else bool(bits & _PICTURE))


def playing(text: Mapping[str, str]) -> bool | None:
    """Whether the session flag is set; None when the record has no flags. Not set ends what was set before, and proves nothing else."""
    status = flags(text)
    return None if status is None else bool(status & SESSION_ACTIVE)


def in_session(text: Mapping[str, str]) -> Tri:
    """Receiver session active. The flag set proves a session; unset proves nothing: some receivers never set it (measured, lab §2)."""
    return "yes" if playing(text) else "unknown"
