"""What both ways of sending short messages share: who is told, in how many messages, within which budget."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from exporters.audience import Audience, Detail, Interest
from exporters.gsm import parts_of
from exporters.progress import Progress
from exporters.render import Place
from exporters.short_message import Budget, words
from exporters.webhook_answer import Answer
from model.ledger import Change
from model.ports import OutboxRow, Receipt
from model.text import Language, Text
from model.verdict import Severity, Urgency

log = logging.getLogger(__name__)

_SPENT = Text("đã hết hạn mức tin nhắn trong giờ này", "this hour's short messages are used up")
_REFUSED = Text("nơi nhận %s: không nhắn được cho %s: %s", "sink %s: %s cannot be sent to: %s")
_UNCOUNTED = Text("không ghi được tệp hạn mức tin nhắn, nên không gửi", "the file that counts short messages cannot be written, so none is sent")


class ShortOptions(msgspec.Struct, frozen=True, kw_only=True):
    """To whom and what; `per_hour` counts single messages: an alert of two to three numbers is six. `accents` costs twice as many."""

    name: str
    numbers: tuple[str, ...]
    per_hour: int = 30
    parts: int = 2
    accents: bool = False
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
    min_severity: Severity = Severity.LOW
    language: Language = "vi"
    told_file: Path
    place: Place = Place()


# Sends the parts of a message (its row's id) to a number.
Carry = Callable[[str, str, list[str]], Awaitable[Answer]]


class ShortMessages:
    """The people behind a sink of short messages."""

    def __init__(self, options: ShortOptions, now: Callable[[], int]) -> None:
        """Reads the memories of who was told and what was spent. Raises OptionsError."""
        self._options = options
        interest = Interest(urgencies=options.urgencies, min_severity=options.min_severity)
        self._audience = Audience(options.name, options.told_file, interest, options.language)
        self._budget = Budget(options.told_file.with_name(f"spent-{options.name}.json"), options.per_hour, now)
        self._progress = Progress()

    async def tell(self, rows: Sequence[OutboxRow], carry: Carry) -> list[Receipt]:
        """Hands what concerns these people to `carry`, number by number. One receipt a row."""

        async def deliver(row: OutboxRow, change: Change) -> Answer:
            return await self._deliver(row, change, carry)

        return await self._audience.tell(rows, deliver)

    async def _deliver(self, row: OutboxRow, change: Change, carry: Carry) -> Answer:
        options = self._options
        parts = parts_of(words(change, options.detail, options.language, options.place), accents=options.accents, most=options.parts)
        left = self._progress.left(row.id, options.numbers)
        heard, refused = len(left) < len(options.numbers), Answer("accepted")
        for number in left:
            answer = self._spend(len(parts)) or await carry(row.id, number, parts)
            if answer.outcome == "retry":
                return answer
            # One number that cannot be reached at all must not keep the others from hearing, nor from hearing the end.
            if answer.outcome == "rejected":
                refused = answer
                log.warning(_REFUSED.to(options.language), options.name, number, answer.reason)
            heard = heard or answer.outcome == "accepted"
            self._progress.reached(row.id, number)
        self._progress.done(row.id)
        return Answer("accepted") if heard else refused

    def _spend(self, count: int) -> Answer | None:
        wait = self._budget.wait(count)
        if wait:
            return Answer("retry", _SPENT.to(self._options.language), after=wait, outage=True)
        try:
            self._budget.spend(count)
        except OSError:
            return Answer("retry", _UNCOUNTED.to(self._options.language), outage=True)
        return None
