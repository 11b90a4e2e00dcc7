"""Words of ways on as they are used, not only read; and the forms that hide them.

Each look begins at a word that stands in few scripts and that is found by comparing bytes; what stands before it is looked at only there. One
expression of all forms would try each of them at each letter, which cost more than all else that is done about most scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLAIN = ("importScripts", "serviceWorker", "requestPermission", "getScript", "javascript:", "navigate(")
# An expression begins with its word; what must not stand before it is asked behind it.
_USED = (
    ("location", re.compile(
        r"location(?:(?<!\wlocation)(?:(?:\s*\.\s*(?:href|host|hostname))?\s*=(?!=)|\s*\.\s*(?:replace|assign)\b)|(?<=[\"']location)[\"'])"
    )),
    ("open", re.compile(
        r"open(?:(?<![\w$.]open)\s*\(|(?<=\.open)\s*\((?!\s*(?:[\"'](?:GET|POST|PUT|HEAD|DELETE|OPTIONS|get|post)|[\w$.]{1,12}\.(?:type|method|httpMethod))))"
    )),
    (".write", re.compile(r"\.write(?:ln)?\s*\(")),
    ("setTimeout", re.compile(r"setTimeout\s*\(\s*[\"']")),
    ("setInterval", re.compile(r"setInterval\s*\(\s*[\"']")),
    ("import", re.compile(r"import(?<!\wimport)\b")),
    (".click", re.compile(r"\.click\s*\(\s*\)")),
)  # fmt: skip
_SENT = re.compile(r"submit\s*\(")
# `location` taken out of an object, and handed on.
_TAKEN = re.compile(r"location(?<!\wlocation)\b(?=[^{}]{0,60}\}\s*=)")
_TAKEN_BEFORE = 61
_HANDED = re.compile(r"location\s*(?:[,);\]}|]|\Z)")
_MEMBER = re.compile(r"(?<!\w)\w{1,20}\.\Z")
_MEMBER_BEFORE = 22
_HANDED_BY = "=(,[:?"
# Letters written as escapes in a row; a member of the window by a name in pieces or by one that matters.
_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u\{?00[2-7][0-9a-fA-F]\}?|[0-7]{3})"
_ESCAPES = re.compile(_ESCAPE * 3)
_WITH = re.compile(r"with(?<!\wwith)\s*\(\s*(?:document|window|location)")
_OWNERS = ("window", "self", "top", "this", "parent", "document", "globalThis", "location", "frames")
_LONGEST_OWNER = max(map(len, _OWNERS))
_BY_NAME = re.compile(
    r"\[(?=\s*(?:[\"'](?:loc|ope|eva|wri|ato|une|cre|Fun|nav|hre|rep|ass|exe|set|\\)|[\"'][^\"']{0,16}[\"']\s*[+.]|[\w$]+\s*[(+]))"
)  # fmt: skip
_ADDED = re.compile(r"\+\s*[\"']")


def leads_on(source: str) -> bool:
    """Whether a way on is in use, as far as words tell."""
    if any(word in source for word in _PLAIN) or any(used.search(source) for word, used in _USED if word in source):
        return True
    if any(_before(source, at).endswith(".") for at in _places(_SENT, "submit", source)):
        return True
    return "location" in source and (
        any(_opens(source, at) for at in _places(_TAKEN, "location", source)) or any(_hands(source, at) for at in _places(_HANDED, "location", source))
    )


def hides_names(source: str) -> bool:
    """Whether names of ways on could be written as escapes, in pieces, or left to `with`."""
    if ("\\" in source and _ESCAPES.search(source)) or ("with" in source and _WITH.search(source)):
        return True
    return any(_before(source, at).endswith(_OWNERS) for at in _places(_BY_NAME, "[", source))


def adds_pieces(source: str) -> bool:
    """Whether two texts stand beside each other with nothing but a plus between."""
    return any(_before(source, at).endswith(("'", '"')) for at in _places(_ADDED, "+", source))


def _places(form: re.Pattern[str], word: str, source: str) -> Iterator[int]:
    """Where a form begins that begins with the word."""
    return (found.start() for found in form.finditer(source)) if word in source else iter(())


def _before(source: str, at: int) -> str:
    """The last letters before a place, blanks left out."""
    near = source[max(0, at - 2 * _LONGEST_OWNER) : at].rstrip()
    return near if len(near) >= _LONGEST_OWNER else source[:at].rstrip()


def _opens(source: str, at: int) -> bool:
    near = source[max(0, at - _TAKEN_BEFORE) : at]
    return near.rfind("{") > near.rfind("}")


def _hands(source: str, at: int) -> bool:
    member = _MEMBER.search(source[max(0, at - _MEMBER_BEFORE) : at])
    before = _before(source, at - len(member[0]) if member else at)
    return before != "" and before[-1] in _HANDED_BY
