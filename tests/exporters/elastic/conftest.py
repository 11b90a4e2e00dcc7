"""Sinks against each engine, templates installed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import pytest_asyncio

from exporters.elastic import Dialect, Elastic, ElasticOptions, Origin, SitePlace, Step, bootstrap
from tests.exporters.samples import AT
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engine import Engine, distribution
from tests.servers.fault_proxy import FaultProxy
from tests.servers.fixtures import running
from tests.servers.opensearch import OpenSearch
from tests.servers.process import ServerMissing

ORIGIN = Origin(
    box="hop-1",
    box_name="Hộp 1",
    version="0.1.0",
    page_url="https://vonggac.example",
    sites={"xa-a": SitePlace(name="Trung tâm A", commune="26734", province="79")},
    rules={"VG-NET-02": "Màn hình mở"},
)


def older_alone() -> bool:
    """Whether this machine runs no newer Elasticsearch than the older one."""
    try:
        return distribution().version == distribution("elasticsearch-older").version
    except ServerMissing:
        return False


def installed(options: ElasticOptions, *, dry_run: bool = False) -> list[Step]:
    """`bootstrap` from where no loop may be started beside the tests' own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, bootstrap(options, dry_run)).result()


# Where the machine's own Elasticsearch is the older one, it is not asked twice.
ENGINES = [name for name in ("elasticsearch", "elasticsearch-older", "opensearch") if name != "elasticsearch-older" or not older_alone()]
OPENSEARCH_IS_OTHERWISE = pytest.mark.parametrize("server", [name for name in ENGINES if name != "opensearch"], indirect=True)
ONE_IS_ENOUGH = pytest.mark.parametrize("server", ["elasticsearch"], indirect=True)
OPENSEARCH = pytest.mark.parametrize("server", ["opensearch"], indirect=True)


@pytest.fixture(scope="session", params=ENGINES)
def server(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine with our templates; every test that asks for it runs with each."""
    with ExitStack() as stack:
        engine = _engine(request, stack)
        steps = installed(ElasticOptions(urls=(engine.url,), dialect=engine.dialect))
        assert {step.outcome for step in steps} == {"done"}, steps
        yield engine


def _engine(request: pytest.FixtureRequest, stack: ExitStack) -> Engine:
    match request.param:
        case "elasticsearch":
            return request.getfixturevalue("elasticsearch")
        case "opensearch":
            return stack.enter_context(running(OpenSearch))
    return stack.enter_context(running(lambda: Elasticsearch(which=request.param)))


@pytest_asyncio.fixture
async def fault_proxy(server: Engine) -> AsyncIterator[FaultProxy]:
    """A fault proxy in front of the engine."""
    async with FaultProxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """How sinks of the test speak: as its engine does."""
    return request.getfixturevalue("server").dialect if "server" in request.fixturenames else "elasticsearch"


@pytest_asyncio.fixture
async def sink_to(namespace: str, dialect: Dialect) -> AsyncIterator[Callable[..., Elastic]]:
    """Makes sinks to a URL, in the test's own namespace; closes them after the test."""
    made: list[Elastic] = []

    def make(url: str, **options: object) -> Elastic:
        made.append(Elastic(ElasticOptions(**{"urls": (url,), "namespace": namespace, "dialect": dialect, "origin": ORIGIN, **options}), now=lambda: AT))
        return made[-1]

    yield make
    for sink in made:
        await sink.close()
