"""What the browser is given, and what is left of it: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collector.clock import SystemClock
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.browser.chromium import PROGRAM, BrowserMissing, program
from collector.sensors.portals.browser.process import NOBODY, BrowserFailed, Child, members
from collector.sensors.portals.browser.rendered import Visit
from collector.sensors.portals.guard import Guard
from tests.portals.browser.conftest import DESKTOP, Names

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[3]


def status(pid: int) -> dict[str, str]:
    return dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def gone(group: int, home: str, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while members(group, home) and time.monotonic() < until:
        time.sleep(0.05)
    return not members(group, home)


async def test_the_browser_has_no_right_secret_or_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VONGGAC_SECRET", "s3cret")
    kept = os.open(tmp_path / "secret", os.O_RDWR | os.O_CREAT)
    os.set_inheritable(kept, True)
    try:
        async with Browser(SystemClock()) as browser:
            pid = browser.pid
            told = status(pid)
            assert told["CapEff"] == told["CapPrm"] == told["CapInh"] == told["CapAmb"] == "0000000000000000"
            assert told["NoNewPrivs"] == "1"
            assert set(told["Uid"].split()) == {str(NOBODY if os.geteuid() == 0 else os.geteuid())}
            assert os.geteuid() != 0 or told["Groups"].split() == []
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            assert {word.split(b"=")[0] for word in environment.split(b"\0") if word} == {b"HOME", b"TMPDIR", b"LANG"}
            held = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
            assert str(tmp_path / "secret") not in held
            assert not any("secret" in target or target.startswith("/dev/pts") for target in held)
            interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
            assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
            assert len(Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]) == 1
    finally:
        os.close(kept)


def renderers(group: int) -> list[int]:
    """Processes that pages run in, once they all are ready: a new one is still the process it was forked from."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = [pid for pid in members(group, "") if "--type=renderer" in command(pid)]
        if found and all(status(pid)["Seccomp"] == "2" for pid in found):
            return found
        time.sleep(0.05)
    return []


async def test_the_sandbox_is_on() -> None:
    async with Browser(SystemClock()) as browser:
        found = renderers(browser.pid)
        assert found, "no renderer with a seccomp filter"
        everyone = [command(pid) for pid in members(browser.pid, "")]
        assert not any("--no-sandbox" in line or "--single-process" in line for line in everyone)
        for pid in found:
            told = status(pid)
            assert told["CapEff"] == "0000000000000000"
            assert len(told["NSpid"].split()) == 3, "a process namespace of its own"
            assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink(f"/proc/{browser.pid}/ns/net")
        assert os.readlink(f"/proc/{browser.pid}/ns/net") != os.readlink("/proc/self/ns/net")


async def test_nothing_is_left_of_it() -> None:
    before = len(os.listdir("/proc/self/fd"))
    async with Browser(SystemClock()) as browser:
        child = browser._child
        assert child is not None
        home, group, everyone = child._home, child.pid, child.members()
        assert len(everyone) > 3
        assert any("crashpad" in command(pid) for pid in everyone), "its helper leaves the group, and is known all the same"
        assert oct(os.stat(home).st_mode & 0o777) == "0o700"
        assert 50_000_000 < child.memory() < 600_000_000
    assert members(group, home) == []
    assert not os.path.exists(home)
    assert len(os.listdir("/proc/self/fd")) == before


async def test_what_was_started_and_never_spoken_to_is_cleared_too() -> None:
    before = len(os.listdir("/proc/self/fd"))
    child = Child()
    await child.start()
    home, group = child._home, child.pid
    assert child.alive
    await child.stop()
    assert members(group, home) == []
    assert not child.alive
    assert len(os.listdir("/proc/self/fd")) == before


async def test_a_start_that_is_broken_off_leaves_nothing() -> None:
    before = len(os.listdir("/proc/self/fd"))
    child = Child()
    starting = asyncio.create_task(child.start())
    async with asyncio.timeout(20):
        # At once: once it has begun, what it hands over may come at any moment.
        while not child.pid:
            await asyncio.sleep(0)
    home, group = child._home, child.pid
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert members(group, home) == []
    assert not os.path.exists(home)
    assert not child.alive
    assert len(os.listdir("/proc/self/fd")) == before


async def test_one_that_waits_too_long_is_ended_until_it_is_wanted() -> None:
    browser = Browser(SystemClock(), idle=0.2)
    visit = Visit(url="http://127.0.0.1/", face=DESKTOP, seconds=3, quiet=0.1, ripen=0)
    try:
        assert (await browser.render(visit, Guard(Names()))).trouble == "refused:loopback"
        pid = browser.pid
        assert members(pid, "")
        until = asyncio.get_running_loop().time() + 5
        while members(pid, "") and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)
        assert members(pid, "") == []
        assert (await browser.render(visit, Guard(Names()))).trouble == "refused:loopback"
        assert browser.health.starts == 2
    finally:
        await browser.__aexit__(None, None, None)
    assert browser.pid == 0


async def test_one_that_is_wanted_again_while_it_is_being_ended_is_started_anew() -> None:
    browser = Browser(SystemClock(), idle=0.01)
    visit = Visit(url="http://127.0.0.1/", face=DESKTOP, seconds=3, quiet=0.1, ripen=0)
    try:
        await browser.render(visit, Guard(Names()))
        async with asyncio.timeout(20):
            while not browser._turn.locked():
                await asyncio.sleep(0.001)
        assert browser.pid, "it has only begun to end"
        assert (await browser.render(visit, Guard(Names()))).trouble == "refused:loopback"
        assert browser.health.starts == 2
    finally:
        await browser.__aexit__(None, None, None)
    assert browser.pid == 0


def test_it_works_in_a_thread_of_its_own() -> None:
    """As `vonggac run` has it: the event loop of the sensor is not the main thread's."""

    async def render() -> str:
        async with Browser(SystemClock()) as browser:
            visit = Visit(url="http://127.0.0.1/", face=DESKTOP, seconds=3, quiet=0.1, ripen=0)
            return (await browser.render(visit, Guard(Names()))).trouble

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: asyncio.run(render())).result(30) == "refused:loopback"


def test_it_dies_with_whoever_started_it() -> None:
    source = """
import asyncio
from collector.clock import SystemClock
from collector.sensors.portals.browser.browser import Browser

async def main():
    async with Browser(SystemClock()) as browser:
        print(browser.pid, browser._child._home, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", source], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        group, home = parent.stdout.readline().split()
        assert members(int(group), home)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
    assert gone(int(group), home)
    # Nobody was there to tidy up: the folder holds a profile of no worth.
    subprocess.run(["rm", "-rf", "--", home], check=True)


async def test_a_program_that_is_no_browser_is_said_and_cleared_away() -> None:
    with pytest.raises(BrowserFailed):
        async with Browser(SystemClock(), path=os.path.realpath("/bin/true")):
            pytest.fail("started")


async def test_a_program_that_cannot_run_says_why(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_bytes(b"\x7fELFbut nothing more")
    fake.chmod(0o755)
    with pytest.raises(BrowserFailed, match=r"Exec format error|Permission denied"):
        async with Browser(SystemClock(), path=str(fake)):
            pytest.fail("started")


def test_which_program() -> None:
    assert program() == PROGRAM
    assert program("/usr/bin/chromium") == PROGRAM, "the script around it is left out"
    with pytest.raises(BrowserMissing) as missing:
        program("/nowhere/chromium")
    assert "Chromium" in missing.value.text.vi
    assert "chromium" in missing.value.text.en
    assert "/nowhere/chromium" in missing.value.text.vi
