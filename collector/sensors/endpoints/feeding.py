"""Hands core what waits in the inbox, in order, a few at a time, and lets go of it when core's journal holds it.

Few at a time: what PCs tell in a morning's storm waits here and not in core's queue, where a takeover would wait behind it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final, NamedTuple

from collector.clock import Clock
from collector.sensors.endpoints.inbox import Entry, Inbox, InboxError, coded
from collector.sensors.endpoints.presence import Presence
from model.ports import FactSink, JournalReader
from model.text import Language, Text

log = logging.getLogger(__name__)

# Facts that core may have and not have written down. One costs core about a millisecond, so that a takeover waits a tenth of a second at most.
WINDOW: Final = 100
# How long news of core is waited for, and new facts; how long after a fault; seconds.
_CORE, _IDLE, _FAULT = 1.0, 2.0, 2.0
# Facts that core neither writes down nor lost with a restart are handed to it again after so long, seconds: it could not read one of them.
_STUCK: Final = 300.0
_AWAY = Text("chưa chuyển được dữ liệu máy tính cho lõi (%s); giữ lại và chuyển sau", "core cannot be given what PCs told (%s); it is kept and given later")


class _Core(NamedTuple):
    """What is known of core: its start, the version of its journal, how far it has written down, by site."""

    started: int
    version: int
    taken: dict[str, int]


class Feeding:
    """One task. `failures`: what the reader raises while core is away."""

    def __init__(
        self, inbox: Inbox, presence: Presence, sink: FactSink, reader: JournalReader, clock: Clock, sensor: str, *,
        failures: tuple[type[Exception], ...], language: Language = "vi", window: int = WINDOW,
    ) -> None:  # fmt: skip
        self._inbox, self._presence, self._sink, self._reader, self._clock, self._sensor = inbox, presence, sink, reader, clock, sensor
        self._failures: tuple[type[Exception], ...] = (InboxError, *failures)
        self._language, self._window = language, window
        self._sent = self._started = self._outstanding = 0
        self._moved = clock.monotonic()
        self._taken: dict[str, int] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        said = False
        while True:
            try:
                await self.turn()
                said = False
            except self._failures as error:
                if not said:
                    log.warning(_AWAY.to(self._language), error)
                said = True
                await asyncio.sleep(_FAULT)

    async def turn(self) -> None:
        """Lets go of what is written down, hands over what may go next, and waits until either may change."""
        await self._keep_presence()
        core = await self._ask()
        if core.started != self._started:
            # A core that began anew has lost what it had not written down.
            await self._inbox.meet(max(core.taken.values(), default=0))
            self._started, self._sent, self._taken = core.started, 0, {}
        await self._let_go(core.taken)
        self._inbox.news.clear()
        await self._hand_over()
        await self._rest(core.version)

    async def _keep_presence(self) -> None:
        rows = [row for fact in self._presence.taken() if (row := coded(fact)) is not None]
        if rows:
            await self._inbox.keep([Entry(b"", rows)])

    async def _ask(self) -> _Core:
        version, status = await self._reader.wait(-1, 0.0), await self._reader.status()
        return _Core(status.started, version, {row.site: row.sequence for row in await self._reader.taken(self._sensor)})

    async def _let_go(self, taken: dict[str, int]) -> None:
        if taken != self._taken:
            self._taken, self._moved = taken, self._clock.monotonic()
        elif self._outstanding and self._clock.monotonic() - self._moved > _STUCK:
            self._sent, self._moved = 0, self._clock.monotonic()
        self._outstanding = await self._inbox.acknowledged(taken, self._sent)

    async def _hand_over(self) -> None:
        if (room := self._window - self._outstanding) <= 0:
            return
        facts = await self._inbox.after(self._sent, room)
        # Core's queue takes facts from the first on, as many as fit.
        if facts and (fitted := self._sink.put(facts)):
            self._sent = facts[fitted - 1].sequence
            self._outstanding += fitted

    async def _rest(self, version: int) -> None:
        """Until core wrote something down, or there is something new and room for it."""
        waits = [asyncio.ensure_future(self._reader.wait(version, _CORE if self._outstanding else _IDLE))]
        if self._outstanding < self._window:
            waits.append(asyncio.ensure_future(self._wait_for_news()))
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _wait_for_news(self) -> int:
        await self._inbox.news.wait()
        return 0
