"""Alerts to one address of an on-call service: signed JSON by Standard Webhooks, one finding's change a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from exporters import webhook_answer
from exporters.audience import BATCH, AlertingOptions, Audience
from exporters.contract import FindingLine, finding_line
from exporters.fold import Fold
from exporters.message import Message, alert, brief
from exporters.posting import TROUBLES, Poster
from exporters.secret import read_secret
from exporters.signing import SigningKeys
from exporters.webhook_answer import Answer
from model.ledger import Finding
from model.ports import OutboxRow, Receipt, Stream
from model.times import SECOND, rfc3339
from model.verdict import Severity


class WebhookOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` id_only sends no names or addresses."""

    name: str = "webhook"
    url: str
    secret_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    timeout: int = 10 * SECOND


class FullData(FindingLine, frozen=True, kw_only=True):
    """The contract's line, the finding's own count of its changes (an older one is to be ignored), and the alert for people."""

    sequence: int
    text: str


class IdData(msgspec.Struct, frozen=True, kw_only=True):
    """What may cross a channel of strangers: ids and degrees, no name, address or evidence."""

    id: str
    detector: str
    state: str
    severity: Severity
    site: str
    opened: str
    updated: str
    sequence: int
    text: str


class GroupLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many findings of one rule at one site that made the same step."""

    site: str
    detector: str
    step: str
    cause: str
    severity: Severity
    count: int


class IdLine(msgspec.Struct, frozen=True, kw_only=True):
    """One of the findings, so that a receiver can fold by id; `sequence` as in a message of its own."""

    id: str
    state: str
    severity: Severity
    sequence: int


class FoldData(msgspec.Struct, frozen=True, kw_only=True):
    """Many changes in one message, the worst group first."""

    count: int
    severity: Severity
    groups: tuple[GroupLine, ...]
    findings: tuple[IdLine, ...]
    text: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Standard Webhooks' recommended three keys."""

    type: str
    timestamp: str
    data: FullData | IdData | FoldData


class Webhook:
    """Implements `exporters.sink.Sink`. `now` gives ns since the epoch, for the time that is signed."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: WebhookOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._keys = SigningKeys(read_secret(options.secret_file, options.credential))
        self._audience = Audience(options)
        self._poster = Poster(options.ca_file, options.timeout)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _deliver(self, message: Message) -> Answer:
        return await self._post(message.id, msgspec.json.encode(self._body(message)))

    def _body(self, message: Message) -> Body:
        about, options = message.about, self._options
        full = options.detail == "full"
        text = (alert if full else brief)(message, options.language, options.place)
        if isinstance(about, Fold):
            return Body(type="findings.digest" if about.digest else "findings.group", timestamp=rfc3339(about.at), data=_fold_data(about, text))
        data = FullData(**msgspec.structs.asdict(finding_line(about, options.language)), sequence=about.finding.sequence, text=text) if full else None
        return Body(type=f"finding.{about.step}", timestamp=rfc3339(about.at), data=data or _id_data(about.finding, text))

    async def _post(self, message: str, body: bytes) -> Answer:
        at = self._now() // SECOND
        headers = {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": self._keys.sign(message, at, body)}
        try:
            # The specification counts the status alone; a page is not read as one.
            reply = await self._poster.post(self._options.url, body, headers, heed_success=False)
        except TROUBLES as error:
            return webhook_answer.of_error(error, self._options.language)
        return webhook_answer.of_receiver(reply.status, reply.retry_after, reply.body, self._now(), self._options.language)


def _id_data(finding: Finding, text: str) -> IdData:
    return IdData(
        id=finding.id,
        detector=finding.detector,
        state=finding.state,
        severity=finding.severity,
        site=finding.site,
        opened=rfc3339(finding.opened),
        updated=rfc3339(finding.updated),
        sequence=finding.sequence,
        text=text,
    )


def _fold_data(fold: Fold, text: str) -> FoldData:
    return FoldData(
        count=len(fold.members),
        severity=fold.severity,
        groups=tuple(
            GroupLine(site=one.site, detector=one.detector, step=one.step, cause=one.cause, severity=one.severity, count=one.count) for one in fold.counts
        ),
        findings=tuple(IdLine(id=one.finding, state=one.state, severity=one.severity, sequence=one.sequence) for one in fold.members),
        text=text,
    )
