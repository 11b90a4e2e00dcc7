"""Carries the outbox to one sink: leases, sends, acknowledges, waits. Every sink has a runner, a cursor and a back-off of its own."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from itertools import zip_longest
from typing import Any, TypeVar

import msgspec

from exporters.backoff import MOST_ASKED_SECONDS, Backoff, Outage
from exporters.flow import PAUSE, Flow
from exporters.sink import FILTERED, Paced, Pacing, Reminding, Sink
from exporters.tally import Tally
from model.ports import Outbox, OutboxRow, Posture, Receipt, Told
from model.text import Language, Text
from model.times import SECOND

T = TypeVar("T")

log = logging.getLogger(__name__)

# How long a lease waits for the first row: also how late a stop is noticed by an idle sink.
LEASE_WAIT = 1.0

_JOURNAL = Text("không với tới được nhật ký chờ gửi", "the journal cannot be reached")
_BROKEN = Text("lỗi trong nơi nhận", "fault in the sink")
_NO_ANSWER = Text("nơi nhận không trả lời cho bản tin này", "the sink gave no answer for this row")
_REJECTED = Text("nơi nhận %s: %d bản tin bị từ chối hẳn, đã để riêng: %s", "sink %s: %d rows refused for ever and set aside: %s")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Clock, sleep and dice of a runner: `now` in ns since the epoch, `sleep` in seconds, `random` in [0, 1)."""

    now: Callable[[], int]
    sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
    random: Callable[[], float] = random.random


async def run(outbox: Outbox, sink: Sink, stop: asyncio.Event, *, pace: Pace, tally: Tally | None = None, language: Language = "vi") -> None:
    """Delivers to `sink` until `stop`, then closes it. Whatever a sink or the way to the journal raises is waited out, never raised."""
    runner = _Runner(outbox, sink, stop, pace, tally if tally is not None else Tally(sink=sink.name), language)
    try:
        while not stop.is_set():
            await runner.turn()
    finally:
        await sink.close()


async def run_all(outbox: Outbox, sinks: Sequence[Sink], stop: asyncio.Event, *, pace: Pace, tallies: Sequence[Tally], language: Language = "vi") -> None:
    """All sinks beside one another until `stop`; `tallies` in the order of the sinks. One that is down holds up no other."""
    await asyncio.gather(*(run(outbox, sink, stop, pace=pace, tally=tally, language=language) for sink, tally in zip(sinks, tallies, strict=True)))


class _Fault(Exception):
    """Something raised where only answers were expected; already said and counted. Holds the reason."""


class _Side:
    """One of the two that a runner stands between: the journal or the destination."""

    def __init__(self, fault: Text, sink: str, pace: Pace, language: Language) -> None:
        self.fault = fault.to(language)
        self.backoff = Backoff(pace.random)
        self.outage = Outage(sink, log, language)

    def well(self) -> None:
        self.backoff.reset()
        self.outage.ended()


class _Runner:
    def __init__(self, outbox: Outbox, sink: Sink, stop: asyncio.Event, pace: Pace, tally: Tally, language: Language) -> None:
        self._outbox = outbox
        self._sink = sink
        self._stop = stop
        self._pace = pace
        self._tally = tally
        self._language = language
        self._journal = _Side(_JOURNAL, sink.name, pace, language)
        self._destination = _Side(_BROKEN, sink.name, pace, language)
        self._size = sink.batch
        self._flow = Flow(sink.pacing if isinstance(sink, Paced) else Pacing(), pace.random)
        self._registered = False
        self._tries: dict[int, int] = {}

    async def turn(self) -> None:
        """Leases once and sends what came, or waits after a failure."""
        try:
            if not self._registered:
                await self._guarded(self._outbox.register(self._sink.name, self._sink.streams), self._journal)
                self._registered = True
            rows = await self._guarded(self._outbox.lease(self._sink.name, self._flow.limit(self._sink.batch), LEASE_WAIT), self._journal)
            self._tries = {row.seq: self._tries.get(row.seq, 0) for row in rows}
            passing = self._flow.passing(rows, self._tries)
            pause = await self._deliver(passing) or (PAUSE if len(passing) < len(rows) else 0.0)
            self._journal.well()
            await self._remind()
        except _Fault:
            # Core may have started anew on an empty journal: it is told again who we are.
            self._registered = False
            pause = self._journal.backoff.next()
        if pause > 0:
            await self._wait(pause)

    async def _deliver(self, rows: Sequence[OutboxRow]) -> float:
        """Sends leased rows in chunks until one is to be tried again; seconds to wait then."""
        put_off: set[str] = set()
        for wanted in self._chunks(rows):
            # What the sink wants later holds up what came of the same thing since.
            chunk = [row for row in wanted if key_of(row) not in put_off]
            if not chunk:
                continue
            receipts = await self._send(chunk)
            await self._guarded(self._outbox.acknowledge(self._sink.name, receipts), self._journal)
            put_off.update(key_of(row) for row, receipt in zip(chunk, receipts, strict=True) if receipt.outcome == "later")
            pause = self._account(chunk, receipts)
            if pause > 0 or self._stop.is_set():
                return pause
        return 0.0

    async def _remind(self) -> None:
        """Has a sink say again what its server forgets; that this does not get through is an outage like any other."""
        answer = await self._guarded(self._sink.remind(), self._destination) if isinstance(self._sink, Reminding) else None
        if answer is None:
            return
        if answer.outcome == "retry":
            self._destination.outage.began(answer.reason)
            self._tally.last_error, self._tally.trouble = answer.reason, answer.trouble
        else:
            self._destination.well()
        self._tally.down = self._destination.outage.down

    def _chunks(self, rows: Sequence[OutboxRow]) -> Iterator[list[OutboxRow]]:
        """Rows as they may be sent: a finding's next row only after its last was answered finally; what failed least goes first."""
        # A row that fails for ever must not stand in the way of the alerts behind it.
        for wave in waves(rows):
            left = sorted(wave, key=lambda row: self._tries[row.seq])
            while left:
                chunk, left = left[: self._size], left[self._size :]
                yield chunk

    async def _send(self, chunk: Sequence[OutboxRow]) -> list[Receipt]:
        """Exactly one receipt a row, whatever the sink does."""
        try:
            answers = {receipt.seq: receipt for receipt in await self._guarded(self._sink.send(chunk), self._destination)}
            missing = _NO_ANSWER.to(self._language)
        except _Fault as fault:
            answers, missing = {}, str(fault)
        return [_heeded(answers.get(row.seq) or Receipt(row.seq, "retry", missing)) for row in chunk]

    def _account(self, chunk: Sequence[OutboxRow], receipts: Sequence[Receipt]) -> float:
        """Counts, grows or halves the batch, says what has to be said; seconds to wait, 0 when all were answered finally."""
        now = self._pace.now()
        for row, receipt in zip(chunk, receipts, strict=True):
            self._tally.count(receipt, max(0, now - row.at) / SECOND, now)
        self._say_rejected([receipt for receipt in receipts if receipt.outcome == "rejected"])
        held = [receipt for receipt in receipts if receipt.outcome == "retry"]
        if any(receipt.outcome in ("accepted", "rejected") and receipt.reason != FILTERED for receipt in receipts):
            self._well()
        elif held:
            self._destination.outage.began(held[0].reason)
            self._tally.trouble = held[0].trouble
        self._tally.down = self._destination.outage.down
        if not held:
            self._size = min(self._sink.batch, self._size + max(1, self._sink.batch // 10))
            return 0.0
        self._size = max(1, self._size // 2)
        for receipt in held:
            self._tries[receipt.seq] += 1
        return self._destination.backoff.next(max(receipt.after for receipt in held) / SECOND)

    def _well(self) -> None:
        if self._destination.outage.down:
            self._flow.scatter()
        self._destination.well()

    def _say_rejected(self, rejected: Sequence[Receipt]) -> None:
        if rejected:
            log.warning(_REJECTED.to(self._language), self._sink.name, len(rejected), rejected[0].reason)

    async def _guarded(self, what: Awaitable[T], side: _Side) -> T:
        try:
            return await what
        except Exception as error:  # boundary: of a sink; whatever it raises is its own outage and ends no other's delivery
            reason = f"{side.fault}: {type(error).__name__}: {error}"
            self._tally.fault(reason)
            side.outage.began(reason)
            raise _Fault(reason) from error

    async def _wait(self, seconds: float) -> None:
        """Sleeps, unless stopped meanwhile."""
        tasks = [asyncio.ensure_future(self._stop.wait()), asyncio.ensure_future(self._pace.sleep(seconds))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()


def _heeded(receipt: Receipt) -> Receipt:
    """No server puts a row off for longer than our own patience: the journal holds each for as long as its receipt says."""
    most = int(MOST_ASKED_SECONDS * SECOND)
    return receipt if receipt.outcome != "retry" or receipt.after <= most else msgspec.structs.replace(receipt, after=most)


def waves(rows: Sequence[OutboxRow]) -> Iterator[list[OutboxRow]]:
    """Rows split so that no list holds two rows about the same thing; otherwise as they were leased: findings first, each thing's in their order."""
    queues: dict[str, list[OutboxRow]] = {}
    for row in rows:
        queues.setdefault(key_of(row), []).append(row)
    for wave in zip_longest(*queues.values()):
        yield [row for row in wave if row is not None]


def key_of(row: OutboxRow) -> str:
    """What the row is about; rows about the same thing reach a sink one after the other."""
    match row.document:
        case Told(change=change):
            return change.finding.id
        case Posture(site=site, verdict=verdict):
            return f"{site}|{verdict.detector}|{verdict.subject.kind}|{verdict.subject.id}"
        case _:
            return row.id
