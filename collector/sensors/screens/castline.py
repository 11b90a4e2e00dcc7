"""A connection to a Google Cast receiver: asks for its state once, and is told of every change while it stands."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from collector.decode.screens import cast
from collector.decode.screens.told import Told
from collector.sensors.screens.road import Way, connect
from collector.sensors.screens.web import UnansweredError

# openscreen's own senders beat every five seconds, and give a receiver up that is silent for three of them.
BEAT: Final = 5.0
_SILENT: Final = 3 * BEAT
# Frames that say nothing of the state, one after another: more than these, and it only keeps us busy.
_MAX_IDLE_FRAMES: Final = 200


class CastLine:
    """One connection; `told` gives states as they come."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def told(self) -> AsyncGenerator[Told]:
        """States, the present one first. Raises UnansweredError, OSError when the connection ends."""
        self._send(cast.connect())
        self._send(cast.ask(1))
        idle = 0
        while idle < _MAX_IDLE_FRAMES:
            message = await self._next()
            state = cast.status(message.payload) if message and message.namespace == cast.RECEIVER else None
            idle = 0 if state or (message and message.namespace == cast.HEARTBEAT) else idle + 1
            if message and message.namespace == cast.HEARTBEAT and cast.kind(message.payload) == "PING":
                self._send(cast.beat("PONG"))
            if state:
                yield state
        raise UnansweredError("cast")

    async def beat(self) -> None:
        """Keeps the connection alive, until cancelled or it is gone."""
        while not self._writer.is_closing():
            self._send(cast.beat("PING"))
            await asyncio.sleep(BEAT)

    def farewell(self) -> None:
        """What a sender says before it goes."""
        self._send(cast.close())

    def _send(self, message: cast.Message) -> None:
        if not self._writer.is_closing():
            self._writer.write(cast.frame(message))

    async def _next(self) -> cast.Message | None:
        try:
            async with asyncio.timeout(_SILENT):
                length = int.from_bytes(await self._reader.readexactly(4), "big")
                if length > cast.MAX_BYTES:
                    raise UnansweredError("cast frame too long")
                return cast.message(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            raise UnansweredError("cast") from error


@asynccontextmanager
async def opened(road: Way, ip: str, port: int, tls: ssl.SSLContext) -> AsyncIterator[CastLine]:
    """A connection, closed at the end. Raises OffLinkError, OSError."""
    reader, writer = await connect(road, ip, port, tls)
    line = CastLine(reader, writer)
    try:
        yield line
    finally:
        line.farewell()
        writer.close()
        # A peer that does not take our farewell must not hold us up.
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await writer.wait_closed()
        writer.transport.abort()
