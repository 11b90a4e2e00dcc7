"""A box that commits findings and sends them at the same time, until it is killed or, told to drain, until nothing waits."""

import asyncio
import sys
import time
from pathlib import Path

from collector.journal import Batch, Journal
from exporters.jsonlines import JsonLines, JsonLinesOptions
from exporters.runner import Pace, run_all
from exporters.tally import Tally
from exporters.webhook import Webhook, WebhookOptions
from model.verdict import Subject
from tests.exporters.samples import AT, change


def life(number):
    """A finding opened and resolved, each change in a commit of its own."""
    subject = Subject("asset", f"a{number}")
    return [change(subject=subject, sequence=1), change("resolved", at=AT + 1, subject=subject, sequence=2)]


def commit(journal, number):
    for one in life(number):
        journal.commit(Batch(site="xa-a", now=AT + number, findings=[one.finding], changes=[one]))


async def main(folder: Path, url: str, first: int, mode: str):
    with Journal.open(folder / "journal.db", box="hop-1") as journal:
        webhook = Webhook(WebhookOptions(url=url, secret_file=folder / "secret", told_file=folder / "told"), now=time.time_ns)
        lines = JsonLines(JsonLinesOptions(path=folder / "out" / "lines.jsonl", max_bytes=50_000, keep=10_000))
        sinks, stop = [webhook, lines], asyncio.Event()
        for sink in sinks:
            await journal.outbox().register(sink.name, sink.streams)
        pace = Pace(now=time.time_ns, random=lambda: 0.01)
        sending = asyncio.create_task(run_all(journal.outbox(), sinks, stop, pace=pace, tallies=[Tally(sink=sink.name) for sink in sinks]))
        while mode == "commit":
            await asyncio.to_thread(commit, journal, first)
            print(first, flush=True)
            first += 1
        while journal.queued().rows:
            await asyncio.sleep(0.01)
        stop.set()
        await sending


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
