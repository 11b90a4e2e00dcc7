"""The durable inbox: what a PC told is on disk before the PC is answered, and stays there until core's journal holds what it says."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from collector.clock import Clock
from collector.sensors.endpoints import store
from collector.sensors.endpoints.store import Depth, Node, Row
from collector.sensors.endpoints.tls import serial_of
from model.endpointfacts import PcAnswered, PcHeard
from model.text import Text
from model.times import DAY, HOUR

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

DEFAULT_MAX_BYTES: Final = 64 << 20
# A fact larger than this no message to core may carry (collector.sockets.facts.MAX_FACT); answers are some hundred bytes.
MAX_FACT: Final = 64 << 10
# Jobs that share one commit, and jobs that may wait: more means that the disk stands still, and then it is better to say so than to keep PCs waiting.
_TOGETHER, _WAITING = 64, 1024

_encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[PcAnswered | PcHeard] = msgspec.msgpack.Decoder(PcAnswered | PcHeard)


class InboxError(Exception):
    """The inbox cannot keep anything just now; nothing of what was asked was done. `text` is one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class Entry(NamedTuple):
    """What one line or answer says, with the digest by which it is known when it comes again; an empty digest is always new."""

    digest: bytes
    rows: Sequence[Row]


class Asked(NamedTuple):
    """How one topic of one PC stands: when it is to be asked again (ns), and how often in a row it brought no answer."""

    pc: str
    topic: str
    due: int
    failures: int


class Held(NamedTuple):
    """What a restart gets back."""

    nodes: list[Node]
    asked: list[Asked]


class _Job(NamedTuple):
    work: Work[Any]
    answer: concurrent.futures.Future[Any]


class Inbox:
    """One file, one writing thread; whoever waits at the same time shares one commit. Raises InboxError."""

    def __init__(self, path: Path, clock: Clock, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Opens or makes the file, at most about `max_bytes` of facts large. `notice`: what was found at opening, for the caller to log."""
        self.notice: Text | None = None
        # Set when something was kept: for who hands it on.
        self.news = asyncio.Event()
        self._clock, self._max_bytes = clock, max_bytes
        try:
            self._connection, damaged = store.opened(path)
            # Revocations come from a command in another process; a reader of its own never waits for the writer.
            self._reader = store.connect(path)
        except (sqlite3.Error, OSError) as error:
            raise InboxError(Text(f"không mở được hộp thư đến {path}: {error}", f"the inbox {path} cannot be opened: {error}")) from error
        if damaged:
            self.notice = Text(f"hộp thư đến {path} bị hỏng, đã giữ lại cạnh đó; bắt đầu cái mới", f"the inbox {path} was damaged and is kept beside a new one")
        self._bytes = store.depth(self._connection).bytes
        self._forgot = 0
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def held(self) -> Held:
        """Node keys and the state of questions, read once at the start."""
        nodes = [Node(*row) for row in self._reader.execute("SELECT key, pc, site, platform, version, at FROM node ORDER BY at")]
        return Held(nodes, [Asked(*row) for row in self._reader.execute("SELECT pc, topic, due, failures FROM asked")])

    async def keep(self, entries: Sequence[Entry], asked: Sequence[Asked] = ()) -> int:
        """Makes all of it durable, or nothing; how many entries were known already and left out."""
        now = self._clock.now()

        def work(c: sqlite3.Connection) -> int:
            repeated = 0
            for entry in entries:
                if entry.digest and not store.fresh(c, entry.digest, now):
                    repeated += 1
                    continue
                self._bytes += sum(store.put(c, row) for row in entry.rows)
            c.executemany("INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?)", asked)
            return repeated

        known = await self._do(work)
        self.news.set()
        return known

    async def enrol(self, node: Node) -> None:
        """Makes a node key durable."""
        await self._do(lambda c: store.enrol(c, node))

    async def after(self, sequence: int, most: int) -> list[PcAnswered | PcHeard]:
        """Facts behind `sequence`, in order, numbered. Those that an older version wrote and this one cannot read are given up, and counted."""
        facts, unreadable = [], []
        for seq, doc in await self._do(lambda c: store.after(c, sequence, most)):
            try:
                facts.append(msgspec.structs.replace(_decoder.decode(doc), sequence=seq))
            except msgspec.DecodeError:
                unreadable.append(seq)
        if unreadable:
            await self._do(lambda c: store.give_up(c, unreadable))
        return facts

    async def acknowledged(self, taken: Mapping[str, int], upto: int) -> int:
        """Lets go of what core's journal holds, by site; how many facts up to the sequence `upto` wait still."""

        def work(c: sqlite3.Connection) -> int:
            self._bytes -= store.acknowledged(c, taken)
            return store.waiting(c, upto)

        return await self._do(work)

    async def meet(self, taken: int) -> None:
        """To be called with core's greatest sequence before the first fact goes to core."""
        await self._do(lambda c: store.meet(c, taken))

    async def depth(self) -> Depth:
        """What waits."""
        return await self._do(store.depth)

    def revoked(self, pc: str, serial: str, since: int) -> bool:
        """Whether the box's own list has this certificate, or all that its PC was given until after `since`. Raises InboxError."""
        query = "SELECT 1 FROM revoked WHERE serial = ? OR (serial = '' AND pc = ? AND at >= ?)"
        try:
            return self._reader.execute(query, (serial, pc, since)).fetchone() is not None
        except sqlite3.Error as error:
            raise _cannot(error) from error

    def close(self) -> None:
        """Writes what waits, and ends."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()
        self._connection.close()
        self._reader.close()

    async def _do(self, work: Work[T]) -> T:
        answer: concurrent.futures.Future[T] = concurrent.futures.Future()
        if not self._thread.is_alive():
            raise InboxError(Text("hộp thư đến đã đóng", "the inbox is closed"))
        try:
            self._jobs.put_nowait(_Job(work, answer))
        except queue.Full:
            raise InboxError(Text("hộp thư đến chưa ghi kịp", "the inbox cannot keep up")) from None
        return await asyncio.wrap_future(answer)

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, ends = self._more(first)
            # Whoever left meanwhile was told nothing, and sends it again.
            self._together([job for job in jobs if job.answer.set_running_or_notify_cancel()])
            if ends:
                return

    def _more(self, first: _Job) -> tuple[list[_Job], bool]:
        """The jobs that wait by now, and whether the end is behind them."""
        jobs = [first]
        while len(jobs) < _TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _together(self, jobs: list[_Job]) -> None:
        try:
            results = self._commit([job.work for job in jobs]) if jobs else []
        except sqlite3.Error as error:
            if len(jobs) == 1:
                jobs[0].answer.set_exception(_cannot(error))
            else:
                # What one cannot do must not cost the others their answers.
                for job in jobs:
                    self._together([job])
            return
        except BaseException as error:  # clean-up, raised again: all who wait are told, and a fault of ours ends the thread
            for job in jobs:
                job.answer.set_exception(_cannot(error))
            raise
        for job, result in zip(jobs, results, strict=True):
            job.answer.set_result(result)

    def _commit(self, works: Sequence[Work[Any]]) -> list[Any]:
        c, before = self._connection, self._bytes
        c.execute("BEGIN IMMEDIATE")
        try:
            results = [work(c) for work in works]
            self._keep_bounds(c)
            c.execute("COMMIT")
        except BaseException:  # clean-up, raised again: what was not kept does not count
            self._bytes = before
            raise
        finally:
            # SQLite itself rolls back on some errors, not on all.
            if c.in_transaction:
                c.execute("ROLLBACK")
        return results

    def _keep_bounds(self, c: sqlite3.Connection) -> None:
        if self._bytes > self._max_bytes:
            # A tenth more than need be: room is made once in a while, not for each line.
            store.shed(c, self._bytes - self._max_bytes + self._max_bytes // 10)
            self._bytes = store.depth(c).bytes
        now = self._clock.now()
        if abs(now - self._forgot) >= HOUR:
            self._forgot = now
            store.forget_seen(c, now - store.REMEMBERED_DAYS * DAY)


def revoke(path: Path, *, pc: str, serial: str, at: int, by: str, why: str) -> None:
    """Puts a certificate, without `serial` all that the PC was given until `at` (ns), on the box's own list, from any process. Raises InboxError.

    A running server refuses it from its next request on.
    """
    try:
        connection = store.connect(path)
        try:
            connection.execute("INSERT OR REPLACE INTO revoked VALUES (?, ?, ?, ?, ?)", (pc, serial_of(serial), at, by, why))
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise _cannot(error) from error


def coded(fact: PcAnswered | PcHeard) -> Row | None:
    """A fact as the file holds it; None for one that no message to core can carry."""
    try:
        doc = _encode(fact)
    except (UnicodeEncodeError, OverflowError):
        return None
    return Row(fact.site, fact.pc, fact.topic if isinstance(fact, PcAnswered) else "", fact.at, doc) if len(doc) <= MAX_FACT else None


def _cannot(error: BaseException) -> InboxError:
    return InboxError(Text(f"không ghi được hộp thư đến: {error}", f"the inbox cannot be written: {error}"))
