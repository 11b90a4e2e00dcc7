"""The ways that all personas went, as one tree from the addresses asked for: where they part, and who ended where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from exporters.console.portal_words import LAWFUL_SHAPE

if TYPE_CHECKING:
    from model.portals.policy import Lawful
    from model.portals.rows import Chain, Outcome, Step

# How the look ended; `moved`: not held against the portal, and yet at a place where nobody should be sent.
EndState = Literal["dirty", "clean", "unknown", "moved"]

# A row keeps at most 14 ways of a few steps; what is drawn is bounded all the same.
MOST_ROOTS: Final = 12

_SHAPES: Final[dict[str, str]] = {"dirty": "violation", "clean": "clear", "unknown": "unknown", "moved": "low"}

# Of a longer way a row keeps the first step and the last ones (model.portals.looks).
_AFTER_GAP: Final = 1


@dataclass(frozen=True)
class Way:
    """One persona's way through the portal: its hops, whether it is the last one that was held against the portal, when it was gone (ns)."""

    persona: str
    chain: Chain
    at: int
    held: bool = False


@dataclass(frozen=True)
class End:
    """Somebody whose way ended at a hop."""

    persona: str
    state: EndState
    at: int
    held: bool

    @property
    def shape(self) -> str:
        """The shape of the persona's mark there."""
        return _SHAPES[self.state]


@dataclass
class Hop:
    """One place that visitors came to. `gap`: so many hops before it were not kept. `here`: who passed or ended, `ends`: who ended."""

    step: Step
    lawful: Lawful
    gap: int = 0
    here: list[str] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    onward: list[Hop] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """The shape that says whether visitors may be there; of a step without a host nothing is known."""
        return LAWFUL_SHAPE[self.lawful.kind] if self.step.host else "unknown"

    @property
    def line(self) -> list[Hop]:
        """This hop and those after it, up to where ways part or end."""
        line: list[Hop] = [self]
        while len(line[-1].onward) == 1:
            line.append(line[-1].onward[0])
        return line


def tree(ways: Iterable[Way], lawful: Callable[[str], Lawful]) -> list[Hop]:
    """The roots and their branches, those that lead astray first, then those most take."""
    roots: list[Hop] = []
    for way in ways:
        _add(roots, way, lawful)
    return _sorted(roots)[:MOST_ROOTS]


def _sorted(hops: list[Hop]) -> list[Hop]:
    """What is not lawful first, then the way that most take; in the order they were met where that is the same."""
    for hop in hops:
        hop.onward = _sorted(hop.onward)
    return sorted(hops, key=lambda hop: (not _astray(hop), -len(hop.here)))


def _astray(hop: Hop) -> bool:
    return (hop.lawful.kind == "none" and hop.step.host != "") or any(map(_astray, hop.onward))


def _add(roots: list[Hop], way: Way, lawful: Callable[[str], Lawful]) -> None:
    level, hop = roots, None
    for place, step in enumerate(way.chain.steps):
        gap = way.chain.cut if place == _AFTER_GAP else 0
        hop = next((known for known in level if _same(known, step, gap)), None)
        if hop is None:
            hop = Hop(step, lawful(step.host), gap)
            level.append(hop)
        if way.persona not in hop.here:
            hop.here.append(way.persona)
        level = hop.onward
    if hop is not None:
        hop.ends.append(End(way.persona, _ended(hop, way.chain.outcome), way.at, way.held))


def _ended(hop: Hop, outcome: Outcome) -> EndState:
    return "moved" if outcome == "clean" and hop.step.host and not hop.lawful.allowed else outcome


def _same(known: Hop, step: Step, gap: int) -> bool:
    """Whether two ways go through one place: an address that a name server turns makes no other place of it."""
    mine, other = known.step, step
    return (mine.how, mine.url, mine.status, mine.folded, mine.trouble, known.gap) == (other.how, other.url, other.status, other.folded, other.trouble, gap)


def parted(hop: Hop, before: Hop | None) -> bool:
    """Whether somebody left the way before this hop, so that it must be said who is here."""
    return before is None or set(hop.here) != set(before.here)
