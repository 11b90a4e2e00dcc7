"""Alerts by mail: one message a change, over SMTP with TLS, to a mail server that people configured."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

import aiosmtplib

from exporters import mail_answer
from exporters.audience import BATCH, AlertingOptions, Audience
from exporters.mail_message import compose
from exporters.message import Message
from exporters.progress import Progress
from exporters.render import inert
from exporters.secret import read_secret
from exporters.trust import trusting
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import SECOND

log = logging.getLogger(__name__)

Security = Literal["starttls", "tls", "none"]

_SAID = 120
_REFUSED = Text(
    "nơi nhận %s: máy thư từ chối hẳn người nhận %s, những người khác đã được gửi: %s",
    "sink %s: the mail server refuses recipient %s for good, the others were sent to: %s",
)


class MailOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send; `timeout` in ns for each command; `security` none is for this machine alone."""

    name: str = "mail"
    host: str
    port: int
    security: Security = "starttls"
    username: str = ""
    password_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    sender: str
    recipients: tuple[str, ...]
    timeout: int = 30 * SECOND


class Mail:
    """Implements `exporters.sink.Sink`. Connects for each batch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: MailOptions) -> None:
        """Reads password, certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._password = read_secret(options.password_file, options.credential)[0] if options.username else ""
        self._tls = trusting(options.ca_file)
        self._audience = Audience(options)
        self._progress = Progress()
        self._said_refused: set[str] = set()
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Sends one by one over one connection; after an outage the rest is not even tried."""
        try:
            return await self._audience.tell(rows, self._deliver)
        finally:
            await self._hang_up()

    async def close(self) -> None:
        """Lets go of the connection."""
        await self._hang_up()

    async def _deliver(self, message: Message) -> Answer:
        options = self._options
        mail = compose(message, sender=options.sender, recipients=options.recipients, detail=options.detail, language=options.language, place=options.place)
        left = self._progress.left(message.id, options.recipients)
        try:
            refused, _ = await (await self._connected()).sendmail(options.sender, left, mail.as_bytes())
            answer = self._reached(message.id, left, {who: (said.code, said.message) for who, said in refused.items()})
        except aiosmtplib.SMTPRecipientsRefused as error:
            answer = self._unreached(message.id, left, error)
        except mail_answer.TROUBLES as error:
            answer = mail_answer.of_error(error, options.language)
        if answer.outcome != "retry":
            self._progress.done(message.id)
        return answer

    def _reached(self, row: str, left: Sequence[str], refused: dict[str, tuple[int, str]]) -> Answer:
        """Some took it. Who is told to come back later is tried again alone; who is unknown for good is said in the log and left."""
        for recipient in left:
            code, said = refused.get(recipient, (0, ""))
            if mail_answer.is_later(code):
                continue
            self._progress.reached(row, recipient)
            self._say(recipient, code, said)
        later = [code for code, _ in refused.values() if mail_answer.is_later(code)]
        return mail_answer.of_refused(later, self._options.language) if later else Answer("accepted")

    def _unreached(self, row: str, left: Sequence[str], error: aiosmtplib.SMTPRecipientsRefused) -> Answer:
        """Nobody of those left took it: an end of it only when others have it and nobody is told to come back later."""
        codes = [one.code for one in error.recipients]
        if len(left) == len(self._options.recipients) or any(mail_answer.is_later(code) for code in codes):
            return mail_answer.of_refused(codes, self._options.language)
        return self._reached(row, left, {one.recipient: (one.code, one.message) for one in error.recipients})

    def _say(self, recipient: str, code: int, said: str) -> None:
        """Once when a recipient begins to be refused; anew after he was reached."""
        if not code:
            self._said_refused.discard(recipient)
        elif recipient not in self._said_refused:
            self._said_refused.add(recipient)
            log.warning(_REFUSED.to(self._options.language), self.name, recipient, f"{code} {inert(said, _SAID)}")

    async def _connected(self) -> aiosmtplib.SMTP:
        """A connection that was greeted, secured and logged in to. Raises one of TROUBLES."""
        if self._client is not None and self._client.is_connected:
            return self._client
        options = self._options
        self._client = aiosmtplib.SMTP(
            hostname=options.host,
            port=options.port,
            # Looking up our own full name may take a name server's patience.
            local_hostname=socket.gethostname(),
            timeout=options.timeout / SECOND,
            use_tls=options.security == "tls",
            # True: a server that does not offer it is refused, or whoever sits between could strike the offer out.
            start_tls=options.security == "starttls",
            tls_context=self._tls,
            username=options.username or None,
            password=self._password or None,
        )
        await self._client.connect()
        return self._client

    async def _hang_up(self) -> None:
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(*mail_answer.TROUBLES):
                await self._client.quit()
        self._client = None
