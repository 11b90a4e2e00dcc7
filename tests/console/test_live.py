import asyncio
import contextlib

import aiohttp
import pytest

from exporters.console import live
from tests.console.commune import quiet
from tests.console.conftest import Page, Serve


async def event(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """The next event of a stream, comments and retry hints passed over."""
    said: dict[str, str] = {}
    async with asyncio.timeout(20):
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            if not line and "event" in said:
                return said
            if line and not line.startswith(":"):
                key, _, value = line.partition(": ")
                said[key] = value
    pytest.fail("the stream ended")


def stream(page: Page, query: str = "", **headers: str):
    return page.client.get(page.url + "/events" + query, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def test_a_new_version_is_announced_once(serve: Serve) -> None:
    page = await serve(quiet())
    async with stream(page, "?since=1") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        page.journal.bump()
        assert await event(answer) == {"retry": "2000", "id": "2", "event": "change", "data": '{"version":2}'}
        page.journal.bump()
        assert (await event(answer))["id"] == "3"


async def test_a_page_that_is_behind_is_told_at_once(serve: Serve) -> None:
    page = await serve(quiet())
    page.journal.version = 7
    async with stream(page, "?since=3") as answer:
        assert (await event(answer))["id"] == "7"


async def test_a_reconnecting_browser_goes_on_where_it_was(serve: Serve) -> None:
    page = await serve(quiet())
    page.journal.version = 7
    async with stream(page, "?since=3", Last_Event_ID="7") as answer:
        page.journal.bump()
        assert (await event(answer))["id"] == "8"
    assert page.journal.asked_in[-1] >= 7


@pytest.mark.parametrize("since", ["", "?since=abc", "?since=-1", "?since=99999999999999999999999"])
async def test_nonsense_versions_are_no_version(serve: Serve, since: str) -> None:
    page = await serve(quiet())
    async with stream(page, since) as answer:
        assert (await event(answer))["id"] == "1"


async def test_core_gone_and_back_is_told(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "AGAIN", 0.05)
    page = await serve(quiet())
    async with stream(page, "?since=1") as answer:
        page.journal.fall(True)
        assert (await event(answer))["event"] == "away"
        page.journal.fall(False)
        # The version is the same as before, but the page must hear that figures are good again.
        assert (await event(answer))["event"] == "change"


async def test_too_many_streams_are_refused_not_piled_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 2)
    page = await serve(quiet())
    async with stream(page) as one, stream(page) as two:
        assert (one.status, two.status) == (200, 200)
        async with stream(page) as three:
            assert three.status == 503
            assert "Retry-After" in three.headers


async def test_stopping_ends_open_streams(serve: Serve) -> None:
    page = await serve(quiet())
    async with stream(page, "?since=1") as answer:
        await page.stop()
        async with asyncio.timeout(20):
            with contextlib.suppress(aiohttp.ClientPayloadError):
                await answer.content.read()
        assert answer.content.at_eof() or answer.closed
