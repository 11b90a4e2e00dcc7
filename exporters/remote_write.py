"""Pushes the metrics page by Prometheus remote write, for boxes behind NAT that nobody can scrape. Figures only: what is found goes by the journal.

What cannot be sent waits in memory, a bounded time: Prometheus refuses late samples, some as an error of its own that a faithful sender would repeat
for ever, so that age decides here. A clock that runs ahead would make every right sample after it "out of order": it is compared with the
receiver's before anything is sent.
"""

from __future__ import annotations

import asyncio
import base64
import email.utils
import logging
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
import msgspec

from exporters.backoff import Backoff, Outage
from exporters.prometheus import Metrics
from exporters.remote_write_wire import Sample, write_request
from exporters.secret import read_secret
from exporters.tally import Tally
from exporters.trust import trusting
from exporters.webhook_answer import Answer, not_now, of_error
from model.ports import Receipt
from model.text import Language, Text
from model.times import HOUR, MINUTE, SECOND

log = logging.getLogger(__name__)

NAME: Final = "remote-write"
# Seconds of network and queue between our clock's reading and the receiver's; time servers keep boxes far closer.
_AHEAD: Final = 60 * SECOND
_HEADERS: Final = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
    "user-agent": "vonggac",
}
_CLOCK = Text(
    "đồng hồ của hộp chạy nhanh hơn máy nhận %d giây: chưa gửi số liệu nào, hãy chỉnh giờ",
    "the box's clock is %d s ahead of the receiver's: set it; nothing is sent",
)
_LATE = Text("số liệu quá cũ so với giới hạn của máy nhận", "the samples are older than the receiver takes")


class RemoteWriteOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where to push; `interval`, `keep` and `timeout` in ns. `labels` stand on every series: the receiver should hold them to the login."""

    url: str
    interval: int = 30 * SECOND
    keep: int = 6 * HOUR
    labels: Mapping[str, str] = {}
    username: str = ""
    password_file: Path | None = None
    token_file: Path | None = None
    credential: str = ""
    ca_file: Path | None = None
    timeout: int = MINUTE // 2
    language: Language = "vi"


class _Waiting(NamedTuple):
    at: int
    body: bytes


class RemoteWrite:
    """One pusher over one metrics page. `now` in ns since the epoch."""

    def __init__(self, options: RemoteWriteOptions, metrics: Metrics, *, now: Callable[[], int], tally: Tally) -> None:
        """Reads secrets and certificates. Raises OptionsError."""
        self._options = options
        self._metrics = metrics
        self._now = now
        self._tally = tally
        self._headers = {**_HEADERS, **_login(options)}
        self._tls = trusting(options.ca_file)
        self._waiting: deque[_Waiting] = deque()
        self._compared = False
        self._backoff = Backoff(random.random)
        self._outage = Outage(NAME, log, options.language)

    async def run(self, stop: asyncio.Event) -> None:
        """Takes a page each interval and sends what waits, until `stop`."""
        timeout = aiohttp.ClientTimeout(total=self._options.timeout / SECOND)
        connector = aiohttp.TCPConnector(ssl=self._tls, limit=1)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout, headers=self._headers) as client:
            clock = asyncio.get_running_loop().time
            not_before = 0.0
            while not stop.is_set():
                await self.take()
                if clock() >= not_before:
                    not_before = await self._flush(client) + clock()
                await _until(stop, self._options.interval / SECOND)

    async def take(self) -> None:
        """Puts the page as it is now behind what waits; the oldest go when they are older than the receiver may take."""
        await self._metrics.refresh()
        at = self._now()
        self._waiting.append(_Waiting(at, write_request(self._samples(), at)))
        while self._waiting and (at - self._waiting[0].at > self._options.keep or self._waiting[0].at > at):
            self._drop(_LATE.to(self._options.language), self._waiting.popleft())

    def _samples(self) -> Iterator[Sample]:
        for family in self._metrics.registry.collect():
            for sample in family.samples:
                yield Sample(sample.name, {**sample.labels, **self._options.labels}, sample.value)

    async def _flush(self, client: aiohttp.ClientSession) -> float:
        """Sends oldest first until something has to wait; seconds to wait then."""
        while self._waiting:
            waiting = self._waiting[0]
            answer = await self._post(client, waiting) if self._compared else await self._compare(client)
            if answer is None:
                continue
            if answer.outcome == "retry":
                self._tally.count(Receipt(0, "retry", answer.reason), 0.0, self._now())
                self._down(answer)
                return self._backoff.next(answer.after / SECOND)
            self._waiting.popleft()
            self._answered(answer, waiting)
        return 0.0

    async def _compare(self, client: aiohttp.ClientSession) -> Answer | None:
        """An empty request, for the receiver's clock and our login; None when samples may follow."""
        answer, date = await self._request(client, write_request((), 0))
        if answer.outcome == "retry":
            return answer
        ahead = self._now() - _moment(date) if date else 0
        if date and ahead > _AHEAD:
            return Answer("retry", _CLOCK.to(self._options.language) % (ahead // SECOND), outage=True)
        self._compared = True
        return None

    async def _post(self, client: aiohttp.ClientSession, waiting: _Waiting) -> Answer:
        return (await self._request(client, waiting.body))[0]

    async def _request(self, client: aiohttp.ClientSession, body: bytes) -> tuple[Answer, str]:
        try:
            # A redirect would carry the login elsewhere.
            async with client.post(self._options.url, data=body, allow_redirects=False) as response:
                said = (await response.content.read(2048)).decode(errors="replace")
                headers = response.headers
                return self._meaning(response.status, headers.get("retry-after", ""), said), headers.get("date", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return of_error(error, self._options.language), ""

    def _meaning(self, status: int, retry_after: str, said: str) -> Answer:
        # The receiver's own writing is 204 with no words; a log-in page says 200 and much.
        if status == 204 or (status == 200 and not said):
            return Answer("accepted")
        late = status in (400, 500) and any(word in said for word in ("out of order", "out of bounds", "too old sample", "duplicate sample"))
        if late:
            return Answer("rejected", _LATE.to(self._options.language))
        return not_now(status, retry_after, self._now(), self._options.language)

    def _answered(self, answer: Answer, waiting: _Waiting) -> None:
        self._backoff.reset()
        self._outage.ended()
        self._tally.down, self._tally.trouble = False, ""
        if answer.outcome == "rejected":
            self._drop(answer.reason, waiting)
        else:
            self._tally.count(Receipt(0, "accepted"), max(0, self._now() - waiting.at) / SECOND, self._now())

    def _drop(self, reason: str, waiting: _Waiting) -> None:
        self._tally.count(Receipt(0, "rejected", reason), max(0, self._now() - waiting.at) / SECOND, self._now())

    def _down(self, answer: Answer) -> None:
        # After an outage either clock may be another.
        self._compared = False
        self._outage.began(answer.reason)
        self._tally.down, self._tally.trouble = True, answer.trouble


def _login(options: RemoteWriteOptions) -> dict[str, str]:
    if options.username:
        (secret, *_) = read_secret(options.password_file, options.credential)
        return {"authorization": "Basic " + base64.b64encode(f"{options.username}:{secret}".encode()).decode()}
    if options.token_file is not None or options.credential:
        (secret, *_) = read_secret(options.token_file, options.credential)
        return {"authorization": f"Bearer {secret}"}
    return {}


def _moment(date: str) -> int:
    """A Date header (RFC 9110 §6.6.1) in ns; that of long ago when it is no date."""
    try:
        return int(email.utils.parsedate_to_datetime(date).timestamp()) * SECOND
    except ValueError:
        return 0


async def _until(stop: asyncio.Event, seconds: float) -> None:
    waiting = asyncio.ensure_future(stop.wait())
    await asyncio.wait([waiting], timeout=seconds)
    waiting.cancel()
