"""Looks through what stands for what no box repeats: verdicts become unknown, rows of views are gone, and after a month neither is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from collector.province.memory import Memory
from model.fleet.confirmed import GONE, UNCONFIRMED, confirmed, repeated
from model.fleet.declared import FleetDeclared
from model.fleet.store import FleetStore, Held, Projected
from model.ports import Observed, Posture
from model.times import HOUR

# So many documents a turn, so that what boxes send meanwhile waits for no sweep.
PAGE: Final = 1_000
_EVERY: Final = HOUR

# Before which instants (ns), after which position, how many.
_Ask = Callable[[int, int, int, int], Awaitable[Sequence[Held]]]


class Aging:
    """One sweep of each kind an hour, a page of it at each call."""

    def __init__(self, store: FleetStore, memory: Memory) -> None:
        self._memory = memory
        self._verdicts, self._rows = _Sweep(store.aged), _Sweep(store.unrepeated)

    async def verdicts(self, now: int) -> list[Projected]:
        """What is to be written of the next page of verdicts; nothing until the next sweep is due. Raises what the store raises."""
        return [state for held in await self._verdicts.page(now) if (state := self._verdict(held, now)) is not None]

    async def rows(self, declared: FleetDeclared, now: int) -> list[Projected]:
        """The same of rows of views."""
        return [state for held in await self._rows.page(now) if (state := self._row(held, declared, now)) is not None]

    def _verdict(self, held: Held, now: int) -> Projected | None:
        known = held.document
        if not isinstance(known, Posture):
            return None
        return _changed(held, known, confirmed(known, now, stands=self._memory.stands(known.site, known.verdict)))

    def _row(self, held: Held, declared: FleetDeclared, now: int) -> Projected | None:
        known = held.document
        if not isinstance(known, Observed):
            return None
        return _changed(held, known, repeated(known, self._memory.spoke(held.box, known.site, declared, now), now))


class _Sweep:
    """Where one sweep is, and when the next is due."""

    def __init__(self, ask: _Ask) -> None:
        self._ask = ask
        self._after = -1
        self._due = 0

    async def page(self, now: int) -> Sequence[Held]:
        """The next page; nothing until a sweep is due."""
        if self._due - _EVERY <= now < self._due:
            return ()
        page = await self._ask(now - UNCONFIRMED, now - GONE, self._after, PAGE)
        self._after, self._due = (page[-1].position, 0) if len(page) == PAGE else (-1, now + _EVERY)
        return page


def _changed(held: Held, known: Posture | Observed, counts: Posture | Observed | None) -> Projected | None:
    if counts is known:
        return None
    return Projected(document=counts or known, version=held.version, at=known.at, box=held.box, row=held.row, gone=counts is None)
