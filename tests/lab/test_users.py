"""Each service of a box as a user of its own with the one right it needs, meeting in core's sockets, beside a real renderer."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import screens
from asking import needed
from lab import Host, Net, Process

from collector.sockets import SocketReader, path_of
from model.rows import Sensor
from model.verdict import Verdict
from model.wire.proof import ProofRow, Run

pytestmark = pytest.mark.root

T = TypeVar("T")

VONGGAC = Path(sys.executable).with_name("vonggac")
CORE, COLLECT, SCREENS, PROBE, STRANGER = range(61_001, 61_006)
# linux/capability.h
NET_RAW = 1 << 13
NETWORK = NET_RAW | 1 << 10 | 1 << 11 | 1 << 12
CONFIGURATION = f"""
[[legs]]
interface = "eth0"
heartbeat = "1s"
probes = ["dhcp"]
[sockets]
allowed_uids = [{COLLECT}, {SCREENS}, {PROBE}]
[probes]
first = "3s"
repeats = 1
jitter = 0
[screens]
ask = ["dlna"]
subscribe = ["dlna"]
period = "1m"
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """What everybody may read and core alone may write to; its path is short, as a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="vonggac-") as name:
        made = Path(name)
        made.chmod(0o755)
        (made / "declared").mkdir()
        (made / "declared" / "site.toml").write_text('site = "xa-a"\n[[zones]]\nleg = "lan"\nrole = "citizen"\n')
        (made / "config.toml").write_text(CONFIGURATION)
        (made / "state").mkdir()
        os.chown(made / "state", CORE, CORE)
        yield made


def limited(user: int, *rights: str) -> list[str]:
    """What starts a program as that user with these rights alone."""
    held = ",".join(("-all", *rights))
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", f"--inh-caps={held}", f"--ambient-caps={held}", f"--bounding-set={held}"]


def out_of_reach() -> bool:
    """Whether the program lies where no other user can get at it, as in a home folder of root's."""
    return subprocess.run([*limited(STRANGER), "sh", "-c", '"$0" -c "import collector"', sys.executable], capture_output=True, check=False).returncode != 0


def service(host: Host, name: str, folder: Path, user: int, *rights: str) -> Process:
    """`vonggac NAME` as that user; where it cannot reach the program otherwise, it may read what it likes, and still write and connect to nothing more."""
    reading = ("+dac_read_search",) if out_of_reach() else ()
    return host.popen([*limited(user, *rights, *reading), VONGGAC, name, "--config", folder / "config.toml"])


async def told(folder: Path, find: Callable[[SocketReader], Awaitable[T | None]]) -> T:
    """What core tells once it has it."""
    reader = SocketReader(path_of(folder / "state" / "sockets", "read"), patience=20)
    try:
        async with asyncio.timeout(60):
            version = -1
            while (found := await find(reader)) is None:
                version = await reader.wait(version, 1)
            return found
    finally:
        await reader.close()


async def beat(reader: SocketReader) -> Sensor | None:
    return next((row for row in await reader.rows() if isinstance(row, Sensor) and row.sensor == "screens"), None)


async def subscribed(reader: SocketReader) -> Verdict | None:
    verdicts = [verdict for verdict in await reader.verdicts() if verdict.detector == "VG-NET-02"]
    return next((verdict for verdict in verdicts if any("dlna event" in piece.value for piece in verdict.evidence)), None)


async def probed(reader: SocketReader) -> Run | None:
    rows = [row for row in await reader.rows() if isinstance(row, ProofRow)]
    return next((runs[-1] for row in rows for runs in row.runs.values()), None)


def who(process: Process) -> tuple[int, int]:
    """The user that a running service is, and the rights over the network it has."""
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.popen.pid}/status").read_text().splitlines() if ":\t" in line)
    return int(status["Uid"].split()[1]), int(status["CapEff"], 16) & NETWORK


def test_every_service_works_as_its_own_user_with_its_one_right(net: Net, folder: Path) -> None:
    needed("gmediarender")
    hall = net.segment("hall", flooding=False)
    box, tv = net.host("box", hall, "192.168.10.2/24"), net.host("tv", hall, "192.168.10.31/24", mac="00:e0:4c:10:20:31")
    services = {"core": service(box, "core", folder, CORE)}
    services["core"].wait_for("lõi đang chạy", 30)
    services |= {
        "collect": service(box, "collect", folder, COLLECT, "+net_raw"),
        "screens": service(box, "screens", folder, SCREENS),
        "probe": service(box, "probe", folder, PROBE, "+net_raw"),
    }
    services["collect"].wait_for("đang nghe trên eth0", 30)
    screens.gmediarender(tv, "TV-Sảnh")
    heard = asyncio.run(told(folder, subscribed))
    assert dict(heard.state)["in_session"] == "no"
    assert asyncio.run(told(folder, beat)).state == "running"
    ran = asyncio.run(told(folder, probed))
    assert (ran.outcome, ran.detail) == ("sent", ""), services["probe"].said()
    assert {name: who(each) for name, each in services.items()} == {
        "core": (CORE, 0), "collect": (COLLECT, NET_RAW), "screens": (SCREENS, 0), "probe": (PROBE, NET_RAW),
    }  # fmt: skip
    # Whoever is not named is not let in, though he can reach the socket.
    stranger = service(box, "screens", folder, STRANGER)
    stranger.wait_for("không được phép", 30)
    stranger.stop()
    # The probe program is told to stop by the signal alone: it has nothing to put away.
    assert {name: each.stop() for name, each in reversed(services.items())} == {"core": 0, "collect": 0, "screens": 0, "probe": -signal.SIGTERM}
    assert "Traceback" not in "".join(each.said() for each in services.values())
