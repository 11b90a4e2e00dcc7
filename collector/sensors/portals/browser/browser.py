"""The browser for the portals sensor: one process for many renders, one after the other, each in a context that is thrown away."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from collector.clock import Clock
from collector.sensors.portals.browser.cdp import BrowserGone, CallRefused, Connection, Params, text
from collector.sensors.portals.browser.chromium import PROXY_PORT
from collector.sensors.portals.browser.face import Face
from collector.sensors.portals.browser.page import Tab
from collector.sensors.portals.browser.process import NOBODY, BrowserFailed, Child
from collector.sensors.portals.browser.proxy import Proxy
from collector.sensors.portals.browser.render import Render, told
from collector.sensors.portals.browser.rendered import Rendered, Visit
from collector.sensors.portals.browser.traffic import Traffic
from collector.sensors.portals.browser.watch import Watch
from collector.sensors.portals.guard import Guard

MAX_MEMORY: Final = 800 * 1024 * 1024
# Beyond a render's own time: opening and closing the tab.
GRACE: Final = 6.0
# A browser that waits holds a quarter of a gigabyte.
IDLE_SECONDS: Final = 180.0
WATCH_SECONDS: Final = 0.5
# After so many renders a fresh browser: what a page left behind in it ends here.
RENDERS_EACH: Final = 200


@dataclass(slots=True)
class Health:
    """Counts since the start. `ended`: why a browser had to be ended (`memory`, `stuck`, `gone`); `refused`: what was not let through, by its word."""

    renders: int = 0
    starts: int = 0
    bytes: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class Browser:
    """Debian's Chromium without privilege, secrets or network but our proxy; renders wait for one another.

    A context manager: entered, it starts at once and says what is missing; its first render starts it too, but its exit is always due.
    """

    def __init__(self, clock: Clock, *, path: str = "", uid: int = NOBODY, max_memory: int = MAX_MEMORY, idle: float = IDLE_SECONDS) -> None:
        """`path`: of the program, empty for Debian's place; `uid`: who it is when we are root; `max_memory`: bytes of all its processes together.

        `idle`: after so many seconds without a render it is ended, until the next one.
        """
        self._clock, self._path, self._uid, self._max_memory, self._idle = clock, path, uid, max_memory, idle
        self._resting: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.health = Health()
        self._turn = asyncio.Lock()
        self._child: Child | None = None
        self._connection: Connection | None = None
        self._proxy = Proxy()
        self._tab: Tab | None = None
        self._face: Face | None = None
        self._coming: dict[str, asyncio.Future[str]] = {}
        self._since_start = 0

    @property
    def pid(self) -> int:
        """Process group of the browser that runs now, 0 for none."""
        return self._child.pid if self._child is not None else 0

    async def __aenter__(self) -> Self:
        """Starts it. Raises BrowserMissing, BrowserFailed."""
        await self._start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Ends it; nothing of it is left."""
        self._stir()
        if self._ending is not None:
            await asyncio.wait([self._ending])
        await self._stop()

    async def render(self, visit: Visit, guard: Guard) -> Rendered:
        """What `visit` shows. Raises BrowserMissing or BrowserFailed where there is no browser to be had, nothing else."""
        self._stir()
        async with self._turn:
            if self._connection is None or self._connection.closed.is_set() or self._since_start >= RENDERS_EACH:
                await self._stop()
                await self._start()
            self._since_start += 1
            rendered = await self._one(visit, Traffic(guard, max_bytes=visit.max_bytes))
        self._count(rendered)
        self._stir()
        self._resting = asyncio.create_task(self._rest())
        return rendered

    def _stir(self) -> None:
        """It is wanted again, or over for good: its rest need not be waited for."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    async def _rest(self) -> None:
        await asyncio.sleep(self._idle)
        await self._turn.acquire()
        # From here on nobody may break off, nor start another before this one is gone: half a browser is worse than an idle one.
        self._ending = asyncio.create_task(self._ended())

    async def _ended(self) -> None:
        """Ends what rests; who renders next waits for it."""
        try:
            await self._stop()
        finally:
            self._turn.release()

    def _count(self, rendered: Rendered) -> None:
        self.health.renders += 1
        self.health.bytes += rendered.bytes
        self.health.refused.update(rendered.refused)
        if rendered.trouble:
            self.health.troubles[rendered.trouble] += 1

    async def _start(self) -> None:
        self._child = Child(self._path, self._uid)
        self._since_start = 0
        await self._child.start()
        self.health.starts += 1
        self._proxy = Proxy()
        self._connection = Connection(self._heard)
        try:
            await self._connection.open(*self._child.pipes())
            if self._child.listener is not None:
                await self._proxy.start(self._child.listener)
            await self._connection.call("Target.setAutoAttach", _ALL_PAGES, seconds=20.0)
        except (BrowserGone, CallRefused) as error:
            said = self._child.last_words()
            await self._stop()
            raise BrowserFailed(said or str(error)) from error

    async def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
        if self._connection is not None:
            await self._connection.close()
        await self._proxy.stop()
        if self._child is not None:
            await self._child.stop()
        self._child = self._connection = None

    async def _one(self, visit: Visit, traffic: Traffic) -> Rendered:
        began = self._clock.monotonic()
        self._proxy.traffic, self._face = traffic, visit.face
        course: Render | None = None
        reasons: list[str] = []
        memory = asyncio.create_task(self._watch_memory(reasons))
        try:
            async with asyncio.timeout(visit.seconds + GRACE):
                self._tab = await self._open_tab()
                course = Render(self._tab, visit, self._clock.monotonic)
                await course.run()
        except TimeoutError:
            reasons.append("stuck")
        except (BrowserGone, CallRefused):
            reasons.append("gone")
        finally:
            memory.cancel()
            watch = self._tab.watch if self._tab else None
            rendered = told(visit, course, watch, traffic, seconds=self._clock.monotonic() - began, trouble=reasons[0] if reasons else "")
            await self._clear(reasons)
        return rendered

    async def _open_tab(self) -> Tab:
        """A tab that has loaded nothing, in a context of its own. Raises CallRefused, BrowserGone."""
        connection = self._alive()
        context = text(await connection.call("Target.createBrowserContext", _CONTEXT), "browserContextId")
        denied = {"behavior": "deny", "browserContextId": context, "eventsEnabled": True}
        await connection.call("Browser.setDownloadBehavior", denied)
        target = text(await connection.call("Target.createTarget", {"url": "about:blank", "browserContextId": context}), "targetId")
        arrived = self._coming.setdefault(target, asyncio.get_running_loop().create_future())
        session = await asyncio.wait_for(arrived, 5.0)
        self._coming.clear()
        watch = Watch(session, target, self._post, self._clock.monotonic)
        return Tab(connection, context, target, session, watch)

    async def _clear(self, reasons: list[str]) -> None:
        """Throws the context away; a browser that does not do that, or was ended, is gone for good."""
        tab, self._tab = self._tab, None
        self._proxy.traffic = None
        await self._proxy.drop()
        if not reasons and tab is not None and not await self._disposed(tab):
            reasons.append("gone" if self._connection is None or self._connection.closed.is_set() else "stuck")
        if reasons:
            self.health.ended[reasons[0]] += 1
            await self._stop()

    async def _disposed(self, tab: Tab) -> bool:
        try:
            await self._alive().call("Target.disposeBrowserContext", {"browserContextId": tab.context}, seconds=3.0)
        except (CallRefused, BrowserGone):
            return False
        return True

    async def _watch_memory(self, reasons: list[str]) -> None:
        while self._child is not None:
            if await asyncio.to_thread(self._child.memory) > self._max_memory:
                reasons.append("memory")
                self._child.kill()
                return
            await asyncio.sleep(WATCH_SECONDS)

    def _alive(self) -> Connection:
        if self._connection is None:
            raise BrowserGone("stopped")
        return self._connection

    def _post(self, method: str, params: dict[str, object], session: str) -> None:
        with contextlib.suppress(BrowserGone):
            self._alive().post(method, params, session)

    def _heard(self, session: str, method: str, params: Params) -> None:
        if method == "Target.attachedToTarget":
            self._attached(session, params)
        elif self._tab is not None:
            self._tab.watch.take(session, method, params)

    def _attached(self, parent: str, params: Params) -> None:
        session, kind, target = text(params, "sessionId"), text(params, "targetInfo", "type"), text(params, "targetInfo", "targetId")
        if parent:
            if self._tab is not None and self._face is not None:
                self._tab.watch.adopt(session, kind, text(params, "targetInfo", "url"))
                with contextlib.suppress(BrowserGone):
                    self._tab.equip(session, kind, self._face)
        elif self._tab is None:
            # The answer to createTarget may come after the event that tells of the target.
            arrived = self._coming.setdefault(target, asyncio.get_running_loop().create_future())
            if not arrived.done():
                arrived.set_result(session)
        else:
            # A window that a page opened: its address is told by another event; it never gets to load.
            self._post("Target.closeTarget", {"targetId": target}, "")


_ALL_PAGES: Final[dict[str, object]] = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True, "filter": [{"type": "page"}]}
_CONTEXT: Final[dict[str, object]] = {"proxyServer": f"http://127.0.0.1:{PROXY_PORT}", "proxyBypassList": "<-loopback>"}
