"""Operators over known, unknown and doubtful values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import numbers, steps
from collector.decode.web.javascript.convert import key_of, number_of, text_of, truth, type_name
from collector.decode.web.javascript.holes import has_hole
from collector.decode.web.javascript.joining import joined
from collector.decode.web.javascript.values import UNDEFINED, Array, Either, Func, Made, Native, Obj, Page, Undefined, Unknown, Value, made

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_MAX_PAIRS = 16
_FRAMES = frozenset({"window", "top", "parent", "opener"})


def about_of(machine: Machine, *values: Value) -> frozenset[str]:
    """What the unknown ones among the values are about."""
    found: frozenset[str] = frozenset()
    for value in values:
        if isinstance(value, Unknown):
            found |= value.about
        elif isinstance(value, str) and has_hole(value):
            found |= machine.about(value)
        elif isinstance(value, Either):
            found |= about_of(machine, *value.options)
    return found


def binary(machine: Machine, sign: str, left: Value, right: Value) -> Value:
    """`left sign right`, both evaluated."""
    if isinstance(left, Either) or isinstance(right, Either):
        return _each(machine, sign, left, right)
    if sign == "+":
        return add(machine, left, right)
    if sign in _ARITHMETIC:
        return _arithmetic(machine, sign, left, right)
    if sign in _ORDER:
        return _compare(machine, sign, left, right)
    if sign in {"==", "===", "!=", "!=="}:
        same = equal(machine, left, right, strict=len(sign) == 3)
        return (same if sign[0] == "=" else not same) if isinstance(same, bool) else same
    if sign == "in":
        return _holds(machine, left, right)
    return Unknown(sign, about_of(machine, left, right) or frozenset({"name"}))


def _each(machine: Machine, sign: str, left: Value, right: Value) -> Value:
    lefts = left.options if isinstance(left, Either) else (left,)
    rights = right.options if isinstance(right, Either) else (right,)
    pairs = [(one, other) for one in lefts for other in rights][:_MAX_PAIRS]
    return joined([binary(machine, sign, one, other) for one, other in pairs])


def add(machine: Machine, left: Value, right: Value) -> Value:
    """`+`: a sum of numbers, or texts put together."""
    if isinstance(left, float) and isinstance(right, float):
        return left + right
    one, other = _primitive(machine, left), _primitive(machine, right)
    if isinstance(one, str) or isinstance(other, str):
        return concat(machine, one, other, _types(left, right))
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        reason = one.reason if isinstance(one, Unknown) else other.reason if isinstance(other, Unknown) else ""
        return Unknown(reason, about_of(machine, one, other))
    return _arithmetic(machine, "+", one, other)


def concat(machine: Machine, left: Value, right: Value, extra: int = 0) -> Value:
    """Two simple values as one text."""
    one, other = text_of(machine, left), text_of(machine, right)
    text = one + other
    machine.budget.make(min(len(one), len(other)), len(text))
    taken = extra | (one.steps if isinstance(one, Made) else 0) | (other.steps if isinstance(other, Made) else 0)
    return made(text, taken | steps.CONCAT if one and other else taken)


def _types(left: Value, right: Value) -> int:
    """Whether words are gained from types, as in `![] + []`."""
    odd = (bool, Undefined, Array, Func, Native)
    strange = isinstance(left, odd) and isinstance(right, odd)
    return steps.TYPES if strange and not (isinstance(left, Array) and isinstance(right, Array)) else 0


def _primitive(machine: Machine, value: Value) -> Value:
    if isinstance(value, str | float | bool | Undefined | Unknown) or value is None:
        return value
    if isinstance(value, Obj) and value.kind == "Date":
        return text_of(machine, value)
    if isinstance(value, Obj) and isinstance(own := machine.property_of(value, "valueOf"), Func):
        return machine.call(own, value, [])
    return text_of(machine, value)


def _arithmetic(machine: Machine, sign: str, left: Value, right: Value) -> Value:
    one, other = number_of(machine, left), number_of(machine, right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return Unknown("arithmetic", about_of(machine, one, other))
    if sign == "^":
        machine.xor = True
    try:
        return float(_ARITHMETIC[sign](one, other))
    except OverflowError:
        return math.inf
    except ValueError:
        return numbers.NAN


def _divided(one: float, other: float) -> float:
    if other:
        return one / other
    if not one or one != one:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return numbers.NAN
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _power(one: float, other: float) -> float:
    result = one**other if one or other >= 0 else math.inf
    return numbers.NAN if isinstance(result, complex) else result


def _shifted_left(one: float, other: float) -> float:
    return numbers.int32(float(numbers.int32(one) << (numbers.int32(other) & 31)))


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divided,
    "%": lambda one, other: math.fmod(one, other) if other else numbers.NAN,
    "**": _power,
    "&": lambda one, other: numbers.int32(one) & numbers.int32(other),
    "|": lambda one, other: numbers.int32(one) | numbers.int32(other),
    "^": lambda one, other: numbers.int32(one) ^ numbers.int32(other),
    "<<": _shifted_left,
    ">>": lambda one, other: numbers.int32(one) >> (numbers.int32(other) & 31),
    ">>>": lambda one, other: (numbers.int32(one) & 0xFFFFFFFF) >> (numbers.int32(other) & 31),
}
_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
_TEXT_ORDER: Mapping[str, Callable[[str, str], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def _compare(machine: Machine, sign: str, left: Value, right: Value) -> Value:
    if about := about_of(machine, left, right):
        return Unknown("comparison", about)
    if isinstance(left, str) and isinstance(right, str):
        return _TEXT_ORDER[sign](left, right)
    one, other = number_of(machine, left), number_of(machine, right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return Unknown("comparison", about_of(machine, one, other))
    return _ORDER[sign](one, other)


def equal(machine: Machine, left: Value, right: Value, *, strict: bool) -> bool | Unknown:
    """`==` or `===`."""
    if isinstance(left, Unknown | str) and isinstance(right, Unknown | str) and (about := about_of(machine, left, right)):
        return Unknown("comparison", about)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown("comparison", about_of(machine, left, right))
    if isinstance(left, Page) and isinstance(right, Page) and left != right and {left.name, right.name} <= _FRAMES:
        return Unknown("comparison of frames", frozenset({"page"}))
    kinds = type_name(left), type_name(right)
    if kinds[0] == kinds[1]:
        return left is right if kinds[0] in {"object", "function"} and not isinstance(left, tuple) else left == right
    if strict:
        return False
    return _loosely(machine, left, right)


def _loosely(machine: Machine, left: Value, right: Value) -> bool | Unknown:
    nothing = [value is None or isinstance(value, Undefined) for value in (left, right)]
    if any(nothing):
        return all(nothing)
    one, other = _primitive(machine, left), _primitive(machine, right)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    first, second = number_of(machine, one), number_of(machine, other)
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return Unknown("comparison", about_of(machine, first, second))
    return first == second


def _holds(machine: Machine, left: Value, right: Value) -> Value:
    if isinstance(right, Obj):
        return key_of(machine, left) in right.props or Unknown("in", frozenset({"name"})) if right.proto else key_of(machine, left) in right.props
    if isinstance(right, Array) and isinstance(left, float | str):
        place = number_of(machine, left)
        return isinstance(place, float) and 0 <= place < len(right.items)
    return Unknown("in", frozenset({"page"}))


def unary(machine: Machine, sign: str, value: Value) -> Value:
    """`sign value`, for all but `delete`."""
    if isinstance(value, Either):
        return joined([unary(machine, sign, option) for option in value.options])
    if sign == "!":
        known = truth(value)
        return Unknown("condition", about_of(machine, value) or frozenset({"page"})) if known is None else not known
    if sign == "typeof":
        return type_name(value) or Unknown("typeof", about_of(machine, value))
    if sign == "void":
        return UNDEFINED
    number = number_of(machine, value)
    if isinstance(number, Unknown):
        return number
    if sign == "~":
        return float(~numbers.int32(number))
    return -number if sign == "-" else number
