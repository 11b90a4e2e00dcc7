"""The real journal, the real runner, the real server: killed and started anew in the middle, nothing is lost and nothing stored twice."""

import asyncio
import contextlib

import pytest

from collector.clock import SystemClock
from collector.journal import Batch, Journal
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.verdict import Subject
from tests.exporters.elastic.conftest import ONE_IS_ENOUGH
from tests.exporters.samples import AT, change
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

pytestmark = pytest.mark.servers

ROUNDS, EACH = 12, 25


class Watched:
    """The journal's outbox; says when rows have been answered finally."""

    def __init__(self, journal):
        self._outbox = journal.outbox()
        self.done = 0
        self.refused = []
        self._changed = asyncio.Condition()

    async def register(self, sink, streams):
        await self._outbox.register(sink, streams)

    async def lease(self, sink, limit, wait):
        return await self._outbox.lease(sink, limit, wait)

    async def acknowledge(self, sink, receipts):
        await self._outbox.acknowledge(sink, receipts)
        async with self._changed:
            self.done += sum(receipt.outcome != "retry" for receipt in receipts)
            self.refused += [receipt for receipt in receipts if receipt.outcome == "rejected"]
            self._changed.notify_all()

    async def reached(self, count):
        async with asyncio.timeout(120), self._changed:
            await self._changed.wait_for(lambda: self.done >= count)


@pytest.fixture
def journal(tmp_path):
    opened = Journal.open(tmp_path / "journal.db", box="hop-1")
    yield opened
    opened.close()


@contextlib.asynccontextmanager
async def delivering(outbox, sink, tally):
    # Waits as short as the dice allow: what is tested is what happens, not how long it takes.
    stop, pace = asyncio.Event(), Pace(now=SystemClock().now, random=lambda: 0.002)
    task = asyncio.create_task(run(outbox, sink, stop, pace=pace, tally=tally))
    try:
        yield
    finally:
        stop.set()
        await task


def commit(journal, round_):
    """Some findings, each told for the time of this round."""
    changes = [change("opened" if round_ == 0 else "updated", AT + round_, subject=Subject("asset", f"a{n}"), sequence=round_ + 1) for n in range(EACH)]
    journal.commit(Batch(site="xa-a", now=AT + round_, changes=changes))
    return {(one.finding.id, one.finding.sequence) for one in changes}


def stored(server, namespace):
    """Each stored change; an id that is there twice fails in `documents`, a change stored under two ids here."""
    documents = server.documents(f"logs-vonggac.finding-{namespace}")
    assert all(source["event"]["id"] == id_ for id_, source in documents.items())
    told = [(source["vonggac"]["finding"]["id"], source["vonggac"]["finding"]["sequence"]) for source in documents.values()]
    assert len(told) == len(set(told))
    return set(told)


@ONE_IS_ENOUGH
@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_server_that_goes_and_comes_back_in_the_middle(how, server, journal, namespace, sink_to):
    outbox, tally, made = Watched(journal), Tally(sink="elasticsearch"), set()
    async with delivering(outbox, sink_to(server.url), tally):
        for round_ in range(ROUNDS // 3):
            made |= await asyncio.to_thread(commit, journal, round_)
        await outbox.reached(EACH)
        going = asyncio.create_task(asyncio.to_thread(getattr(server, how)))
        for round_ in range(ROUNDS // 3, ROUNDS):
            made |= await asyncio.to_thread(commit, journal, round_)
        await going
        try:
            # While it is away nothing is given up.
            assert outbox.refused == []
            assert outbox.done < ROUNDS * EACH
        finally:
            await asyncio.to_thread(server.start)
        await outbox.reached(ROUNDS * EACH)
    assert outbox.refused == []
    assert journal.queued().rows == 0
    assert stored(server, namespace) == made
    assert len(made) == ROUNDS * EACH
    assert (tally.rejected, tally.down) == (0, False)


async def test_every_fault_in_turn_loses_and_doubles_nothing(server, journal, namespace, sink_to):
    outbox, tally, made = Watched(journal), Tally(sink="elasticsearch"), set()
    troubles = [
        faults.Reset(),
        faults.captive_portal(),
        faults.HalfBody(),
        faults.RefuseItems(range(0, EACH, 3)),
        faults.unavailable(),
        faults.flood_stage(),
        faults.Reset(after_bytes=5),
        faults.unauthorized(),
        faults.cluster_blocked(),
    ]
    async with FaultProxy(server.url) as proxy, delivering(outbox, sink_to(proxy.url), tally):
        for round_ in range(ROUNDS):
            proxy.next(troubles[round_ % len(troubles)])
            made |= await asyncio.to_thread(commit, journal, round_)
        await outbox.reached(ROUNDS * EACH)
    assert outbox.refused == []
    assert stored(server, namespace) == made
    assert tally.retried > 0


@ONE_IS_ENOUGH
async def test_a_box_that_starts_anew_goes_on_where_it_was(server, tmp_path, namespace, sink_to):
    path, made = tmp_path / "journal.db", set()
    for round_ in range(3):
        journal = Journal.open(path, box="hop-1")
        try:
            outbox = Watched(journal)
            made |= commit(journal, round_)
            # The answer to the last bulk is lost with the process: the rows are sent again by the next one.
            sink = sink_to(server.url)
            await outbox.register(sink.name, sink.streams)
            rows = await outbox.lease(sink.name, sink.batch, 1)
            assert {receipt.outcome for receipt in await sink.send(rows)} == {"accepted"}
        finally:
            journal.close()
    journal, tally = Journal.open(path, box="hop-1"), Tally(sink="elasticsearch")
    try:
        outbox = Watched(journal)
        async with delivering(outbox, sink_to(server.url), tally):
            await outbox.reached(3 * EACH)
    finally:
        journal.close()
    assert stored(server, namespace) == made
    assert tally.duplicates == EACH
    assert tally.delivered == 2 * EACH
