"""The test servers as pytest fixtures; tests/conftest.py makes them known everywhere."""

import base64
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NoReturn, TypeVar

import pytest
import pytest_asyncio

from tests.servers.alertmanager import Alertmanager, People
from tests.servers.certificates import Certificates
from tests.servers.cluster import Cluster
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.engine import distribution
from tests.servers.fault_proxy import FaultProxy
from tests.servers.process import LoopbackServer, ServerMissing
from tests.servers.prometheus import Prometheus
from tests.servers.webhook_receiver import WebhookReceiver


def pytest_report_header() -> str:
    """Say in every run which servers its results are about."""
    return "\n".join(f"test server: {_said(which)}" for which in ("elasticsearch", "elasticsearch-older", "opensearch"))


def _said(which: str) -> str:
    try:
        return str(distribution(which))
    except ServerMissing as missing:
        return str(missing)


S = TypeVar("S", bound="LoopbackServer | Cluster")


def leave_out(reason: str) -> NoReturn:
    """Skip the test for someone who lacks a server; where CI is set, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(make: Callable[[], S]) -> Iterator[S]:
    """A server of a machine that may lack it, running; closed at the end."""
    try:
        server = make()
    except ServerMissing as missing:
        leave_out(str(missing))
    with server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Right and wrong certificates for loopback servers."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Elasticsearch]:
    """A real Elasticsearch without security, shared by the run: keep to names of your own (`namespace`)."""
    with running(Elasticsearch) as server:
        yield server


@pytest.fixture(scope="session")
def secured_elasticsearch(certificates: Certificates) -> Iterator[Elasticsearch]:
    """A real Elasticsearch with TLS, the logins ADMIN and EDGE, shared by the run."""
    with running(lambda: Elasticsearch(security=True, tls=certificates.right)) as server:
        yield server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster of three real Elasticsearch nodes, shared by the run: whoever kills a node starts it again and waits until `green`."""
    with running(Cluster) as cluster:
        yield cluster


@pytest.fixture
def namespace() -> str:
    """A data stream namespace that no other test uses."""
    return f"t{secrets.token_hex(4)}"


@pytest_asyncio.fixture
async def fault_proxy(elasticsearch: Elasticsearch) -> AsyncIterator[FaultProxy]:
    """A fault proxy in front of the shared Elasticsearch."""
    async with FaultProxy(elasticsearch.url) as proxy:
        yield proxy


@pytest.fixture
def start_prometheus() -> Iterator[Callable[[Sequence[str]], Prometheus]]:
    """Call it with `host:port` targets: a Prometheus that scrapes them each second, closed after the test."""
    with ExitStack() as servers:
        yield lambda targets: servers.enter_context(running(lambda: Prometheus(targets)))


@pytest_asyncio.fixture
async def people() -> AsyncIterator[People]:
    """Whom an Alertmanager tells."""
    async with People() as people:
        yield people


@pytest.fixture
def alertmanager(people: People) -> Iterator[Alertmanager]:
    """A real Alertmanager that tells `people` at once."""
    with running(lambda: Alertmanager(people.url)) as server:
        yield server


@pytest.fixture
def webhook_secret() -> str:
    """A signing secret in Standard Webhooks form."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@pytest_asyncio.fixture
async def webhook_receiver(webhook_secret: str) -> AsyncIterator[WebhookReceiver]:
    """An on-call endpoint that verifies with `webhook_secret`."""
    async with WebhookReceiver(webhook_secret) as receiver:
        yield receiver
