"""`vonggac screens` as a service of its own: beside core, with core's sockets alone between them."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from collector.config import load
from collector.screens import manner_of, roads_of
from collector.sites import sites_of
from collector.sockets import SocketReader, path_of
from model.rows import Sensor

VONGGAC = Path(sys.executable).with_name("vonggac")
CONFIGURATION = """
[[legs]]
interface = "lo"
[screens]
ask = ["pjlink", "cast-status"]
subscribe = ["dlna"]
period = "2m"
pace = "3s"
callback_port = 8471
"""


def written(folder, text=CONFIGURATION):
    (folder / "config.toml").write_text(text)
    (folder / "declared").mkdir()
    (folder / "declared" / "site.toml").write_text('site = "xa-a"\n')
    return folder / "config.toml"


def test_the_configuration_says_what_is_asked_and_how(tmp_path):
    config = load(written(tmp_path))
    manner = manner_of(config)
    assert (manner.ask, manner.subscribe, manner.callback_port) == ({"pjlink", "cast-status"}, ("dlna",), 8471)
    assert (manner.period, manner.pace, manner.deadline) == (120.0, 3.0, 5.0)
    assert roads_of(config)["lan"].ready()
    [site] = sites_of(config).values()
    assert "screens" in [sensor.sensor for sensor in site.sensors]


def test_by_default_nobody_is_asked_and_nobody_is_missed(tmp_path):
    config = load(written(tmp_path, ""))
    assert not config.screens.enabled
    [site] = sites_of(config).values()
    assert "screens" not in [sensor.sensor for sensor in site.sensors]
    done = subprocess.run([VONGGAC, "screens", "--config", tmp_path / "config.toml"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "vonggac: Không có họ màn hình nào được hỏi: đặt [screens] ask hoặc subscribe trong tệp cấu hình.",
    )


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ('ask = ["sony"]', "một trong"),
        ('subscribe = ["airplay"]', "một trong"),
        ('period = "1h"', "từ"),
        ('pace = "0s"', "khoảng thời gian"),
        ("callback_port = 70000", "65535"),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence(tmp_path, option, said):
    config = written(tmp_path, f"[screens]\n{option}\n")
    done = subprocess.run([VONGGAC, "config", "check", "--config", config], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"[screens] {option.split()[0]}" in done.stderr
    assert said in done.stderr


async def test_apart_from_core_its_heartbeat_reaches_core(tmp_path):
    config = written(tmp_path)
    services = [
        subprocess.Popen([VONGGAC, name, "--config", config], stderr=subprocess.PIPE, env={**os.environ, "LANG": "C.UTF-8"}) for name in ("core", "screens")
    ]
    reader = SocketReader(path_of(tmp_path / "state" / "sockets", "read"), patience=20)
    try:
        async with asyncio.timeout(30):
            while not (found := [row for row in await reader.rows() if isinstance(row, Sensor) and row.sensor == "screens"]):
                await reader.wait(await reader.wait(-1, 1), 1)
    finally:
        await reader.close()
        for service in reversed(services):
            service.send_signal(signal.SIGTERM)
        said = [service.communicate(timeout=20)[1].decode() for service in reversed(services)]
    assert found[0].state == "running"
    assert [service.returncode for service in services] == [0, 0]
    assert "Traceback" not in "".join(said)
