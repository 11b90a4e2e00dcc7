"""Text that a script runs: `eval`, `Function`, timers with text, scripts that are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.arguments import arg, text_arg
from collector.decode.web.javascript.budget import ROUNDS
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.functions import make_function
from collector.decode.web.javascript.holes import has_hole, to_code
from collector.decode.web.javascript.joining import merged
from collector.decode.web.javascript.tree import Syntax, parse
from collector.decode.web.javascript.values import UNDEFINED, Either, Native, Obj, Page, Scope, Unknown, Value, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

# Seconds to a way on are counted down from no more.
_MAX_TURNS = 30
# A script that reads its data with `eval`, as all did before there was JSON.
_DATA = re.compile(r"\s*\(?\s*[\U00100000-\U0010ffff]\s*\)?;?\s*\Z")


def run_value(machine: Machine, value: Value, scope: Scope, step: int, what: str) -> Value:
    """Run what `value` says, each of its options; what it is worth. What is not known is told as `what`."""
    if isinstance(value, Either):
        found = [run_value(machine, option, scope, step, what) for option in value.options]
        return found[-1]
    if isinstance(value, Unknown):
        machine.out.unknown(machine, what, value)
        return Unknown(f"{what} of {value.reason}"[:80], value.about)
    if not isinstance(value, str):
        return value
    if has_hole(value) and _DATA.match(value):
        behind = machine.behind(value)
        machine.out.unknown(machine, what, behind)
        return behind
    return machine.run_text(value, scope, step)


def evaluated(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`eval` called by another name, so in the window's scope."""
    return run_value(machine, arg(args, 0), machine.globals, steps.EVAL, "eval")


def new_function(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`Function(parameters..., body)`; text for a body nobody knows is told."""
    body = args[-1] if args else ""
    if isinstance(body, Either):
        body = body.options[0]
    if isinstance(body, Unknown):
        machine.out.unknown(machine, "Function", body)
        return Unknown("Function", body.about)
    if machine.context.layers >= ROUNDS:
        machine.out.bound("rounds of unpacking")
        return Unknown("unpacked too often", frozenset({"bound"}))
    text = text_of(machine, body)
    names = ",".join(text_arg(machine, args, place) for place in range(len(args) - 1))
    machine.budget.spend(20 + len(text) // 8)
    taken = steps_of(body) | machine.context.steps | steps.FUNCTION
    machine.out.ran(text, taken)
    tree = parse(f"(function anonymous({to_code(names)}\n) {{\n{merged(to_code(text))}\n}})")
    node = _first_function(tree)
    if node is None:
        return Unknown("Function", frozenset({"name"}))
    function = make_function(machine, node, machine.globals, "anonymous")
    function.layers, function.steps = machine.context.layers + 1, taken
    return function


def _first_function(node: Syntax) -> Syntax | None:
    for _ in range(4):
        if node.kind == "function_expression":
            return node
        if not node.children():
            return None
        node = node.children()[0]
    return None


def timer(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`setTimeout` and its like: a function or a text, after so many milliseconds."""
    delay = machine.context.delay + _seconds(args)
    for option in first_options(arg(args, 0)):
        if isinstance(option, str) or (isinstance(option, Unknown) and option.about & {"hidden", "answer"}):
            machine.later(_TIMER, [option], delay=delay)
        else:
            machine.later(option, args[2:], Page("window"), delay=delay)
    return 1.0


def _seconds(args: Sequence[Value]) -> float:
    wait = arg(args, 1)
    return wait / 1000 if isinstance(wait, float) and 0 < wait < 1e12 else 0.0


def _run_timer(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = args[0]
    if isinstance(text, str) and machine.out.is_open(text):
        return machine.run_text(text, machine.globals, 0, layers=0)
    return run_value(machine, text, machine.globals, steps.EVAL, "timer")


_TIMER = Native("timer", _run_timer, lenient=True)


def interval(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`setInterval`: a countdown is followed to its end."""
    before = len(machine.queue)
    timer(machine, this, args)
    for place in range(before, len(machine.queue)):
        machine.queue[place] = machine.queue[place]._replace(every=_seconds(args), turns=_MAX_TURNS)
    return 1.0


def soon(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`requestAnimationFrame`, `queueMicrotask`, `requestIdleCallback`."""
    machine.later(arg(args, 0), [0.0])
    return 1.0


def promise(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`new Promise(executor)`: the executor runs at once; what it resolves with is the promise's worth."""
    made = Obj("Promise", {})

    def resolve(inner: Machine, _this: Value, given: list[Value]) -> Value:
        inner.write(made.props, "value", arg(given, 0))
        return UNDEFINED

    settle = Native("resolve", resolve, lenient=True)
    machine.call(arg(args, 0), UNDEFINED, [settle, Native("reject", lambda _machine, _this, _args: UNDEFINED, lenient=True)])
    return made


def then(machine: Machine, this: Value, args: list[Value]) -> Value:
    """`promise.then(function)`: read with the promise's worth; another promise of what it returns."""
    value = this.props.get("value", UNDEFINED) if isinstance(this, Obj) else UNDEFINED
    if isinstance(value, Obj) and value.kind == "Promise":
        value = value.props.get("value", UNDEFINED)
    if not args:
        return this
    return Obj("Promise", {"value": machine.call(args[0], UNDEFINED, [value])})


def first_options(value: Value) -> Sequence[Value]:
    """All values something may have."""
    return value.options if isinstance(value, Either) else (value,)
