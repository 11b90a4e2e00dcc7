"""The sensor at work on loopback: facts of the right screen, one question at a time, and nothing of anybody else."""

import asyncio
import plistlib
from contextlib import asynccontextmanager

import pytest

from collector.clock import SystemClock
from collector.sensors.screens.asker import Asker, Manner
from model.facts import SensorHeard
from model.wirefacts import ScreenTold
from tests.model.making import AIRPLAY, TV, Sensor, declared, view_of
from tests.screens.conftest import HERE, MAC, Loopback, Peer, serving

INFO = plistlib.dumps({"statusFlags": 0x4, "features": 0x5A7FFEE6, "name": "TV"}, fmt=plistlib.FMT_BINARY)
ANSWER = b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(INFO) + INFO


class Core:
    """What the sensor knows core by: the assets, and a place for facts."""

    def __init__(self) -> None:
        self.facts = []
        self.rows = []
        self.away = False
        self.news = asyncio.Event()

    def put(self, facts) -> int:
        self.facts += facts
        self.news.set()
        return len(facts)

    async def assets(self):
        if self.away:
            raise ConnectionError
        return self.rows

    async def until(self, holds) -> None:
        async with asyncio.timeout(30):
            while not holds():
                self.news.clear()
                await self.news.wait()

    def told(self) -> list[ScreenTold]:
        return [fact for fact in self.facts if isinstance(fact, ScreenTold)]

    def beats(self) -> list[SensorHeard]:
        return [fact for fact in self.facts if isinstance(fact, SensorHeard)]


def assets_at(*ports, now, mac=TV, kinds=(AIRPLAY,)):
    """One television that advertises AirPlay at each of the ports."""
    box = Sensor()
    view = view_of([box.service(kind, instance=str(port), port=port, mac=mac, ip=HERE) for port in ports for kind in kinds])
    for asset in view.assets.values():
        asset.seen.last = now
    return list(view.assets.values())


@asynccontextmanager
async def working(core, *, way=None, **manner):
    settings = {"ask": ("airplay",), "period": 60.0, "pace": 0.0, "deadline": 1.0, **manner}
    asker = Asker(core, core, SystemClock(), {"lan": way or Loopback()}, {"lan": declared()}, Manner(**settings), dice=lambda: 0.0, failures=(ConnectionError,))
    stop = asyncio.Event()
    running = asyncio.create_task(asker.run(stop))
    try:
        yield asker
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await running


async def answering(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ANSWER)
    await writer.drain()
    await reader.read()


async def test_an_answer_becomes_a_fact_of_the_screen():
    core = Core()
    async with serving(answering) as server:
        core.rows = assets_at(server.port, now=SystemClock().now())
        async with working(core):
            await core.until(core.told)
    [fact] = core.told()
    assert (fact.mac, fact.ip, fact.leg, fact.sensor, fact.port) == (MAC, HERE, "lan", "screens", server.port)
    assert (fact.family, fact.asked, fact.protected, fact.playing, fact.name) == ("airplay", "info", False, False, "TV")
    assert [fact.sequence for fact in core.facts] == list(range(1, len(core.facts) + 1))
    assert [beat.state for beat in core.beats()] == ["running", "stopped"]
    assert (core.beats()[-1].received, core.beats()[-1].decoded, core.beats()[-1].undecodable) == (1, 1, 0)


async def test_another_devices_answer_is_not_told_as_the_screens():
    core = Core()
    async with serving(answering) as server:
        core.rows = assets_at(server.port, now=SystemClock().now())
        async with working(core, way=Loopback("02:00:00:00:00:99")) as asker:
            async with asyncio.timeout(30):
                while not (asker.telling.made and server.most and not server.now):
                    await asyncio.sleep(0.01)
    assert core.told() == []


async def test_a_screen_is_asked_one_question_at_a_time():
    core, peer = Core(), Peer()
    async with serving(answering, peer) as one, serving(answering, peer) as other:
        assert one is other is peer
        ports = {one.port}
    async with serving(answering, peer) as server:
        ports = [server.port]
        core.rows = assets_at(*ports, now=SystemClock().now(), kinds=(AIRPLAY, "_raop._tcp.local."))
        second = assets_at(*ports, now=SystemClock().now(), mac="10:b6:76:00:00:11")
        # Two assets claim one address: still one station.
        core.rows += second
        peer.most = 0
        async with working(core) as asker:
            async with asyncio.timeout(30):
                while asker.telling.made < 2:
                    await asyncio.sleep(0.01)
            await core.until(core.told)
    assert peer.most == 1


async def test_a_refusal_is_told_where_an_advert_promised_an_answer():
    core = Core()
    async with serving(answering) as server:
        port = server.port
    core.rows = assets_at(port, now=SystemClock().now())
    async with working(core):
        await core.until(core.told)
    assert [(fact.reachable, fact.port, fact.family) for fact in core.told()] == [(False, port, "airplay")]


async def test_silence_is_no_fact():
    async def silent(reader, writer):
        await reader.read()

    core = Core()
    async with serving(silent) as server:
        core.rows = assets_at(server.port, now=SystemClock().now())
        async with working(core, deadline=0.1) as asker:
            async with asyncio.timeout(30):
                while not asker.telling.unanswered:
                    await asyncio.sleep(0.01)
    assert core.told() == []


async def test_while_core_is_away_the_sensor_says_so():
    core = Core()
    core.away = True
    async with working(core):
        await core.until(lambda: core.beats() and core.beats()[-1].state == "waiting")
    assert "chưa đọc được danh sách thiết bị" in core.beats()[0].message


async def test_a_leg_without_an_address_is_told():
    class Bare(Loopback):
        def ready(self):
            return False

    core = Core()
    async with working(core, way=Bare()):
        await core.until(core.beats)
    assert (core.beats()[0].state, core.beats()[0].message) == ("waiting", "chân mạng lan không có địa chỉ IPv4: không hỏi được màn hình ở đó")


async def test_nothing_that_is_not_named_is_asked():
    core = Core()
    async with serving(answering) as server:
        core.rows = assets_at(server.port, now=SystemClock().now())
        async with working(core, ask=("cast",)):
            await core.until(core.beats)
            await asyncio.sleep(0)
        assert server.most == 0


@pytest.mark.parametrize("fault", [ValueError("x"), KeyError("x")])
async def test_a_fault_of_ours_at_one_screen_ends_no_other(fault, monkeypatch, caplog):
    core = Core()

    class Broken(Loopback):
        def station(self, ip):
            raise fault

    async with serving(answering) as server:
        core.rows = assets_at(server.port, now=SystemClock().now())
        async with working(core, way=Broken()):
            await core.until(lambda: True)
            async with asyncio.timeout(30):
                while "lỗi không ngờ" not in caplog.text:
                    await asyncio.sleep(0.01)
    assert core.beats()[-1].state == "stopped"
