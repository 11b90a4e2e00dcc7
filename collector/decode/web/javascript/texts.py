"""Methods of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import operators, steps
from collector.decode.web.javascript.arguments import span, text_arg, whole_arg
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.holes import has_hole
from collector.decode.web.javascript.numbers import NAN
from collector.decode.web.javascript.replacing import match, match_all, replace, replace_all, search, split, test
from collector.decode.web.javascript.values import UNDEFINED, Native, NativeCall, Unknown, Value, made, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine


def _char_at(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    place = whole_arg(machine, args, 0)
    return made(text[place], steps_of(this) | steps.SLICE) if 0 <= place < len(text) else ""


def _at(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    place = whole_arg(machine, args, 0)
    return text[place] if -len(text) <= place < len(text) else UNDEFINED


def _char_code_at(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    place = whole_arg(machine, args, 0)
    return float(ord(text[place])) if 0 <= place < len(text) else NAN


def _code_point_at(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    place = whole_arg(machine, args, 0)
    if not 0 <= place < len(text):
        return UNDEFINED
    code = ord(text[place])
    low = ord(text[place + 1]) if place + 1 < len(text) else 0
    return float(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00) if 0xD800 <= code < 0xDC00 <= low < 0xE000 else float(code)


def _slice(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    return made(text[span(machine, args, len(text))], steps_of(this) | steps.SLICE)


def _substring(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    start, end = (min(max(whole_arg(machine, args, place, default), 0), len(text)) for place, default in ((0, 0), (1, len(text))))
    return made(text[min(start, end) : max(start, end)], steps_of(this) | steps.SLICE)


def _substr(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    start = whole_arg(machine, args, 0)
    start = max(0, start + len(text)) if start < 0 else start
    return made(text[start : start + max(0, whole_arg(machine, args, 1, len(text)))], steps_of(this) | steps.SLICE)


def _index_of(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    return float(text.find(text_arg(machine, args, 0), max(0, whole_arg(machine, args, 1))))


def _last_index_of(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    sought = text_arg(machine, args, 0)
    return float(text.rfind(sought, 0, max(0, whole_arg(machine, args, 1, len(text))) + len(sought)))


def _includes(machine: Machine, this: Value, args: list[Value]) -> Value:
    text = text_of(machine, this)
    machine.budget.copy(len(text))
    return text_arg(machine, args, 0) in text


def _starts_with(machine: Machine, this: Value, args: list[Value]) -> Value:
    return text_of(machine, this).startswith(text_arg(machine, args, 0), max(0, whole_arg(machine, args, 1)))


def _ends_with(machine: Machine, this: Value, args: list[Value]) -> Value:
    return text_of(machine, this).endswith(text_arg(machine, args, 0))


def _concat(machine: Machine, this: Value, args: list[Value]) -> Value:
    value: Value = text_of(machine, this)
    for part in args:
        value = operators.binary(machine, "+", value, text_of(machine, part))
    return value


def _repeat(machine: Machine, this: Value, args: list[Value]) -> Value:
    text, count = text_of(machine, this), max(0, whole_arg(machine, args, 0))
    machine.budget.make(len(text) * count)
    return made(text * count, steps_of(this))


def _changed(change: str) -> NativeCall:
    def run(machine: Machine, this: Value, _args: list[Value]) -> Value:
        text = text_of(machine, this)
        machine.budget.copy(len(text))
        found = getattr(text, change)()
        return made(found, steps_of(this) | (steps.CASE if found != text else 0))

    return run


def _padded(*, start: bool) -> NativeCall:
    def run(machine: Machine, this: Value, args: list[Value]) -> Value:
        text, filler = text_of(machine, this), text_arg(machine, args, 1, " ")
        missing = max(0, whole_arg(machine, args, 0) - len(text))
        if not missing or not filler:
            return text
        machine.budget.make(missing)
        pad = (filler * (missing // len(filler) + 1))[:missing]
        return made(pad + text if start else text + pad, steps_of(this))

    return run


def _itself(machine: Machine, this: Value, _args: list[Value]) -> Value:
    return this if isinstance(this, str) else text_of(machine, this)


def _marked(opening: str, closing: str, *, named: bool = False) -> NativeCall:
    """The old methods that wrap a text in a tag; only ever used to get letters out of."""

    def run(machine: Machine, this: Value, args: list[Value]) -> Value:
        inner = f'="{text_arg(machine, args, 0)}"' if named else ""
        return made(f"<{opening}{inner}>{text_of(machine, this)}</{closing}>", steps_of(this) | steps.TYPES)

    return run


def _locale_compare(machine: Machine, this: Value, args: list[Value]) -> Value:
    one, other = text_of(machine, this), text_arg(machine, args, 0)
    return float((one > other) - (one < other))


def _holed(run: NativeCall) -> NativeCall:
    """A method that is right for texts with holes too, as long as its other arguments have none."""

    def lenient(machine: Machine, this: Value, args: list[Value]) -> Value:
        if about := operators.about_of(machine, *args):
            return Unknown("text", about | operators.about_of(machine, this))
        return run(machine, this, args)

    return lenient


_PLAIN: Mapping[str, NativeCall] = {
    "charAt": _char_at, "at": _at, "charCodeAt": _char_code_at, "codePointAt": _code_point_at, "slice": _slice, "substring": _substring, "substr": _substr,
    "indexOf": _index_of, "lastIndexOf": _last_index_of, "includes": _includes, "startsWith": _starts_with, "endsWith": _ends_with, "repeat": _repeat,
    "padStart": _padded(start=True), "padEnd": _padded(start=False), "localeCompare": _locale_compare, "split": split, "match": match, "search": search,
    "matchAll": match_all, "italics": _marked("i", "i"), "bold": _marked("b", "b"), "big": _marked("big", "big"), "small": _marked("small", "small"),
    "fontcolor": _marked("font color", "font", named=True), "fontsize": _marked("font size", "font", named=True), "sub": _marked("sub", "sub"),
    "sup": _marked("sup", "sup"), "strike": _marked("strike", "strike"), "blink": _marked("blink", "blink"), "fixed": _marked("tt", "tt"),
    "link": _marked("a href", "a", named=True), "anchor": _marked("a name", "a", named=True),
}  # fmt: skip
_LENIENT: Mapping[str, NativeCall] = {
    "concat": _concat, "replace": replace, "replaceAll": replace_all, "toString": _itself, "valueOf": _itself,
    "trim": _holed(_changed("strip")), "trimStart": _holed(_changed("lstrip")), "trimEnd": _holed(_changed("rstrip")),
    "toLowerCase": _holed(_changed("lower")), "toUpperCase": _holed(_changed("upper")), "toLocaleLowerCase": _holed(_changed("lower")),
    "toLocaleUpperCase": _holed(_changed("upper")), "normalize": _itself,
}  # fmt: skip
TEXT_METHODS: Mapping[str, Native] = {
    **{name: Native(name, run) for name, run in _PLAIN.items()},
    **{name: Native(name, run, lenient=True) for name, run in _LENIENT.items()},
}
REGEX_METHODS: Mapping[str, Native] = {
    "test": Native("test", test),
    "exec": Native("exec", lambda machine, this, args: match(machine, text_arg(machine, args, 0), [this])),
}


def text_property(machine: Machine, text: str, key: str) -> Value:
    """`text[key]`."""
    if key == "length":
        return Unknown("length", machine.about(text)) if has_hole(text) else float(len(text))
    if key.isdecimal() and len(key) < 8:
        place = int(key)
        if has_hole(text):
            return Unknown("character", machine.about(text))
        return made(text[place], steps_of(text) | steps.SLICE) if place < len(text) else UNDEFINED
    return TEXT_METHODS.get(key, UNDEFINED)
