"""What systemd is told: that a service is ready, that it stops, and again and again that all its loops move (sd_notify(3))."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from collector.beats import Beats
from model.text import Language, Text

log = logging.getLogger(__name__)

_USEC = 1_000_000
# Several words within the time that systemd allows: one may be late.
_SHARE = 3
_STUCK = Text("vòng chạy bị treo: %s; để systemd khởi động lại dịch vụ", "a loop hangs: %s; systemd will start the service again")


class Notifier:
    """The way to the manager that started us; without one, nothing is said."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`."""
        address = environ.get("NOTIFY_SOCKET", "")
        # An abstract socket is written with @ and begins with a zero byte.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        usec, ours = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID") in {None, str(os.getpid())}
        self.watchdog = int(usec) / _USEC if usec.isdecimal() and ours else 0.0

    def say(self, *lines: str) -> None:
        """One message. A manager that cannot be reached is its own trouble: the service goes on."""
        if self._address:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.sendto("\n".join(lines).encode(), self._address)


@asynccontextmanager
async def ready(beats: Beats, language: Language = "vi", notifier: Notifier | None = None) -> AsyncIterator[None]:
    """The service is up for as long as the block runs; the watchdog is fed by this loop, and only while no loop of `beats` hangs."""
    notifier = notifier or Notifier()
    notifier.say("READY=1")
    feeding = asyncio.create_task(_feed(notifier, beats, language)) if notifier.watchdog else None
    try:
        yield
    finally:
        if feeding is not None:
            feeding.cancel()
        notifier.say("STOPPING=1")


@contextmanager
def reloading(monotonic: Callable[[], float], notifier: Notifier | None = None) -> Iterator[None]:
    """While the block runs the configuration is being read anew. `monotonic`: seconds of the machine's own clock (CLOCK_MONOTONIC)."""
    notifier = notifier or Notifier()
    notifier.say("RELOADING=1", f"MONOTONIC_USEC={int(monotonic() * _USEC)}")
    try:
        yield
    finally:
        notifier.say("READY=1")


async def _feed(notifier: Notifier, beats: Beats, language: Language) -> None:
    said: list[str] = []
    while True:
        stuck = beats.stuck()
        if not stuck:
            notifier.say("WATCHDOG=1")
        if stuck != said:
            status = _STUCK.to(language) % ", ".join(stuck) if stuck else ""
            notifier.say(f"STATUS={status}")
            if stuck:
                log.critical("%s", status)
        said = stuck
        await asyncio.sleep(notifier.watchdog / _SHARE)
