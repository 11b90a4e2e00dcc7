"""A server killed at any moment loses nothing it acknowledged and tells nothing twice: from what a PC was answered to core's journal."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import random
from collections import Counter
from multiprocessing import forkserver
from pathlib import Path

import aiohttp
import pytest

from collector.core import Core
from collector.factqueue import FactQueue
from collector.journal import Journal
from collector.sensors.endpoints.api import SENSOR
from collector.sockets import CoreServer, path_of
from model.declared import Declared
from model.endpointfacts import PcAnswered
from model.posture.rows import PcRow
from model.times import SECOND
from tests.endpoints.answering import GOOD
from tests.endpoints.certificates import Authority
from tests.endpoints.composed import serve, written
from tests.endpoints.conftest import PREFIX, SetClock, client_context, snapshot

# `VONGGAC_KILLS=100` for a soak.
KILLS = int(os.environ.get("VONGGAC_KILLS", "20"))
PCS = 4
FIRST = 1_763_000_000


class Recorder(FactQueue):
    """Core's queue, which keeps in mind what core was ever given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[PcAnswered] = []

    def put(self, facts):
        fitted = super().put(facts)
        self.given += [fact for fact in facts[:fitted] if isinstance(fact, PcAnswered)]
        return fitted


class Agent:
    """Sends batches as osquery does: the same one until it is acknowledged, and never a word that was."""

    numbers = itertools.count(1)

    def __init__(self, name: str, authority: Authority, port: int) -> None:
        self.name, self.key, self.acknowledged = name, "", []
        self._url = f"https://127.0.0.1:{port}{PREFIX}"
        self._context = client_context(authority.path, authority.pc(name))

    async def run(self, enough: asyncio.Event) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._context)) as session:
            while not self.key:
                self.key = (await self._post(session, "enroll", {"platform_type": "2"})).get("node_key", "")
            while not enough.is_set():
                batch = [(topic, next(self.numbers)) for topic in ("bluetooth", "firewall", "auto_logon") for _ in range(2)]
                lines = [snapshot(topic, [GOOD[topic]], FIRST + number) for topic, number in batch]
                while "node_invalid" not in (told := await self._post(session, "log", {"node_key": self.key, "log_type": "result", "data": lines})):
                    assert set(told) <= {"error"}
                assert told == {"node_invalid": False}
                self.acknowledged += [(self.name, topic, (FIRST + number) * SECOND) for topic, number in batch]

    async def _post(self, session: aiohttp.ClientSession, path: str, body: dict) -> dict:
        try:
            async with session.post(self._url + path, json=body) as answer:
                return await answer.json()
        except (aiohttp.ClientError, OSError):
            # Where osquery waits i² seconds.
            await asyncio.sleep(0.01)
            return {}


@pytest.fixture
def nursery():
    """Children that have everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.endpoints.composed"])
    yield context
    forkserver._forkserver._stop()


async def killed_again_and_again(nursery, config: Path, agents: list[Agent], dice: random.Random) -> None:
    for turn in range(KILLS):
        child = nursery.Process(target=serve, args=(config,), daemon=True)
        child.start()
        # Not the same number of acknowledgements each time, so that the moment differs: in a commit, before an answer, while core is fed.
        reached = sum(len(agent.acknowledged) for agent in agents) + (0 if turn % 5 == 4 else dice.randint(1, 60))
        async with asyncio.timeout(60):
            while sum(len(agent.acknowledged) for agent in agents) <= reached:
                await asyncio.sleep(dice.random() / 50)
        child.kill()
        await asyncio.to_thread(child.join)


async def test_what_was_acknowledged_is_in_the_journal_and_once(tmp_path, port, nursery):
    config, authority = written(tmp_path, port, GOOD)
    site = Declared(site="xa", legs=("lan",))
    queue = Recorder()
    folder = path_of(tmp_path / "state" / "sockets", "facts").parent
    folder.mkdir(parents=True)
    with Journal.open(tmp_path / "journal.sqlite", box="hop-01") as journal:
        core = Core(box="hop-01", sites={"xa": site}, detectors=[], journal=journal, queue=queue, clock=SetClock(), key=b"k" * 32)
        core.start()
        server = CoreServer(folder, facts=queue, outbox=journal.outbox(), reader=journal.reader(core.status), acts=core)
        await server.start()
        enough = asyncio.Event()
        agents = [Agent(f"pc-{n:02}", authority, port) for n in range(PCS)]
        tasks = [asyncio.create_task(agent.run(enough)) for agent in agents]
        try:
            await killed_again_and_again(nursery, config, agents, random.Random(20251122))
            last = nursery.Process(target=serve, args=(config,), daemon=True)
            last.start()
            enough.set()
            await asyncio.gather(*tasks)
            told = [answer for agent in agents for answer in agent.acknowledged]
            while not {(fact.pc, fact.topic, fact.answered) for fact in queue.given} >= set(told):
                await asyncio.sleep(0.1)
            reader = journal.reader(core.status)
            while any(row.sequence < max(fact.sequence for fact in queue.given) for row in await reader.taken(SENSOR)):
                await asyncio.sleep(0.1)
            last.kill()
            await asyncio.to_thread(last.join)
        finally:
            for task in tasks:
                task.cancel()
            await server.stop()
            core.stop()
        rows = {row.id: row for row in journal.load("xa").rows if isinstance(row, PcRow)}
    assert len(told) == len(set(told)) >= 10 * KILLS
    assert len({agent.key for agent in agents}) == PCS
    # Handed to core again after a kill it has the same number: told twice would be the same answer under two.
    numbered = {(fact.pc, fact.topic, fact.answered, fact.sequence) for fact in queue.given}
    assert [answer for answer, times in Counter(each[:3] for each in numbered).items() if times > 1] == []
    newest = {(pc, topic): max(at for other, name, at in told if (other, name) == (pc, topic)) for pc, topic, _ in told}
    kept = {(pc, topic): row.topics[topic].answer.stamp.at for pc, row in rows.items() for topic in row.topics}
    assert kept == newest
