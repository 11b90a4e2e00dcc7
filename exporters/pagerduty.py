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
from exporters.audience import BATCH, LATER_STEPS, AlertingOptions, Audience, Detail
from exporters.fold import Fold
from exporters.message import Message, alert, brief, title
from exporters.posting import TROUBLES, Poster, Reply
from exporters.render import calm
from exporters.secret import read_secret
from exporters.sink import FILTERED, OptionsError
from exporters.webhook_answer import Answer
from model.ledger import Change, Finding
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import MINUTE, SECOND, rfc3339
from model.verdict import Severity, Urgency

Action = Literal["trigger", "acknowledge", "resolve"]

_SEVERITIES = {Severity.LOW: "info", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "critical"}
# "Preferably with a backoff of a few minutes", says the overview of the API, which knows no Retry-After.
_SLOWER = 2 * MINUTE
_KEY = re.compile(r"[0-9A-Za-z]{32}")
_KEY_SAID = re.compile(r"routing.?key|integration key", re.IGNORECASE)
_WRONG_KEY = Text("PagerDuty không nhận khóa tích hợp (routing key): hãy kiểm tra tệp khóa", "PagerDuty does not take the routing key: check the secret's file")


class PagerDutyOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` id_only sends no names or addresses."""

    name: str = "pagerduty"
    url: str = "https://events.pagerduty.com/v2/enqueue"
    key_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
    timeout: int = 10 * SECOND


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


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What an event's fields are filled from."""

    site: str
    rule: str
    severity: Severity
    details: dict[str, str]


class _Said(msgspec.Struct):
    """The API's answer, of 202 and of 400."""

    status: str
    message: str = ""
    errors: list[str] = []


_said = msgspec.json.Decoder(_Said)


class PagerDuty:
    """Implements `exporters.sink.Sink`. `now` gives ns since the epoch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: PagerDutyOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._key = _routing_key(options)
        self._audience = Audience(options, silent=LATER_STEPS)
        self._poster = Poster(options.ca_file, options.timeout)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _deliver(self, message: Message) -> Answer:
        # An incident that told of many is over when nothing it told of stands any more.
        events = [*self._events(message), *(self._event("resolve", fold) for fold in message.over)]
        answer = Answer("accepted", "" if events else FILTERED)
        for event in events:
            answer = await self._post(event)
            if answer.outcome != "accepted":
                break
        return answer

    def _events(self, message: Message) -> list[Event]:
        about = message.about
        if isinstance(about, Fold):
            return [self._event("trigger", message.thread, self._payload(message, _fold_facts(about)))]
        if message.under and about.step in LATER_STEPS:
            # It has no incident of its own.
            return []
        payload = self._payload(message, _facts(about.finding))
        return [self._event(action, message.thread, payload if action == "trigger" else UNSET) for action in _actions(about)]

    def _event(self, action: Action, key: str, payload: Payload | UnsetType = UNSET) -> Event:
        return Event(routing_key=self._key, event_action=action, dedup_key=f"vonggac-{key}", payload=payload)

    def _payload(self, message: Message, facts: _Facts) -> Payload:
        options = self._options
        full = options.detail == "full"
        say = title if full else brief
        text = {"text": calm(alert(message, options.language, options.place))} if full else {}
        return Payload(
            summary=calm(say(message, options.language, options.place)),
            source=facts.site,
            severity=_SEVERITIES[facts.severity],
            timestamp=rfc3339(message.at),
            component=facts.rule,
            group=facts.site,
            kind=facts.rule,
            details=facts.details | text,
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


def _facts(finding: Finding) -> _Facts:
    details = {"finding": finding.id, "state": finding.state, "urgency": finding.urgency.value, "grade": finding.grade.value}
    return _Facts(site=finding.site, rule=finding.detector, severity=finding.severity, details=details)


def _fold_facts(fold: Fold) -> _Facts:
    sites, rules = ({count.site for count in fold.counts}, {count.detector for count in fold.counts})
    details = {"findings": str(len(fold.members)), "sites": str(len(sites)), "rules": " ".join(sorted(rules))}
    return _Facts(site=_all(sites), rule=_all(rules), severity=fold.severity, details=details)


def _all(names: set[str]) -> str:
    return names.pop() if len(names) == 1 else "-"


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
    except (ValueError, RecursionError):
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
