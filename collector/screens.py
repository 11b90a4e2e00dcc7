"""The screens sensor out of configuration: roads out of the legs' interfaces, what core knows, how to ask. Imported by composition roots alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing

from collector.clock import Clock
from collector.config import Config
from collector.interfaces import default_route_interface
from collector.sensors.screens.asker import Asker, Manner
from collector.sensors.screens.road import Road
from collector.sockets import SocketError, SocketReader, path_of
from model.declared import Declared
from model.ports import FactSink
from model.text import Text
from model.times import SECOND

log = logging.getLogger(__name__)

_JOIN = 10.0
_ENDED = Text("bộ thu màn hình dừng vì lỗi không ngờ; các phần khác vẫn chạy", "the screens sensor ended by an unexpected fault; everything else goes on")


def manner_of(config: Config) -> Manner:
    """What is asked and how, as configured."""
    options = config.screens
    return Manner(
        ask=frozenset(options.ask),
        subscribe=options.subscribe,
        period=options.period / SECOND,
        pace=options.pace / SECOND,
        deadline=options.deadline / SECOND,
        callback_port=options.callback_port,
    )


def roads_of(config: Config) -> dict[str, Road]:
    """The way out of each leg."""
    named = {leg.name: leg.interface if leg.interface != "auto" else default_route_interface() for leg in config.legs}
    return {leg: Road(interface or "") for leg, interface in named.items()}


@asynccontextmanager
async def asker_of(config: Config, sites: Iterable[Declared], sink: FactSink, clock: Clock) -> AsyncIterator[Asker]:
    """The sensor with all its parts, ready to run. Core is asked for the assets by its socket, also where it is in the same process."""
    by_leg = {leg: site for site in sites for leg in site.legs}
    roads = {leg: road for leg, road in roads_of(config).items() if leg in by_leg}
    reader = SocketReader(path_of(config.sockets.dir, "read"))
    try:
        yield Asker(
            reader,
            sink,
            clock,
            roads,
            by_leg,
            manner_of(config),
            dice=random.SystemRandom().random,
            failures=(SocketError, OSError),
            language=config.language,
        )
    finally:
        await reader.close()


class ScreensThread:
    """The sensor in a thread of its own, for a service that has everything in one process."""

    def __init__(self, config: Config, sites: Iterable[Declared], sink: FactSink, clock: Clock) -> None:
        self._parts = config, sites, sink, clock
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="screens", daemon=True)

    def start(self) -> None:
        """Begins to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; screens that were listened to are told so."""
        if self._thread.ident is not None:
            # A sensor that ended by a fault has closed its loop.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(_JOIN)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with closing(self._loop):
            try:
                self._loop.run_until_complete(self._asked())
            except Exception:  # boundary: of this thread; core goes on, and misses the sensor's heartbeat (VG-COV-01)
                log.exception("%s", _ENDED.to(self._parts[0].language))

    async def _asked(self) -> None:
        async with asker_of(*self._parts) as asker:
            await asker.run(self._stop)
