"""One target under atheris, guided by coverage, in a process of its own: `python tests/fuzz/one.py NAME [libFuzzer's options and folders]`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["model", "collector", "csv", "tarfile", "tomllib", "plistlib", "gzip"], enable_loader_override=False):
    from tests.fuzz import targets

    TARGET = targets.Target(sys.argv.pop(1))


if __name__ == "__main__":
    atheris.Setup(sys.argv, lambda data: TARGET.fuzz_one(bytes(data)))
    atheris.Fuzz()
