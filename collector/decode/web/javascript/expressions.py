"""What each kind of expression is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import literals, numbers, operators, steps
from collector.decode.web.javascript.code import run_value
from collector.decode.web.javascript.convert import key_of, truth
from collector.decode.web.javascript.functions import SYSTEM, define_class, make_function
from collector.decode.web.javascript.joining import joined
from collector.decode.web.javascript.patterns import assign_to
from collector.decode.web.javascript.values import (
    UNDEFINED,
    Array,
    Completion,
    Func,
    Getter,
    Native,
    Obj,
    Regex,
    Scope,
    Undefined,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Evaluate, Machine
    from collector.decode.web.javascript.tree import Syntax


def _string(_machine: Machine, node: Syntax, _scope: Scope) -> Value:
    value = node.cache = literals.text_of(node)
    return value


def _number(_machine: Machine, node: Syntax, _scope: Scope) -> Value:
    value = numbers.read_literal(node.text())
    node.cache = value
    return value


def _template(machine: Machine, node: Syntax, scope: Scope) -> Value:
    value: Value = ""
    for child in node.children():
        if child.kind == "template_substitution":
            part = machine.evaluate(child.children()[0] if child.children() else None, scope)
        else:
            part = literals.escaped(child.text()) if child.kind == "escape_sequence" else literals.plain(child.text())
        value = operators.binary(machine, "+", value, part)
    return value


def _regex(_machine: Machine, node: Syntax, _scope: Scope) -> Value:
    pattern, flags = node.field("pattern"), node.field("flags")
    return Regex(pattern.text() if pattern else "", flags.text() if flags else "")


def _identifier(machine: Machine, node: Syntax, scope: Scope) -> Value:
    return machine.lookup(node.text(), scope)


def _this(machine: Machine, _node: Syntax, scope: Scope) -> Value:
    return machine.this_of(scope)


def elements(machine: Machine, nodes: list[Syntax], scope: Scope) -> list[Value]:
    """Arguments or members of a list, with `...` opened."""
    found: list[Value] = []
    for node in nodes:
        if node.kind != "spread_element":
            found.append(machine.evaluate(node, scope))
            continue
        value = machine.evaluate(node.children()[0] if node.children() else None, scope)
        if isinstance(value, Array):
            found.extend(value.items)
        elif isinstance(value, str):
            found.extend(value)
        else:
            found.append(Unknown("spread", operators.about_of(machine, value) or frozenset({"name"})))
    return found


def _array(machine: Machine, node: Syntax, scope: Scope) -> Value:
    if ",," not in node.text()[:4096].replace(" ", "") and not node.text().startswith("[,"):
        return Array(elements(machine, node.children(), scope))
    items: list[Value] = []
    parts, empty = iter(node.children()), True
    for sign in node.tokens()[1:-1]:
        if sign == ",":
            if empty:
                items.append(UNDEFINED)
            empty = True
        elif sign != "comment":
            items.append(machine.evaluate(next(parts, None), scope))
            empty = False
    return Array(items)


def _object(machine: Machine, node: Syntax, scope: Scope) -> Value:
    made_object = Obj()
    for child in node.children():
        if child.kind == "pair":
            name = property_name(machine, child.field("key"), scope)
            value = machine.evaluate(child.field("value"), scope)
            if isinstance(value, Func) and not value.name:
                value.name = name
            made_object.props[name] = value
        elif child.kind == "method_definition":
            _method(machine, child, scope, made_object)
        elif child.kind == "shorthand_property_identifier":
            made_object.props[child.text()] = machine.lookup(child.text(), scope)
        elif child.kind == "spread_element":
            other = machine.evaluate(child.children()[0] if child.children() else None, scope)
            if isinstance(other, Obj):
                made_object.props.update(other.props)
    return made_object


def _method(machine: Machine, node: Syntax, scope: Scope, owner: Obj) -> None:
    name = property_name(machine, node.field("name"), scope)
    function = make_function(machine, node, scope, name)
    if not node.has_token("set"):
        owner.props[name] = Getter(function) if node.has_token("get") else function


def property_name(machine: Machine, node: Syntax | None, scope: Scope) -> str:
    """The name a key stands for: a word, text, number or `[expression]`."""
    if node is None:
        return ""
    if node.kind == "computed_property_name":
        return key_of(machine, machine.evaluate(node.children()[0] if node.children() else None, scope))
    if node.kind in {"string", "number"}:
        return key_of(machine, machine.evaluate(node, scope))
    return node.text()


def _function(machine: Machine, node: Syntax, scope: Scope) -> Value:
    name = node.field("name")
    if name is None:
        return make_function(machine, node, scope, "")
    inner = Scope(scope)
    function = make_function(machine, node, inner, name.text())
    inner.vars[name.text()] = function
    return function


def _class(machine: Machine, node: Syntax, scope: Scope) -> Value:
    return define_class(machine, node, scope, property_name)


def _member(machine: Machine, node: Syntax, scope: Scope) -> Value:
    return machine.property_of(machine.evaluate(node.field("object"), scope), member_key(machine, node, scope))


def member_key(machine: Machine, node: Syntax, scope: Scope) -> Value:
    """What stands behind the point or between the brackets."""
    if node.kind == "member_expression":
        name = node.field("property")
        return name.text() if name else ""
    return machine.evaluate(node.field("index"), scope)


def _call(machine: Machine, node: Syntax, scope: Scope) -> Value:
    callee = node.field("function")
    while callee is not None and callee.kind == "parenthesized_expression" and callee.children():
        callee = callee.children()[-1]
    this: Value = UNDEFINED
    if callee is not None and callee.kind in {"member_expression", "subscript_expression"}:
        this = machine.evaluate(callee.field("object"), scope)
        function = machine.property_of(this, member_key(machine, callee, scope))
    else:
        function = machine.evaluate(callee, scope)
    args = [] if isinstance(function, Unknown) and _all_dull(function, node) else _arguments(machine, node, scope)
    if isinstance(function, Native) and function.name == "eval" and callee is not None and callee.kind == "identifier":
        return run_value(machine, args[0] if args else UNDEFINED, scope, steps.EVAL, "eval")
    return machine.call(function, this, args)


def _all_dull(function: Unknown, node: Syntax) -> bool:
    """Whether arguments are constants that change nothing about a call of what nobody knows: settings, handed to another script's function."""
    given = node.field("arguments")
    return given is not None and not function.reason.startswith(SYSTEM) and literals.is_dull(given.text())


def _arguments(machine: Machine, node: Syntax, scope: Scope) -> list[Value]:
    given = node.field("arguments")
    if given is None:
        return []
    if given.kind == "template_string":
        return [Array([machine.evaluate(given, scope)])]
    return elements(machine, given.children(), scope)


def _new(machine: Machine, node: Syntax, scope: Scope) -> Value:
    return machine.construct(machine.evaluate(node.field("constructor"), scope), _arguments(machine, node, scope))


def _assign(machine: Machine, node: Syntax, scope: Scope) -> Value:
    right = node.field("right")
    left = node.field("left")
    value = machine.evaluate(right, scope)
    if isinstance(value, Func) and not value.name and left is not None:
        value.name = left.text()[-40:]
    assign_to(machine, left, value, scope)
    return value


def _augmented(machine: Machine, node: Syntax, scope: Scope) -> Value:
    sign = node.field("operator")
    left, right = node.field("left"), node.field("right")
    mark = sign.kind[:-1] if sign else "+"
    old = machine.evaluate(left, scope)
    short = mark in {"&&", "||", "??"}
    value = _logical(machine, mark, old, right, scope) if short else operators.binary(machine, mark, old, machine.evaluate(right, scope))
    assign_to(machine, left, value, scope)
    return value


def _update(machine: Machine, node: Syntax, scope: Scope) -> Value:
    argument, sign = node.field("argument"), node.field("operator")
    old = operators.unary(machine, "+", machine.evaluate(argument, scope))
    if isinstance(old, Unknown):
        machine.doubt()
    new = operators.binary(machine, "+" if sign is not None and sign.kind == "++" else "-", old, 1.0)
    assign_to(machine, argument, new, scope)
    return old if node.tokens()[:1] not in (["++"], ["--"]) else new


def _unary(machine: Machine, node: Syntax, scope: Scope) -> Value:
    sign, argument = node.field("operator"), node.field("argument")
    if sign is not None and sign.kind == "delete":
        return _delete(machine, argument, scope)
    return operators.unary(machine, sign.kind if sign else "!", machine.evaluate(argument, scope))


def _delete(machine: Machine, node: Syntax | None, scope: Scope) -> Value:
    if node is not None and node.kind in {"member_expression", "subscript_expression"}:
        owner = machine.evaluate(node.field("object"), scope)
        name = key_of(machine, member_key(machine, node, scope))
        if isinstance(owner, Obj) and name in owner.props:
            machine.write(owner.props, name, UNDEFINED)
    return True


def _binary(machine: Machine, node: Syntax, scope: Scope) -> Value:
    """A long chain leans to the left: it is walked down first, then worked out from its innermost pair."""
    chain = [node]
    while (left := _bare(chain[-1].field("left"))) is not None and left.kind == "binary_expression":
        chain.append(left)
    value = machine.evaluate(chain[-1].field("left"), scope)
    for link in reversed(chain):
        sign = link.field("operator")
        mark = sign.kind if sign else "+"
        right = link.field("right")
        if mark in {"&&", "||", "??"}:
            value = _logical(machine, mark, value, right, scope)
        else:
            machine.budget.spend(1)
            value = operators.binary(machine, mark, value, machine.evaluate(right, scope))
    return value


def _bare(node: Syntax | None) -> Syntax | None:
    while node is not None and node.kind == "parenthesized_expression" and node.children():
        node = node.children()[-1]
    return node


def _logical(machine: Machine, mark: str, value: Value, right: Syntax | None, scope: Scope) -> Value:
    known = truth(value)
    if mark == "??" and known is not None:
        known = not (value is None or isinstance(value, Undefined))
    if known is not None:
        return machine.evaluate(right, scope) if known == (mark == "&&") else value
    other = machine.doubtful(value, lambda: machine.evaluate(right, scope))
    return other if mark == "&&" and not isinstance(other, Undefined) else joined([value, other])


def _ternary(machine: Machine, node: Syntax, scope: Scope) -> Value:
    condition = machine.evaluate(node.field("condition"), scope)
    known = truth(condition)
    ways = node.field("consequence"), node.field("alternative")
    if known is not None:
        return machine.evaluate(ways[0] if known else ways[1], scope)
    found = machine.branch([lambda: machine.evaluate(ways[0], scope), lambda: machine.evaluate(ways[1], scope)], condition)
    return joined([value for value in found if not isinstance(value, Completion)] or [UNDEFINED])


def _sequence(machine: Machine, node: Syntax, scope: Scope) -> Value:
    value: Value = UNDEFINED
    for child in node.children():
        value = machine.evaluate(child, scope)
    return value


def _await(machine: Machine, node: Syntax, scope: Scope) -> Value:
    value = machine.evaluate(node.children()[0] if node.children() else None, scope)
    return value.props.get("value", UNDEFINED) if isinstance(value, Obj) and value.kind == "Promise" else value


def _unknown(reason: str) -> Evaluate:
    value = Unknown(reason, frozenset({"name"}))
    return lambda _machine, _node, _scope: value


EXPRESSIONS: Mapping[str, Evaluate] = {
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "string": _string,
    "number": _number,
    "template_string": _template,
    "regex": _regex,
    "array": _array,
    "object": _object,
    "this": _this,
    "undefined": lambda _machine, _node, _scope: UNDEFINED,
    "null": lambda _machine, _node, _scope: None,
    "true": lambda _machine, _node, _scope: True,
    "false": lambda _machine, _node, _scope: False,
    "function_expression": _function,
    "function": _function,
    "generator_function": _function,
    "arrow_function": _function,
    "class": _class,
    "member_expression": _member,
    "subscript_expression": _member,
    "call_expression": _call,
    "new_expression": _new,
    "assignment_expression": _assign,
    "augmented_assignment_expression": _augmented,
    "update_expression": _update,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "ternary_expression": _ternary,
    "sequence_expression": _sequence,
    "await_expression": _await,
    "yield_expression": _unknown("yield"),
    "meta_property": _unknown("new.target"),
    "super": _unknown("super"),
    "import": lambda machine, _node, _scope: machine.tables.globals(machine, "import"),
    "property_identifier": _unknown("name"),
}
