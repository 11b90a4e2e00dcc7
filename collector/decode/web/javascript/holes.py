"""Texts with unknown pieces: a hole is one character of plane 16 that stands for one unknown value.

The page's own address is such a value: `location.href` is the hole HREF, so that a target made of it is known to stay on the page's own host
without knowing which host that is. Such a target comes out as a path (`/...`, `?...`), to be joined to the page's address.

What an unknown value can be about: `own` (the page's address), `page` (its elements), `referrer`, `userAgent`, `language`, `screen`, `time`,
`random`, `cookie`, `storage`, `answer` (what another host answered), `name` (a variable of another script), `argument` (of a function nobody
calls here), `hidden` (decoded from an unknown value), `bound` (more work than a script is given).
"""

from __future__ import annotations

import re

from collector.decode.web.javascript.values import Unknown

BASE = 0x100000
LIMIT = 4000
OWN = frozenset({"own"})
HREF, ORIGIN, PROTOCOL, HOST, PATH = (chr(BASE + place) for place in range(5))
FIXED = (
    Unknown("location.href", OWN),
    Unknown("location.origin", OWN),
    Unknown("location.protocol", OWN),
    Unknown("location.host", OWN),
    Unknown("location.pathname", OWN),
)
HOLE = re.compile("[\U00100000-\U0010ffff]")
_NAME = re.compile(r"_hole_(\d{1,5})_")
# A target that begins with a value about these alone leads nowhere else, or back.
HARMLESS = frozenset({"own", "page", "referrer", "language", "screen", "time", "random", "userAgent"})

_OWN_START = re.compile(f"(?:{HREF}|{ORIGIN}|(?:{PROTOCOL}//|https?://|//)(?:www\\.|m\\.|mobile\\.)?{HOST})(?:{PATH}|[^./?#]*)")
_AUTHORITY = re.compile(r"(?:[a-zA-Z]+:)?[\\/]{2,}([^/?#\\]*)")
_HOLE_FIRST = re.compile("(?:[a-zA-Z]+:)?[\U00100000-\U0010ffff]")
_NAMED_END = re.compile(r"\.[\w-]+\.[a-zA-Z][\w-]+(?::\d+)?\Z")


def has_hole(text: str) -> bool:
    """Whether a piece of the text is not known."""
    return not text.isascii() and HOLE.search(text) is not None


def without_holes(text: str) -> str:
    """A script as it came, in which nothing passes for a hole."""
    return HOLE.sub("\ufffd", text) if has_hole(text) else text


def to_code(text: str) -> str:
    """A text with holes as code that can be parsed: each hole a name, which stands for the same hole again where it is met in a text."""
    text = unforged(text)
    return HOLE.sub(lambda found: f"_hole_{ord(found[0]) - BASE}_", text) if has_hole(text) else text


def unforged(text: str) -> str:
    """Code in which nothing passes for a hole's name that is none."""
    return text.replace("_hole_", "_hale_") if "_hole_" in text else text


def from_code(text: str) -> str:
    """Part of such code as text again."""
    return _NAME.sub(lambda found: chr(BASE + min(int(found[1]), LIMIT)), text) if "_hole_" in text else text


def hole_number(name: str) -> int:
    """Which hole a name in such code stands for; -1 for any other name."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else -1


def plain_target(text: str) -> str | None:
    """An address with holes as one without: own ones as paths, unknown pieces behind a known host left out; None where the host is not known.

    An unknown label before a known name (`RANDOM.example.test`) becomes `x`, for the name is what counts.
    """
    text = text.strip()
    own = _OWN_START.match(text)
    if own and text[own.end() : own.end() + 1] != ".":
        rest = HOLE.sub("", text[own.end() :])
        return rest if rest[:1] in {"/", "?", "#"} and rest[:2] != "//" else "/" + rest.lstrip("/")
    text = text.replace(ORIGIN, "https://" + HOST).replace(PROTOCOL, "https:")
    if named := _AUTHORITY.match(text):
        host = named[1]
        if has_hole(host) and not _NAMED_END.search(host):
            return None
        return text[: named.start(1)] + HOLE.sub("x", host) + HOLE.sub("", text[named.end(1) :])
    return None if _HOLE_FIRST.match(text) else HOLE.sub("", text)
