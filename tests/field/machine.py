"""A whole Debian 12 with systemd as its first process, in a folder: made by debootstrap once, copied for each run, booted under systemd-nspawn (root)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.lab import LabError, until

CACHE = Path.home() / ".cache/vonggac-test"
# What the package depends on, what boots, and what install.sh verifies with: nothing of the program's own.
PACKAGES = "systemd,systemd-sysv,dbus,iproute2,python3,libudev1,libgcc-s1,init-system-helpers,openssl"
BOOT = 60.0
HOLD = Path(__file__).parent / "hold.py"


def base() -> Path:
    """The pristine root, made with debootstrap the first time (about a minute; Debian's archive is needed for it)."""
    made = CACHE / "bookworm-field"
    if not made.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix="bookworm-", dir=CACHE))
        try:
            subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", half], check=True, stdout=subprocess.DEVNULL, timeout=900)
            # What happened is still told after a power cut.
            (half / "var/log/journal").mkdir(parents=True, exist_ok=True)
            # mkdtemp is its maker's alone; the services' users walk in from here.
            half.chmod(0o755)
            half.rename(made)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
    return made


class Machine:
    """One machine. `leader` is its first process while it runs: what enters its namespaces needs it (see `Space` of the laboratory)."""

    def __init__(self, folder: Path) -> None:
        """A copy of the pristine root in `folder`."""
        self.root = folder / "machine"
        subprocess.run(["cp", "-a", "--reflink=auto", base(), self.root], check=True)
        self.interfaces: list[str] = []
        self._log = folder / "console.log"
        self._nspawn: subprocess.Popen[bytes] | None = None
        self.pid = 0

    def alone(self, *argv: str | Path, timeout: float = 300) -> str:
        """A command in the machine while it is off, /proc there as package scripts want it; its output. LabError with its last words."""
        return _ran(["systemd-nspawn", "-q", "-D", str(self.root), "--private-network", "--register=no", "--keep-unit", "--pipe", *argv], timeout)

    def boot(self) -> None:
        """Switched on; waits until all that starts by itself has started, or failed to."""
        argv = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "-q", "-bD", str(self.root), "--private-network", "--register=no", "--keep-unit"]
        with self._log.open("ab") as log:
            self._nspawn = subprocess.Popen([*argv, "--console=pipe"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.started()

    def started(self) -> None:
        """Waits until it runs, as after a reboot."""
        self.interfaces.clear()
        until(self._find_leader, "its first process", BOOT)
        until(self._reachable, "its systemd", BOOT)

    def _find_leader(self) -> bool:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise LabError(f"the machine ended: {self._log.read_text(errors='replace')[-2000:]}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        found = [int(child) for child in children if _comm(child) == "systemd" and int(child) != self.pid]
        self.pid = found[0] if found else self.pid
        return bool(found)

    def _reachable(self) -> bool:
        with contextlib.suppress(LabError):
            # Its exit status is no error of ours.
            return self.run("sh", "-c", "systemctl is-system-running || true").strip() in {"running", "degraded"}
        return False

    def run(self, *argv: str | Path, timeout: float = 120) -> str:
        """A command in the running machine; its output. LabError with its last words."""
        return _ran(["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", *argv], timeout)

    def shell(self, script: str) -> str:
        """For the laboratory's cables: our own tools, its network."""
        return _ran(["nsenter", "-t", str(self.pid), "-n", "sh", "-ec", script], 60)

    def property(self, unit: str, name: str) -> str:
        """One word of systemd's about a unit."""
        return self.run("systemctl", "show", "--value", "--property", name, unit).strip()

    def main_pid(self, unit: str) -> int:
        """The unit's process as the outside counts, 0 for none."""
        inside = self.property(unit, "MainPID")
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                line = next((line for line in status.read_text().splitlines() if line.startswith("NSpid:")), "")
                if line.split()[2:3] == [inside] and os.readlink(f"/proc/{status.parent.name}/ns/pid") == os.readlink(f"/proc/{self.pid}/ns/pid"):
                    return int(status.parent.name)
        return 0

    def said(self, unit: str) -> str:
        """The unit's journal, all boots."""
        return self.run("journalctl", "--no-pager", "-o", "cat", "-u", unit)

    def reboot(self) -> None:
        """systemctl reboot, as a person does. Kept in our unit, nspawn ends with 133 for who started it to start it again."""
        assert self._nspawn is not None
        with contextlib.suppress(LabError):
            self.run("systemctl", "reboot")
        assert self._nspawn.wait(BOOT) == 133
        self.boot()

    def cut_power(self) -> None:
        """The plug is pulled: every process is gone at once, nothing is put away."""
        assert self._nspawn is not None
        os.kill(self.pid, signal.SIGKILL)
        self._nspawn.kill()
        self._nspawn.wait(30)
        self._nspawn = None

    def close(self) -> None:
        """Nothing of it runs any more."""
        if self._nspawn is not None:
            self.cut_power()


@contextlib.contextmanager
def held(pid: int) -> Iterator[None]:
    """All threads but the first stand still."""
    threads = sorted(path.name for path in Path(f"/proc/{pid}/task").iterdir() if path.name != str(pid))
    with subprocess.Popen([sys.executable, HOLD, *threads], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.kill()


def _comm(pid: str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def _ran(argv: Sequence[str | Path], timeout: float) -> str:
    done = subprocess.run(
        [str(word) for word in argv], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=timeout, check=False
    )
    if done.returncode:
        raise LabError(f"{argv[-1]} ended with {done.returncode}: {done.stderr[-2000:] or done.stdout[-2000:]}")
    return done.stdout
