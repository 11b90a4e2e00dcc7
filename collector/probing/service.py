"""The planner put together out of a service's parts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collector.probing import program
from collector.probing.planner import Pace, PlannedLeg, Planner
from collector.sockets.orders import OrderServer
from collector.sockets.peers import Allowed
from model.rows import HASH
from model.wire.proof import ProofRow

if TYPE_CHECKING:
    from collector.clock import Clock
    from collector.config import Config
    from model.declared import Declared
    from model.ports import FactSink, JournalReader

log = logging.getLogger(__name__)


def planned_legs(config: Config, sites: Sequence[Declared]) -> list[PlannedLeg]:
    """The legs on which anything is sent, each with the other legs of its own site: boxes do not probe from one site into another."""
    own = {leg.name for leg in config.legs}
    plans = []
    for leg in config.legs:
        site = next((site for site in sites if leg.name in site.legs), None)
        probes = frozenset(leg.probes) - {"line"}
        if site is None or not probes:
            continue
        targets = tuple(other for other in site.legs if other in own and other != leg.name)
        routers = tuple(router.ip for router in site.routers or () if router.leg == leg.name and router.ip)
        plans.append(PlannedLeg(name=leg.name, probes=probes, targets=targets, routers=routers))
    return plans


@asynccontextmanager
async def planning(
    config: Config, sites: Sequence[Declared], *, key: bytes, clock: Clock, sink: FactSink, reader: JournalReader, allowed: Allowed, child: bool
) -> AsyncIterator[None]:
    """The socket for orders and the planner at work, where a leg names probes; with `child` the program too. Raises SocketOpenError."""
    legs = planned_legs(config, sites)
    if not legs:
        yield
        return
    if child and not program.available():
        log.warning("%s", program.NO_SCAPY.to(config.language))
    server = OrderServer(config.sockets.dir, allowed, config.language)
    await server.start()
    stop = asyncio.Event()
    options = config.probes
    pace = Pace(period=options.period, first=options.first, jitter=options.jitter, repeats=options.repeats)
    planner = Planner(box=config.box.id, key=key, legs=legs, orders=server, sink=sink, clock=clock, pace=pace, heard=Told(reader), language=config.language)
    task = asyncio.create_task(planner.run(stop))
    try:
        async with program.running(server.path, config.legs, config.language) if child and program.available() else contextlib.nullcontext():
            yield
    finally:
        stop.set()
        await task
        await server.stop()


class Told:
    """What the journal knows of a leg's routers (`collector.probing.planner.Heard`)."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader

    async def routers(self, leg: str) -> list[str]:
        """The routers that servers named when we asked for an address there."""
        rows = [row for row in await self._reader.rows() if isinstance(row, ProofRow) and row.id == leg]
        return sorted({ip for row in rows for offer in row.offers.values() for ip in offer.value.routers})

    async def hardware(self, leg: str, ip: str) -> str:
        """The address of the station heard on the leg's untagged segment that uses `ip`."""
        here = [asset for asset in await self._reader.assets() if ip in asset.ips and leg in asset.segments]
        found = max(here, key=lambda asset: asset.ips[ip].last, default=None)
        macs = found.macs if found else {}
        return max((mac for mac in macs if not mac.startswith(HASH)), key=lambda mac: macs[mac].last, default="")
