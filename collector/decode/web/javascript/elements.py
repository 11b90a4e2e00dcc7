"""Nodes of the page that a script makes, changes, and puts in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.arguments import arg, text_arg
from collector.decode.web.javascript.code import run_value
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.functions import EVENTS
from collector.decode.web.javascript.operators import binary
from collector.decode.web.javascript.values import UNDEFINED, Array, Either, Element, Func, Native, NativeCall, Obj, Page, Unknown, Value, steps_of

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

PAGE = frozenset({"page"})
_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "script": ("src",), "iframe": ("src",), "frame": ("src",), "embed": ("src",), "object": ("data",), "base": ("href",),
}  # fmt: skip
_WHAT = {"script": "script", "iframe": "frame", "frame": "frame"}
_CODE = ("text", "textContent", "innerText", "innerHTML")
_AUTOMATIC = frozenset({"load", "DOMContentLoaded", "readystatechange", "pageshow", "error", "deviceready", "turbolinks:load", "canplay"})
_CLICKS = frozenset({"click", "mousedown", "mouseup", "touchstart", "touchend", "pointerdown", "pointerup", "keydown"})
_RELATIVES = frozenset({
    "parentNode", "parentElement", "firstChild", "lastChild", "nextSibling", "previousSibling", "firstElementChild", "lastElementChild",
    "nextElementSibling", "offsetParent",
})  # fmt: skip
_MANY = frozenset({"childNodes", "children", "options", "elements", "rows", "cells", "forms", "links", "scripts", "images"})
_SEARCHES = frozenset({"getElementById", "getElementsByTagName", "getElementsByClassName", "getElementsByName", "querySelector", "querySelectorAll", "closest"})


def make(machine: Machine, tag: str) -> Element:
    """`document.createElement(tag)`."""
    element = Element(tag.lower().strip())
    if len(machine.out.made) < 200:
        machine.out.made.append(element)
    return element


def found(tag: str = "") -> Element:
    """A node that stands in the page already."""
    return Element(tag, found=True)


def searched(machine: Machine, _this: Value, args: list[Value]) -> Value:
    """`getElementById` and its like; by a tag's name the tag is known."""
    asked = text_arg(machine, args, 0)
    own = next((element for element in machine.out.made if asked.removeprefix("#") == element.props.get("id", element.attributes.get("id"))), None)
    if own is not None:
        return own
    name = asked.split(" ")[-1].split("[")[0].split(".")[0].split("#")[0].lower()
    return found(name if name.isalpha() and len(name) < 10 else "")


# Putting in


def inserted(machine: Machine, value: Value) -> None:
    """A node becomes part of the page."""
    if isinstance(value, Either):
        for option in value.options:
            inserted(machine, option)
    elif isinstance(value, Array):
        for item in value.items[:50]:
            inserted(machine, item)
    elif isinstance(value, Element):
        machine.budget.spend(1)
        value.inserted = True
        if value.tag == "#fragment" or value.children:
            for child in value.children[:200]:
                inserted(machine, child)
        settle(machine, value)


def settle(machine: Machine, element: Element) -> None:
    """What a node does once it is in the page."""
    if element.found:
        return
    for name in _ADDRESSES.get(element.tag, ()):
        address = element.attributes.get(name)
        if address is not None and _first(element, name, address):
            _load(machine, element.tag, name, address)
    if element.tag == "script" and "src" not in element.attributes:
        _run_script(machine, element)
    elif element.tag == "meta" and "content" in element.attributes:
        _meta(machine, element)
    else:
        for name in ("srcdoc", "innerHTML"):
            inner = element.attributes.get(name)
            if inner is not None and _first(element, name, inner):
                machine.out.write(machine, inner)


def _first(element: Element, name: str, value: Value) -> bool:
    mark = f"{name}={value}"[:400] if isinstance(value, str) else f"{name}#{id(value)}"
    if mark in element.seen:
        return False
    element.seen.add(mark)
    return True


def _load(machine: Machine, tag: str, name: str, address: Value) -> None:
    what = _WHAT.get(tag)
    if what is not None:
        machine.out.target(machine, what, address)
    else:
        machine.out.write(machine, _tagged(machine, f'<{tag} {name}="', address, '">'))


def _tagged(machine: Machine, before: str, value: Value, after: str) -> Value:
    return binary(machine, "+", binary(machine, "+", before, value), after)


def _meta(machine: Machine, element: Element) -> None:
    kind = element.attributes.get("http-equiv", element.attributes.get("httpEquiv", ""))
    content = element.attributes["content"]
    if isinstance(kind, str) and kind.lower() == "refresh" and _first(element, "content", content):
        machine.out.write(machine, _tagged(machine, '<meta http-equiv="refresh" content="', content, '">'))


def _run_script(machine: Machine, element: Element) -> None:
    kind = element.attributes.get("type", "")
    if isinstance(kind, str) and kind and "javascript" not in kind.lower() and kind.lower() != "module":
        return
    for name in _CODE:
        code = element.attributes.get(name)
        if code is not None and _first(element, "code", code):
            run_value(machine, code, machine.globals, steps.EVAL, "script text")


# Members


def element_property(_machine: Machine, element: Element, key: str) -> Value:
    """`element[key]`."""
    if key in element.props:
        return element.props[key]
    if key in element.attributes:
        return element.attributes[key]
    if key in METHODS:
        return METHODS[key]
    if key.isdecimal():
        return element
    return _browser_property(element, key)


def _browser_property(element: Element, key: str) -> Value:
    if key == "style":
        return element.props.setdefault(key, Obj("style"))
    if key in {"dataset", "classList"}:
        return Unknown(f"element.{key}", PAGE)
    if key in {"tagName", "nodeName"} and element.tag:
        return element.tag.upper()
    if key in _RELATIVES or key in _MANY:
        return found()
    if key in {"contentWindow", "contentDocument", "ownerDocument"}:
        return Obj("frame", {"document": Page("document")}) if key == "contentWindow" else Page("document")
    if key in {"length", "size"} or element.found or not element.tag:
        return Unknown(f"element.{key}"[:60], PAGE)
    return UNDEFINED if key not in {"value", "href", "src"} else ""


def set_on_element(machine: Machine, element: Element, key: str, value: Value) -> None:
    """`element[key] = value`."""
    if key.startswith("on"):
        listened(machine, element, key[2:], value)
        return
    if key in {"style", "className", "id"}:
        machine.write(element.props, key, value)
        return
    name = {"text": "text", "httpEquiv": "http-equiv"}.get(key, key)
    machine.write(element.attributes, name, value)
    if key in {"outerHTML", "innerHTML"} and (element.found or key == "outerHTML"):
        machine.out.write(machine, value)
    elif element.found and key in {"src", "action", "srcdoc"}:
        _set_on_found(machine, element, key, value)
    elif element.inserted:
        settle(machine, element)


def _set_on_found(machine: Machine, element: Element, key: str, value: Value) -> None:
    if key == "srcdoc":
        machine.out.write(machine, value)
    elif key == "src" and element.tag in _WHAT:
        machine.out.target(machine, _WHAT[element.tag], value)


def listened(machine: Machine, owner: Value, event: str, function: Value) -> None:
    """A listener: some events come by themselves, the others from people; on the whole page any click is one."""
    this = owner
    given: list[Value] = [Unknown("event", PAGE)]
    if event in _AUTOMATIC or not event:
        machine.later(function, given, this)
        return
    whole = isinstance(owner, Page) or (isinstance(owner, Element) and owner.tag in {"body", "html"})
    machine.later(function, given, Unknown("element", PAGE) if isinstance(owner, Element) and owner.found else this,
                  immediate=False, worthy=whole and event in _CLICKS, listen=event if whole else "")  # fmt: skip


def _listen(machine: Machine, this: Value, args: list[Value]) -> Value:
    event = text_arg(machine, args, 0)
    function = arg(args, 1)
    if isinstance(function, Obj) and isinstance(function.props.get("handleEvent"), Func):
        function = function.props["handleEvent"]
    listened(machine, this, event.removeprefix("on") if event[2:] in EVENTS or event[2:] in _AUTOMATIC else event, function)
    return UNDEFINED


def _append(machine: Machine, this: Value, args: list[Value]) -> Value:
    if any(isinstance(value, str) for value in args):
        # A text is no node; kits do this to be thrown into their `catch`.
        machine.doubt()
    for value in args:
        if isinstance(this, Element) and not this.inserted:
            this.children.append(value)
            if isinstance(value, str) and this.tag == "script":
                this.attributes["text"] = binary(machine, "+", this.attributes.get("text", ""), value)
        elif isinstance(this, Element) and this.tag == "script" and isinstance(value, str):
            run_value(machine, value, machine.globals, steps.EVAL, "script text")
        else:
            inserted(machine, value)
    return arg(args, 0)


def _put_beside(machine: Machine, _this: Value, args: list[Value]) -> Value:
    for value in args:
        inserted(machine, value)
    return arg(args, 0)


def _replace_child(machine: Machine, _this: Value, args: list[Value]) -> Value:
    inserted(machine, arg(args, 0))
    return arg(args, 1)


def _insert_adjacent(machine: Machine, _this: Value, args: list[Value]) -> Value:
    value = arg(args, 1)
    if isinstance(value, Element):
        inserted(machine, value)
    else:
        machine.out.write(machine, value)
    return value


def _set_attribute(machine: Machine, this: Value, args: list[Value]) -> Value:
    name = text_arg(machine, args, 0)
    value = arg(args, 1)
    if not isinstance(this, Element):
        return UNDEFINED
    if name.startswith("on") and isinstance(value, str):
        listened(machine, this, name[2:], _text_listener(value))
    else:
        set_on_element(machine, this, name, value)
    return UNDEFINED


def _text_listener(code: str) -> Native:
    return Native("listener", lambda machine, _this, _args: machine.run_text(code, machine.globals, steps_of(code)), lenient=True)


def _get_attribute(machine: Machine, this: Value, args: list[Value]) -> Value:
    name = text_arg(machine, args, 0)
    if isinstance(this, Element) and name in this.attributes:
        return this.attributes[name]
    return None if isinstance(this, Element) and not this.found else Unknown(f"attribute {name}"[:60], PAGE)


def _click(machine: Machine, this: Value, _args: list[Value]) -> Value:
    """A made link that the script clicks itself; a listener it put there runs as well."""
    if isinstance(this, Element) and this.tag in {"a", "area"} and "href" in this.attributes:
        blank = text_of(machine, this.attributes.get("target", "")) not in {"", "_self", "_top", "_parent"}
        machine.out.target(machine, "popup" if blank else "navigate", this.attributes["href"])
    return UNDEFINED


def _submit(machine: Machine, this: Value, _args: list[Value]) -> Value:
    if isinstance(this, Element) and "action" in this.attributes:
        machine.out.target(machine, "form", this.attributes["action"])
    return UNDEFINED


def _each(machine: Machine, this: Value, args: list[Value]) -> Value:
    machine.later(arg(args, 0), [this if isinstance(this, Element) else UNDEFINED, 0.0], worthy=False)
    return UNDEFINED


def _nothing(_machine: Machine, _this: Value, _args: list[Value]) -> Value:
    return UNDEFINED


_RUNS: Mapping[str, NativeCall] = {
    "appendChild": _append, "append": _append, "prepend": _append, "insertBefore": _replace_child, "replaceChild": _replace_child, "before": _put_beside,
    "after": _put_beside, "replaceWith": _put_beside, "replaceChildren": _put_beside, "insertAdjacentElement": _insert_adjacent,
    "insertAdjacentHTML": _insert_adjacent, "setAttribute": _set_attribute, "getAttribute": _get_attribute, "click": _click, "dispatchEvent": _click,
    "submit": _submit, "requestSubmit": _submit, "addEventListener": _listen, "attachEvent": _listen, "forEach": _each, "remove": _nothing,
    "removeChild": _nothing, "removeAttribute": _nothing, "focus": _nothing, "blur": _nothing, "item": lambda _machine, this, _args: this,
    "cloneNode": lambda _machine, this, _args: this, "removeEventListener": _nothing, "hasAttribute": lambda _m, _t, _a: Unknown("attribute", PAGE),
    **dict.fromkeys(_SEARCHES, searched),
}  # fmt: skip
METHODS: Mapping[str, Native] = {name: Native(name, run, lenient=True) for name, run in _RUNS.items()}
