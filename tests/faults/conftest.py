"""A box's folder and a laboratory, for faults that are made for real."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.lab.lab import Net
from tests.system.program import Box


@pytest.fixture
def box() -> Iterator[Box]:
    """Short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site().write()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What a test opened is closed, whatever becomes of it."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def net() -> Iterator[Net]:
    """An empty laboratory, taken down afterwards; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    with Net() as made:
        yield made
