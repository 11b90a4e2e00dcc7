"""The DevTools protocol over two pipes: messages in JSON, each ended by a zero byte."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

# A page's whole markup comes in one message; what is longer is no answer to a question of ours.
MAX_MESSAGE_BYTES = 32 * 1024 * 1024
CALL_SECONDS = 10.0
_LARGEST = 1e15

# What the browser says is as hostile as the pages in it: read by the helpers below, never by plain indexing.
Params = Mapping[str, Any]
Listener = Callable[[str, str, Params], None]


class BrowserGone(Exception):
    """The browser no longer answers: it ended, was ended, or speaks nonsense."""


class CallRefused(Exception):
    """The browser answered a call with an error, or not in time."""


def text(params: Params, *path: str) -> str:
    """The string at `path`, empty where there is none."""
    found = at(params, *path)
    return found if isinstance(found, str) else ""


def number(params: Params, *path: str) -> float:
    """The number at `path`, 0 where there is none or none that is finite."""
    found = at(params, *path)
    return float(found) if isinstance(found, int | float) and abs(found) < _LARGEST else 0.0


def at(params: Params, *path: str) -> object:
    """Whatever is at `path`, None where there is nothing."""
    found: object = params
    for key in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(key)
    return found


class Connection:
    """One browser's pipes. Calls may overlap; events go to `listener` as (session, method, params), which must not wait."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.closed = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[Params]] = {}
        self._last = 0
        self._reading: asyncio.Task[None] | None = None
        self._transports: list[asyncio.BaseTransport] = []
        self._writer: asyncio.WriteTransport | None = None

    async def open(self, commands: int, answers: int) -> None:
        """Takes over two descriptors: `commands` is written to, `answers` read from."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=MAX_MESSAGE_BYTES)
        incoming, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb", buffering=0))
        self._transports.append(incoming)
        self._writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(commands, "wb", buffering=0))
        self._transports.append(self._writer)
        self._reading = asyncio.create_task(self._read(reader))

    async def close(self) -> None:
        """Closes both pipes; calls still waiting fail."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
        for transport in self._transports:
            transport.close()
        self._end()

    async def call(self, method: str, params: Params | None = None, session: str = "", seconds: float = CALL_SECONDS) -> Params:
        """The answer to a call. Raises CallRefused, BrowserGone."""
        waiting = self.post(method, params, session)
        try:
            return await asyncio.wait_for(waiting, max(0.05, seconds))
        except TimeoutError:
            raise CallRefused(f"{method}: no answer") from None

    def post(self, method: str, params: Params | None = None, session: str = "") -> asyncio.Future[Params]:
        """Sends a call; who does not want the answer drops the future. Raises BrowserGone."""
        if self.closed.is_set() or self._writer is None:
            raise BrowserGone("closed")
        self._last += 1
        waiting: asyncio.Future[Params] = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(_seen)
        self._waiting[self._last] = waiting
        message: dict[str, object] = {"id": self._last, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self._writer.write(msgspec.json.encode(message) + b"\0")
        return waiting

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                self._take(msgspec.json.decode((await reader.readuntil(b"\0"))[:-1]))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError, RecursionError):
            pass
        finally:
            self._end()

    def _take(self, message: object) -> None:
        if not isinstance(message, dict):
            return
        number_of = message.get("id")
        # JSON's true is Python's 1.
        waiting = self._waiting.pop(number_of, None) if type(number_of) is int else None
        if waiting is None:
            self.listener(text(message, "sessionId"), text(message, "method"), params if isinstance(params := message.get("params"), dict) else {})
        elif not waiting.done():
            if "error" in message:
                waiting.set_exception(CallRefused(text(message, "error", "message")))
            else:
                waiting.set_result(result if isinstance(result := message.get("result"), dict) else {})

    def _end(self) -> None:
        self.closed.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(BrowserGone("closed"))
        self._waiting.clear()


def _seen(waiting: asyncio.Future[Params]) -> None:
    """Marks a failure as looked at: who dropped the future does not care."""
    if not waiting.cancelled():
        waiting.exception()
