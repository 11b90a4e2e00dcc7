"""A province on a cluster of three, one node killed while boxes write and the province reads: every finding in state, none twice, none lost, each told once.

Run by `make soak`: three servers are too much for the two cores that the other tests share.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from collector.clock import SystemClock
from collector.journal import Journal
from collector.province.keys import holds
from collector.province.province import Province
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet_store import ElasticStore
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.ports import Receipt, Told
from model.times import SECOND
from tests.exporters.elastic.conftest import installed
from tests.fleet.boxes import Box, roster, told

pytestmark = pytest.mark.servers

BOXES, ROUNDS, EACH = 4, 24, 20
PATIENT = {"timeout": 5 * SECOND, "spread": 0, "rate": 0}


@pytest.fixture(scope="module")
def centre(cluster):
    """The cluster with our templates."""
    steps = installed(ElasticOptions(urls=cluster.urls))
    assert {step.outcome for step in steps} == {"done"}, steps
    return cluster


@contextlib.asynccontextmanager
async def delivering(box):
    stop, pace = asyncio.Event(), Pace(now=SystemClock().now, random=lambda: 0.01)
    task = asyncio.create_task(run(box.journal.outbox(), box.sink, stop, pace=pace, tally=Tally(sink="soc")))
    try:
        yield
    finally:
        stop.set()
        await task
        box.journal.close()


@contextlib.asynccontextmanager
async def reading(province, store):
    stop = asyncio.Event()
    task = asyncio.create_task(province.run(stop, 0.2))
    try:
        yield
    finally:
        stop.set()
        await task
        await store.close()


def holder(cluster, index):
    """The number of the node that has the primary of an index's one shard."""
    shards = cluster.call("GET", f"/_cat/shards/{index}?format=json&h=prirep,node").json()
    return next(int(shard["node"].removeprefix("node-")) for shard in shards if shard["prirep"] == "p")


def heard(journal):
    """What waits to be told, answered: what is queued a second time is told a second time."""
    told_now = []
    while rows := journal.table.lease("soc", 1000).rows:
        told_now += [row for row in rows if isinstance(row.document, Told) and row.document.change.finding.detector != "VG-COV-01"]
        journal.table.acknowledge("soc", [Receipt(row.seq, "accepted") for row in rows])
    return [row.id for row in told_now]


def state(cluster, namespace):
    documents = cluster.documents(f"vonggac-finding-{namespace}").values()
    return {one["vonggac"]["finding"]["id"]: one["vonggac"]["finding"]["sequence"] for one in documents if one["rule"]["id"] != "VG-COV-01"}


async def settled(condition):
    async with asyncio.timeout(180):
        while not await condition():
            await asyncio.sleep(0.3)


async def test_a_node_killed_while_boxes_write_and_the_province_reads(centre, tmp_path, namespace, caplog):
    clock = SystemClock()
    boxes = [Box(f"hop-{number}", tmp_path, (*centre.urls[number % 3 :], *centre.urls[: number % 3]), namespace, clock, **PATIENT) for number in range(BOXES)]
    declared = roster(*(box.line(f"xa-{number}") for number, box in enumerate(boxes)))
    store = ElasticStore(ElasticOptions(name="province", urls=centre.urls, namespace=namespace, timeout=5 * SECOND), lambda: declared)
    journal = Journal.open(tmp_path / "province.db", box="province-79")
    await journal.outbox().register("soc", ("finding",))
    province = Province(store=store, journal=journal, declared=lambda: declared, verify=holds, clock=clock, rules={})
    made, messages, victim = {}, [], -1
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(reading(province, store))
        for box in boxes:
            await stack.enter_async_context(delivering(box))
        for round_ in range(ROUNDS):
            for number, box in enumerate(boxes):
                step = "opened" if round_ == 0 else "updated"
                changes = [told(f"xa-{number}", each, step, at=time.time_ns(), sequence=round_ + 1, opened=time.time_ns()) for each in range(EACH)]
                await asyncio.to_thread(box.commit, f"xa-{number}", *changes)
                await asyncio.to_thread(box.beat, f"xa-{number}")
                made |= {change.finding.id: change.finding.sequence for change in changes}
            if round_ == ROUNDS // 3:
                for box in boxes:
                    await settled(lambda box=box: asyncio.to_thread(lambda: not box.journal.queued().rows))
                # A copy that is not whole yet cannot take over: there is only one until then.
                await asyncio.to_thread(centre.green)
                victim = await asyncio.to_thread(holder, centre, f"logs-vonggac.finding-{namespace}")
            if round_ == ROUNDS // 2:
                await asyncio.to_thread(centre.kill, victim)
            messages += await asyncio.to_thread(heard, journal)
        rows = BOXES * ROUNDS * EACH
        await settled(lambda: asyncio.to_thread(lambda: len(messages.__iadd__(heard(journal))) >= rows))
        await settled(lambda: asyncio.to_thread(lambda: state(centre, namespace) == made))
    assert "không đọc hoặc ghi được kho dữ liệu" in caplog.text, "the node was not missed: nothing was tried"
    assert len(messages) == len(set(messages)) == rows
    assert set(messages) == set(centre.documents(f"logs-vonggac.finding-{namespace}"))
    await asyncio.to_thread(centre.start, victim)
    await asyncio.to_thread(centre.green)
    assert state(centre, namespace) == made
    assert province.figures.refused == {}
    journal.close()
