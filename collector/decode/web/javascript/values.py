"""What an expression can be worth while a script is read.

JavaScript text is UTF-16: a text here is a `str` of code units up to U+FFFF, so that character codes and lengths come out as in a browser. Above
them, in plane 16, stand *holes*: one character for a piece of text nobody can know (`collector.decode.web.javascript.holes`). Numbers are
`float` only, `null` is None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine
    from collector.decode.web.javascript.tree import Syntax

Value = object


class Undefined:
    """The type of `undefined`."""

    __slots__ = ()


UNDEFINED = Undefined()


class Made(str):
    """A text that was computed, with the steps it took as bits of `steps.STEPS`."""

    __slots__ = ("steps",)
    steps: int


def made(text: str, steps: int) -> str:
    """The text with its steps; a plain text for none."""
    if not steps:
        return text
    result = Made(text)
    result.steps = steps
    return result


def steps_of(value: Value) -> int:
    """The steps a value took, of texts and of lists of texts."""
    if isinstance(value, Made):
        return value.steps
    if isinstance(value, Array):
        return value.steps
    return 0


class Unknown(NamedTuple):
    """A value nobody can know from the script: why in a few words, and what kinds of thing it depends on (`holes.py` lists them)."""

    reason: str
    about: frozenset[str]


class Either(NamedTuple):
    """One of a few values, by a condition that is not known."""

    options: tuple[Value, ...]


class Array:
    """A list. `steps`: what it took to make it (a split or reversed text)."""

    __slots__ = ("items", "props", "steps")

    def __init__(self, items: list[Value], steps: int = 0) -> None:
        self.items = items
        self.steps = steps
        self.props: dict[str, Value] = {}


class Obj:
    """A plain object, or one of a named kind the reader itself made (`Date`, `promise`, `xhr`)."""

    __slots__ = ("kind", "props", "proto")

    def __init__(self, kind: str = "Object", props: dict[str, Value] | None = None, proto: Obj | None = None) -> None:
        self.kind = kind
        self.props: dict[str, Value] = {} if props is None else props
        self.proto = proto


class Getter(NamedTuple):
    """A property that is computed by a function of the script."""

    function: Func


class Regex(NamedTuple):
    """A regular expression as written."""

    source: str
    flags: str


class Scope:
    """Variables of a block or function. `whole`: a function's, where `var` puts its names. `this` is None where the outer one holds."""

    __slots__ = ("parent", "this", "vars", "whole")

    def __init__(self, parent: Scope | None, *, whole: bool = False, this: Value = None) -> None:
        self.vars: dict[str, Value] = {}
        self.parent = parent
        self.whole = whole
        self.this = this


class Func:
    """A function of the script. `called`: its body was read with real arguments. `layers`, `steps`: of the text it stands in."""

    __slots__ = ("bound", "bound_this", "called", "fields", "layers", "name", "node", "props", "scope", "steps")

    def __init__(self, node: Syntax, scope: Scope, name: str = "") -> None:
        self.node = node
        self.scope = scope
        self.name = name
        self.called = False
        self.props: dict[str, Value] = {}
        self.bound: tuple[Value, ...] = ()
        self.bound_this: Value = None
        self.fields: list[Syntax] = []
        self.layers = 0
        self.steps = 0


NativeCall = Callable[["Machine", Value, list[Value]], Value]


class Native(NamedTuple):
    """A function of the language or the browser. `lenient`: it copes with unknown arguments itself."""

    name: str
    call: NativeCall
    lenient: bool = False


class Page(NamedTuple):
    """One of the browser's own objects: `window`, `document`, `location`, `navigator`, ..."""

    name: str


class Element:
    """A node of the page: made by the script, or found in the page (`found`), then possibly many at once."""

    __slots__ = ("attributes", "children", "found", "inserted", "props", "seen", "tag")

    def __init__(self, tag: str, *, found: bool = False) -> None:
        self.tag = tag
        self.found = found
        self.inserted = found
        self.attributes: dict[str, Value] = {}
        self.props: dict[str, Value] = {}
        self.children: list[Value] = []
        self.seen: set[str] = set()


class Thrown(Exception):
    """The script threw `value`."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Spent(Exception):
    """The budget of a script is used up; `reason` in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Completion(NamedTuple):
    """How a statement ended when not by going on: `return`, `break` or `continue`, with label or value."""

    kind: str
    label: str = ""
    value: Value = UNDEFINED
