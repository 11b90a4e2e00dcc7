"""Alerts to one address of an on-call service: signed JSON by Standard Webhooks, one finding's change a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from exporters import webhook_answer
from exporters.audience import Audience, Detail, Interest
from exporters.contract import FindingLine, finding_line
from exporters.posting import TROUBLES, Poster
from exporters.render import Place, alert, brief
from exporters.secret import read_secret
from exporters.signing import SigningKeys
from exporters.webhook_answer import Answer
from model.ledger import Change
from model.ports import OutboxRow, Receipt, Stream
from model.text import Language
from model.times import SECOND, rfc3339
from model.verdict import Severity, Urgency


class WebhookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` id_only sends no names or addresses."""

    name: str = "webhook"
    url: str
    secret_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    detail: Detail = "full"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET)
    min_severity: Severity = Severity.LOW
    language: Language = "vi"
    timeout: int = 10 * SECOND
    told_file: Path
    place: Place = Place()


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


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """The body: Standard Webhooks' recommended three keys."""

    type: str
    timestamp: str
    data: FullData | IdData


class Webhook:
    """Implements `exporters.sink.Sink`. `now` gives ns since the epoch, for the time that is signed."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = 20

    def __init__(self, options: WebhookOptions, *, now: Callable[[], int]) -> None:
        """Reads secret, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._keys = SigningKeys(read_secret(options.secret_file, options.credential))
        interest = Interest(urgencies=options.urgencies, min_severity=options.min_severity)
        self._audience = Audience(options.name, options.told_file, interest, options.language)
        self._poster = Poster(options.ca_file, options.timeout)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._poster.close()

    async def _deliver(self, row: OutboxRow, change: Change) -> Answer:
        return await self._post(row.id, msgspec.json.encode(self._message(change)))

    def _message(self, change: Change) -> Message:
        data = self._full(change) if self._options.detail == "full" else self._id_only(change)
        return Message(type=f"finding.{change.step}", timestamp=rfc3339(change.at), data=data)

    def _full(self, change: Change) -> FullData:
        options = self._options
        line = finding_line(change, options.language)
        text = alert(change, options.language, options.place)
        return FullData(**msgspec.structs.asdict(line), sequence=change.finding.sequence, text=text)

    def _id_only(self, change: Change) -> IdData:
        finding = change.finding
        return IdData(
            id=finding.id,
            detector=finding.detector,
            state=finding.state,
            severity=finding.severity,
            site=finding.site,
            opened=rfc3339(finding.opened),
            updated=rfc3339(finding.updated),
            sequence=finding.sequence,
            text=brief(change, self._options.language, self._options.place),
        )

    async def _post(self, message: str, body: bytes) -> Answer:
        at = self._now() // SECOND
        headers = {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": self._keys.sign(message, at, body)}
        try:
            # The specification counts the status alone.
            reply = await self._poster.post(self._options.url, body, headers, heed_success=False)
        except TROUBLES as error:
            return webhook_answer.of_error(error, self._options.language)
        return webhook_answer.of_status(reply.status, reply.retry_after, reply.body, self._now(), self._options.language)
