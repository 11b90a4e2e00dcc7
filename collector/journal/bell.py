"""Wakes coroutines of any event loop when a thread has news for them."""

from __future__ import annotations

import asyncio
import threading

_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Bell:
    """Counts its rings, so that a ring between looking and waiting is never missed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[_Waiter] = set()
        self.rings = 0

    def ring(self) -> None:
        """Wakes all who wait; from any thread."""
        with self._lock:
            self.rings += 1
            waiting, self._waiting = self._waiting, set()
        for loop, future in waiting:
            # A loop that closed meanwhile has nobody left to wake.
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, future)

    async def wait(self, heard: int, seconds: float) -> None:
        """Returns as soon as more than `heard` rings were rung, or after `seconds`."""
        loop = asyncio.get_running_loop()
        waiter: _Waiter = (loop, loop.create_future())
        with self._lock:
            if self.rings != heard:
                return
            self._waiting.add(waiter)
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await waiter[1]
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(waiter)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
