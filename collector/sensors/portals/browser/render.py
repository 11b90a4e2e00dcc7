"""One render from the address asked for to the first click, within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from collector.decode.web.url import host_of
from collector.sensors.portals.browser.cdp import BrowserGone, CallRefused
from collector.sensors.portals.browser.page import Tab
from collector.sensors.portals.browser.rendered import Document, Navigation, Rendered, Request, Visit
from collector.sensors.portals.browser.traffic import Traffic
from collector.sensors.portals.browser.watch import Watch

# Once the page's own time runs fast, silence is known sooner.
QUIET_FAST: Final = 0.25
# A page that does not come to rest is taken as it is after this long.
SETTLE: Final = 9.0
# A jump in the page's own time, in its seconds, and the most of ours that it may cost.
STRIDE: Final = 60.0
STRIDE_REAL: Final = 3.0
MAX_DOCUMENTS: Final = 4
CLICK_SECONDS: Final = 1.0


class Render:
    """The course of one render. `documents` and `screenshot` fill as it goes, so that what was seen stays when it breaks off."""

    def __init__(self, tab: Tab, visit: Visit, now: Callable[[], float]) -> None:
        self._tab, self._visit, self._now = tab, visit, now
        self._until = now() + visit.seconds
        self._fast = False
        self._empty: tuple[float, float] | None = None
        self.documents: list[Document] = []
        self.screenshot = b""
        self.trouble = ""

    async def run(self) -> None:
        """Never raises CallRefused or BrowserGone: they become `trouble`."""
        try:
            await self._tab.prepare(self._visit.face)
            # An address that downloads, or answers with nothing, is told as an aborted navigation; what it led to is told by events.
            error = await self._tab.open(self._visit.url, self._visit.face.referer)
            await self._rest_and_ripen()
            await self._first_click()
        except CallRefused:
            self.trouble = "hung"
        except BrowserGone:
            self.trouble = "gone"
        else:
            if error and not self.documents:
                self.trouble = "error"
        self.trouble = self._tab.watch.failed or self.trouble

    async def _rest_and_ripen(self) -> None:
        """Page after page: wait until it rests, look at it, let its timers run out; until none sends the visitor on."""
        while len(self.documents) < MAX_DOCUMENTS:
            await self._rest()
            steps = self._steps()
            await self._look()
            await self._ripen(steps)
            if self._steps() == steps or self._left() <= 0:
                return

    async def _look(self) -> None:
        surveyed = await self._tab.survey()
        self._tab.watch.heard(surveyed.heard)
        if surveyed.document.url.startswith(("http:", "https:")):
            self.documents.append(surveyed.document)
            self._empty = surveyed.empty
            self.screenshot = await self._tab.screenshot() or self.screenshot

    async def _rest(self) -> None:
        watch, until = self._tab.watch, min(self._until, self._now() + SETTLE)
        while self._now() < until:
            self._tab.check()
            if watch.quiet(QUIET_FAST if self._fast else self._visit.quiet):
                return
            if self._fast:
                # Time that ran out stands still, and with it the page: it needs more to load.
                await self._tab.jump(2.0, 0.2)
            await self._changed(min(0.1, until - self._now()))
        if not watch.loaded:
            self.trouble = "timeout"
            self._tab.stop_script()

    async def _ripen(self, steps: int) -> None:
        gone = 0.0
        while gone < self._visit.ripen and self._steps() == steps and self._left() > 0:
            self._fast = True
            self._tab.check()
            await self._tab.jump(STRIDE, min(STRIDE_REAL, self._left()))
            gone += STRIDE
            # A refresh that fell due in the last moment is only now told.
            await self._changed(0.1)

    async def _first_click(self) -> None:
        """A turn of the wheel and a click where nothing is: what opens then was not what the visitor meant."""
        watch, place = self._tab.watch, self._empty
        own = bool(self.documents) and host_of(self.documents[-1].url) == host_of(self._visit.url)
        if not (self._visit.click and own and place and self._left() > CLICK_SECONDS) or self.trouble:
            return
        watch.clicking = True
        self._tab.scroll(place)
        await self._tab.jump(1.0, 0.2)
        self._tab.press(place, touch=self._visit.face.mobile)
        for _ in range(4):
            await self._tab.jump(1.0, CLICK_SECONDS / 4)
            await self._changed(0.1)
        watch.heard(await self._tab.heard())

    def _steps(self) -> int:
        return len(self._tab.watch.navigations)

    def _left(self) -> float:
        return self._until - self._now()

    async def _changed(self, seconds: float) -> None:
        self._tab.watch.changed.clear()
        try:
            await asyncio.wait_for(self._tab.watch.changed.wait(), max(0.01, seconds))
        except TimeoutError:
            return


def told(visit: Visit, course: Render | None, watch: Watch | None, traffic: Traffic, *, seconds: float, trouble: str = "") -> Rendered:
    """All that is known at the end, however it came."""
    steps = tuple(_stepped(step, traffic) for step in watch.navigations) if watch else ()
    refused = traffic.refused.copy()
    if watch:
        refused.update(watch.blocked)
    return Rendered(
        url=visit.url,
        navigations=steps,
        requests=tuple(_requested(request, traffic) for request in watch.requests.values()) if watch else (),
        documents=tuple(course.documents) if course else (),
        popups=tuple(watch.popups) if watch else (),
        clicked=tuple(watch.clicked) if watch else (),
        calls=tuple(watch.calls) if watch else (),
        workers=tuple(watch.workers) if watch else (),
        downloads=tuple(watch.downloads) if watch else (),
        screenshot=course.screenshot if course else b"",
        trouble=trouble or (_trouble(steps[-1]) if steps else "") or (course.trouble if course else "error"),
        refused=dict(refused),
        refusals=dict(traffic.refusals),
        addresses=dict(traffic.addresses),
        bytes=traffic.bytes,
        seconds=round(seconds, 3),
    )


def _trouble(last: Navigation) -> str:
    return last.error if last.error.startswith(("refused:", "dns", "connect")) else ""


def _stepped(step: Navigation, traffic: Traffic) -> Navigation:
    """What the proxy answered in a server's place is not that server's status."""
    if (why := _why(step.url, traffic)) and step.status in {0, 403, 502, 503}:
        return msgspec.structs.replace(step, status=0, error=why)
    return step


def _requested(request: Request, traffic: Traffic) -> Request:
    if not request.refused and (why := _why(request.url, traffic)):
        return msgspec.structs.replace(request, status=0, refused=why.removeprefix("refused:"))
    return request


def _why(url: str, traffic: Traffic) -> str:
    host = host_of(url).strip("[]")
    if host in traffic.addresses:
        return ""
    if why := traffic.refusals.get(host):
        return f"refused:{why}"
    return traffic.failed.get(host, "")
