"""The limit that a unit sets on memory (MemoryMax=): the kernel ends the program, and what it had told stands when it is started again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.lab.lab import Net
from tests.system.program import PATIENCE, Box, running, started
from tests.system.screens import Wire
from tests.system.test_kill import produced, spoken

pytestmark = pytest.mark.root
GROUPS = Path("/sys/fs/cgroup")
MIB = 1 << 20


@contextmanager
def group(name: str) -> Iterator[Group]:
    """A memory cgroup of this test's own; fails under CI where the kernel lets nobody make one."""
    try:
        made = Group(name)
    except OSError as error:
        if os.environ.get("CI"):
            pytest.fail(f"no memory cgroup can be made here: {error}")
        pytest.skip(f"no memory cgroup can be made here: {error}")
    try:
        yield made
    finally:
        made.folder.rmdir()


class Group:
    """Version 1 has a folder for memory, version 2 has one for all."""

    def __init__(self, name: str) -> None:
        first = (GROUPS / "memory").is_dir()
        self.folder = (GROUPS / "memory" if first else GROUPS) / f"vonggac-test-{name}-{os.getpid()}"
        self.folder.mkdir()
        self._limit, self._used = ("memory.limit_in_bytes", "memory.usage_in_bytes") if first else ("memory.max", "memory.current")

    def take(self, pid: int) -> None:
        """Puts a process in."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def leave_room(self, size: int) -> None:
        """From now on so many bytes more than are used."""
        used = int((self.folder / self._used).read_text())
        (self.folder / self._limit).write_text(str(used + size))


async def test_killed_for_memory_it_has_everything_when_it_is_started_again(net: Net, box: Box, stack: ExitStack) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), stack.enter_context(closing(Wire(segment.leg())))
    box.write('[[legs]]\nname = "lan"\ninterface = "leg0"\n', '[[sinks]]\ntype = "jsonlines"\npath = "lines.jsonl"\nstreams = ["finding"]\n')
    with group("core") as limits:
        process = started(box, "run", space=leg.space)
        try:
            limits.take(process.popen.pid)
            await spoken(process, "đang nghe trên")
            wire.send(range(1, 31))
            async with asyncio.timeout(PATIENCE):
                while len(await produced(box)) < 30:
                    await asyncio.sleep(0.1)
            before = await produced(box)
            limits.leave_room(4 * MIB)
            with wire.growing(range(1000, 21_000), each=0.0002):
                status = await asyncio.to_thread(process.popen.wait, PATIENCE)
        finally:
            process.popen.kill()
            await asyncio.to_thread(process.wait)
    assert status == -signal.SIGKILL, process.said()
    with running(box, "run", space=leg.space) as again:
        await spoken(again, "đang nghe trên")
        wire.send(range(31, 41))
        async with asyncio.timeout(PATIENCE):
            while not before < await produced(box):
                await asyncio.sleep(0.1)
