"""Runs the sensor's own questions inside a host of the laboratory: its sockets, its neighbour table, its interface."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from lab import Host, _setns

from collector.sensors.screens.questions import ASK, Heard, Means
from collector.sensors.screens.road import Road
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import Web, lax

T = TypeVar("T")

MODULES = Path(__file__).parents[2] / "build" / "lab" / "node_modules"
PATIENCE = 60.0


def within(host: Host, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` gives when it runs in the host's network. A thread of its own enters it, so that nobody else's sockets do."""

    async def awaited() -> T:
        async with asyncio.timeout(PATIENCE):
            return await work()

    def entered() -> T:
        with open(f"/proc/{host.pid}/ns/net") as there:
            _setns(there.fileno())
        return asyncio.run(awaited())

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(entered).result()


def ask(host: Host, question: Question) -> tuple[list[Heard], str]:
    """The answer to one question asked from the host, and the hardware address that gave it."""

    async def asked() -> tuple[list[Heard], str]:
        road = Road(host.interface)
        async with Web(road) as web, asyncio.timeout(30):
            heard = await ASK[question.family][0](question, Means(road, web, lax()))
            return heard, road.station(question.ip)

    return within(host, asked)


def needed(*programs: str, module: str = "") -> None:
    """Without a program or npm module of the laboratory (deploy/setup.sh lab) a test fails under CI and is skipped elsewhere."""
    missing = [program for program in programs if shutil.which(program) is None]
    missing += [f"npm {module}"] if module and not (MODULES / module).is_dir() else []
    if missing and os.environ.get("CI"):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
