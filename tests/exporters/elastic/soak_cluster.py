"""A cluster of three, one node killed under load: what several boxes produced is there, each once, and the cluster is whole again when the node is back.

Run by `make soak`: three servers are too much for the two cores that the other tests share.
"""

import asyncio
import contextlib

import pytest

from collector.clock import SystemClock
from collector.journal import Batch, Journal
from exporters.elastic import Elastic, ElasticOptions
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.verdict import Subject
from tests.exporters.elastic.conftest import ORIGIN, installed
from tests.exporters.samples import AT, change

pytestmark = pytest.mark.servers

BOXES, ROUNDS, EACH = 3, 24, 25


@pytest.fixture(scope="module")
def centre(cluster):
    """The cluster with our templates."""
    steps = installed(ElasticOptions(urls=cluster.urls))
    assert {step.outcome for step in steps} == {"done"}, steps
    return cluster


class Box:
    """A box of its own: journal, runner and sink as in the program; each begins with another node."""

    def __init__(self, number, folder, urls, namespace):
        self.site = f"xa-{number}"
        self.journal = Journal.open(folder / f"journal-{number}.db", box=f"hop-{number}")
        self.tally = Tally(sink="elasticsearch")
        turned = (*urls[number % len(urls) :], *urls[: number % len(urls)])
        options = ElasticOptions(urls=turned, namespace=namespace, origin=ORIGIN, timeout=5_000_000_000)
        self._sink = Elastic(options, now=SystemClock().now)

    def commit(self, round_):
        changes = [
            change("opened" if round_ == 0 else "updated", AT + round_, subject=Subject("asset", f"{self.site}-{n}"), site=self.site, sequence=round_ + 1)
            for n in range(EACH)
        ]
        self.journal.commit(Batch(site=self.site, now=AT + round_, changes=changes))
        return {(one.finding.id, one.finding.sequence) for one in changes}

    @contextlib.asynccontextmanager
    async def delivering(self):
        stop = asyncio.Event()
        task = asyncio.create_task(run(self.journal.outbox(), self._sink, stop, pace=Pace(now=SystemClock().now, random=lambda: 0.01), tally=self.tally))
        try:
            yield
        finally:
            stop.set()
            await task
            self.journal.close()

    async def emptied(self):
        async with asyncio.timeout(120):
            while await asyncio.to_thread(lambda: self.journal.queued().rows):
                await asyncio.sleep(0.1)


def holder(cluster, stream):
    """The number of the node that has the primary of the stream's one shard."""
    shards = cluster.call("GET", f"/_cat/shards/{stream}?format=json&h=prirep,node").json()
    return next(int(shard["node"].removeprefix("node-")) for shard in shards if shard["prirep"] == "p")


async def test_a_node_killed_under_load_loses_and_doubles_nothing(centre, tmp_path, namespace):
    boxes, made = [Box(number, tmp_path, centre.urls, namespace) for number in range(BOXES)], set()
    async with contextlib.AsyncExitStack() as stack:
        for box in boxes:
            await stack.enter_async_context(box.delivering())
        victim = -1
        for round_ in range(ROUNDS):
            for box in boxes:
                made |= await asyncio.to_thread(box.commit, round_)
            if round_ == ROUNDS // 3:
                await boxes[0].emptied()
                # A copy that is not whole yet cannot take over: there is only one until then.
                await asyncio.to_thread(centre.green)
                victim = await asyncio.to_thread(holder, centre, f"logs-vonggac.finding-{namespace}")
            if round_ == ROUNDS // 2:
                await asyncio.to_thread(centre.kill, victim)
        for box in boxes:
            await box.emptied()
    assert [box.tally.rejected for box in boxes] == [0] * BOXES
    assert sum(box.tally.retried for box in boxes) > 0
    assert stored(centre, namespace) == made
    assert len(made) == BOXES * ROUNDS * EACH
    await asyncio.to_thread(centre.start, victim)
    await asyncio.to_thread(centre.green)
    assert stored(centre, namespace) == made


def stored(cluster, namespace):
    """Each stored change; `documents` refuses an id that is there twice, a change stored under two ids is found here."""
    documents = cluster.documents(f"logs-vonggac.finding-{namespace}").values()
    told = [(source["vonggac"]["finding"]["id"], source["vonggac"]["finding"]["sequence"]) for source in documents]
    assert len(told) == len(set(told))
    return set(told)
