"""Peers that mean harm: whatever they send, a question ends in time, costs little, and goes nowhere else."""

import asyncio
import gzip
import resource
import ssl

import pytest

from collector.sensors.screens.questions import ASK
from collector.sensors.screens.road import OffLinkError, allowed
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import UnansweredError
from tests.screens.conftest import HERE, asked, http, saying, serving

DEVICE = b"<root><URLBase>%s</URLBase><device><friendlyName>x</friendlyName><service><serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType>"
DEVICE += b"<controlURL>%s</controlURL></service></device></root>"


def located(family, port, path="/d.xml"):
    return Question(family, HERE, port, f"http://{HERE}:{port}{path}")


def every(port):
    """A question of each family at that port."""
    return [Question(family, HERE, port, f"http://{HERE}:{port}/d.xml") for family in ASK if family != "cast-status"]


async def expect_no_answers(port, deadline):
    """All questions at once: each ends by what the sensor takes for no answer."""
    ended = await asyncio.gather(*(asked(question, deadline) for question in every(port)), return_exceptions=True)
    assert [end for end in ended if not isinstance(end, (UnansweredError, TimeoutError, OSError))] == []


async def endless(reader, writer):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head)
    while True:
        writer.write(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        await writer.drain()


async def drip(reader, writer):
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def silent(reader, writer):
    await reader.read()


async def long_greeting(reader, writer):
    writer.write(b"PJLINK 1 " + b"a" * (1 << 20))
    await writer.drain()
    await reader.read()


async def continuing(reader, writer):
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()
        await asyncio.sleep(0)


async def many_headers(reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(100_000)) + b"\r\n")
    await writer.drain()


async def long_header(reader, writer):
    writer.write(b"RTSP/1.0 200 OK\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n")
    await writer.drain()


async def lying_length(reader, writer):
    writer.write(b"RTSP/1.0 200 OK\r\nContent-Length: 9999999\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


PEERS = [endless, drip, silent, long_greeting, continuing, many_headers, long_header, lying_length]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.__name__)
async def test_no_peer_holds_a_question_up_or_fills_memory(peer):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with serving(peer) as server:
        await expect_no_answers(server.port, deadline=0.5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
async def test_no_redirect_is_followed(status):
    async with serving(saying(http(b"secret"))) as inside, serving(saying(http(b"", f"Location: http://{HERE}:{inside.port}/", status=status))) as server:
        await expect_no_answers(server.port, deadline=1)
        assert server.most
        assert inside.most == 0


@pytest.mark.parametrize(
    ("base", "control"),
    [
        (b"", b"http://192.0.2.1/c"),
        (b"", b"http://localhost/c"),
        (b"http://192.0.2.1:80/", b"/c"),
        (b"", b"//192.0.2.1/c"),
        (b"", b"ftp://127.0.0.1/c"),
        (b"", b"http://user@127.0.0.1:8080/c"),
        (b"", b"http://127.0.0.1:9100/c"),
        (b"", b"http://127.0.0.1:22/c"),
        (b"", b"http://[::1]:8080/c"),
        (b"", b"http://127.0.0.1:99999/c"),
        (b"", b"http://0x7f000001:8080/c"),
    ],
)
async def test_a_description_leads_nowhere_else(base, control):
    async with serving(saying(http(DEVICE % (base, control)))) as server:
        with pytest.raises(OffLinkError):
            await asked(located("dlna", server.port))


@pytest.mark.parametrize("applications", ["http://192.0.2.1/apps", "http://127.0.0.1:9100/apps", "https://169.254.169.254/apps"])
async def test_dials_application_url_leads_nowhere_else(applications):
    async with serving(saying(http(DEVICE % (b"", b""), f"Application-URL: {applications}"))) as server:
        with pytest.raises(OffLinkError):
            await asked(located("dial", server.port))


async def test_a_packed_body_is_not_unpacked():
    bomb = gzip.compress(b"<x>" + b" " * (50 << 20) + b"</x>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with serving(saying(http(bomb, "Content-Encoding: gzip"))) as server:
        await expect_no_answers(server.port, deadline=1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10


async def test_an_entity_bomb_is_no_description():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY a0 "x">{entities}]><root><device><friendlyName>&a11;</friendlyName></device></root>'.encode()
    async with serving(saying(http(bomb))) as server:
        with pytest.raises(UnansweredError):
            await asked(located("dlna", server.port))


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


@pytest.mark.parametrize(
    "flood",
    [b"\xff\xff\xff\xff" + b"a" * 65_536, framed(b"") * 1_000, framed(b"\x12\x7f") * 1_000, b"GET / HTTP/1.1\r\n\r\n", b""],
    ids=["4 GB", "empty frames", "broken frames", "another protocol", "nothing"],
)
async def test_a_cast_receiver_that_means_harm(flood, certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate[1], certificate[0])

    async def serve(reader, writer):
        while flood:
            writer.write(flood)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0, ssl=tls)
    try:
        with pytest.raises((UnansweredError, TimeoutError, OSError)):
            await asked(Question("cast-status", HERE, server.sockets[0].getsockname()[1]), deadline=2)
    finally:
        server.close()


@pytest.mark.parametrize(
    ("port", "fine"),
    [(80, True), (443, True), (1024, True), (4352, True), (65535, True), (0, False), (22, False), (25, False), (9100, False), (515, False), (65536, False)],
)
def test_ports_that_are_never_asked(port, fine):
    assert allowed(port) is fine
