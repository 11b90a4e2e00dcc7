"""A province in the shared Elasticsearch, filled once for all tests that only read, and its page on loopback."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from exporters.console.fleet_app import fleet_app
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet
from model.fleet.declared import FleetDeclared
from tests.console.browser import Browser, chromium
from tests.console.commune import NOW, Journal, busy
from tests.fleet.filled import ABOUTS, Filled, Place, declared_of, small, verify
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


def reader_of(filled: Filled, roster: FleetDeclared, url: str = "") -> ElasticFleet:
    """A reader at the instant at which the places were written down; `url` where the engine is reached by another way."""
    options = ElasticOptions(urls=(url or filled.server.url,), namespace=filled.namespace, language="en")
    return ElasticFleet(options, lambda: roster, lambda: NOW, verify=verify)


@pytest_asyncio.fixture
async def fleet(filled: Filled, roster: FleetDeclared) -> AsyncIterator[ElasticFleet]:
    """The reader of the small province."""
    made = reader_of(filled, roster)
    yield made
    await made.close()


@dataclass
class FleetPage:
    """The served page of a province, what it reads, its own journal."""

    url: str
    reader: ElasticFleet
    own: Journal
    client: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of one GET."""
        async with self.client.get(self.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, allow_redirects=False) as answer:
            return answer.status, await answer.text(), dict(answer.headers)


ServeFleet = Callable[..., Awaitable[FleetPage]]


@pytest_asyncio.fixture
async def serve_fleet() -> AsyncIterator[ServeFleet]:
    """Serves a filled province on a free loopback port; options are fleet_app's."""
    runners: list[web.AppRunner] = []
    readers: list[ElasticFleet] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:

        async def start(filled: Filled, roster: FleetDeclared, **options: Any) -> FleetPage:
            own, reader = busy(), reader_of(filled, roster, options.pop("url", ""))
            app = fleet_app(reader, options.pop("acts", None), lambda: roster, own, lambda: NOW, **{"abouts": ABOUTS, **options})
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            runners.append(runner)
            readers.append(reader)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return FleetPage(f"http://127.0.0.1:{runner.addresses[0][1]}", reader, own, client)

        yield start
        for runner in runners:
            await runner.cleanup()
        for reader in readers:
            await reader.close()


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium of its own, ended with the test."""
    async with chromium(tmp_path / "profile") as started:
        yield started
