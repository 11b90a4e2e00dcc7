"""The fuzz targets: one `fuzz_<name>.py` each, with `fuzz_one(data)` and `SEEDS`, and what must hold of every one of them.

`fuzz_one` hands the bytes to a reader of ours and returns. It raises where the reader raised anything but the errors its docstring names, or where what
came out breaks what the target says of it. An input takes at most `MOST_SECONDS`, and a process that tries one after the other `MOST_MIB` of memory.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests import corpus
from tests.decode.frames import read

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.py")))
# Inputs that once broke a reader, a folder a target. A new one is added by `run.py` finding it and a person moving it here.
REGRESSIONS = HERE / "regressions"
# Of the processor, in a process that counts every edge it passes, which takes it several times as long; a machine may be loaded, so a hang takes longer.
MOST_SECONDS = 5
HUNG_SECONDS = 60
MOST_MIB = 1536
# A datagram or a frame; readers of files and pages take more.
MOST_BYTES = 65_536
# What breaks readers of any kind by its shape alone: nesting, numbers, names and repetitions without an end.
EXTREMES = (
    b"",
    b"\xff" * 1500,
    b"\xc0\x0c" * 4000,
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b'{"x":' + b"[" * 60_000,
    b"a = " + b"[" * 60_000,
    b"a = " + b"9" * 5000,
    b'{"a":' + b"9" * 5000 + b"}",
    b"<a>" * 20_000,
    b"(" * 60_000,
    b"\n" * 60_000,
)
# Frames of one run of captures to begin with.
_MOST_FRAMES = 2_000


class Target:
    """One target: its function, and what is mutated."""

    def __init__(self, name: str) -> None:
        module = importlib.import_module(f"tests.fuzz.fuzz_{name}")
        self.name = name
        self.fuzz_one: Callable[[bytes], None] = module.fuzz_one
        self.seeds: Sequence[bytes] = module.SEEDS

    def trouble(self, data: bytes) -> str:
        """The trace of what did not hold; empty where all did."""
        try:
            self.fuzz_one(data)
        except Exception:  # noqa: BLE001 - any exception is the discovery
            return traceback.format_exc()
        return ""


@cache
def target(name: str) -> Target:
    """The target of this name."""
    return Target(name)


def regressions(name: str) -> list[Path]:
    """The inputs that once broke this target, sorted."""
    return sorted((REGRESSIONS / name).glob("*"))


def recorded(name: str) -> list[bytes]:
    """Beside the seeds, for long runs: the laboratory's frames and, where there is one, the outside corpus', for the target that takes whole frames."""
    if name != "frame":
        return []
    paths = [*corpus.lab_captures(), *(corpus.captures() if corpus.root() else [])]
    found = sorted({data for path in paths for _, _, data in read(path)})
    return found[:: max(1, len(found) // _MOST_FRAMES)]
