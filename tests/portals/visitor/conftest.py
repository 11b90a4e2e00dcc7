"""Real servers on loopback, one address a portal; names are answered by a table, and only those of a test are let through."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.portals.visitor.places import Clock, Table, World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
async def world(clock: Clock, table: Table) -> AsyncIterator[World]:
    """A visitor and the servers it may meet."""
    async with World(clock, table) as made:
        yield made
