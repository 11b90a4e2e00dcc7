"""What may run beside what when the tests run in several processes (pytest -n 2 --dist loadgroup). Loaded by conftest.py.

A file's tests stay together, for they share what the file sets up; so do all files that ask for the same costly server, so that it is started once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

# Session fixtures that take many seconds or much memory to set up.
COSTLY = ("elasticsearch", "secured_elasticsearch", "internet")
# What starts servers or a laboratory mostly waits: begun first, none of it is left over for the end, when only one process has work.
WAITS = ("root", "servers")


def pytest_configure() -> None:
    # Readline tells pytest's children the width of a terminal, which then is what tables are cut to. Whoever has it in his own environment has the same.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    groups = grouped(items, config.rootpath)
    waiting = {groups[item.path] for item in items if any(map(item.get_closest_marker, WAITS))}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups[item.path]))
    items.sort(key=lambda item: groups[item.path] not in waiting)


def grouped(items: Sequence[pytest.Item], root: Path) -> dict[Path, str]:
    """The group of each test file: the costly server that one of its tests asks for, else the file alone."""
    shared = {item.path: name for item in items for name in COSTLY if name in getattr(item, "fixturenames", ())}
    return {item.path: shared.get(item.path, str(item.path.relative_to(root))) for item in items}
