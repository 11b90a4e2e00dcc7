"""SIGHUP: configuration and declared data are read anew, whole, and taken over by difference; what is wrong leaves everything as it was.

Each part of a service offers to take over what is its own; what nobody takes over waits for the next start, and is named.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector import sites
from collector.clock import Clock
from collector.config import Config, load
from collector.refusal import ConfigError
from exporters.sink import OptionsError
from exporters.tally import Reloaded
from model.text import Text

if TYPE_CHECKING:
    from model.declared import Declared

log = logging.getLogger(__name__)

# What of the configuration may change under a running service, by the first word of its keys; declared data is `DECLARED`.
DECLARED: Final = "declared"
# Takes over what is its own; what of it still waits for the next start, empty for nothing. Raises OptionsError, ConfigError.
Taker = Callable[[Config, Mapping[str, "Declared"]], Awaitable[str]]

_DONE = Text("đã nạp lại cấu hình và khai báo", "configuration and declared data were read again")
_LATER = Text("đã nạp lại; còn chờ khởi động lại mới có hiệu lực: %s", "read again; these hold from the next start on: %s")
_KEPT = Text("không nạp lại được, vẫn chạy theo cấu hình cũ: %s", "could not be read again, the old configuration stays: %s")


class Reloading:
    """One service's way from an old configuration to a new one. `figures` tell how the last try went."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.figures = Reloaded(at=clock.now())
        self._path = path
        self._clock = clock
        self._takers: dict[str, list[Taker]] = {}

    def offer(self, key: str, taker: Taker) -> None:
        """`taker` is called with what is new when anything under `key` changed."""
        self._takers.setdefault(key, []).append(taker)

    async def reload(self, config: Config, known: Mapping[str, Declared]) -> tuple[Config, Mapping[str, Declared]]:
        """What holds from now on: the new where all of it can be used, else what was given. Never raises for what people wrote."""
        language = config.language
        try:
            new, declared = await asyncio.to_thread(self._read)
            later = await self._take(config, new, known, declared)
        except (ConfigError, OptionsError) as error:
            self.figures.successful = False
            log.error(_KEPT.to(language), error.text.to(language))  # noqa: TRY400 - one sentence; the trace tells an operator nothing
            return config, known
        self.figures.successful, self.figures.at = True, self._clock.now()
        if later:
            log.warning(_LATER.to(language), ", ".join(later))
        else:
            log.info("%s", _DONE.to(language))
        return new, declared

    def _read(self) -> tuple[Config, Mapping[str, Declared]]:
        """As a start would read it; interfaces are for who listens, in whose network namespace they are. Raises ConfigError."""
        config = load(self._path)
        sites.detectors_of(config, self._path)
        return config, sites.sites_of(config, self._clock.now(), [])

    async def _take(self, old: Config, new: Config, known: Mapping[str, Declared], declared: Mapping[str, Declared]) -> list[str]:
        """Gives each part what is its own; the keys that nobody took."""
        changed = [key for key in type(new).model_fields if getattr(new, key) != getattr(old, key) and key not in self._takers]
        if set(declared) != set(known):
            changed.append(f"{DECLARED} ({', '.join(sorted(set(declared) ^ set(known)))})")
        for key, takers in self._takers.items():
            if key == DECLARED or getattr(new, key) != getattr(old, key):
                # Who came last gives way first: a sink ends before core forgets it.
                changed += [wait for taker in reversed(takers) if (wait := await taker(new, declared))]
        return changed


def stopping(*, hangup: bool = False) -> asyncio.Event:
    """An event that SIGTERM and SIGINT set, with `hangup` or at a terminal SIGHUP too. Made first of all: who is told to stop while it starts cleans up."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hangup or _at_a_terminal() else [])):
        # nohup(1) has SIGHUP ignored: the service is meant to outlive its terminal.
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def on_hangup(reload: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Calls `reload` for each SIGHUP while the block runs, one after the other; a terminal that is closed ends the service instead (`stopping`)."""
    if _at_a_terminal() or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        yield
        return
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    task = asyncio.create_task(_answering(asked, reload))
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


async def _answering(asked: asyncio.Event, reload: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asked.wait()
        asked.clear()
        await reload()
