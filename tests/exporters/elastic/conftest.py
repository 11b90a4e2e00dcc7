"""Sinks against the shared Elasticsearch, templates installed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_asyncio

from exporters.elastic import Elastic, ElasticOptions, Origin, SitePlace, Step, bootstrap
from tests.exporters.samples import AT
from tests.servers.elasticsearch import Elasticsearch

ORIGIN = Origin(
    box="hop-1",
    box_name="Hộp 1",
    version="0.1.0",
    page_url="https://vonggac.example",
    sites={"xa-a": SitePlace(name="Trung tâm A", commune="26734", province="79")},
    rules={"VG-NET-02": "Màn hình mở"},
)


def installed(options: ElasticOptions, *, dry_run: bool = False) -> list[Step]:
    """`bootstrap` from where no loop may be started beside the tests' own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, bootstrap(options, dry_run)).result()


@pytest.fixture(scope="session")
def server(elasticsearch: Elasticsearch) -> Elasticsearch:
    """The shared Elasticsearch with our templates."""
    steps = installed(ElasticOptions(urls=(elasticsearch.url,)))
    assert {step.outcome for step in steps} == {"done"}, steps
    return elasticsearch


@pytest_asyncio.fixture
async def sink_to(namespace: str) -> AsyncIterator[Callable[..., Elastic]]:
    """Makes sinks to a URL, in the test's own namespace; closes them after the test."""
    made: list[Elastic] = []

    def make(url: str, **options: object) -> Elastic:
        made.append(Elastic(ElasticOptions(**{"urls": (url,), "namespace": namespace, "origin": ORIGIN, **options}), now=lambda: AT))
        return made[-1]

    yield make
    for sink in made:
        await sink.close()
