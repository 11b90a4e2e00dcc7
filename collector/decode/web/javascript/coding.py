"""Functions of the language that encode and decode texts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import numbers, steps
from collector.decode.web.javascript.arguments import arg, number_arg, text_arg
from collector.decode.web.javascript.convert import number_of, text_of
from collector.decode.web.javascript.holes import HOLE
from collector.decode.web.javascript.joining import merged
from collector.decode.web.javascript.values import Native, NativeCall, Value, made, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_ESCAPED = re.compile(r"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_RESERVED = frozenset(";/?:@&=+$,#")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}\Z")
_UNESCAPED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./")
_URI_MARKS = "-_.!~*'()"
_COMPONENT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + _URI_MARKS)
# A few escapes keep a tag from being read as one; many hide what is written.
_DENSE = 8


def _atob(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = re.sub(r"[\t\n\f\r ]", "", text_arg(machine, args, 0))
    machine.budget.copy(len(text))
    bare = text.rstrip("=")
    if not _BASE64.match(text) or len(bare) % 4 == 1:
        return machine.thrown("atob of no base64")
    try:
        decoded = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return machine.thrown("atob of no base64")
    machine.budget.make(len(decoded))
    return machine.out.decoded(made(decoded, steps_of(arg(args, 0)) | steps.ATOB))


def _btoa(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = text_arg(machine, args, 0)
    machine.budget.make(len(text))
    return base64.b64encode(text.encode("latin-1", "replace")).decode("ascii")


def _unescape(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = text_arg(machine, args, 0)
    machine.budget.copy(len(text))
    machine.budget.spend(len(text) // 200)
    decoded, count = _ESCAPED.subn(lambda found: chr(int(found[1] or found[2], 16)), text)
    machine.budget.make(len(decoded))
    taken = steps_of(arg(args, 0))
    return machine.out.decoded(made(decoded, taken | steps.UNESCAPE if count >= _DENSE and count * 12 > len(text) else taken | steps.REPLACE * bool(count)))


def _escape(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = text_arg(machine, args, 0)
    machine.budget.make(len(text))
    machine.budget.spend(len(text) // 64)
    return made("".join(c if c in _UNESCAPED else f"%{ord(c):02X}" if ord(c) < 256 else f"%u{ord(c):04X}" for c in text), steps_of(arg(args, 0)))


def _decoder(*, whole: bool) -> NativeCall:
    def decode(machine: Machine, _this: Value, args: list[Value]) -> Value:
        text = text_arg(machine, args, 0)
        machine.budget.copy(len(text))
        machine.budget.spend(len(text) // 200)

        def decoded(found: re.Match[str]) -> str:
            text = bytes.fromhex(found[0].replace("%", "")).decode("utf-8")
            # `decodeURI` leaves those signs alone that divide an address.
            return "".join(f"%{ord(sign):02X}" if sign in _RESERVED else sign for sign in text) if whole else text

        try:
            result, count = _PERCENT.subn(decoded, text)
        except UnicodeDecodeError:
            return machine.thrown("URIError")
        machine.budget.make(len(result))
        dense = count and len(result) * 2 < len(text)
        return machine.out.decoded(made(result, steps_of(arg(args, 0)) | (steps.UNESCAPE if dense else 0) | (steps.DECODE_URI if count else 0)))

    return decode


def _encoder(kept: frozenset[str]) -> NativeCall:
    def encode(machine: Machine, _this: Value, args: list[Value]) -> Value:
        text = merged(text_arg(machine, args, 0))
        machine.budget.make(len(text))
        machine.budget.spend(len(text) // 64)
        encoded = "".join(c if c in kept or HOLE.match(c) else "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace")) for c in text)
        return made(encoded, steps_of(arg(args, 0)))

    return encode


def _from_char_code(machine: Machine, _this: Value, args: list[Value]) -> Value:
    machine.budget.spend(len(args) // 32)
    codes = [number_of(machine, value) for value in args]
    text = "".join(chr(int(code) & 0xFFFF) for code in codes if isinstance(code, float) and abs(code) < numbers.LARGE)
    taken = steps.CHARCODE | (steps.XOR if machine.xor else 0)
    machine.xor = False
    return made(text, taken) if len(text) < 8 else machine.out.decoded(made(text, taken))


def _from_code_point(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = ""
    for value in args:
        code = number_of(machine, value)
        if isinstance(code, float) and 0 <= code <= 0x10FFFF:
            point = int(code)
            text += chr(point) if point < 0x10000 else chr(0xD800 + ((point - 0x10000) >> 10)) + chr(0xDC00 + (point & 0x3FF))
    return made(text, steps.CHARCODE)


def _parse_int(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return numbers.parse_int(text_arg(machine, args, 0), number_arg(machine, args, 1))


def _to_base(machine: Machine, this: Value, args: list[Value]) -> Value:
    if not isinstance(this, float):
        return text_of(machine, this)
    base = int(number_arg(machine, args, 0, 10.0))
    text = numbers.in_base(this, base if 2 <= base <= 36 else 10)
    return made(text, steps.PARSE) if base > 16 else text


def _to_fixed(machine: Machine, this: Value, args: list[Value]) -> Value:
    digits = int(min(20, max(0, number_arg(machine, args, 0))))
    return f"{this:.{digits}f}" if isinstance(this, float) and abs(this) < 1e21 else text_of(machine, this)


def _number(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return number_of(machine, args[0]) if args else 0.0


def _string(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return text_of(machine, args[0]) if args else ""


_RUNS: Mapping[str, NativeCall] = {
    "atob": _atob, "btoa": _btoa, "unescape": _unescape, "escape": _escape, "decodeURIComponent": _decoder(whole=False),
    "decodeURI": _decoder(whole=True), "parseInt": _parse_int,
    "parseFloat": lambda machine, _this, args: numbers.parse_float(text_arg(machine, args, 0)), "Number": _number,
    "isNaN": lambda machine, _this, args: (found := number_of(machine, arg(args, 0))) != found,
    "isFinite": lambda machine, _this, args: abs(number_arg(machine, args, 0, float("inf"))) != float("inf"),
}  # fmt: skip
CODING: Mapping[str, Native] = {
    **{name: Native(name, run) for name, run in _RUNS.items()},
    "encodeURIComponent": Native("encodeURIComponent", _encoder(_COMPONENT), lenient=True),
    "encodeURI": Native("encodeURI", _encoder(_COMPONENT | frozenset(";/?:@&=+$,#")), lenient=True),
    "String": Native("String", _string, lenient=True),
}
TEXT_STATICS: Mapping[str, Native] = {
    "fromCharCode": Native("fromCharCode", _from_char_code),
    "fromCodePoint": Native("fromCodePoint", _from_code_point),
    "raw": Native("raw", lambda machine, _this, args: text_arg(machine, args, 0)),
}
NUMBER_METHODS: Mapping[str, Native] = {
    "toString": Native("toString", _to_base),
    "toFixed": Native("toFixed", _to_fixed),
    "valueOf": Native("valueOf", lambda _machine, this, _args: this),
    "toLocaleString": Native("toLocaleString", _to_base),
}
