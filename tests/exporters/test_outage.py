"""A day without the server, in compressed time, on a journal of 64 MiB: no finding is lost, and what had to be given up is counted to the row."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from itertools import pairwise

import pytest

from collector.clock import SystemClock
from collector.journal import Batch, Journal
from exporters.backoff import MOST_SECONDS, Backoff
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.ports import Health, Posture, Receipt, Told
from model.times import SECOND
from tests.journal.made import SITE, THEN, change, posture

MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
MOST = 64 << 20
# A minute of a box whose every verdict changes all the time: far above what a commune has (docs/performance.md).
FINDINGS, POSTURES = 2, 13
# Findings whose changes go on all day.
OPEN = 40

ANSWERS = ("máy nhận gặp lỗi (503)", "trang đăng nhập của mạng", "không có quyền (403)", "chứng thư không hợp lệ", "máy nhận yêu cầu gửi chậm lại (429)")


class Day(SystemClock):
    """A clock that is moved: the journal's too, for it holds back what a server asked to be given later."""

    def __init__(self) -> None:
        self.ns = THEN

    def now(self) -> int:
        return self.ns

    def monotonic(self) -> float:
        return self.ns / SECOND


class Box:
    """Commits a minute's documents for each minute that passes; time passes only while the runner sleeps."""

    def __init__(self, journal: Journal, time: Day) -> None:
        self.journal = journal
        self.time = time
        self.minutes = 0
        self.told: list[tuple[str, int]] = []
        self.postures = 0
        self.slept: list[float] = []

    @property
    def now(self) -> int:
        return self.time.ns

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time.ns += int(seconds * SECOND)
        while self.minutes * MINUTE <= min(self.now - THEN, DAY):
            self.minute()
        await asyncio.sleep(0)

    def minute(self) -> None:
        at = THEN + self.minutes * MINUTE
        numbers = range(self.minutes * FINDINGS, (self.minutes + 1) * FINDINGS)
        changes = [change(n % OPEN, sequence=n // OPEN + 1, summary="y" * 200) for n in numbers]
        documents = [posture(self.postures + n, at=at + n, text="x" * 250) for n in range(POSTURES)]
        self.journal.commit(Batch(site=SITE, now=at, changes=changes, documents=[*documents, self.heartbeat(at)]))
        self.told += [(one.finding.id, one.finding.sequence) for one in changes]
        self.postures += POSTURES
        self.minutes += 1

    def heartbeat(self, at: int) -> Health:
        """As core makes it."""
        queued = self.journal.queued()
        return Health(site=SITE, at=at, box="hop-01", queued=queued.rows, oldest_at=queued.oldest_at, lost=queued.lost)


class Server:
    """Answers nothing but outages for a day, then takes all; every fifth outage asks for a quarter of an hour."""

    name = "es"
    streams = ("finding", "posture", "health", "observation")
    batch = 400

    def __init__(self, box: Box) -> None:
        self.box = box
        self.taken: list[Told | Posture | Health] = []
        self.ids: Counter[str] = Counter()
        self.sizes: list[int] = []

    async def send(self, rows):
        self.sizes.append(len(rows))
        if self.box.now - THEN < DAY:
            kind = len(self.sizes) % len(ANSWERS)
            return [Receipt(row.seq, "retry", ANSWERS[kind], after=900 * SECOND if kind == 4 else 0) for row in rows]
        self.taken += [row.document for row in rows]
        self.ids.update(row.id for row in rows)
        return [Receipt(row.seq, "accepted") for row in rows]

    async def close(self):
        pass


@pytest.fixture
def box(tmp_path):
    time = Day()
    with Journal.open(tmp_path / "journal.db", box="hop-01", max_bytes=MOST, clock=time) as journal:
        yield Box(journal, time)


async def test_after_a_day_without_the_server_no_finding_is_lost_and_every_other_loss_is_counted(box, tmp_path):
    server, tally, stop = Server(box), Tally(sink="es"), asyncio.Event()
    box.journal.table.register(server.name, server.streams)
    box.minute()
    pace = Pace(now=box.time.now, sleep=box.sleep, random=lambda: 0.5)
    sending = asyncio.create_task(run(box.journal.outbox(), server, stop, pace=pace, tally=tally))
    async with asyncio.timeout(120):
        while box.now - THEN < DAY or box.journal.queued().rows:
            await asyncio.sleep(0.01)
    sizes = sum(path.stat().st_size for path in tmp_path.glob("journal.db*") if not path.name.endswith(".reserve"))
    box.journal.commit(Batch(site=SITE, now=box.now, documents=[box.heartbeat(box.now)]))
    async with asyncio.timeout(60):
        while box.journal.queued().rows:
            await asyncio.sleep(0.01)
    stop.set()
    await sending
    told = [(one.change.finding.id, one.change.finding.sequence) for one in server.taken if isinstance(one, Told)]
    postures = [one for one in server.taken if isinstance(one, Posture)]
    healths = [one for one in server.taken if isinstance(one, Health)]
    lost = box.journal.queued().lost
    assert box.minutes == DAY // MINUTE + 1
    assert Counter(told) == Counter(box.told)
    assert len(told) == FINDINGS * box.minutes
    for finding in {finding for finding, _ in told}:
        sequences = [sequence for about, sequence in told if about == finding]
        assert sequences == sorted(sequences)
    # The gap document: the last heartbeat says how much is missing, two in turn say since when.
    assert lost == {"posture": box.postures - len(postures)} == healths[-1].lost
    assert lost["posture"] > 1000
    assert len(healths) == box.minutes + 1
    assert sum(later.lost.get("posture", 0) - earlier.lost.get("posture", 0) for earlier, later in pairwise(healths)) == lost["posture"]
    # The newest postures are there, the oldest are not.
    assert {one.at for one in postures} == set(sorted(THEN + m * MINUTE + n for m in range(box.minutes) for n in range(POSTURES))[lost["posture"] :])
    # Every finding is told of with the first batch, before the backlog; nothing twice; never long without a try but where the server asked for it.
    assert len({one.change.finding.id for one in server.taken[: server.batch] if isinstance(one, Told)}) == OPEN
    assert max(server.ids.values()) == 1
    assert max(box.slept) <= 900 + 90
    assert min(server.sizes) == 1
    assert sizes <= MOST + (4 << 20)
    with sqlite3.connect(box.journal.path) as plain:
        assert plain.execute("SELECT count(*) FROM dead").fetchone() == (0,)
    plain.close()


def test_the_boxes_of_a_province_do_not_come_back_all_at_once():
    dice = random.Random(3321)
    boxes = [Backoff(dice.random) for _ in range(3321)]
    for box in boxes:
        for _ in range(12):
            box.next()
    waits = [box.next() for box in boxes]
    busiest = max(Counter(int(seconds) for seconds in waits).values())
    assert busiest < 3 * len(boxes) / MOST_SECONDS
    asked = [box.next(60.0) for box in boxes]
    assert min(asked) >= 60
    assert max(Counter(int(seconds) for seconds in asked).values()) < len(boxes) / 4
