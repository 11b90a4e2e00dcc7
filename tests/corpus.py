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


def pytest_configure(config: pytest.Config) -> None:
    # Here and not when tests are collected: where several processes run the tests, what one of them says then is not shown.
    folder = root()
    if folder is not None and not (folder / "pcaps").is_dir():
        raise pytest.UsageError(f"{VARIABLE}={folder} holds no pcaps/")
    if folder is None and os.environ.get("CI"):
        raise pytest.UsageError(f"some tests read the outside corpus: CI must set {VARIABLE}")


def pytest_report_header() -> str:
    return "" if root() else f"tests that read the outside corpus are left out: set {VARIABLE} to its folder to run them"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [] if root() else [item for item in items if item.get_closest_marker("corpus")]
    if marked:
        items[:] = [item for item in items if item not in marked]
        config.hook.pytest_deselected(items=marked)
