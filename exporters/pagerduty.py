"""Findings as events of PagerDuty's Events API v2: trigger, acknowledge, resolve under one key a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType

from exporters import webhook_answer
from exporters.audience import Audience, Detail, Interest
from exporters.posting import TROUBLES, Poster, Reply
from exporters.render import Place, alert, brief, calm, title
from exporters.secret import read_secret
from exporters.sink import OptionsError
from exporters.webhook_answer import Answer
from model.ledger import Change
from model.ports import OutboxRow, Receipt, Stream
from model.text import Language, Text
from model.times import MINUTE, SECOND, rfc3339
from model.verdict import Severity, Urgency

Action = Literal["trigger", "acknowledge", "resolve"]

_SEVERITIES = {Severity.LOW: "info", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "critical"}
# "Preferably with a backoff of a few minutes", says the overview of the API, which knows no Retry-After.
_SLOWER = 2 * MINUTE
_KEY = re.compile(r"[0-9A-Za-z]{32}")
_KEY_SAID = re.compile(r"routing.?key|integration key", re.IGNORECASE)
_WRONG_KEY = Text("PagerDuty không nhận khóa tích hợp (routing key): hãy kiểm tra tệp khóa", "PagerDuty does not take the routing key: check the secret's file")


class PagerDutyOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` id_only sends no names or addresses."""

    name: str = "pagerduty"
    url: str = "https://events.pagerduty.com/v2/enqueue"
    key_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
    min_severity: Severity = Severity.LOW
    language: Language = "vi"
    timeout: int = 10 * SECOND
    told_file: Path
    place: Place = Place()


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename={"kind": "class", "details": "custom_details"}):
    """What happened, in the Common Event Format. `source` is the site's code."""

    summary: str
    source: str
    severity: str
    timestamp: str
    component: str
    group: str
    kind: str
    details: dict[str, str]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `dedup_key` is the finding's code: the same from a box and from the province."""

    routing_key: str
    event_action: Action
    dedup_key: str
    payload: Payload | UnsetType = UNSET
    client: str = "Vọng Gác"


class _Said(msgspec.Struct):
    """The API's answer, of 202 and of 400."""

    status: str
    message: str = ""
    errors: list[str] = []


_said = msgspec.json.Decoder(_Said)


class PagerDuty:
    """Implements `exporters.sink.Sink`. `now` gives ns since the epoch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = 20

    def __init__(self, options: PagerDutyOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._key = _routing_key(options)
        interest = Interest(urgencies=options.urgencies, min_severity=options.min_severity)
        self._audience = Audience(options.name, options.told_file, interest, options.language)
        self._poster = Poster(options.ca_file, options.timeout)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _deliver(self, _row: OutboxRow, change: Change) -> Answer:
        answer = Answer("accepted")
        for action in _actions(change):
            answer = await self._post(self._event(action, change))
            if answer.outcome != "accepted":
                break
        return answer

    def _event(self, action: Action, change: Change) -> Event:
        payload = self._payload(change) if action == "trigger" else UNSET
        return Event(routing_key=self._key, event_action=action, dedup_key=f"vonggac-{change.finding.id}", payload=payload)

    def _payload(self, change: Change) -> Payload:
        finding, options = change.finding, self._options
        full = options.detail == "full"
        say = title if full else brief
        details = {"finding": finding.id, "state": finding.state, "urgency": finding.urgency.value, "grade": finding.grade.value}
        if full:
            details["text"] = calm(alert(change, options.language, options.place))
        return Payload(
            summary=calm(say(change, options.language, options.place)),
            source=finding.site,
            severity=_SEVERITIES[finding.severity],
            timestamp=rfc3339(change.at),
            component=finding.detector,
            group=finding.site,
            kind=finding.detector,
            details=details,
        )

    async def _post(self, event: Event) -> Answer:
        try:
            reply = await self._poster.post(self._options.url, msgspec.json.encode(event), {})
        except TROUBLES as error:
            return webhook_answer.of_error(error, self._options.language)
        return self._meaning(reply)

    def _meaning(self, reply: Reply) -> Answer:
        """Only what PagerDuty itself says counts, in its own form: a page of somebody else's is neither delivery nor refusal."""
        language = self._options.language
        said = _decoded(reply.body)
        if reply.status == HTTPStatus.ACCEPTED and said is not None and said.status == "success":
            return Answer("accepted")
        if reply.status == HTTPStatus.BAD_REQUEST and said is not None:
            words = "; ".join((said.message, *said.errors))
            if _KEY_SAID.search(words):
                return Answer("retry", f"{_WRONG_KEY.to(language)} ({reply.status})", outage=True, trouble="login")
            return webhook_answer.malformed(reply.status, words, language)
        answer = webhook_answer.not_now(reply.status, reply.retry_after, self._now(), language)
        return answer._replace(after=answer.after or _SLOWER) if reply.status == HTTPStatus.TOO_MANY_REQUESTS else answer


def _actions(change: Change) -> Iterator[Action]:
    """An end for another reason than that it was seen repaired is told as such first: a `resolve` carries no words."""
    match change.step:
        case "resolved":
            if change.cause.kind != "observed":
                yield "trigger"
            yield "resolve"
        case "acknowledged" | "accepted":
            yield "trigger"
            yield "acknowledge"
        case _:
            # Lapsed too: that it is not seen any more is no end; the incident stays for a person to close.
            yield "trigger"


def _decoded(body: bytes) -> _Said | None:
    try:
        return _said.decode(body)
    except msgspec.DecodeError:
        return None


def _routing_key(options: PagerDutyOptions) -> str:
    (key, *_) = read_secret(options.key_file, options.credential)
    if not _KEY.fullmatch(key):
        raise OptionsError(
            Text(
                "Khóa tích hợp PagerDuty không đúng dạng: cần 32 chữ và số (Integration Key của Events API v2).",
                "The PagerDuty routing key is malformed: 32 letters and digits are expected (Integration Key of Events API v2).",
            )
        )
    return key
