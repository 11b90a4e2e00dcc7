"""A render told in the words of every look: by hand where a rule is meant, by the browser where the whole is."""

from __future__ import annotations

import pytest

from collector.sensors.portals.browser.facts import Asked, looked_of
from collector.sensors.portals.browser.rendered import Box, Call, Cover, Document, Frame, Link, Navigation, Rendered, Request
from model.portals.declared import Portal
from model.webfacts import LookFailed, PageLooked, Sign
from tests.portals.browser.conftest import Look, Site

PORTAL = Portal(id="p", url="https://xa.gov.vn/", aliases=("tt.xa.gov.vn",))
HOME = Navigation(url="https://xa.gov.vn/", reason="first", status=200)
PAGE = Document(url="https://xa.gov.vn/", html="<title>Xã</title><p>Tin tức của xã trong ngày hôm nay", title="Xã", text="Tin tức của xã trong ngày hôm nay")


def told(rendered: Rendered) -> PageLooked | LookFailed:
    return looked_of(rendered, Asked(at=5, portal=PORTAL, persona="mobile", part="home", round="p/1", vantage="box", attempt=1))


def looked(**more: object) -> PageLooked:
    fact = told(Rendered(**{"url": "https://xa.gov.vn/", "navigations": (HOME,), "documents": (PAGE,)} | more))
    assert isinstance(fact, PageLooked)
    return fact


def sign(kind: str, fact: PageLooked) -> Sign:
    found = [sign for sign in fact.signs if sign.kind == kind]
    assert len(found) == 1, fact.signs
    return found[0]


def test_a_clean_page_has_neither_signs_nor_doubts() -> None:
    fact = looked()
    assert (fact.at, fact.portal, fact.persona, fact.part, fact.round, fact.vantage, fact.attempt) == (5, "p", "mobile", "home", "p/1", "box", 1)
    assert fact.rendered
    assert [(hop.how, hop.host, hop.status) for hop in fact.hops] == [("asked", "xa.gov.vn", 200)]
    assert (fact.signs, fact.unfolded, fact.offered, fact.title) == ((), (), (), "Xã")


def test_every_step_has_the_word_the_plain_look_would_use() -> None:
    reasons = ("first", "http", "httpHeaderRefresh", "metaTagRefresh", "scriptInitiated", "formSubmissionGet", "anchorClick", "other")
    steps = tuple(Navigation(url=f"https://s{n}.test:8443/", reason=reason, status=200, delay=n) for n, reason in enumerate(reasons))
    fact = looked(navigations=steps, addresses={"s3.test": "192.0.2.7"})
    assert [hop.how for hop in fact.hops] == ["asked", "http", "refresh", "meta", "script", "form", "script", "rendered"]
    assert [hop.host for hop in fact.hops][:2] == ["s0.test:8443", "s1.test:8443"]
    assert (fact.hops[3].address, fact.hops[3].delay) == ("192.0.2.7", 3)


def test_a_reload_is_no_hop_and_a_step_held_back_is_offered() -> None:
    form = Navigation(url="https://away.test/take", reason="formSubmissionPost", stopped="method")
    fact = looked(
        navigations=(HOME, Navigation(url=HOME.url, reason="reload", status=200), form), popups=("https://pop.test/",), downloads=("https://a.test/x.apk",)
    )
    assert len(fact.hops) == 1
    assert [(hop.how, hop.url, hop.trouble) for hop in fact.offered] == [
        ("form", "https://away.test/take", "method"),
        ("popup", "https://pop.test/", ""),
        ("rendered", "https://a.test/x.apk", "download"),
    ]


def test_a_frame_over_everything_is_where_the_visitor_is() -> None:
    frames = (Frame(url="https://f1.test/", where="iframe", share=0.4), Frame(url="https://f2.test/", where="iframe", share=0.97))
    fact = looked(documents=(Document(url=PAGE.url, html=PAGE.html, text=PAGE.text, frames=frames),))
    assert [(hop.how, hop.host) for hop in fact.hops] == [("asked", "xa.gov.vn"), ("frame", "f2.test")]
    assert fact.frames == ("f1.test", "f2.test")


def boxed(why: str, *links: tuple[str, str], widget: bool = False) -> Rendered:
    box = Box(where="div.q", why=why, widget=widget, links=tuple(Link(url, text) for url, text in links), total=len(links))
    return (Document(url=PAGE.url, html=PAGE.html, text=PAGE.text, boxes=(box,)),)


MANY = (("https://mot.test/", "một"), ("https://hai.test/", "hai"), ("https://ba.test/", "ba"))


def test_hidden_links_count_by_number_or_by_what_they_sell() -> None:
    found = sign("hidden_links", looked(documents=boxed("offscreen", *MANY)))
    assert (found.hosts, found.gambling, found.hits, found.where, found.page) == (("ba.test", "hai.test", "mot.test"), False, 3, "div.q", "xa.gov.vn")
    assert found.value.startswith("offscreen: một → mot.test; ")
    assert looked(documents=boxed("display", *MANY, widget=True)).signs == ()
    assert sign("hidden_links", looked(documents=boxed("colour", *MANY, widget=True))).hits == 3, "nobody switches a colour"
    assert looked(documents=boxed("offscreen", *MANY[:2])).signs == ()
    assert looked(documents=boxed("display", *((f"https://{name}.gov.vn/", name) for name in "abcd"))).signs == ()
    selling = sign("hidden_links", looked(documents=boxed("display", ("https://zqbet88.test/", "nhà cái uy tín tặng 100K, nổ hũ đổi thưởng"), widget=True)))
    assert selling.gambling


def test_clicks_covers_workers_and_permissions_of_others_are_signs_and_the_portals_own_are_not() -> None:
    worker = [Request(url=f"https://{host}/w.js", kind="Other", worker=True) for host in ("cdn-x.test", "tt.xa.gov.vn")]
    other = looked(
        clicked=("https://under.test/",),
        calls=(Call(what="push", hosts=("push.test", "xa.gov.vn")),),
        requests=tuple(worker),
        workers=("https://xa.gov.vn/sw.js",),
        documents=(Document(url=PAGE.url, html=PAGE.html, text=PAGE.text, covers=(Cover(url="https://over.test/", where="a", share=0.9),)),),
    )
    assert [(found.kind, found.hosts) for found in other.signs] == [
        ("click_hijack", ("over.test",)),
        ("click_hijack", ("under.test",)),
        ("service_worker", ("cdn-x.test",)),
        ("service_worker", ("push.test",)),
    ]
    own = looked(
        clicked=("https://tt.xa.gov.vn/",),
        calls=(Call(what="notification", hosts=("xa.gov.vn",)), Call(what="dialog", hosts=("else.test",))),
        requests=tuple(worker[1:]),
        workers=("https://xa.gov.vn/sw.js",),
    )
    assert own.signs == ()


def test_scripts_are_those_the_portals_pages_loaded() -> None:
    requests = (
        Request(url="https://cdn.test/a.js", kind="Script", by="xa.gov.vn"),
        Request(url="https://later.test/b.js", kind="Script", by="shop.test"),
        Request(url="https://img.test/b.png", kind="Image", by="xa.gov.vn"),
    )
    assert looked(requests=requests).scripts == ("cdn.test",)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"trouble": "dns"}, "dns"),
        ({"trouble": "connect"}, "connect"),
        ({"trouble": "timeout"}, "timeout"),
        ({"trouble": "stuck"}, "timeout"),
        ({"trouble": "memory"}, "too_large"),
        ({"trouble": "crashed"}, "protocol"),
        ({"trouble": "refused:private"}, "refused"),
    ],
)
def test_a_render_that_saw_nothing_is_unknown(more: dict[str, str], reason: str) -> None:
    fact = told(Rendered(url="https://xa.gov.vn/", navigations=(Navigation(url="https://xa.gov.vn/", reason="first"),), **more))
    assert isinstance(fact, LookFailed)
    assert (fact.reason, fact.detail, fact.portal) == (reason, more["trouble"], "p")


def test_a_refusal_by_a_server_or_firewall_is_unknown() -> None:
    blocked = Rendered(url=HOME.url, navigations=(Navigation(url=HOME.url, reason="first", status=403),), documents=(Document(url=HOME.url, html="<p>no"),))
    fact = told(blocked)
    assert isinstance(fact, LookFailed)
    assert fact.reason == "blocked"


def test_who_is_sent_away_is_sent_away_whether_anybody_is_at_home_there_or_not() -> None:
    away = Navigation(url="https://shop.test/", reason="scriptInitiated", error="dns")
    fact = looked(navigations=(HOME, away), documents=(), trouble="dns")
    assert [(hop.host, hop.trouble) for hop in fact.hops] == [("xa.gov.vn", ""), ("shop.test", "dns")]


def test_a_render_that_broke_off_leaves_a_doubt() -> None:
    assert looked(trouble="timeout").unfolded == ("render: timeout",)


@pytest.mark.servers
@pytest.mark.asyncio(loop_scope="module")
async def test_a_portal_as_a_whole(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<html lang=vi><title>Cổng</title><p>Tin tức</p><script src="http://cdn.test:@P/a.js"></script>
            <a href="http://friend.test/">bạn</a><script>setTimeout(() => { location.href = atob("aHR0cDovL2F3YXkudGVzdDo") + "@P/end" }, 4000)</script>""",
        "/a.js": "1",
        "/end": "<html lang=vi><title>Nhà cái</title><p>nhà cái uy tín số 1, đăng ký nhận 100K, nổ hũ đổi thưởng, link vào nhà cái không bị chặn",
    }
    portal = Portal(id="p", url=f"http://home.test:{site.plain}/")
    rendered = await look("/")
    fact = looked_of(rendered, Asked(at=1, portal=portal, persona="desktop", part="home", round="r"))
    assert isinstance(fact, PageLooked)
    assert [(hop.how, hop.host, hop.status, hop.address) for hop in fact.hops] == [
        ("asked", f"home.test:{site.plain}", 200, "127.0.10.1"),
        ("script", f"away.test:{site.plain}", 200, "127.0.10.1"),
    ]
    assert fact.title == "Nhà cái"
    assert fact.scripts == ("cdn.test",)
    assert "friend.test" in fact.links
    assert {found.page for found in fact.signs if found.gambling} == {"away.test"}
    assert rendered.screenshot.startswith(b"\xff\xd8\xff")
