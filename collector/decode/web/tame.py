"""Markup that would keep the parser busy for minutes, made harmless: its work grows with the square of a tag's attributes and of the depth of tags."""

from __future__ import annotations

import re

# A page of the most bytes that are fetched has fewer start tags; as many in one another cost the parser some seconds, ten times as many minutes.
MOST_TAGS = 20_000
# No page that is meant to be seen has a tag with so many; at ten thousand the parser takes a second for one tag.
MOST_ATTRIBUTES = 1_000
# Longer markup is cut: the visitor takes no more from a server.
LONGEST = 2 << 20
# Shorter markup cannot hold what hurts.
_HARMLESS = 96 << 10
_SHORTEST_FLOOD = 4 * MOST_ATTRIBUTES

_ATTRIBUTE = r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+))?+)"""
_FLOOD = re.compile(rf"(<[a-zA-Z][^\s/>]*+{_ATTRIBUTE}{{{MOST_ATTRIBUTES}}}+){_ATTRIBUTE}++")
_OPENED = re.compile(r"""=\s*(["'])(?:(?!\1).)*\Z""", re.DOTALL)
# Looked for only in the end of what stands before a `>`.
_TAIL = 400


def tame(markup: str) -> tuple[str, tuple[str, ...]]:
    """The markup as it is, or what is left where it was cut, and what was done, a few words each."""
    if len(markup) < _HARMLESS:
        return markup, ()
    done: list[str] = []
    if len(markup) > LONGEST:
        markup = markup[:LONGEST]
        done.append("page: cut at 2 MiB")
    if markup.count("<") - markup.count("</") > MOST_TAGS:
        markup = _cut(markup)
        done.append(f"page: cut after {MOST_TAGS} tags")
    if any(map(_floods, _segments(markup))):
        markup = _FLOOD.sub(r"\1", markup)
        done.append(f"page: a tag of more than {MOST_ATTRIBUTES} attributes")
    return markup, tuple(done)


def _cut(markup: str) -> str:
    left = MOST_TAGS
    for found in re.finditer("<(?!/)", markup):
        left -= 1
        if left < 0:
            return markup[: found.start()]
    return markup


def _segments(markup: str) -> list[str]:
    """What stands between two `>`, in one piece where the first of them is within an attribute's quotes: each tag is within one of them."""
    segments: list[str] = []
    pieces: list[str] = []
    quote = ""
    for piece in markup.split(">"):
        rest = piece
        if quote:
            close = piece.find(quote)
            rest = "" if close < 0 else piece[close + 1 :]
            quote = quote if close < 0 else ""
        pieces.append(piece)
        if not quote and (opened := _opened(rest)):
            quote = opened
        if not quote:
            segments.append(pieces[0] if len(pieces) == 1 else ">".join(pieces))
            pieces = []
    segments.append(">".join(pieces))
    return segments


def _opened(piece: str) -> str:
    """The quote that an attribute's value begins with and does not end with within the piece."""
    last = max(piece.rfind('="'), piece.rfind("='"))
    if last >= 0 and piece.find(piece[last + 1], last + 2) < 0:
        return piece[last + 1]
    found = _OPENED.search(piece, max(0, len(piece) - _TAIL)) if "=" in piece[-_TAIL:] else None
    return found[1] if found else ""


def _floods(segment: str) -> bool:
    return len(segment) > _SHORTEST_FLOOD and _FLOOD.search(segment) is not None
