"""Commands that write on a disk with no room left: one sentence, and what was there is still there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.cli.report_command import write
from collector.cli.say import Refusal
from tests.system.program import ran

ROOT = Path(__file__).parents[2]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("needs root: a file system is mounted")
    place = tmp_path / "dia"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)


def fill(disk: Path, left: int) -> None:
    with (disk / "day").open("wb") as file:
        file.write(bytes(os.statvfs(disk).f_bavail * 4096 - left))


@pytest.mark.parametrize("left", [0, 40 << 10], ids=["no room", "room for one file"])
def test_init_keeps_the_configuration_that_is_there(disk: Path, left: int) -> None:
    sample = (ROOT / "config.toml").read_bytes()
    (disk / "config.toml").write_bytes(sample)
    fill(disk, left)
    done = ran("init", "--dir", disk, "--replace", "--site", "xa-a")
    assert (done.returncode, done.stderr.count("\n"), "đĩa đầy" in done.stderr) == (1, 1, True)
    assert (disk / "config.toml").read_bytes() == sample


def test_the_report_that_was_there_is_not_cut(disk: Path) -> None:
    report = disk / "bao-cao.json"
    report.write_bytes(b"before")
    fill(disk, 0)
    with pytest.raises(Refusal, match="không ghi được"):
        write(report, b"x" * 8192)
    assert report.read_bytes() == b"before"
    assert sorted(path.name for path in disk.iterdir()) == ["bao-cao.json", "day"]


def test_a_report_goes_to_a_pipe_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong")
    with subprocess.Popen(["cat", tmp_path / "ong"], stdout=subprocess.PIPE) as reader:
        write(tmp_path / "ong", b"bao cao")
        assert reader.communicate(timeout=60)[0] == b"bao cao"


def test_init_leaves_the_configuration_to_the_group_of_the_services(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_bytes((ROOT / "config.toml").read_bytes())
    config.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(config, 0, 54_321)
    gid = config.stat().st_gid
    assert ran("init", "--dir", tmp_path, "--replace", "--site", "xa-a").returncode == 0
    assert (config.stat().st_gid, config.stat().st_mode & 0o777) == (gid, 0o640)
