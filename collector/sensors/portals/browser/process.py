"""The browser as a process group: started with nothing, watched for memory, ended for good."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from collector.sensors.portals.browser.chromium import PROXY_PORT, program, switches
from model.text import Text, shown

NOBODY = 65534
START_SECONDS = 20.0
STOP_SECONDS = 5.0
_LAUNCH = Path(__file__).with_name("launch.py")
_PROC = Path("/proc")


class BrowserFailed(Exception):
    """Chromium did not start; `text` is one sentence with what it said last."""

    def __init__(self, said: str) -> None:
        said = shown(said or "?", 200)
        self.text = Text(
            f"Không khởi động được trình duyệt Chromium: {said}",
            f"Chromium did not start: {said}",
        )
        super().__init__(self.text.en)


class Child:
    """One browser. After `start`: `listener` is the only socket that it can reach."""

    def __init__(self, path: str = "", uid: int = NOBODY) -> None:
        """`uid`: who the browser is when we are root; otherwise it is who we are. Raises BrowserMissing."""
        self._program = program(path)
        self._uid = uid if os.geteuid() == 0 else 0
        self._home = ""
        self._process: Process | None = None
        self._pipes: tuple[int, ...] = ()
        self.listener: socket.socket | None = None

    @property
    def pid(self) -> int:
        """Process id, also the process group's; 0 before the start."""
        return self._process.pid if self._process is not None else 0

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Starts it. Raises BrowserFailed; then nothing is left of it."""
        self._home = await asyncio.to_thread(_make_home, self._uid)
        try:
            await self._spawn()
        except BaseException:  # clean-up, raised again: no browser is left that nobody knows of
            await self.stop()
            raise

    def pipes(self) -> tuple[int, int]:
        """Descriptors to write commands to and to read answers from; from now on the caller's."""
        (commands, answers), self._pipes = self._pipes, ()
        return commands, answers

    async def stop(self) -> None:
        """Ends the whole group and removes what it wrote. May be called again."""
        if self._process is not None:
            self._kill()
            await self._process.wait()
            await self._emptied()
        if self.listener is not None:
            self.listener.close()
        for pipe in self._pipes:
            os.close(pipe)
        self._pipes = ()
        if self._home:
            await asyncio.to_thread(shutil.rmtree, self._home, True)
            self._home = ""

    def kill(self) -> None:
        """Ends the whole group at once; `stop` is still due."""
        self._kill()

    def memory(self) -> int:
        """Bytes of memory that are the group's own: private pages and what it shares by itself."""
        return sum(_own_memory(pid) for pid in self.members())

    def members(self) -> list[int]:
        """Processes of the browser that still run: its group, and the crash helper, which leaves the group but names our folder."""
        return members(self.pid, self._home) if self.pid else []

    def _kill(self) -> None:
        for pid in self.members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def _emptied(self) -> None:
        """Until no member runs; what was started while we counted is ended too."""
        for _ in range(int(STOP_SECONDS / 0.02)):
            if not self.members():
                return
            self._kill()
            await asyncio.sleep(0.02)

    async def _spawn(self) -> None:
        theirs, commands = os.pipe()
        answers, ours = os.pipe()
        self._pipes = commands, answers
        here, there = socket.socketpair()
        try:
            with here, there:
                await self._execute(theirs, ours, there)
                there.close()
                self.listener = await self._receive(here)
        finally:
            os.close(theirs)
            os.close(ours)

    async def _execute(self, commands: int, answers: int, channel: socket.socket) -> None:
        order = {
            "uid": self._uid,
            "port": PROXY_PORT,
            "handle": channel.fileno(),
            "commands": commands,
            "answers": answers,
            "home": self._home,
            "parent": os.getpid(),
            "argv": [str(self._program), *switches(self._home)],
        }
        with (Path(self._home) / "said").open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-S",
                str(_LAUNCH),
                json.dumps(order),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=said,
                env={},
                pass_fds=(commands, answers, channel.fileno()),
                start_new_session=True,
            )

    async def _receive(self, channel: socket.socket) -> socket.socket:
        # Not in a thread: one that is given up would take the handle with it.
        channel.setblocking(False)
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(channel, ready.set)
        try:
            async with asyncio.timeout(START_SECONDS):
                await ready.wait()
            _, handles, _, _ = socket.recv_fds(channel, 16, 1)
        except TimeoutError:
            handles = []
        finally:
            loop.remove_reader(channel)
        if not handles:
            raise BrowserFailed(self.last_words())
        listener = socket.socket(fileno=handles[0])
        listener.setblocking(False)
        return listener

    def last_words(self) -> str:
        """The last line it wrote, for people."""
        try:
            with (Path(self._home) / "said").open("rb") as said:
                said.seek(max(0, said.seek(0, os.SEEK_END) - 4096))
                lines = said.read().decode(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1][:300] if lines else ""


def members(group: int, home: str) -> list[int]:
    """Processes of group `group`, or with the folder `home` on their command line, that run (not those that only wait to be collected)."""
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit() and _belongs(entry, group, home.encode())]


def _belongs(entry: Path, group: int, home: bytes) -> bool:
    try:
        # The name in brackets may hold anything; what follows the last bracket is numbers.
        state, _, of = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[:3]
        return state not in "ZX" and (int(of) == group or (bool(home) and home in (entry / "cmdline").read_bytes()))
    except (OSError, ValueError):
        return False


def _own_memory(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text(errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def _make_home(uid: int) -> str:
    home = tempfile.mkdtemp(prefix="vonggac-browser-")
    if uid:
        os.chown(home, uid, uid)
    return home
