"""The browser's own objects: `window`, `document`, `location` and their like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.arguments import arg, text_arg
from collector.decode.web.javascript.code import interval, run_value, soon, timer
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.elements import METHODS, PAGE, found, listened, make, searched
from collector.decode.web.javascript.holes import HOST, HREF, ORIGIN, PATH, PROTOCOL
from collector.decode.web.javascript.operators import binary
from collector.decode.web.javascript.values import UNDEFINED, Element, Func, Native, NativeCall, Obj, Page, Thrown, Unknown, Value

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

WINDOWS = frozenset({"window", "self", "top", "parent", "frames", "globalThis", "opener", "content"})
_OBJECTS = frozenset({"document", "location", "navigator", "history", "screen", "localStorage", "sessionStorage", "performance", "console", "Notification"})
_LOCATION = {
    "href": HREF, "origin": ORIGIN, "protocol": PROTOCOL, "host": HOST, "hostname": HOST, "pathname": PATH, "search": PATH, "hash": PATH, "port": PATH,
}  # fmt: skip
_SCREEN = frozenset({
    "innerWidth", "innerHeight", "outerWidth", "outerHeight", "screenX", "screenY", "pageXOffset", "pageYOffset", "scrollX", "scrollY", "devicePixelRatio",
})  # fmt: skip
# Parts of the document that are elements, with their tags as far as one tag is sure.
_ELEMENTS = {
    "documentElement": "html", "body": "body", "head": "head", "scripts": "script", "forms": "form", "links": "a", "images": "img", "anchors": "a",
    "currentScript": "script", **dict.fromkeys(("all", "embeds", "styleSheets", "children", "childNodes", "activeElement", "scrollingElement", "doctype"), ""),
}  # fmt: skip
_STATE = {"readyState": PAGE, "title": PAGE, "cookie": frozenset({"cookie"}), "referrer": frozenset({"referrer"}), "hidden": PAGE, "visibilityState": PAGE}


def _nothing(_machine: Machine, _this: Value, _args: list[Value]) -> Value:
    return UNDEFINED


def _navigate(machine: Machine, _this: Value, args: list[Value]) -> Value:
    machine.out.target(machine, "navigate", arg(args, 0))
    return UNDEFINED


def _open(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`window.open`: another window, or by its name this one."""
    name = arg(args, 1)
    here = isinstance(name, str) and name in {"_self", "_top", "_parent"}
    if args:
        machine.out.target(machine, "navigate" if here else "popup", args[0])
    return Page("opened")


def _write(machine: Machine, _this: Value, args: list[Value]) -> Value:
    value: Value = args[0] if args else ""
    for more in args[1:]:
        value = binary(machine, "+", text_of(machine, value), more)
    machine.out.write(machine, value, stream=True)
    return UNDEFINED


def _create(machine: Machine, _this: Value, args: list[Value]) -> Value:
    name = args[-1] if args and len(args) > 1 and isinstance(args[-1], str) and args[-1].isalpha() else arg(args, 0)
    tag = text_of(machine, name)
    if tag.startswith("<"):
        # Old browsers took whole tags.
        tag = tag.strip("<>/ ").split(" ")[0]
    return make(machine, tag)


def _text_node(_machine: Machine, _this: Value, args: list[Value]) -> Value:
    return arg(args, 0)


def _exec_script(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return run_value(machine, arg(args, 0), machine.globals, steps.EVAL, "execScript")


def _register(machine: Machine, _this: Value, args: list[Value]) -> Value:
    machine.out.target(machine, "worker", arg(args, 0))
    return Obj("Promise", {"value": Unknown("registration", PAGE)})


def _import_scripts(machine: Machine, _this: Value, args: list[Value]) -> Value:
    for value in args:
        machine.out.target(machine, "script", value)
    return Obj("Promise", {"value": Unknown("module", PAGE)})


def _ask_push(machine: Machine, _this: Value, _args: list[Value]) -> Value:
    machine.out.note(machine, "push", "")
    return Obj("Promise", {"value": Unknown("permission", PAGE)})


def _fetch(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return Obj("Promise", {"value": answer(machine, arg(args, 0))})


def answer(machine: Machine, address: Value) -> Unknown:
    """What a server says at an address: the page's own server is trusted as the page is, another one is not."""
    text = text_of(machine, address).strip()
    own = not text.startswith(("http:", "https:", "//", "\\"))
    return Unknown(f"answer of {text[:60]}", frozenset({"own"} if own else {"answer"}))


def _stored(machine: Machine, _this: Value, args: list[Value]) -> Value:
    return Unknown(f"stored {text_arg(machine, args, 0)}"[:60], frozenset({"storage"}))


def _natives(runs: Mapping[str, NativeCall]) -> dict[str, Native]:
    return {name: Native(name, run, lenient=True) for name, run in runs.items()}


WINDOW = _natives({
    "open": _open, "navigate": _navigate, "setTimeout": timer, "setInterval": interval, "setImmediate": timer, "requestAnimationFrame": soon,
    "queueMicrotask": soon, "requestIdleCallback": soon, "execScript": _exec_script, "importScripts": _import_scripts, "import": _import_scripts,
    "fetch": _fetch, "alert": _nothing, "confirm": lambda _m, _t, _a: Unknown("confirm", PAGE), "prompt": lambda _m, _t, _a: Unknown("prompt", PAGE),
    "clearTimeout": _nothing, "clearInterval": _nothing, "scrollTo": _nothing, "focus": _nothing, "blur": _nothing, "stop": _nothing, "close": _nothing,
    "moveTo": _nothing, "resizeTo": _nothing, "getComputedStyle": lambda _m, _t, _a: Unknown("style", PAGE),
    "matchMedia": lambda _m, _t, _a: Obj("media", {"matches": Unknown("media", frozenset({"screen"}))}), "postMessage": _nothing,
    "addEventListener": METHODS["addEventListener"].call, "attachEvent": METHODS["addEventListener"].call, "removeEventListener": _nothing,
})  # fmt: skip
_DOCUMENT: Mapping[str, Value] = {
    **dict.fromkeys(("URL", "documentURI", "baseURI", "URLUnencoded"), HREF), "location": Page("location"), "domain": HOST, "defaultView": Page("window"),
    "parentWindow": Page("window"),
    **_natives({
    "write": _write, "writeln": _write, "createElement": _create, "createElementNS": _create, "createTextNode": _text_node,
    "createDocumentFragment": lambda machine, _this, _args: make(machine, "#fragment"), "getElementById": searched, "getElementsByTagName": searched,
    "getElementsByClassName": searched, "getElementsByName": searched, "querySelector": searched, "querySelectorAll": searched,
    "addEventListener": METHODS["addEventListener"].call, "attachEvent": METHODS["addEventListener"].call, "open": _nothing, "close": _nothing,
    "createEvent": lambda _m, _t, _a: Obj("Event", {}), "execCommand": _nothing, "removeEventListener": _nothing,
    "hasFocus": lambda _m, _t, _a: Unknown("focus", PAGE),
    "appendChild": METHODS["appendChild"].call, "importNode": lambda _m, _t, args: arg(args, 0), "createComment": lambda _m, _t, _a: "",
    }),
}  # fmt: skip
_TO_PLACE = _natives({"assign": _navigate, "replace": _navigate, "reload": _nothing, "toString": lambda _m, _t, _a: HREF, "valueOf": lambda _m, this, _a: this})
_STORE = _natives({"getItem": _stored, "setItem": _nothing, "removeItem": _nothing, "clear": _nothing})
_HISTORY = _natives(dict.fromkeys(("pushState", "replaceState", "back", "go", "forward"), _nothing))
_WORKER = _natives({"register": _register, "getRegistrations": _fetch, "addEventListener": _nothing})
_PUSH = _natives({"requestPermission": _ask_push})
_LOG = _natives(dict.fromkeys(("log", "warn", "error", "info", "debug", "table", "clear", "trace", "group"), _nothing))


def page_property(machine: Machine, page: Page, key: str) -> Value:
    """`page[key]`."""
    name = page.name
    if name in WINDOWS or name == "opened":
        return _window_property(machine, key)
    if name == "document":
        return _document_property(machine, key)
    if name == "navigator":
        return _navigator_property(key)
    members, about = _PAGES.get(name, ({}, "time"))
    return members.get(key) or Unknown(f"{name}.{key}"[:60], frozenset({about}))


_PAGES: Mapping[str, tuple[Mapping[str, Value], str]] = {
    "location": ({**_LOCATION, **_TO_PLACE}, "own"),
    "localStorage": (_STORE, "storage"),
    "sessionStorage": (_STORE, "storage"),
    "history": (_HISTORY, "page"),
    "serviceWorker": ({**_WORKER, "ready": Obj("Promise", {"value": Unknown("worker", PAGE)})}, "page"),
    "console": (_LOG, "page"),
    "Notification": (_PUSH, "page"),
    "screen": ({}, "screen"),
}


def _window_property(machine: Machine, key: str) -> Value:
    return machine.globals.vars[key] if key in machine.globals.vars else machine.tables.globals(machine, key)


def window_member(machine: Machine, key: str) -> Value | None:
    """What the browser itself has under a global name; None for nothing."""
    if key in WINDOWS:
        return Page("window" if key in {"self", "frames", "globalThis", "content"} else key)
    if key in _OBJECTS:
        return Page(key)
    if key in _SCREEN:
        return Unknown(key, frozenset({"screen"}))
    if key == "event":
        return Unknown("event", PAGE)
    del machine
    return WINDOW.get(key)


def _document_property(machine: Machine, key: str) -> Value:
    if key in _DOCUMENT:
        return _DOCUMENT[key]
    if key in _ELEMENTS:
        return found(_ELEMENTS[key])
    if key in _STATE:
        return Unknown(f"document.{key}", _STATE[key])
    own = machine.globals.vars.get(f"document.{key}")
    return own if own is not None else Unknown(f"document.{key}"[:60], PAGE)


def _navigator_property(key: str) -> Value:
    if key == "serviceWorker":
        return Page("serviceWorker")
    if key == "sendBeacon":
        return Native("sendBeacon", _nothing, lenient=True)
    about = "language" if key in {"language", "languages", "userLanguage", "browserLanguage", "systemLanguage"} else "userAgent"
    return Unknown(f"navigator.{key}"[:60], frozenset({about}))


def set_on_page(machine: Machine, page: Page, key: str, value: Value) -> None:
    """`page[key] = value`."""
    name = page.name
    if name == "location":
        _set_location(machine, key, value)
    elif name == "opened":
        if key == "location":
            machine.out.target(machine, "popup", value)
    elif name in WINDOWS:
        if not assign_window(machine, key, value):
            machine.write(machine.globals.vars, key, value)
    elif name == "document":
        _set_document(machine, key, value)
    elif key.startswith("on"):
        listened(machine, page, key[2:], value)


def _set_location(machine: Machine, key: str, value: Value) -> None:
    if key == "href":
        machine.out.target(machine, "navigate", value)
    elif key in {"host", "hostname"}:
        machine.out.target(machine, "navigate", binary(machine, "+", "//", value))


def _set_document(machine: Machine, key: str, value: Value) -> None:
    machine.doubt()
    if key in {"location", "URL"}:
        machine.out.target(machine, "navigate", value)
    elif key == "body" and not isinstance(value, Element) and machine.tries:
        # Kits do this to be thrown into their `catch` in a browser and nowhere else.
        raise Thrown(Obj("Error", {"message": "TypeError"}))
    elif key.startswith("on"):
        listened(machine, Page("document"), key[2:], value)
    elif key not in {"cookie", "title", "domain"}:
        machine.write(machine.globals.vars, f"document.{key}", value)


def assign_window(machine: Machine, name: str, value: Value) -> bool:
    """Setting a global name that the browser watches; False for any other name."""
    if name == "location":
        machine.out.target(machine, "navigate", value)
        return True
    if name.startswith("on") and isinstance(value, Func | Native) and name[2:].isalpha():
        listened(machine, Page("window"), name[2:], value)
        return True
    return False
