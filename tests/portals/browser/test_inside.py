"""What a page tries to reach from inside the browser: the organisation's own addresses, this machine, the cloud's metadata. Refused, counted; none arrives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from tests.portals.browser.conftest import Look, Names, Site

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]


class Canary:
    """Listens on 127.0.0.1 (TCP and UDP, one port); whatever arrives is heard."""

    def __init__(self) -> None:
        self.port = 0
        self.heard: list[str] = []

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.heard.append("udp")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        pass

    def connection_lost(self, error: Exception | None) -> None:
        pass

    def error_received(self, error: Exception) -> None:
        pass

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append("tcp")
        writer.close()


@pytest_asyncio.fixture(loop_scope="module")
async def canary() -> AsyncIterator[Canary]:
    canary = Canary()
    server = await asyncio.start_server(canary.accept, "127.0.0.1", 0)
    canary.port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: canary, local_addr=("127.0.0.1", canary.port))
    yield canary
    transport.close()
    server.close()
    await server.wait_closed()


async def test_the_canary_hears(canary: Canary) -> None:
    with suppress(OSError), socket.create_connection(("127.0.0.1", canary.port), 1), socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"x", ("127.0.0.1", canary.port))
        async with asyncio.timeout(30):
            while len(canary.heard) < 2:
                await asyncio.sleep(0.01)
    assert sorted(canary.heard) == ["tcp", "udp"]


async def test_every_kind_of_request_to_addresses_inside_is_refused(look: Look, site: Site, canary: Canary) -> None:
    site.pages = {
        "/": """<p>Cổng</p><link rel=prefetch href="http://127.0.0.1:@C/prefetch"><link rel=preconnect href="http://127.0.0.1:@C">
        <link rel=dns-prefetch href="//inside.test"><link rel=stylesheet href="http://10.0.0.1/style">
        <iframe src="http://127.0.0.1:@C/frame"></iframe><iframe src="http://192.168.1.1/"></iframe>
        <script>
            const inside = ["127.0.0.1:@C", "0x7f000001:@C", "2130706433:@C", "0177.0.0.1:@C", "127.1:@C", "[::1]:@C", "[::ffff:127.0.0.1]:@C", "localhost:@C",
                "10.1.2.3", "172.16.0.1", "169.254.169.254", "100.64.0.1", "[fd00:ec2::254]", "[::ffff:10.0.0.1]", "0.0.0.0:@C", "inside.test"];
            for (const host of inside) {
                fetch(`http://${host}/fetch`, {mode: "no-cors"}).catch(() => 0);
                new Image().src = `http://${host}/image`;
                const asked = new XMLHttpRequest(); asked.open("GET", `https://${host}/xhr`); asked.send();
                try { new WebSocket(`ws://${host}/socket`) } catch { }
            }
            const turn = {urls: "turn:127.0.0.1:@C?transport=tcp", username: "a", credential: "b"};
            const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:@C"}, turn]});
            peer.createDataChannel("x"); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
            navigator.sendBeacon("http://127.0.0.1:@C/beacon", "x");
        </script>""".replace("@C", str(canary.port)),
    }
    rendered = await look("/", names=Names({"inside.test": [["10.9.9.9"]]}))
    assert canary.heard == []
    assert {"loopback", "private", "metadata", "carrier"} <= set(rendered.refused), rendered.refused
    assert sum(rendered.refused.values()) > 40
    assert rendered.refusals["169.254.169.254"] == "metadata"
    assert rendered.refusals["inside.test"] == "private"
    assert {request.refused for request in rendered.requests if "/image" in request.url} <= {"loopback", "private", "metadata", "carrier", "unspecified"}
    assert rendered.documents[0].text.startswith("Cổng")


@pytest.mark.parametrize(
    ("way", "target", "why"),
    [
        ("location", "http://2130706433:@C/", "loopback"),
        ("refresh", "http://10.0.0.1/", "private"),
        ("status", "https://169.254.169.254/latest/meta-data/", "metadata"),
        ("status", "http://[::ffff:10.0.0.1]/", "private"),
    ],
)
async def test_a_visitor_is_not_taken_inside(look: Look, site: Site, canary: Canary, way: str, target: str, why: str) -> None:
    target = target.replace("@C", str(canary.port))
    site.pages = {
        "location": {"/": f"<p>Cổng<script>location = '{target}'</script>"},
        "refresh": {"/": f"<p>Cổng<meta http-equiv=refresh content='5;url={target}'>"},
        "status": {"/": site.moved(target)},
    }[way]
    rendered = await look("/", names=Names({"inside.test": [["10.9.9.9"]]}), quiet=0.2)
    assert canary.heard == []
    assert rendered.trouble == f"refused:{why}"
    assert rendered.navigations[-1].error == f"refused:{why}"
    assert rendered.navigations[-1].status == 0


async def test_a_name_whose_second_answer_is_inside_is_refused_when_asked_again(look: Look, site: Site, canary: Canary) -> None:
    """The browser keeps no address: each connection is checked by itself, and goes to what was checked."""
    names = Names({"rebind.test": [["127.0.10.1"], ["127.0.0.1"]]})
    site.pages = {
        "/": f"""<p>x<script>
            const ask = (port, path) => fetch(`http://rebind.test:${{port}}${{path}}`, {{mode: "no-cors"}});
            ask({site.plain}, "/first").finally(() => ask({canary.port}, "/second").catch(() => 0));
        </script>""",
        "/first": "1",
    }
    rendered = await look("/", names=names)
    assert site.sent("/first")
    assert names.asked.count("rebind.test") >= 2
    assert rendered.refusals["rebind.test"] == "loopback"
    assert canary.heard == []


async def test_ports_of_other_protocols_are_refused(look: Look, site: Site) -> None:
    site.pages = {"/": "<p>x<script>for (const port of [22, 25, 6667]) fetch(`http://away.test:${port}/`, {mode: 'no-cors'}).catch(() => 0)</script>"}
    rendered = await look("/")
    assert "away.test" not in rendered.addresses
