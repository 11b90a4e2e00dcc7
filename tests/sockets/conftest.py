"""The four protocols, once in this process and once over core's sockets: what one promises the other keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from collector.factqueue import FactQueue
from collector.journal import Batch, Journal
from collector.sockets import CoreServer, SocketActs, SocketFactSink, SocketOutbox, SocketReader, path_of
from model import acts
from model.acts import Act, ActRefusedError
from model.ledger import Finding
from model.ports import Acts, CoreStatus, FactSink, JournalReader, Outbox
from tests.journal.made import SITE, THEN


class JournalActs:
    """Carries out acts on the findings of a journal, as core does."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def act(self, act: Act) -> Finding:
        found = next((f for f in self._journal.load(SITE).findings if f.id == act.finding), None)
        if found is None:
            raise ActRefusedError(f"không có phát hiện nào mang mã {act.finding}")
        change = acts.apply(found, act, THEN)
        self._journal.commit(Batch(site=SITE, now=THEN, changes=[change], acts=[act]))
        return change.finding


def core_status(queue: FactQueue) -> CoreStatus:
    return CoreStatus(
        now=THEN, started=THEN, facts=dict(queue.accepted), refused=dict(queue.refused), assets=3, evicted=0, overflowed=0,
        queue=len(queue), commits=0, commit_seconds=0.0, journal_bytes=0, lost={},
    )  # fmt: skip


class Core(msgspec.Struct):
    """What core owns, with the parts of this process and, when served, its sockets."""

    journal: Journal
    queue: FactQueue
    folder: Path
    outbox: Outbox
    reader: JournalReader
    acts: Acts

    def server(self, **options: object) -> CoreServer:
        return CoreServer(self.folder, facts=self.queue, outbox=self.outbox, reader=self.reader, acts=self.acts, **options)  # type: ignore[arg-type]


class Client(msgspec.Struct):
    """The four protocols as a process uses them. `settled` returns once facts put are where core takes them from."""

    facts: FactSink
    outbox: Outbox
    reader: JournalReader
    acts: Acts
    settled: Callable[[], object]


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    queue = FactQueue(share=50)
    with Journal.open(tmp_path / "journal.db", box="hop-01") as journal:
        yield Core(journal, queue, tmp_path, journal.outbox(), journal.reader(lambda: core_status(queue)), JournalActs(journal))


@pytest.fixture
async def served(core: Core) -> AsyncIterator[CoreServer]:
    server = core.server()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(params=["in process", "over sockets"])
async def client(request: pytest.FixtureRequest, core: Core) -> AsyncIterator[Client]:
    if request.param == "in process":
        yield Client(core.queue, core.outbox, core.reader, core.acts, lambda: asyncio.sleep(0))
        return
    server = core.server()
    await server.start()
    facts = SocketFactSink(path_of(core.folder, "facts"))
    outbox, reader, does = SocketOutbox(path_of(core.folder, "outbox")), SocketReader(path_of(core.folder, "read")), SocketActs(path_of(core.folder, "acts"))

    async def settled() -> None:
        while facts.waiting:
            await asyncio.sleep(0.001)

    yield Client(facts, outbox, reader, does, settled)
    await asyncio.to_thread(facts.close)
    for one in (outbox, reader, does):
        await one.close()
    await server.stop()
