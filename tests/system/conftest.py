"""A laboratory and a box for each test."""

from __future__ import annotations

import os
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
def box(tmp_path: Path) -> Box:
    """A box's folder with one declared site, configuration not yet written."""
    return Box(tmp_path).site()
