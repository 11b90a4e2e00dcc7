"""A box's folder for commands, and a laboratory for those that ask a running box."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import Net
from tests.system.program import Box


@pytest.fixture
def box() -> Iterator[Box]:
    """A box's folder with one declared site and a configuration of defaults; short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site().write()


@pytest.fixture
def net() -> Iterator[Net]:
    """An empty laboratory, taken down afterwards; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    with Net() as made:
        yield made
