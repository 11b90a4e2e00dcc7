"""Methods of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.arguments import arg, span, text_arg, whole_arg
from collector.decode.web.javascript.convert import number_of, text_of, truth
from collector.decode.web.javascript.functions import hand_over
from collector.decode.web.javascript.operators import equal
from collector.decode.web.javascript.values import UNDEFINED, Array, Func, Made, Native, NativeCall, Obj, Spent, Unknown, Value, made, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_MAX_ITEMS = 100_000
ListCall = Callable[["Machine", Array, list[Value]], Value]


def _listed(run: ListCall) -> NativeCall:
    """A method that also serves texts and list-like objects, as `Array.prototype.slice.call(arguments)` has it."""

    def native(machine: Machine, this: Value, args: list[Value]) -> Value:
        if isinstance(this, str):
            this = Array(list(this), steps_of(this))
        if not isinstance(this, Array):
            hand_over(machine, "list", frozenset({"page"}), args)
            return Unknown("list", frozenset({"page"}))
        machine.budget.spend(1 + len(this.items) // 64)
        if len(this.items) > _MAX_ITEMS:
            raise Spent("list")
        return run(machine, this, args)

    return native


def _join(machine: Machine, this: Array, args: list[Value]) -> Value:
    sign = text_arg(machine, args, 0, ",")
    parts = ["" if item is None or item is UNDEFINED else text_of(machine, item) for item in this.items]
    text = sign.join(parts)
    machine.budget.make(len(text))
    taken = this.steps | steps.JOIN
    for item in this.items[:64]:
        taken |= item.steps if isinstance(item, Made) else 0
    return made(text, taken if len(parts) > 1 else this.steps)


def _reverse(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    this.items.reverse()
    this.steps |= steps.REVERSE
    return this


def _push(_machine: Machine, this: Array, args: list[Value]) -> Value:
    this.items.extend(args)
    return float(len(this.items))


def _pop(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    return this.items.pop() if this.items else UNDEFINED


def _shift(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    return this.items.pop(0) if this.items else UNDEFINED


def _unshift(_machine: Machine, this: Array, args: list[Value]) -> Value:
    this.items[:0] = args
    return float(len(this.items))


def _slice(machine: Machine, this: Array, args: list[Value]) -> Value:
    return Array(this.items[span(machine, args, len(this.items))], this.steps)


def _splice(machine: Machine, this: Array, args: list[Value]) -> Value:
    length = len(this.items)
    start = whole_arg(machine, args, 0)
    start = max(0, start + length) if start < 0 else min(start, length)
    count = max(0, whole_arg(machine, args, 1, length))
    removed = this.items[start : start + count]
    this.items[start : start + count] = args[2:]
    return Array(removed, this.steps)


def _concat(_machine: Machine, this: Array, args: list[Value]) -> Value:
    items, taken = list(this.items), this.steps
    for value in args:
        items.extend(value.items if isinstance(value, Array) else [value])
        taken |= steps_of(value)
    return Array(items, taken)


def _index_of(machine: Machine, this: Array, args: list[Value]) -> Value:
    machine.budget.spend(len(this.items) // 8)
    for place, item in enumerate(this.items):
        if equal(machine, item, arg(args, 0), strict=True) is True:
            return float(place)
    return -1.0


def _includes(machine: Machine, this: Array, args: list[Value]) -> Value:
    return _index_of(machine, this, args) != -1.0


def _each(machine: Machine, this: Array, args: list[Value]) -> list[Value]:
    """What the callback gives for each member."""
    function = arg(args, 0)
    return [machine.call(function, arg(args, 1), [item, float(place), this]) for place, item in enumerate(list(this.items))]


def _map(machine: Machine, this: Array, args: list[Value]) -> Value:
    return Array(_each(machine, this, args), this.steps)


def _for_each(machine: Machine, this: Array, args: list[Value]) -> Value:
    _each(machine, this, args)
    return UNDEFINED


def _filter(machine: Machine, this: Array, args: list[Value]) -> Value:
    kept = zip(this.items, _each(machine, this, args), strict=False)
    return Array([item for item, keep in kept if truth(keep) is not False], this.steps)


def _find(machine: Machine, this: Array, args: list[Value]) -> Value:
    return next((item for item, keep in zip(this.items, _each(machine, this, args), strict=False) if truth(keep)), UNDEFINED)


def _some(machine: Machine, this: Array, args: list[Value]) -> Value:
    return any(truth(found) for found in _each(machine, this, args))


def _every(machine: Machine, this: Array, args: list[Value]) -> Value:
    return all(truth(found) for found in _each(machine, this, args))


def _reduce(machine: Machine, this: Array, args: list[Value]) -> Value:
    items = list(this.items)
    if len(args) < 2 and not items:
        return UNDEFINED
    value = args[1] if len(args) > 1 else items.pop(0)
    for place, item in enumerate(items):
        value = machine.call(arg(args, 0), UNDEFINED, [value, item, float(place), this])
    return value


def _reduce_right(machine: Machine, this: Array, args: list[Value]) -> Value:
    return _reduce(machine, Array(this.items[::-1], this.steps | steps.REVERSE), args)


def _sort(machine: Machine, this: Array, args: list[Value]) -> Value:
    if not isinstance(arg(args, 0), Func):
        this.items.sort(key=lambda item: text_of(machine, item))
        return this
    # Merging asks for the fewest comparisons, and each one is a call of the script's own function.
    this.items[:] = _merge_sorted(machine, list(this.items), arg(args, 0))
    return this


def _merge_sorted(machine: Machine, items: list[Value], by: Value) -> list[Value]:
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = _merge_sorted(machine, items[:middle], by), _merge_sorted(machine, items[middle:], by)
    out: list[Value] = []
    while left and right:
        order = number_of(machine, machine.call(by, UNDEFINED, [left[0], right[0]]))
        out.append(right.pop(0) if isinstance(order, float) and order > 0 else left.pop(0))
    return out + left + right


def _at(machine: Machine, this: Array, args: list[Value]) -> Value:
    place = whole_arg(machine, args, 0)
    return this.items[place] if -len(this.items) <= place < len(this.items) else UNDEFINED


def _fill(_machine: Machine, this: Array, args: list[Value]) -> Value:
    this.items[:] = [arg(args, 0)] * len(this.items)
    return this


def _flat(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    return _concat(_machine, Array([], this.steps), this.items)


def _to_string(machine: Machine, this: Array, _args: list[Value]) -> Value:
    return text_of(machine, this)


def _keys(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    return Obj("Array Iterator", {"list": this})


def _itself(_machine: Machine, this: Array, _args: list[Value]) -> Value:
    return this


_RUNS: Mapping[str, ListCall] = {
    "join": _join, "reverse": _reverse, "push": _push, "pop": _pop, "shift": _shift, "unshift": _unshift, "slice": _slice, "splice": _splice,
    "concat": _concat, "indexOf": _index_of, "lastIndexOf": _index_of, "includes": _includes, "map": _map, "forEach": _for_each, "filter": _filter,
    "find": _find, "some": _some, "every": _every, "reduce": _reduce, "reduceRight": _reduce_right, "sort": _sort, "fill": _fill, "flat": _flat,
    "toString": _to_string, "entries": _keys, "keys": _keys, "values": _keys, "valueOf": _itself, "flatMap": _map, "findIndex": _index_of, "at": _at,
}  # fmt: skip
LIST_METHODS: Mapping[str, Native] = {name: Native(name, _listed(run), lenient=True) for name, run in _RUNS.items()}


def list_property(array: Array, key: str) -> Value:
    """`array[key]`."""
    if key == "length":
        return float(len(array.items))
    if key.isdecimal() and len(key) < 8:
        place = int(key)
        return array.items[place] if place < len(array.items) else UNDEFINED
    return array.props[key] if key in array.props else LIST_METHODS.get(key, UNDEFINED)


def set_in_list(machine: Machine, array: Array, key: str, value: Value) -> None:
    """`array[key] = value`."""
    if key == "length":
        length = number_of(machine, value)
        if isinstance(length, float) and 0 <= length < len(array.items):
            del array.items[int(length) :]
    elif key.isdecimal() and len(key) < 8:
        place = int(key)
        if place > _MAX_ITEMS:
            raise Spent("list")
        machine.budget.spend((place - len(array.items)) // 64 if place > len(array.items) else 0)
        array.items.extend([UNDEFINED] * (place + 1 - len(array.items)))
        array.items[place] = value
        array.steps |= steps.ARRAY if isinstance(value, Made) else 0
    else:
        machine.write(array.props, key, value)
