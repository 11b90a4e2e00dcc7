"""The one way into this package: whether a text is there to sell gambling."""

from __future__ import annotations

from typing import NamedTuple

from collector.decode.web.words.brands import is_brand_host
from collector.decode.web.words.vocabulary import anything
from collector.decode.web.words.weigh import Weights, weigh

__all__ = ["Judged", "is_brand_host", "judge_text", "judge_title", "may_hold"]

MAX_VALUE = 300
# How much must speak for selling, after what excuses it; a title or a comment has few words, so fewer decide.
_TEXT_BAR = 4.0
_TITLE_BAR = 3.0
_SHORT = 20
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


def judge_text(text: str, around: str = "") -> Judged:
    """A block of text by itself. What the text `around` it says of police and law excuses it too. Never raises."""
    if not may_hold(text):
        return NOTHING
    found = weigh(text)
    law = found.law + (weigh(around).law / 2 if around else 0)
    return _judged(found, score(found, law), _TITLE_BAR if found.words <= _SHORT else _TEXT_BAR, long=found.words >= _LONG)


def judge_title(text: str) -> Judged:
    """A title, description, heading or anchor: few words, so shapes count more. Never raises."""
    if not may_hold(text):
        return NOTHING
    found = weigh(text)
    return _judged(found, score(found, found.law), _TITLE_BAR, long=False)


def score(found: Weights, law: float) -> float:
    """What speaks for selling less what excuses it. Praise and calls count only beside the trade itself: every portal says `đăng ký`."""
    trade = found.offer + found.brand + min(found.game, 4) + min(found.topic, 1.2)
    promise = min(found.call, 3) + min(found.hype, 2) + found.contact if found.offer + found.brand + found.game >= 1 else 0
    return trade + promise - min(law, 12) - min(found.report, 3)


def proof(found: Weights) -> float:
    """How much of it only a seller says."""
    return found.offer + found.brand + min(found.call, found.game, 2)


def _judged(found: Weights, total: float, bar: float, *, long: bool) -> Judged:
    density = found.covered / max(found.words, 1)
    sells = total >= bar and proof(found) >= _PROOF and (density >= _DENSE or not long)
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
