"""Dean Edwards' packer, by its parameters: reading its loop step by step would cost a hundred times more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.convert import number_of
from collector.decode.web.javascript.values import Array, Func, Value, made

if TYPE_CHECKING:
    from collector.decode.web.javascript.machine import Machine

_NAMES = re.compile(rb"\(\s*p\s*,\s*a\s*,\s*c\s*,\s*k\s*,\s*e\s*,\s*[rd]\s*\)")
_WORD = re.compile(r"\b\w{1,8}\b", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def unpack(machine: Machine, function: Func, args: Sequence[Value]) -> list[Value]:
    """The unpacked text alone in a list; an empty list where this is another function."""
    given = function.node.field("parameters")
    if len(args) < 4 or given is None or not _NAMES.fullmatch(given.bytes()):
        return []
    packed, base, words = args[0], number_of(machine, args[1]), args[3]
    if not isinstance(packed, str) or not isinstance(base, float) or not isinstance(words, Array) or not 2 <= base <= len(_DIGITS):
        return []
    table = [word if isinstance(word, str) else "" for word in words.items]
    radix = int(base)
    machine.budget.spend(10 + len(packed) // 100)

    def word(found: re.Match[str]) -> str:
        place = _place(found[0], radix)
        return (table[place] if place < len(table) else "") or found[0]

    text = _WORD.sub(word, packed)
    machine.budget.make(len(text))
    return [made(text, steps.PACKER)]


def _place(text: str, radix: int) -> int:
    place = 0
    for character in text:
        digit = _DIGITS.find(character)
        if not 0 <= digit < radix:
            return 1 << 30
        place = place * radix + digit
    return place
