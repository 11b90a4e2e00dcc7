"""What both ways of sending short messages share: who is told, in how many messages, within which budget."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from exporters.audience import AlertingOptions, Audience, Detail
from exporters.gsm import parts_of
from exporters.message import Message
from exporters.progress import Progress
from exporters.short_message import Budget, words
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt
from model.text import Text
from model.verdict import Urgency

log = logging.getLogger(__name__)

_SPENT = Text("đã hết hạn mức tin nhắn trong giờ này", "this hour's short messages are used up")
_REFUSED = Text("nơi nhận %s: không nhắn được cho %s: %s", "sink %s: %s cannot be sent to: %s")
_UNCOUNTED = Text("không ghi được tệp hạn mức tin nhắn, nên không gửi", "the file that counts short messages cannot be written, so none is sent")


class ShortOptions(AlertingOptions, frozen=True, kw_only=True):
    """To whom and what; `per_hour` counts single messages: an alert of two to three numbers is six. `accents` costs twice as many."""

    numbers: tuple[str, ...]
    per_hour: int = 30
    parts: int = 2
    accents: bool = False
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)


# Sends the parts of a message (its row's id) to a number.
Carry = Callable[[str, str, list[str]], Awaitable[Answer]]


class ShortMessages:
    """The people behind a sink of short messages."""

    def __init__(self, options: ShortOptions, now: Callable[[], int]) -> None:
        """Reads the memories of who was told and what was spent. Raises OptionsError."""
        self._options = options
        self._audience = Audience(options)
        self._budget = Budget(options.told_file.with_name(f"spent-{options.name}.json"), options.per_hour, now)
        self._progress = Progress()

    async def tell(self, rows: Sequence[OutboxRow], carry: Carry) -> list[Receipt]:
        """Hands what concerns these people to `carry`, number by number. One receipt a row."""

        async def deliver(message: Message) -> Answer:
            return await self._deliver(message, carry)

        return await self._audience.tell(rows, deliver)

    async def _deliver(self, message: Message, carry: Carry) -> Answer:
        options = self._options
        parts = parts_of(words(message, options.detail, options.language, options.place), accents=options.accents, most=options.parts)
        left = self._progress.left(message.id, options.numbers)
        heard, refused = len(left) < len(options.numbers), Answer("accepted")
        for number in left:
            answer = self._spend(len(parts)) or self._counted(len(parts), await carry(message.id, number, parts))
            if answer.outcome == "retry":
                return answer
            # One number that cannot be reached at all must not keep the others from hearing, nor from hearing the end.
            if answer.outcome == "rejected":
                refused = answer
                log.warning(_REFUSED.to(options.language), options.name, number, answer.reason)
            heard = heard or answer.outcome == "accepted"
            self._progress.reached(message.id, number)
        self._progress.done(message.id)
        return Answer("accepted") if heard else refused

    def _counted(self, count: int, answer: Answer) -> Answer:
        if answer.unsent:
            # Where it cannot be written it stays spent.
            with contextlib.suppress(OSError):
                self._budget.give_back(count)
        return answer

    def _spend(self, count: int) -> Answer | None:
        wait = self._budget.wait(count)
        if wait:
            return Answer("retry", _SPENT.to(self._options.language), after=wait, outage=True)
        try:
            self._budget.spend(count)
        except OSError:
            return Answer("retry", _UNCOUNTED.to(self._options.language), outage=True)
        return None
