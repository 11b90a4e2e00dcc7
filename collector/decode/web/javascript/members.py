"""`base[key]` and `base[key] = value` for every kind of value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from collector.decode.web.javascript.arguments import arg
from collector.decode.web.javascript.builtins import GLOBALS, STATICS, date_property
from collector.decode.web.javascript.code import then
from collector.decode.web.javascript.coding import NUMBER_METHODS, TEXT_STATICS
from collector.decode.web.javascript.convert import key_of, text_of
from collector.decode.web.javascript.elements import METHODS, element_property, set_on_element
from collector.decode.web.javascript.joining import joined
from collector.decode.web.javascript.jquery import Wrapped, jquery, wrapped_property
from collector.decode.web.javascript.lists import LIST_METHODS, list_property, set_in_list
from collector.decode.web.javascript.operators import about_of
from collector.decode.web.javascript.page import assign_window, page_property, set_on_page, window_member
from collector.decode.web.javascript.texts import REGEX_METHODS, TEXT_METHODS, text_property
from collector.decode.web.javascript.values import (
    UNDEFINED,
    Array,
    Either,
    Element,
    Func,
    Getter,
    Made,
    Native,
    Obj,
    Page,
    Regex,
    Thrown,
    Undefined,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_MAX_MEMBERS = 16
_NAME = frozenset({"name"})
_THEN = {name: Native(name, then, lenient=True) for name in ("then", "finally")}
_CATCH = Native("catch", lambda _machine, this, _args: this, lenient=True)
# The methods a constructor's prototype lends out, as in `Array.prototype.slice.call(...)`.
_LENT: Mapping[str, Mapping[str, Native]] = {"Array": LIST_METHODS, "String": TEXT_METHODS, "Number": NUMBER_METHODS}


def get(machine: Machine, base: Value, key: Value) -> Value:
    """`base[key]`."""
    if isinstance(base, Either):
        return joined([get(machine, option, key) for option in base.options])
    if isinstance(key, Either):
        return joined([get(machine, base, option) for option in key.options])
    if isinstance(key, Unknown):
        options = _any_member(base)
        if options:
            return joined(options)
        return Unknown(f"member of {_named(base)}", key.about | about_of(machine, base))
    name = key_of(machine, key)
    value = _get(machine, base, name)
    return machine.call(value.function, base, []) if isinstance(value, Getter) else value


def _any_member(base: Value) -> list[Value]:
    """Texts of a list or table of which nobody knows which is taken: a kit's targets, taken by chance or by the visitor."""
    found = base.items if isinstance(base, Array) else list(base.props.values()) if isinstance(base, Obj) else []
    return list(found) if 0 < len(found) <= _MAX_MEMBERS and all(isinstance(value, str) for value in found) else []


def _named(base: Value) -> str:
    return base.reason[-40:] if isinstance(base, Unknown) else base.name if isinstance(base, Page) else "a value"


def _get(machine: Machine, base: Value, name: str) -> Value:
    reader = _READERS.get(type(base))
    return reader(machine, base, name) if reader is not None else UNDEFINED


def _of_unknown(machine: Machine, base: Value, name: str) -> Value:
    machine.doubt()
    if not isinstance(base, Unknown):
        return UNDEFINED
    # `HTMLFormElement.prototype.submit`, to be lent to an element.
    lent = METHODS.get(name) if base.reason.endswith(".prototype") else None
    return lent or Unknown(f"{base.reason}.{name}"[-80:], base.about)


def _odd_property(machine: Machine, base: Value, name: str) -> Value:
    if isinstance(base, bool):
        return GLOBALS["Boolean"] if name == "constructor" else NUMBER_METHODS.get(name, UNDEFINED)
    if isinstance(base, float):
        return _fallback(machine, NUMBER_METHODS.get(name, UNDEFINED), "Number", name)
    if isinstance(base, Regex):
        parts: dict[str, Value] = {"source": base.source, "flags": base.flags, "lastIndex": 0.0, "constructor": GLOBALS["RegExp"]}
        return REGEX_METHODS.get(name) or parts.get(name, UNDEFINED)
    return UNDEFINED


def _of_nothing(machine: Machine, _base: Value, name: str) -> Value:
    machine.doubt()
    if machine.tries:
        raise Thrown(Obj("Error", {"message": "TypeError"}))
    return Unknown(f"undefined.{name}"[:60], _NAME)


def _fallback(machine: Machine, value: Value, kind: str, name: str) -> Value:
    """What a script itself has put on a prototype, and the constructor."""
    if not isinstance(value, Undefined):
        return value
    for owner in (kind, "Object"):
        own = machine.globals.vars.get(f"{owner}.prototype")
        if isinstance(own, Obj) and name in own.props:
            return own.props[name]
    return GLOBALS[kind] if name == "constructor" else UNDEFINED


def object_property(machine: Machine, base: Obj, name: str) -> Value:
    """A property of an object or of what it descends from."""
    place: Obj | None = base
    for _ in range(30):
        if place is None:
            break
        if name in place.props:
            return place.props[name]
        place = place.proto
    if base.kind == "Date":
        return date_property(base, name)
    if base.kind == "Promise":
        return _THEN.get(name) or _CATCH
    if base.kind.endswith(".prototype"):
        return _LENT.get(base.kind.removesuffix(".prototype"), {}).get(name, UNDEFINED)
    if name in _OBJECT_METHODS:
        return _OBJECT_METHODS[name]
    if name == "addEventListener" and base.kind == "xhr":
        return Native(name, lambda inner, this, args: set_member(inner, this, "onload", arg(args, 1)), lenient=True)
    if base.kind in {"frame", "Event", "style"} and name.startswith(("init", "set")):
        return Native(name, lambda _machine, _this, _args: UNDEFINED, lenient=True)
    return _fallback(machine, UNDEFINED, "Object", name)


_OBJECT_METHODS: Mapping[str, Native] = {
    "hasOwnProperty": Native("hasOwnProperty", lambda machine, this, args: isinstance(this, Obj) and text_of(machine, arg(args, 0)) in this.props),
    "toString": Native("toString", lambda _machine, this, _args: f"[object {this.kind}]" if isinstance(this, Obj) else "[object Object]", lenient=True),
    "valueOf": Native("valueOf", lambda _machine, this, _args: this, lenient=True),
}


def _function_property(machine: Machine, base: Func | Native, name: str) -> Value:
    if name in _CALLS:
        return _CALLS[name]
    if isinstance(base, Func):
        return _own_function_property(base, name)
    if base.name == "String" and name in TEXT_STATICS:
        return TEXT_STATICS[name]
    if name == "prototype":
        key = f"{base.name}.prototype"
        machine.globals.vars.setdefault(key, Obj(key))
        return machine.globals.vars[key]
    if base.name == "$":
        return wrapped_property(machine, Wrapped(None), name)
    if name == "requestPermission":
        return page_property(machine, Page("Notification"), name)
    fixed: dict[str, Value] = {"name": base.name, "length": 1.0, "constructor": GLOBALS["Function"], "MAX_SAFE_INTEGER": 2.0**53 - 1}
    return STATICS.get(base.name, {}).get(name) or fixed.get(name, UNDEFINED)


def _own_function_property(base: Func, name: str) -> Value:
    if name in base.props:
        return base.props[name]
    if name == "prototype":
        base.props["prototype"] = Obj()
        return base.props["prototype"]
    parameters = base.node.field("parameters")
    fixed: dict[str, Value] = {
        "name": base.name,
        "length": float(len(parameters.children())) if parameters else 1.0,
        "constructor": GLOBALS["Function"],
    }
    return fixed.get(name, UNDEFINED)


def _apply(machine: Machine, this: Value, args: list[Value]) -> Value:
    given = arg(args, 1)
    if isinstance(given, Array):
        return machine.call(this, arg(args, 0), list(given.items))
    return machine.call(this, arg(args, 0), [] if given is None or isinstance(given, Undefined) else [given])


def _bind(_machine: Machine, this: Value, args: list[Value]) -> Value:
    if isinstance(this, Native):
        owner, before = arg(args, 0), list(args[1:])
        return Native(this.name, lambda machine, _this, given: machine.call(this, owner, before + given), lenient=True)
    if not isinstance(this, Func):
        return this
    this.called = True
    bound = Func(this.node, this.scope, this.name)
    bound.bound, bound.bound_this = (*this.bound, *args[1:]), arg(args, 0)
    bound.layers, bound.steps = this.layers, this.steps
    return bound


_CALLS: Mapping[str, Native] = {
    "call": Native("call", lambda machine, this, args: machine.call(this, arg(args, 0), args[1:]), lenient=True),
    "apply": Native("apply", _apply, lenient=True),
    "bind": Native("bind", _bind, lenient=True),
    "toString": Native("toString", lambda machine, this, _args: text_of(machine, this), lenient=True),
}


def set_member(machine: Machine, base: Value, key: Value, value: Value) -> None:
    """`base[key] = value`."""
    if isinstance(base, Either):
        for option in base.options:
            set_member(machine, option, key, value)
        return
    if isinstance(key, Either | Unknown):
        return
    name = key_of(machine, key)
    if isinstance(base, Obj):
        machine.write(base.props, name, value)
        if base.kind == "xhr" and name in {"onload", "onreadystatechange", "onloadend"}:
            machine.later(value, [Unknown("event", frozenset({"page"}))], base)
    elif isinstance(base, Array):
        set_in_list(machine, base, name, value)
    elif isinstance(base, Page):
        set_on_page(machine, base, name, value)
    elif isinstance(base, Element):
        set_on_element(machine, base, name, value)
    elif isinstance(base, Func):
        machine.write(base.props, name, value)
    elif isinstance(base, Unknown) and name in {"location", "href"} and base.about <= _NAME:
        _set_on_unknown(machine, base, name, value)


def _set_on_unknown(machine: Machine, base: Unknown, name: str, value: Value) -> None:
    """A window or place the script has from elsewhere, by its name."""
    if name == "location" or base.reason.endswith("location"):
        machine.out.target(machine, "navigate", value)


def global_value(machine: Machine, name: str) -> Value:
    """What a name stands for that the script has not declared."""
    if name in GLOBALS:
        return GLOBALS[name]
    member = window_member(machine, name)
    if member is not None:
        return member
    if name in {"$", "jQuery", "$j", "jq"}:
        return jquery()
    machine.doubt()
    return Unknown(name[:60], _NAME)


def assign_global(machine: Machine, name: str, value: Value) -> bool:
    """Setting a global name the browser watches."""
    return assign_window(machine, name, value)


_READERS: Mapping[type, Callable[[Machine, Any, str], Value]] = {
    str: lambda machine, base, name: _fallback(machine, text_property(machine, base, name), "String", name),
    Made: lambda machine, base, name: _fallback(machine, text_property(machine, base, name), "String", name),
    Array: lambda machine, base, name: _fallback(machine, list_property(base, name), "Array", name),
    Obj: object_property,
    Page: page_property,
    Element: element_property,
    Unknown: _of_unknown,
    Func: _function_property,
    Native: _function_property,
    Undefined: _of_nothing,
    type(None): _of_nothing,
    bool: _odd_property,
    float: _odd_property,
    Regex: _odd_property,
    Wrapped: wrapped_property,
}
