"""One target under atheris, guided by coverage, in a process of its own: `python tests/fuzz/one.py NAME [libFuzzer's options and folders]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["model", "collector", "csv", "tarfile", "tomllib", "plistlib", "gzip"], enable_loader_override=False):
    from tests.fuzz import targets

    TARGET = targets.Target(sys.argv.pop(1))


def attempt(data: bytes) -> None:
    """One input; too slow a one is a failure too."""
    began = time.process_time()
    TARGET.fuzz_one(data)
    took = time.process_time() - began
    assert took < targets.MOST_SECONDS, f"{took:.1f} s for {len(data)} bytes"


if __name__ == "__main__":
    atheris.Setup(sys.argv, lambda data: attempt(bytes(data)))
    atheris.Fuzz()
