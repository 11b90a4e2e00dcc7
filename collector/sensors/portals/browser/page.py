"""One tab of one render: prepared before it loads anything, driven, asked what it shows."""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from collector.sensors.portals.browser.cdp import BrowserGone, CallRefused, Connection, Params, at, text
from collector.sensors.portals.browser.face import Face
from collector.sensors.portals.browser.rendered import MAX_SHOT, Document
from collector.sensors.portals.browser.watch import Watch

_HERE: Final = Path(__file__).parent
_SURVEY: Final = (_HERE / "survey.js").read_text(encoding="utf-8")
_HOOK: Final = (_HERE / "hook.js").read_text(encoding="utf-8")
_EAR: Final = (_HERE / "ear.js").read_text(encoding="utf-8")
# A world for our own scripts: they share the page's elements, not its functions.
_WORLD: Final = "survey"
PREPARE_SECONDS: Final = 10.0
SURVEY_SECONDS: Final = 4.0
SHOT_SECONDS: Final = 4.0


class Surveyed(NamedTuple):
    """A page as it rests; `empty`: a place in the window where nothing can be clicked, in CSS pixels; `heard`: what its scripts asked for, in JSON."""

    document: Document
    empty: tuple[float, float] | None
    heard: tuple[str, ...]


class _Told(Document, frozen=True, kw_only=True):
    """A document as survey.js writes it."""

    empty: tuple[float, float] | None = None
    heard: tuple[str, ...] = ()


class Tab:
    """A tab in a context of its own. `children`: sessions of its frames and workers."""

    def __init__(self, connection: Connection, context: str, target: str, session: str, watch: Watch) -> None:
        self._connection = connection
        self.context, self.target, self.session, self.watch = context, target, session, watch

    async def prepare(self, face: Face) -> None:
        """Puts the persona's face on, everything it may not do under watch, then lets the tab run. Raises CallRefused, BrowserGone."""
        calls = [*_listening(), *_dressing(face), *_page_only()]
        waiting = [self._connection.post(method, params, self.session) for method, params in calls]
        waiting.append(self._connection.post("Runtime.runIfWaitingForDebugger", {}, self.session))
        async with asyncio.timeout(PREPARE_SECONDS):
            for answer in waiting:
                await answer

    def equip(self, session: str, kind: str, face: Face) -> None:
        """The same for a frame or worker of the page that has just begun; it waits until told to run."""
        calls = [*_listening(), *_dressing(face)] if kind == "iframe" else [*_listening(), ("Emulation.setUserAgentOverride", face.override())]
        for method, params in (*calls, ("Runtime.runIfWaitingForDebugger", {})):
            self._connection.post(method, params, session)

    async def open(self, url: str, referer: str) -> str:
        """Goes to an address; what went wrong in Chromium's words, empty for nothing. Raises CallRefused, BrowserGone."""
        asked: dict[str, Any] = {"url": url, "transitionType": "link"}
        if referer:
            asked |= {"referrer": referer, "referrerPolicy": "unsafeUrl"}
        return text(await self._connection.call("Page.navigate", asked, self.session, 20.0), "errorText")

    async def survey(self) -> Surveyed:
        """What the page shows. Raises CallRefused where its scripts do not let go, BrowserGone."""
        try:
            return _surveyed(await self._evaluate(_SURVEY, SURVEY_SECONDS))
        except CallRefused:
            # A script that never ends: it is ended, and none starts again.
            self._connection.post("Emulation.setScriptExecutionDisabled", {"value": True}, self.session)
            self.stop_script()
            return _surveyed(await self._evaluate(_SURVEY, SURVEY_SECONDS))

    def check(self) -> None:
        """Raises BrowserGone or CallRefused where nothing more is to be had of this tab."""
        if self._connection.closed.is_set():
            raise BrowserGone("closed")
        if self.watch.failed:
            raise CallRefused(self.watch.failed)

    def stop_script(self) -> None:
        """Ends the script that runs now, if any."""
        self._connection.post("Runtime.terminateExecution", {}, self.session)

    async def screenshot(self) -> bytes:
        """The window as a JPEG picture of at most MAX_SHOT bytes, empty where there is none to be had."""
        for quality in (70, 30):
            asked = {"format": "jpeg", "quality": quality, "optimizeForSpeed": True}
            try:
                answer = await self._connection.call("Page.captureScreenshot", asked, self.session, SHOT_SECONDS)
                picture = base64.b64decode(text(answer, "data"), validate=True)
            except (CallRefused, binascii.Error):
                return b""
            if len(picture) <= MAX_SHOT:
                return picture
        return b""

    async def jump(self, seconds: float, real: float) -> None:
        """Lets `seconds` of the page's own time pass at once: timers and refreshes fall due. Waits at most `real` seconds of ours."""
        self.watch.expired.clear()
        asked = {"policy": "pauseIfNetworkFetchesPending", "budget": seconds * 1000, "maxVirtualTimeTaskStarvationCount": 10_000}
        self._connection.post("Emulation.setVirtualTimePolicy", asked, self.session)
        try:
            await asyncio.wait_for(self.watch.expired.wait(), max(0.05, real))
        except TimeoutError:
            return

    def scroll(self, place: tuple[float, float]) -> None:
        """Turns the wheel."""
        self._mouse("mouseWheel", place, deltaX=0, deltaY=600)

    def press(self, place: tuple[float, float], *, touch: bool) -> None:
        """One click or tap; nothing is typed and no form is sent."""
        x, y = place
        if touch:
            self._connection.post("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}, self.session)
            self._connection.post("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}, self.session)
        else:
            self._mouse("mouseMoved", place)
            self._mouse("mousePressed", place, button="left", buttons=1, clickCount=1)
            self._mouse("mouseReleased", place, button="left", clickCount=1)

    def _mouse(self, kind: str, place: tuple[float, float], **more: object) -> None:
        self._connection.post("Input.dispatchMouseEvent", {"type": kind, "x": place[0], "y": place[1], **more}, self.session)

    async def heard(self) -> tuple[str, ...]:
        """What the page's scripts have asked for so far, each in JSON. Raises CallRefused, BrowserGone."""
        answer = await self._evaluate("JSON.stringify(globalThis.heard ?? [])", SURVEY_SECONDS)
        try:
            return msgspec.json.decode(text(answer, "result", "value"), type=tuple[str, ...])
        except (ValueError, RecursionError):
            return ()

    async def _evaluate(self, source: str, seconds: float) -> Params:
        """Raises CallRefused, BrowserGone."""
        world = await self._connection.call("Page.createIsolatedWorld", {"frameId": self.target, "worldName": _WORLD}, self.session, seconds)
        asked = {"expression": source, "contextId": at(world, "executionContextId"), "returnByValue": True}
        return await self._connection.call("Runtime.evaluate", asked, self.session, seconds)


def _listening() -> list[tuple[str, dict[str, object]]]:
    """What every session of the render needs, worker or page: what cannot be had somewhere is refused there, and nobody minds."""
    return [
        ("Network.enable", {"maxTotalBufferSize": 1, "maxResourceBufferSize": 1}),
        ("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]}),
        ("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}),
    ]


def _dressing(face: Face) -> list[tuple[str, dict[str, object]]]:
    name = f"_{secrets.token_hex(8)}"
    return [
        ("Emulation.setUserAgentOverride", face.override()),
        ("Network.setExtraHTTPHeaders", {"headers": dict(face.extra)}),
        ("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Ho_Chi_Minh"}),
        ("Page.enable", {}),
        ("Page.addScriptToEvaluateOnNewDocument", {"source": _EAR.replace("%NAME%", name), "worldName": _WORLD}),
        ("Page.addScriptToEvaluateOnNewDocument", {"source": _HOOK.replace("%NAME%", name)}),
        ("Emulation.setDeviceMetricsOverride", face.metrics()),
        ("Emulation.setTouchEmulationEnabled", {"enabled": face.mobile}),
    ]


def _page_only() -> list[tuple[str, dict[str, object]]]:
    return [("ServiceWorker.enable", {}), ("Emulation.setFocusEmulationEnabled", {"enabled": True})]


def _surveyed(answer: Params) -> Surveyed:
    """Raises CallRefused for what is no survey."""
    try:
        told = msgspec.json.decode(text(answer, "result", "value"), type=_Told)
    except (ValueError, RecursionError):
        raise CallRefused(text(answer, "exceptionDetails", "text") or "no survey") from None
    return Surveyed(told, told.empty, told.heard)
