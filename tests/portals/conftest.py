"""One small internet for all the tests of this folder that ask for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.portals.lab.case import all_cases
from tests.portals.lab.internet import Internet


@pytest.fixture(scope="session")
def internet() -> Iterator[Internet]:
    """All cases served at once; without root it fails under CI and is skipped elsewhere, as the laboratory does."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the test portal needs root: it makes network namespaces")
    with Internet(all_cases()) as up:
        yield up
