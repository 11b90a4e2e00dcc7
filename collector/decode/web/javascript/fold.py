"""The one way into this package."""

from __future__ import annotations

from functools import lru_cache

from collector.decode.web.javascript import shape
from collector.decode.web.javascript.budget import STEPS, STEPS_A_FUNCTION, STEPS_A_PART, STEPS_A_TASK, STEPS_OBFUSCATED, Budget
from collector.decode.web.javascript.effects import Recorder
from collector.decode.web.javascript.elements import inserted
from collector.decode.web.javascript.expressions import EXPRESSIONS
from collector.decode.web.javascript.functions import call, construct
from collector.decode.web.javascript.holes import unforged, without_holes
from collector.decode.web.javascript.joining import merged
from collector.decode.web.javascript.machine import Context, Machine, Tables
from collector.decode.web.javascript.members import assign_global, get, global_value, set_member
from collector.decode.web.javascript.screen import bodies, need_of, open_loads, portions
from collector.decode.web.javascript.statements import STATEMENTS
from collector.decode.web.javascript.tree import is_broken, parse
from collector.decode.web.javascript.values import UNDEFINED, Element, Page, Spent, Thrown, Unknown, Value
from collector.decode.web.ways import Effect, Folded

_TABLES = Tables(EXPRESSIONS, STATEMENTS, get, set_member, call, construct, global_value, assign_global, inserted)
# An interval's turn that costs less than this is taken again.
_CHEAP = 600
_MAX_TASKS = 600
# Longer ones are looked at first, whether they are code at all; of what is none the two ends are read.
_MAX_UNASKED = 24_576
_MAX_BROKEN = 8_192
# Longer scripts are read each time.
_MAX_KEPT = 16_384
_DORMANT = Context(immediate=False, worthy=False)


def fold(source: str) -> Folded:
    """What the script would do, by constant folding in bounded steps; it is never run. Never raises.

    A target on the page's own host, as far as it depends on the page's own address, comes out as a path (`/...`); one that is nothing but the own
    address (a reload, a change to https) is no effect. Targets are as in the script, not joined to any address; unknown pieces behind a known host
    are left out.
    """
    return _kept(source) if len(source) <= _MAX_KEPT else _folded(source)


@lru_cache(maxsize=512)  # a pure function, so the cache is no state; a page's scripts are the same for every visitor and on every day
def _kept(source: str) -> Folded:
    return _folded(source)


def _folded(source: str) -> Folded:
    source = unforged(without_holes(merged(source.replace("\0", ""))))
    need = need_of(source)
    if need == "nothing":
        return Folded()
    if need == "openly":
        return Folded(tuple(Effect("script", address) for address in open_loads(source)))
    out = Recorder(source)
    hidden = shape.is_obfuscated(source)
    parts = portions(bodies(source))
    out.partial = len(parts) > 1
    if len(source) > _MAX_UNASKED and any(is_broken(part) for part in parts):
        out.partial, parts = False, [parts[0][:_MAX_BROKEN], parts[-1][-_MAX_BROKEN:]]
        out.bound("broken code")
    steps = 0
    for part in parts:
        budget = Budget(STEPS_A_PART if out.partial else STEPS_OBFUSCATED if hidden else STEPS)
        _read(part, out, budget)
        steps += budget.steps
    return Folded(tuple(out.effects.values()), tuple(out.unknowns), out.obfuscated or hidden, tuple(out.hosts), steps)


def _read(source: str, out: Recorder, budget: Budget) -> None:
    machine = Machine(_TABLES, out, budget)
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
            effects, steps = len(machine.out.effects), machine.budget.steps
            _one(machine, task.function, task.this, task.args, task.context)
            quiet = len(machine.out.effects) == effects and machine.budget.steps - steps < _CHEAP
            if task.turns and quiet and done < _MAX_TASKS:
                context = task.context._replace(delay=task.context.delay + task.every)
                machine.queue.append(task._replace(turns=task.turns - 1, context=context))
        else:
            _within(machine, STEPS_A_TASK, task.function, task.this, task.args, task.context)
    machine.queue.clear()


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
    machine.budget.limit = min(machine.budget.whole, before + min(steps, machine.budget.later))
    try:
        if machine.budget.later > 0:
            _one(machine, function, this, args, context)
    except Spent:
        machine.journals = []
    finally:
        machine.budget.limit = machine.budget.whole
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
