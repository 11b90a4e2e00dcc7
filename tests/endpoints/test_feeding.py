"""From the inbox to core's journal: in order, a few at a time, again when core lost them, and let go of only when they are written down."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from collector.core import Core as RealCore
from collector.factqueue import FactQueue
from collector.journal import Journal, JournalError
from collector.sensors.endpoints.api import SENSOR
from collector.sensors.endpoints.feeding import Feeding
from collector.sensors.endpoints.inbox import Entry, Inbox, coded
from collector.sensors.endpoints.presence import Presence
from collector.sensors.endpoints.store import Node
from collector.sockets import CoreServer, SocketError, SocketFactSink, SocketReader, path_of
from model.declared import Declared
from model.endpointfacts import PcAnswered, PcHeard
from model.posture import ask
from model.posture.rows import PcRow
from model.posture.told import Bluetooth
from model.times import HOUR
from tests.endpoints.conftest import Core, SetClock, until

SITES = {site: Declared(site=site, legs=(leg,)) for site, leg in (("xa", "lan"), ("xa-b", "lan-b"))}


def answer(at: int, pc: str, topic: str = "bluetooth", site: str = "xa") -> PcAnswered:
    return PcAnswered(at=at, sensor=SENSOR, pc=pc, site=site, topic=topic, answered=at, told=Bluetooth(on=True))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def inbox(tmp_path, clock):
    inbox = Inbox(tmp_path / "inbox.sqlite", clock)
    yield inbox
    inbox.close()


@contextlib.asynccontextmanager
async def feeding(inbox, clock, sink, reader, **options):
    feeding = Feeding(inbox, options.pop("presence", Presence(SENSOR)), sink, reader, clock, SENSOR, failures=(SocketError, OSError, JournalError), **options)
    task = asyncio.create_task(feeding.run())
    try:
        yield feeding
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def put(inbox: Inbox, *facts: PcAnswered | PcHeard) -> None:
    await inbox.keep([Entry(b"", [coded(fact)]) for fact in facts])


async def test_a_few_at_a_time_and_the_next_when_those_are_written_down(inbox, clock):
    core = Core()
    await put(inbox, *(answer(clock.now(), f"pc-{n}") for n in range(25)))
    async with feeding(inbox, clock, core, core, window=10):
        for reached in (10, 20, 25):
            await until(lambda reached=reached: len(core.told) == reached)
            assert (await inbox.depth()).facts == 25 - (reached - 1) // 10 * 10
            core.write_down()
        await until_empty(inbox)
    assert [fact.sequence for fact in core.told] == list(range(1, 26))


async def until_empty(inbox: Inbox) -> None:
    async with asyncio.timeout(30):
        while (await inbox.depth()).facts:
            await asyncio.sleep(0.01)


async def test_what_is_new_goes_at_once(inbox, clock):
    core = Core()
    async with feeding(inbox, clock, core, core):
        for n in range(5):
            await put(inbox, answer(clock.now(), f"pc-{n}"))
            await until(lambda n=n: len(core.told) == n + 1, 1.5)
    assert [fact.sequence for fact in core.told] == [1, 2, 3, 4, 5]


async def test_what_core_has_no_room_for_is_handed_over_later_and_in_order(inbox, clock):
    core = Core()
    core.room = 3
    await put(inbox, *(answer(clock.now(), f"pc-{n}") for n in range(8)))
    async with feeding(inbox, clock, core, core):
        await until(lambda: len(core.told) == 8)
    assert [fact.sequence for fact in core.told] == list(range(1, 9))


async def test_a_core_that_began_anew_is_given_again_what_it_had_not_written_down(inbox, clock):
    core = Core()
    await put(inbox, *(answer(clock.now(), f"pc-{n}") for n in range(6)))
    async with feeding(inbox, clock, core, core):
        await until(lambda: len(core.told) == 6)
        del core.facts[3:]
        core.write_down()
        core.facts.clear()
        core.started = 2
        core.version += 1
        core.changed.set()
        await until(lambda: len(core.told) == 3)
        core.write_down()
        await until_empty(inbox)
    assert [fact.sequence for fact in core.told] == [4, 5, 6]


async def test_what_core_does_not_write_down_for_long_is_given_again(inbox, clock):
    core = Core()
    await put(inbox, answer(clock.now(), "pc-1"))
    async with feeding(inbox, clock, core, core):
        await until(lambda: len(core.told) == 1)
        clock.ahead += HOUR
        await until(lambda: len(core.told) == 2)
    assert [fact.sequence for fact in core.told] == [1, 1]


async def test_who_was_heard_comes_by_the_same_way(inbox, clock):
    core, presence = Core(), Presence(SENSOR)
    presence.heard(Node(b"k", "pc-01", "xa", "windows", "5.23.0", 0), clock.now())
    async with feeding(inbox, clock, core, core, presence=presence):
        await until(lambda: len(core.told) == 1)
    assert isinstance(core.told[0], PcHeard)
    assert core.told[0].sequence == 1


class Office:
    """A real core over a real journal; `restart` kills it as a power cut does, as far as its facts go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        self.queue = FactQueue()
        self.journal = Journal.open(self.folder / "journal.sqlite", box="hop-01")
        self.core = RealCore(box="hop-01", sites=SITES, detectors=[], journal=self.journal, queue=self.queue, clock=SetClock(), key=b"k" * 32)
        self.core.start()
        self.reader = self.journal.reader(self.core.status)
        self.server = CoreServer(self.folder, facts=self.queue, outbox=self.journal.outbox(), reader=self.reader, acts=self.core)

    async def stop(self) -> None:
        await self.server.stop()
        self.core.stop()
        self.journal.close()

    def pcs(self) -> dict[str, PcRow]:
        rows = [row for site in SITES for row in self.journal.load(site).rows]
        return {row.id: row for row in rows if isinstance(row, PcRow)}


@pytest.mark.parametrize("way", ["in process", "over sockets"])
async def test_all_of_it_reaches_the_journal_each_site_its_own(inbox, clock, tmp_path, way):
    office = Office(tmp_path)
    await office.server.start()
    sink, reader = office.queue, office.reader
    if way == "over sockets":
        sink, reader = SocketFactSink(path_of(tmp_path, "facts")), SocketReader(path_of(tmp_path, "read"))
    await put(inbox, *(answer(clock.now(), f"pc-{n}", site="xa-b" if n % 3 == 0 else "xa") for n in range(120)))
    try:
        async with feeding(inbox, clock, sink, reader, window=50):
            await until_empty(inbox)
        taken = {row.site: row.sequence for row in await reader.taken(SENSOR)}
        assert taken == {"xa": 120, "xa-b": 118}
        assert set(office.pcs()) == {f"pc-{n}" for n in range(120)}
        assert {len(row.topics) for row in office.pcs().values()} == {1}
    finally:
        if way == "over sockets":
            await asyncio.to_thread(sink.close)
            await reader.close()
        await office.stop()


async def test_nothing_is_lost_while_core_is_away_and_comes_back(inbox, clock, tmp_path):
    office = Office(tmp_path)
    sink, reader = SocketFactSink(path_of(tmp_path, "facts")), SocketReader(path_of(tmp_path, "read"), patience=0.2)
    try:
        async with feeding(inbox, clock, sink, reader, window=20):
            for turn in range(3):
                await put(inbox, *(answer(clock.now(), f"pc-{turn}-{n}") for n in range(30)))
                await office.server.start()
                if turn == 2:
                    await until_empty(inbox)
                else:
                    await until(lambda: office.queue.accepted[SENSOR] >= 10)
                await office.stop()
                office.start()
        assert set(office.pcs()) == {f"pc-{turn}-{n}" for turn in range(3) for n in range(30)}
    finally:
        await asyncio.to_thread(sink.close)
        await reader.close()
        await office.stop()


async def test_what_a_pc_told_is_asked_of_the_view_as_it_told_it(inbox, clock, tmp_path):
    office = Office(tmp_path)
    try:
        await put(inbox, answer(clock.now(), "pc-01"))
        async with feeding(inbox, clock, office.queue, office.reader):
            await until_empty(inbox)
        view = next(engine.view for engine in office.core._engines.values() if engine.view.site == "xa")
        (asset,) = ask.assets_of_pcs(view)
        seen = ask.latest(view, asset, Bluetooth)
        assert seen is not None
        assert seen.told == Bluetooth(on=True)
    finally:
        await office.stop()
