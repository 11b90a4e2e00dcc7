"""Methods of texts that take a regular expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.arguments import arg, text_arg, whole_arg
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.holes import HOST, HREF
from collector.decode.web.javascript.operators import about_of
from collector.decode.web.javascript.regex import Pattern, compiled
from collector.decode.web.javascript.values import UNDEFINED, Array, Func, Native, Regex, Undefined, Unknown, Value, made, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_MAX_PIECES = 100_000
_DOLLAR = re.compile(r"\$(\$|&|\d{1,2})")
_HOST_SHAPE = re.compile(r"(?:https?:)?(?://)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/:?#].*)?)\Z", re.IGNORECASE | re.DOTALL)


def _pattern(machine: Machine, value: Value, text: str) -> Pattern | None:
    """The expression, None where it cannot be used on this text; the work is paid for."""
    if not isinstance(value, Regex):
        return None
    found = compiled(value.source, value.flags)
    if found is None or len(text) > found.longest:
        return None
    machine.budget.spend(8 + len(value.source) // 4 + found.cost(text))
    return found


def replace(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`text.replace(sought, new)`."""
    return _replaced(machine, this, args, every=False)


def replace_all(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`text.replaceAll(sought, new)`."""
    return _replaced(machine, this, args, every=True)


def _replaced(machine: Machine, this: Value, args: list[Value], *, every: bool) -> Value:
    text, sought, new = text_of(machine, this), arg(args, 0), arg(args, 1)
    if (moved := _moved(text, sought, new)) is not None:
        return moved
    if about := about_of(machine, sought):
        return Unknown("replace", about | about_of(machine, text))
    if isinstance(sought, Regex):
        pattern, count = _pattern(machine, sought, text), 0 if "g" in sought.flags else 1
    else:
        pattern, count = Pattern(re.compile(re.escape(text_of(machine, sought))), 0), 0 if every else 1
        machine.budget.spend(2 + len(text) // 4096)
    if pattern is None:
        return Unknown("replace by an expression", about_of(machine, text, new) or frozenset({"bound"}))
    result, taken = _substituted(machine, pattern, text, new, count)
    machine.budget.make(max(0, len(result) - len(text)), len(result))
    return made(result, taken | steps_of(this) | steps.REPLACE) if result != text else this


def _moved(text: str, sought: Value, new: Value) -> Value | None:
    """The page's own address with another host put in; None for anything else."""
    if not text.startswith((HREF, HOST)) or not isinstance(new, str) or not (named := _HOST_SHAPE.match(new)):
        return None
    if isinstance(sought, str) and sought.startswith(("/", "?", "#", "http:")):
        return None
    return f"https://{named[1]}" if text.startswith(HREF) else named[1]


def _substituted(machine: Machine, pattern: Pattern, text: str, new: Value, count: int) -> tuple[str, int]:
    """The text with every match replaced, and the steps of what was put in."""
    template = "" if isinstance(new, Func | Native) else text_of(machine, new)
    taken = steps_of(new)

    def put(found: re.Match[str]) -> str:
        nonlocal taken
        value: Value = template
        if isinstance(new, Func | Native):
            groups: list[Value] = [UNDEFINED if group is None else group for group in found.groups()]
            value = machine.call(new, UNDEFINED, [found[0], *groups, float(found.start()), text])
            taken |= steps_of(value)
        replacement = _expanded(template, found) if value is template else text_of(machine, value)
        machine.budget.make(len(replacement), 1)
        return replacement

    return pattern.compiled.sub(put, text, count=count), taken


def _expanded(template: str, found: re.Match[str]) -> str:
    def group(sign: re.Match[str]) -> str:
        if sign[1] == "$":
            return "$"
        if sign[1] == "&":
            return found[0]
        number = int(sign[1])
        return (found[number] or "") if 1 <= number <= (found.re.groups or 0) else sign[0]

    return _DOLLAR.sub(group, template)


def split(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`split` by a text or an expression."""
    text, by = text_of(machine, this), arg(args, 0)
    limit = whole_arg(machine, args, 1, _MAX_PIECES)
    machine.budget.spend(1 + len(text) // 100)
    taken = steps_of(this) | steps.SPLIT
    if isinstance(by, Undefined):
        return Array([text], taken)
    if isinstance(by, Regex):
        found = _pattern(machine, by, text)
        if found is None:
            return Unknown("split by an expression", frozenset({"bound"}))
        pieces: Sequence[str | None] = list(text) if not by.source or by.source == "(?:)" else found.compiled.split(text)
    else:
        pieces = text.split(plain) if (plain := text_of(machine, by)) else list(text)
    if len(pieces) > _MAX_PIECES:
        return Unknown("split into too many pieces", frozenset({"bound"}))
    return Array([UNDEFINED if piece is None else made(piece, taken) for piece in pieces[:limit]], taken)


def match(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`text.match(expression)`: all matches with `g`, else the first with its groups."""
    text, sought = text_of(machine, this), arg(args, 0)
    sought = sought if isinstance(sought, Regex) else Regex(text_arg(machine, args, 0, ""), "")
    pattern = _pattern(machine, sought, text)
    if pattern is None:
        return Unknown("match", frozenset({"bound"}))
    taken = steps_of(this) | steps.SPLIT
    if "g" in sought.flags:
        machine.budget.spend(len(text) // 100)
        pieces = [found[0] for found in pattern.compiled.finditer(text)]
        return Array([made(piece, taken) for piece in pieces[:_MAX_PIECES]], taken) if pieces else None
    first = pattern.compiled.search(text)
    if first is None:
        return None
    result = Array([made(first[0], taken), *(UNDEFINED if group is None else group for group in first.groups())], taken)
    result.props |= {"index": float(first.start()), "input": text}
    return result


def match_all(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`matchAll`, as a list of the whole matches in lists."""
    found = match(machine, this, args)
    return Array([Array([item]) for item in found.items]) if isinstance(found, Array) else found


def search(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`text.search(expression)`."""
    found = match(machine, this, [Regex(sought.source, sought.flags.replace("g", "")) if isinstance(sought := arg(args, 0), Regex) else sought])
    if isinstance(found, Array):
        return found.props.get("index", -1.0)
    return found if isinstance(found, Unknown) else -1.0


def test(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`expression.test(text)`."""
    text = text_arg(machine, args, 0)
    pattern = _pattern(machine, this, text)
    return Unknown("test", frozenset({"bound"})) if pattern is None else pattern.compiled.search(text) is not None
