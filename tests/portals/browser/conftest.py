"""Real Chromium against real servers on loopback, one browser a module.

The guard lets 127.0.10.0/24 through and nothing else: 127.0.0.1 is where a canary listens.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
import trustme
from aiohttp import web

from collector.clock import SystemClock
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.browser.face import Face, persona_face
from collector.sensors.portals.browser.rendered import Rendered, Visit
from collector.sensors.portals.guard import Guard
from collector.sensors.portals.personas import PERSONAS

SERVED = "127.0.10.1"
ALLOWED = ("127.0.10.0/24",)
DESKTOP = persona_face(PERSONAS["desktop"])
MOBILE = persona_face(PERSONAS["mobile"])

Answer = str | web.StreamResponse | Callable[[web.Request], Awaitable[web.StreamResponse]]


class Names:
    """A resolver with a table: names below `.test` are served here unless `other` says otherwise (a list is answered in turn, its last for ever)."""

    def __init__(self, other: Mapping[str, Sequence[Sequence[str]]] | None = None) -> None:
        self._other = {name: [tuple(answer) for answer in answers] for name, answers in (other or {}).items()}
        self.asked: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        answers = self._other.get(host)
        if answers:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if host.endswith(".test"):
            return (SERVED,)
        raise socket.gaierror(socket.EAI_NONAME, f"{host}: no such name")


@dataclass
class Site:
    """A server for every name, plain and with TLS: `pages` by path (marks @P and @S become its ports); `seen`: method, host and path of each request."""

    pages: dict[str, Answer] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    plain: int = 0
    secure: int = 0

    def filled(self, text: str) -> str:
        return text.replace("@P", str(self.plain)).replace("@S", str(self.secure))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.host.partition(":")[0], request.path))
        self.headers.append({"path": request.path, **{name.lower(): value for name, value in request.headers.items()}})
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="")
        if callable(page):
            return await page(request)
        if isinstance(page, web.StreamResponse):
            raise TypeError("an answer is made for each request")
        return web.Response(text=self.filled(page), content_type=self.kind(request.path), charset="utf-8")

    @staticmethod
    def kind(path: str) -> str:
        return {"js": "text/javascript", "css": "text/css"}.get(path.rpartition(".")[2], "text/html")

    def moved(self, to: str, status: int = 302, **headers: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(_: web.Request) -> web.StreamResponse:
            told = {name.replace("_", "-"): self.filled(value) for name, value in headers.items()} | ({"Location": self.filled(to)} if to else {})
            return web.Response(status=status, text="<p>sent on", content_type="text/html", headers=told)

        return answer

    def sent(self, path: str) -> bool:
        return any(seen == path for _, _, seen in self.seen)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_site() -> AsyncIterator[Site]:
    site = Site()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("*.test").configure_cert(tls)
    app = web.Application(client_max_size=1024)
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    for context in (None, tls):
        server = web.TCPSite(runner, SERVED, 0, ssl_context=context)
        await server.start()
    site.plain, site.secure = (address[1] for address in runner.addresses)
    yield site
    await runner.cleanup()


@pytest.fixture
def site(running_site: Site) -> Site:
    for kept in (running_site.pages, running_site.seen, running_site.headers):
        kept.clear()
    return running_site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with Browser(SystemClock()) as started:
        yield started


Look = Callable[..., Awaitable[Rendered]]


@pytest.fixture
def look(browser: Browser, site: Site) -> Look:
    """Renders a path of the site as `home.test`."""

    async def render(
        path: str, *, secure: bool = False, face: Face = DESKTOP, names: Names | None = None, within: Browser = browser, **more: object
    ) -> Rendered:
        port, scheme = (site.secure, "https") if secure else (site.plain, "http")
        visit = Visit(url=f"{scheme}://home.test:{port}{path}", face=face, **{"seconds": 12.0, "quiet": 0.3, "click": False, **more})
        return await within.render(visit, Guard(names or Names(), ALLOWED))

    return render
