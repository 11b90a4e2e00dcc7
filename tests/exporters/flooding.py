"""A box that commits floods of findings and tells of them at the same time, until it is killed or, told to drain, until nothing waits."""

import asyncio
import sys
import time
from pathlib import Path

from collector.journal import Batch, Journal
from exporters.maintenance import Windows
from exporters.manner import Manner
from exporters.runner import Pace, run_all
from exporters.tally import Tally
from exporters.webhook import Webhook, WebhookOptions
from model.verdict import Subject, Urgency
from tests.exporters.readers import status
from tests.exporters.samples import AT, change

FLOOD = 9


def flood(number, step, sequence):
    """Nine findings that begin, or end, in one commit."""
    subjects = [Subject("asset", f"a{number}-{n}") for n in range(FLOOD)]
    return [change(step, at=AT + sequence, subject=subject, sequence=sequence, urgency=Urgency.PAGE) for subject in subjects]


def commit(journal, number):
    for step, sequence in (("opened", 1), ("resolved", 2)):
        changes = flood(number, step, sequence)
        journal.commit(Batch(site="xa-a", now=AT + number, findings=[one.finding for one in changes], changes=changes))


async def main(folder: Path, url: str, first: int, mode: str):
    with Journal.open(folder / "journal.db", box="hop-1") as journal:
        manner = Manner(now=time.time_ns, present=journal.reader(status), windows=Windows(folder / "windows"), group_wait=0, storm_over=1_000_000)
        options = WebhookOptions(url=url, secret_file=folder / "secret", told_file=folder / "told", manner=manner)
        sink, stop = Webhook(options, now=time.time_ns), asyncio.Event()
        await journal.outbox().register(sink.name, sink.streams)
        pace = Pace(now=time.time_ns, random=lambda: 0.01)
        sending = asyncio.create_task(run_all(journal.outbox(), [sink], stop, pace=pace, tallies=[Tally(sink=sink.name)]))
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
