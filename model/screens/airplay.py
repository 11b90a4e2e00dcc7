"""AirPlay and RAOP TXT records.

Bit meanings: openairplay/airplay-spec status_flags.md and features.md; pyatv protocols/airplay/utils.py. `acl` and `act` have no public
table of values: they are evidence, never decided on alone, except act=2, which pyatv found to mean "current user only".
"""

from __future__ import annotations

from collections.abc import Mapping

from model.screens.lamps import Tri, tri

PIN_REQUIRED = 0x8
PASSWORD_REQUIRED = 0x80
ONE_TIME_PAIRING = 0x200
HOMEKIT_ACCESS = 0x400
SESSION_ACTIVE = 0x20000
# Features that put a picture on the screen: video (0), photo (1), slideshow (5), mirroring (7), video through HTTP live streams (49).
_PICTURE = 1 << 0 | 1 << 1 | 1 << 5 | 1 << 7 | 1 << 49


def _number(value: str) -> int | None:
    try:
        return int(value, 0) if value else None
    except ValueError:
        return None


def flags(text: Mapping[str, str]) -> int | None:
    """The status flags (`flags`, in RAOP `sf`), None when absent or malformed."""
    return _number(text.get("flags") or text.get("sf") or "")


def features(text: Mapping[str, str]) -> int | None:
    """The 64 feature bits: two 32-bit hexadecimal words, low first."""
    words = [_number(word.strip()) for word in (text.get("features") or text.get("ft") or "").split(",")]
    if not words or len(words) > 2 or any(word is None or word < 0 for word in words):
        return None
    return sum((word or 0) << 32 * place for place, word in enumerate(words))


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


def in_session(text: Mapping[str, str]) -> Tri:
    """Receiver session active. The flag set proves a session; unset proves nothing: some receivers never set it (measured, lab §2)."""
    status = flags(text)
    return "yes" if status is not None and status & SESSION_ACTIVE else "unknown"
