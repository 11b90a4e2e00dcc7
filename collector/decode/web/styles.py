"""Whether a style hides a box from people, and which rules of a page's own style sheets do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from collector.decode.web.kept import short

# What a style that hides must hold; looked for before anything is taken apart.
_HINT = re.compile(
    r"display\s*:\s*none|visibility\s*:|opacity\s*:\s*\.?0|opacity(?:\(|=0)|(?:size|font|line-height)\s*:[^;}]{0,20}?\b[012.]|text-indent\s*:\s*[-\d]{3}"
    r"|:\s*-\d{2}|clip|:\s*[01](?:px|em|pt|%)?\s*(?:;|!|\Z|\})|transform|translate|z-index\s*:\s*-|\d{4}(?:px|em)|transparent|background.*color\s*:|color\s*:.*background",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]*)", re.IGNORECASE)
_LENGTH = re.compile(r"([+-]?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|cm|in|mm|vw|vh|%)?")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8, "mm": 3.8, "in": 96.0, "vw": 12.0, "vh": 8.0, "%": 12.0}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}?")
_COMPOUND = re.compile(r"(?:[a-zA-Z][\w-]*|\*)?(?:[.#][\w-]+)*")
_TOKEN = re.compile(r"[.#]?[\w-]+")
# Farther than this from its place a box is off every screen.
_FAR = 400.0
_MOST_STYLE = 4_000
_MOST_SHEET = 300_000
_MOST_RULES = 4_000

# Boxes of menus, tabs and dialogues wait behind these until a visitor opens them.
TOGGLES = frozenset({"display: none", "visibility: hidden", "hidden", "height: 0", "opacity: 0", "noscript", "scale", "off screen"})
Declarations = dict[str, str]


@short(longest=400, most=4_096)
def hides(style: str) -> str:
    """By what means a style hides its box, in a few words; empty for not at all."""
    if not _HINT.search(style[:_MOST_STYLE]):
        return ""
    return _means(_declarations(style))


def _declarations(style: str) -> Declarations:
    return {name.lower(): value.split("!")[0].strip().lower() for name, value in _DECLARATION.findall(style[:_MOST_STYLE])}


@short(longest=400, most=4_096)
def letters_colour(style: str) -> str:
    """The colour that a style gives letters, empty for none that is plain."""
    return color(_declarations(style).get("color", "")) if "color" in style else ""


@short(longest=400, most=4_096)
def ground_colour(style: str) -> str:
    """The colour that a style gives the background, empty for none that is plain."""
    return background(_declarations(style)) if "background" in style else ""


def _means(given: Declarations) -> str:
    for means, holds in _MEANS:
        if holds(given):
            return means
    return ""


def pixels(value: str) -> float | None:
    """A length as pixels, roughly; None for none."""
    found = _LENGTH.match(value)
    return float(found[1]) * _PIXELS[found[2] or ""] if found and len(found[1]) < 12 else None


def _small(value: str, most: float) -> bool:
    size = pixels(value)
    return size is not None and 0 <= size <= most


def _invisible(given: Declarations) -> bool:
    opacity = _LENGTH.match(given.get("opacity", ""))
    filtered = given.get("filter", "").replace(" ", "")
    return (opacity is not None and len(opacity[1]) < 12 and float(opacity[1]) <= 0.03) or filtered in ("opacity(0)", "opacity(0%)", "alpha(opacity=0)")


def _tiny_letters(given: Declarations) -> bool:
    size = given.get("font-size", "") or next(iter(re.findall(r"(?:^|\s)([\d.]+(?:px|pt|em|%)?)(?=/|\s)", given.get("font", ""))), "")
    return _small(size, 2.0) and not (size.endswith("em") and not _small(size, 0.5))


def _far_off(given: Declarations) -> bool:
    placed = given.get("position", "") in ("absolute", "fixed", "relative")
    for name in ("left", "top", "right", "bottom"):
        at = pixels(given.get(name, ""))
        if at is not None and placed and (at <= -_FAR or at >= 5 * _FAR):
            return True
    margins = [pixels(value) for name, value in given.items() if name.startswith("margin") for value in value.split()[:4]]
    return any(at is not None and at <= -_FAR for at in margins)


def _flat(given: Declarations) -> bool:
    if given.get("overflow", given.get("overflow-y", "")) not in ("hidden", "clip", "scroll", "auto"):
        return False
    return any(_small(given.get(name, ""), 1.5) for name in ("height", "width", "max-height", "max-width"))


def _clipped(given: Declarations) -> bool:
    clip, path = re.sub(r"[\s,]+", " ", given.get("clip", "")), given.get("clip-path", "").replace(" ", "")
    rect = re.match(r"rect\( ?([\d.]+)\w* ([\d.]+)\w* ([\d.]+)\w* ([\d.]+)", clip)
    edges = [float(edge[:8]) for edge in rect.groups() if edge.replace(".", "", 1).isdigit()] if rect else []
    closed = len(edges) == 4 and (edges[2] - edges[0] <= 1 or edges[1] - edges[3] <= 1)
    return closed or bool(re.match(r"inset\((?:50|[6-9]\d|100)%|circle\(0|ellipse\(0|polygon\(0(?:px|%)?0(?:px|%)?(?:,0(?:px|%)?0(?:px|%)?)*\)", path))


def _moved(given: Declarations) -> bool:
    moved = given.get("transform", "").replace(" ", "")
    if re.match(r"(?:scale(?:3d|[xy])?|matrix)\(0(?:\.0+)?[,)]", moved):
        return True
    return any((at := pixels(piece)) is not None and at <= -_FAR * 2 for piece in re.findall(r"translate\w*\(([^)]*)\)", moved) for piece in piece.split(","))


def _behind(given: Declarations) -> bool:
    return given.get("z-index", "").startswith("-") and given.get("position", "") in ("absolute", "fixed")


_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080", "blue": "#0000ff", "yellow": "#ffff00", "green": "#008000"}


@short(longest=100, most=1_024)
def color(value: str) -> str:
    """A colour in one form; empty for none that is plain."""
    value = value.strip().lower()
    value = _NAMED.get(value, value)
    if re.fullmatch("#[0-9a-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    if re.fullmatch("#[0-9a-f]{6}", value):
        return value
    parts = re.fullmatch(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*1(?:\.0+)?\s*)?\)", value)
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts.groups()) if parts else ""


def background(given: Declarations) -> str:
    """The background's colour, empty for none that is plain."""
    return color(given.get("background-color", "") or next(iter(given.get("background", "").split()), ""))


def _same_colour(given: Declarations) -> bool:
    letters = given.get("color", "")
    return letters == "transparent" or (color(letters) != "" and color(letters) == background(given))


_MEANS = (
    ("display: none", lambda given: given.get("display") == "none"),
    ("visibility: hidden", lambda given: given.get("visibility") in ("hidden", "collapse") or given.get("content-visibility") == "hidden"),
    ("opacity: 0", _invisible),
    ("letters of no size", _tiny_letters),
    ("text-indent", lambda given: abs(pixels(given.get("text-indent", "")) or 0) >= _FAR),
    ("off screen", _far_off),
    ("height: 0", _flat),
    ("clipped", _clipped),
    ("scale", _moved),
    ("behind the page", _behind),
    ("colour of its background", _same_colour),
)


class Rule(NamedTuple):
    """A selector of simple parts, outermost first, each as (tag, classes and `#id`), and by what means it hides what it selects."""

    parts: tuple[tuple[str, frozenset[str]], ...]
    means: str


def hiding_rules(sheet: str) -> tuple[Rule, ...]:
    """Those rules of a style sheet that hide, with selectors of tags, classes, ids and descent; what holds for print or some screens only is left out."""
    return _hiding_rules(sheet[:_MOST_SHEET])


@short(longest=32_768, most=64)
def _hiding_rules(sheet: str) -> tuple[Rule, ...]:
    return tuple(_found(sheet))


def _found(sheet: str) -> Iterator[Rule]:
    sheet = _COMMENT.sub("", sheet)
    if not _HINT.search(sheet):
        return
    left = _MOST_RULES
    for selectors, body in _top_level(sheet):
        left -= 1
        means = hides(body)
        if not means or left < 0:
            continue
        for selector in selectors.split(",")[:50]:
            if parts := _parts(selector):
                yield Rule(parts, means)


def _top_level(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies of rules outside of `@media` and its kind."""
    at, end = 0, len(sheet)
    while at < end and (found := _RULE.match(sheet, at)) is not None:
        selectors = found[1].rpartition(";")[2].strip()
        if selectors.startswith("@"):
            at = _after_block(sheet, found.end(1))
            continue
        yield selectors, found[2]
        at = found.end()
        while at < end and sheet[at] in "} \n\t\r":
            at += 1


def _after_block(sheet: str, at: int) -> int:
    """Where the block that opens at `at` is closed."""
    depth = 0
    for mark in re.compile("[{}]").finditer(sheet, at):
        depth += 1 if mark[0] == "{" else -1
        if depth <= 0:
            return mark.end()
    return len(sheet)


def _parts(selector: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """A selector taken apart; empty for one that asks for more than tags, classes and ids."""
    written = selector.replace(">", " ").split()
    if not 0 < len(written) <= 8 or not all(_COMPOUND.fullmatch(piece) for piece in written):
        return ()
    parts = []
    for piece in written:
        tokens = _TOKEN.findall(piece)
        tag = "" if not tokens or tokens[0][0] in ".#" else tokens.pop(0).lower()
        parts.append((tag, frozenset(tokens)))
    return tuple(parts)
