"""Alerts to one address of an on-call service: signed JSON by Standard Webhooks, one finding's change a message."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Literal

import aiohttp
import msgspec

from exporters import webhook_answer
from exporters.contract import FindingLine, finding_line
from exporters.render import Place, alert, brief
from exporters.secret import read_secret
from exporters.signing import SigningKeys
from exporters.sink import FILTERED, OptionsError
from exporters.told import ToldFile
from exporters.webhook_answer import Answer
from model.ledger import STANDING, Change
from model.ports import OutboxRow, Receipt, Stream, Told
from model.text import Language, Text, shown
from model.times import SECOND, rfc3339
from model.verdict import Severity, Urgency

log = logging.getLogger(__name__)

Detail = Literal["full", "brief"]

# What a receiver says is shown to people, not kept: a line is enough, a gigabyte is an attack.
_MOST_ANSWER = 1024
# Two rows in turn that the server failed on: it is the server, not the rows.
_MOST_FAILURES = 2
_UNSAVED = Text("nơi nhận %s: không ghi được %s: %s", "sink %s: %s cannot be written: %s")


class WebhookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where and what to send. `timeout` in ns; `told_file` remembers which findings were told; `detail` brief sends ids, no names or addresses."""

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


class BriefData(msgspec.Struct, frozen=True, kw_only=True):
    """What may cross a channel nobody trusts: ids and degrees, no name, address or evidence."""

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
    data: FullData | BriefData


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
        self._told = _told(options.told_file)
        self._tls = _tls(options.ca_file)
        self._session: aiohttp.ClientSession | None = None
        self._saving = True

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Posts one by one; after an outage the rest is not even tried."""
        receipts: list[Receipt] = []
        failures = 0
        try:
            for row in rows:
                answer = await self._one(row)
                receipts.append(answer.receipt(row.seq))
                failures = failures + 1 if answer.outcome == "retry" else 0
                if answer.outage or failures >= _MOST_FAILURES:
                    break
        finally:
            # Before the receipts: a crash in between sends again under the same id; the other way round the end would never be told.
            self._save()
        rest = rows[len(receipts) :]
        return receipts + [Receipt(row.seq, "retry", receipts[-1].reason, receipts[-1].after) for row in rest]

    async def close(self) -> None:
        """Lets go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _one(self, row: OutboxRow) -> Answer:
        change = self._for_this_sink(row)
        if change is None:
            return Answer("accepted", FILTERED)
        answer = await self._post(row.id, msgspec.json.encode(self._message(change)))
        if answer.outcome == "accepted":
            if change.finding.state in STANDING:
                self._told.add(change.finding.id)
            else:
                self._told.discard(change.finding.id)
        return answer

    def _for_this_sink(self, row: OutboxRow) -> Change | None:
        """The change as this sink tells it. Whoever was told of a finding hears all that becomes of it; nobody else hears of its end."""
        if not isinstance(row.document, Told):
            return None
        change = row.document.change
        if change.finding.id in self._told:
            return change
        begins = change.step not in ("resolved", "lapsed", "accepted", "acknowledged")
        if not begins or not self._wanted(change):
            return None
        # It grew into what this sink takes: the first that its people hear of it is no update to them.
        return change if change.step in ("opened", "reopened") else msgspec.structs.replace(change, step="opened")

    def _wanted(self, change: Change) -> bool:
        finding = change.finding
        return finding.urgency in self._options.urgencies and finding.severity.rank >= self._options.min_severity.rank

    def _message(self, change: Change) -> Message:
        data = self._full(change) if self._options.detail == "full" else self._brief(change)
        return Message(type=f"finding.{change.step}", timestamp=rfc3339(change.at), data=data)

    def _full(self, change: Change) -> FullData:
        options = self._options
        line = finding_line(change, options.language)
        text = alert(change, options.language, options.place)
        return FullData(**msgspec.structs.asdict(line), sequence=change.finding.sequence, text=text)

    def _brief(self, change: Change) -> BriefData:
        finding = change.finding
        return BriefData(
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
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(at),
            "webhook-signature": self._keys.sign(message, at, body),
        }
        try:
            # A redirect would carry the alert to somewhere nobody configured.
            async with self._client().post(self._options.url, data=body, headers=headers, allow_redirects=False) as response:
                said = b"" if response.status < HTTPStatus.MULTIPLE_CHOICES else await _read(response)
                return webhook_answer.of_status(response.status, response.headers.get("retry-after", ""), said, self._now(), self._options.language)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return webhook_answer.of_error(error, self._options.language)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # One connection an alert: a kept one that the server closed meanwhile would look like an outage.
            connector = aiohttp.TCPConnector(ssl=self._tls if self._tls is not None else True, force_close=True)
            timeout = aiohttp.ClientTimeout(total=self._options.timeout / SECOND)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False, headers={"user-agent": "vonggac"})
        return self._session

    def _save(self) -> None:
        try:
            self._told.save()
        except OSError as error:
            # People are told all the same; what is at stake is that after a restart they may not hear of the end.
            if self._saving:
                log.error(_UNSAVED.to(self._options.language), self.name, self._options.told_file, error.strerror)  # noqa: TRY400 - one sentence
            self._saving = False
        else:
            self._saving = True


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The beginning of what a refusal says; the status counts even where the words do not arrive."""
    try:
        return await response.content.read(_MOST_ANSWER)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return b""


def _told(path: Path) -> ToldFile:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ToldFile(path)
    except OSError as error:
        raise OptionsError(Text(f"Không đọc được tệp {path}: {error.strerror}.", f"File {path} cannot be read: {error.strerror}.")) from None
    except ValueError:
        raise OptionsError(
            Text(
                f"Tệp {path} bị hỏng: xóa tệp này thì bắt đầu lại, và phát hiện đã báo trước đó sẽ không được báo khi hết.",
                f"File {path} is damaged: delete it to begin anew; the end of findings told before will then not be told.",
            )
        ) from None


def _tls(ca_file: Path | None) -> ssl.SSLContext | None:
    if ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        why = shown(str(error.strerror or error))
        raise OptionsError(Text(f"Không dùng được tệp chứng thư {ca_file}: {why}.", f"Certificate file {ca_file} cannot be used: {why}.")) from None
