"""A bus of made-up USB devices, and what runs on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Bench:
    """The bus and the sensor, and what it told so far."""

    def __init__(self, child: subprocess.Popen) -> None:
        self._child = child

    def order(self, **what) -> None:
        self._child.stdin.write(json.dumps(what) + "\n")
        self._child.stdin.flush()

    def start(self) -> None:
        self.order(start=[sys.executable, str(HERE / "listen.py")])

    def line(self) -> str:
        """The next line of what was started, waited for; a bus that ended is a fault."""
        line = self._child.stdout.readline()
        assert line, "the sensor ended"
        return line

    def next(self) -> dict:
        """The next fact."""
        return json.loads(self.line())


@pytest.fixture
def bench() -> Iterator[Bench]:
    world = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        ["umockdev-wrapper", "/usr/bin/python3", str(HERE / "testbed.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=world, cwd=ROOT
    )
    yield Bench(child)
    child.stdin.close()
    child.wait(20)
    child.stdout.close()
