"""What the visitor's tests stand on: a clock that only sleeping moves, a table of names, raw servers that answer word for word."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

from collector.sensors.portals.limits import Limits
from collector.sensors.portals.look import Look, look
from collector.sensors.portals.personas import PERSONAS
from collector.sensors.portals.visitor import Visitor
from model.portals.declared import Portal
from model.webfacts import LookFailed, PageLooked

START = 1_790_000_000_000_000_000
LOOPBACK = ("127.0.0.0/8",)


class Clock:
    """Stands still but for `sleep`; each sleep is written down."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> int:
        return START + int(self.seconds * 1e9)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class Table:
    """A resolver over names of the test; several answers for a name are given one after another."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.asked: list[str] = []

    def put(self, name: str, *answers: Sequence[str]) -> None:
        self.names[name] = list(answers)

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        answers = self.names.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}: no address")
        return answers.pop(0) if len(answers) > 1 else answers[0]


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """One listening socket. `heads` are the request heads as they came in, `most` how many connections were open at once."""

    def __init__(self, answer: Callable[[str], bytes] | None, serve: Serve | None = None) -> None:
        self._answer, self._own = answer, serve
        self.heads: list[str] = []
        self.open = self.most = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self, tls: ssl.SSLContext | None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heads]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._one(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over: the task ends here, and its connection with it
        finally:
            self.open -= 1
            self._serving.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        if self._own is not None:
            await self._own(reader, writer)
        elif self._answer is not None:
            writer.write(self._answer(self.heads[-1]))
            await writer.drain()


def reply(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; `content_type="text/html"` becomes a header line of that name."""
    body = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html; charset=utf-8", **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return head.encode() + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def moved(to: str, status: str = "302 Found", **headers: str) -> bytes:
    return reply(b"", status, Location=to, **headers)


def page(words: str = "", markup: str = "") -> bytes:
    return reply(f"<!doctype html><html lang=vi><title>{words}</title><body><p>{words}</p>{markup}</body></html>")


class World:
    """A visitor with the servers of a test. Hosts are names of the table that stand for loopback, with the server's port."""

    def __init__(self, clock: Clock, table: Table) -> None:
        self.clock, self.table = clock, table
        self._stack = contextlib.AsyncExitStack()
        self.servers: list[Server] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        for server in self.servers:
            await server.stop()

    async def visitor(self, allow: Sequence[str] = LOOPBACK, **options: Any) -> Visitor:
        made = Visitor(self.table, self.clock, allow=allow, sleep=self.clock.sleep, **options)
        return await self._stack.enter_async_context(made)

    async def serve(
        self, name: str, answer: Callable[[str], bytes] | bytes | None = None, *, serve: Serve | None = None, tls: ssl.SSLContext | None = None
    ) -> str:
        """A server for `name`; gives its origin."""
        given = (lambda _: answer) if isinstance(answer, bytes) else answer
        server = Server(given, serve)
        await server.start(tls)
        self.servers.append(server)
        if name not in self.table.names and name[:1].isalpha():
            self.table.put(name, ["127.0.0.1"])
        return f"{'https' if tls else 'http'}://{name}:{server.port}"


def portal(origin: str, **fields: Any) -> Portal:
    return Portal(**{"id": "p1", "url": f"{origin}/", **fields})


async def looked(visitor: Visitor, origin: str, path: str = "/", persona: str = "desktop", **fields: Any) -> Look:
    attempt = fields.pop("attempt", 0)
    return await look(visitor, portal(origin, **fields), PERSONAS[persona], "home", origin + path, "r1", attempt)


def seen(result: Look) -> PageLooked:
    assert isinstance(result.fact, PageLooked), result.fact
    return result.fact


def failed(result: Look) -> LookFailed:
    assert isinstance(result.fact, LookFailed), result.fact
    return result.fact


def quick(**changes: Any) -> Limits:
    """Bounds in tenths of seconds."""
    return Limits(**{"connect": 0.5, "idle": 0.3, "exchange": 0.6, **changes})
