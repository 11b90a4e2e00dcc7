"""A command that is forked says and does what the same command says and does when it is started."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import corpus
from tests.lab.lab import Net
from tests.system.program import VONGGAC, Box, ran
from tests.system.ready import fit, forked

_NEW_NETWORK = 0x4000_0000
CAPTURE = corpus.LAB / "cast-idle" / "capture.pcap"
COMMANDS = {
    "help": ["--help"],
    "findings": ["replay", str(CAPTURE), "--format", "json"],
    "settings": ["config", "show", "--config", "config.toml"],
    "table": ["portals", "list", "--config", "config.toml"],
    "refused": ["findings", "list", "--config", "config.toml"],
    "misused": ["findings", "close"],
    "unknown": ["khong-co"],
}


@pytest.mark.parametrize("argv", COMMANDS.values(), ids=COMMANDS)
def test_what_is_forked_is_what_is_started(box: Box, argv: list[str]) -> None:
    box.write()
    started = subprocess.run([VONGGAC, *argv], cwd=box.folder, env={**os.environ}, capture_output=True, text=True, check=False)
    same = forked(argv, box.folder, 60.0)
    assert (same.returncode, same.stdout, same.stderr) == (started.returncode, started.stdout, started.stderr)


def test_what_is_loaded_beforehand_is_not_the_command(box: Box) -> None:
    own = "import sys; from tests.system.ready import LOADED; [__import__(name) for name in LOADED]; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", own], capture_output=True, text=True, check=True).stdout.split()
    assert "pydantic" in loaded
    assert [name for name in loaded if name.startswith(("collector.cli.", "collector.core", "collector.journal", "detectors."))] == []


def test_another_environment_is_for_a_real_start(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fit()
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert not fit()
    assert ran("--help").returncode == 0


def test_one_who_takes_too_long_is_ended(box: Box) -> None:
    os.mkfifo(box.folder / "pipe")
    with pytest.raises(subprocess.TimeoutExpired):
        forked(["replay", str(box.folder / "pipe")], box.folder, 3.0)


@pytest.mark.root
def test_a_child_is_in_its_askers_network(net: Net, box: Box) -> None:
    leg = net.segment("somewhere").leg()
    box.write(f'[[legs]]\nname = "lan"\ninterface = "{leg.interface}"\n')

    def told() -> list[str]:
        said = forked(["doctor", "--config", str(box.config)], box.folder, 60.0).stdout
        return [line for line in said.splitlines() if "leg lan" in line]

    def told_there() -> list[str]:
        with open(f"/proc/{leg.space.pid}/ns/net") as there:
            assert ctypes.CDLL(None).setns(there.fileno(), _NEW_NETWORK) == 0
        return told()

    with ThreadPoolExecutor(1) as thread:
        there = thread.submit(told_there).result()
    assert len(there) == 1
    assert there != told()
