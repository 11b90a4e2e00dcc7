"""The proxy alone, spoken to as a browser (or worse) would: what it carries, and what it refuses and counts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from collector.sensors.portals.browser import proxy as proxies
from collector.sensors.portals.browser.proxy import Asked, NotForUs, Proxy, parse
from collector.sensors.portals.browser.traffic import Traffic
from collector.sensors.portals.guard import Guard
from tests.portals.browser.conftest import ALLOWED, SERVED, Names


class Server:
    """Answers each connection with what it was sent, after a head; `said`: all it was sent."""

    def __init__(self) -> None:
        self.port = 0
        self.said: list[bytes] = []
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.said.append(await reader.read(4096))
        writer.write(self.answer)
        writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, SERVED, 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    await listening.wait_closed()


@pytest_asyncio.fixture
async def proxy() -> AsyncIterator[tuple[Proxy, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    made = Proxy()
    await made.start(listener)
    yield made, listener.getsockname()[1]
    await made.stop()


async def ask(port: int, request: bytes, more: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = b""
    if more:
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.write(more)
    answer += await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return answer


def traffic(names: Names | None = None, **more: int) -> Traffic:
    return Traffic(Guard(names or Names(), ALLOWED), **more)


async def test_a_plain_request_goes_to_the_checked_address_as_its_own(proxy: tuple[Proxy, int], server: Server) -> None:
    made, port = proxy
    made.traffic = traffic()
    lines = f"Host: a.test:{server.port}\r\nX-Own: 1\r\nProxy-Connection: keep-alive\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n"
    answer = await ask(port, f"GET http://a.test:{server.port}/path?q=http://x/ HTTP/1.1\r\n{lines}\r\n".encode())
    assert answer.endswith(b"ok")
    assert server.said == [f"GET /path?q=http://x/ HTTP/1.1\r\nHost: a.test:{server.port}\r\nX-Own: 1\r\nConnection: close\r\n\r\n".encode()]
    assert made.traffic.addresses == {"a.test": SERVED}
    assert made.traffic.bytes == len(server.answer)


async def test_a_tunnel_carries_bytes_both_ways_and_counts_them(proxy: tuple[Proxy, int], server: Server) -> None:
    made, port = proxy
    made.traffic = traffic()
    answer = await ask(port, f"CONNECT a.test:{server.port} HTTP/1.1\r\n\r\n".encode(), b"\x16\x03hello")
    assert answer == b"HTTP/1.1 200 OK\r\n\r\n" + server.answer
    assert server.said == [b"\x16\x03hello"]
    assert made.traffic.bytes == len(server.answer) + 7


@pytest.mark.parametrize(
    ("request_line", "why"),
    [
        ("GET http://127.0.0.1:@/ HTTP/1.1", "loopback"),
        ("GET http://localhost:@/ HTTP/1.1", "loopback"),
        ("GET http://2130706433:@/ HTTP/1.1", "loopback"),
        ("GET http://[::ffff:10.0.0.1]/ HTTP/1.1", "private"),
        ("CONNECT 169.254.169.254:443 HTTP/1.1", "metadata"),
        ("CONNECT inside.test:443 HTTP/1.1", "private"),
        ("CONNECT a.test:22 HTTP/1.1", "port"),
        ("CONNECT a.test:0 HTTP/1.1", "port"),
        ("POST http://a.test:@/ HTTP/1.1", "method"),
        ("DELETE http://a.test:@/ HTTP/1.1", "method"),
        ("GET http://a.test:@/ HTTP/1.1\r\nContent-Length: 5", "method"),
        ("GET http://a.test:@/ HTTP/1.1\r\nTransfer-Encoding: chunked", "method"),
        ("GET /path HTTP/1.1", "protocol"),
        ("GET ftp://a.test/ HTTP/1.1", "protocol"),
        ("GET https://a.test/ HTTP/1.1", "protocol"),
        ("GET http://user:word@a.test/ HTTP/1.1", "protocol"),
        ("GET http://a.test:99999999/ HTTP/1.1", "protocol"),
        ("GET http://a.test:70000/ HTTP/1.1", "port"),
        ("nonsense", "protocol"),
    ],
)
async def test_what_is_refused_and_counted(proxy: tuple[Proxy, int], server: Server, request_line: str, why: str) -> None:
    made, port = proxy
    made.traffic = traffic(Names({"inside.test": [["127.0.10.1", "10.0.0.1"]]}))
    answer = await ask(port, request_line.replace("@", str(server.port), 1).encode() + b"\r\nHost: a.test\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert made.traffic.refused == {why: 1}
    assert server.said == []


async def test_the_address_that_was_checked_is_the_one_connected_to(proxy: tuple[Proxy, int], server: Server) -> None:
    made, port = proxy
    names = Names({"a.test": [[SERVED], ["127.0.0.1"]]})
    made.traffic = traffic(names)
    request = f"GET http://a.test:{server.port}/ HTTP/1.1\r\n\r\n".encode()
    assert (await ask(port, request)).endswith(b"ok")
    assert names.asked == ["a.test"]
    assert (await ask(port, request)).startswith(b"HTTP/1.1 403")
    assert names.asked == ["a.test", "a.test"]
    assert made.traffic.refused == {"loopback": 1}


async def test_a_render_that_had_enough_gets_no_more(proxy: tuple[Proxy, int], server: Server) -> None:
    made, port = proxy
    server.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000
    made.traffic = traffic(max_bytes=100_000)
    request = f"GET http://a.test:{server.port}/ HTTP/1.1\r\n\r\n".encode()
    assert len(await ask(port, request)) < 200_000
    assert (await ask(port, request)).startswith(b"HTTP/1.1 403")
    made.traffic = traffic(max_connections=1)
    assert len(await ask(port, request)) > 300_000
    assert (await ask(port, request)).startswith(b"HTTP/1.1 403")
    assert made.traffic.refused == {"budget": 1}


async def test_between_renders_nothing_goes_and_what_was_open_is_cut(proxy: tuple[Proxy, int], server: Server) -> None:
    made, port = proxy
    assert (await ask(port, b"CONNECT a.test:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 503")
    made.traffic = traffic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT a.test:{server.port} HTTP/1.1\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    await made.drop()
    assert await asyncio.wait_for(reader.read(), 30) == b""
    writer.close()


async def test_names_that_are_not_and_servers_that_are_closed(proxy: tuple[Proxy, int]) -> None:
    made, port = proxy
    made.traffic = traffic()
    assert (await ask(port, b"CONNECT nowhere.invalid:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 502")
    with socket.create_server((SERVED, 0)) as closed:
        free = closed.getsockname()[1]
    assert (await ask(port, f"CONNECT a.test:{free} HTTP/1.1\r\n\r\n".encode())).startswith(b"HTTP/1.1 502")
    assert made.traffic.failed == {"nowhere.invalid": "dns", "a.test": "connect"}


async def test_heads_without_end_or_too_slow(proxy: tuple[Proxy, int], monkeypatch: pytest.MonkeyPatch) -> None:
    made, port = proxy
    made.traffic = traffic()
    assert await ask(port, b"GET http://a.test/ HTTP/1.1\r\n" + b"X: " + b"y" * 200_000) == b""
    monkeypatch.setattr(proxies, "HEAD_SECONDS", 0.1)
    assert await ask(port, b"GET http://a.test/ HTTP/1.1\r\n") == b""


@given(st.binary(max_size=300) | st.from_regex(rb"(GET|CONNECT) (http://)?[ -~]{0,60} HTTP/1\.1\r\n[ -~\r\n]{0,80}\r\n\r\n", fullmatch=True))
def test_any_head_is_read_or_refused(head: bytes) -> None:
    try:
        asked = parse(head)
    except NotForUs:
        return
    assert isinstance(asked, Asked)
    assert asked.tunnel or asked.target.startswith("/")
    assert "\r" not in asked.target + asked.host
    assert " " not in asked.target + asked.host
