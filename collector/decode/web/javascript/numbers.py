"""Numbers as the language writes and reads them (ECMA-262, Number::toString and StringToNumber)."""

from __future__ import annotations

import math
import re

NAN = math.nan
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PREFIXED = re.compile(r"0(?:[xX]([0-9a-fA-F]{1,256})|[oO]([0-7]{1,256})|[bB]([01]{1,1024}))")
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,6})?)")
# Beyond this a whole number has no more exact digits in a double.
_EXACT = 2**53
# Codes of characters are asked for far below this.
LARGE = 1e15


def number_text(value: float) -> str:
    """The shortest text of a number: `1`, `0.5`, `1e+21`, `1e-7`, `NaN`, `Infinity`."""
    if value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    sign = "-" if value < 0 else ""
    return sign + _laid_out(*_shortest(abs(value)))


def _shortest(value: float) -> tuple[str, int]:
    """Digits without a point, and the place of the point counted from before the first digit."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + part) - len((whole + part).lstrip("0")))
    return digits.rstrip("0") or "0", point


def _laid_out(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{tail}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"


def in_base(value: float, base: int) -> str:
    """`value.toString(base)` for a base of 2 to 36; up to 52 digits after the point."""
    if base == 10 or value != value or math.isinf(value):  # noqa: PLR0124 - NaN is the one value that differs from itself
        return number_text(value)
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, part = int(value), value - int(value)
    text = _whole_in_base(whole, base)
    if not part:
        return sign + text
    # The language asks for the fewest digits that read back as the same double; below that half a unit in the last place decides.
    delta = max(math.ulp(value) / 2, math.ulp(0.0))
    digits: list[int] = []
    while part >= delta and len(digits) < 1100:
        part *= base
        delta *= base
        digits.append(int(part))
        part -= int(part)
        if part > 0.5 and part + delta > 1:
            _carry(digits, base)
            break
    return f"{sign}{text}." + "".join(_DIGITS[digit] for digit in digits)


def _carry(digits: list[int], base: int) -> None:
    while digits and digits[-1] == base - 1:
        digits.pop()
    if digits:
        digits[-1] += 1


def _whole_in_base(value: int, base: int) -> str:
    if not value:
        return "0"
    digits = []
    while value:
        value, digit = divmod(value, base)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def read_number(text: str) -> float:
    """A whole text as a number; empty is 0, anything else that is no number is NaN."""
    text = text.strip()
    if not text:
        return 0.0
    if found := _PREFIXED.fullmatch(text):
        return _double(int(found[1], 16) if found[1] else int(found[2], 8) if found[2] else int(found[3], 2))
    if _DECIMAL.fullmatch(text):
        return float(text)
    return NAN


def read_literal(text: str) -> float:
    """A number as it stands in a script: with `_` between digits, with `n` behind it, or with the old leading zero of octals."""
    text = text.replace("_", "").rstrip("n")
    if re.fullmatch(r"0[0-7]{1,256}", text):
        return _double(int(text, 8))
    return read_number(text)


def parse_float(text: str) -> float:
    """`parseFloat`: the number a text begins with."""
    found = _DECIMAL.match(text.strip()[:512])
    return float(found[0]) if found else NAN


def parse_int(text: str, base: float) -> float:
    """`parseInt`: the digits a text begins with; NaN for none or for a base that is none."""
    text = text.strip()[:512].lower()
    sign = -1 if text.startswith("-") else 1
    text = text[1:] if text[:1] in {"-", "+"} and text else text
    radix = int32(base)
    if radix in {0, 16} and text.startswith("0x"):
        text, radix = text[2:], 16
    radix = radix or 10
    if not 2 <= radix <= 36:
        return NAN
    end = 0
    while end < len(text) and 0 <= _DIGITS.find(text[end]) < radix:
        end += 1
    return sign * _double(int(text[:end], radix)) if end else NAN


def int32(value: float) -> int:
    """The 32 bits that bit operations work on, signed."""
    if value != value or math.isinf(value):  # noqa: PLR0124 - NaN is the one value that differs from itself
        return 0
    bits = int(value) & 0xFFFFFFFF
    return bits - 0x100000000 if bits & 0x80000000 else bits


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
