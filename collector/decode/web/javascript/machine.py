"""The reader of a script: evaluates what is constant, keeps apart what is not, and remembers what the script would do.

It is no engine: no script ever runs. Expressions are worked out over constants, calls of the script's own functions are followed, and where a
condition is not known both ways are read one after the other and what they changed is joined. Every step is counted (`budget.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from collector.decode.web.javascript.budget import DEPTH, ROUNDS, Budget
from collector.decode.web.javascript.holes import BASE, FIXED, HOLE, LIMIT, hole_number, to_code
from collector.decode.web.javascript.joining import condition_label, joined, merged
from collector.decode.web.javascript.tree import Syntax, parse
from collector.decode.web.javascript.values import (
    UNDEFINED,
    Completion,
    Either,
    Func,
    Native,
    Page,
    Scope,
    Spent,
    Thrown,
    Unknown,
    Value,
    steps_of,
)

if TYPE_CHECKING:
    from collector.decode.web.javascript.effects import Recorder

T = TypeVar("T")
_MISSING = object()
_MAX_QUEUE = 400
# How often one function may put itself off: a countdown ends within these, an animation never; less where nobody knows whether it goes on.
_MAX_PUT_OFF, _MAX_PUT_OFF_DOUBTFUL = 12, 2
# Half of all expressions; nothing within them can nest.
_LEAVES = frozenset({"identifier", "string", "number", "this", "true", "false", "null", "undefined"})
DEEP = Unknown("nested too deep", frozenset({"bound"}))


class Context(NamedTuple):
    """Under what circumstances code runs.

    `immediate`: without a click; `worthy`: what cannot be folded here is worth telling; `listen`: the event on the whole page that starts it;
    `layers`, `steps`: how the code's own text was made; `conditions`: what the visitor must be or have.
    """

    immediate: bool = True
    worthy: bool = True
    delay: float = 0.0
    listen: str = ""
    layers: int = 0
    steps: int = 0
    conditions: tuple[str, ...] = ()


class Task(NamedTuple):
    """A function to be read later: a listener, a timer, a callback."""

    function: Value
    this: Value
    args: list[Value]
    context: Context
    # Of an interval: seconds between its turns, and how many turns more it is given.
    every: float = 0.0
    turns: int = 0


Evaluate = Callable[["Machine", Syntax, Scope], Value]
Execute = Callable[["Machine", Syntax, Scope], Completion | None]


class Tables(NamedTuple):
    """What the parts of the language and of the browser do; each is a module of its own."""

    expressions: Mapping[str, Evaluate]
    statements: Mapping[str, Execute]
    get: Callable[[Machine, Value, Value], Value]
    set: Callable[[Machine, Value, Value, Value], None]
    call: Callable[[Machine, Value, Value, list[Value]], Value]
    construct: Callable[[Machine, Value, list[Value]], Value]
    globals: Callable[[Machine, str], Value]
    assign_global: Callable[[Machine, str, Value], bool]
    inserted: Callable[[Machine, Value], None]


class Machine:
    """One script's reading. `budget` raises `Spent`, which nobody but `fold` catches."""

    def __init__(self, tables: Tables, out: Recorder, budget: Budget) -> None:
        self.tables = tables
        self.out = out
        self.budget = budget
        self.context = Context()
        self.globals = Scope(None, whole=True, this=Page("window"))
        self.journals: list[dict[tuple[int, str], tuple[dict[str, Value], str, Value]]] = []
        self.returns: list[list[Value]] = [[]]
        self.calls: list[tuple[int, int]] = []
        self.queue: list[Task] = []
        self.functions: list[Func] = []
        self.put_off: dict[object, int] = {}
        self.unknowns: list[Unknown] = list(FIXED)
        self.depth = 0
        self.tries = 0
        # Counts what may have thrown in a browser, so that a `catch` is read where it may run.
        self.doubts = 0
        self.doubtful_exit = False
        self.last: Value = UNDEFINED
        self.xor = False

    # Evaluating

    def evaluate(self, node: Syntax | None, scope: Scope) -> Value:
        """What an expression is worth."""
        if node is None:
            return UNDEFINED
        while node.kind == "parenthesized_expression" and node.children():
            node = node.children()[-1]
        if node.cache is not None:
            self.budget.spend(1)
            return node.cache
        budget = self.budget
        budget.steps += 1
        if budget.steps > budget.limit:
            raise Spent("steps")
        handler = self.tables.expressions.get(node.kind)
        if handler is None:
            return self._odd(node, scope)
        if node.kind in _LEAVES:
            return handler(self, node, scope)
        if self.depth >= DEPTH:
            self.out.bound("depth")
            return DEEP
        self.depth += 1
        try:
            return handler(self, node, scope)
        finally:
            self.depth -= 1

    def _odd(self, node: Syntax, scope: Scope) -> Value:
        """A construct that is no expression, or broken: its parts are read, its worth is unknown."""
        if self.depth < DEPTH:
            self.depth += 1
            try:
                for child in node.children():
                    self.execute(child, scope)
            finally:
                self.depth -= 1
        return Unknown(node.kind, frozenset({"name"}))

    def execute(self, node: Syntax, scope: Scope) -> Completion | None:
        """One statement; how it ended where it did not just go on."""
        handler = self.tables.statements.get(node.kind)
        if handler is None:
            self.last = self.evaluate(node, scope)
            return None
        self.budget.spend(1)
        if self.depth >= DEPTH:
            self.out.bound("depth")
            return None
        self.depth += 1
        try:
            return handler(self, node, scope)
        finally:
            self.depth -= 1

    def run(self, nodes: Sequence[Syntax], scope: Scope) -> Completion | None:
        """Statements in turn, to the first that leaves."""
        for node in nodes:
            ended = self.execute(node, scope)
            if ended is not None:
                return ended
        return None

    # Names

    def lookup(self, name: str, scope: Scope) -> Value:
        """What a name stands for."""
        place: Scope | None = scope
        while place is not None:
            if name in place.vars:
                return place.vars[name]
            place = place.parent
        if name.startswith("_hole_") and 0 <= (number := hole_number(name)) < len(self.unknowns):
            return self.unknowns[number]
        return self.tables.globals(self, name)

    def assign(self, name: str, value: Value, scope: Scope) -> None:
        """`name = value`; a name nobody declared is the window's."""
        place: Scope | None = scope
        while place is not None and name not in place.vars:
            place = place.parent
        if (place is None or place is self.globals) and self.tables.assign_global(self, name, value):
            return
        self.write((place or self.globals).vars, name, value)

    def declare(self, name: str, value: Value, scope: Scope, *, whole: bool) -> None:
        """`var name = value` (`whole`: in the function's scope) or `let`."""
        while whole and not scope.whole and scope.parent is not None:
            scope = scope.parent
        if scope is self.globals and value is not UNDEFINED and self.tables.assign_global(self, name, value):
            return
        if value is UNDEFINED and whole and name in scope.vars:
            return
        self.write(scope.vars, name, value)

    def this_of(self, scope: Scope) -> Value:
        """`this` where the scope stands."""
        place: Scope | None = scope
        while place is not None and not place.whole:
            place = place.parent
        return place.this if place is not None else Page("window")

    def write(self, store: dict[str, Value], key: str, value: Value) -> None:
        """Every change of a variable or property goes through here, so that a way not taken can be taken back."""
        if self.journals:
            journal = self.journals[-1]
            mark = (id(store), key)
            if mark not in journal:
                journal[mark] = (store, key, store.get(key, _MISSING))
        store[key] = value

    # Both ways

    def branch(self, ways: Sequence[Callable[[], T]], condition: Value = None) -> list[T | Completion]:
        """Read each way from the same start, then join what they changed. A way that throws ends as a completion of that kind."""
        kept = self.context
        label = condition_label(condition)
        ends: list[dict[tuple[int, str], tuple[dict[str, Value], str, Value]]] = []
        outcomes: list[T | Completion] = []
        starts: dict[tuple[int, str], tuple[dict[str, Value], str, Value]] = {}
        for way in ways:
            self.journals.append({})
            self.context = kept._replace(conditions=(*kept.conditions, label)) if label and label not in kept.conditions else kept
            try:
                outcomes.append(way())
            except Thrown:
                outcomes.append(Completion("throw"))
            finally:
                journal = self.journals.pop()
                self.context = kept
            ends.append({mark: (store, key, store.get(key, _MISSING)) for mark, (store, key, _) in journal.items()})
            for mark, (store, key, old) in journal.items():
                starts.setdefault(mark, (store, key, old))
                _restore(store, key, old)
        staying = [end for end, outcome in zip(ends, outcomes, strict=True) if not isinstance(outcome, Completion)]
        self._join(starts, staying or ends)
        return outcomes

    def _join(
        self,
        starts: Mapping[tuple[int, str], tuple[dict[str, Value], str, Value]],
        ends: Sequence[Mapping[tuple[int, str], tuple[dict[str, Value], str, Value]]],
    ) -> None:
        self.budget.spend(len(starts))
        for mark, (store, key, old) in starts.items():
            found = [end[mark][2] if mark in end else old for end in ends]
            values = [value for value in found if value is not _MISSING]
            if values:
                self.write(store, key, joined(values))

    def doubtful(self, condition: Value, run: Callable[[], Value]) -> Value:
        """What an expression is worth that may or may not be evaluated."""
        value = self.branch([run, lambda: UNDEFINED], condition)[0]
        return UNDEFINED if isinstance(value, Completion) else value

    # Calls

    def call(self, function: Value, this: Value, args: list[Value]) -> Value:
        """Call a value."""
        return self.tables.call(self, function, this, args)

    def construct(self, function: Value, args: list[Value]) -> Value:
        """`new function(args)`."""
        return self.tables.construct(self, function, args)

    def property_of(self, base: Value, key: Value) -> Value:
        """`base[key]`."""
        return self.tables.get(self, base, key)

    def set_property(self, base: Value, key: Value, value: Value) -> None:
        """`base[key] = value`."""
        self.tables.set(self, base, key, value)

    def later(self, function: Value, args: Sequence[Value] = (), this: Value = UNDEFINED, **changes: object) -> None:
        """Read a function after all that runs at once; `changes` to the circumstances."""
        if isinstance(function, Either):
            for option in function.options:
                self.later(option, args, this, **changes)
        elif isinstance(function, Func | Native):
            self.enqueue(Task(function, this, list(args), self.context._replace(**changes)))  # type: ignore[arg-type] # names are checked by NamedTuple

    def enqueue(self, task: Task) -> None:
        """Put a task off, unless the same was put off too often."""
        function = task.function
        mark: object = id(function.node) if isinstance(function, Func) else (task.args[0] if task.args and isinstance(task.args[0], str) else "")
        doubtful = bool(self.journals) or bool(self.context.conditions)
        count = self.put_off[mark] = self.put_off.get(mark, 0) + bool(mark)
        if isinstance(function, Func):
            function.called = True
        if count <= (_MAX_PUT_OFF_DOUBTFUL if doubtful else _MAX_PUT_OFF) and len(self.queue) < _MAX_QUEUE:
            self.queue.append(task)

    def within(self, context: Context, run: Callable[[], T]) -> T:
        """Do something under other circumstances."""
        kept, self.context = self.context, context
        try:
            return run()
        finally:
            self.context = kept

    def run_text(self, text: str, scope: Scope, step: int, *, layers: int = 1) -> Value:
        """Read a text the script runs, one layer down (0: it stood there openly); what its last expression is worth."""
        if self.context.layers >= ROUNDS:
            self.out.bound("rounds of unpacking")
            return Unknown("unpacked too often", frozenset({"bound"}))
        self.budget.spend(20 + len(text) // 8)
        taken = steps_of(text) | self.context.steps | step
        self.out.ran(text, taken)
        self.last = UNDEFINED
        source = to_code(text)
        context = self.context._replace(layers=self.context.layers + layers, steps=taken)
        tree = parse(merged(source))
        ended = self.within(context, lambda: self.enter(tree.children(), scope))
        if ended is not None and ended.kind == "return":
            return ended.value
        return self.last

    def enter(self, nodes: Sequence[Syntax], scope: Scope) -> Completion | None:
        """A program's statements, its functions first."""
        for node in nodes:
            if node.kind == "function_declaration":
                self.execute(node, scope)
        try:
            return self.run(nodes, scope)
        except Thrown:
            if self.tries:
                raise
            return None

    # What is not known

    def hole(self, value: Unknown) -> str:
        """The character that stands for an unknown value in a text."""
        if value in FIXED:
            return chr(BASE + FIXED.index(value))
        if len(self.unknowns) < LIMIT:
            self.unknowns.append(value)
        return chr(BASE + len(self.unknowns) - 1)

    def behind(self, text: str) -> Unknown:
        """The first unknown value in a text with holes."""
        found = HOLE.search(text)
        place = ord(found[0]) - BASE if found else len(self.unknowns)
        return self.unknowns[place] if place < len(self.unknowns) else DEEP

    def about(self, text: str) -> frozenset[str]:
        """What all unknown pieces of a text are about."""
        found: set[str] = set()
        for hole in set(HOLE.findall(text)):
            place = ord(hole) - BASE
            found |= self.unknowns[place].about if place < len(self.unknowns) else DEEP.about
        return frozenset(found)

    def thrown(self, reason: str) -> Unknown:
        """What a browser would throw here; where nobody catches it the value is unknown."""
        if self.tries:
            raise Thrown(Unknown(reason, frozenset({"page"})))
        return Unknown(reason, frozenset({"hidden"}))

    def doubt(self) -> None:
        """Something was met that throws in some browsers."""
        self.doubts += 1


def _restore(store: dict[str, Value], key: str, old: Value) -> None:
    if old is _MISSING:
        store.pop(key, None)
    else:
        store[key] = old
