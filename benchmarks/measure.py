"""How the benchmarks measure: whole processes by the kernel's own accounts, several runs in turn, figures as ratios of the same minutes."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One finished process: CPU (user and system) and wall time in seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Figure:
    """One thing measured: its values over the runs, the goal it is held to (at most), and the unit they are in.

    `held`: what was measured when a goal was missed; worse than that by more than noise is a step back. `why`: the reason in one sentence.
    """

    name: str
    values: Sequence[float]
    goal: float
    unit: str = ""
    held: float | None = None
    why: str = ""

    # The machine is shared: CPU figures of the same program differ by this much from hour to hour.
    NOISE = 1.15

    @property
    def median(self) -> float:
        """What is compared and quoted."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        """Whether the goal holds."""
        return self.median <= self.goal

    @property
    def worse(self) -> bool:
        """Whether it is worse than what is on record, by more than noise."""
        return self.median > max(self.goal, self.held or 0) * (self.NOISE if self.goal else 1)

    def cells(self) -> tuple[str, str, str, str]:
        """Name, minimum / median / maximum, goal, verdict."""
        low, high = min(self.values), max(self.values)
        measured = f"{low:.3g} / **{self.median:.3g}** / {high:.3g}{self.unit}" if len(self.values) > 1 else f"**{self.median:.3g}**{self.unit}"
        return self.name, measured, f"≤ {self.goal:g}{self.unit}", "holds" if self.met else f"missed: {self.why or 'see below'}"


def run(argv: Sequence[str | Path], output: Path | None = None) -> Run:
    """Runs a program to its end, its output thrown away or written to a file. Raises RuntimeError when it fails."""
    began = time.monotonic()
    target = os.open(output or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    quiet = [(os.POSIX_SPAWN_DUP2, target, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawnp(str(argv[0]), [str(word) for word in argv], os.environ, file_actions=quiet)
    os.close(target)
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{argv[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return Run(used.ru_utime + used.ru_stime, time.monotonic() - began)


def most_memory(argv: Sequence[str | Path]) -> int:
    """The most memory a program held, bytes. By a small program in between: the kernel counts what the starting one held until then as well."""
    done_by = "p = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ); print(os.wait4(p, 0)[2].ru_maxrss, file=sys.stderr)"
    script = f"import os, sys; os.dup2(os.open(os.devnull, os.O_WRONLY), 1); {done_by}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script, *map(str, argv)], capture_output=True, text=True, check=True)
    return int(done.stderr.split()[-1]) * 1024


def in_turn(commands: Sequence[Sequence[str | Path]], runs: int) -> list[list[Run]]:
    """Each command's runs, taken in turn (A B C A B C) so that all share what the machine was doing; a first turn is not counted."""
    turns = [[run(command) for command in commands] for _ in range(runs + 1)]
    return [list(column) for column in zip(*turns[1:], strict=True)]


def ratios(ours: Sequence[Run], theirs: Sequence[Run]) -> list[float]:
    """CPU against CPU, pair by pair."""
    return [one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True)]


def cpu_of(process: int) -> float:
    """CPU seconds a living process has used, all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(process: int) -> int:
    """Bytes of memory a living process holds (resident set)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine() -> str:
    """What it was measured on, in one line."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "unknown CPU")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
