"""What one answer of a screen says, before it is known when and by whom; and what of a media address may be kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from collector.decode.wire import clean

# network §2: a name of a film or a person may be in a query or a log-in; host and path say where a picture came from.
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{0,15}):/{2,3}(?:[^/?#@\s]*@)?([^?#\s]{0,900})", re.IGNORECASE)
_LONGEST = 300


class Told(NamedTuple):
    """The fields of `model.wirefacts.ScreenTold` that an answer gives; None and "": it did not say."""

    protected: bool | None = None
    guard: str = ""
    playing: bool | None = None
    what: str = ""
    name: str = ""
    model: str = ""
    picture: bool | None = None


def place_of(address: str) -> str:
    """A media address without who logs in and what is asked for; what is no address is cut and cleaned."""
    found = _ADDRESS.match(address.strip())
    return clean(f"{found[1].lower()}://{found[2]}" if found else address.partition("?")[0])[:_LONGEST]


def short(value: object) -> str:
    """A name as a screen gives it: cleaned, cut."""
    return clean(value)[:_LONGEST] if isinstance(value, str) else ""
