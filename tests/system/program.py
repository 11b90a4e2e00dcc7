"""The installed program as its user runs it: a box's folder, and `vonggac` as a child process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.lab import LabError, Process, Space
from tests.system.ready import fit, forked

VONGGAC = Path(sys.executable).parent / "vonggac"
# A sink that tells each change at once and by itself: what a test counts message by message.
ONE_BY_ONE = 'group_over = 1000\ngroup_wait = "0s"\nstorm_over = 10000\n'
# Root without any capability: the program may lie where nobody else can reach, yet must work without rights.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--") if os.geteuid() == 0 else ()
PAGE = re.compile(r"http://127\.0\.0\.1:\d+/")
# Two busy cores start the program in a few seconds; this only bounds a test that would otherwise hang.
PATIENCE = 60.0


@dataclass
class Box:
    """A folder with config.toml and declared data; everything the program writes stays in it."""

    folder: Path
    tables: list[str] = field(default_factory=list)
    language: str = "vi"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def write(self, *tables: str) -> Box:
        """Writes config.toml: these tables, a free port for the page unless they name one."""
        web = "" if any("[web]" in table for table in tables) else "[web]\nport = 0\nmetrics_port = 0\n"
        self.config.write_text(f'language = "{self.language}"\n{web}' + "\n".join(tables))
        return self

    def site(self, code: str = "diem-1", legs: Sequence[str] | None = None, more: str = "", folder: str = "") -> Box:
        """Declares a site; with a `folder` of its own it is one of several."""
        place = self.folder / "declared" / folder
        place.mkdir(parents=True, exist_ok=True)
        named = "" if legs is None else f"legs = {json.dumps(list(legs))}\n"
        (place / "site.toml").write_text(f'site = "{code}"\n{named}{more}')
        return self

    def ask(self, *arguments: str | Path, status: int = 0) -> str:
        """A command with this configuration to its end; what it printed."""
        done = ran(*arguments, "--config", self.config)
        assert done.returncode == status, done
        return done.stdout

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """A command's JSON lines."""
        return [json.loads(line) for line in self.ask(*arguments, "--format", "json").splitlines()]

    def findings(self, detector: str = "VG-NET-02") -> list[dict[str, Any]]:
        """Findings of one detector as they stand."""
        return [line for line in self.lines("findings", "list") if line["detector"] == detector]


def until(holds: Callable[[], bool], what: str, timeout: float = PATIENCE) -> None:
    """Waits till `holds()` is true, asking a few times a second: each question here is a child process or a request. LabError after `timeout`."""
    end = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > end:
            raise LabError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(0.2)


def ran(*arguments: str | Path, rights: bool = True, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command to its end; without `rights` it has no capability. Forked where nothing tells that from a start (tests/system/test_ready.py)."""
    if rights and not env and fit():
        return forked([*map(str, arguments)], cwd or Path.cwd(), PATIENCE)
    return subprocess.run(
        [*(() if rights else WITHOUT_RIGHTS), VONGGAC, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        cwd=cwd,
        env={**os.environ, **(env or {})},
    )


def started(box: Box, command: str, *more: str, space: Space | None = None, rights: bool = True) -> Process:
    """A service of a box, in a space of the laboratory if one is given. It is for the caller to end it: see `running`."""
    argv = [str(VONGGAC), command, *more, "--config", str(box.config)]
    if space is not None:
        return space.popen(argv)
    return spawned(argv, box.folder / f"{command}.log", rights=rights)


def spawned(argv: Sequence[str], log: Path, *, rights: bool = True, env: Mapping[str, str] | None = None) -> Process:
    """A program in a session of its own."""
    with log.open("ab") as out:
        popen = subprocess.Popen(
            [*(() if rights else WITHOUT_RIGHTS), *argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(env or {})},
        )
    return Process(log.stem, popen, log)


@contextlib.contextmanager
def running(box: Box, command: str, *more: str, space: Space | None = None, rights: bool = True) -> Iterator[Process]:
    """The same, ended with the block; a service that said a traceback fails the test."""
    process = started(box, command, *more, space=space, rights=rights)
    try:
        yield process
    finally:
        process.stop()
    assert "Traceback" not in process.said(), process.said()


def address(process: Process) -> str:
    """The page's address, as the program prints it."""
    until(lambda: PAGE.search(process.said()) is not None or process.popen.poll() is not None, "the page's address", PATIENCE)
    found = PAGE.search(process.said())
    assert found, process.said()
    return found[0]


def fetched(url: str) -> str:
    """One page's text."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        text: str = answer.read().decode()
        return text


def ended(process: Process, how: signal.Signals = signal.SIGTERM) -> int:
    """Told to stop, and waited for by itself: nothing is killed. Its exit status."""
    process.popen.send_signal(how)
    return process.wait(PATIENCE)
