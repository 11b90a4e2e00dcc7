"""A well-known library with something of someone else's before or behind it.

Kits put their code into files every page loads already: a line before the banner of jQuery, a block behind its last brace. The library itself is
known by its banner; what stands outside the one function it consists of is not its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from collector.decode.web.javascript.fold import fold
from collector.decode.web.javascript.tree import Syntax, is_broken, parse

# What the first comment or line of a library says, and what it is called here. The version is the first number of its kind behind the name.
_BANNERS = (
    (r"jQuery UI\b", "jquery-ui"),
    (r"jQuery Migrate\b", "jquery-migrate"),
    (r"jQuery(?: JavaScript Library| Compat JavaScript Library)? v?(?=\d)", "jquery"),
    (r"\bBootstrap\b", "bootstrap"),
    (r"MooTools", "mootools"),
    (r"Prototype JavaScript framework", "prototype"),
    (r"\bSwiper\b", "swiper"),
    (r"Owl [Cc]arousel", "owl-carousel"),
    (r"wp-?emoji|[Tt]wemoji", "wp-emoji"),
    (r"[Uu]nderscore\.js", "underscore"),
    (r"[Mm]odernizr", "modernizr"),
    (r"moment(?:-timezone|-with-locales)?\.js", "moment"),
    (r"[Pp]opper(?:\.js)?|@popperjs/core", "popper"),
    (r"\bVue(?:\.js)? v", "vue"),
    (r"\bReact v|react(?:-dom)?\.production", "react"),
    (r"AngularJS", "angular"),
    (r"[Ll]odash", "lodash"),
    (r"Ken Wheeler", "slick"),
    (r"Select2", "select2"),
    (r"DataTables", "datatables"),
    (r"fancy[Bb]ox", "fancybox"),
    (r"Font Awesome", "font-awesome"),
    (r"\bD3\b|d3js\.org", "d3"),
    (r"jQuery [A-Z]\w+|[Jj][Qq]uery\.\w+\.js", "jquery-plugin"),
)
_KNOWN = tuple((re.compile(pattern), name) for pattern, name in _BANNERS)
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}(?:\.\d{1,3})?")
_VERSION_WITHIN = 120
# A line comment only at the beginning of a line: elsewhere `//` stands in addresses.
_COMMENT = re.compile(r"/\*[\s\S]{0,4096}?\*/|^[ \t]*//[^\n]{0,400}", re.MULTILINE)
# Where the banner has been looked for: behind this much foreign code a library is no longer told.
_BANNER_WITHIN = 16_384
_MAX_READ = 2_000_000
_MAX_STATEMENTS = 400
_EMPTY = frozenset({"empty_statement", ";", "comment", "html_comment"})


class Split(NamedTuple):
    """`name` with version (`jquery-3.6.0`), empty where it is no known library; its `own` text, and the code `before` and `after` it."""

    name: str
    own: str
    before: str
    after: str


def split_library(source: str) -> Split:
    """What of a script is a known library and what was put around it. Never raises."""
    found = _banner(source)
    if found is None or len(source) > _MAX_READ:
        return Split("", source, "", "")
    name, at = found
    if is_broken(source):
        return Split(name, source, "", "")
    data = source.encode("utf-8", "replace")
    banner = len(source[:at].encode("utf-8", "replace"))
    statements = [node for node in parse(source).children() if node.kind not in _EMPTY][:_MAX_STATEMENTS]
    begin, end = _bounds(statements, banner, data)
    before, after = (_code(data[:begin]), _code(data[end:]))
    return Split(name, data[begin if before else 0 : end if after else len(data)].decode("utf-8", "replace"), before, after)


def _bounds(statements: list[Syntax], banner: int, data: bytes) -> tuple[int, int]:
    """First and last byte of the library: from its banner to its end, less what around its largest statement, its own for sure, is foreign."""
    main = max(statements, key=Syntax.size, default=None)
    if main is None:
        return 0, len(data)
    start, end = main.span()
    begin = banner if banner <= start and not _is_foreign(data[banner:start]) else start
    return begin, end if _is_foreign(data[end:]) else len(data)


def _is_foreign(part: bytes) -> bool:
    """Whether code beside a library does something that a library does not: leads, loads or writes elsewhere, or hides what it does."""
    folded = fold(part.decode("utf-8", "replace"))
    return folded.obfuscated or bool(folded.unknown) or any("//" in effect.value for effect in folded.effects)


def _banner(source: str) -> tuple[str, int] | None:
    """The library's name and where its banner begins."""
    for comment in _COMMENT.finditer(source[:_BANNER_WITHIN]):
        for pattern, name in _KNOWN:
            if said := pattern.search(comment[0]):
                version = _VERSION.search(comment[0], said.end(), said.end() + _VERSION_WITHIN)
                return (f"{name}-{version[0]}" if version else name), comment.start()
    if "wpemoji" in source[:_BANNER_WITHIN] or "twemoji" in source[:_BANNER_WITHIN]:
        return "wp-emoji", 0
    return None


def _code(data: bytes) -> str:
    """The text, empty where it holds no more than comments."""
    text = data.decode("utf-8", "replace")
    return text if _has_code(text) else ""


def _has_code(text: str) -> bool:
    return bool(_COMMENT.sub("", text).strip(" \t\r\n;\ufeff"))
