"""The sensor of lines against the real echo on loopback, and against one that lies."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from aiohttp import web

from collector.clock import SystemClock
from collector.sensors.lines import asker
from collector.sensors.lines.asker import Asking, Lines
from collector.sensors.lines.hop import hardware_of
from model.times import SECOND
from model.wirefacts import LineTold, ProbeRan
from tests.lines.conftest import TOKEN


class Sink(list):
    def put(self, facts):
        self.extend(facts)
        return len(facts)


def lines(echo, sink, **fields):
    asking = {"echo": echo, "token": TOKEN, "legs": [("can-bo", "lo")], "period": SECOND, "first": 0, **fields}
    return Lines(Asking(**asking), sink, SystemClock())


async def asked(echo, **fields):
    sink = Sink()
    await lines(echo, sink, **fields).ask("can-bo", "lo")
    return sink


async def test_an_address_is_told_with_its_run(serve):
    told, ran = await asked(await serve())
    assert (type(told), told.address, told.leg, told.open_ports) == (LineTold, "127.0.0.1", "can-bo", None)
    assert (type(ran), ran.probe, ran.outcome, ran.at) == (ProbeRan, "line", "sent", told.at)


async def test_without_consent_the_address_is_told_all_the_same(serve):
    told, _ = await asked(await serve(), knock=True)
    assert (told.address, told.open_ports, told.knocked) == ("127.0.0.1", None, ())


@pytest.fixture
async def liar():
    """An echo that answers what it is told to."""
    runners = []

    async def start(status, body):
        async def answer(_request):
            return web.Response(status=status, body=body, headers={"Location": "http://127.0.0.1:1/"})

        app = web.Application()
        app.add_routes([web.get("/echo", answer)])
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return "http://{}:{}".format(*runner.addresses[0][:2])

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"203.0.113.5"),
        (200, b'{"address": "not one"}'),
        (200, b'{"address": 7}'),
        (200, b'{"address": "203.0.113.5", "open": ["22"]}'),
        (200, b'{"address": "' + b"2" * 10_000),
        (302, b'{"address": "203.0.113.5"}'),
        (401, b""),
        (500, b""),
    ],
)
async def test_an_answer_that_is_none_is_a_failed_run(liar, status, body):
    [ran] = await asked(await liar(status, body))
    assert (type(ran), ran.outcome) == (ProbeRan, "failed")
    assert ran.detail


async def test_an_interface_that_is_not_there_is_a_failed_run(serve):
    sink = Sink()
    await lines(await serve(), sink).ask("can-bo", "khong-co")
    [ran] = sink
    assert (ran.outcome, ran.detail) == ("failed", "No such device")


async def test_rounds_come_until_told_to_stop(serve, clock, monkeypatch):
    monkeypatch.setattr(asker, "BETWEEN", 0)
    sink, stop = Sink(), asyncio.Event()
    task = asyncio.create_task(lines(await serve(), sink, period=SECOND // 100).run(stop))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while len(sink) < 4:
                await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(task, 30)
    assert [fact.outcome for fact in sink if isinstance(fact, ProbeRan)][:2] == ["sent", "failed"], "the echo takes one question a second"


def test_a_neighbours_address_is_read_from_the_kernels_table(tmp_path):
    table = tmp_path / "arp"
    head = "IP address       HW type     Flags       HW address            Mask     Device\n"
    table.write_text(head + "192.168.1.1 0x1 0x2 a4:f4:c2:10:20:01 * eth0\n192.168.1.9 0x1 0x0 00:00:00:00:00:00 * eth0\n")
    assert hardware_of("192.168.1.1", "eth0", table) == "a4:f4:c2:10:20:01"
    assert [hardware_of(ip, interface, table) for ip, interface in (("192.168.1.9", "eth0"), ("192.168.1.1", "eth1"))] == ["", ""]
    assert hardware_of("192.168.1.1", "eth0", tmp_path / "none") == ""
