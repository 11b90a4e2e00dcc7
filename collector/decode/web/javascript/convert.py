"""From one kind of value to another, as the language does it without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.web.javascript import numbers, steps
from collector.decode.web.javascript.holes import HREF, has_hole
from collector.decode.web.javascript.values import UNDEFINED, Array, Either, Element, Func, Native, Obj, Page, Regex, Undefined, Unknown, Value, made

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_MAX_NESTING = 30
_NATIVE = "function {}() {{ [native code] }}"
_TAGS = {"window": "[object Window]", "document": "[object HTMLDocument]", "navigator": "[object Navigator]", "Math": "[object Math]"}


def text_of(machine: Machine, value: Value, depth: int = 0) -> str:
    """`String(value)`; what is not known becomes a hole."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return numbers.number_text(value)
    if value is None:
        return "null"
    if isinstance(value, Undefined):
        return "undefined"
    if isinstance(value, Array):
        return _list_text(machine, value, depth)
    return _object_text(machine, value)


def _list_text(machine: Machine, value: Array, depth: int) -> str:
    if depth > _MAX_NESTING:
        return ""
    machine.budget.spend(1 + len(value.items) // 16)
    parts = [text_of(machine, item, depth + 1) if item is not None and item is not UNDEFINED else "" for item in value.items]
    text = ",".join(parts)
    machine.budget.make(len(text))
    return made(text, value.steps | steps.CONCAT if len(parts) > 1 else value.steps)


def _object_text(machine: Machine, value: Value) -> str:
    match value:
        case Func():
            return value.node.text()
        case Native():
            return _NATIVE.format(value.name)
        case Regex():
            return f"/{value.source}/{value.flags}"
        case Page():
            return HREF if value.name == "location" else _TAGS.get(value.name, "[object Object]")
        case Obj():
            return _own_text(machine, value)
        case Unknown() | Either():
            return machine.hole(value if isinstance(value, Unknown) else Unknown("one of several values", frozenset({"name"})))
        case _:
            linked = isinstance(value, Element) and value.tag == "a" and value.attributes.get("href")
            return linked if isinstance(linked, str) else "[object Object]"


def _own_text(machine: Machine, value: Obj) -> str:
    if value.kind == "URL":
        return text_of(machine, value.props.get("href"), _MAX_NESTING)
    for name in ("toString", "valueOf"):
        own = machine.property_of(value, name)
        if isinstance(own, Func):
            said = machine.call(own, value, [])
            return said if isinstance(said, str) else number_as_text(said)
    if value.kind == "Date":
        return machine.hole(Unknown("date", frozenset({"time"})))
    return f"[object {value.kind}]"


def number_as_text(value: Value) -> str:
    """A simple value as text; an object is no more than its tag."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return numbers.number_text(value) if isinstance(value, float) else "[object Object]"


def number_of(machine: Machine, value: Value) -> float | Unknown:
    """`Number(value)`."""
    if isinstance(value, bool) or value is None:
        return 1.0 if value else 0.0
    if isinstance(value, float | Unknown):
        return value
    if isinstance(value, Undefined):
        return numbers.NAN
    if isinstance(value, Obj) and (found := _own_number(machine, value)) is not None:
        return found
    text = text_of(machine, value)
    if has_hole(text):
        return Unknown("number", machine.about(text))
    return numbers.read_number(text)


def _own_number(machine: Machine, value: Obj) -> float | Unknown | None:
    """What an object says it is worth as a number; None where it says nothing."""
    if value.kind == "Date":
        stamp = value.props.get("time")
        return stamp if isinstance(stamp, float) else Unknown("date", frozenset({"time"}))
    own = machine.property_of(value, "valueOf")
    if not isinstance(own, Func):
        return None
    said = machine.call(own, value, [])
    return said if isinstance(said, float | Unknown) else numbers.NAN


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        # A text of nothing but a hole may be empty.
        return None if len(value) == 1 and has_hole(value) else bool(value)
    if isinstance(value, float):
        return value == value and value != 0  # noqa: PLR0124 - NaN is the one value that differs from itself
    if value is None or isinstance(value, Undefined):
        return False
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Either):
        found = {truth(option) for option in value.options}
        return found.pop() if len(found) == 1 else None
    # What is looked for in the page may not be there, nor may jQuery or a plug-in.
    return None if (isinstance(value, Element) and value.found) or (isinstance(value, Native) and value.name in {"$", "ActiveXObject"}) else True


def type_name(value: Value) -> str | None:
    """`typeof`; None where that is not known."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, float):
        return "number"
    if isinstance(value, Undefined):
        return "undefined"
    if isinstance(value, Func | Native):
        return "function"
    return None if isinstance(value, Unknown | Either) else "object"


def key_of(machine: Machine, value: Value) -> str:
    """The name of a property."""
    return numbers.number_text(value) if isinstance(value, float) else text_of(machine, value)
