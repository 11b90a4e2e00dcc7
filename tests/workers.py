"""Who runs what where the tests run in several processes (pytest -n 3). Loaded by conftest.py.

Not by `--dist loadgroup`: with pytest 9.2 its marks are not heeded, silently (pytest-dev/pytest-xdist#1386).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).parents[1]

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
# What starts servers or a laboratory mostly waits. As many such files are under way as there are processes but one, which computes meanwhile: all of
# them begun first, every process would wait at once and the cores be idle; begun last, one would still be left with them when all else is done.
WAITS = re.compile(r"\bpytest\.mark\.(root|servers)\b")
# Of those, the ones that take a minute or more, begun before the others.
LONG = (*(together[0] for together in TOGETHER), "tests/system/test_portals.py", "tests/system/test_parity.py")


class ByFile(LoadFileScheduling):
    """Gives a process a file, or files that stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid.partition("::")[0])

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = [work for other, work in self.assigned_work.items() if other is not node]
        waiting = sum(any(waits(name) and not all(done.values()) for name, done in work.items()) for work in others)
        self.workqueue.move_to_end(following(self.workqueue, waiting=waiting < len(others)), last=False)
        super()._assign_work_unit(node)


def following(queue: Iterable[str], *, waiting: bool) -> str:
    """What of the queue is to be begun next: something that waits or something that computes, as long as there is any."""
    names = list(queue)
    wanted = [name for name in names if waits(name) is waiting] or names
    return next((name for name in LONG if name in wanted), wanted[0])


@cache
def waits(name: str) -> bool:
    """Whether this file, or these that stay together, mostly waits."""
    return name in LONG or WAITS.search((ROOT / name).read_text()) is not None


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
