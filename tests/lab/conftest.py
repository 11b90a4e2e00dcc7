"""The laboratory's modules are scripts beside each other, so their folder is put on the path; `net` is a fresh laboratory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from lab import Net


@pytest.fixture
def net() -> Iterator[Net]:
    """An empty laboratory, taken down afterwards; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    with Net() as made:
        yield made
