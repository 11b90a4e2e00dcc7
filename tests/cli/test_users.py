"""`vonggac users` and `vonggac audit` as the officer gives them."""

from __future__ import annotations

import json
import logging
import os
import pty
import subprocess
import time
from pathlib import Path

import pytest

from collector.trail import FileTrail
from tests.system.program import VONGGAC, Box, ran

SECRET = "một câu dài dễ nhớ"


@pytest.fixture
def secret(box: Box) -> Path:
    path = box.folder / "mat-khau"
    path.write_text(SECRET + "\ndòng sau không phải mật khẩu\n")
    path.chmod(0o600)
    return path


def refused(box: Box, *arguments: str | Path, status: int = 1) -> str:
    done = ran("users", *arguments, "--config", box.config)
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_users_from_the_first_to_the_trail(box: Box, secret: Path) -> None:
    box.ask("users", "add", "minh", "--role", "administrator", "--password-file", secret)
    box.ask("users", "add", "lan", "--role", "viewer", "--password-file", secret)
    box.ask("users", "role", "lan", "analyst")
    assert box.lines("users", "list") == [
        {"name": "lan", "role": "analyst", "disabled": False, "must_change": True},
        {"name": "minh", "role": "administrator", "disabled": False, "must_change": True},
    ]
    trail = box.lines("audit", "list")
    assert [line["outcome"] for line in trail] == ["begun", "done"] * 3
    assert [(line["deed"], line["about"], line["why"]) for line in trail[::2]] == [
        ("user_add", "minh", "administrator"),
        ("user_add", "lan", "viewer"),
        ("user_role", "lan", "analyst"),
    ]
    assert {line["by"].partition(":")[0] for line in trail} == {"os"}
    state = box.folder / "state"
    assert {path.name: path.stat().st_mode & 0o777 for path in state.iterdir()} == {"users.json": 0o600, "page-audit.jsonl": 0o600}
    assert all("một câu" not in path.read_text() for path in state.iterdir())
    lines = (state / "page-audit.jsonl").read_text().splitlines()
    (state / "page-audit.jsonl").write_text("\n".join([*lines[:1], *lines[2:]]) + "\n")
    done = ran("audit", "list", "--config", box.config)
    assert (done.returncode, "dòng 2 không nối tiếp" in done.stderr) == (1, True)


@pytest.mark.parametrize("left", [None, ""])
def test_a_trail_that_is_gone_is_not_called_empty(box: Box, secret: Path, left: str | None) -> None:
    assert ran("audit", "list", "--config", box.config).returncode == 0
    box.ask("users", "add", "minh", "--role", "administrator", "--password-file", secret)
    trail = box.folder / "state" / "page-audit.jsonl"
    trail.unlink()
    if left is not None:
        trail.write_text(left)
    done = ran("audit", "list", "--config", box.config)
    assert (done.returncode, "bị xóa" in done.stderr, done.stderr.count("\n")) == (1, True, 1)


def test_lines_cut_off_the_end_show_against_the_services_log(box: Box, secret: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As the service with the page writes both: the trail, and a log that is systemd's."""
    trail, log = box.folder / "state" / "page-audit.jsonl", box.folder / "log"
    trail.parent.mkdir()
    with caplog.at_level(logging.INFO):
        for name in ("lan", "minh", "hoa"):
            FileTrail(trail, time.time_ns).note("login", by=name)
    log.write_text("".join(f"{record.levelname} {record.name}: {record.getMessage()}\n" for record in caplog.records))
    assert ran("audit", "list", "--log", log, "--config", box.config).returncode == 0
    lines = trail.read_text().splitlines()
    trail.write_text("\n".join(lines[:2]) + "\n")
    assert ran("audit", "list", "--config", box.config).returncode == 0, "the chain alone does not show it"
    done = ran("audit", "list", "--log", log, "--config", box.config)
    assert (done.returncode, "mất 1 dòng" in done.stderr) == (1, True)
    # Nor does it help to write something else there.
    box.ask("users", "add", "nam", "--role", "viewer", "--password-file", secret)
    assert ran("audit", "list", "--log", log, "--config", box.config).returncode == 1
    (box.folder / "empty").write_text("INFO web: trang đang chạy\n")
    done = ran("audit", "list", "--log", box.folder / "empty", "--config", box.config)
    assert (done.returncode, "journalctl -u vonggac-web" in done.stderr) == (1, True)


def test_what_is_refused_is_one_sentence(box: Box, secret: Path) -> None:
    assert "--password-file" in refused(box, "add", "minh", "--role", "viewer", status=2)
    box.ask("users", "add", "minh", "--role", "administrator", "--password-file", secret)
    assert "người quản trị cuối cùng" in refused(box, "role", "minh", "viewer")
    secret.chmod(0o644)
    assert "chmod 600" in refused(box, "password", "minh", "--password-file", secret)
    (box.folder / "state/users.json").chmod(0o644)
    assert "chmod 600" in refused(box, "list")


def test_the_password_is_asked_for_twice_and_never_shown(box: Box) -> None:
    master, slave = pty.openpty()
    command = [str(VONGGAC), "users", "add", "minh", "--role", "administrator", "--config", str(box.config)]
    child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    said = b""
    for prompt in ("Mật khẩu: ", "Nhập lại: "):
        while prompt.encode() not in said:
            said += os.read(master, 1024)
        os.write(master, f"{SECRET}\n".encode())
    while True:
        try:
            more = os.read(master, 1024)
        except OSError:  # how a closed terminal ends
            break
        if not more:
            break
        said += more
    os.close(master)
    assert child.wait(60) == 0, said.decode()
    assert "Đã thêm minh" in said.decode()
    assert SECRET not in said.decode()
    assert [json.loads(line)["name"] for line in ran("users", "list", "--format", "json", "--config", box.config).stdout.splitlines()] == ["minh"]
