"""Alerts as short messages by an operator's HTTP gateway: one POST a number, its body made from a template."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import quote, quote_plus

from exporters import webhook_answer
from exporters.audience import BATCH
from exporters.posting import TROUBLES, Poster
from exporters.render import inert
from exporters.secret import read_secret
from exporters.short_sink import ShortMessages, ShortOptions
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import SECOND

Form = Literal["json", "form"]

_TYPES: dict[Form, str] = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_PLACE = re.compile(r"\{(number|text|id|secret)\}")
_SAID = 120
_NOT_SO = Text("cổng tin nhắn không xác nhận đã nhận tin", "the gateway does not confirm the message")


class SmsHttpOptions(ShortOptions, frozen=True, kw_only=True):
    """The gateway. `url`, `body` and `headers` may hold {number}, {text}, {id} and, but for the url, {secret}; `success` is searched in the answer."""

    name: str = "sms-http"
    url: str
    body: str
    form: Form = "json"
    headers: tuple[str, ...] = ()
    success: str
    secret_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    timeout: int = 15 * SECOND


class SmsHttp:
    """Implements `exporters.sink.Sink`."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: SmsHttpOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memories. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        known = options.secret_file is not None or options.credential
        self._secret = read_secret(options.secret_file, options.credential)[0] if known else ""
        self._success = re.compile(options.success)
        self._messages = ShortMessages(options, now)
        self._poster = Poster(options.ca_file, options.timeout)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._messages.tell(rows, self._carry)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _carry(self, message: str, number: str, parts: list[str]) -> Answer:
        options = self._options
        said = {"number": number, "text": "".join(parts), "id": message, "secret": self._secret}
        body = filled(options.body, said, _within_json if options.form == "json" else quote_plus)
        named = (header.partition(": ") for header in options.headers)
        headers = {name: filled(value, said, str) for name, _, value in named} | {"content-type": _TYPES[options.form]}
        try:
            reply = await self._poster.post(filled(options.url, said | {"secret": ""}, _within_url), body.encode(), headers)
        except TROUBLES as error:
            return webhook_answer.of_error(error, options.language)
        # A gateway that repeats what it was sent would otherwise have our secret in the log and on the page.
        heard = reply.body.replace(self._secret.encode(), b"***") if self._secret else reply.body
        answer = webhook_answer.of_receiver(reply.status, reply.retry_after, heard, self._now(), options.language)
        if answer.outcome != "accepted" or self._success.search(heard.decode(errors="replace")):
            return answer
        # A gateway says "no credit" with a 200, and so does the page of a network that wants a log-in: neither is a delivery.
        return Answer("retry", f"{_NOT_SO.to(options.language)}: “{inert(heard.decode(errors='replace'), _SAID)}”", outage=True)


def filled(template: str, said: dict[str, str], escape: Callable[[str], str]) -> str:
    """`template` with its places filled in; other braces stay as they are."""
    return _PLACE.sub(lambda place: escape(said[place[1]]), template)


def _within_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _within_url(value: str) -> str:
    return quote(value, safe="")
