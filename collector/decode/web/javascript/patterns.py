"""Assigning to a name, a property or a pattern of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from collector.decode.web.javascript.convert import key_of
from collector.decode.web.javascript.values import Array, Obj, Scope, Undefined, Unknown, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine
    from collector.decode.web.javascript.tree import Syntax

Put = Callable[["Syntax", Value], None]


def assign_to(machine: Machine, target: Syntax | None, value: Value, scope: Scope) -> None:
    """`target = value`."""
    spread(machine, target, value, scope, lambda node, part: _assign_one(machine, node, part, scope))


def _assign_one(machine: Machine, node: Syntax, value: Value, scope: Scope) -> None:
    if node.kind in {"member_expression", "subscript_expression"}:
        owner = machine.evaluate(node.field("object"), scope)
        name = node.field("property")
        key: Value = name.text() if name is not None else machine.evaluate(node.field("index"), scope)
        machine.set_property(owner, key, value)
    elif node.kind in {"identifier", "shorthand_property_identifier_pattern", "undefined"}:
        machine.assign(node.text(), value, scope)


def declare_in(machine: Machine, target: Syntax | None, value: Value, scope: Scope, *, whole: bool) -> None:
    """`var target = value`, or a parameter."""
    spread(machine, target, value, scope, lambda node, part: machine.declare(node.text(), part, scope, whole=whole))


def spread(machine: Machine, target: Syntax | None, value: Value, scope: Scope, put: Put) -> None:
    """Hand the parts of a value to the names of a pattern."""
    while target is not None and target.kind == "parenthesized_expression" and target.children():
        target = target.children()[-1]
    if target is None:
        return
    machine.budget.spend(1)
    match target.kind:
        case "assignment_pattern" | "object_assignment_pattern" | "assignment_expression":
            left, right = target.field("left"), target.field("right")
            spread(machine, left, machine.evaluate(right, scope) if isinstance(value, Undefined) else value, scope, put)
        case "array_pattern" | "array":
            _spread_list(machine, target, value, scope, put)
        case "object_pattern" | "object":
            _spread_object(machine, target, value, scope, put)
        case "rest_pattern" | "spread_element":
            spread(machine, target.children()[0] if target.children() else None, value, scope, put)
        case _:
            put(target, value)


def _spread_list(machine: Machine, target: Syntax, value: Value, scope: Scope, put: Put) -> None:
    place = 0
    parts = iter(target.children())
    for sign in target.tokens()[1:-1]:
        if sign == ",":
            place += 1
            continue
        part = next(parts, None)
        if part is not None and part.kind in {"rest_pattern", "spread_element"}:
            rest: Value = Array(value.items[place:]) if isinstance(value, Array) else machine.property_of(value, "rest")
            spread(machine, part, rest, scope, put)
        else:
            spread(machine, part, machine.property_of(value, float(place)), scope, put)


def _spread_object(machine: Machine, target: Syntax, value: Value, scope: Scope, put: Put) -> None:
    taken: set[str] = set()
    for part in target.children():
        if part.kind in {"pair_pattern", "pair"}:
            key, inner = part.field("key"), part.field("value")
            name = _key_name(machine, key, scope)
            taken.add(name)
            spread(machine, inner, machine.property_of(value, name), scope, put)
        elif part.kind in {"rest_pattern", "spread_element"}:
            rest = {name: found for name, found in value.props.items() if name not in taken} if isinstance(value, Obj) else None
            spread(machine, part, Unknown("rest", frozenset({"name"})) if rest is None else Obj(props=rest), scope, put)
        else:
            left = part.field("left") or part
            taken.add(left.text())
            spread(machine, part, machine.property_of(value, left.text()), scope, put)


def _key_name(machine: Machine, key: Syntax | None, scope: Scope) -> str:
    if key is None:
        return ""
    if key.kind in {"string", "number"}:
        return key_of(machine, machine.evaluate(key, scope))
    if key.kind == "computed_property_name" and key.children():
        return key_of(machine, machine.evaluate(key.children()[0], scope))
    return key.text()
