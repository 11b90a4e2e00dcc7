"""Who runs what where the tests run in several processes (pytest -n 3). Loaded by conftest.py.

Not by `--dist loadgroup`: with pytest 9.2 its marks are not heeded, silently (pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

import os

import pytest
from xdist.scheduler import LoadFileScheduling

# A file's tests stay together, for they share what the file sets up. So do these files: each of them asks for servers that take many seconds and much
# memory, and that one process starts once; the province's start a second one, for their work is as much again. tests/test_workers.py sees to it that
# none is missing.
TOGETHER = (
    (
        "tests/exporters/elastic/",
        "tests/observability/test_sigma_server.py",
        "tests/servers/test_elasticsearch.py",
        "tests/servers/test_fault_proxy.py",
        "tests/system/test_centre.py",
        "tests/system/test_elastic_run.py",
    ),
    ("tests/portals/test_cases.py", "tests/portals/test_lab.py"),
    ("tests/fleet/page/", "tests/province/"),
)
# What starts servers or a laboratory mostly waits: begun first, none of it is left over for the end, when only one process has work.
WAITS = ("root", "servers")


class ByFile(LoadFileScheduling):
    """Gives a process a file, or files that stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid.partition("::")[0])


def scope(file: str) -> str:
    """The name of what a file is run with."""
    return next((together[0] for together in TOGETHER if file.startswith(together)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


def pytest_configure() -> None:
    # Readline tells pytest's children the width of a terminal, which then is what tables are cut to. Whoever has it in his own environment has the same.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    waiting = {item.path for item in items if any(map(item.get_closest_marker, WAITS))}
    items.sort(key=lambda item: item.path not in waiting)
