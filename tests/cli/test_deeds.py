"""What commands leave in the audit log when they do not end as they should: nothing that was perhaps done is missing from it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from collector.cli.deeds import noted
from collector.config import load
from collector.refusal import ConfigError
from exporters.console.users import UsersError
from tests.system.program import PATIENCE, Box

KILLED = """
import os, sys
from pathlib import Path
from collector.cli.deeds import noted
from collector.config import load
with noted(load(Path(sys.argv[1])), "letters_purge", ["soc 1/1: a"], "trùng"):
    print("under way", flush=True)
    sys.stdin.read()
"""


def outcomes(box: Box) -> list[tuple[str, str]]:
    return [(line["about"], line["outcome"]) for line in box.lines("audit", "list")]


def test_each_of_many_is_noted_before_and_after(box: Box) -> None:
    with noted(load(box.config), "letters_purge", ["soc 2/3: a, b", "soc 1/3: c"]):
        assert outcomes(box) == [("soc 2/3: a, b", "begun"), ("soc 1/3: c", "begun")]
    assert outcomes(box)[2:] == [("soc 2/3: a, b", "done"), ("soc 1/3: c", "done")]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (UsersError("đã có người tên này", "there is one of that name"), "đã có người tên này"),
        (ConnectionResetError("mất kết nối"), "mất kết nối"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_breaks_off_is_noted_with_the_reason_and_raised(box: Box, raised: BaseException, said: str) -> None:
    with pytest.raises(type(raised)), noted(load(box.config), "user_add", ["lan"]):
        raise raised
    assert outcomes(box) == [("lan", "begun"), ("lan", said)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP], ids=["killed", "the terminal is closed"])
def test_a_command_that_is_killed_has_left_its_first_line(box: Box, number: signal.Signals) -> None:
    command = [sys.executable, "-c", KILLED, str(box.config)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "under way\n"
        child.send_signal(number)
        assert child.wait(PATIENCE) == -number
    assert outcomes(box) == [("soc 1/1: a", "begun")]


def spoil(box: Box) -> None:
    trail = box.folder / "state" / "page-audit.jsonl"
    trail.unlink()
    trail.mkdir()


def refuse_meanwhile(box: Box) -> None:
    spoil(box)
    raise UsersError("không được", "no")


def test_a_log_that_cannot_be_written_any_more_does_not_hide_why_the_command_failed(box: Box) -> None:
    with pytest.raises(UsersError, match="no"), noted(load(box.config), "user_add", ["lan"]):
        refuse_meanwhile(box)


def test_a_deed_whose_second_line_cannot_be_written_is_told(box: Box) -> None:
    with pytest.raises(ConfigError, match="Không ghi được sổ thao tác"), noted(load(box.config), "user_add", ["lan"]):
        spoil(box)
