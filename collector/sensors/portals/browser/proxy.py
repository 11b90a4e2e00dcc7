"""The only thing the browser can reach: names are resolved, addresses checked and bytes counted here, by the same guard as everywhere.

CONNECT (TLS and WebSockets) and absolute addresses (plain HTTP; GET, HEAD and OPTIONS without a body). One request a connection. The address that was
checked is the one connected to: the browser never resolves a name, so a second look-up that answers otherwise changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from typing import Final, NamedTuple

from collector.sensors.portals.browser.traffic import Traffic
from collector.sensors.portals.guard import RefusedAddress

HEAD_BYTES: Final = 64 * 1024
CHUNK: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 8.0
IDLE_SECONDS: Final = 30.0
_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))
# What belongs to the connection between browser and proxy, or asks for a body or another protocol.
_OURS: Final = frozenset(("proxy-connection", "proxy-authorization", "connection", "keep-alive", "upgrade", "te", "trailer", "expect"))
_PRINTED: Final = re.compile(r"[!-~]+")
_AUTHORITY: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([^\s\[\]:/@\\]{1,255}))(?::(\d{1,5}))?")


class Asked(NamedTuple):
    """The head of a request. `target` is what goes to the server's request line; `lines` are its header lines as they came."""

    method: str
    host: str
    port: int
    target: str
    lines: tuple[str, ...]
    tunnel: bool


class NotForUs(Exception):
    """A request that this proxy does not carry; the message is the word to count."""


class Proxy:
    """Answers on one listening socket. Between renders (`traffic` is None) it refuses everything."""

    def __init__(self) -> None:
        self.traffic: Traffic | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, listener: socket.socket) -> None:
        """Takes over the socket."""
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=HEAD_BYTES)

    async def stop(self) -> None:
        """Ends every connection and stops listening."""
        if self._server is not None:
            self._server.close()
        await self.drop()
        self.traffic = None

    async def drop(self) -> None:
        """Ends every connection: nothing of one render is left for the next."""
        tasks = [task for task in self._open if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        # A cancelled connection is one that was dropped: there is nobody to tell.
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await self._answer(reader, writer)
            except (OSError, TimeoutError):
                pass  # either side went away
            finally:
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        traffic = self.traffic
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        if traffic is None:
            await _say(writer, 503)
            return
        host = ""
        try:
            asked = parse(head)
            host = asked.host
            upstream = await _connect(asked, traffic)
        except NotForUs as refusal:
            traffic.refuse(host, str(refusal))
            await _say(writer, 403)
        except RefusedAddress as refusal:
            traffic.refuse(host, refusal.why)
            await _say(writer, 403)
        except (OSError, TimeoutError) as error:
            traffic.missed(host, "dns" if isinstance(error, socket.gaierror) else "connect")
            await _say(writer, 502)
        else:
            await _carry(asked, traffic, (reader, writer), upstream)


def parse(head: bytes) -> Asked:
    """The head of a request to a proxy. Raises NotForUs."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not _PRINTED.fullmatch(words[1]):
        raise NotForUs("protocol")
    method, address = words[0], words[1]
    if method == "CONNECT":
        host, port = _authority(address, 443)
        return Asked(method, host, port, "", (), tunnel=True)
    if not address.lower().startswith("http://"):
        raise NotForUs("protocol")
    if method not in _METHODS or _has_body(lines):
        raise NotForUs("method")
    authority, slash, path = address[7:].partition("/")
    authority, question, query = authority.partition("?")
    host, port = _authority(authority, 80)
    return Asked(method, host, port, f"{slash or '/'}{path}" if not question else f"/?{query}{slash}{path}", tuple(lines), tunnel=False)


def _authority(text: str, default: int) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        raise NotForUs("protocol")
    return (found[1] or found[2]).lower(), int(found[3] or default)


def _has_body(lines: list[str]) -> bool:
    names = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return "transfer-encoding" in names or names.get("content-length", "0") != "0"


async def _connect(asked: Asked, traffic: Traffic) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to a checked address. Raises NotForUs, RefusedAddress, OSError, TimeoutError."""
    if traffic.spent():
        raise NotForUs("budget")
    traffic.guard.port(asked.host, asked.port)
    async with asyncio.timeout(CONNECT_SECONDS):
        addresses = await traffic.guard.addresses(asked.host)
        for address in addresses:
            try:
                upstream = await asyncio.open_connection(address, asked.port)
            except OSError:
                continue
            traffic.reached(asked.host, address)
            return upstream
    raise ConnectionRefusedError(asked.host)


async def _carry(
    asked: Asked,
    traffic: Traffic,
    browser: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Moves bytes until either side has no more, is silent too long, or the render has had enough."""
    try:
        if asked.tunnel:
            browser[1].write(b"HTTP/1.1 200 OK\r\n\r\n")
            pumps = [asyncio.create_task(_pump(browser[0], server[1], traffic)), asyncio.create_task(_pump(server[0], browser[1], traffic))]
        else:
            server[1].write(_head(asked))
            pumps = [asyncio.create_task(_pump(server[0], browser[1], traffic))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
    finally:
        server[1].close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, traffic: Traffic) -> None:
    while not traffic.spent_bytes():
        async with asyncio.timeout(IDLE_SECONDS):
            piece = await source.read(CHUNK)
            if not piece:
                return
            traffic.bytes += len(piece)
            sink.write(piece)
            await sink.drain()
    traffic.refuse("", "budget")


def _head(asked: Asked) -> bytes:
    kept = [line for line in asked.lines if line and line.partition(":")[0].strip().lower() not in _OURS]
    return "\r\n".join((f"{asked.method} {asked.target} HTTP/1.1", *kept, "Connection: close", "", "")).encode("latin-1")


async def _say(writer: asyncio.StreamWriter, status: int) -> None:
    reasons = {403: "Forbidden", 502: "Bad Gateway", 503: "Service Unavailable"}
    writer.write(f"HTTP/1.1 {status} {reasons[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
