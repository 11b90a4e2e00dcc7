"""A box's folder for commands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.program import Box


@pytest.fixture
def box() -> Iterator[Box]:
    """A box's folder with one declared site and a configuration of defaults; short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site().write()
