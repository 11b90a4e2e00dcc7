"""Debian's Chromium driven over its own debugging protocol: what the page does to a real browser, and what the browser asks for."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root in containers; the program itself never starts a browser this way
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    # Nothing but loopback can be reached, whatever the browser has in mind.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-port=0",
)
PAINT = """new Promise(done => new PerformanceObserver(list => {
  const paint = list.getEntries().find(entry => entry.name === 'first-contentful-paint'); if (paint) done(paint.startTime);
}).observe({type: 'paint', buffered: true}))"""


class Tab:
    """One page of the browser: commands, and all requests, messages and dialogs it made since it was opened."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._waiting: list[tuple[str, asyncio.Future[dict[str, Any]]]] = []
        self._listener = asyncio.create_task(self._listen())
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.dialogs: list[str] = []
        self.bytes: dict[str, int] = {}
        self._urls: dict[str, str] = {}

    async def _listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                answer = self._answers.pop(said["id"])
                if not answer.done():
                    answer.set_result(said)
                continue
            self._note(said["method"], said["params"])
            for waiting in [w for w in self._waiting if w[0] == said["method"]]:
                self._waiting.remove(waiting)
                waiting[1].set_result(said["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
                self._urls[params["requestId"]] = params["request"]["url"]
            case "Network.loadingFinished":
                self.bytes[self._urls.get(params["requestId"], "?")] = int(params["encodedDataLength"])
            case "Log.entryAdded":
                self.messages.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled":
                self.messages.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
            case "Runtime.exceptionThrown":
                self.messages.append(str(params["exceptionDetails"]))
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol and its result."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        said = await asyncio.wait_for(answer, 30)
        assert "error" not in said, said
        result: dict[str, Any] = said["result"]
        return result

    async def open(self, url: str) -> None:
        """Loads a page and waits for its load event."""
        loaded: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(("Page.loadEventFired", loaded))
        await self.call("Page.navigate", url=url)
        await asyncio.wait_for(loaded, 30)

    async def painted(self, url: str) -> float:
        """Loads a page; seconds until something of it was seen (first contentful paint)."""
        await self.open(url)
        return float(await self.js(PAINT)) / 1000

    async def js(self, expression: str) -> Any:
        """The value of an expression, promises awaited."""
        said = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Waits until an expression holds in the page, looking again at each change of the document."""
        return await self.js(
            f"""new Promise((done, fail) => {{
              const look = () => {{ const value = {expression}; if (value) {{ watch.disconnect(); done(value); }} }};
              const watch = new MutationObserver(look);
              watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
              setTimeout(() => fail(new Error('never: ' + {expression!r})), 25000);
              look();
            }})"""
        )

    async def size(self, width: int, height: int, dark: bool = False) -> None:
        """The window's size in CSS pixels, and the colour scheme."""
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    async def key(self, name: str, code: int) -> None:
        """Presses and releases one key."""
        text = {"text": "\r"} if name == "Enter" else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    async def picture(self, path: Path, whole: bool = False) -> None:
        """Saves what is seen as a PNG."""
        shot = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    async def close(self) -> None:
        self._listener.cancel()
        await self._socket.close()


class Browser:
    """A running Chromium."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{port}"
        self._tabs: list[Tab] = []

    async def tab(self) -> Tab:
        """A new empty tab that notes everything."""
        async with self._session.put(f"{self._base}/json/new?about:blank") as answer:
            url = (await answer.json())["webSocketDebuggerUrl"]
        made = Tab(await self._session.ws_connect(url, max_msg_size=64 * 1024 * 1024))
        self._tabs.append(made)
        for domain in ("Page", "Network", "Log", "Runtime"):
            await made.call(f"{domain}.enable")
        return made

    async def close(self) -> None:
        for made in self._tabs:
            await made.close()


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Browser]:
    """Starts Chromium with a fresh profile; without one it fails under CI and skips elsewhere."""
    program = shutil.which("chromium")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Debian's chromium: apt-get install chromium")
    assert program is not None
    running = await asyncio.create_subprocess_exec(
        program, *FLAGS, f"--user-data-dir={profile}", "about:blank", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        port = await asyncio.wait_for(_port(running), 60)
        drain = asyncio.create_task(_drain(running))
        async with aiohttp.ClientSession() as session:
            made = Browser(session, port)
            yield made
            await made.close()
        drain.cancel()
    finally:
        if running.returncode is None:
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()


async def _port(running: asyncio.subprocess.Process) -> int:
    assert running.stderr is not None
    said = b""
    async for line in running.stderr:
        said += line
        if b"DevTools listening on ws://" in line:
            return int(line.split(b"/devtools/")[0].rpartition(b":")[2])
    pytest.fail(f"chromium ended: {said.decode(errors='replace')[-800:]}")


async def _drain(running: asyncio.subprocess.Process) -> None:
    assert running.stderr is not None
    async for _ in running.stderr:
        pass
