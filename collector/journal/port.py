"""The outbox as `model.ports.Outbox`: waits without polling, and never holds the event loop while the disk is slow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from collector.journal.outbox import OutboxTable
from model.ports import OutboxRow, Receipt, Stream


class JournalOutbox:
    """Implements `Outbox` over an `OutboxTable`; one consumer a sink."""

    def __init__(self, table: OutboxTable) -> None:
        self._table = table

    async def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """A new sink starts with all that is still in the journal; a known one keeps its cursor."""
        await asyncio.to_thread(self._table.register, sink, streams)

    async def lease(self, sink: str, limit: int, wait: float) -> Sequence[OutboxRow]:
        """Undelivered rows, findings first; waits up to `wait` seconds for the first."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            heard = self._table.bell.rings
            leased = await asyncio.to_thread(self._table.lease, sink, limit)
            left = until - loop.time()
            if leased.rows or left <= 0:
                return leased.rows
            await self._table.bell.wait(heard, left if leased.due is None else min(left, leased.due))

    async def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """Takes the sink's answers."""
        await asyncio.to_thread(self._table.acknowledge, sink, receipts)

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Gives dead letters to their sink again; how many."""
        return await asyncio.to_thread(self._table.replay, sink, rows)

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Throws dead letters away; how many."""
        return await asyncio.to_thread(self._table.purge, sink, rows)
