"""How long a finding takes through a real Alertmanager to people, with a configuration file as it is: `alertmanager_delay.py [alertmanager.yml]`.

The first of a group waits `group_wait`, the next ones `group_interval`: both are measured, each from the commit to the journal to the receiver.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
# A server that is missing is an error here too.
os.environ.setdefault("CI", "true")

from collector.journal import Batch, Journal
from exporters.alertmanager import Alertmanager, AlertmanagerOptions
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.verdict import Subject, Urgency
from tests.exporters.samples import change
from tests.servers.alertmanager import Alertmanager as Server
from tests.servers.alertmanager import People

SHIPPED = Path(__file__).parents[1] / "deploy/prometheus/alertmanager.yml"
BAR_SECONDS = 60.0
MOST_SECONDS = 400.0


async def measure(config: str) -> list[float]:
    """Seconds of the first and of the second finding of one group; of each urgency a box alerts people with."""
    figures: list[float] = []
    async with People() as people:
        with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder, Server(people.url, config=config) as server:
            path = Path(folder)
            sink = Alertmanager(AlertmanagerOptions(urls=(server.url,), told_file=path / "told"), now=time.time_ns)
            with Journal.open(path / "journal.db", box="bench") as journal:
                stop = asyncio.Event()
                await journal.outbox().register(sink.name, sink.streams)
                sending = asyncio.create_task(run(journal.outbox(), sink, stop, pace=Pace(now=time.time_ns), tally=Tally(sink=sink.name)))
                for count in (1, 2):
                    figures.append(await _one(journal, people, count))
                    print(f"finding {count} of its group: {figures[-1]:.1f} s", flush=True)
                stop.set()
                await sending
    return figures


async def _one(journal: Journal, people: People, count: int) -> float:
    now = time.time_ns()
    found = change(at=now, opened=now, urgency=Urgency.PAGE, subject=Subject("asset", f"a{count}"))
    began = time.monotonic()
    journal.commit(Batch(site="xa-a", now=now, findings=[found.finding], changes=[found]))
    async with asyncio.timeout(MOST_SECONDS):
        while found.finding.id not in {one["labels"].get("finding") for one in people.told}:
            await asyncio.sleep(0.05)
    return time.monotonic() - began


if __name__ == "__main__":
    seconds = asyncio.run(measure(Path(sys.argv[1] if len(sys.argv) > 1 else SHIPPED).read_text()))
    sys.exit(0 if max(seconds) <= BAR_SECONDS else 1)
