"""A sensor with a loop in a thread of its own, for a service that has everything in one process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable

from model.text import Language, Text

log = logging.getLogger(__name__)

# How long the sensor is waited for at the end, seconds.
_JOIN = 10.0


class SensorThread:
    """Runs `work` until told to stop; `ended` is what is said of a fault that ends it, in `language`."""

    def __init__(self, name: str, work: Callable[[asyncio.Event], Awaitable[None]], ended: Text, language: Language) -> None:
        self._work, self._ended, self._language = work, ended, language
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the sensor works."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; what is under way is let go of."""
        if self._thread.ident is not None:
            # A sensor that ended by a fault has closed its loop.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(_JOIN)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.closing(self._loop):
            try:
                self._loop.run_until_complete(self._work(self._stop))
            except Exception:  # boundary: of this thread; core goes on, and misses the sensor's heartbeat (VG-COV-01)
                log.exception("%s", self._ended.to(self._language))
