"""What nobody sees, by every means that only a style engine knows; and look-alikes that everybody sees, or that wait to be opened."""

from __future__ import annotations

import pytest

from collector.decode.web.url import parse
from collector.sensors.portals.browser.facts import Asked, looked_of
from collector.sensors.portals.browser.rendered import Rendered
from model.portals.declared import Portal
from model.webfacts import PageLooked, Sign
from tests.portals.browser.conftest import Look, Site

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]

HOSTS = ("mot", "hai", "ba", "bon")
LINKS = " ".join(f"<a href='http://{host}-@N.test/'>{host} đối tác</a>" for host in HOSTS)
DOTS = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="

# means -> rules of a style sheet of its own, and the box; @ becomes a class of its own, @L four links to hosts of its own
UNSEEN = {
    "display": ("@{display:none}", "<div class=@>@L</div>"),
    "visibility": ("@{visibility:hidden}", "<div class=@>@L</div>"),
    "opacity": ("@{opacity:.01}", "<div class=@>@L</div>"),
    "opacity by filter": ("@{filter:opacity(0)}", "<div class=@>@L</div>"),
    "font": ("@,@ a{font-size:1px}", "<p class=@>@L</p>"),
    "font of nothing": ("p@{font:0/0 a}", "<p class=@>@L</p>"),
    "indent": ("@ a{display:block;text-indent:-9999px;overflow:hidden}", "<div class=@>@L</div>"),
    "offscreen left": ("@{position:absolute;left:-9999px}", "<div class=@>@L</div>"),
    "offscreen top": ("@{position:fixed;top:-3000px}", "<div class=@>@L</div>"),
    "offscreen by transform": ("@{transform:translateX(-400vw)}", "<div class=@>@L</div>"),
    "clipped": ("@{height:1px;overflow:hidden}", "<div class=@>@L</div>"),
    "clipped sideways": ("@{width:0;overflow:hidden;white-space:nowrap}", "<div class=@>@L</div>"),
    "clip": ("@{position:absolute;clip:rect(0,0,0,0)}", "<div class=@>@L</div>"),
    "clip path": ("@{clip-path:inset(50%)}", "<div class=@>@L</div>"),
    "scale": ("@{transform:scale(0)}", "<div class=@>@L</div>"),
    "colour": ("@,@ a{color:#fefefe}", "<p class=@>@L</p>"),
    "colour on a ground": ("@{background:#123456}@ a{color:#123457;text-decoration:none}", "<div class=@>@L</div>"),
    "transparent": ("@ a{color:transparent}", "<p class=@>@L</p>"),
    "beneath": (
        "@{position:absolute;z-index:-5}@+div{position:relative;background:#eee;height:200px;margin:0}body{position:relative;z-index:0}",
        "<div class=@>@L</div><div>Tin tức</div>",
    ),
    "display of each": ("@ li{display:none}", "<ul class=@>@I</ul>"),
    "marquee": ("", "<marquee width=1 height=1>@L</marquee>"),
    "unlikely selector": ("div:has(> a[href*='hai'])[data-x|='a']:not(nav){position:absolute;inset:auto auto auto -300vw}", "<div data-x=a-b>@L</div>"),
    "by a script": (
        "",
        "<div id=@>@L</div><script>setTimeout(() => document.getElementById('@').style.cssText = ['dis','play:no','ne'].join(''), 50)</script>",
    ),
    "written": ("@{height:0;overflow:hidden}", "<div class=@ id=@></div><script>document.getElementById('@').innerHTML = decodeURIComponent('@E')</script>"),
}
SEEN = {
    "in sight": ("", "<div>@L</div>"),
    "a menu that opens": ("nav ul ul{display:none} nav li:hover ul{display:block}", "<nav><ul><li>Liên kết<ul><li>@L</li></ul></li></ul></nav>"),
    "a tab": (".tab-pane{display:none}", "<div class='tab-pane'>@L</div>"),
    "slides": ("@{overflow:hidden;width:600px}@ div{display:flex;width:6000px}@ a{flex:0 0 2600px}", "<div class='@ swiper'><div>@L</div></div>"),
    "a dialogue": ("", "<dialog>@L</dialog>"),
    "white on a picture": (f"@{{background:#fff url({DOTS})}}@ a{{color:#fff}}", "<div class=@>@L</div>"),
    "white on blue": ("footer{background:#00529b}footer a{color:#fff}", "<footer>@L</footer>"),
    "to the state": (
        "@{display:none}",
        "<div class=@><a href='https://a.gov.vn/'>a</a><a href='https://b.gov.vn/'>b</a><a href='https://c.gov.vn/'>c</a></div>",
    ),
    "of the portal": (
        ".sk{position:absolute;left:-9999px}",
        "<div class=sk><a href='#m'>Nội dung</a><a href='/a'>a</a><a href='http://www.home.test/b'>b</a></div>",
    ),
    "pictures": ("@{font-size:0}", f"<div class=@>{LINKS.replace(' đối tác', f'<img width=90 height=40 src={DOTS}>')}</div>"),
    "below the fold": ("", "<div style='height:4000px'></div><div>@L</div>"),
    "two only": ("@{display:none}", "<div class=@><a href='http://x.test/'>x</a><a href='http://y.test/'>y</a></div>"),
}


def page(boxes: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Style sheet and page that hold all the boxes."""
    rules = markup = ""
    for n, (rule, box) in enumerate(boxes.values()):
        links = LINKS.replace("@N", str(n))
        quoted = "".join(f"%{byte:02x}" for byte in links.encode())
        items = links.replace("<a", "<li><a")
        filled = box.replace("@L", links).replace("@I", items).replace("@E", quoted).replace("-@N.test", f"-{n}.test")
        rules += rule.replace("@", f".q{n}") + "\n"
        markup += f"<section>{filled.replace('@', f'q{n}')}</section>"
    return rules, f"<!doctype html><html lang=vi><meta charset=utf-8><link rel=stylesheet href=/x.css><body><h1>Cổng</h1>{markup}</body>"


def fact(rendered: Rendered) -> PageLooked:
    portal = Portal(id="p", url="http://home.test/", aliases=("www.home.test",))
    made = looked_of(rendered, Asked(at=1, portal=portal, persona="desktop", part="home", round="r"))
    assert isinstance(made, PageLooked)
    return made


def hidden(rendered: Rendered) -> list[Sign]:
    return [sign for sign in fact(rendered).signs if sign.kind == "hidden_links"]


async def test_boxes_that_nobody_sees(look: Look, site: Site) -> None:
    site.pages["/x.css"], site.pages["/"] = page(UNSEEN)
    rendered = await look("/")
    why = {parse(link.url).host.rpartition("-")[2]: box.why for box in rendered.documents[0].boxes for link in box.links}
    expected = {"opacity by filter": "opacity", "transparent": "colour", "marquee": "clipped", "unlikely": "offscreen", "by a": "display"}
    found = {means: why.get(f"{n}.test", "seen") for n, means in enumerate(UNSEEN)}
    told = expected | {"written": "clipped"}
    assert found == {means: next((word for start, word in told.items() if means.startswith(start)), means.split()[0]) for means in UNSEEN}
    hosts = {host for sign in hidden(rendered) for host in sign.hosts}
    assert [means for n, means in enumerate(UNSEEN) if not {f"{host}-{n}.test" for host in HOSTS} <= hosts] == []


async def test_boxes_that_are_seen_or_wait_to_be_opened(look: Look, site: Site) -> None:
    site.pages["/x.css"], site.pages["/"] = page(SEEN)
    rendered = await look("/")
    assert [sign.value for sign in hidden(rendered)] == []
    assert {box.why for box in rendered.documents[0].boxes} == {"display", "offscreen"}


async def test_a_menu_that_sells_is_no_menu(look: Look, site: Site) -> None:
    sold = "<a href='http://mot.test/'>nhà cái uy tín tặng 100K</a> <a href='http://hai.test/'>nổ hũ đổi thưởng, link vào nhà cái không bị chặn</a>"
    site.pages["/"] = f"<h1>Cổng</h1><div class=submenu style='display:none'>{sold}</div>"
    signs = hidden(await look("/"))
    assert [(sign.hosts, sign.gambling) for sign in signs] == [(("hai.test", "mot.test"), True)]


async def test_frames_nobody_sees_and_a_frame_over_everything(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<h1>Cổng</h1><style>.t{width:1px;height:1px;border:0}.f{position:absolute;left:-5000px}
            .o{position:fixed;inset:0;width:100vw;height:100vh;border:0;z-index:9}</style>
            <iframe class=t src="http://tiny.test:@P/x"></iframe><iframe class=f src="http://far.test:@P/x"></iframe><iframe src="/x" class=t></iframe>
            <iframe width=300 src="http://seen.test:@P/x"></iframe><iframe class=o src="http://over.test:@P/x"></iframe>""",
        "/x": "<p>khung",
    }
    made = fact(await look("/"))
    assert sorted(sign.hosts[0] for sign in made.signs if sign.kind == "hidden_frame") == ["far.test", "tiny.test"]
    assert [(hop.how, hop.host.partition(":")[0]) for hop in made.hops] == [("asked", "home.test"), ("frame", "over.test")]
    assert {"tiny.test", "far.test", "seen.test", "over.test"} <= set(made.frames)


async def test_a_link_over_the_whole_window(look: Look, site: Site) -> None:
    site.pages["/"] = "<h1>Cổng</h1><p>Tin</p><a href='http://over.test:@P/x' target=_blank style='position:fixed;inset:0;z-index:9;opacity:0'></a>"
    rendered = await look("/", click=True)
    signs = [sign for sign in fact(rendered).signs if sign.kind == "click_hijack"]
    assert {sign.hosts for sign in signs} == {("over.test",)}
    assert {sign.value.partition(":")[0] for sign in signs} == {"cover", "click"}
    assert not site.sent("/x")


async def test_a_page_that_stands_in_its_own_way_is_surveyed_all_the_same(look: Look, site: Site) -> None:
    site.pages["/"] = """<img name=body><img name=querySelectorAll><img name=documentElement>
        <form name=elementFromPoint><input name=localName><input name=matches>
        <div style="display:none"><a href="http://mot.test/">a</a><a href="http://hai.test/">b</a><a href="http://ba.test/">c</a></div></form>
        <script>getComputedStyle = () => ({}); Element.prototype.getBoundingClientRect = () => ({}); JSON.stringify = () => "{}"; Map = null;</script><p>Tin"""
    signs = hidden(await look("/"))
    assert [sign.hosts for sign in signs] == [("ba.test", "hai.test", "mot.test")]
