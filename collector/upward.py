"""What a box has to do with its province besides findings: figures pushed up, declared data pulled down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from exporters.tally import Tally
from model.ports import Declaring, JournalReader

if TYPE_CHECKING:
    from collector.clock import Clock
    from collector.config import Config


class Parts(Protocol):
    """Of a service's parts what is needed here."""

    config: Config
    clock: Clock

    async def reload(self) -> None:
        """Reads configuration and declared data anew."""


def declaring_of(parts: Parts) -> Declaring | None:
    """Who takes the province's bundles of declared data; None where people write it on the box. Raises ConfigError."""
    if not parts.config.bundle.keys:
        return None
    from collector.signeddata.taking import Taking  # noqa: PLC0415 - cryptography, for boxes that take bundles only

    return Taking(parts.config, parts.clock, parts.reload)


@asynccontextmanager
async def pulling(parts: Parts, declaring: Declaring | None, stop: asyncio.Event) -> AsyncIterator[None]:
    """The province's bundles of declared data pulled now and then, where it is said from where. Raises OptionsError."""
    if parts.config.bundle.url is None or declaring is None:
        yield
        return
    from collector.signeddata.pulling import Pulling  # noqa: PLC0415 - for boxes that pull only

    task = asyncio.create_task(Pulling(parts.config.bundle.url, parts.config, declaring).run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def pushing(parts: Parts, reader: JournalReader, stop: asyncio.Event, tallies: list[Tally]) -> AsyncIterator[None]:
    """The metrics pushed to a Prometheus that cannot scrape, where one is configured; its own tally joins the others. Raises OptionsError."""
    if parts.config.remote_write.url is None:
        yield
        return
    from collector.assembly_remote import remote_write_of  # noqa: PLC0415 - protobuf and snappy, for boxes that push only

    pusher, tally = remote_write_of(parts.config, reader, tallies, parts.clock)
    tallies.append(tally)
    task = asyncio.create_task(pusher.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task
