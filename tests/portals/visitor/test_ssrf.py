"""Whatever way a portal sends the visitor inside, nothing arrives there: refused, counted, told."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from collector.sensors.portals.personas import PERSONAS
from collector.sensors.portals.recording import recorded
from tests.portals.visitor.places import World, failed, looked, moved, page, portal, reply, seen

# Only the portal's own server is let through; a canary listens beside it on another address of loopback.
PORTAL = ("127.0.0.1/32",)
INSIDE = {
    "http://127.0.0.2:{port}/": "loopback",
    "http://2130706434:{port}/": "loopback",
    "http://0x7f000002:{port}/": "loopback",
    "http://0177.0.0.2:{port}/": "loopback",
    "http://127.2:{port}/": "loopback",
    "http://%31%32%37.0.0.2:{port}/": "loopback",
    "http://１２７.0.0.2:{port}/": "loopback",
    "//127.0.0.2:{port}/x": "loopback",
    "http:\\\\127.0.0.2:{port}\\": "loopback",
    "http://dichvucong.gov.vn@127.0.0.2:{port}/": "loopback",
    "http://[::ffff:127.0.0.2]:{port}/": "loopback",
    "http://[::1]:{port}/": "loopback",
    "http://localhost:{port}/": "loopback",
    "http://0.0.0.0:{port}/": "unspecified",
    "http://10.0.0.1/": "private",
    "http://0x0a.1/": "private",
    "http://012.0.0.1/": "private",
    "http://192.168.1.1/": "private",
    "http://[::ffff:10.0.0.1]/": "private",
    "http://[64:ff9b::a00:1]/": "private",
    "http://169.254.169.254/latest/meta-data/": "metadata",
    "http://2852039166/": "metadata",
    "http://[fd00:ec2::254]/": "metadata",
    "http://100.64.1.1/": "carrier",
    "http://inside.test:{port}/": "loopback",
    "http://metadata.test/": "metadata",
    "http://both.test/": "private",
    "http://ok.test:22/": "port",
}


FORMS = ("302", "refresh", "meta", "script")


@contextlib.asynccontextmanager
async def canary():
    """A listener that must hear nothing: its port, and what came."""
    came: list[bytes] = []

    async def hear(reader, writer):
        came.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.2", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


def names(world: World) -> None:
    world.table.put("inside.test", ["127.0.0.2"])
    world.table.put("metadata.test", ["169.254.169.254"])
    world.table.put("both.test", ["8.8.8.8", "10.0.0.9"])
    world.table.put("ok.test", ["127.0.0.1"])


@pytest.mark.parametrize("target", INSIDE)
@pytest.mark.parametrize("form", FORMS)
async def test_no_hop_goes_inside(world: World, target: str, form: str) -> None:
    names(world)
    async with canary() as (port, came):
        to = target.format(port=port)
        answer = {
            "302": moved(to),
            "refresh": reply("<p>chờ", Refresh=f"0;url={to}"),
            "meta": page("chờ", f'<meta http-equiv=refresh content="0;url={to}">'),
            "script": page("chờ", "<script>location.href='" + to.replace("\\", "\\\\") + "'</script>"),
        }[form]
        origin = await world.serve("xa.test", answer)
        visitor = await world.visitor(allow=PORTAL)
        look = await looked(visitor, origin)
        fact = failed(look)
        assert fact.reason == "refused"
        assert fact.hops[-1].trouble == f"refused:{INSIDE[target]}"
        assert fact.hops[-1].how == {"302": "http"}.get(form, form)
        assert visitor.guard.refused == {INSIDE[target]: 1}
        assert look.requests == 1
        assert came == []


@pytest.mark.parametrize("target", INSIDE)
async def test_no_portal_is_looked_at_inside(world: World, target: str) -> None:
    names(world)
    visitor = await world.visitor(allow=PORTAL)
    async with canary() as (port, came):
        url = target.format(port=port)
        url = f"http:{url}" if url.startswith("//") else url
        look = await looked(visitor, url.rstrip("/"))
        assert (failed(look).reason, look.requests, came) == ("refused", 0, [])


async def test_a_name_that_changes_between_two_looks_is_checked_each_time(world: World) -> None:
    origin = await world.serve("rebind.test", page("Xã"))
    world.table.put("rebind.test", ["127.0.0.1"], ["127.0.0.2"])
    visitor = await world.visitor(allow=PORTAL)
    seen(await looked(visitor, origin))
    assert failed(await looked(visitor, origin)).hops[0].trouble == "refused:loopback"
    assert len(world.servers[0].heads) == 1


async def test_the_connection_goes_to_the_address_that_was_checked(world: World) -> None:
    # The second answer would lead to the canary: were the name asked again to connect, it would sing.
    async with canary() as (_, came):
        origin = await world.serve("rebind.test", page("Xã"))
        world.table.put("rebind.test", ["127.0.0.1"], ["127.0.0.2"])
        look = await looked(await world.visitor(), origin)
        assert seen(look).hops[0].address == "127.0.0.1"
        assert world.table.asked == ["rebind.test"]
        assert came == []


async def test_a_portals_own_prefix_is_let_through_for_it_alone(world: World) -> None:
    origin = await world.serve("xa.test", page("Xã"))
    visitor = await world.visitor(allow=())
    assert failed(await looked(visitor, origin)).reason == "refused"
    seen(await looked(visitor, origin, allow=("127.0.0.1/32",)))
    assert failed(await looked(visitor, origin)).reason == "refused"
    assert visitor.guard.refused == {"loopback": 2}


async def test_files_of_a_portal_go_through_the_same_guard(world: World) -> None:
    names(world)
    origin = await world.serve("xa.test", lambda head: moved("http://inside.test/robots.txt") if "robots" in head else page("Xã"))
    visitor = await world.visitor(allow=PORTAL)
    made = await visitor.fetch(portal(origin), f"{origin}/robots.txt", PERSONAS["desktop"])
    assert (made.status, made.trouble) == (0, "refused:loopback")
    assert recorded("http", made).trouble == "refused:loopback"


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "intent://x#Intent;end", "ftp://ok.test/", "http://", "http://a b/"]
)
async def test_other_kinds_of_address_are_not_gone_to(world: World, target: str) -> None:
    origin = await world.serve("xa.test", moved(target))
    look = await looked(await world.visitor(allow=PORTAL), origin)
    assert look.requests == 1
    assert len(look.fact.hops) == 1
