"""Findings' changes to a SIEM: CEF in syslog (RFC 5424) over TLS (RFC 5425).

No syslog server ever says that it took a message. A row is accepted when the other machine acknowledged its octets (`exporters.syslog_wire`). What
its program had not read when it died is lost with it; so the last messages of a connection are kept, and sent again on the next one. A SIEM
may thus see one twice, with the same externalId.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from exporters.audience import AlertingOptions, Audience
from exporters.cef import Teller, record
from exporters.fold import Fold
from exporters.message import Message
from exporters.syslog_line import framed, message
from exporters.syslog_wire import Transport, Wire
from exporters.trust import trusting
from exporters.webhook_answer import Answer
from exporters.wire_answer import of_socket
from model.ledger import STANDING, Change
from model.ports import OutboxRow, Receipt, Stream
from model.times import SECOND
from model.verdict import Severity, Urgency

# RFC 5424 §6.2.1: 2 critical, 3 error, 4 warning, 5 notice; an end is informational.
LEVELS = {Severity.CRITICAL: 2, Severity.HIGH: 3, Severity.MEDIUM: 4, Severity.LOW: 5}
_ENDED = 6

# What a server may have taken from the network and not yet worked on: so many messages, of the last minute.
WINDOW = 200
WINDOW_AGE = 60 * SECOND


class SyslogOptions(AlertingOptions, frozen=True, kw_only=True):
    """Where and what to send; `timeout` in ns for each step; `facility` 0 to 23; `transport` tcp and udp are for this machine alone."""

    name: str = "syslog"
    host: str
    port: int = 6514
    transport: Transport = "tls"
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    facility: int = 16
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET, Urgency.REPORT)
    timeout: int = 10 * SECOND
    box: str
    version: str


class Syslog:
    """Implements `exporters.sink.Sink` and `Reminding`. Keeps its connection. `now` gives ns since the epoch."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = 50

    def __init__(self, options: SyslogOptions, *, now: Callable[[], int]) -> None:
        """Reads certificates and memory. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._now = now
        self._tls = trusting(options.ca_file, options.cert_file, options.key_file) if options.transport == "tls" else None
        self._audience = Audience(options)
        self._teller = Teller(box=options.box, version=options.version, detail=options.detail, language=options.language, place=options.place)
        self._wire: Wire | None = None
        self._window: deque[tuple[int, bytes]] = deque(maxlen=WINDOW)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Sends one by one; after an outage the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def remind(self) -> Answer | None:
        """Looks whether the server hung up; then its last minute is sent again at once, not only with the next alert."""
        self._forget()
        if self._wire is None and not self._window:
            return None
        before = self._wire
        try:
            await asyncio.to_thread(self._held)
        except OSError as error:
            return self._broken(error)
        return Answer("accepted") if self._wire is not before else None

    async def close(self) -> None:
        """Lets go of the connection."""
        self._let_go()

    async def _deliver(self, message: Message) -> Answer:
        if isinstance(message.about, Fold):
            raise TypeError("a SIEM folds for itself: syslog is told without a manner, change by change")
        line = self._line(message.id, message.about)
        try:
            await asyncio.to_thread(self._give, line)
        except OSError as error:
            return self._broken(error)
        self._window.append((self._now(), line))
        return Answer("accepted")

    def _line(self, row: str, change: Change) -> bytes:
        options = self._options
        level = LEVELS[change.finding.severity] if change.finding.state in STANDING else _ENDED
        text = record(row, change, self._teller)
        line = message(text, facility=options.facility, level=level, at=change.at, host=options.box, kind=change.step)
        return line if options.transport == "udp" else framed(line)

    def _give(self, line: bytes) -> None:
        self._held().send(line)

    def _held(self) -> Wire:
        """The connection; a new one, over which the last messages went again, when the old one is gone."""
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.check()
                return self._wire
            self._let_go()
        options = self._options
        wire = Wire(options.host, options.port, options.transport, self._tls, options.timeout / SECOND)
        try:
            for _, line in self._window:
                wire.send(line)
        except BaseException:  # clean-up, raised again: the line is nobody's
            wire.close()
            raise
        # Sent just now: this server may die with them unread as the last one did.
        self._window = deque(((self._now(), line) for _, line in self._window), WINDOW)
        self._wire = wire
        return wire

    def _forget(self) -> None:
        """What is a minute old was worked on, or is on the server's disk. While nobody listens nothing grows old: it was not even offered again."""
        while self._wire is not None and self._window and self._now() - self._window[0][0] > WINDOW_AGE:
            self._window.popleft()

    def _broken(self, error: OSError) -> Answer:
        self._let_go()
        return of_socket(error, self._options.language)

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None
