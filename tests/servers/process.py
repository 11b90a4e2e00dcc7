"""Real servers as child processes: started in a session of their own, awaited, stopped by pid."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.1
STOP_SECONDS = 20.0


class ServerFailed(RuntimeError):
    """A server that did not start, with what it said last."""


class ServerMissing(RuntimeError):
    """A server that this machine does not have; the text says what to run."""


class ServerProcess:
    """One server program, its output in `log`; as another `user` where given (root only)."""

    def __init__(
        self,
        argv: Sequence[str],
        log: Path,
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self._argv = list(argv)
        self._log = log
        self._folder = folder
        self._env = dict(env) if env is not None else None
        self._user = user
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id (also its process group) while the server runs, else None."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def start(self) -> None:
        """Start the program; ServerFailed when it is still running."""
        if self.pid is not None:
            raise ServerFailed(f"{self._argv[0]} runs already, as {self.pid}")
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._argv,
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._user,
                extra_groups=[] if self._user is not None else None,
            )

    def until(self, ready: Callable[[], bool], seconds: float) -> float:
        """Poll `ready`; seconds it took. ServerFailed, the server stopped, when it dies or takes longer."""
        began = time.monotonic()
        while not ready():
            if self.pid is None or time.monotonic() - began > seconds:
                fate = "died" if self.pid is None else f"was not ready in {seconds:.0f} s"
                self.kill()
                raise ServerFailed(f"{self._argv[0]} {fate}; its last words:\n{self.last_words()}")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - began

    def last_words(self, lines: int = 15) -> str:
        """The end of what the server wrote."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, pid: int | None = None, seconds: float = STOP_SECONDS) -> None:
        """SIGTERM to `pid` (else to the child), then SIGKILL to the whole group after `seconds`."""
        if self._child is None or self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.kill(pid or self._child.pid, signal.SIGTERM)
            self._child.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole group, as a power cut would; nothing to do when it is gone."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()


class LoopbackServer:
    """A server with a folder of its own. As a context it starts on entry; on exit nothing of it is left."""

    def __init__(self, name: str, ready_seconds: float) -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="vonggac-test-"))
        self._ready_seconds = ready_seconds

    @property
    def pid(self) -> int | None:
        """Process id while the server runs, else None."""
        return self._process.pid

    def start(self) -> float:
        """Start and wait until it is ready; seconds it took, printed too."""
        self.launch()
        return self.await_ready()

    def launch(self) -> None:
        """Start it and go on."""
        self._process.start()

    def await_ready(self) -> float:
        """Wait until it is ready; seconds it took, printed too."""
        took = self._process.until(self._ready, self._ready_seconds)
        print(f"{self.name} ready in {took:.1f} s", file=sys.stderr)
        return took

    def stop(self) -> None:
        """Orderly stop; data and port stay."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL, as a power cut; data and port stay."""
        self._process.kill()

    def restart(self) -> float:
        """Stop, and start on the same data and port; seconds the start took."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """Stop for good and remove everything it wrote."""
        self.stop()
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _process(self) -> ServerProcess:
        raise NotImplementedError

    def _ready(self) -> bool:
        raise NotImplementedError


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
