"""Findings as alerts of Alertmanager (API v2): sent when they begin, again while they are open, and once more when they end.

Alertmanager keeps alerts in memory alone and ends one by itself when its `endsAt` has passed. So an open alert is sent again every few minutes, for
an Alertmanager that was started anew, and holds for days, so that a box that died does not look like a finding that was repaired.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

import msgspec

from exporters import webhook_answer
from exporters.alertmanager_alerts import MemoryFile, Plan, Standing, Wording
from exporters.audience import AlertingOptions, concerning
from exporters.manner import NOT_TOLD, TELL, Weighing
from exporters.posting import TROUBLES, Poster, Reply
from exporters.secret import read_secret
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import DAY, MINUTE, SECOND

log = logging.getLogger(__name__)

_PATH = "/api/v2/alerts"
# So many alerts a request: some 400 KB.
_MOST_ALERTS = 200
# When they could not be said again, the next try is sooner than the next round.
_AGAIN = 30 * SECOND
_UNSAVED = Text("nơi nhận %s: không ghi được %s: %s", "sink %s: %s cannot be written: %s")
_said = msgspec.json.Decoder(str | dict[str, object])


class AlertmanagerOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send. `resend`, `hold` and `timeout` in ns; `told_file` remembers what Alertmanager was told."""

    name: str = "alertmanager"
    urls: tuple[str, ...]
    username: str = ""
    password_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    resend: int = 3 * MINUTE
    hold: int = 7 * DAY
    timeout: int = 10 * SECOND


class Alertmanager:
    """Implements `exporters.sink.Sink` and `exporters.sink.Reminding`. `now` gives ns since the epoch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = 100

    def __init__(self, options: AlertmanagerOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._interest = options.interest
        self._wording = Wording(detail=options.detail, language=options.language, place=options.place)
        self._headers = _login(options)
        self._file = MemoryFile(options.told_file)
        self._memory = self._file.memory
        self._poster = Poster(options.ca_file, options.timeout)
        self._due = 0

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Sends all rows in one request; where the server calls one malformed, each in a request of its own."""
        plans, receipts = await self._planned(rows)
        answer = await self._tell(list(plans.values())) if plans else None
        if answer is None or answer.outcome != "rejected" or len(plans) == 1:
            answers = dict.fromkeys(plans, answer)
        else:
            answers = {seq: await self._tell([plan]) for seq, plan in plans.items()}
        self._save()
        return receipts + [given.receipt(seq) for seq, given in answers.items() if given is not None]

    async def _planned(self, rows: Sequence[OutboxRow]) -> tuple[dict[int, Plan], list[Receipt]]:
        """What is said now, by row; and the receipts of the rows of which nothing is."""
        manner = self._options.manner
        weighing = Weighing(manner) if manner is not None else None
        plans: dict[int, Plan] = {}
        receipts: list[Receipt] = []
        for row in rows:
            change = concerning(row, self._memory.open, self._interest)
            weighed = NOT_TOLD if change is None else TELL if weighing is None else await weighing.beginning(change, self._memory.open)
            if weighed.answer is not None:
                receipts.append(weighed.answer.receipt(row.seq))
            elif change is not None:
                plans[row.seq] = self._memory.plan(change, self._wording, weighed.note)
        return plans, receipts

    async def remind(self) -> Answer | None:
        """Says again what is open and what ended lately, when it is due."""
        now = self._now()
        # A clock that was set back must not silence us.
        if self._due - self._options.resend <= now < self._due:
            return None
        told = self._memory.told(now)
        answer: Answer | None = None
        for start in range(0, len(told), _MOST_ALERTS):
            answer = await self._post(told[start : start + _MOST_ALERTS])
            if answer.outcome == "retry":
                break
        failed = answer is not None and answer.outcome == "retry"
        self._due = now + (min(_AGAIN, self._options.resend) if failed else self._options.resend)
        return answer

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _tell(self, plans: Sequence[Plan]) -> Answer:
        answer = await self._post([one for plan in plans for one in plan.said])
        if answer.outcome == "accepted":
            for plan in plans:
                self._memory.apply(plan)
        return answer

    async def _post(self, alerts: Sequence[Standing]) -> Answer:
        """The best answer of all servers: those of a cluster tell one another what they sent to people, but not which alerts there are."""
        now = self._now()
        body = msgspec.json.encode([one.alert(now, self._options.hold) for one in alerts])
        answers = await asyncio.gather(*(self._ask(url.rstrip("/") + _PATH, body) for url in self._options.urls))
        return min(answers, key=lambda answer: ("accepted", "rejected", "retry").index(answer.outcome))

    async def _ask(self, url: str, body: bytes) -> Answer:
        try:
            reply = await self._poster.post(url, body, self._headers)
        except TROUBLES as error:
            return webhook_answer.of_error(error, self._options.language)
        return self._meaning(reply)

    def _meaning(self, reply: Reply) -> Answer:
        """Alertmanager says 200 without a word; whoever says more is somebody else. Its own 400 is JSON, a proxy's is a page."""
        if reply.status == HTTPStatus.OK and not reply.body:
            return Answer("accepted")
        if reply.status == HTTPStatus.BAD_REQUEST and (said := _words(reply.body)) is not None:
            return webhook_answer.malformed(reply.status, said, self._options.language)
        return webhook_answer.not_now(reply.status, reply.retry_after, self._now(), self._options.language)

    def _save(self) -> None:
        try:
            self._file.save()
        except OSError as error:
            # What is at stake: after a restart an open alert would not be said again, nor its end.
            log.error(_UNSAVED.to(self._options.language), self.name, self._options.told_file, error.strerror)  # noqa: TRY400 - one sentence


def _login(options: AlertmanagerOptions) -> dict[str, str]:
    if not options.username:
        return {}
    (password, *_) = read_secret(options.password_file, options.credential)
    return {"authorization": "Basic " + base64.b64encode(f"{options.username}:{password}".encode()).decode()}


def _words(body: bytes) -> str | None:
    """What the server itself says is wrong (a JSON string, or an object with `message`); None when it is no Alertmanager that speaks."""
    try:
        said = _said.decode(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, str) else str(said["message"]) if "message" in said else None
