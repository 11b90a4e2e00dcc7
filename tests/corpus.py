"""The outside corpus (real captures and pages that may not be committed here), and the one rule about its absence.

`VONGGAC_CORPUS` names a folder with `pcaps/` and `webcorpus/`. A test that reads it carries `@pytest.mark.corpus`. Without the variable
those tests are left out, with one line that says so; under CI that is a failure, since nobody would miss them. Loaded by conftest.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "VONGGAC_CORPUS"
LAB = Path(__file__).parent / "cases" / "lab"

_left_out = pytest.StashKey[int]()


def root() -> Path | None:
    """The corpus folder; None where nobody named one."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def captures() -> list[Path]:
    """Every outside capture, sorted; none without a corpus (for parametrize: such a test is left out anyway)."""
    folder = root()
    return sorted(path for path in (folder / "pcaps").iterdir() if path.suffix in {".pcap", ".pcapng", ".cap"}) if folder else []


def capture(name: str) -> Path:
    """One outside capture by its file name; only for tests marked `corpus`."""
    folder = root()
    assert folder is not None, f"{VARIABLE} is not set: mark the test with @pytest.mark.corpus"
    return folder / "pcaps" / name


def lab_captures() -> list[Path]:
    """Every capture of our own laboratory, which is part of the checkout."""
    return sorted(LAB.glob("*/capture.pcap"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("corpus")]
    folder = root()
    if not marked or (folder is not None and (folder / "pcaps").is_dir()):
        return
    if folder is not None:
        raise pytest.UsageError(f"{VARIABLE}={folder} holds no pcaps/")
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{len(marked)} tests read the outside corpus: CI must set {VARIABLE}")
    items[:] = [item for item in items if item not in marked]
    config.hook.pytest_deselected(items=marked)
    config.stash[_left_out] = len(marked)


def pytest_report_collectionfinish(config: pytest.Config) -> str:
    count = config.stash.get(_left_out, 0)
    return f"{count} tests that read the outside corpus are left out: set {VARIABLE} to its folder to run them" if count else ""
