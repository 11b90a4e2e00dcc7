"""The value of a `Refresh:` header or of `<meta http-equiv=refresh>`, by the rules of the HTML standard that browsers follow."""

from __future__ import annotations

import re

_SPACE = " \t\n\f\r"
_TIME = re.compile(r"[ \t\n\f\r]*([0-9]*)([0-9.]*)")
_NAME = re.compile(r"[uU][rR][lL][ \t\n\f\r]*=[ \t\n\f\r]*")
# Longer values are cut: a browser takes them, but no attack needs them.
_LONGEST = 8192
# Digits of more than a year: nobody waits for it.
_LONGEST_DELAY = 8
_NEVER = 1e9


def parse(value: str) -> tuple[float, str] | None:
    """Seconds and where to, empty for the page itself; None where a browser does nothing."""
    value = value[:_LONGEST]
    time = _TIME.match(value)
    if time is None or not (time[1] or time[2].startswith(".")):
        return None
    digits = time[1].lstrip("0")
    delay = float(digits or "0") if len(digits) <= _LONGEST_DELAY else _NEVER
    rest = value[time.end() :]
    if not rest:
        return delay, ""
    if rest[0] not in ";," + _SPACE:
        return None
    rest = rest.lstrip(_SPACE)
    if rest[:1] in (";", ","):
        rest = rest[1:].lstrip(_SPACE)
    return delay, _reference(rest)


def _reference(rest: str) -> str:
    """What follows the time: with or without `url=`, in quotes or not."""
    if name := _NAME.match(rest):
        rest = rest[name.end() :]
    if rest[:1] in ("'", '"'):
        return rest[1:].partition(rest[0])[0]
    return rest.strip(_SPACE)
