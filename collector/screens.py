"""The screens sensor out of configuration: roads out of the legs' interfaces, what core knows, how to ask. Imported by composition roots alone."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from collector.clock import Clock
from collector.config import Config
from collector.interfaces import default_route_interface
from collector.sensors.screens.asker import Asker, Manner
from collector.sensors.screens.road import Road
from collector.sensorthread import SensorThread
from collector.sockets import SocketError, SocketReader, path_of
from model.declared import Declared
from model.ports import FactSink
from model.text import Text
from model.times import SECOND

log = logging.getLogger(__name__)

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


def in_thread(config: Config, sites: Iterable[Declared], sink: FactSink, clock: Clock) -> SensorThread:
    """The sensor in a thread of its own."""

    async def ask(stop: asyncio.Event) -> None:
        async with asker_of(config, sites, sink, clock) as asker:
            await asker.run(stop)

    return SensorThread("screens", ask, _ENDED, config.language)
