"""What a script was seen to do, collected: targets without holes, each once, in the order of the reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps as ways
from collector.decode.web.javascript.convert import text_of
from collector.decode.web.javascript.holes import HARMLESS, HOLE, plain_target
from collector.decode.web.javascript.joining import MANY, merged
from collector.decode.web.javascript.markup import filled, inline_scripts, is_open, is_telling
from collector.decode.web.javascript.values import Either, Element, Unknown, Value, made, steps_of
from collector.decode.web.ways import Effect

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Context, Machine

MAX_EFFECTS = 64
MAX_UNKNOWN = 16
MAX_HOSTS = 64
_MAX_TARGET = 8192
_MAX_MARKUP = 65_536
_HOST = re.compile(r"(?<![\w.])(?:https?:)?//([a-z0-9](?:[a-z0-9-]*\.)+[a-z][a-z0-9-]+|\d{1,3}(?:\.\d{1,3}){3})(?![\w.@-])", re.IGNORECASE)
# Code that does something to the page or to the visitor.
_TELLING = re.compile(
    r"https?:|<script|<i?frame|ActiveXObject|createElement|\.src\s*=|location|eval\s*\(|unescape\s*\(|document\.write|fromCharCode|appendChild", re.IGNORECASE
)
_SCRIPT_ADDRESS = re.compile(r"\s*javascript:", re.IGNORECASE)
_SCHEME = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
# An address hidden from harvesters is shorter; a page or program that was hidden is not.
_LONG = 600
_NOWHERE = frozenset({"", "/", "#", "about:blank", "undefined", "null", "https:", "http:"})
# Unknown values that may carry a hidden target, whoever runs the code.
_SERIOUS = frozenset({"hidden", "answer", "bound"})


class Recorder:
    """Effects, what stayed unknown, and whether the script hides what it does."""

    def __init__(self, source: str) -> None:
        self._visible = source.lower()
        self.effects: dict[tuple[str, str, bool], Effect] = {}
        self.unknowns: dict[str, None] = {}
        self.hosts: dict[str, None] = {}
        self.obfuscated = False
        self.partial = False
        self._written = ""
        self._written_steps = 0
        self.made: list[Element] = []

    # Ways on

    def target(self, machine: Machine, what: str, value: Value) -> None:
        """The script leads to `value`: `navigate`, `popup`, `form`, `script`, `frame`, `worker`."""
        if isinstance(value, Either):
            for option in value.options:
                if option is not MANY:
                    self.target(machine, what, option)
            return
        if isinstance(value, Unknown):
            self.unknown(machine, what, value)
            return
        text = text_of(machine, value)[:_MAX_MARKUP]
        if _SCRIPT_ADDRESS.match(text):
            machine.run_text(made(text.split(":", 1)[1], steps_of(text)), machine.globals, 0)
            return
        address = plain_target(text)
        if address is None:
            behind = machine.behind(text)
            # Whoever writes `https://` before what stands in his page keeps another host's name there.
            kept = "page" in behind.about and _SCHEME.match(text) is not None
            self.unknown(machine, what, Unknown(behind.reason, behind.about | {"hidden"}) if kept else behind)
        elif address not in _NOWHERE:
            self._add(machine, what, merged(address)[:_MAX_TARGET], steps_of(value))

    def write(self, machine: Machine, value: Value, *, stream: bool = False) -> None:
        """The script writes markup; `stream`: by `document.write`, where one call may end the tag another began."""
        if isinstance(value, Either):
            for option in value.options:
                self.write(machine, option)
            return
        if isinstance(value, Unknown):
            if stream:
                self.unknown(machine, "write", value)
            return
        text, taken = text_of(machine, value)[:_MAX_MARKUP], steps_of(value)
        if stream:
            text, taken = self._written + text, self._written_steps | taken
            self._written, self._written_steps = (text, taken) if is_open(text) and len(text) < _MAX_MARKUP else ("", 0)
            if self._written:
                return
        self._markup(machine, text, taken)

    def flush(self, machine: Machine) -> None:
        """Take what was written so far as the whole."""
        if self._written:
            text, self._written = self._written, ""
            self._markup(machine, text, self._written_steps)

    def _markup(self, machine: Machine, text: str, taken: int) -> None:
        if "<" not in text or not (machine.context.immediate or is_telling(text)):
            return
        plain, unknown = filled(text)
        if unknown:
            self.unknown(machine, "write", machine.behind(unknown))
        self._add(machine, "write", merged(plain), taken)
        for code in inline_scripts(plain):
            machine.run_text(made(code, taken), machine.globals, 0)

    def note(self, machine: Machine, what: str, value: str) -> None:
        """An effect that leads nowhere by itself: `push`."""
        self._add(machine, what, value, 0)

    def _add(self, machine: Machine, what: str, value: str, taken: int) -> None:
        context = machine.context
        taken |= context.steps
        if context.listen and what in {"navigate", "popup"} and _HOST.search(value):
            self._keep(Effect("listen", context.listen, "", False, 0.0, context.layers))
        self._keep(Effect(what, value, _folded(taken, context), context.immediate, context.delay, context.layers))
        for host in found_hosts(value):
            if self._hidden(host):
                self.hosts.setdefault(host)
                self.obfuscated = self.obfuscated or bool(taken)
        if taken & ways.HIDING and what == "write" and (is_telling(value) or len(value) > _LONG):
            self.obfuscated = True

    def _keep(self, effect: Effect) -> None:
        if len(self.effects) < MAX_EFFECTS:
            self.effects.setdefault((effect.what, effect.value, effect.immediate), effect)
        else:
            self.unknowns.setdefault("too many effects")

    # What stayed unknown

    def unknown(self, machine: Machine, what: str, value: Unknown) -> None:
        """`value` could send a visitor on or load code; told where it is worth telling (`holes.py`, `machine.Context`)."""
        context = machine.context
        if value.about and value.about <= HARMLESS:
            return
        if context.worthy or (context.immediate and value.about & _SERIOUS):
            self._tell(f"{what}: {value.reason}")

    def bound(self, reason: str) -> None:
        """A bound was met; in a part of a bundle, cut out of it, that says nothing."""
        if not self.partial:
            self._tell(f"bound: {reason}")

    def _tell(self, reason: str) -> None:
        if len(self.unknowns) < MAX_UNKNOWN:
            self.unknowns.setdefault(" ".join(HOLE.sub("…", reason).split())[:100])

    # Text that was hidden

    def decoded(self, text: str) -> str:
        """A text that was decoded; the hosts in it were hidden."""
        if "//" in text:
            for host in found_hosts(text):
                if self._hidden(host) and len(self.hosts) < MAX_HOSTS:
                    self.hosts.setdefault(host)
        return text

    def is_open(self, text: str) -> bool:
        """Whether a text can be read in the script as it came."""
        return text.lower() in self._visible

    def ran(self, text: str, taken: int) -> None:
        """A text is run as code."""
        self.decoded(text)
        found = _TELLING.search(text)
        if found is None or len(text) < 20:
            return
        hidden = taken & ways.HIDING & ~ways.PACKER or (taken & ~ways.RUNNING and found[0].lower() not in self._visible)
        if hidden or (taken & ways.PACKER and any(self._hidden(host) for host in found_hosts(text))):
            self.obfuscated = True

    def handed(self, text: str) -> None:
        """A text is handed to a plug-in or loader of the system (`ActiveXObject`, `WScript`): hiding its name or where it loads from has one reason."""
        self.decoded(text)
        if steps_of(text) and not self.is_open(text) and (steps_of(text) & ways.HIDING or found_hosts(text) or text.count(".") == 1):
            self.obfuscated = True

    def _hidden(self, host: str) -> bool:
        """Whether the name cannot be read in the script as it came."""
        name = host if host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])
        return name not in self._visible


def found_hosts(text: str) -> list[str]:
    """Host names of the addresses in a text."""
    return list(dict.fromkeys(found[1].lower() for found in _HOST.finditer(text)))[:MAX_HOSTS] if "//" in text else []


def _folded(taken: int, context: Context) -> str:
    return ", ".join(part for part in (ways.told(taken), *context.conditions) if part)
