"""Simulated PCs in real time against a real server: each with its own certificate and connection, as a morning at a centre."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from collector.simosquery import wire
from collector.simosquery.pc import Flags, Pc, Post
from collector.simosquery.pc import Path as Ask
from collector.simosquery.replies import Reply
from collector.simosquery.world import World


class Figures(NamedTuple):
    """What one request was: which path, how long it took (s), whether an answer came."""

    path: Ask
    seconds: float
    answered: bool


class Driver:
    """Runs PCs. `now` gives whole seconds; `seen` is told of each request."""

    def __init__(self, server: str, now: Callable[[], float], stopwatch: Callable[[], float], seen: Callable[[Figures], None]) -> None:
        self._server, self._now, self._stopwatch, self._seen = server, now, stopwatch, seen
        self.pcs: list[Pc] = []

    async def run(self, kits: Sequence[Path], worlds: Mapping[str, World], stop: asyncio.Event, flags: Flags, spread: float, dice: random.Random) -> None:
        """The PCs of these folders (of an enrolment kit) until `stop`; they are switched on within `spread` seconds."""
        async with asyncio.TaskGroup() as group:
            for kit in kits:
                group.create_task(self._pc(kit, worlds[kit.name], stop, flags, dice.uniform(0, spread), dice))

    async def _pc(self, kit: Path, world: World, stop: asyncio.Event, flags: Flags, wait: float, dice: random.Random) -> None:
        if await _stopped(stop, wait):
            return
        context = wire.context_of(kit / "ca.pem", kit / "pc.pem", kit / "pc.key")
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
            post = self._timed(wire.Wire(session, self._server, context))
            pc = Pc(f"instance-{kit.name}", post, world.run, flags=flags, splayed=partial(_splayed, dice), pause=asyncio.sleep)
            self.pcs.append(pc)
            pc.start(int(self._now()))
            while not stop.is_set():
                await pc.turn(int(self._now()))
                await _stopped(stop, max(0.05, pc.next_at - self._now()))

    def _timed(self, line: wire.Wire) -> Post:
        async def post(path: Ask, body: Mapping[str, Any], key: str, compress: bool) -> Reply:
            began = self._stopwatch()
            reply = await line.post(path, body, key, compress)
            self._seen(Figures(path, self._stopwatch() - began, not reply.failed))
            return reply

        return post


def _splayed(dice: random.Random, interval: int) -> int:
    """Ten parts in a hundred to either side (`schedule_splay_percent`)."""
    return max(1, round(interval * dice.uniform(0.9, 1.1)))


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
