"""Looks through the verdicts of all sites for those that no box repeats: they become unknown, and go when nobody speaks of them for a month."""

from __future__ import annotations

from typing import Final

from collector.province.memory import Memory
from model.fleet.confirmed import GONE, UNCONFIRMED, confirmed
from model.fleet.store import FleetStore, Held, Projected
from model.times import HOUR

# So many documents a turn, so that what boxes send meanwhile waits for no sweep.
PAGE: Final = 1_000
_EVERY: Final = HOUR


class Aging:
    """One sweep an hour, a page of it at each call."""

    def __init__(self, store: FleetStore, memory: Memory) -> None:
        self._store = store
        self._memory = memory
        self._after = -1
        self._due = 0

    async def step(self, now: int) -> list[Projected]:
        """What is to be written of the next page; nothing until the next sweep is due. Raises what the store raises."""
        if self._due - _EVERY <= now < self._due:
            return []
        page = await self._store.aged(now - UNCONFIRMED, now - GONE, self._after, PAGE)
        self._after, self._due = (page[-1].position, 0) if len(page) == PAGE else (-1, now + _EVERY)
        return [state for held in page if (state := self._state(held, now)) is not None]

    def _state(self, held: Held, now: int) -> Projected | None:
        known = held.posture
        counts = confirmed(known, now, stands=self._memory.stands(known.site, known.verdict))
        if counts is known:
            return None
        return Projected(document=counts or known, version=held.version, at=known.at, box=held.box, row=held.row, gone=counts is None)
