"""Servers that misbehave: each is a word, in bounded time and memory, and what a visitor would have seen until then is kept."""

from __future__ import annotations

import asyncio
import gzip
import random
import resource
import zlib

import pytest

from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.limits import MIB
from collector.sensors.portals.personas import PERSONAS
from collector.sensors.portals.recording import recorded
from tests.portals.visitor.places import Serve, World, failed, looked, page, portal, quick, reply, seen

PAGE = b"page" * 9
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def fetched(world: World, serve: Serve | bytes, method: str = "GET", **limits: float) -> Exchange:
    given = {"answer": serve} if isinstance(serve, bytes) else {"serve": serve}
    origin = await world.serve("xa.test", **given)
    visitor = await world.visitor(limits=quick(**limits))
    return await visitor.fetch(portal(origin), f"{origin}/", PERSONAS["desktop"], method)


def sends(*pieces: bytes, endless: bytes = b"", pause: float = 0.0) -> Serve:
    async def serve(reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        while endless:
            writer.write(endless)
            await writer.drain()
            await asyncio.sleep(pause)

    return serve


def memory() -> int:
    """The most this process ever held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def test_an_answer_is_kept_as_it_came(world: World) -> None:
    packed = gzip.compress(b"<title>X</title>" * 100)
    raw = HEAD + b"X-Odd:  two  words\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
    made = await fetched(world, raw)
    assert (made.status, made.trouble, made.address) == (200, "", "127.0.0.1")
    assert made.lines("set-cookie") == ["a=1", "b=2"]
    assert made.sent == packed
    assert made.body == b"<title>X</title>" * 100
    assert made.asked.decode() == world.servers[0].heads[0]
    kept = recorded("asked", made)
    assert (kept.body, kept.inflated, kept.reason, kept.status) == (packed, False, "OK", 200)
    assert ("X-Odd", "two  words") in kept.response_headers
    assert kept.request_headers[0][0] == "Host"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"page" * 9)),
        ("deflate", zlib.compress(b"page" * 9)),
        ("deflate", zlib.compress(b"page" * 9, wbits=-15)),
        ("identity", b"page" * 9),
    ],
    ids=["gzip", "deflate", "deflate bare", "identity"],
)
async def test_every_packing_that_is_asked_for_is_unpacked(world: World, coding: str, body: bytes) -> None:
    made = await fetched(world, reply(body, Content_Encoding=coding))
    assert (made.body, made.trouble) == (PAGE, "")


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
async def test_a_packing_nobody_asked_for_is_told(world: World, coding: str) -> None:
    made = await fetched(world, reply(b"\x0b\x02\x80page", Content_Encoding=coding))
    assert (made.body, made.trouble) == (b"", "packing")


async def test_a_broken_packing_is_told_with_what_came_before(world: World) -> None:
    whole = gzip.compress(b"".join(b"%d" % n for n in range(100_000)), mtime=0)
    made = await fetched(world, reply(whole[:4000] + random.Random(1).randbytes(4000), Content_Encoding="gzip"))
    assert made.trouble == "packing"


async def test_a_body_of_two_gigabytes_is_cut(world: World) -> None:
    before = memory()
    made = await fetched(world, sends(HEAD + b"Content-Length: 2147483648\r\n\r\n", endless=b"x" * 65536), exchange=20.0, idle=5.0)
    assert (len(made.body), made.truncated, made.trouble) == (2 * MIB, True, "too_large")
    assert memory() - before < 40


async def test_a_body_without_end_is_cut(world: World) -> None:
    made = await fetched(world, sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", endless=b"10000\r\n" + b"x" * 65536 + b"\r\n"), exchange=20.0, idle=5.0)
    assert (len(made.body), made.truncated, made.trouble) == (2 * MIB, True, "too_large")


async def test_a_film_is_hardly_begun(world: World) -> None:
    made = await fetched(world, sends(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", endless=b"x" * 65536), exchange=20.0, idle=5.0)
    assert len(made.body) == 65536


@pytest.mark.parametrize("kind", ["application/pdf", "application/x-gzip"])
async def test_a_document_may_be_longer_than_a_page(world: World, kind: str) -> None:
    made = await fetched(world, reply(b"%PDF" + b"x" * 3 * MIB, Content_Type=kind), exchange=20.0)
    assert (len(made.body), made.trouble) == (3 * MIB + 4, "")


async def test_a_bomb_is_told_from_a_page(world: World) -> None:
    before = memory()
    bomb = gzip.compress(b"\0" * 200 * MIB, 9)
    made = await fetched(world, reply(bomb, Content_Encoding="gzip"), exchange=20.0)
    assert (made.trouble, made.truncated) == ("bomb", True)
    assert len(made.body) <= 2 * MIB
    assert memory() - before < 250 + 40  # the bomb's making is 200 of it


async def test_a_bomb_is_a_failed_look_and_a_long_page_is_none(world: World) -> None:
    bomb = gzip.compress(b"\0" * 8 * MIB, 9)
    origin = await world.serve("bomb.test", reply(bomb, Content_Encoding="gzip"))
    long = await world.serve("long.test", reply(b"<title>x</title>" + bytes(range(33, 127)) * 40_000))
    visitor = await world.visitor()
    assert failed(await looked(visitor, origin)).reason == "too_large"
    fact = seen(await looked(visitor, long))
    assert "longer than is read" in fact.unfolded
    assert fact.hops[0].trouble == "too_large"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * MIB + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * MIB + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"N" * MIB + b": a\r\n\r\n",
    ],
)
async def test_a_head_of_a_megabyte_is_told(world: World, head: bytes) -> None:
    made = await fetched(world, sends(head))
    assert (made.status, made.trouble) == (0, "headers")


@pytest.mark.parametrize("endless", [b"X-More: a\r\n", b"a", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_head_without_end_is_told(world: World, endless: bytes) -> None:
    first = b"" if endless.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\nX: "
    made = await fetched(world, sends(first, endless=endless * 50))
    assert made.status == 0
    assert made.trouble in ("headers", "timeout")


@pytest.mark.parametrize("answer", [b"hello\r\n\r\n", b"<html>no head</html>", b"\0\0\0\0\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b""])
async def test_what_is_no_http_is_told(world: World, answer: bytes) -> None:
    made = await fetched(world, answer)
    assert (made.status, made.trouble) == (0, "protocol")
    assert len(world.servers[0].heads) == 1, "asked again, unasked"


async def test_a_server_that_says_nothing_is_told(world: World) -> None:
    async def silent(reader, writer):
        await asyncio.sleep(2)

    assert (await fetched(world, silent)).trouble == "timeout"


async def test_a_slow_drip_ends_in_time_and_what_came_is_kept(world: World) -> None:
    made = await fetched(world, sends(HEAD + b"Content-Length: 100000\r\n\r\n<title>X", endless=b"y", pause=0.02))
    assert (made.status, made.trouble) == (200, "timeout")
    assert made.body.startswith(b"<title>Xy")


async def test_a_drip_hides_no_way_out(world: World) -> None:
    """Slow pages are failed looks, but not where a way out of the portal has come already."""
    origin = await world.serve("xa.test", serve=sends(HEAD + b"Content-Length: 100000\r\n\r\n<title>X", endless=b"y", pause=0.02))
    away = await world.serve("away.test", page("Xa"))
    hidden = await world.serve(
        "xb.test", serve=sends(HEAD + b"Refresh: 0;url=" + away.encode() + b"\r\nContent-Length: 9\r\n\r\n<title>", endless=b"", pause=0.02)
    )
    visitor = await world.visitor(limits=quick())
    assert failed(await looked(visitor, origin)).reason == "timeout"
    assert seen(await looked(visitor, hidden)).hops[-1].host == away.partition("//")[2]


async def test_a_body_cut_off_is_read_as_far_as_it_came(world: World) -> None:
    made = await fetched(world, HEAD + b"Content-Length: 5000\r\n\r\n<title>X</title>")
    assert (made.body, made.trouble) == (b"<title>X</title>", "protocol")


async def test_nobody_listens(world: World) -> None:
    origin = await world.serve("xa.test", b"")
    await world.servers[0].stop()
    assert failed(await looked(await world.visitor(), origin)).reason == "connect"


async def test_the_next_address_is_tried(world: World) -> None:
    origin = await world.serve("xa.test", page("Xã"))
    world.table.put("xa.test", ["127.0.0.9", "127.0.0.1"])
    assert seen(await looked(await world.visitor(), origin)).hops[0].address == "127.0.0.1"


async def test_a_name_nobody_knows(world: World) -> None:
    assert failed(await looked(await world.visitor(), "http://nowhere.test")).reason == "dns"


@pytest.mark.parametrize("url", ["", "not a url", "http://", "http://a b/", "mailto:a@b.test", "http://xa.test:99999/", "http://" + "a." * 300 + "test/"])
async def test_what_is_no_address_is_a_failed_look(world: World, url: str) -> None:
    look = await looked(await world.visitor(), url)
    assert failed(look).reason in ("protocol", "dns")
    assert look.requests == 0


async def test_only_the_head_may_be_asked_for(world: World) -> None:
    made = await fetched(world, b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", "HEAD")
    assert (made.status, made.body, made.trouble) == (200, b"", "")
    assert world.servers[0].heads[0].startswith("HEAD / ")
