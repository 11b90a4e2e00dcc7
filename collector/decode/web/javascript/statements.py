"""What each kind of statement does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript.convert import truth
from collector.decode.web.javascript.expressions import property_name
from collector.decode.web.javascript.functions import define_class, make_function
from collector.decode.web.javascript.joining import condition_label, joined
from collector.decode.web.javascript.loops import LOOPS
from collector.decode.web.javascript.operators import equal
from collector.decode.web.javascript.patterns import declare_in
from collector.decode.web.javascript.values import UNDEFINED, Completion, Func, Obj, Page, Scope, Thrown, Unknown, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Execute, Machine
    from collector.decode.web.javascript.tree import Syntax


def _expression(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    for child in node.children():
        machine.last = machine.evaluate(child, scope)
    return None


def _variables(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    whole = node.kind == "variable_declaration"
    for child in node.children():
        name = child.field("name")
        value_node = child.field("value")
        value = machine.evaluate(value_node, scope)
        if name is None:
            continue
        if isinstance(value, Func) and not value.name:
            value.name = name.text()[:40]
        declare_in(machine, name, value, scope, whole=whole)
    return None


def _function(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    """A declaration; it was made when its block was entered, and stays what the script has made of it since."""
    name = node.field("name")
    if name is not None:
        known = scope.vars.get(name.text())
        if not (isinstance(known, Func) and known.node is node) and node.cache is not scope:
            machine.write(scope.vars, name.text(), make_function(machine, node, scope, name.text()))
            node.cache = scope
    return None


def _class(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    made = define_class(machine, node, scope, property_name)
    machine.declare(made.name, made, scope, whole=False)
    return None


def _block(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    children = node.children()
    if any(child.kind in {"lexical_declaration", "class_declaration"} for child in children):
        scope = Scope(scope)
    for child in children:
        if child.kind == "function_declaration":
            machine.execute(child, scope)
    return machine.run(children, scope)


def _return(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    return Completion("return", "", machine.evaluate(node.children()[0], scope) if node.children() else UNDEFINED)


def _leave(machine: Machine, node: Syntax, _scope: Scope) -> Completion | None:
    del machine
    label = node.field("label")
    return Completion(node.kind.removesuffix("_statement"), label.text() if label else "")


def _throw(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    raise Thrown(machine.evaluate(node.children()[0], scope) if node.children() else UNDEFINED)


def _if(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    condition = machine.evaluate(node.field("condition"), scope)
    known = truth(condition)
    then, other = node.field("consequence"), node.field("alternative")
    if known is not None:
        chosen = then if known else other
        return machine.execute(chosen, scope) if chosen is not None else None
    return fork(machine, condition, [then, other], scope)


def fork(machine: Machine, condition: Value, ways: Sequence[Syntax | None], scope: Scope) -> Completion | None:
    """Each way from the same start; a way that leaves the function does not keep the others from going on."""

    def way(node: Syntax | None) -> Callable[[], Completion | None]:
        return lambda: machine.execute(node, scope) if node is not None else None

    return settled(machine, condition, machine.branch([way(node) for node in ways], condition))


def settled(machine: Machine, condition: Value, outcomes: Sequence[Completion | None]) -> Completion | None:
    """How a statement ends that ended differently on several ways."""
    left = [outcome for outcome in outcomes if outcome is not None]
    if not left:
        return None
    label = condition_label(condition)
    if label and label not in machine.context.conditions:
        machine.context = machine.context._replace(conditions=(*machine.context.conditions, label))
    if len(left) == len(outcomes) and all(outcome.kind == "return" for outcome in left):
        return Completion("return", "", joined([outcome.value for outcome in left]))
    machine.returns[-1].extend(outcome.value for outcome in left if outcome.kind == "return")
    machine.doubtful_exit = machine.doubtful_exit or any(outcome.kind in {"break", "continue", "return"} for outcome in left)
    if len(left) == len(outcomes):
        return next((outcome for outcome in left if outcome.kind != "throw"), Completion("return"))
    return None


def _switch(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    value = machine.evaluate(node.field("value"), scope)
    body = node.field("body")
    cases = body.children() if body else []
    scope = Scope(scope)
    start = _matching(machine, value, cases, scope)
    if start is None:
        outcomes = machine.branch([_case_run(machine, cases[place:], scope) for place in range(len(cases))][:40], value)
        return settled(machine, value, [_unbroken(outcome) for outcome in outcomes])
    return _unbroken(_case_run(machine, cases[start:], scope)())


def _matching(machine: Machine, value: Value, cases: Sequence[Syntax], scope: Scope) -> int | None:
    """Place of the case that matches, `len(cases)` for none; None where that is not known."""
    fallback = len(cases)
    for place, case in enumerate(cases):
        if case.kind == "switch_default":
            fallback = place
            continue
        same = equal(machine, value, machine.evaluate(case.field("value"), scope), strict=True)
        if isinstance(same, Unknown):
            return None
        if same:
            return place
    return fallback


def _case_run(machine: Machine, cases: Sequence[Syntax], scope: Scope) -> Callable[[], Completion | None]:
    def run() -> Completion | None:
        for case in cases:
            skip = 1 if case.kind == "switch_case" else 0
            ended = machine.run(case.children()[skip:], scope)
            if ended is not None:
                return ended
        return None

    return run


def _unbroken(ended: Completion | None) -> Completion | None:
    return None if ended is not None and ended.kind == "break" and not ended.label else ended


def _try(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    body, handler, final = node.field("body"), node.field("handler"), node.field("finalizer")
    doubts = machine.doubts
    machine.tries += 1
    thrown: Value = None
    ended: Completion | None = None
    try:
        ended = machine.execute(body, scope) if body else None
    except Thrown as fault:
        thrown = fault.value
    finally:
        machine.tries -= 1
    if handler is not None and thrown is not None:
        ended = _catch(machine, handler, thrown, scope)
    elif handler is not None and machine.doubts > doubts:
        error = Unknown("error", frozenset({"page"}))
        settled(machine, None, machine.branch([lambda: _catch(machine, handler, error, scope), lambda: None]))
    if final is not None and (inner := final.field("body")):
        ended = machine.execute(inner, scope) or ended
    return ended


def _catch(machine: Machine, handler: Syntax, value: Value, scope: Scope) -> Completion | None:
    inner = Scope(scope)
    declare_in(machine, handler.field("parameter"), value, inner, whole=False)
    body = handler.field("body")
    return machine.execute(body, inner) if body else None


def _labelled(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    label = node.field("label")
    name = label.text() if label else ""
    body = node.field("body")
    ended = machine.execute(body, scope) if body is not None else None
    return None if ended is not None and ended.label == name and ended.kind in {"break", "continue"} else ended


def _with(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    owner = machine.evaluate(node.field("object"), scope)
    inner = Scope(scope)
    if isinstance(owner, Obj):
        inner.vars = owner.props
    elif isinstance(owner, Page) and owner.name == "document":
        inner.vars = {
            name: machine.property_of(owner, name) for name in ("write", "writeln", "createElement", "body", "getElementById", "getElementsByTagName")
        }
    body = node.field("body")
    return machine.execute(body, inner) if body else None


def _else(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    return machine.execute(node.children()[0], scope) if node.children() else None


def _export(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    for child in node.children():
        machine.execute(child, scope)
    return None


def _import(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    source = node.field("source")
    # A bare or relative name is one of the page's own modules.
    if source is not None and "//" in source.text():
        machine.out.target(machine, "script", machine.evaluate(source, scope))
    return None


STATEMENTS: Mapping[str, Execute] = {
    "expression_statement": _expression,
    "variable_declaration": _variables,
    "lexical_declaration": _variables,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "class_declaration": _class,
    "statement_block": _block,
    "return_statement": _return,
    "break_statement": _leave,
    "continue_statement": _leave,
    "throw_statement": _throw,
    "if_statement": _if,
    "else_clause": _else,
    "switch_statement": _switch,
    "try_statement": _try,
    "labeled_statement": _labelled,
    "with_statement": _with,
    "export_statement": _export,
    "import_statement": _import,
    "empty_statement": lambda _machine, _node, _scope: None,
    "debugger_statement": lambda _machine, _node, _scope: None,
    "comment": lambda _machine, _node, _scope: None,
    "html_comment": lambda _machine, _node, _scope: None,
    **LOOPS,
}
