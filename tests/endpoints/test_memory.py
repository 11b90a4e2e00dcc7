"""What thousands of PCs cost in memory: little for each connection, and nothing once they left."""

from __future__ import annotations

import asyncio
import gc
import os
from asyncio import sslproto
from pathlib import Path

from collector.sensors.endpoints import serving
from tests.endpoints.conftest import until

MIB = 1 << 20


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_connection_has_a_small_buffer(box):
    async with box.pc():
        buffers = [len(each._ssl_buffer) for each in gc.get_objects() if isinstance(each, sslproto.SSLProtocol)]
    assert buffers
    assert max(buffers) <= 16 << 10


async def test_the_heartbeat_gives_back_what_connections_that_ended_took(box, monkeypatch):
    # As connections leave it behind: buffers too small for a mapping of their own, each before something that stays.
    held = [(bytearray(16 << 10), bytearray(1 << 10)) for _ in range(4_000)]
    stays = [kept for _, kept in held]
    del held
    before = resident()
    monkeypatch.setattr(serving, "HEARTBEAT", 0.01)
    beat = asyncio.create_task(box.server._beat())
    await until(lambda: before - resident() > 30 * MIB, 5)
    beat.cancel()
    assert len(stays) == 4_000
