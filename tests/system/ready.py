"""A Python that has the libraries loaded and forks a `vonggac` for whoever asks: loading them is most of a start, and tests start hundreds.

What others wrote and the configuration's models are loaded beforehand; the rest of the program is imported by each child, as by a real start.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
LOADED = ("pydantic", "msgspec", "typer", "aiohttp.web", "cryptography.x509", "jinja2", "collector.config")
# Python reads its environment as it starts, so that it must be the same. A terminal's width is taken out of it before tests run (tests/workers.py).
_NOT_OURS = ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_VERSION")
ENVIRON = {name: value for name, value in os.environ.items() if name not in (*_NOT_OURS, "COLUMNS", "LINES")}
_START = """\
import sys
from tests.system.ready import child
if child(sys.argv[1]):
    from collector.cli import main
    sys.exit(main())
"""
# A request is one message: a few names of files and words.
_MOST = 1 << 17
_NEW_NETWORK = 0x4000_0000


def fit() -> bool:
    """Whether a child would have the environment that a real start would have now."""
    return {name: value for name, value in os.environ.items() if name not in _NOT_OURS} == ENVIRON


def forked(argv: Sequence[str], cwd: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    """A command to its end, in this thread's network namespace. Raises TimeoutExpired."""
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        open("/proc/thread-self/ns/net") as network,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking,
    ):
        asking.settimeout(timeout)
        asking.connect(_parent())
        socket.send_fds(asking, [json.dumps([str(cwd), *argv]).encode()], [each.fileno() for each in (out, err, network)])
        pid = int(asking.recv(16))
        try:
            status = int(asking.recv(16))
        except TimeoutError as error:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(argv, timeout) from error
        return subprocess.CompletedProcess(argv, status, _read(out), _read(err))


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


@cache
def _parent() -> str:
    """The socket of the Python that forks for this process; it ends with it."""
    folder = tempfile.TemporaryDirectory(prefix="vonggac-ready-")
    path = f"{folder.name}/socket"
    argv = [sys.executable, "-c", _START, path]
    popen = subprocess.Popen(argv, cwd=ROOT, env=ENVIRON, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end() -> None:
        popen.communicate(timeout=10)
        folder.cleanup()

    atexit.register(end)
    assert popen.stdout is not None
    assert popen.stdout.readline() == b"ready\n"
    return path


def child(path: str) -> bool:
    """Forks for whoever asks at this socket: true in each child, false in the parent once its standard input ends."""
    for name in LOADED:
        import_module(name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, selectors.DefaultSelector() as events:
        listener.bind(path)
        listener.listen(64)
        events.register(sys.stdin, selectors.EVENT_READ)
        events.register(listener, selectors.EVENT_READ)
        print("ready", flush=True)
        while True:
            for key, _ in events.select():
                if key.fileobj is sys.stdin:
                    return False
                if key.fileobj is not listener:
                    _ended(key, events)
                elif _began(listener, events):
                    return True


def _began(listener: socket.socket, events: selectors.BaseSelector) -> bool:
    """Forks for one who asks: true in the child."""
    asker, _ = listener.accept()
    said, given, _, _ = socket.recv_fds(asker, _MOST, 3)
    pid = os.fork()
    if pid == 0:
        asker.close()
        _become(json.loads(said), given)
        return True
    for each in given:
        os.close(each)
    asker.send(str(pid).encode())
    events.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, asker))
    return False


def _ended(key: selectors.SelectorKey, events: selectors.BaseSelector) -> None:
    pid, asker = key.data
    events.unregister(key.fd)
    os.close(key.fd)
    # Who asked may have given up.
    with asker, contextlib.suppress(BrokenPipeError):
        asker.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def _become(asked: list[str], given: Sequence[int]) -> None:
    """Takes on what was asked for: words, place, outputs, network."""
    out, err, network = given
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    here = os.path.samestat(os.fstat(network), os.stat("/proc/self/ns/net"))
    if not here and ctypes.CDLL(None, use_errno=True).setns(network, _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter the network namespace")
    for each in given:
        os.close(each)
    os.chdir(asked[0])
    program = Path(sys.executable).parent / "vonggac"
    sys.path[0], sys.argv[:] = str(program.parent), [str(program), *asked[1:]]
