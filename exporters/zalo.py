"""Alerts to one chat through a bot of the Zalo Bot Platform (`sendMessage`).

Zalo answers errors as `{"ok": false, "error_code": ...}`, also inside a 200. A message has no key of its own there: one whose answer was lost on the
way is sent again and may be read twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

import msgspec

from exporters import webhook_answer
from exporters.audience import BATCH, AlertingOptions, Audience, Detail
from exporters.message import Message, alert, brief
from exporters.posting import TROUBLES, Poster, Reply
from exporters.secret import read_secret
from exporters.sink import OptionsError
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import MINUTE, SECOND
from model.verdict import Urgency

# Alerts end at 699 characters (exporters.render), 1,398 in UTF-16: Zalo takes 1 to 2,000 and never has to cut one.
_SLOWER = MINUTE
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CHAT = Text(
    "Zalo không nhận tin cho chat_id này: hãy kiểm tra chat_id, và người nhận đã nhắn cho bot chưa",
    "Zalo takes no message for this chat_id: check it, and whether its people have written to the bot",
)
_STALE_TOKEN = Text("Zalo không nhận token của bot: hãy kiểm tra tệp token", "Zalo does not take the bot's token: check the token's file")


class ZaloOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` id_only sends no names or addresses."""

    name: str = "zalo"
    url: str = "https://bot-api.zaloplatforms.com"
    chat_id: str
    token_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
    timeout: int = 10 * SECOND


class _Said(msgspec.Struct):
    """The envelope of every answer."""

    ok: bool
    error_code: int = 0


_said = msgspec.json.Decoder(_Said)


class Zalo:
    """Implements `exporters.sink.Sink`. `now` gives ns since the epoch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: ZaloOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        # The token is part of the address: neither is ever written anywhere.
        self._url = f"{options.url.rstrip('/')}/bot{_token(options)}/sendMessage"
        self._audience = Audience(options)
        self._poster = Poster(options.ca_file, options.timeout)

    def __repr__(self) -> str:
        return f"Zalo({self.name})"

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _deliver(self, message: Message) -> Answer:
        options = self._options
        say = alert if options.detail == "full" else brief
        # Without `parse_mode` the text is plain: a device named **boom** or <b> is shown as it is.
        body = msgspec.json.encode({"chat_id": options.chat_id, "text": say(message, options.language, options.place)})
        try:
            reply = await self._poster.post(self._url, body, {})
        except TROUBLES as error:
            return webhook_answer.of_error(error, options.language)
        return self._meaning(reply)

    def _meaning(self, reply: Reply) -> Answer:
        """What Zalo says inside counts for more than the status. Nothing is ever refused for good: its 400 means the chat, which people put right."""
        language = self._options.language
        said = _decoded(reply.body)
        if said is not None and said.ok and reply.status == HTTPStatus.OK:
            return Answer("accepted")
        code = said.error_code if said is not None and not said.ok and said.error_code else reply.status
        match code if said is not None else 0:
            case HTTPStatus.BAD_REQUEST:
                return Answer("retry", f"{_CHAT.to(language)} ({code})", outage=True)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
                return Answer("retry", f"{_STALE_TOKEN.to(language)} ({code})", outage=True, trouble="login")
            case HTTPStatus.TOO_MANY_REQUESTS:
                answer = webhook_answer.not_now(code, reply.retry_after, self._now(), language)
                return answer._replace(after=answer.after or _SLOWER)
            case _:
                return webhook_answer.not_now(code, reply.retry_after, self._now(), language)


def _decoded(body: bytes) -> _Said | None:
    try:
        return _said.decode(body)
    except (ValueError, RecursionError):
        return None


def _token(options: ZaloOptions) -> str:
    (token, *_) = read_secret(options.token_file, options.credential)
    if not _TOKEN.fullmatch(token):
        raise OptionsError(
            Text(
                "Token của bot Zalo không đúng dạng: cần số, dấu hai chấm, rồi chuỗi chữ và số.",
                "The Zalo bot's token is malformed: digits, a colon, letters and digits.",
            )
        )
    return token
