"""What systemd hears of a service, over a socket such as its own: readiness, the watchdog that a hung loop starves, the end."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.beats import BeatingOutbox, BeatingSink, Beats
from collector.notify import Notifier, ready, reloading
from model.facts import SensorHeard


class Manager:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)
        self.patience = 10.0

    async def hears(self) -> list[str]:
        """The lines of the next message."""
        message = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.socket, 4096), self.patience)
        return message.decode().splitlines()

    def left(self) -> list[str]:
        """What has come meanwhile, all of it."""
        lines: list[str] = []
        while True:
            try:
                lines += self.socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return lines


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.socket.close()


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def notifier(tmp_path: Path, **more: str) -> Notifier:
    return Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), **more})


async def test_a_service_says_that_it_is_ready_and_that_it_stops(manager: Manager, tmp_path: Path) -> None:
    async with ready(Beats(Time()), notifier=notifier(tmp_path)):
        assert await manager.hears() == ["READY=1"]
        assert manager.left() == []
    assert manager.left() == ["STOPPING=1"]


async def test_the_watchdog_is_fed_while_all_loops_move_and_starved_by_one_that_hangs(manager: Manager, tmp_path: Path) -> None:
    time = Time()
    beats = Beats(time)
    moved, other = beats.loop("core", 60), beats.loop("capture:lan", 3)
    async with ready(beats, "en", notifier(tmp_path, WATCHDOG_USEC="30000", WATCHDOG_PID=str(os.getpid()))):
        assert await manager.hears() == ["READY=1"]
        assert await manager.hears() == ["WATCHDOG=1"]
        time.now += 4
        moved()
        while (heard := await manager.hears()) == ["WATCHDOG=1"]:
            pass
        assert heard == ["STATUS=a loop hangs: capture:lan; systemd will start the service again"]
        # Five turns of the feeding loop and more: nothing is said while the loop hangs.
        await asyncio.sleep(0.06)
        assert manager.left() == []
        other()
        assert await manager.hears() == ["WATCHDOG=1"]
        assert await manager.hears() == ["STATUS="]


async def test_the_loop_that_feeds_must_turn_itself(manager: Manager, tmp_path: Path) -> None:
    async with ready(Beats(Time()), notifier=notifier(tmp_path, WATCHDOG_USEC="3000")):
        assert await manager.hears() == ["READY=1"]
        assert await manager.hears() == ["WATCHDOG=1"]
        manager.left()
        blocked = socket.socketpair()
        blocked[0].settimeout(0.05)
        # A call that blocks the loop, as a fault of ours would.
        with pytest.raises(TimeoutError):
            blocked[0].recv(1)
        assert manager.left() == []
        for end in blocked:
            end.close()


async def test_a_service_says_that_it_reads_its_configuration_anew(manager: Manager, tmp_path: Path) -> None:
    with reloading(lambda: 12.5, notifier(tmp_path)):
        assert await manager.hears() == ["RELOADING=1", "MONOTONIC_USEC=12500000"]
        assert manager.left() == []
    assert manager.left() == ["READY=1"]


@pytest.mark.parametrize("environ", [{}, {"WATCHDOG_USEC": "no number"}, {"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}], ids=["none", "odd", "others"])
def test_a_watchdog_of_nobody_or_of_another_process_is_not_fed(environ: dict[str, str]) -> None:
    assert Notifier(environ).watchdog == 0


async def test_nothing_is_said_where_nobody_listens(tmp_path: Path) -> None:
    async with ready(Beats(Time()), notifier=notifier(tmp_path)), ready(Beats(Time()), notifier=Notifier({})):
        assert list(tmp_path.iterdir()) == []


async def test_an_abstract_socket_is_reached(tmp_path: Path) -> None:
    name = f"vonggac-{os.getpid()}-{tmp_path.name}"
    manager = Manager("\0" + name)
    Notifier({"NOTIFY_SOCKET": "@" + name}).say("READY=1", "STATUS=chạy")
    assert await manager.hears() == ["READY=1", "STATUS=chạy"]
    manager.socket.close()


class Sink:
    def put(self, facts):
        return len(facts)


def heard(state: str = "running", sensor: str = "screens") -> list[SensorHeard]:
    return [SensorHeard(at=1, sensor=sensor, state=state)]


def test_a_sensors_heartbeat_is_its_loops() -> None:
    time = Time()
    beats = Beats(time)
    sink = BeatingSink(Sink(), beats, {"capture:lan": 15.0})
    # One that is wanted is missed though it never said a word; one that came later from its first word on.
    assert sink.put(heard()) == 1
    time.now += 16
    assert beats.stuck() == ["capture:lan"]
    sink.put(heard(sensor="capture:lan"))
    assert beats.stuck() == []
    time.now += 170
    assert beats.stuck() == ["capture:lan", "screens"]
    sink.put(heard("stopped", "capture:lan"))
    sink.put(heard())
    assert beats.stuck() == []


class Rows:
    async def lease(self, sink, limit, wait):
        return [sink, limit, wait]


async def test_a_sinks_turn_is_its_asking_for_rows() -> None:
    time = Time()
    beats = Beats(time)
    outbox = BeatingOutbox(Rows(), beats)
    assert await outbox.lease("webhook", 10, 1.0) == ["webhook", 10, 1.0]
    # An hour that the server asked for is no hang; more than that is.
    time.now += 4_000
    assert beats.stuck() == []
    time.now += 300
    assert beats.stuck() == ["webhook"]


async def test_the_real_core_says_that_it_is_ready_that_it_moves_and_that_it_stops(manager: Manager, tmp_path: Path) -> None:
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "site.toml").write_text('site = "xa-a"\n')
    (tmp_path / "config.toml").write_text('[[legs]]\ninterface = "eth77"\n')
    environ = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "300000"}
    core = await asyncio.create_subprocess_exec(Path(sys.executable).with_name("vonggac"), "core", "--config", tmp_path / "config.toml", env=environ)
    try:
        manager.patience = 60
        assert await manager.hears() == ["READY=1"]
        assert (await manager.hears(), await manager.hears()) == (["WATCHDOG=1"], ["WATCHDOG=1"])
        core.terminate()
        while (heard := await manager.hears()) == ["WATCHDOG=1"]:
            pass
        assert heard == ["STOPPING=1"]
        assert await core.wait() == 0
    finally:
        if core.returncode is None:
            core.kill()
            await core.wait()
