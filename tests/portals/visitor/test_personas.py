"""What each kind of visitor says of itself, as it arrives at a server: lines, their order, where it comes from."""

from __future__ import annotations

import ssl

import pytest
import trustme

from collector.sensors.portals.browsers import brands
from collector.sensors.portals.personas import PERSONAS, allowed
from model.portals.declared import Portal
from tests.portals.visitor.places import World, looked, page, seen

PEOPLE = [name for name, persona in PERSONAS.items() if not persona.crawler]
CRAWLERS = ["crawler_google", "crawler_bing", "crawler_coccoc"]


def names(head: str) -> list[str]:
    return [line.partition(":")[0] for line in head.split("\r\n")[1:] if line]


def said(head: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}


@pytest.fixture
def tls(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("xa.test").configure_cert(context)
    return context, str(tmp_path / "ca.pem")


async def head_of(world: World, persona: str, tls=None) -> str:
    visitor = await world.visitor(authorities=tls[1] if tls else "")
    origin = await world.serve("xa.test", page("Xã"), tls=tls[0] if tls else None)
    look = await looked(visitor, origin, persona=persona)
    seen(look)
    assert look.exchanges[0][1].asked.decode() == world.servers[0].heads[0]
    return world.servers[0].heads[0]


async def test_a_desktop_browser_says_on_a_secure_line_what_chrome_says_and_in_its_order(world: World, tls) -> None:
    head = await head_of(world, "desktop", tls)
    # As Debian's Chromium 156 sent it, but for br and zstd, which we could not inflate.
    assert names(head) == [
        *("Host", "Connection", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "Upgrade-Insecure-Requests", "User-Agent", "Accept"),
        *("Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-User", "Sec-Fetch-Dest", "Accept-Encoding", "Accept-Language"),
    ]
    lines = said(head)
    assert lines["sec-ch-ua"] == '"Not:A-Brand";v="8", "Chromium";v="156", "Google Chrome";v="156"'
    assert (lines["Sec-Fetch-Site"], lines["Sec-Fetch-User"], lines["Accept-Encoding"]) == ("none", "?1", "gzip, deflate")
    assert lines["Accept-Language"].startswith("vi-VN,vi;q=0.9")


async def test_on_a_plain_line_no_browser_gives_hints(world: World) -> None:
    assert not [name for name in names(await head_of(world, "mobile")) if name.lower().startswith("sec-")]


async def test_safari_has_its_own_lines(world: World, tls) -> None:
    head = await head_of(world, "iphone", tls)
    assert names(head)[:4] == ["Host", "Sec-Fetch-Dest", "User-Agent", "Accept"]
    assert "iPhone" in said(head)["User-Agent"]
    assert not [name for name in names(head) if name.startswith("sec-ch")]


@pytest.mark.parametrize(
    ("persona", "referer", "agent"),
    [
        ("search_google", "https://www.google.com/", "Windows NT"),
        ("search_google_mobile", "https://www.google.com/", "Android"),
        ("search_coccoc", "https://coccoc.com/", "coc_coc_browser"),
        ("social_zalo", "https://zalo.me/", "Zalo android"),
        ("social_facebook", "https://l.facebook.com/", "FB_IAB/FB4A"),
    ],
)
async def test_who_comes_from_elsewhere_says_from_where(world: World, tls, persona: str, referer: str, agent: str) -> None:
    lines = said(await head_of(world, persona, tls))
    assert lines["Referer"] == referer
    assert agent in lines["User-Agent"]
    assert lines["Sec-Fetch-Site"] == "cross-site"


@pytest.mark.parametrize(("persona", "agent"), list(zip(CRAWLERS, ["Googlebot/2.1", "bingbot/2.0", "coccocbot-web/1.0"], strict=True)))
async def test_a_crawler_names_itself_and_no_language(world: World, persona: str, agent: str) -> None:
    lines = said(await head_of(world, persona))
    assert agent in lines["User-Agent"]
    assert "Accept-Language" not in lines


async def test_english_is_asked_for_by_one(world: World) -> None:
    assert said(await head_of(world, "english"))["Accept-Language"] == "en-US,en;q=0.9"


async def test_only_the_plain_desktop_says_whom_to_ask(world: World) -> None:
    visitor = await world.visitor(contact="https://soc.example/lien-he")
    origin = await world.serve("xa.test", page("Xã"))
    for persona in ("desktop", "mobile", "returning"):
        await looked(visitor, origin, persona=persona)
    assert ["soc.example" in head for head in world.servers[0].heads] == [True, False, False]


def test_crawlers_look_only_where_the_owner_agreed() -> None:
    portal, agreed = Portal(id="a", url="https://xa.test/"), Portal(id="b", url="https://xb.test/", crawlers=True)
    assert [persona.id for persona in allowed(portal)] == PEOPLE
    assert [persona.id for persona in allowed(portal, crawler_consent=True)] == list(PERSONAS)
    assert {persona.id for persona in allowed(agreed)} == set(PERSONAS)
    assert len(PEOPLE) >= 6


def test_every_persona_is_named_for_people_in_both_languages() -> None:
    labels = [persona.label for persona in PERSONAS.values()]
    assert all(label.vi and label.en for label in labels)
    assert len({label.vi for label in labels}) == len({label.en for label in labels}) == len(PERSONAS)


@pytest.mark.parametrize(
    ("version", "listed"),
    [
        (120, [("Not_A Brand", "8"), ("Chromium", "120"), ("Google Chrome", "120")]),
        (124, [("Chromium", "124"), ("Google Chrome", "124"), ("Not-A.Brand", "99")]),
        (131, [("Google Chrome", "131"), ("Chromium", "131"), ("Not_A Brand", "24")]),
    ],
)
def test_brands_are_listed_as_chrome_of_that_version_listed_them(version: int, listed: list[tuple[str, str]]) -> None:
    assert list(brands(version, "Google Chrome")) == listed
