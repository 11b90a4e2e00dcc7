"""The sensor of lines put together out of a service's parts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collector.refusal import ConfigError
from collector.sensors.lines.asker import Asking, Lines
from collector.token import read_token
from model.text import Text

if TYPE_CHECKING:
    from collector.clock import Clock
    from collector.config import Config
    from model.ports import FactSink


@asynccontextmanager
async def asking(config: Config, sink: FactSink, clock: Clock) -> AsyncIterator[None]:
    """The sensor at work, where a leg names the probe `line`. Raises ConfigError."""
    options = config.probes
    legs = [(leg.name, leg.interface) for leg in config.legs if "line" in leg.probes]
    if not legs or options.echo_token_file is None:
        yield
        return
    told = Asking(echo=options.echo, token=read_token(options.echo_token_file), legs=legs, period=options.period, first=options.first, knock=options.knock)
    stop = asyncio.Event()
    task = asyncio.create_task(Lines(told, sink, clock, _context(config)).run(stop))
    try:
        yield
    finally:
        stop.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _context(config: Config) -> ssl.SSLContext | None:
    file = config.probes.echo_ca_file
    if file is None:
        return None
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(Text(f"Không dùng được [probes] echo_ca_file: {error}.", f"[probes] echo_ca_file cannot be used: {error}.")) from None
