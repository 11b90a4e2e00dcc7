"""How soon the on-call hears, with the options as shipped: a lone alert that wakes people, and a flood of them. `page_delay.py [COUNT]`.

From the commit to the journal to the webhook's receiver, signatures checked. Bar: p95 of lone ones under 1 s; a flood of 300 is told in 10 messages at most.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from collector.journal import Batch, Journal
from exporters.maintenance import Windows
from exporters.manner import Manner
from exporters.runner import Pace, run
from exporters.tally import Tally
from exporters.webhook import Webhook, WebhookOptions
from model.ledger import Change
from model.times import MINUTE
from model.verdict import Subject, Urgency
from tests.exporters.readers import status
from tests.exporters.samples import change
from tests.servers.webhook_receiver import WebhookReceiver

SECRET = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0yNC1ieXRlcyE="
BAR_SECONDS = 1.0
FLOOD, MOST_MESSAGES = 300, 10


class House:
    """A clock that can be put forward, so that lone alerts are as far apart as they are in life."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> int:
        """Ns since the epoch."""
        return time.time_ns() + self.ahead

    def found(self, number: int) -> Change:
        """A finding that wakes people, just opened."""
        at = self.now()
        return change(at=at, opened=at, urgency=Urgency.PAGE, subject=Subject("asset", f"a{number}"))


def told(receiver: WebhookReceiver) -> set[str]:
    """The findings that reached the receiver, by themselves or in a fold."""
    bodies = (delivery.json()["data"] for delivery in receiver.accepted)
    return {finding for data in bodies for finding in ([one["id"] for one in data["findings"]] if "findings" in data else [data["id"]])}


async def until(receiver: WebhookReceiver, changes: list[Change], began: float) -> float:
    """Seconds since `began` until all of them are there."""
    wanted = {one.finding.id for one in changes}
    async with asyncio.timeout(60):
        while not wanted <= told(receiver):
            await asyncio.sleep(0.005)
    return time.monotonic() - began


async def measure(count: int) -> tuple[list[float], float, int]:
    """Seconds of each lone alert; seconds and messages of the flood."""
    house, lone = House(), []
    async with WebhookReceiver(SECRET) as receiver:
        with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as name, Journal.open(Path(name) / "journal.db", box="bench") as journal:
            secret = Path(name) / "secret"
            secret.write_text(SECRET)
            secret.chmod(0o600)
            manner = Manner(now=house.now, present=journal.reader(status), windows=Windows(Path(name) / "windows"))
            sink = Webhook(WebhookOptions(url=receiver.url, secret_file=secret, told_file=Path(name) / "told", manner=manner), now=time.time_ns)
            stop = asyncio.Event()
            await journal.outbox().register(sink.name, sink.streams)
            sending = asyncio.create_task(run(journal.outbox(), sink, stop, pace=Pace(now=house.now), tally=Tally(sink=sink.name)))
            for number in range(count):
                house.ahead += MINUTE
                lone.append(await _commit(journal, house, receiver, [number]))
            house.ahead += 20 * MINUTE
            before = len(receiver.accepted)
            flood = await _commit(journal, house, receiver, list(range(count, count + FLOOD)))
            stop.set()
            await sending
            return lone, flood, len(receiver.accepted) - before


async def _commit(journal: Journal, house: House, receiver: WebhookReceiver, numbers: list[int]) -> float:
    changes = [house.found(number) for number in numbers]
    began = time.monotonic()
    await asyncio.to_thread(journal.commit, Batch(site="xa-a", now=house.now(), findings=[one.finding for one in changes], changes=changes))
    return await until(receiver, changes, began)


def main() -> int:
    """Prints the figures; 1 when a bar is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    lone, flood, messages = asyncio.run(measure(count))
    ordered = sorted(lone)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{count} lone alerts: median {statistics.median(lone) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, most {ordered[-1] * 1000:.0f} ms; bar {BAR_SECONDS:g} s"
    )
    print(f"a flood of {FLOOD}: all told after {flood:.1f} s in {messages} messages; bar {MOST_MESSAGES} messages")
    return int(p95 > BAR_SECONDS or messages > MOST_MESSAGES)


if __name__ == "__main__":
    sys.exit(main())
