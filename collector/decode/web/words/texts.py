"""A text without markup: what it sells, as a whole and line by line."""

from __future__ import annotations

from collector.decode.web.words.judge import Judged, excuse, judge_text, may_hold
from model.webfacts import Sign

# A text of more lines is judged as a whole and by its first ones.
_MOST_LINES = 2_000


def text_signs(text: str, page: str = "") -> tuple[Sign, ...]:
    """`promotion` where the text sells, or a line of it does amid others; `topic` where it only speaks of gambling. Bounded, never raises.

    `page` is the host the text stood on, if any.
    """
    if not may_hold(text):
        return ()
    whole = judge_text(text)
    if whole.sells:
        return (_sign(whole, "text", page),)
    if found := _lines(text):
        line, judged = found
        return (_sign(judged, f"line {line}", page),)
    return (Sign(kind="topic", value=whole.value, where="text", page=page, hits=whole.hits),) if whole.topic else ()


def _lines(text: str) -> tuple[int, Judged] | None:
    """The first line that sells by itself; what the rest says of police and law excuses it too."""
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    suspects = [(number, line) for number, line in enumerate(lines, start=1) if may_hold(line)] if len(lines) > 1 else []
    excused = excuse(text) if suspects else 0.0
    for number, line in suspects:
        judged = judge_text(line, excused)
        if judged.sells:
            return number, judged
    return None


def _sign(judged: Judged, where: str, page: str) -> Sign:
    return Sign(kind="promotion", value=judged.value, where=where, page=page, gambling=judged.kind == "gambling", hits=judged.hits)
