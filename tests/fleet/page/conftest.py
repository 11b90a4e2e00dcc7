"""A province in the shared Elasticsearch, filled once for all tests that only read."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet
from model.fleet.declared import FleetDeclared
from tests.console.commune import NOW
from tests.fleet.filled import Filled, Place, declared_of, small, verify
from tests.servers.elasticsearch import Elasticsearch


@pytest.fixture(scope="session")
def places() -> Sequence[Place]:
    """The small province."""
    return small()


@pytest.fixture(scope="session")
def filled(elasticsearch: Elasticsearch, places: Sequence[Place]) -> Filled:
    """The small province in the engine; nothing may be written to it."""
    made = Filled(elasticsearch, f"p{secrets.token_hex(4)}")
    made.install()
    made.write(places)
    return made


@pytest.fixture(scope="session")
def roster(places: Sequence[Place]) -> FleetDeclared:
    """Its declared data."""
    return declared_of(places)


def reader_of(filled: Filled, roster: FleetDeclared) -> ElasticFleet:
    """A reader at the instant at which the places were written down."""
    options = ElasticOptions(urls=(filled.server.url,), namespace=filled.namespace, language="en")
    return ElasticFleet(options, lambda: roster, lambda: NOW, verify=verify)


@pytest_asyncio.fixture
async def fleet(filled: Filled, roster: FleetDeclared) -> AsyncIterator[ElasticFleet]:
    """The reader of the small province."""
    made = reader_of(filled, roster)
    yield made
    await made.close()
