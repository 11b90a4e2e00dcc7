"""Global names of the language: constructors with their statics, `Math`, `JSON`, dates, requests."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from collector.decode.web.javascript import numbers
from collector.decode.web.javascript.arguments import arg, text_arg, whole_arg
from collector.decode.web.javascript.code import evaluated, new_function, promise
from collector.decode.web.javascript.coding import CODING
from collector.decode.web.javascript.convert import number_of, text_of
from collector.decode.web.javascript.elements import make
from collector.decode.web.javascript.holes import has_hole
from collector.decode.web.javascript.operators import about_of
from collector.decode.web.javascript.page import answer
from collector.decode.web.javascript.values import UNDEFINED, Array, Func, Native, NativeCall, Obj, Regex, Spent, Unknown, Value, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_TIME = frozenset({"time"})
_MAX_ITEMS = 100_000
_ADDRESS = re.compile(r"(https?):/{0,4}([^/?#\\]+)([^?#]*)(\?[^#]*)?(#.*)?\Z", re.DOTALL)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _array(machine: Machine, _this: Value, args: list[Value]) -> Value:
    if len(args) == 1 and isinstance(args[0], float):
        count = whole_arg(machine, args, 0)
        if not 0 <= count <= _MAX_ITEMS:
            raise Spent("list")
        machine.budget.spend(count // 64)
        return Array([UNDEFINED] * count)
    return Array(list(args))


def _array_from(machine: Machine, _this: Value, args: list[Value]) -> Value:
    source = arg(args, 0)
    if isinstance(source, Obj) and isinstance(source.props.get("length"), float):
        made = _array(machine, UNDEFINED, [source.props["length"]])
    else:
        items: list[Value] | None = [*source.items] if isinstance(source, Array) else [*source] if isinstance(source, str) else None
        if items is None:
            return Unknown("Array.from", about_of(machine, source) or frozenset({"page"}))
        made = Array(items, steps_of(source))
    if isinstance(made, Array) and len(args) > 1:
        made.items = [machine.call(args[1], UNDEFINED, [item, float(place)]) for place, item in enumerate(made.items)]
    return made


def _object(_machine: Machine, _this: Value, args: list[Value]) -> Value:
    return args[0] if args and args[0] is not None and args[0] is not UNDEFINED else Obj()


def _keys(what: str) -> NativeCall:
    def run(machine: Machine, _this: Value, args: list[Value]) -> Value:
        value = arg(args, 0)
        if isinstance(value, Array):
            pairs: list[tuple[str, Value]] = [(str(place), item) for place, item in enumerate(value.items)]
        elif isinstance(value, Obj):
            pairs = list(value.props.items())
        else:
            return Unknown(f"Object.{what}", about_of(machine, value) or frozenset({"page"}))
        machine.budget.spend(len(pairs) // 8)
        return Array([name if what == "keys" else item if what == "values" else Array([name, item]) for name, item in pairs])

    return run


def _assign(machine: Machine, _this: Value, args: list[Value]) -> Value:
    target = arg(args, 0)
    for source in args[1:]:
        if isinstance(source, Obj):
            for name, value in list(source.props.items())[:1000]:
                machine.set_property(target, name, value)
    return target


def _define(machine: Machine, _this: Value, args: list[Value]) -> Value:
    described = arg(args, 2)
    if isinstance(described, Obj):
        if "value" in described.props:
            machine.set_property(arg(args, 0), text_arg(machine, args, 1), described.props["value"])
        elif isinstance(getter := described.props.get("get"), Func):
            machine.later(getter, worthy=False, immediate=False)
    return arg(args, 0)


def _regexp(machine: Machine, _this: Value, args: list[Value]) -> Value:
    first = arg(args, 0)
    return first if isinstance(first, Regex) else Regex(text_arg(machine, args, 0, "(?:)"), text_arg(machine, args, 1, ""))


def _date(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """A date of constants is known (kits hide numbers in them); the present is not."""
    if len(args) < 2:
        given = arg(args, 0)
        return Obj("Date", {"time": given if isinstance(given, float) and abs(given) < 8e15 else Unknown("date", _TIME)})
    parts = [whole_arg(machine, args, place, 1 if place == 2 else 0) for place in range(7)]
    year = parts[0] + (1900 if 0 <= parts[0] < 100 else 0)
    year, month = year + parts[1] // 12, parts[1] % 12
    if not 1000 <= year <= 9000 or any(abs(part) > 10**6 for part in parts):
        return Obj("Date", {"time": Unknown("date", _TIME)})
    start = datetime(year, month + 1, 1, tzinfo=UTC)
    moment = start + timedelta(days=parts[2] - 1, hours=parts[3], minutes=parts[4], seconds=parts[5], milliseconds=parts[6])
    return Obj("Date", {"time": (moment - _EPOCH) / timedelta(milliseconds=1)})


_PARTS: Mapping[str, Callable[[datetime], float]] = {
    "FullYear": lambda moment: moment.year, "Month": lambda moment: moment.month - 1, "Date": lambda moment: moment.day, "Hours": lambda moment: moment.hour,
    "Day": lambda moment: (moment.weekday() + 1) % 7, "Minutes": lambda moment: moment.minute, "Seconds": lambda moment: moment.second,
    "Milliseconds": lambda moment: moment.microsecond // 1000, "Year": lambda moment: moment.year - 1900,
}  # fmt: skip


def date_property(value: Obj, key: str) -> Value:
    """Methods of dates; without a zone of our own a date counts as UTC."""
    stamp = value.props.get("time")
    if not key.startswith(("get", "to", "value")):
        return value.props.get(key, Native(key, lambda _machine, _this, _args: UNDEFINED, lenient=True) if key.startswith("set") else UNDEFINED)
    if not isinstance(stamp, float) or abs(stamp) > 2e14:
        return Native(key, lambda _machine, _this, _args: Unknown("date", _TIME), lenient=True)
    part = _PARTS.get(key.removeprefix("get").removeprefix("UTC"))
    if part is not None:
        found = float(part(_EPOCH + timedelta(milliseconds=stamp)))
        return Native(key, lambda _machine, _this, _args: found, lenient=True)
    if key in {"getTime", "valueOf"}:
        return Native(key, lambda _machine, _this, _args: stamp, lenient=True)
    return Native(key, lambda _machine, _this, _args: Unknown("date", _TIME), lenient=True)


def _request(machine: Machine, _this: Value, _args: list[Value]) -> Value:
    """An XMLHttpRequest: where it is opened to decides what its answer is worth."""
    made = Obj("xhr", {"readyState": 4.0, "status": 200.0})

    def opened(inner: Machine, _this: Value, args: list[Value]) -> Value:
        said = answer(inner, arg(args, 1))
        for name in ("responseText", "response", "responseXML", "statusText"):
            inner.write(made.props, name, said)
        return UNDEFINED

    made.props["open"] = Native("open", opened, lenient=True)
    made.props |= {name: Native(name, lambda _m, _t, _a: UNDEFINED, lenient=True) for name in ("send", "setRequestHeader", "abort", "overrideMimeType")}
    del machine
    return made


def _plug_in(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`new ActiveXObject(name)`: only what it is given is of interest."""
    machine.out.handed(text_arg(machine, args, 0))
    return Unknown("ActiveXObject", frozenset({"name"}))


def _url(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`new URL(address, base)`: its parts where the host is known, else as unknown as the page's own address."""
    text = text_arg(machine, args, 0)
    found = _ADDRESS.match(text)
    if found is None or has_hole(text):
        behind = machine.about(text) | (machine.about(text_arg(machine, args, 1, "")) if len(args) > 1 else frozenset())
        return Unknown("URL", behind or frozenset({"own"}))
    parts: dict[str, Value] = {
        "href": text, "protocol": found[1] + ":", "host": found[2], "hostname": found[2].split(":")[0], "origin": f"{found[1]}://{found[2]}",
        "pathname": found[3] or "/", "search": found[4] or "", "hash": found[5] or "", "searchParams": Unknown("URL.searchParams", frozenset({"page"})),
    }  # fmt: skip
    parts["toString"] = Native("toString", lambda _machine, this, _args: this.props["href"] if isinstance(this, Obj) else "", lenient=True)
    return Obj("URL", parts)


def _search(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return Unknown("URLSearchParams", about_of(machine, *args) or frozenset({"page"}))


def _math(run: Callable[..., float], count: int) -> NativeCall:
    def call(machine: Machine, _this: Value, args: list[Value]) -> Value:
        values = [number_of(machine, value) for value in args[: count or 1000]]
        known = [value for value in values if isinstance(value, float)]
        try:
            return float(run(*known) if count or known else -math.inf)
        except (ValueError, OverflowError, TypeError):
            return numbers.NAN

    return call


_MATH: Mapping[str, tuple[Callable[..., float], int]] = {
    "floor": (math.floor, 1), "ceil": (math.ceil, 1), "round": (lambda x: math.floor(x + 0.5), 1), "abs": (abs, 1), "sqrt": (math.sqrt, 1),
    "sin": (math.sin, 1), "cos": (math.cos, 1), "tan": (math.tan, 1), "atan": (math.atan, 1), "log": (math.log, 1), "exp": (math.exp, 1),
    "trunc": (math.trunc, 1), "pow": (math.pow, 2), "sign": (lambda x: (x > 0) - (x < 0), 1), "max": (lambda *x: max(x), 0),
    "min": (lambda *x: min(x), 0), "atan2": (math.atan2, 2), "log2": (math.log2, 1), "log10": (math.log10, 1),
    "imul": (lambda x, y: numbers.int32(float(numbers.int32(x) * numbers.int32(y))), 2),
}  # fmt: skip
MATH: dict[str, Value] = {
    **{name: Native(name, _math(run, count)) for name, (run, count) in _MATH.items()},
    "random": Native("random", lambda _machine, _this, _args: Unknown("Math.random", frozenset({"random"})), lenient=True),
    "PI": math.pi, "E": math.e, "LN2": math.log(2), "LN10": math.log(10), "SQRT2": math.sqrt(2),
}  # fmt: skip


def _parse(machine: Machine, _this: Value, args: list[Value]) -> Value:
    text = text_arg(machine, args, 0)
    machine.budget.spend(1 + len(text) // 100)
    try:
        return _from_json(json.loads(text), 0)
    except (ValueError, RecursionError):
        machine.doubt()
        return Unknown("JSON.parse", frozenset({"name"}))


def _from_json(value: object, depth: int) -> Value:
    if isinstance(value, list) and depth < 50:
        return Array([_from_json(item, depth + 1) for item in value])
    if isinstance(value, dict) and depth < 50:
        return Obj(props={str(name): _from_json(item, depth + 1) for name, item in value.items()})
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < 1 << 1000 else math.inf
    return value


def _stringify(machine: Machine, _this: Value, args: list[Value]) -> Value:
    value = arg(args, 0)
    return json.dumps(value) if isinstance(value, str) else text_of(machine, value) if isinstance(value, float | bool) else Unknown("JSON", frozenset({"page"}))


def _now(_machine: Machine, _this: Value, _args: list[Value]) -> Value:
    return Unknown("Date.now", _TIME)


def _kept(_machine: Machine, _this: Value, args: list[Value]) -> Value:
    return arg(args, 0)


def _resolved(_machine: Machine, _this: Value, args: list[Value]) -> Value:
    return Obj("Promise", {"value": arg(args, 0)})


def _lenient(runs: Mapping[str, NativeCall]) -> dict[str, Native]:
    return {name: Native(name, run, lenient=True) for name, run in runs.items()}


GLOBALS: Mapping[str, Value] = {
    **CODING,
    **_lenient({
        "eval": evaluated, "Function": new_function, "GeneratorFunction": new_function, "Array": _array, "Object": _object, "RegExp": _regexp, "Date": _date,
        "Promise": promise, "ActiveXObject": _plug_in, "URL": _url, "URLSearchParams": _search, "XMLHttpRequest": _request, "XDomainRequest": _request,
        "Image": lambda machine, _this, _args: make(machine, "img"), "Boolean": lambda _m, _t, args: bool(arg(args, 0)),
        "Error": lambda machine, _this, args: Obj("Error", {"message": text_arg(machine, args, 0, "")}),
        "Audio": lambda machine, _this, _args: make(machine, "audio"),
    }),
    "Math": Obj("Math", MATH), "NaN": numbers.NAN, "Infinity": math.inf, "undefined": UNDEFINED,
    "JSON": Obj("JSON", {"parse": Native("parse", _parse), "stringify": Native("stringify", _stringify, lenient=True)}),
}  # fmt: skip
STATICS: Mapping[str, Mapping[str, Native]] = {
    "Array": _lenient({"from": _array_from, "of": lambda _m, _t, args: Array(list(args)), "isArray": lambda _m, _t, args: isinstance(arg(args, 0), Array)}),
    "Object": _lenient({
        "keys": _keys("keys"), "values": _keys("values"), "entries": _keys("entries"), "getOwnPropertyNames": _keys("keys"), "assign": _assign,
        "defineProperty": _define, "create": lambda _m, _t, args: Obj(proto=args[0] if args and isinstance(args[0], Obj) else None), "freeze": _kept,
        "seal": _kept, "setPrototypeOf": _kept,
    }),
    "Date": _lenient({"now": _now, "parse": _now, "UTC": lambda machine, this, args: number_of(machine, _date(machine, this, args))}),
    "Promise": _lenient({"resolve": _resolved, "all": _resolved, "race": _resolved, "reject": _resolved}),
}  # fmt: skip
