"""Regular expressions of scripts as Python's, where that is safe.

A hostile expression can take for ever in a backtracking engine. So only those are taken over whose repeats do not nest, and a text may be the
shorter the more repeats there are that what follows them could take characters from.
"""

from __future__ import annotations

import re

_ESCAPES = {"d": "[0-9]", "D": "[^0-9]", "w": "[A-Za-z0-9_]", "W": "[^A-Za-z0-9_]", "s": r"\s", "S": r"\S"}
_IN_CLASS = {"d": "0-9", "w": "A-Za-z0-9_", "s": r"\s", "S": r"\S", "D": r"\D", "W": r"\W", "b": r"\x08"}
_CONTROLS = {"n": r"\n", "r": r"\r", "t": r"\t", "v": r"\v", "f": r"\f", "0": r"\x00"}
# How long a text may be by the number of repeats that compete with what follows them, and how many small choices there may be.
_LENGTHS = (1 << 20, 10_000, 300, 60)
_MAX_CHOICES = 8
_MAX_PATTERN = 20_000
_REPEAT = re.compile(r"[*+?]\??|\{(\d{1,5})(?:(,)(\d{0,5}))?\}\??")
_HEX = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,4})\}")
# Sets of characters are bits: one for each of ASCII, the last for all others.
_ASCII = [chr(code) for code in range(128)]
_EVERY = (1 << 129) - 1


class Pattern:
    """A compiled expression with the longest text it may be used on."""

    __slots__ = ("compiled", "longest", "repeats")

    def __init__(self, compiled: re.Pattern[str], repeats: int) -> None:
        self.compiled = compiled
        self.repeats = repeats
        self.longest = _LENGTHS[repeats]

    def cost(self, text: str) -> int:
        """Steps of the budget that one search of the whole text is worth at worst."""
        return int(len(text) ** (1 + self.repeats) // (4000 if self.repeats else 40_000))


class _Refused(Exception):
    """The expression has a construct that is not taken over."""


class _Translator:
    """One pass over an expression."""

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
        self.repeated = False
        self.at = 0
        self.out: list[str] = []
        # Per open group: whether it holds a repeat or a choice, so that a repeat of it could be read in many ways.
        self.groups: list[bool] = [False]
        self.ended_group = False
        self.closed_repeats = False
        # What the repeats before this place take, as long as nothing certain has come between.
        self.pending: list[int] = []
        self.atom = _EVERY
        self.repeats = 0
        self.competing = 0
        self.choices = 0

    def run(self) -> str:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if len(self.groups) != 1:
            raise _Refused
        return "".join(self.out)

    def open_repeats(self) -> int:
        """How many repeats may have to be tried at several lengths."""
        return max(self.competing, min(1, self.repeats))

    def _step(self, character: str) -> None:
        if found := _REPEAT.match(self.source, self.at):
            self._repeat(found)
            return
        self.ended_group = self.repeated = False
        match character:
            case "\\":
                self._escape()
            case "[":
                self._class()
            case "(":
                self._open()
            case ")":
                self._close()
            case "$":
                self._meet(_EVERY)
                self._put("$" if "m" in self.flags else r"\Z", 1)
            case ".":
                self._put_atom(r"[\s\S]" if "s" in self.flags else r"[^\n\r]", 1)
            case "|":
                # A repeated group of alternatives can be read in many ways.
                self.groups[-1] = True
                self.pending = [] if len(self.groups) == 1 else [_EVERY] * len(self.pending)
                self._put(character, 1)
            case "^":
                self._put(character, 1)
            case _:
                self._put_atom(re.escape(character), 1)

    def _put(self, text: str, length: int) -> None:
        self.out.append(text)
        self.at += length

    def _put_atom(self, text: str, length: int) -> None:
        """Something that takes one character."""
        self._put(text, length)
        self.atom = _characters(text) if self.pending or _REPEAT.match(self.source, self.at) else _EVERY
        following = _REPEAT.match(self.source, self.at)
        self._meet(self.atom)
        if following is None or following[0][0] == "+" or int(following[1] or 0) > 0:
            self.pending = []

    def _meet(self, characters: int) -> None:
        """Something follows the pending repeats: those compete that could have taken its characters."""
        competing = [pending for pending in self.pending if pending & characters]
        self.competing += len(competing)
        self.pending = [pending for pending in self.pending if not pending & characters]

    def _repeat(self, found: re.Match[str]) -> None:
        text = found[0]
        if not self.out or self.repeated or (self.ended_group and self.closed_repeats) or int(found[1] or 0) > 1000 or int(found[3] or 0) > 1000:
            raise _Refused
        self.groups[-1] = True
        if text[0] in "*+" or found[2]:
            rest = self.source[self.at + len(text) :]
            # A repeat at the very end takes what it can and never comes back for it.
            self.repeats += bool(rest.strip(")")) and not (rest[0] == "|" and len(self.groups) == 1)
            self.pending.append(_EVERY if self.ended_group else self.atom)
        elif text[0] == "?":
            self.choices += 1
        self._put(text, len(text))
        self.ended_group = False
        self.repeated = True

    def _escape(self) -> None:
        following = self.source[self.at + 1 : self.at + 2]
        if not following:
            raise _Refused
        if found := _HEX.match(self.source, self.at + 1):
            self._put_atom(re.escape(chr(int(found[1] or found[2] or found[3], 16))), len(found[0]) + 1)
        elif following in _ESCAPES:
            self._put_atom(_ESCAPES[following], 2)
        elif following in _CONTROLS:
            self._put_atom(_CONTROLS[following], 2)
        elif following in "bB" or following in "123456789":
            self._meet(_EVERY if following.isdigit() else 0)
            self._put("\\" + following, 2)
        elif following in "kpPc":
            raise _Refused
        else:
            self._put_atom(re.escape(following), 2)

    def _class(self) -> None:
        end = self.at + 1
        while end < len(self.source) and self.source[end] != "]":
            end += 2 if self.source[end] == "\\" else 1
        body = self.source[self.at + 1 : end]
        negated = body.startswith("^")
        inner = _class_body(body[negated:])
        text = f"[{'^' if negated else ''}{inner}]" if inner else (r"[\s\S]" if negated else r"(?!)")
        self._put_atom(text, end + 1 - self.at)

    def _open(self) -> None:
        head = "("
        if self.source.startswith("(?", self.at):
            head = self.source[self.at : self.at + 3]
            if head not in {"(?:", "(?=", "(?!"}:
                raise _Refused
        self.groups.append(False)
        self._put(head, len(head))

    def _close(self) -> None:
        if len(self.groups) < 2:
            raise _Refused
        self.closed_repeats = self.groups.pop()
        self.groups[-1] = self.groups[-1] or self.closed_repeats
        self._put(")", 1)
        self.ended_group = True


def _characters(text: str) -> int:
    """Which characters an atom takes."""
    try:
        pattern = re.compile(text)
    except re.error:
        return _EVERY
    bits = 1 << 128 if pattern.match("\u4e00") or (len(text) == 1 and not text.isascii()) else 0
    for code, character in enumerate(_ASCII):
        if pattern.match(character):
            bits |= 1 << code
    return bits or _EVERY


def _class_body(body: str) -> str:
    out, at = [], 0
    while at < len(body):
        character = body[at]
        if character != "\\":
            out.append("\\" + character if character in "[]&~|^" else character)
            at += 1
            continue
        following = body[at + 1 : at + 2]
        found = _HEX.match(body, at + 1)
        if found:
            out.append(re.escape(chr(int(found[1] or found[2] or found[3], 16))))
            at += 1 + len(found[0])
            continue
        out.append(_IN_CLASS.get(following) or _CONTROLS.get(following) or re.escape(following))
        at += 2
    return "".join(out).replace("--", r"-\-")


def compiled(source: str, flags: str) -> Pattern | None:
    """The expression for Python, None where it is not understood or could take too long."""
    if len(source) > _MAX_PATTERN:
        return None
    translator = _Translator(source, flags)
    try:
        text = translator.run()
        found = re.compile(text, (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0))
    except (_Refused, re.error, OverflowError, RecursionError):
        return None
    if translator.open_repeats() >= len(_LENGTHS) or translator.choices > _MAX_CHOICES:
        return None
    return Pattern(found, translator.open_repeats())
