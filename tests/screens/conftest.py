"""Screens of our own on loopback, and questions to them as the sensor asks, by a way that leads to loopback alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from collector.sensors.screens.questions import ASK, Heard, Means
from collector.sensors.screens.road import OffLinkError
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import Web, lax

HERE = "127.0.0.1"
MAC = "00:e0:4c:00:00:31"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Loopback:
    """A `Way` to this machine, where every station has the television's MAC."""

    def __init__(self, mac: str = MAC) -> None:
        self.mac = mac

    def ready(self) -> bool:
        return True

    def own(self, ip: str) -> str:
        if ip != HERE:
            raise OffLinkError(ip)
        return HERE

    def station(self, ip: str) -> str:
        return self.mac

    def socket(self, info) -> socket.socket:
        made = socket.socket(info[0], info[1], info[2])
        made.setblocking(False)
        return made


class Peer:
    """A server of our own: its port, and what it was told."""

    def __init__(self) -> None:
        self.port = 0
        self.heard: list[bytes] = []
        self.now = self.most = 0


@asynccontextmanager
async def serving(serve: Serve, peer: Peer | None = None) -> AsyncIterator[Peer]:
    peer = peer or Peer()

    async def handle(reader, writer) -> None:
        peer.now += 1
        peer.most = max(peer.most, peer.now)
        try:
            await serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            peer.now -= 1
            writer.transport.abort()

    server = await asyncio.start_server(handle, HERE, 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()


def saying(*answers: bytes) -> Serve:
    """A server that reads the head of each request and gives its answers in turn, the last one for ever; a connection an answer."""
    left = list(answers)

    async def serve(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return serve


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "".join(f"{line}\r\n" for line in headers)
    return f"HTTP/1.1 {status}\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def asked(question: Question, deadline: float = 5.0) -> list[Heard]:
    """The question, put as the sensor puts it."""
    way = Loopback()
    async with Web(way) as web, asyncio.timeout(deadline):
        return await ASK[question.family][0](question, Means(way, web, lax()))


@pytest.fixture
def certificate(tmp_path):
    """Files of a key and its certificate."""
    import trustme

    issued = trustme.CA().issue_cert(HERE)
    issued.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    return tmp_path / "key.pem", tmp_path / "cert.pem"
