"""An outbox in memory and sinks that do as they are told, for the runner's own tests."""

import asyncio
from collections.abc import Callable, Sequence

from exporters.runner import Pace
from model.ports import OutboxRow, Receipt
from tests.exporters.samples import AT


class MemoryOutbox:
    """Keeps rows until they are answered finally, as the journal does; one cursor."""

    def __init__(self, rows: Sequence[OutboxRow] = ()):
        self.rows = {row.seq: row for row in rows}
        self.registered: list[tuple[str, tuple[str, ...]]] = []
        self.accepted: list[int] = []
        self.dead: dict[int, str] = {}
        self.receipts: list[Receipt] = []
        self.changed = asyncio.Event()

    def put(self, *rows: OutboxRow):
        self.rows |= {row.seq: row for row in rows}
        self.changed.set()

    async def register(self, sink, streams):
        self.registered.append((sink, tuple(streams)))

    async def lease(self, sink, limit, wait):
        assert wait > 0
        while not self.rows:
            self.changed.clear()
            await self.changed.wait()
        return [self.rows[seq] for seq in sorted(self.rows)][:limit]

    async def acknowledge(self, sink, receipts):
        for receipt in receipts:
            self.receipts.append(receipt)
            if receipt.outcome in ("retry", "later"):
                continue
            assert receipt.seq in self.rows, "answered twice"
            del self.rows[receipt.seq]
            if receipt.outcome == "accepted":
                self.accepted.append(receipt.seq)
            else:
                self.dead[receipt.seq] = receipt.reason


class ScriptedSink:
    """Answers by `answer(row, sends)`; remembers what it was sent, in order."""

    name = "scripted"
    streams = ("finding",)

    def __init__(self, answer: Callable[[OutboxRow, int], Receipt | None] | None = None, batch: int = 10):
        self.batch = batch
        self.sent: list[list[int]] = []
        self.closed = False
        self._answer = answer or (lambda row, _: Receipt(row.seq, "accepted"))

    async def send(self, rows):
        self.sent.append([row.seq for row in rows])
        answers = [self._answer(row, len(self.sent)) for row in rows]
        return [answer for answer in answers if answer is not None]

    async def close(self):
        self.closed = True


class FakePace:
    """A clock that only sleeping moves; the dice always show `die`."""

    def __init__(self, die: float = 1.0):
        self.ns = AT
        self.slept: list[float] = []
        self.pace = Pace(now=lambda: self.ns, sleep=self._sleep, random=lambda: die)

    async def _sleep(self, seconds: float):
        self.slept.append(seconds)
        self.ns += int(seconds * 1e9)
        await asyncio.sleep(0)
