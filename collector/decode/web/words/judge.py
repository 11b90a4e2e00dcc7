"""The one way into this package: whether a text is there to sell gambling."""

from __future__ import annotations

from typing import NamedTuple

from collector.decode.web.words.brands import is_brand_host
from collector.decode.web.words.screen import anything
from collector.decode.web.words.weigh import Weights, weigh

__all__ = ["Judged", "excuse", "is_brand_host", "judge_text", "judge_title", "may_hold"]

MAX_VALUE = 300
MAX_TITLE = 400
# How much must speak for selling, after what excuses it; a title or a comment has few words, so fewer decide.
_BARS = ((20, 3.0), (40, 3.5), (1 << 30, 4.0))
# Of that, what only a seller says: offers, brands, calls to play what is named.
_PROOF = 2.0
# From this many words on, a few terms in a long text are its subject and not its purpose.
_LONG = 60
_DENSE = 0.025


class Judged(NamedTuple):
    """What a text is.

    `sells`: it promotes gambling or another spam trade; `kind`: `gambling`, `medicine`, `goods`, `cheats` or empty; `topic`: it only speaks of it;
    `value`: the words that decided, for a person, at most 300 characters; `hits`: how many; `score` and `density` as computed.
    """

    sells: bool = False
    topic: bool = False
    kind: str = ""
    value: str = ""
    hits: int = 0
    score: float = 0.0
    density: float = 0.0


NOTHING = Judged()


def may_hold(text: str) -> bool:
    """Whether any part of the text could be judged as selling: one pass, for whole pages. Never False where `judge_*` of a part says it sells."""
    return anything(text.lower())


def judge_text(text: str, excused: float = 0.0) -> Judged:
    """A block of text by itself. `excused`: what the text around it says of police and law (see `excuse`). Never raises."""
    if not may_hold(text):
        return NOTHING
    found = weigh(text)
    return _judged(found, score(found, excused))


def judge_title(text: str, excused: float = 0.0) -> Judged:
    """A title, description, heading or anchor: cut to what a reader of search results sees, so that an essay in it excuses nothing. Never raises."""
    return judge_text(text[:MAX_TITLE], excused)


def excuse(text: str) -> float:
    """How much a text says of police, law and news: what excuses a quotation in one of its blocks. Never a hop or a hidden link."""
    found = weigh(text)
    return min(found.law, 12) + min(found.report, 3)


def score(found: Weights, excused: float = 0.0) -> float:
    """What speaks for selling less what excuses it. Praise and calls count only beside the trade itself: every portal says `đăng ký`."""
    trade = found.offer + found.brand + min(found.game, 4) + min(found.topic, 1.2)
    promise = min(found.call, 3) + min(found.hype, 2) + found.contact if found.offer + found.brand + found.game >= 1 else 0
    return trade + promise - max(min(found.law, 12) + min(found.report, 3), excused)


def proof(found: Weights) -> float:
    """How much of it only a seller says."""
    return found.offer + found.brand + min(found.call, 2 * found.game, 2)


def _judged(found: Weights, total: float) -> Judged:
    density = found.covered / max(found.words, 1)
    bar = next(bar for words, bar in _BARS if found.words <= words)
    sells = total >= bar and proof(found) >= _PROOF and (density >= _DENSE or found.words < _LONG)
    about = found.offer + found.game + found.topic > 0
    return Judged(
        sells=sells,
        topic=about and not sells,
        kind=found.trade if sells else "",
        value=", ".join(found.said)[:MAX_VALUE],
        hits=len(found.said),
        score=round(total, 2),
        density=round(density, 4),
    )
