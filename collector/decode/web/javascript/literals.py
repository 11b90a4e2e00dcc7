"""What is written out in a script: texts with their escapes, and lists and tables of constants."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from collector.decode.web.javascript import steps
from collector.decode.web.javascript.holes import from_code
from collector.decode.web.javascript.values import made
from collector.decode.web.kept import forgets

if TYPE_CHECKING:
    from collector.decode.web.javascript.tree import Syntax

_ESCAPE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": "", "\r": "", "\u2028": "", "\u2029": ""}
# As the grammar takes a text of a script apart.
_SEQUENCE = re.compile(r"(\\(?:[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|\r\n|[^xu0-7]))", re.DOTALL)
# Texts, numbers and their lists and tables; no name, sign or comment, so that there is nothing in them to work out.
_DULL_TEXT = r""""(?:[^"\\\n]|\\.)*+"\s*:?|'(?:[^'\\\n]|\\.)*+'\s*:?"""
_DULL = re.compile(rf"\((?:[\s{{}}\[\],]|{_DULL_TEXT}|-?\d++(?:\.\d++)?(?![\w.])|(?:true|false|null)(?![\w$])|[A-Za-z_$][\w$]*+\s*:)*+\)", re.DOTALL)
_OCTAL = re.compile(r"[0-7]{1,3}")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# A text with so many escapes is written to be unreadable; a few are quotes and line ends.
_MANY_ESCAPES = 4


def units(text: str) -> str:
    """Text as UTF-16 code units."""
    return text if text.isascii() else _ASTRAL.sub(lambda found: _halves(found[0]), text)


def _halves(character: str) -> str:
    code = ord(character) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


@lru_cache(maxsize=1024)  # a pure function, so the cache is no state
def escaped(text: str) -> str:
    """What one escape sequence stands for."""
    body = text[1:]
    if body in _ESCAPE:
        return _ESCAPE[body]
    if _OCTAL.fullmatch(body):
        return chr(int(body, 8) & 0xFF)
    digits = body[1:].strip("{}")
    if body[:1] in {"x", "u"} and re.fullmatch(r"[0-9a-fA-F]{1,6}", digits):
        code = int(digits, 16)
        return units(chr(code)) if code <= 0x10FFFF else "\ufffd"
    return body


forgets(escaped.cache_clear)


def plain(text: str) -> str:
    """What stands between the escape sequences of a text."""
    return from_code(units(text))


def text_of(node: Syntax) -> str:
    """What a text between quotes says."""
    parts = _parts(node)
    escapes = sum(len(sequence) > 2 for sequence in parts[1::2])
    parts[::2] = map(plain, parts[::2])
    parts[1::2] = map(escaped, parts[1::2])
    return made("".join(parts), steps.ESCAPES if escapes >= _MANY_ESCAPES else 0)


def _parts(node: Syntax) -> list[str]:
    """What stands between the quotes of a text: plain parts and escape sequences in turns. Not by the parts of the tree, of which each costs more."""
    if not node.is_broken():
        return _SEQUENCE.split(node.text()[1:-1])
    parts = [""]
    for child in node.children():
        if child.kind == "escape_sequence":
            parts += [child.text(), ""]
        else:
            parts[-1] += child.text()
    return parts


def is_dull(arguments: str) -> bool:
    """Whether arguments in their brackets are constants alone: no name, sign, function or comment in them."""
    return _DULL.fullmatch(arguments) is not None
