"""Every form of hop, from the address asked for to where a visitor ends."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from collector.sensors.portals.follow import failure_of
from tests.portals.visitor.places import World, failed, looked, moved, page, reply, seen

ANSWERS = {301: "Moved", 302: "Found", 303: "See Other", 307: "Temporary", 308: "Permanent"}


async def sent(world: World, make: Callable[[str], bytes], path: str = "/", end: bytes | None = None, **given):
    """A look at a portal whose answer is made from the address of another host."""
    away = await world.serve("away.test", end or page("Đích"))
    origin = await world.serve("xa.test", make(away))
    return await looked(await world.visitor(), origin, path, **given), away


@pytest.mark.parametrize("status", ANSWERS)
async def test_a_3xx_is_a_hop(world: World, status: int) -> None:
    look, away = await sent(world, lambda away: moved(f"{away}/vao?ref=1", f"{status} {ANSWERS[status]}"))
    fact = seen(look)
    assert [(hop.how, hop.status, hop.url) for hop in fact.hops] == [("asked", status, fact.url), ("http", 200, f"{away}/vao?ref=1")]
    assert [server.heads[0].split()[0] for server in world.servers] == ["GET", "GET"]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/moi", "/moi"),
        ("moi.html", "/cu/moi.html"),
        ("../goc", "/goc"),
        ("?q=1", "/cu/trang?q=1"),
        ("  /moi  ", "/moi"),
        ("\\moi", "/moi"),
        ("/a b", "/a%20b"),
    ],
)
async def test_a_location_is_read_as_browsers_read_it(world: World, written: str, path: str) -> None:
    origin = await world.serve("xa.test", lambda head: moved(written) if "/cu/trang " in head else page("Mới"))
    fact = seen(await looked(await world.visitor(), origin, "/cu/trang"))
    assert fact.hops[-1].url == origin + path
    assert world.servers[0].paths[-1] == path


@pytest.mark.parametrize("status", ["300 Multiple", "304 Not Modified", "305 Use Proxy"])
async def test_other_3xx_send_nobody_on(world: World, status: str) -> None:
    origin = await world.serve("xa.test", moved("http://away.test/", status))
    assert len((await looked(await world.visitor(), origin)).fact.hops) == 1


async def test_a_3xx_without_a_place_is_a_page(world: World) -> None:
    origin = await world.serve("xa.test", reply("<title>Xã</title>", "302 Found"))
    assert len(seen(await looked(await world.visitor(), origin)).hops) == 1


@pytest.mark.parametrize("value", ["0;url={}", "5; URL='{}'", "3, {}", "0; {}"])
async def test_a_refresh_header_is_a_hop_with_its_delay(world: World, value: str) -> None:
    look, away = await sent(world, lambda away: reply("<p>Chờ", Refresh=value.format(f"{away}/x")))
    hop = seen(look).hops[-1]
    assert (hop.how, hop.url, hop.delay) == ("refresh", f"{away}/x", float(value[0]))


@pytest.mark.parametrize(
    ("markup", "delay"),
    [
        ('<meta http-equiv="refresh" content="0;url={}/x">', 0.0),
        ("<META HTTP-EQUIV=ReFrEsH CONTENT='7; URL={}/x'>", 7.0),
        ('<meta http-equiv="&#114;efresh" content="0;&#117;rl={}/x">', 0.0),
        ('<noscript><meta http-equiv="refresh" content="0;url={}/x"></noscript>', 0.0),
        ('<meta http-equiv="refresh" content="600;url={}/x">', 600.0),
    ],
)
async def test_a_meta_refresh_is_a_hop_however_long_it_waits(world: World, markup: str, delay: float) -> None:
    look, away = await sent(world, lambda away: page("Xã", markup.format(away)))
    hop = seen(look).hops[-1]
    assert (hop.how, hop.url, hop.delay, hop.status) == ("meta", f"{away}/x", delay, 200)
    assert world.clock.seconds == 0.0, "nobody waits for it"


async def test_a_page_that_only_reloads_itself_is_where_the_visitor_is(world: World) -> None:
    for n, markup in enumerate(
        ('<meta http-equiv=refresh content="300">', '<meta http-equiv=refresh content="300;url=/">', "<meta http-equiv=refresh content='5;url=#a'>")
    ):
        origin = await world.serve(f"x{n}.test", page("Xã", markup))
        assert len(seen(await looked(await world.visitor(), origin)).hops) == 1


async def test_a_not_found_that_forwards_is_followed(world: World) -> None:
    look, _ = await sent(world, lambda away: reply(f"<h1>404</h1><meta http-equiv=refresh content='3;url={away}'>", "404 Not Found"), "/khong-co")
    fact = seen(look)
    assert [(hop.how, hop.status, hop.delay) for hop in fact.hops] == [("asked", 404, 0.0), ("meta", 200, 3.0)]


async def test_a_not_found_is_a_page(world: World) -> None:
    origin = await world.serve("xa.test", reply("<h1>Không tìm thấy", "404 Not Found"))
    assert seen(await looked(await world.visitor(), origin, "/khong-co")).hops[0].status == 404


async def test_the_way_out_goes_before_the_way_within(world: World) -> None:
    markup = '<meta http-equiv=refresh content="0;url=/trang-chu"><meta http-equiv=refresh content="9;url={}/x">'
    look, away = await sent(world, lambda away: page("Xã", markup.format(away)))
    fact = seen(look)
    assert fact.hops[-1].url == f"{away}/x"
    assert [hop.url.removeprefix(fact.url) for hop in fact.offered] == ["trang-chu"]


async def test_a_chain_of_all_kinds_is_kept_in_order(world: World) -> None:
    end = await world.serve("end.test", page("Cuối"))
    middle = await world.serve("middle.test", page("Giữa", f'<meta http-equiv=refresh content="1;url={end}/">'))
    origin = await world.serve("xa.test", lambda head: reply("<p>Chờ", Refresh=f"2;url={middle}/") if "/hai " in head else moved("/hai"))
    fact = seen(await looked(await world.visitor(), origin))
    assert [(hop.how, hop.delay) for hop in fact.hops] == [("asked", 0), ("http", 0), ("refresh", 2), ("meta", 1)]
    assert fact.title == "Cuối"


async def test_a_browser_says_where_it_comes_from(world: World) -> None:
    end = await world.serve("end.test", page("Cuối"))
    origin = await world.serve(
        "xa.test", lambda head: moved("/hai?x=1#y") if "GET / " in head else page("Hai", f'<meta http-equiv=refresh content="0;url={end}/">')
    )
    await looked(await world.visitor(), origin, persona="search_google")
    heads = [*world.servers[1].heads, *world.servers[0].heads]
    referers = [next((line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("Referer")), "") for head in heads]
    assert referers == ["https://www.google.com/", "https://www.google.com/", f"{origin}/"]


async def test_a_circle_of_twenty_is_told(world: World) -> None:
    def turn(head: str) -> bytes:
        n = int(head.split()[1].strip("/") or 0)
        return moved(f"/{(n + 1) % 20}")

    origin = await world.serve("xa.test", turn)
    fact = failed(await looked(await world.visitor(), origin, "/0"))
    assert fact.reason == "loop"
    assert len(world.servers[0].heads) == 11, "the first address and ten hops"
    assert (fact.hops[-1].trouble, fact.hops[-1].status) == ("loop", 0)


async def test_a_short_circle_is_told_at_once(world: World) -> None:
    origin = await world.serve("xa.test", lambda head: moved("/b" if "GET /a " in head else "/a"))
    fact = failed(await looked(await world.visitor(), origin, "/a"))
    assert (fact.reason, fact.detail, len(world.servers[0].heads)) == ("loop", "a circle", 2)


async def test_pages_that_send_to_one_another_are_where_the_visitor_is(world: World) -> None:
    origin = await world.serve("xa.test", lambda head: page("P", '<meta http-equiv=refresh content="5;url=/{}">'.format("b" if "GET /a " in head else "a")))
    fact = seen(await looked(await world.visitor(), origin, "/a"))
    assert [hop.url.rpartition("/")[2] for hop in fact.hops] == ["a", "b"]


async def test_a_chain_too_long_that_left_the_portal_is_no_failure(world: World) -> None:
    """Eleven hops must not hide where they go: the visitor was sent away, and that is what was seen."""
    numbers = count(1)
    away = await world.serve("away.test", lambda head: moved(f"/{next(numbers)}"))
    origin = await world.serve("xa.test", moved(f"{away}/0"))
    fact = seen(await looked(await world.visitor(), origin))
    assert (fact.hops[-1].host, fact.hops[-1].trouble) == (away.partition("//")[2], "loop")
    assert fact.words == 0


@pytest.mark.parametrize("where", ["dead.test", "silent.test", "denied.test", "broken.test"])
async def test_whoever_is_sent_away_was_sent_away_whether_anybody_is_there(world: World, where: str) -> None:
    denied = await world.serve("denied.test", reply("<h1>Access Denied", "403 Forbidden"))
    broken = await world.serve("broken.test", reply("", "500 Oops"))
    silent = await world.serve("silent.test", b"no http")
    targets = {"dead.test": "http://dead.test/", "denied.test": f"{denied}/", "broken.test": f"{broken}/", "silent.test": f"{silent}/"}
    origin = await world.serve("xa.test", moved(targets[where]))
    fact = seen(await looked(await world.visitor(), origin))
    assert fact.hops[-1].url == targets[where]
    assert fact.hops[-1].trouble == {"dead.test": "dns", "silent.test": "protocol"}.get(where, "")


async def test_within_the_portal_a_dead_end_is_a_failed_look(world: World) -> None:
    origin = await world.serve("xa.test", moved("http://www.xa.test:81/"))
    fact = failed(await looked(await world.visitor(), origin))
    assert (fact.reason, len(fact.hops)) == ("dns", 2)


async def test_an_alias_and_its_fronts_are_the_portals_own(world: World) -> None:
    away = await world.serve("m.cong.test", reply("", "503 Busy"))
    origin = await world.serve("xa.test", moved(away))
    assert failed(await looked(await world.visitor(), origin, aliases=("cong.test",))).reason == "error"
    assert seen(await looked(await world.visitor(), origin)).hops[-1].status == 503


async def test_a_look_has_only_so_much_time(world: World) -> None:
    def slow(head: str) -> bytes:
        world.clock.seconds += 20.0
        return moved(f"/{len(world.servers[0].heads)}")

    origin = await world.serve("xa.test", slow)
    fact = failed(await looked(await world.visitor(), origin))
    assert (fact.reason, fact.detail) == ("timeout", "the look took too long")
    assert len(world.servers[0].heads) == 3


@pytest.mark.parametrize(("trouble", "reason"), [("refused:port", "refused"), ("headers", "protocol"), ("bomb", "too_large"), ("anything", "protocol")])
def test_every_trouble_is_one_of_the_reasons(trouble: str, reason: str) -> None:
    assert failure_of(trouble) == reason
