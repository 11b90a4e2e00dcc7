"""Pages made to hold, fill or break a browser: each ends within its bounds, and the next render is as good as the first."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest
from aiohttp import web

from collector.clock import SystemClock
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.browser.process import members
from collector.sensors.portals.browser.rendered import MAX_MARKUP, Rendered
from collector.sensors.portals.browser.watch import MAX_NAVIGATIONS, MAX_REQUESTS
from tests.portals.browser.conftest import Look, Site

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

MEGABYTE = 1024 * 1024


async def endless(request: web.Request) -> web.StreamResponse:
    """As fast as it is read; `kind` and `pace` (seconds between pieces) by the query; with `seen` the first piece asks for more."""
    answer = web.StreamResponse(headers={"Content-Type": request.query.get("kind", "text/html")})
    if "save" in request.query:
        answer.headers["Content-Disposition"] = "attachment; filename=a.apk"
        answer.content_length = 1024 * MEGABYTE
    await answer.prepare(request)
    if "seen" in request.query:
        await answer.write(b"<script src='/seen'></script>")
    pace = float(request.query.get("pace", 0))
    try:
        while True:
            await answer.write(b"<p>x" * (1 if pace else 16_384))
            await asyncio.sleep(pace)
    except (ConnectionError, asyncio.CancelledError):
        return answer


async def well(look: Look, site: Site) -> bool:
    """Whether an ordinary page is rendered as ever."""
    site.pages["/well"] = "<p>khỏe"
    rendered = await look("/well", ripen=0)
    return (rendered.trouble, rendered.documents[0].text) == ("", "khỏe")


async def test_dialogues_without_end(look: Look, site: Site) -> None:
    site.pages["/"] = "<p>x<script>let n = 0; do { alert('Trúng thưởng'); confirm(2); prompt(3); n++ } while (prompt() === null && n < 50000)</script><p>y"
    rendered = await look("/")
    assert rendered.trouble == ""
    assert rendered.documents[0].text.split() == ["x", "y"]
    assert rendered.calls[0].value == "Trúng thưởng"
    assert len(rendered.calls) <= 16


async def test_a_script_that_never_ends(look: Look, site: Site) -> None:
    site.pages["/"] = "<p>Trang chủ</p><script>for (;;);</script>"
    rendered = await look("/", seconds=2)
    assert rendered.trouble == "timeout"
    assert rendered.documents[0].text == "Trang chủ"
    assert rendered.seconds < 8
    assert await well(look, site)


async def test_a_page_that_never_ends_quickly_or_slowly(look: Look, site: Site) -> None:
    site.pages["/"] = endless
    slow = await look("/?pace=0.05", seconds=2)
    assert slow.trouble == "timeout"
    fast = await look("/", seconds=4, max_bytes=3 * MEGABYTE)
    assert fast.bytes < 4 * MEGABYTE
    assert fast.refused["budget"] >= 1
    assert all(len(document.html) <= MAX_MARKUP for document in fast.documents)


async def test_a_download_is_told_not_taken(look: Look, site: Site) -> None:
    site.pages |= {"/": "<p>Tin<iframe src='/file?save&kind=application/vnd.android.package-archive'></iframe>", "/file": endless}
    rendered = await look("/", seconds=4, max_bytes=8 * MEGABYTE)
    assert rendered.downloads == (f"http://home.test:{site.plain}/file?save&kind=application/vnd.android.package-archive",)
    assert rendered.bytes < 9 * MEGABYTE
    assert rendered.documents[0].text == "Tin"


async def test_a_page_that_sends_itself_round_and_round(look: Look, site: Site) -> None:
    site.pages["/"] = "<script>location = '/?' + Math.random()</script>"
    rendered = await look("/", seconds=8)
    assert len(rendered.navigations) <= MAX_NAVIGATIONS + 2
    assert "loop" in {step.stopped for step in rendered.navigations}


async def test_thousands_of_requests_frames_and_windows(look: Look, site: Site) -> None:
    site.pages["/"] = """<p>x<script>for (let n = 0; n < 900; n++) { new Image().src = "/i" + n; if (n < 300) open("http://w" + n + ".test/") }
        for (let n = 0; n < 60; n++) document.body.append(Object.assign(document.createElement("iframe"), {src: "/f" + n}))</script>"""
    rendered = await look("/", seconds=8)
    assert len(rendered.requests) <= MAX_REQUESTS
    assert len(rendered.popups) == 32
    assert len(site.seen) <= MAX_REQUESTS + 10
    assert rendered.refused["budget"] > 300


async def test_a_page_with_a_very_large_tree(look: Look, site: Site) -> None:
    site.pages["/"] = (
        "<script>document.write('<div>'.repeat(3000) + Array.from({length: 9000}, (_, n) => `<a style='opacity:0' href='http://h${n}.test/'>a</a>`).join(''))</script>"
    )
    rendered = await look("/", seconds=10, ripen=0)
    assert rendered.trouble == ""
    assert len(rendered.documents[0].html) <= MAX_MARKUP
    assert sum(len(box.links) for box in rendered.documents[0].boxes) == 40


async def shown(site: Site) -> None:
    """The endless page is in its renderer, which has asked for what it names."""
    while not site.sent("/seen"):
        await asyncio.sleep(0.01)


async def killed(rendering: asyncio.Task[Rendered], site: Site, browser: Browser, *, all_of_it: bool) -> Rendered:
    await shown(site)
    for pid in members(browser.pid, "") if all_of_it else [browser.pid]:
        # One that lost its browser may end before its turn comes.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return await rendering


@pytest.mark.parametrize("all_of_it", [True, False])
async def test_a_browser_that_dies_is_replaced(look: Look, site: Site, browser: Browser, all_of_it: bool) -> None:
    before, starts = browser.pid, browser.health.starts
    site.pages["/"] = endless
    rendered = await killed(asyncio.create_task(look("/?pace=0.05&seen", seconds=8)), site, browser, all_of_it=all_of_it)
    assert rendered.trouble == "gone"
    assert await well(look, site)
    assert browser.pid != before
    assert browser.health.starts == starts + 1
    assert members(before, "") == []
    assert browser.health.ended["gone"] >= 1


async def test_a_page_that_eats_memory(look: Look, site: Site) -> None:
    site.pages["/"] = "<p>x<script>const kept = []; setInterval(() => kept.push(new Uint8Array(3e7).fill(1)), 20)</script>"
    async with Browser(SystemClock(), max_memory=450 * MEGABYTE) as small:
        rendered = await look("/", within=small, seconds=10, ripen=0, quiet=5)
        assert rendered.trouble == "memory"
        assert small.health.ended == {"memory": 1}
        site.pages["/"] = "<p>x"
        assert (await look("/", within=small)).trouble == ""


async def test_a_page_whose_process_crashes(look: Look, site: Site, browser: Browser) -> None:
    site.pages["/"] = endless
    rendering = asyncio.create_task(look("/?pace=0.05&seen", seconds=8))
    await shown(site)
    for pid in members(browser.pid, ""):
        if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    rendered = await rendering
    assert rendered.trouble == "crashed"
    assert await well(look, site)


async def test_a_browser_that_does_not_answer_is_ended(look: Look, site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.sensors.portals.browser.browser.GRACE", 0.5)
    site.pages["/"] = endless
    rendering = asyncio.create_task(look("/?pace=0.05&seen", seconds=3))
    await shown(site)
    os.kill(browser.pid, signal.SIGSTOP)
    rendered = await rendering
    assert rendered.trouble == "stuck"
    assert browser.health.ended["stuck"] == 1
    assert await well(look, site)
