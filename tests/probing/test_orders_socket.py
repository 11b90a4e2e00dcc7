"""core's socket for orders: one program, its answers in turn, and what a program that is none can do to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat

import pytest

from collector.sockets.orders import Done, LegState, NobodyError, OrderServer
from collector.sockets.peers import Allowed

OPEN: list[asyncio.StreamWriter] = []


@pytest.fixture(autouse=True)
async def closed():
    yield
    while OPEN:
        writer = OPEN.pop()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.fixture
async def server(tmp_path, closed):
    made = OrderServer(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def connect(server, hello=b'{"hello":"probe","version":1}\n'):
    reader, writer = await asyncio.open_unix_connection(server.path)
    OPEN.append(writer)
    writer.write(hello)
    await writer.drain()
    return reader, writer


async def expect_end(reader):
    """The other side closes; with our hello unread that is a reset."""
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""


async def program(server, *answers):
    """A program that gives these answers, whatever it is asked; what it was asked."""
    reader, writer = await connect(server)
    await server.arrived.wait()
    asked = []

    async def serve():
        for answer in answers:
            asked.append(json.loads(await reader.readline()))
            writer.write(answer + b"\n")
        await writer.drain()

    return asked, asyncio.create_task(serve()), writer


async def test_an_order_goes_out_and_its_answer_comes_back(server):
    asked, task, _ = await program(server, b'{"id":1,"outcome":"sent","tapped":true,"mac":"02:00:00:00:00:01"}')
    assert await server.order("can-bo", "router_solicit", client="ee:b5:00:00:00:00") == Done("sent", tapped=True, mac="02:00:00:00:00:01")
    await task
    assert asked == [{"id": 1, "leg": "can-bo", "shape": "router_solicit", "client": "ee:b5:00:00:00:00"}]


async def test_the_legs_are_described(server):
    _, task, _ = await program(server, b'{"legs":{"can-bo":{"interface":"eth0","up":true,"ip":"192.168.10.2"}}}')
    assert await server.describe() == {"can-bo": LegState("eth0", up=True, ip="192.168.10.2")}
    await task


async def test_without_a_program_there_is_nobody(server):
    with pytest.raises(NobodyError):
        await server.order("can-bo", "router_solicit")


async def test_a_round_waits_a_while_for_a_program_that_is_starting(tmp_path):
    server = OrderServer(tmp_path, patience=0.05)
    await server.start()
    try:
        with pytest.raises(NobodyError):
            await server.describe()
        server._patience = 10
        asked = asyncio.create_task(server.describe())
        await asyncio.sleep(0)
        _, task, _ = await program(server, b'{"legs":{}}')
        assert await asked == {}
        await task
    finally:
        await server.stop()


@pytest.mark.parametrize("answer", [b"", b"{", b"[]", b'{"outcome":"exploded"}', b'{"outcome":7}', b"\xff", b"x" * (1 << 17)])
async def test_an_answer_that_is_none_ends_the_program(server, answer):
    _, task, _ = await program(server, answer)
    with pytest.raises(NobodyError):
        await server.order("can-bo", "router_solicit")
    with pytest.raises(NobodyError):
        await server.order("can-bo", "router_solicit")
    await asyncio.gather(task, return_exceptions=True)


async def test_a_program_that_goes_is_followed_by_the_next(server):
    _, task, writer = await program(server)
    await task
    writer.close()
    with pytest.raises(NobodyError):
        await server.order("can-bo", "router_solicit")
    _, again, _ = await program(server, b'{"outcome":"sent"}')
    assert (await server.order("can-bo", "router_solicit")).outcome == "sent"
    await again


async def test_a_second_program_is_turned_away(server):
    _, first, _ = await program(server, b'{"outcome":"sent"}')
    reader, _ = await connect(server)
    await expect_end(reader)
    assert (await server.order("can-bo", "router_solicit")).outcome == "sent"
    await first


async def test_a_stranger_is_turned_away(tmp_path):
    server = OrderServer(tmp_path, Allowed(frozenset({4321})))
    await server.start()
    try:
        assert stat.S_IMODE(server.path.stat().st_mode) == 0o666
        reader, _ = await connect(server)
        await expect_end(reader)
        assert not server.arrived.is_set()
    finally:
        await server.stop()


async def test_who_says_something_else_is_turned_away(server):
    reader, _ = await connect(server, b"GET / HTTP/1.1\n")
    await expect_end(reader)
    assert not server.arrived.is_set()


async def test_the_socket_is_for_its_owner_and_goes_with_the_server(tmp_path):
    server = OrderServer(tmp_path)
    await server.start()
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o600
    await server.stop()
    assert not server.path.exists()
