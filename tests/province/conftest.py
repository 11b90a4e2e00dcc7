"""A province over the shared Elasticsearch, in the test's own namespace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from collector.journal import Journal
from collector.province.keys import holds
from collector.province.province import Province
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet_store import ElasticStore
from model.fleet.declared import FleetDeclared
from model.ports import OutboxRow, Receipt, Told
from model.text import Text
from tests.exporters.elastic.conftest import installed
from tests.fleet.boxes import Box, FakeClock, roster
from tests.province.desk import LINE, Desk
from tests.servers.elasticsearch import Elasticsearch

RULES = {"VG-NET-02": Text("Màn hình đang mở cho mọi người", "Screen open to anybody")}


@pytest.fixture(scope="session")
def engine(elasticsearch: Elasticsearch) -> Elasticsearch:
    """The shared Elasticsearch with our templates."""
    steps = installed(ElasticOptions(urls=(elasticsearch.url,)))
    assert {step.outcome for step in steps} == {"done"}, steps
    return elasticsearch


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class Centre:
    """A province with its journal and a sink that wants everything; `begin` again is a restart."""

    def __init__(self, folder: Path, url: str, namespace: str, clock: FakeClock, declared: FleetDeclared, **options: Any) -> None:
        self.declared = declared
        self._made = folder, url, namespace, clock, options
        self.store: ElasticStore
        self.journal: Journal
        self.province: Province

    async def begin(self) -> Centre:
        folder, url, namespace, clock, options = self._made
        self.store = ElasticStore(ElasticOptions(name="province", urls=(url,), namespace=namespace), lambda: self.declared)
        self.journal = Journal.open(folder / "province.db", box=f"province-{self.declared.province}", clock=clock)
        await self.journal.outbox().register("soc", ("finding",))
        self.province = Province(store=self.store, journal=self.journal, declared=lambda: self.declared, verify=holds, clock=clock, rules=RULES, **options)
        return self

    async def read(self) -> None:
        """Turns until nothing is left."""
        while await self.province.turn():
            pass

    def waiting(self) -> list[OutboxRow]:
        """What is to be told and was not answered yet, each once whatever the key."""
        rows: list[OutboxRow] = []
        while leased := self.journal.table.lease("soc", 1000).rows:
            rows += leased
            self.journal.table.acknowledge("soc", [Receipt(row.seq, "accepted") for row in leased])
        return rows

    def told(self) -> list[tuple[str, str, str]]:
        """What was told since the last call: site, step, urgency."""
        changes = [row.document.change for row in self.waiting() if isinstance(row.document, Told)]
        return [(change.finding.site, change.step, change.finding.urgency.value) for change in changes]

    async def end(self) -> None:
        await self.store.close()
        self.journal.close()


@pytest_asyncio.fixture
async def centre_of(engine: Elasticsearch, namespace: str, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Callable[..., Centre]]:
    made: list[Centre] = []

    def make(declared: FleetDeclared, url: str = "", **options: Any) -> Centre:
        made.append(Centre(tmp_path, url or engine.url, namespace, clock, declared, **options))
        return made[-1]

    yield make
    for centre in made:
        await centre.end()


@pytest_asyncio.fixture
async def box_of(engine: Elasticsearch, namespace: str, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Callable[..., Box]]:
    made: list[Box] = []

    def make(name: str, **options: Any) -> Box:
        made.append(Box(name, tmp_path, options.pop("url", engine.url), namespace, clock, **options))
        return made[-1]

    yield make
    for box in made:
        await box.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(declared: FleetDeclared | None = None, **options: Any) -> Desk:
        made.append(Desk(tmp_path, declared or roster(LINE), **options))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()
