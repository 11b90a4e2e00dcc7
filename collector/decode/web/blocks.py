"""A page's text by the boxes it stands in, so that one article neither excuses nor thins out what was put beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from collector.decode.web.page import Page

_BOX_TAGS = (
    "html body div p ul ol li dl dt dd table thead tbody tfoot tr td th section article aside main header footer nav form fieldset blockquote center "
    "pre h1 h2 h3 h4 h5 h6 address figure figcaption details summary marquee noscript option select button iframe object video canvas layer"
)
_BOXES = frozenset(_BOX_TAGS.split())
# Lines of one text: judged with what stands beside them, then alone.
_LINES = frozenset({"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "option"})
_GROUPS = frozenset({"ul", "ol", "dl", "table", "select"})
_MOST_NODES = 60_000
_MOST_BLOCK = 20_000
_DEEPEST = 60


class Block(NamedTuple):
    """The text of one box, its element, and its lines where it has several (element and text each)."""

    node: LexborNode
    text: str
    lines: tuple[tuple[LexborNode, str], ...]


def blocks_of(page: Page) -> Iterator[Block]:
    """All boxes that hold text of their own, in the order of the page."""
    grouped: dict[int, tuple[LexborNode, list[tuple[LexborNode, str]]]] = {}
    for node, text in _boxes(page):
        group = _group(node)
        grouped.setdefault(group.mem_id, (group, []))[1].append((node, text))
    for node, lines in grouped.values():
        text = "\n".join(text for _, text in lines)[:_MOST_BLOCK]
        yield Block(node, text, tuple(lines) if len(lines) > 1 else ())


def _boxes(page: Page) -> Iterator[tuple[LexborNode, str]]:
    """Each innermost box with the text that stands in it and in no box within it."""
    body = page.tree.body
    if body is None:
        return
    owners: dict[int, LexborNode] = {}
    found: dict[int, tuple[LexborNode, list[str]]] = {}
    left = _MOST_NODES
    for node in body.traverse(include_text=True):
        left -= 1
        if left < 0:
            break
        if not node.is_text_node or node.is_empty_text_node:
            continue
        parent = node.parent
        if parent is None:
            continue
        owner = owners.get(parent.mem_id) or _owner(parent)
        owners[parent.mem_id] = owner
        found.setdefault(owner.mem_id, (owner, []))[1].append(node.text_content or "")
    for owner, pieces in found.values():
        if text := " ".join(" ".join(pieces).split()):
            yield owner, text[:_MOST_BLOCK]


def _owner(node: LexborNode) -> LexborNode:
    """The nearest box around an element, itself one or not."""
    at = node
    for _ in range(_DEEPEST):
        if at.tag in _BOXES or at.parent is None:
            return at
        at = at.parent
    return node


def _group(node: LexborNode) -> LexborNode:
    """What the box is a line of: its list or table, or what holds the paragraphs; itself where it is no line."""
    if node.tag not in _LINES:
        return node
    parent = node.parent
    for _ in range(4):
        if parent is None:
            return node
        if node.tag not in ("li", "td", "th", "dt", "dd", "option") or parent.tag in _GROUPS:
            return parent
        parent = parent.parent
    return node.parent or node


def around(node: LexborNode, own: str) -> str:
    """What stands around a box: the text of the nearest element that holds three times as much, or all of the page, without the box's own."""
    at, text = node.parent, ""
    for _ in range(6):
        if at is None or at.tag in ("html", None):
            break
        text = at.text(separator=" ")[: 2 * _MOST_BLOCK]
        if len(text) > 3 * len(own) + 200:
            break
        at = at.parent
    return " ".join(text.split()).replace(own, " ", 1)
