"""Two levels on a real journal, over core's sockets as `vonggac export` has them: who takes a finding ends its escalation."""

import asyncio
import contextlib
import time

import pytest

from collector.factqueue import FactQueue
from collector.journal import Batch, Journal
from collector.sockets import CoreServer, SocketOutbox, SocketReader, path_of
from exporters.maintenance import Windows
from exporters.manner import Manner
from exporters.runner import Pace, run_all
from exporters.tally import Tally
from exporters.webhook import Webhook, WebhookOptions
from model.acts import Act, apply
from model.times import SECOND
from model.verdict import Subject, Urgency
from tests.exporters.readers import status
from tests.exporters.samples import change


@pytest.fixture
async def core(tmp_path):
    with Journal.open(tmp_path / "journal.db", box="hop-1") as journal:
        server = CoreServer(tmp_path / "s", facts=FactQueue(), outbox=journal.outbox(), reader=journal.reader(status), acts=None)
        await server.start()
        yield journal
        await server.stop()


@contextlib.asynccontextmanager
async def exporting(folder, secret, url, levels):
    """The sinks at work over core's sockets, one a level: its name and how long it waits."""
    outbox, reader, stop = SocketOutbox(path_of(folder / "s", "outbox")), SocketReader(path_of(folder / "s", "read")), asyncio.Event()
    sinks = []
    for level, after in enumerate(levels, start=1):
        manner = Manner(now=time.time_ns, present=reader, windows=Windows(folder / "windows"), level=level, after=after, group_wait=0)
        options = WebhookOptions(name=f"cap-{level}", url=f"{url}?level={level}", secret_file=secret, told_file=folder / f"told-{level}", manner=manner)
        sinks.append(Webhook(options, now=time.time_ns))
    tallies = [Tally(sink=sink.name) for sink in sinks]
    task = asyncio.create_task(run_all(outbox, sinks, stop, pace=Pace(now=time.time_ns), tallies=tallies))
    try:
        yield tallies
    finally:
        stop.set()
        await task
        await outbox.close()
        await reader.close()


def found(name):
    at = time.time_ns()
    return change(at=at, opened=at, subject=Subject("asset", name), urgency=Urgency.PAGE)


def commit(journal, one):
    journal.commit(Batch(site="xa-a", now=one.at, findings=[one.finding], changes=[one]))


async def test_who_takes_it_ends_the_escalation_and_nobody_does_it_goes_on(core, tmp_path, webhook_secret, webhook_receiver):
    secret = tmp_path / "secret"
    secret.write_text(webhook_secret)
    secret.chmod(0o600)
    taken, left = found("a1"), found("a2")
    async with exporting(tmp_path, secret, webhook_receiver.url, (0, SECOND)) as tallies:
        async with asyncio.timeout(30):
            while {one.sink for one in await core.reader(status).sinks()} != {"cap-1", "cap-2"}:
                await asyncio.sleep(0.01)
        for one in (taken, left):
            await asyncio.to_thread(commit, core, one)
        await asyncio.to_thread(commit, core, apply(taken.finding, Act(kind="acknowledge", finding=taken.finding.id, by="Lan"), time.time_ns()))
        async with asyncio.timeout(30):
            while core.queued().rows:
                await asyncio.sleep(0.01)
    heard = [(delivery.json()["data"]["id"], delivery.json()["type"]) for delivery in webhook_receiver.accepted]
    assert heard.count((taken.finding.id, "finding.opened")) == 1
    assert heard.count((taken.finding.id, "finding.acknowledged")) == 1
    assert heard.count((left.finding.id, "finding.opened")) == 2
    assert len(heard) == 4
    assert (tallies[1].delivered, tallies[1].filtered, tallies[1].retried) == (1, 2, 0)
