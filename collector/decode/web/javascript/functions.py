"""Functions and classes of the script: made, called, given their arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript.joining import joined
from collector.decode.web.javascript.operators import about_of
from collector.decode.web.javascript.packer import unpack
from collector.decode.web.javascript.patterns import declare_in
from collector.decode.web.javascript.values import (
    UNDEFINED,
    Array,
    Completion,
    Either,
    Element,
    Func,
    Getter,
    Native,
    Obj,
    Page,
    Scope,
    Thrown,
    Undefined,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine
    from collector.decode.web.javascript.tree import Syntax

_MAX_CALLS = 40
_MAX_FUNCTIONS = 3000
# How often a function is read with unknown arguments; less where that is already under several unknown conditions.
_MAX_VAGUE, _MAX_VAGUE_DEEP, _DEEP = 12, 3, 2
# Plug-ins and loaders of the system, of which it matters what they are given.
SYSTEM = ("ActiveXObject", "WScript")
_HIDING = frozenset({"atob", "unescape", "fromCharCode", "reverse"})
_DECODING = ("atob", "unescape", "fromCharCode", "fromCodePoint")
# Events of people; a callback handed to a function of one of these names waits for one.
EVENTS = frozenset({
    "click", "dblclick", "mousedown", "mouseup", "mousemove", "mouseover", "mouseout", "mouseenter", "mouseleave", "touchstart", "touchend",
    "touchmove",
    "pointerdown", "pointerup", "keydown", "keyup", "keypress", "submit", "change", "input", "focus", "blur", "select", "scroll", "resize", "hover",
    "on", "bind",
    "live", "delegate", "one", "addEvent", "addEventListener", "attachEvent", "listen", "addListener", "onClick",
    "tap", "contextmenu", "popstate", "hashchange",
    "message", "beforeunload", "unload", "wheel", "drag", "drop",
})  # fmt: skip


def make_function(machine: Machine, node: Syntax, scope: Scope, name: str) -> Func:
    """A function value; it is remembered, for if nobody calls it, it is still looked into."""
    function = Func(node, scope, name)
    function.layers, function.steps = machine.context.layers, machine.context.steps
    if len(machine.functions) < _MAX_FUNCTIONS:
        machine.functions.append(function)
    return function


def call(machine: Machine, function: Value, this: Value, args: list[Value]) -> Value:
    """Call any value."""
    machine.budget.spend(1)
    if isinstance(function, Func):
        return call_function(machine, function, this, args)
    if isinstance(function, Native):
        return call_native(machine, function, this, args)
    if isinstance(function, Either):
        chosen = [option for option in function.options if isinstance(option, Func | Native | Unknown)]
        found = machine.branch([_bound_call(machine, option, this, args) for option in chosen])
        return joined([value for value in found if not isinstance(value, Completion)] or [UNDEFINED])
    machine.doubt()
    if isinstance(function, Unknown):
        return call_unknown(machine, function, this, args)
    if machine.tries:
        raise Thrown(Unknown("TypeError", frozenset({"name"})))
    hand_over(machine, "call", frozenset({"argument"}), args)
    return Unknown("call of no function", frozenset({"name"}))


def _bound_call(machine: Machine, function: Value, this: Value, args: list[Value]) -> Callable[[], Value]:
    return lambda: call(machine, function, this, args)


def call_native(machine: Machine, native: Native, this: Value, args: list[Value]) -> Value:
    """A function of the language; over doubtful arguments it is worth several values, over unknown ones it is unknown."""
    if native.lenient:
        return native.call(machine, this, args)
    doubtful = [place for place, value in enumerate((this, *args)) if isinstance(value, Either)]
    if len(doubtful) == 1 and isinstance(several := (this, *args)[doubtful[0]], Either):
        return joined([call_native(machine, native, *_swapped(this, args, doubtful[0], option)) for option in several.options])
    if doubtful:
        return Unknown(f"{native.name}()", frozenset({"name"}) | about_of(machine, this, *args))
    if about := about_of(machine, this, *args):
        hand_over(machine, native.name, about, args)
        return Unknown(f"{native.name}()", about | ({"hidden"} if native.name in _HIDING else frozenset()))
    return native.call(machine, this, args)


def _swapped(this: Value, args: Sequence[Value], place: int, value: Value) -> tuple[Value, list[Value]]:
    changed = [this, *args]
    changed[place] = value
    return changed[0], changed[1:]


def call_unknown(machine: Machine, function: Unknown, this: Value, args: list[Value]) -> Value:
    """Nobody knows what is called: its callbacks are read, what elements it is given may end in the page."""
    about = function.about | about_of(machine, this)
    hand_over(machine, function.reason, about, args)
    system = function.reason.startswith(SYSTEM)
    for value in args:
        if isinstance(value, Element) and not value.found:
            machine.tables.inserted(machine, value)
        elif system and isinstance(value, str):
            machine.out.handed(value)
    return Unknown(f"{function.reason[-60:]}()", about | ({"hidden"} if _hides(function.reason, args) else frozenset()))


def _hides(name: str, args: Sequence[Value]) -> bool:
    """Whether a call on an unknown value decodes it: by its own name, or in what is done with each part of it."""
    return name.rsplit(".", 1)[-1] in _HIDING or any(isinstance(value, Func) and any(word in value.node.text() for word in _DECODING) for value in args)


def hand_over(machine: Machine, name: str, about: frozenset[str], args: Sequence[Value]) -> None:
    """Read later the functions among the arguments of a call of `name`, also those in an object of options."""
    last = name.rsplit(".", 1)[-1].removesuffix("()")
    waiting = last in EVENTS or any(isinstance(value, str) and value.split(".")[0] in EVENTS for value in args)
    given = Unknown(f"argument of {last}", (about or frozenset()) | {"page" if waiting else "argument"})
    this: Value = Unknown("element", frozenset({"page"}))
    for value in _functions_among(args):
        machine.later(value, [given] * 4, this, immediate=machine.context.immediate and not waiting, worthy=False)


def _functions_among(args: Sequence[Value]) -> list[Value]:
    found: list[Value] = []
    for value in args:
        if isinstance(value, Func):
            found.append(value)
        elif isinstance(value, Obj):
            found.extend(inner for inner in list(value.props.values())[:40] if isinstance(inner, Func))
        elif isinstance(value, Array):
            found.extend(inner for inner in value.items[:40] if isinstance(inner, Func))
    return found


def call_function(machine: Machine, function: Func, this: Value, args: Sequence[Value], *, new: bool = False) -> Value:
    """Read a function's body with these arguments; what it returns."""
    function.called = True
    args = [*function.bound, *args]
    if len(unpacked := unpack(machine, function, args)) == 1:
        return unpacked[0]
    here = (id(function.node), len(machine.journals))
    # A function that calls itself under a condition nobody knows would never end.
    if len(machine.calls) >= _MAX_CALLS or any(node == here[0] and depth < here[1] for node, depth in machine.calls):
        return Unknown("call within itself", frozenset({"bound"}))
    scope = Scope(function.scope, whole=True, this=_this_for(machine, function, this))
    if function.node.kind != "arrow_function":
        scope.vars["arguments"] = _arguments_object(args, function)
    if _often(machine, function, args):
        return Unknown(f"{function.name}()"[:60], about_of(machine, *args) | {"argument"})
    machine.calls.append(here)
    machine.returns.append([])
    kept = machine.context
    if function.layers > kept.layers:
        machine.context = kept._replace(layers=function.layers, steps=kept.steps | function.steps)
    try:
        _bind(machine, function, args, scope)
        value = _body(machine, function, scope)
        value = joined([*machine.returns[-1], value]) if machine.returns[-1] else value
    finally:
        machine.calls.pop()
        machine.returns.pop()
        machine.context = kept
    return this if new and not isinstance(value, Obj | Func | Array | Element) else _as_promise(function, value)


def _often(machine: Machine, function: Func, args: Sequence[Value]) -> bool:
    """Whether the function was read enough with arguments nobody knows: a library's helper would be read a thousand times to no end."""
    if not any(isinstance(value, Unknown | Either) for value in args):
        return False
    function.node.vague_calls += 1
    return function.node.vague_calls > (_MAX_VAGUE if len(machine.journals) < _DEEP else _MAX_VAGUE_DEEP)


def _this_for(machine: Machine, function: Func, this: Value) -> Value:
    if function.node.kind == "arrow_function":
        return machine.this_of(function.scope)
    chosen = function.bound_this if function.bound_this is not None else this
    return Page("window") if chosen is None or isinstance(chosen, Undefined) else chosen


def _arguments_object(args: Sequence[Value], function: Func) -> Array:
    found = Array(list(args))
    found.props["callee"] = function
    return found


def _bind(machine: Machine, function: Func, args: Sequence[Value], scope: Scope) -> None:
    if single := function.node.field("parameter"):
        scope.vars[single.text()] = args[0] if args else UNDEFINED
    given = function.node.field("parameters")
    for place, parameter in enumerate(given.children() if given else ()):
        if parameter.kind == "rest_pattern":
            declare_in(machine, parameter, Array(list(args[place:])), scope, whole=False)
        elif parameter.kind == "identifier":
            scope.vars[parameter.text()] = args[place] if place < len(args) else UNDEFINED
        else:
            declare_in(machine, parameter, args[place] if place < len(args) else UNDEFINED, scope, whole=False)


def _body(machine: Machine, function: Func, scope: Scope) -> Value:
    body = function.node.field("body")
    if body is None:
        return UNDEFINED
    if body.kind != "statement_block":
        return machine.evaluate(body, scope)
    for node in body.children():
        if node.kind == "function_declaration":
            machine.execute(node, scope)
    ended = machine.run(body.children(), scope)
    return ended.value if ended is not None and ended.kind == "return" else UNDEFINED


def _as_promise(function: Func, value: Value) -> Value:
    if function.node.kind != "method_definition" and function.node.is_async() and not isinstance(value, Unknown):
        return Obj("Promise", {"value": value})
    return value


def construct(machine: Machine, function: Value, args: list[Value]) -> Value:
    """`new function(args)`."""
    if isinstance(function, Func):
        proto = function.props.get("prototype")
        made = Obj("Object", {}, proto if isinstance(proto, Obj) else None)
        made.props["constructor"] = function
        _fill_fields(machine, function, made)
        if function.node.kind in {"class", "class_declaration"}:
            own = machine.property_of(made, "constructor") if proto is None else proto.props.get("constructor") if isinstance(proto, Obj) else None
            return call_function(machine, own, made, args, new=True) if isinstance(own, Func) and own is not function else made
        return call_function(machine, function, made, args, new=True)
    if isinstance(function, Native):
        return call_native(machine, function, UNDEFINED, args)
    machine.doubt()
    return call(machine, function, UNDEFINED, args)


def _fill_fields(machine: Machine, function: Func, made: Obj) -> None:
    scope = Scope(function.scope, whole=True, this=made)
    for field in function.fields:
        name = field.field("property")
        if name is not None:
            made.props[name.text()] = machine.evaluate(field.field("value"), scope)


def define_class(machine: Machine, node: Syntax, scope: Scope, name_of: Callable[[Machine, Syntax | None, Scope], str]) -> Func:
    """A class: its methods on the prototype, its fields with each object."""
    name = node.field("name")
    function = Func(node, scope, name.text() if name else "")
    # Its methods are what may run.
    function.called = True
    proto = Obj()
    function.props["prototype"] = proto
    body = node.field("body")
    for member in body.children() if body else ():
        static = member.has_token("static")
        if member.kind == "method_definition":
            method = make_function(machine, member, scope, name_of(machine, member.field("name"), scope))
            if not member.has_token("set"):
                (function.props if static else proto.props)[method.name] = Getter(method) if member.has_token("get") else method
        elif member.kind == "field_definition" and static and (field := member.field("property")):
            function.props[field.text()] = machine.evaluate(member.field("value"), scope)
        elif member.kind == "field_definition":
            function.fields.append(member)
        elif member.kind == "class_static_block" and member.field("body"):
            machine.execute(member.field("body") or member, scope)
    return function
