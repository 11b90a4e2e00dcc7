"""Loops: as often as their conditions are known to hold, once where they are not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript.convert import truth
from collector.decode.web.javascript.numbers import number_text
from collector.decode.web.javascript.operators import about_of
from collector.decode.web.javascript.patterns import assign_to, declare_in
from collector.decode.web.javascript.values import Array, Completion, Element, Obj, Scope, Unknown, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Execute, Machine
    from collector.decode.web.javascript.tree import Syntax


class _Round:
    """One loop's body, run again and again; `ended` says how the loop as a whole ends."""

    def __init__(self, machine: Machine, node: Syntax, scope: Scope) -> None:
        self.machine = machine
        self.body = node.field("body")
        self.scope = scope
        self.ended: Completion | None = None
        self.kept = machine.doubtful_exit
        machine.doubtful_exit = False

    def again(self) -> bool:
        """Run the body; whether the loop may go on."""
        ended = self.machine.execute(self.body, self.scope) if self.body is not None else None
        if ended is None or (ended.kind == "continue" and not ended.label):
            return not self.machine.doubtful_exit
        if ended.kind != "break" or ended.label:
            self.ended = ended
        return False

    def done(self) -> Completion | None:
        self.machine.doubtful_exit = self.kept
        return self.ended

    def perhaps(self, condition: Value) -> None:
        """Run the body once where nobody knows whether it runs."""
        outcomes = self.machine.branch([self._once, lambda: None], condition)
        self.machine.returns[-1].extend(outcome.value for outcome in outcomes if isinstance(outcome, Completion) and outcome.kind == "return")

    def _once(self) -> Completion | None:
        ended = self.machine.execute(self.body, self.scope) if self.body is not None else None
        return ended if ended is not None and ended.kind == "return" else None


def _for(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    inner = Scope(scope)
    if (start := node.field("initializer")) is not None:
        machine.execute(start, inner)
    condition, step = node.field("condition"), node.field("increment")
    turn = _Round(machine, node, inner)
    while True:
        holds = _holds(machine, condition, inner)
        if truth(holds) is None:
            turn.perhaps(holds)
            machine.evaluate(step, inner)
            break
        if not truth(holds) or not turn.again():
            break
        machine.evaluate(step, inner)
    return turn.done()


def _holds(machine: Machine, condition: Syntax | None, scope: Scope) -> Value:
    machine.budget.spend(1)
    if condition is None or condition.kind in {"empty_statement", ";"}:
        return True
    if condition.kind == "expression_statement":
        condition = condition.children()[0] if condition.children() else None
    return machine.evaluate(condition, scope)


def _while(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    turn = _Round(machine, node, scope)
    if node.kind == "do_statement" and not turn.again():
        return turn.done()
    while True:
        holds = _holds(machine, node.field("condition"), scope)
        if truth(holds) is None:
            if node.kind != "do_statement":
                turn.perhaps(holds)
            break
        if not truth(holds) or not turn.again():
            break
    return turn.done()


def _for_in(machine: Machine, node: Syntax, scope: Scope) -> Completion | None:
    over = machine.evaluate(node.field("right"), scope)
    inner = Scope(scope)
    turn = _Round(machine, node, inner)
    members = _members(over, values=_is_of(node))
    if members is None:
        given = over if isinstance(over, Element) else Unknown("member", about_of(machine, over) or frozenset({"page"}))
        _put(machine, node, given, inner)
        turn.perhaps(given)
        return turn.done()
    for member in members:
        _put(machine, node, member, inner)
        if not turn.again():
            break
    return turn.done()


def _is_of(node: Syntax) -> bool:
    sign = node.field("operator")
    return sign is not None and sign.kind == "of"


def _members(over: Value, *, values: bool) -> list[Value] | None:
    if isinstance(over, Array):
        return list(over.items) if values else [number_text(float(place)) for place in range(len(over.items))]
    if isinstance(over, str):
        return list(over) if values else [number_text(float(place)) for place in range(len(over))]
    if isinstance(over, Obj) and not values and over.kind == "Object":
        return [name for name in over.props if name != "constructor"]
    return None


def _put(machine: Machine, node: Syntax, value: Value, scope: Scope) -> None:
    kind, left = node.field("kind"), node.field("left")
    if kind is not None:
        declare_in(machine, left, value, scope, whole=kind.kind == "var")
    else:
        assign_to(machine, left, value, scope)


LOOPS: Mapping[str, Execute] = {
    "for_statement": _for,
    "for_in_statement": _for_in,
    "while_statement": _while,
    "do_statement": _while,
}
