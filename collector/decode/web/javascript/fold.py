"""The one way into this package."""

from __future__ import annotations

from collector.decode.web.javascript import shape
from collector.decode.web.javascript.budget import STEPS, STEPS_A_FUNCTION, STEPS_A_TASK
from collector.decode.web.javascript.effects import Recorder
from collector.decode.web.javascript.elements import inserted
from collector.decode.web.javascript.expressions import EXPRESSIONS
from collector.decode.web.javascript.functions import call, construct
from collector.decode.web.javascript.holes import HOLE, unforged
from collector.decode.web.javascript.machine import Context, Machine, Tables
from collector.decode.web.javascript.members import assign_global, get, global_value, set_member
from collector.decode.web.javascript.screen import bodies, may_act, portions
from collector.decode.web.javascript.statements import STATEMENTS
from collector.decode.web.javascript.tree import parse
from collector.decode.web.javascript.values import UNDEFINED, Element, Page, Spent, Thrown, Unknown, Value
from collector.decode.web.ways import Folded

_TABLES = Tables(EXPRESSIONS, STATEMENTS, get, set_member, call, construct, global_value, assign_global, inserted)
_DORMANT = Context(immediate=False, worthy=False)


def fold(source: str) -> Folded:
    """What the script would do, by constant folding in bounded steps; it is never run. Never raises.

    A target on the page's own host, as far as it depends on the page's own address, comes out as a path (`/...`); one that is nothing but the own
    address (a reload, a change to https) is no effect. Targets are as in the script, not joined to any address; unknown pieces behind a known host
    are left out.
    """
    source = unforged(HOLE.sub("\ufffd", source.replace("\0", "")))
    if not may_act(source):
        return Folded()
    out = Recorder(source)
    for portion in portions(bodies(source)):
        _read(portion, out)
    hidden = shape.is_obfuscated(source)
    return Folded(tuple(out.effects), tuple(out.unknowns), out.obfuscated or hidden, tuple(out.hosts))


def _read(source: str, out: Recorder) -> None:
    machine = Machine(_TABLES, out)
    try:
        machine.enter(parse(source).children(), machine.globals)
        _drain(machine)
        _look_into(machine)
    except Spent as fault:
        out.bound(fault.reason)
    except RecursionError:
        out.bound("depth")
    machine.context, machine.journals, machine.queue = Context(), [], []
    _settle(machine, out)


def _settle(machine: Machine, out: Recorder) -> None:
    """What was begun and not finished: markup half written, elements made and never seen put in."""
    machine.budget.limit = machine.budget.steps + STEPS_A_FUNCTION
    try:
        out.flush(machine)
        machine.context = _DORMANT
        for element in out.made:
            if not element.inserted and element.tag in {"script", "iframe"}:
                _left(machine, element)
    except (Spent, Thrown, RecursionError):
        out.bound("steps")
    out.made.clear()


def _left(machine: Machine, element: Element) -> None:
    address = element.attributes.get("src")
    if isinstance(address, str):
        machine.out.target(machine, "script" if element.tag == "script" else "frame", address)


def _drain(machine: Machine) -> None:
    """What waits: timers, listeners, callbacks; and what they in turn set up."""
    done = 0
    while done < len(machine.queue):
        task = machine.queue[done]
        done += 1
        if task.context.immediate and task.context.worthy:
            _one(machine, task.function, task.this, task.args, task.context)
        else:
            _within(machine, STEPS_A_TASK, task.function, task.this, task.args, task.context)


def _one(machine: Machine, function: Value, this: Value, args: list[Value], context: Context) -> None:
    machine.context, machine.journals, machine.calls, machine.returns = context, [], [], [[]]
    machine.tries, machine.depth = 0, 0
    try:
        machine.call(function, this, args)
    except Thrown:
        machine.doubt()
    finally:
        machine.context = Context()


def _within(machine: Machine, steps: int, function: Value, this: Value, args: list[Value], context: Context) -> None:
    """Read a function with no more than its share of the budget; it may be given up without a word, for nobody is sent on by it at once."""
    before = machine.budget.steps
    machine.budget.limit = min(STEPS, before + min(steps, machine.budget.later))
    try:
        if machine.budget.later > 0:
            _one(machine, function, this, args, context)
    except Spent:
        machine.journals = []
    finally:
        machine.budget.limit = STEPS
        machine.budget.later -= machine.budget.steps - before


def _look_into(machine: Machine) -> None:
    """Functions nobody called, as far as they hold anything worth reading; a helper of a library is unknown to nobody's harm."""
    given: list[Value] = [Unknown("argument", frozenset({"argument"}))] * 6
    done = 0
    while done < len(machine.functions) and machine.budget.later > 0:
        function = machine.functions[done]
        done += 1
        if not function.called and shape.holds_sink(function.node.text()):
            this = Page("window") if function.node.kind == "arrow_function" else UNDEFINED
            _within(machine, STEPS_A_FUNCTION, function, this, given, _DORMANT)
    _drain(machine)
