"""A jar keeps what a portal sets, for whom it may be set, for as long as it may last, and not more than it has room for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.url import parse
from collector.sensors.portals.cookies import LONGEST, MOST, Jar
from model.times import SECOND
from tests.portals.visitor.places import START, World, looked, page, reply


def after(lines: list[str], to: str, since: str = "https://www.xa.example/tin/mot", seconds: float = 1.0) -> str:
    jar = Jar()
    jar.take(parse(since), lines, START)
    return jar.header(parse(to), START + int(seconds * SECOND))


@pytest.mark.parametrize(
    ("line", "to", "sent"),
    [
        ("a=1", "https://www.xa.example/tin/hai", "a=1"),
        ("a=1", "https://www.xa.example/khac", ""),
        ("a=1; Path=/", "https://www.xa.example/khac", "a=1"),
        ("a=1; Path=/tin", "https://www.xa.example/tincay", ""),
        ("a=1; Path=/", "https://xa.example/", ""),
        ("a=1; Path=/; Domain=xa.example", "https://xa.example/", "a=1"),
        ("a=1; Path=/; Domain=.xa.example", "https://m.xa.example/", "a=1"),
        ("a=1; Path=/; Domain=xb.example", "https://xb.example/", ""),
        ("a=1; Path=/; Domain=example", "https://xb.example/", ""),
        ("a=1; Path=/; Secure", "http://www.xa.example/", ""),
        ("a=1; Path=/; Secure", "https://www.xa.example/", "a=1"),
        ("a=1; Path=/; Max-Age=5", "https://www.xa.example/", "a=1"),
        ("a=1; Path=/; Max-Age=0", "https://www.xa.example/", ""),
        ("a=1; Path=/; Max-Age=-9", "https://www.xa.example/", ""),
        ("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:01 GMT", "https://www.xa.example/", ""),
        ("a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT", "https://www.xa.example/", "a=1"),
        ("a=1; Path=/; Expires=nonsense", "https://www.xa.example/", "a=1"),
        ("a = 1 ; pAtH=/; HTTPONLY", "https://www.xa.example/", "a=1"),
        ("novalue", "https://www.xa.example/tin/", ""),
        ("=x", "https://www.xa.example/tin/", ""),
        ("a=1\x00; Path=/", "https://www.xa.example/", ""),
        ("a=" + "x" * LONGEST + "; Path=/", "https://www.xa.example/", ""),
    ],
)
def test_a_cookie_goes_where_it_may(line: str, to: str, sent: str) -> None:
    assert after([line], to) == sent


def test_a_cookie_ends_in_time() -> None:
    assert after(["a=1; Path=/; Max-Age=5"], "https://www.xa.example/", seconds=6) == ""


def test_a_later_cookie_replaces_an_earlier_one_and_may_remove_it() -> None:
    assert after(["a=1; Path=/", "a=2; Path=/"], "https://www.xa.example/") == "a=2"
    assert after(["a=1; Path=/", "a=; Path=/; Max-Age=0"], "https://www.xa.example/") == ""


def test_a_jar_has_room_for_so_many_and_no_more() -> None:
    jar = Jar()
    for n in range(500):
        jar.take(parse("https://x.example/"), [f"c{n}-{m}={'v' * 100}; Path=/" for m in range(100)], START)
    assert 0 < len(jar) <= MOST
    assert len(jar.header(parse("https://x.example/"), START)) < 16_384
    assert "c499" in jar.header(parse("https://x.example/"), START)


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_lines_are_taken_or_left(lines: list[str]) -> None:
    jar = Jar()
    jar.take(parse("https://x.example/"), lines, START)
    header = jar.header(parse("https://x.example/"), START)
    assert "\n" not in header
    assert "\r" not in header


async def test_only_the_returning_visitor_is_known_at_the_next_look(world: World) -> None:
    origin = await world.serve("xa.test", lambda head: reply("<p>x", Set_Cookie="seen=1; Path=/"))
    visitor = await world.visitor()
    for persona in ("desktop", "returning", "mobile", "returning", "desktop"):
        await looked(visitor, origin, persona=persona)
    assert ["Cookie: seen=1" in head for head in world.servers[0].heads] == [False, False, False, True, False]


async def test_cookies_go_along_within_a_look(world: World) -> None:
    def gate(head: str) -> bytes:
        return page("Xã") if "Cookie: k=1" in head else reply("", "302 Found", Location="/", Set_Cookie="k=1; Path=/")

    origin = await world.serve("xa.test", gate)
    look = await looked(await world.visitor(), origin)
    assert [hop.status for hop in look.fact.hops] == [302, 200]


async def test_one_portals_cookies_are_not_anothers(world: World) -> None:
    origin = await world.serve("xa.test", reply("<p>x", Set_Cookie="seen=1; Path=/"))
    visitor = await world.visitor()
    for name in ("p1", "p2"):
        portal_of = {"persona": "returning"}
        await looked(visitor, origin, **portal_of, id=name)
    assert not any("Cookie" in head for head in world.servers[0].heads)
