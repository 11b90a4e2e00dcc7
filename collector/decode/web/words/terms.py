"""What a table of terms is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

# offer: only who sells says so. game: what is sold. topic: both sides speak of it. call: asks the reader to act. play: asks to play or to
# pay in. hype: praises. law: who prosecutes, regulates or warns. report: who tells news. calm: looks like a term and is none.
Role = Literal["offer", "game", "topic", "call", "play", "hype", "law", "report", "calm"]
Language = Literal["vi", "id", "en", "east"]


class Group(NamedTuple):
    """Terms of one role and weight, separated by commas. `folds`: also found when written without Vietnamese marks; `#` is any number or sum."""

    role: Role
    weight: float
    words: str
    trade: str = "gambling"
    folds: bool = False


class Term(NamedTuple):
    """One term in plain form, of the group it stands in."""

    text: str
    role: Role
    weight: float
    trade: str
    language: Language
    folds: bool


def terms(groups: Iterable[Group], language: Language) -> Iterator[Term]:
    """Every term of the groups, as written there."""
    for group in groups:
        for part in group.words.split(","):
            if text := " ".join(part.split()):
                yield Term(text, group.role, group.weight, group.trade, language, group.folds)


def listed(words: str) -> frozenset[str]:
    """Words separated by blanks, for tables that are read by people."""
    return frozenset(words.split())


class Hit(NamedTuple):
    """A term in a text, from character `start` to `end` of the copy searched; `terms` one for each language that has it, the heaviest first."""

    terms: tuple[Term, ...]
    start: int
    end: int


def resolve(hits: Sequence[Hit]) -> list[Hit]:
    """The longest hits that do not overlap, in order: `xổ số kiến thiết` is not also `xổ số`. Blanks at the ends may be shared."""
    taken: list[Hit] = []
    covered: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        inner = range(hit.start + 1, max(hit.end - 1, hit.start + 2))
        if covered.isdisjoint(inner):
            covered.update(inner)
            taken.append(hit)
    return sorted(taken, key=lambda hit: hit.start)
