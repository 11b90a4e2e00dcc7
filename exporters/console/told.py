"""Who was told of a finding: the receipts of its sinks, put beside the steps they are about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from exporters.sink import FILTERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.ledger import Change, Step
    from model.ports import Delivery

# A finding that changes all day is told by its latest lines.
MOST_LINES: Final = 5

Word = Literal["told", "left_out", "refused", "waiting", "later", "unknown"]


class Line(NamedTuple):
    """One change and what became of it; `step` is empty where the history no longer holds the change."""

    word: Word
    step: Step | Literal[""]
    delivery: Delivery


@dataclass(frozen=True)
class SinkLines:
    """What one sink was told, the latest first; `more` older lines are left away."""

    sink: str
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True)
class Told:
    """Every sink that takes findings or once did, by name; `answer`: who took the finding since it opened last."""

    sinks: tuple[SinkLines, ...]
    answer: Change | None


def told(deliveries: Sequence[Delivery], history: Sequence[Change]) -> Told:
    """The receipts in the words of the page. `deliveries` as `JournalReader.deliveries` gives them, `history` oldest first."""
    steps = {change.at: change.step for change in history}
    by_sink = groupby(sorted(deliveries, key=lambda each: each.sink), key=lambda each: each.sink)
    return Told(tuple(_sink_lines(sink, list(of_sink), steps) for sink, of_sink in by_sink), _answer(history))


def _sink_lines(sink: str, deliveries: Sequence[Delivery], steps: dict[int, Step]) -> SinkLines:
    # A letter that was given again has two receipts for one change: the first is the latest.
    latest = {delivery.occurred: delivery for delivery in reversed(deliveries)}
    lines = [Line(_word(delivery), steps.get(delivery.occurred, ""), delivery) for delivery in sorted(latest.values(), key=lambda each: -each.occurred)]
    # What its rules keep from a sink is worth one line, and none where it was told something.
    worth = [line for line in lines if line.word != "left_out"] or lines[:1]
    return SinkLines(sink, tuple(worth[:MOST_LINES]), max(0, len(worth) - MOST_LINES))


def _word(delivery: Delivery) -> Word:
    match delivery.outcome:
        case "accepted":
            return "left_out" if delivery.reason == FILTERED else "told"
        case "rejected":
            return "refused"
        case other:
            return other


def _answer(history: Sequence[Change]) -> Change | None:
    for change in reversed(history):
        if change.step == "acknowledged":
            return change
        if change.step in ("opened", "reopened"):
            return None
    return None
