"""Politeness: one connection a host, time between two requests to it, so many at once in all, so many a day for a portal."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from collector.clock import Clock
from model.times import DAY, SECOND, VIETNAM

GAP: Final = 2.0
AT_ONCE: Final = 64

_MIDNIGHT: Final = int(VIETNAM.utcoffset(None).total_seconds()) * SECOND

Sleep = Callable[[float], Awaitable[None]]


class _Host:
    """One host's queue: who is at it, how many wait, and when the next request may start (monotonic seconds)."""

    __slots__ = ("free_at", "lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self.free_at = 0.0


class Turn:
    """Somebody's turn at a host. A request that is not made in it costs the next one no time."""

    __slots__ = ("_clock", "_gap", "_host")

    def __init__(self, host: _Host, clock: Clock, gap: float) -> None:
        self._host, self._clock, self._gap = host, clock, gap

    def begin(self) -> None:
        """A request starts now."""
        self._host.free_at = self._clock.monotonic() + self._gap


class Pacing:
    """Hands out turns. `gap` in seconds between the starts of two requests to one host; `at_once` requests under way in all."""

    def __init__(self, clock: Clock, *, gap: float = GAP, at_once: int = AT_ONCE, sleep: Sleep = asyncio.sleep) -> None:
        self._clock, self._gap, self._sleep = clock, gap, sleep
        self._slots = asyncio.Semaphore(at_once)
        self._hosts: dict[str, _Host] = {}
        self._idle: deque[tuple[float, str]] = deque()

    def __len__(self) -> int:
        return len(self._hosts)

    def crowded(self, host: str, most: int) -> bool:
        """Whether `most` or more are at the host or wait for it."""
        place = self._hosts.get(host)
        return place is not None and place.users >= most

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Waits for the host, then for a place among all. While waiting for the host no place is taken."""
        place = self._hosts.setdefault(host, _Host())
        place.users += 1
        try:
            async with place.lock:
                while (wait := place.free_at - self._clock.monotonic()) > 0:
                    await self._sleep(wait)
                async with self._slots:
                    yield Turn(place, self._clock, self._gap)
        finally:
            place.users -= 1
            self._forget(host, place)

    def _forget(self, host: str, left: _Host) -> None:
        """Drops hosts whose time is over: a look-up a request, whatever the number of hosts."""
        if not left.users:
            self._idle.append((left.free_at, host))
        now = self._clock.monotonic()
        while self._idle and self._idle[0][0] <= now:
            free_at, name = self._idle.popleft()
            place = self._hosts.get(name)
            if place is not None and not place.users and place.free_at <= free_at:
                del self._hosts[name]


class Budget:
    """Requests a day for each portal; a day is Viet Nam's. Counts of yesterday are dropped as a whole."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._day = 0
        self._spent: dict[str, int] = {}

    def spend(self, portal: str, most: int) -> bool:
        """Counts one request; False, and not counted, when `most` (0: no bound) were made today."""
        day = (self._clock.now() + _MIDNIGHT) // DAY
        if day != self._day:
            self._day = day
            self._spent.clear()
        spent = self._spent.get(portal, 0)
        if most and spent >= most:
            return False
        self._spent[portal] = spent + 1
        return True
