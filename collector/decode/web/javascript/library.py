"""A well-known library with something of someone else's before or behind it.

Kits put their code into files every page loads already: a line before the banner of jQuery, a block behind its last brace. The library itself is
known by its banner; what stands outside the one function it consists of is not its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from collector.decode.web.javascript.tree import Syntax, parse

# What the first comment or line of a library says, and what it is called here; the version follows where it is told.
_BANNERS = (
    (r"jQuery UI\b[^\n]{0,20}?v?(\d+\.\d+\.\d+)?", "jquery-ui"),
    (r"jQuery Migrate[^\n]{0,20}?v?(\d+\.\d+\.\d+)?", "jquery-migrate"),
    (r"jQuery(?: JavaScript Library)? v?(\d+\.\d+(?:\.\d+)?)", "jquery"),
    (r"Bootstrap[^\n]{0,60}? v(\d+\.\d+\.\d+)", "bootstrap"),
    (r"MooTools[^\n]{0,80}?(\d+\.\d+(?:\.\d+)?)?", "mootools"),
    (r"Prototype JavaScript framework, version (\d[\w.]{0,12})", "prototype"),
    (r"Swiper (\d+\.\d+\.\d+)", "swiper"),
    (r"Owl Carousel v?(\d+\.\d+\.\d+)?", "owl-carousel"),
    (r"_wpemojiSettings|wp-?emoji|twemoji", "wp-emoji"),
    (r"[Uu]nderscore\.js (\d+\.\d+(?:\.\d+)?)", "underscore"),
    (r"Modernizr (?:v)?(\d+\.\d+(?:\.\d+)?)", "modernizr"),
    (r"moment\.js[\s\S]{0,80}?version : (\d+\.\d+\.\d+)", "moment"),
    (r"Popper\.js|@popperjs/core v(\d+\.\d+\.\d+)", "popper"),
    (r"Vue\.js v(\d+\.\d+\.\d+)", "vue"),
    (r"React v(\d+\.\d+\.\d+)|react(?:-dom)?\.production\.min\.js", "react"),
    (r"AngularJS v(\d+\.\d+\.\d+)", "angular"),
    (r"(?:Lodash|lodash)[^\n]{0,40}?(\d+\.\d+\.\d+)?", "lodash"),
    (r"jQuery (?:Form|Validation|Cookie|Easing|blockUI|Tools|Mobile)[\w ]{0,20}[^\n]{0,20}?v?(\d+\.\d+(?:\.\d+)?)?", "jquery-plugin"),
    (r"Slick\.js|Version: (\d+\.\d+\.\d+)\s+Author: Ken Wheeler", "slick"),
    (r"Select2 (\d+\.\d+\.\d+)", "select2"),
    (r"DataTables (\d+\.\d+\.\d+)", "datatables"),
    (r"fancyBox v(\d+\.\d+\.\d+)", "fancybox"),
    (r"Font Awesome [\w ]{0,8}(\d+\.\d+\.\d+)", "font-awesome"),
    (r"D3[^\n]{0,40}v?(\d+\.\d+\.\d+)", "d3"),
)
_KNOWN = tuple((re.compile(pattern), name) for pattern, name in _BANNERS)
_COMMENT = re.compile(r"/\*[\s\S]{0,4096}?\*/|//[^\n]{0,400}")
# Where the banner has been looked for: behind this much foreign code a library is no longer told.
_BANNER_WITHIN = 16_384
_MAX_READ = 2_000_000
_MAX_STATEMENTS = 400
# A library's own statement is by far the largest of its file.
_MAIN_SHARE = 0.5


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
    data = source.encode("utf-8", "replace")
    statements = [node for node in parse(source).children() if node.kind not in {"empty_statement", ";"}][:_MAX_STATEMENTS]
    main = max(statements, key=Syntax.size, default=None)
    if main is None or main.size() < _MAIN_SHARE * len(data):
        # Many statements of one size: only what stands before the banner is surely foreign.
        before = source[:at] if _has_code(source[:at]) else ""
        return Split(name, source[len(before) :], before, "")
    return _around(name, source, data, statements, main, at)


def _around(name: str, source: str, data: bytes, statements: list[Syntax], main: Syntax, at: int) -> Split:
    start, end = main.span()
    first = len(source[:at].encode("utf-8", "replace"))
    # The banner begins the library, where its own statement follows it; small statements right behind the banner are its own.
    begin = first if first <= start else start
    before = data[:begin].decode("utf-8", "replace")
    foreign = next((node.span()[0] for node in statements if node.span()[0] >= end and not _is_own_end(node)), len(data))
    after = data[foreign:].decode("utf-8", "replace")
    before, after = (part if _has_code(part) else "" for part in (before, after))
    own = data[begin if before else 0 : foreign if after else len(data)].decode("utf-8", "replace")
    return Split(name, own, before, after)


def _banner(source: str) -> tuple[str, int] | None:
    """The library's name and where its banner begins."""
    for comment in _COMMENT.finditer(source[:_BANNER_WITHIN]):
        for pattern, name in _KNOWN:
            if said := pattern.search(comment[0]):
                version = next((group for group in said.groups() if group), "")
                return (f"{name}-{version}" if version else name), comment.start()
    if "wpemoji" in source[:_BANNER_WITHIN] or "twemoji" in source[:_BANNER_WITHIN]:
        return "wp-emoji", 0
    return None


def _is_own_end(node: Syntax) -> bool:
    """Whether a statement behind the library is one libraries end with: a name exported or handed to a loader, another function of the same kind."""
    if node.kind == "ERROR":
        return False
    text = node.text()
    return (
        re.match(r"\s*(?:window\.)?(?:jQuery|\$|define|module|exports|Object\.defineProperty|//# )", text) is not None and len(text) < 2000 and "//" not in text
    )


def _has_code(text: str) -> bool:
    return bool(_COMMENT.sub("", text).strip(" \t\r\n;\ufeff"))
