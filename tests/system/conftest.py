"""A laboratory and a box for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import Net
from tests.system.program import Box


@pytest.fixture
def net() -> Iterator[Net]:
    """An empty laboratory, taken down afterwards; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    with Net() as made:
        yield made


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A temporary folder with a short name: a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Path(name)


@pytest.fixture
def box(short_path: Path) -> Box:
    """A box's folder with one declared site, configuration not yet written."""
    return Box(short_path).site()
