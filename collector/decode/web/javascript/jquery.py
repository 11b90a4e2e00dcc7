"""jQuery as pages use it, where the library itself is another script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from collector.decode.web.javascript.arguments import arg, text_arg
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.elements import PAGE, found, inserted, listened, make, set_on_element
from collector.decode.web.javascript.functions import EVENTS, hand_over
from collector.decode.web.javascript.operators import binary
from collector.decode.web.javascript.page import answer
from collector.decode.web.javascript.values import UNDEFINED, Element, Func, Native, NativeCall, Obj, Page, Undefined, Unknown, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

# With fewer arguments these tell a value; with as many they set it.
_SETS_WITH = {"val": 1, "text": 1, "width": 1, "height": 1, "data": 2, "css": 2, "offset": 1, "is": 9, "index": 9, "size": 9, "hasClass": 9}
_WHOLE = frozenset({"body", "html", "document", "html, body", "body, html"})


class Wrapped(NamedTuple):
    """`$(target)`: an element, one of the browser's objects, or markup; None for `$` itself."""

    target: Value


def jquery() -> Native:
    """The function `$`."""
    return Native("$", _wrap, lenient=True)


def _wrap(machine: Machine, _this: Value, args: list[Value]) -> Value:
    given = arg(args, 0)
    if isinstance(given, Func):
        machine.later(given, [jquery()])
        return Wrapped(Page("document"))
    if isinstance(given, Wrapped):
        return given
    if isinstance(given, str):
        text = given.strip()
        return Wrapped(_from_markup(machine, text) if text.startswith("<") else found("body" if text.lower() in _WHOLE else _tag_of(text)))
    return Wrapped(given)


def _tag_of(selector: str) -> str:
    last = selector.rsplit(" ", maxsplit=1)[-1].split("[", maxsplit=1)[0].split(".", maxsplit=1)[0].split("#", maxsplit=1)[0].lower()
    return last if last.isalpha() and len(last) < 10 else ""


def _from_markup(machine: Machine, text: str) -> Value:
    bare = text.strip("</> ")
    return make(machine, bare) if bare.isalpha() else text


def wrapped_property(machine: Machine, base: Wrapped, name: str) -> Value:
    """`$(target)[name]`, and `$[name]`."""
    if base.target is None and name in _STATICS:
        return _STATICS[name]
    if base.target is None and name == "fn":
        return Obj("fn", {})
    if name.isdecimal() or name == "get":
        return base.target if name != "get" else Native("get", lambda _machine, this, _args: this.target if isinstance(this, Wrapped) else this, lenient=True)
    if name == "length":
        return Unknown("length", PAGE)
    if name in _METHODS:
        return _METHODS[name]
    if name in EVENTS:
        return Native(name, _event(name), lenient=True)
    del machine
    return Native(name, _chained(name), lenient=True)


def _target(this: Value) -> Value:
    return this.target if isinstance(this, Wrapped) else this


def _attr(machine: Machine, this: Value, args: list[Value]) -> Value:
    target, name = _target(this), arg(args, 0)
    if isinstance(name, Obj):
        for key, value in list(name.props.items())[:50]:
            _set(machine, target, key, value)
        return this
    if len(args) < 2:
        return machine.property_of(target, name) if isinstance(target, Page) else Unknown("attribute", PAGE)
    _set(machine, target, text_of(machine, name), args[1])
    return this


def _set(machine: Machine, target: Value, name: str, value: Value) -> None:
    if isinstance(target, Page):
        machine.set_property(target, name, value)
    elif isinstance(target, Element):
        set_on_element(machine, target, name, value)


def _put_in(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`append`, `html`, `after` and their like, with markup or elements."""
    target = _target(this)
    for value in args:
        given = _target(value)
        if isinstance(target, Element) and not target.inserted:
            if isinstance(given, str | Unknown):
                name = "text" if target.tag == "script" else "innerHTML"
                target.attributes[name] = binary(machine, "+", target.attributes.get(name, ""), given)
            else:
                target.children.append(given)
        elif isinstance(given, Element):
            inserted(machine, given)
        else:
            machine.out.write(machine, given)
    return this


def _put_to(machine: Machine, this: Value, _args: list[Value]) -> Value:
    """`appendTo`, `prependTo`: the element itself goes in."""
    given = _target(this)
    if isinstance(given, str):
        machine.out.write(machine, given)
    else:
        inserted(machine, given)
    return this


def _ready(machine: Machine, this: Value, args: list[Value]) -> Value:
    for value in args:
        machine.later(value, [jquery()], Page("document"))
    return this


def _load(machine: Machine, this: Value, args: list[Value]) -> Value:
    if isinstance(arg(args, 0), str):
        hand_over(machine, "load", answer(machine, args[0]).about, args)
        return this
    return _ready(machine, this, args)


def _on(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`on(events, [selector], function)`; with a selector it is no longer the whole page."""
    target = _target(this)
    names = text_arg(machine, args, 0, "").split()
    functions = [value for value in args[1:] if isinstance(value, Func | Native)]
    chosen = len(args) > 2 and isinstance(args[1], str) and args[1] not in {"*", "body", "a", "html"}
    for name in names[:8]:
        for function in functions:
            listened(machine, found() if chosen or not isinstance(target, Page | Element) else target, name.split(".")[0], function)
    if isinstance(arg(args, 0), Obj):
        hand_over(machine, "on", PAGE, args)
    return this


def _event(name: str) -> NativeCall:
    """`click(function)` listens; `click()` clicks, `submit()` sends."""

    def run(machine: Machine, this: Value, args: list[Value]) -> Value:
        target = _target(this)
        function = next((value for value in args if isinstance(value, Func | Native)), None)
        if function is not None:
            listened(machine, target if isinstance(target, Page | Element) else found(), name, function)
        elif isinstance(target, Element):
            machine.call(machine.property_of(target, name), target, [])
        return this

    return run


def _each(machine: Machine, this: Value, args: list[Value]) -> Value:
    function = args[1] if len(args) > 1 and isinstance(args[1], Func) else arg(args, 0)
    target = _target(this)
    machine.later(function, [0.0, Unknown("element", PAGE)], target if isinstance(target, Element) else Unknown("element", PAGE), worthy=False)
    return this


def _chained(name: str) -> NativeCall:
    def run(machine: Machine, this: Value, args: list[Value]) -> Value:
        hand_over(machine, name, PAGE, args)
        asked = len(args) < _SETS_WITH.get(name, 0) and not any(isinstance(value, Obj) for value in args)
        return Unknown(f"$.{name}()"[:60], PAGE) if asked else this

    return run


def _get_script(machine: Machine, this: Value, args: list[Value]) -> Value:
    machine.out.target(machine, "script", arg(args, 0))
    hand_over(machine, "getScript", PAGE, args[1:])
    return this


def _ajax(machine: Machine, _this: Value, args: list[Value]) -> Value:
    options = next((value for value in args if isinstance(value, Obj)), Obj())
    address = args[0] if args and not isinstance(args[0], Obj) else options.props.get("url", UNDEFINED)
    if options.props.get("dataType") == "script":
        machine.out.target(machine, "script", address)
    about = frozenset({"page"}) if isinstance(address, Undefined) else answer(machine, address).about
    hand_over(machine, "ajax", about, args)
    return Obj("Promise", {"value": Unknown(f"answer of {text_of(machine, address)[:50]}", about)})


def _extend(machine: Machine, _this: Value, args: list[Value]) -> Value:
    target = next((value for value in args if isinstance(value, Obj)), Obj())
    for source in args:
        if isinstance(source, Obj):
            for name, value in list(source.props.items())[:200]:
                machine.write(target.props, name, value)
    return target


def _itself(_machine: Machine, this: Value, _args: list[Value]) -> Value:
    return this


def _lenient(runs: Mapping[str, NativeCall]) -> dict[str, Native]:
    return {name: Native(name, run, lenient=True) for name, run in runs.items()}


_METHODS = _lenient({
    "attr": _attr, "prop": _attr, **dict.fromkeys(("append", "prepend", "html", "after", "before", "replaceWith", "wrap"), _put_in),
    **dict.fromkeys(("appendTo", "prependTo", "insertAfter", "insertBefore"), _put_to), "ready": _ready, "load": _load, "on": _on, "one": _on, "bind": _on,
    "delegate": _on, "live": _on, "each": _each, "map": _each, "text": _itself,
})  # fmt: skip
_STATICS = _lenient({
    "getScript": _get_script, "ajax": _ajax, "get": _ajax, "post": _ajax, "getJSON": _ajax, "each": _each, "extend": _extend, "ready": _ready,
    "globalEval": lambda machine, _this, args: machine.call(machine.tables.globals(machine, "eval"), UNDEFINED, args),
    "noConflict": lambda _m, _t, _a: jquery(),
    "parseHTML": lambda _m, _t, args: arg(args, 0), "when": lambda _m, _t, _a: Obj("Promise", {}), "Deferred": lambda _m, _t, _a: Unknown("deferred", PAGE),
})  # fmt: skip
