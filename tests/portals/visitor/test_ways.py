"""Ways that only a page's markup and scripts show: which are gone, which are only told of, and that nothing is ever posted."""

from __future__ import annotations

import pytest

from collector.decode.web.ways import Reading, Way
from collector.sensors.portals import follow
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.reading import Page, _posts, choose, elsewhere
from model.webfacts import Sign
from tests.portals.visitor.places import World, looked, page, seen

OWN = "http://xa.test/"


@pytest.mark.parametrize(
    ("script", "folded"),
    [
        ("location.href='{}/x'", ""),
        ("window.location.replace('{}/x')", ""),
        ("location = '{}' + '/x'", "concat"),
    ],
)
async def test_a_script_is_a_hop(world: World, script: str, folded: str) -> None:
    away = await world.serve("away.test", page("Đích"))
    origin = await world.serve("xa.test", page("Xã", f"<script>{script.format(away)}</script>"))
    hop = seen(await looked(await world.visitor(), origin)).hops[-1]
    assert (hop.how, hop.url, hop.status, hop.folded) == ("script", f"{away}/x", 200, folded)


async def test_what_waits_for_a_click_is_told_and_not_gone_to(world: World) -> None:
    away = await world.serve("away.test", page("Đích"))
    origin = await world.serve("xa.test", page("Xã", f"<script>window.open('{away}/pop')</script>"))
    look = await looked(await world.visitor(), origin)
    fact = seen(look)
    assert [(hop.how, hop.url, hop.status) for hop in fact.offered] == [("popup", f"{away}/pop", 0)]
    assert (len(fact.hops), look.requests, world.servers[0].heads) == (1, 1, [])


async def test_a_form_that_posts_itself_is_told_as_the_end_and_nothing_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    away = await world.serve("away.test", page("Đích"))
    origin = await world.serve("xa.test", page("Xã"))
    way = Way("form", f"{away}/vao")
    for posts, asked in ((frozenset({way.url}), 0), (frozenset(), 1)):

        def read(made: Exchange, posts: frozenset[str] = posts) -> Page:
            return Page(Reading(ways=(way,) if made.url == f"{origin}/" else ()), posts=posts)

        monkeypatch.setattr(follow, "read", read)
        fact = seen(await looked(await world.visitor(), origin))
        assert [(hop.how, hop.url) for hop in fact.hops[1:]] == [("form", way.url)]
        assert len(world.servers[0].heads) == asked
    assert all(head.startswith("GET ") for server in world.servers for head in server.heads)


def test_the_method_of_a_form_is_read_as_browsers_read_it() -> None:
    markup = '<form METHOD=" Post " action="/a"></form><form action="/b"></form><form method=get action=/c></form><form method=post></form>'
    assert _posts(markup, OWN) == {"http://xa.test/a", OWN}
    assert _posts('<base href="http://b.test/x/">' + markup, OWN) == {"http://b.test/a", "http://b.test/x/"}


@pytest.mark.parametrize(
    ("ways", "chosen"),
    [
        ([Way("meta", "http://xa.test/home"), Way("script", "http://x.bet/")], 1),
        ([Way("script", "http://dvc.gov.vn/"), Way("meta", "http://x.bet/", 9.0)], 1),
        ([Way("meta", "http://x.bet/", 9.0), Way("script", "http://y.bet/", 1.0)], 1),
        ([Way("frame", "http://x.bet/"), Way("meta", "http://xa.test/home", 5.0)], 1),
        ([Way("script", "http://x.bet/", automatic=False), Way("meta", "http://xa.test/home")], 1),
        ([Way("meta", "http://xa.test/#top")], None),
        ([Way("script", "zalo://open")], None),
        ([Way("script", "")], None),
        ([], None),
    ],
)
def test_the_way_taken(ways: list[Way], chosen: int | None) -> None:
    assert choose(tuple(ways), OWN, "xa.test") == (None if chosen is None else ways[chosen])


def test_what_leads_out_or_sells_is_no_mere_obstacle() -> None:
    assert elsewhere(Reading(ways=(Way("meta", "http://x.bet/"),)), OWN, "xa.test")
    assert elsewhere(Reading(signs=(Sign(kind="promotion", gambling=True),)), OWN, "xa.test")
    assert not elsewhere(Reading(ways=(Way("meta", "http://www.xa.test/x"), Way("popup", "http://x.bet/", automatic=False))), OWN, "xa.test")
