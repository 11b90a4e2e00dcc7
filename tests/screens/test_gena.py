"""Subscriptions to a renderer of our own on loopback: events become facts, renewals keep them, and strangers' words are refused."""

import asyncio
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from collector.decode.screens.told import Told
from collector.sensors.screens import gena
from collector.sensors.screens.questions import Means
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import UnansweredError, Web, lax
from tests.decode.screens.test_readers import event
from tests.screens.conftest import HERE, Loopback

DEVICE = """<root><device><friendlyName>TV</friendlyName><serviceList><service><serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType>
<controlURL>/c</controlURL><eventSubURL>/e</eventSubURL></service></serviceList></device></root>"""
PLAYING = event([("TransportState", "PLAYING"), ("AVTransportURI", "http://h/a.mp4")])


class Renderer:
    """Grants subscriptions for `seconds`."""

    def __init__(self, seconds=1800, status=200):
        self.seconds, self.status = seconds, status
        self.requests = []
        self.news = asyncio.Event()

    async def handle(self, request):
        if request.method == "GET":
            return web.Response(text=DEVICE, content_type="text/xml")
        self.requests.append((request.method, dict(request.headers)))
        self.news.set()
        return web.Response(status=self.status, headers={"SID": "uuid:1", "TIMEOUT": f"Second-{self.seconds}"} if self.status == 200 else {})

    async def until(self, method, number=1):
        async with asyncio.timeout(30):
            while sum(made == method for made, _ in self.requests) < number:
                self.news.clear()
                await self.news.wait()
        return [headers for made, headers in self.requests if made == method]


@asynccontextmanager
async def at_work(renderer, **options):
    """A subscription to the renderer; its listener, its task, and what it heard."""
    heard = []

    @asynccontextmanager
    async def turn(_ip):
        async with asyncio.timeout(30):
            yield

    server = web.ServerRunner(web.Server(renderer.handle))
    await server.setup()
    site = web.TCPSite(server, HERE, 0)
    await site.start()
    port = server.addresses[0][1]
    listener = gena.Listener(HERE, 0, **options)
    await listener.start()
    async with Web(Loopback()) as session:
        question = Question("dlna", HERE, port, f"http://{HERE}:{port}/d.xml")
        task = asyncio.create_task(gena.subscribed(question, Means(Loopback(), session, lax()), listener, heard.append, turn))
        try:
            yield listener, task, heard
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, UnansweredError, OSError):
                await task
            await listener.stop()
            await server.cleanup()


async def notify(url, body=PLAYING, sid="uuid:1", method="NOTIFY"):
    async with aiohttp.ClientSession() as session, session.request(method, url, data=body, headers={"SID": sid} if sid else {}) as response:
        return response.status


def callback(headers):
    return headers["CALLBACK"].strip("<>")


async def settled(url):
    """Once the sensor knows by which name the renderer will call it, another name is refused."""
    async with asyncio.timeout(30):
        while await notify(url, body=b"", sid="uuid:0") != 412:
            await asyncio.sleep(0.01)


async def test_an_event_is_heard_and_the_end_is_announced():
    renderer = Renderer()
    async with at_work(renderer) as (_, _, heard):
        [headers] = await renderer.until("SUBSCRIBE")
        assert headers["NT"] == "upnp:event"
        await settled(callback(headers))
        assert await notify(callback(headers)) == 200
        assert heard == [Told(playing=True, what="http://h/a.mp4")]
    assert [sent["SID"] for sent in await renderer.until("UNSUBSCRIBE")] == ["uuid:1"]


async def test_what_an_event_leaves_out_holds_on():
    renderer = Renderer()
    async with at_work(renderer) as (_, _, heard):
        [headers] = await renderer.until("SUBSCRIBE")
        said = [[("TransportState", "STOPPED")], [("AVTransportURI", "http://h/b.mp4")], [("TransportState", "PLAYING")], [("TransportState", "STOPPED")]]
        for values in said:
            await notify(callback(headers), event(values))
    assert [(told.playing, told.what) for told in heard] == [(False, ""), (False, ""), (True, "http://h/b.mp4"), (False, "")]


async def test_a_subscription_is_renewed_before_it_ends():
    renderer = Renderer(seconds=1)
    async with at_work(renderer):
        first, second = await renderer.until("SUBSCRIBE", 2)
    assert ("CALLBACK" in first, "CALLBACK" in second, second["SID"]) == (True, False, "uuid:1")


async def test_a_renderer_that_grants_none_is_let_be():
    renderer = Renderer(status=412)
    async with at_work(renderer) as (_, task, _):
        with pytest.raises(UnansweredError):
            await task
    assert [method for method, _ in renderer.requests] == ["SUBSCRIBE"]


async def test_strangers_words_are_refused_and_counted():
    renderer = Renderer()
    async with at_work(renderer) as (listener, _, heard):
        [headers] = await renderer.until("SUBSCRIBE")
        url = callback(headers)
        await settled(url)
        before = listener.refused
        assert await notify(url) == 200
        assert await notify(url, sid="uuid:2") == 412
        assert await notify(url, sid="") == 412
        assert await notify(url[:-1]) == 404
        assert await notify(url, method="POST") == 404
        assert await notify(url, body=b"x" * 70_000) == 413
        assert await notify(url, body=b"<!DOCTYPE x><x/>") == 200
        assert listener.refused - before == 5
        assert len(heard) == 1


async def test_a_body_that_drips_and_a_connection_that_says_nothing_are_cut_off():
    renderer = Renderer()
    async with at_work(renderer, patience=0.2, sweep=0.2) as (_, _, heard):
        [headers] = await renderer.until("SUBSCRIBE")
        url = aiohttp.client.URL(callback(headers))
        for begun in (b"", f"NOTIFY {url.path} HTTP/1.1\r\nHost: x\r\nSID: uuid:1\r\nContent-Length: 100\r\n\r\na".encode()):
            reader, writer = await asyncio.open_connection(HERE, url.port)
            writer.write(begun)
            async with asyncio.timeout(30):
                assert b"200" not in await reader.read()
            writer.close()
        assert heard == []


async def test_after_the_end_the_address_is_nobodys():
    renderer = Renderer()
    async with at_work(renderer) as (_, task, heard):
        [headers] = await renderer.until("SUBSCRIBE")
        await settled(callback(headers))
        task.cancel()
        await renderer.until("UNSUBSCRIBE")
        assert await notify(callback(headers)) == 404
        assert heard == []
