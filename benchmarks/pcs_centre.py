"""Faithful simulated PCs against the server: a morning of 200 while the store fails one time in ten, and thousands in steady state on one core."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import aiohttp
import msgspec
from measure import Figure, percentile
from pcs_storm import _free_port

from collector.catalogue.shapes import Signed
from collector.catalogue.signing import opened
from collector.sensors.endpoints.inbox import Asked, Entry, Inbox, InboxError
from collector.simosquery.pc import Flags, Pc
from collector.simosquery.pc import Path as Ask
from collector.simosquery.replies import Reply
from collector.simosquery.tables import pc as tables_of
from collector.simosquery.wire import Wire
from collector.simosquery.world import World
from model.text import Text
from tests.endpoints.certificates import Authority, Pair
from tests.endpoints.composed import _KEY, serve, signed, written
from tests.endpoints.conftest import Box, Core, SetClock, client_context

INBOX = "state/endpoints/inbox.sqlite"
PAGE = os.sysconf("SC_PAGE_SIZE")


def morning(pcs: int = 200) -> list[Figure]:
    """All switched on within ten seconds; the store refuses one commit in ten."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        done, took, missing = _centre(Path(place), pcs, seconds=60, spread=10.0, failing=0.1)
        print(f"{pcs} PCs: {len(took)} requests", file=sys.stderr)
        return [
            Figure(f"{pcs} PCs switched on: enrolled and 99 % told, the store failing 10 %", [done], 30.0, " s"),
            Figure("a request meanwhile, p99", [percentile(took, 0.99)], 1.0, " s"),
            Figure(f"topics of {pcs} PCs still to be asked again after a minute", [float(missing)], 64.0),
        ]


def steady(pcs: int = 2_500, seconds: int = 240) -> list[Figure]:
    """So many PCs with the kit's settings, their first posture told, for `seconds`: the server's memory, and its share of a core in the last minute."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        folder = Path(place)
        path, authority = written(folder, port := _free_port())
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(path,))
        server.start()
        try:
            figures = asyncio.run(_steady(authority, port, _opened(folder), pcs, seconds, server.pid or 0))
        finally:
            server.kill()
            server.join()
        return figures


def office_hours(pcs: int = 4, days: int = 10) -> list[Figure]:
    """PCs that are on for a quarter of an hour or for a working day, on a made-up clock: of the days they are on, those with every topic answered."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        full = asyncio.run(_office(Path(place), pcs, days))
    return [Figure("days without a full posture, of those a PC was on", [100 - 100 * sum(full) / len(full)], 5.0, " %")]


class _Prompt(Core):
    """A core that writes down at once what it is given."""

    def put(self, facts: Iterable[object]) -> int:
        fitted = super().put(facts)
        self.write_down()
        return fitted


async def _office(folder: Path, pcs: int, days: int) -> list[bool]:
    catalogue, dice = opened(signed(), [_KEY.public_key()]), random.Random(5)
    box = Box(folder, clock := SetClock(), core := _Prompt(), catalogue=catalogue)
    await box.listening()
    host, port = box.server.address
    world, full, real = World(tables_of(1, int(time.time())), catalogue.tables), [], time.time()
    async with aiohttp.ClientSession() as session:
        machines = []
        for number in range(pcs):
            wire = Wire(session, f"https://{host}:{port}", client_context(box.authority.path, box.authority.pc(f"pc-{number:02}")))
            splay = 0.9 + 0.2 * dice.random()
            machines.append(_pc(wire, world, [], Flags(), partial(_splayed, splay)))
        for day in range(days):
            for number, pc in enumerate(machines):
                # 07:30 and a little; every other one only for a quarter of an hour.
                start = int(real) // 86_400 * 86_400 + day * 86_400 + 1_800 + dice.randrange(1_800)
                await _day(pc, clock, start, 900 if number % 2 else 8 * 3_600)
                while (await box.inbox.depth()).facts:
                    await asyncio.sleep(0.01)
                told = {fact.topic for fact in core.told if getattr(fact, "told", None) and fact.pc == f"pc-{number:02}" and fact.at >= start * 10**9}
                full.append(told >= set(catalogue.asked["windows"]))
    await box.close()
    return full


async def _day(pc: Pc, clock: SetClock, start: int, seconds: int) -> None:
    pc.start(start)
    now = start
    while now < start + seconds:
        clock.ahead = int((now - time.time()) * 1e9)
        await pc.turn(now)
        now = max(now + 1, pc.next_at)
    await asyncio.sleep(0.05)


def _opened(folder: Path) -> Signed:
    (folder / "catalogue.json").write_bytes(signed())
    return opened(signed(), [_KEY.public_key()])


async def _steady(authority: Authority, port: int, catalogue: Signed, pcs: int, seconds: int, server: int) -> list[Figure]:
    world, took, stop = World(tables_of(1, int(time.time())), catalogue.tables), [], asyncio.Event()
    tasks = [asyncio.create_task(_live(authority, authority.pc(f"pc-{n:04}"), port, world, took, stop, random.Random(n).uniform(0, 120))) for n in range(pcs)]
    await asyncio.sleep(seconds - 60)
    before = _cpu(server)
    await asyncio.sleep(60)
    share, memory = (_cpu(server) - before) / 60, _memory(server)
    stop.set()
    await asyncio.gather(*tasks)
    print(f"{pcs} PCs for {seconds} s: {len(took)} requests, p99 {percentile(took, 0.99):.2f} s", file=sys.stderr)
    return [
        Figure(f"server's memory with {pcs} PCs", [memory / (1 << 20)], 300.0, " MiB"),
        Figure("its share of a core in steady state", [share], 1.0),
        Figure("a request, p99", [percentile(took, 0.99)], 5.0, " s"),
    ]


async def _live(authority: Authority, pair: Pair, port: int, world: World, took: list[float], stop: asyncio.Event, wait: float) -> None:
    await asyncio.sleep(wait)
    # Without its own splay each would log in the same second of every five minutes, which no office's agents do (`schedule_splay_percent`).
    splay = 0.9 + 0.2 * random.Random(wait).random()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        pc = _pc(Wire(session, f"https://127.0.0.1:{port}", client_context(authority.path, pair)), world, took, Flags(), partial(_splayed, splay))
        pc.start(int(time.time()))
        while not stop.is_set():
            await pc.turn(int(time.time()))
            try:
                await asyncio.wait_for(stop.wait(), max(0.2, pc.next_at - time.time()))
            except TimeoutError:
                continue


def _splayed(share: float, interval: int) -> int:
    return max(1, round(interval * share))


def _pc(wire: Wire, world: World, took: list[float], flags: Flags, splayed: Callable[[int], int] = int) -> Pc:
    async def post(path: Ask, body: Mapping[str, object], key: str, compress: bool) -> Reply:
        began = time.monotonic()
        reply = await wire.post(path, body, key, compress)
        took.append(time.monotonic() - began)
        return reply

    return Pc("instance", post, world.run, flags=flags, splayed=splayed, pause=asyncio.sleep)


def _centre(folder: Path, pcs: int, *, seconds: int, spread: float, failing: float) -> tuple[float, list[float], int]:
    """Serves in a process of its own whose inbox fails; as `_morning`."""
    path, authority = written(folder, port := _free_port())
    catalogue = _opened(folder)
    server = multiprocessing.get_context("spawn").Process(target=_failing, args=(path, failing))
    server.start()
    try:
        return asyncio.run(_morning(folder, authority, port, catalogue, pcs, seconds, spread))
    finally:
        server.kill()
        server.join()


def _failing(path: Path, share: float) -> None:
    logging.disable(logging.WARNING)
    keep, dice = Inbox.keep, random.Random(1)

    async def sometimes(self: Inbox, *given: list[Entry] | list[Asked]) -> int:
        if dice.random() < share:
            raise InboxError(Text("đĩa đầy", "disk full"))
        return await keep(self, *given)

    Inbox.keep = sometimes  # type: ignore[method-assign]  # the store is what is to fail
    serve(path)


async def _morning(folder: Path, authority: Authority, port: int, catalogue: Signed, pcs: int, seconds: int, spread: float) -> tuple[float, list[float], int]:
    """How long until 99 of 100 topics of all PCs are kept, the times of requests, and how many topics are missing after `seconds`.

    What a PC could not hand over in three attempts it lets go of (behaviour 8), unacknowledged, and is asked again five minutes later.
    """
    wanted, took, stop = pcs * len(catalogue.asked["windows"]), [], asyncio.Event()
    world = World(tables_of(1, int(time.time())), catalogue.tables)
    pairs = [authority.pc(f"pc-{number:03}") for number in range(pcs)]
    while not (folder / INBOX).exists():
        await asyncio.sleep(0.1)
    began = time.monotonic()
    waits = [random.Random(number).uniform(0, spread) for number in range(pcs)]
    tasks = [asyncio.create_task(_live(authority, pair, port, world, took, stop, wait)) for pair, wait in zip(pairs, waits, strict=True)]
    done = 0.0
    while (kept := await asyncio.to_thread(_kept, folder)) < wanted and time.monotonic() - began < seconds:
        done = done or (time.monotonic() - began if kept >= 0.99 * wanted else 0.0)
        await asyncio.sleep(0.5)  # the kept answers are in another process's file
    stop.set()
    await asyncio.gather(*tasks)
    return done or time.monotonic() - began, took, wanted - kept


def _kept(folder: Path) -> int:
    """Answers in the inbox, of each PC and topic the first."""
    inbox = sqlite3.connect(folder / INBOX)
    rows = inbox.execute("SELECT doc FROM fact").fetchall()
    inbox.close()
    known = {(each["pc"], each["topic"]) for (doc,) in rows if (each := msgspec.msgpack.decode(doc)).get("topic")}
    return len(known)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE


if __name__ == "__main__":
    if sys.argv[1:] == ["office"]:
        print(*office_hours(), sep="\n")
        sys.exit()
    for figure in [*morning(int(sys.argv[1]) if len(sys.argv) > 1 else 200), *(steady(int(sys.argv[2])) if len(sys.argv) > 2 else [])]:
        print(figure)
