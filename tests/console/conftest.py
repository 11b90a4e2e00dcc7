"""The page on loopback and a real Chromium to look at it with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from exporters.console.app import make_app
from exporters.console.doors import Doors
from tests.console.browser import Browser, chromium
from tests.console.commune import ABOUTS, DECLARED, Hand, Journal, busy
from tests.console.people import Time, doors


@dataclass
class Page:
    """A served page: its address, its journal and a client that keeps no cookies."""

    url: str
    journal: Journal
    client: aiohttp.ClientSession
    stop: Callable[[], Awaitable[None]]

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of one GET."""
        async with self.client.get(self.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, allow_redirects=False) as answer:
            return answer.status, await answer.text(), dict(answer.headers)


Serve = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a journal on a free loopback port; options are make_app's."""
    runners: list[web.AppRunner] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:

        async def start(journal: Journal, **options: Any) -> Page:
            app = make_app(journal, **{"abouts": ABOUTS, "declared": lambda: DECLARED, **options})
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            runners.append(runner)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            return Page(f"http://{host}:{port}", journal, client, runner.cleanup)

        yield start
        for runner in runners:
            await runner.cleanup()


@pytest.fixture
def staffed(serve: Serve, tmp_path: Path) -> Callable[..., Awaitable[tuple[Page, Doors, Hand, Time]]]:
    """Serves a page with three users, options are those of its doors, `named` its host names. With it come the doors, what was done, the clock."""

    async def start(named: Collection[str] = (), **fields: Any) -> tuple[Page, Doors, Hand, Time]:
        journal, clock = busy(), Time()
        hand, made = Hand(journal), doors(tmp_path, clock, **fields)
        return await serve(journal, acts=hand, doors=made, hosts=named), made, hand, clock

    return start


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium of its own, ended with the test."""
    async with chromium(tmp_path / "profile") as started:
        yield started


@pytest.fixture
def busy_paths() -> list[str]:
    """One address of each kind of page, as the busy commune fills it."""
    return [
        "/",
        "/phat-hien",
        "/phat-hien/000000000001",
        "/ban-do",
        "/man-hinh",
        "/thiet-bi",
        "/thiet-bi/a0000000000000001",
        "/bo-thu",
        "/do-bao-phu",
        "/gui-di",
        "/bao-cao",
    ]
