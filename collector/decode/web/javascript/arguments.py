"""What a function of the language was given, as the type it wants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript.convert import number_of, text_of
from collector.decode.web.javascript.values import UNDEFINED, Undefined, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine


def arg(args: Sequence[Value], place: int) -> Value:
    """The argument at `place`, `undefined` for none."""
    return args[place] if place < len(args) else UNDEFINED


def text_arg(machine: Machine, args: Sequence[Value], place: int, default: str = "undefined") -> str:
    """An argument as text."""
    value = arg(args, place)
    return default if isinstance(value, Undefined) else text_of(machine, value)


def number_arg(machine: Machine, args: Sequence[Value], place: int, default: float = 0.0) -> float:
    """An argument as a number; `default` for none and for NaN."""
    value = arg(args, place)
    found = default if isinstance(value, Undefined) else number_of(machine, value)
    return found if isinstance(found, float) and found == found else default  # noqa: PLR0124 - NaN is the one value that differs from itself


def whole_arg(machine: Machine, args: Sequence[Value], place: int, default: int = 0) -> int:
    """An argument as a whole number within what any text or list can be long."""
    found = number_arg(machine, args, place, float(default))
    return int(max(-(2**31), min(2**31, found))) if not math.isinf(found) else (2**31 if found > 0 else -(2**31))


def span(machine: Machine, args: Sequence[Value], length: int) -> slice:
    """From and to of `slice`, where negative places count from the end."""
    start, end = whole_arg(machine, args, 0), whole_arg(machine, args, 1, length)
    start = max(0, start + length) if start < 0 else min(start, length)
    end = max(0, end + length) if end < 0 else min(end, length)
    return slice(start, max(start, end))
