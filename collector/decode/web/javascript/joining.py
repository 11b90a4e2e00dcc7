"""Several possible values as one, and texts of halves as texts of characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from collector.decode.web.javascript.values import Either, Undefined, Unknown, Value

_MAX_OPTIONS = 4
MANY = Unknown("one of many values", frozenset({"bound"}))
_TOLD = {"own": "address"}
_CONDITIONS = ("userAgent", "referrer", "cookie", "storage", "screen", "time", "random", "language", "own")
_HALVES = re.compile("[\ud800-\udfff]")


def joined(values: Sequence[Value]) -> Value:
    """One value for several that are possible."""
    if len(values) == 1 or (len(values) == 2 and values[0] is values[1]):
        return values[0]
    options: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Either) else (value,):
            if not any(option is known or (type(option) is type(known) and isinstance(option, str | float) and option == known) for known in options):
                options.append(option)
    known = [option for option in options if not isinstance(option, Undefined)]
    options = known or options
    if len(options) == 1:
        return options[0]
    return Either((*options[:_MAX_OPTIONS], MANY) if len(options) > _MAX_OPTIONS else tuple(options))


def condition_label(condition: Value) -> str:
    """`if userAgent`: what of the visitor a condition asks for; empty where it is none of these."""
    about = condition.about if isinstance(condition, Unknown) else frozenset()
    return next((f"if {_TOLD.get(name, name)}" for name in _CONDITIONS if name in about), "")


def merged(text: str) -> str:
    """A text of UTF-16 units as one of characters; halves without their other half become U+FFFD."""
    if text.isascii() or _HALVES.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
