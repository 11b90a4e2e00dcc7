"""Where a visitor ends whom no static reading can follow: the browser goes there."""

from __future__ import annotations

import socket

import pytest
from msgspec import structs
from msgspec.json import decode

from collector.sensors.portals.browser.rendered import Rendered
from tests.portals.browser.conftest import DESKTOP, MOBILE, Look, Site

pytestmark = [pytest.mark.servers, pytest.mark.asyncio(loop_scope="module")]


class Nowhere:
    async def resolve(self, host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, host)


END = "<h1>the end</h1>"


def steps(rendered: Rendered) -> list[tuple[str, str, int]]:
    """Reason, path with host, and status of each step."""
    return [(step.reason, step.url.partition("//")[2].partition(".")[0] + "/" + step.url.rpartition("/")[2], step.status) for step in rendered.navigations]


async def test_a_redirect_made_from_what_the_page_says(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<p id=a data-h="tset.yawa">x</p><script>
            const name = [...document.getElementById("a").dataset.h].reverse().join("");
            document.defaultView[["lo", "ation"].join("c")] = document.querySelector("script").textContent.length > 9 ? `//${name}:@P/end` : "/";
        </script>""",
        "/end": END,
    }
    assert steps(await look("/")) == [("first", "home/", 200), ("scriptInitiated", "away/end", 200)]


async def test_a_redirect_known_only_after_a_digest_and_half_a_minute(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<script>setTimeout(async () => {
            const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("tuyên quang")));
            location.replace(`https://away.test:@S/${digest[0]}`);
        }, 30000)</script>""",
        **{f"/{n}": END for n in range(256)},
    }
    rendered = await look("/", secure=True)
    assert [step.reason for step in rendered.navigations] == ["first", "scriptInitiated"]
    assert rendered.final.startswith(f"https://away.test:{site.secure}/")
    assert rendered.documents[-1].text == "the end"
    assert rendered.seconds < 8


async def test_refreshes_of_page_and_header_are_waited_for_and_timers_after_them(look: Look, site: Site) -> None:
    site.pages = {
        "/": site.moved("http://two.test:@P/meta"),
        "/meta": "<meta http-equiv=refresh content='45; url=http://three.test:@P/header'>",
        "/header": site.moved("", 200, Refresh="20;url=http://four.test:@P/timer"),
        "/timer": "<script>let n = 0; setInterval(() => { if (++n === 30) location.href = 'http://five.test:@P/end' }, 1000)</script>",
        "/end": END,
    }
    rendered = await look("/")
    assert steps(rendered) == [
        ("first", "home/", 302),
        ("http", "two/meta", 200),
        ("metaTagRefresh", "three/header", 200),
        ("httpHeaderRefresh", "four/timer", 200),
        ("scriptInitiated", "five/end", 200),
    ]
    assert [step.delay for step in rendered.navigations] == [0, 0, 45, 20, 0]
    assert rendered.addresses["five.test"] == "127.0.10.1"


async def test_a_form_that_sends_itself_is_told_but_never_posted(look: Look, site: Site) -> None:
    site.pages = {
        "/": "<p>biểu mẫu<form method=post action='http://away.test:@P/take'><input name=a value=b></form><script>document.forms[0].submit()</script>",
        "/take": END,
    }
    rendered = await look("/")
    assert [(step.reason, step.stopped) for step in rendered.navigations] == [("first", ""), ("formSubmissionPost", "method")]
    assert rendered.final.endswith("/")
    assert rendered.documents[0].text.startswith("biểu mẫu")
    assert not site.sent("/take")


async def test_nothing_but_reading_requests_leaves_from_page_worker_or_service_worker(look: Look, site: Site) -> None:
    posting = "fetch('https://away.test:@S/post?%s', {method: 'POST', mode: 'no-cors', body: 'x'}); fetch('https://away.test:@S/get?%s', {mode: 'no-cors'});"
    site.pages = {
        "/": f"<script>{posting % ('page', 'page')} navigator.sendBeacon('https://away.test:@S/post', 'x'); new Worker('/worker.js');"
        "navigator.serviceWorker.register('/service.js')</script>",
        "/worker.js": posting % ("worker", "worker"),
        "/service.js": "importScripts('https://other.test:@S/more.js');" + posting % ("service", "service"),
        "/more.js": "1",
        "/get": "1",
    }
    rendered = await look("/", secure=True)
    assert {method for method, _, _ in site.seen} == {"GET"}
    assert sum(path == "/get" for _, _, path in site.seen) == 3
    assert rendered.refused["method"] == 4
    assert rendered.workers == (f"https://home.test:{site.secure}/service.js",)
    assert [request.url for request in rendered.requests if request.worker and "more.js" in request.url] == [f"https://other.test:{site.secure}/more.js"]


async def test_windows_opened_by_the_page_and_by_the_first_click(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<h1>Cổng thông tin</h1><script>
            window.open("http://popup.test:@P/one");
            document.addEventListener("click", () => {
                if (!localStorage.getItem("x-once")) { localStorage.setItem("x-once", 1); open("http://under.test:@P/two") } });
        </script>""",
    }
    rendered = await look("/", click=True)
    assert rendered.popups == (f"http://popup.test:{site.plain}/one",)
    assert rendered.clicked == (f"http://under.test:{site.plain}/two",)
    assert {host for _, host, _ in site.seen} == {"home.test"}


async def test_a_first_tap_that_leads_away_is_held_back(look: Look, site: Site) -> None:
    site.pages = {"/": "<h1>Cổng</h1><script>document.body.addEventListener('touchend', () => location = 'http://away.test:@P/tapped')</script>"}
    rendered = await look("/", face=MOBILE, click=True)
    assert rendered.clicked == (f"http://away.test:{site.plain}/tapped",)
    assert [step.stopped for step in rendered.navigations] == ["", "click"]
    assert not site.sent("/tapped")


async def test_what_a_script_asks_leave_for(look: Look, site: Site) -> None:
    site.pages = {
        "/": "<h1>Cổng</h1><script src='https://push.test:@S/sdk.js'></script>",
        "/sdk.js": "Notification.requestPermission(); document.title = Notification.requestPermission.toString()",
    }
    rendered = await look("/", secure=True)
    assert [(call.what, call.hosts[0]) for call in rendered.calls] == [("notification", "push.test")]
    assert rendered.documents[0].title == "function () { [native code] }"


async def test_the_persona_is_whole(look: Look, site: Site) -> None:
    site.pages = {
        "/": """<meta name=viewport content="width=device-width"><script>
            const told = {agent: navigator.userAgent, driven: navigator.webdriver, from: document.referrer, wide: innerWidth,
            touch: navigator.maxTouchPoints > 0, languages: navigator.languages, zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            mobile: navigator.userAgentData?.mobile, brands: navigator.userAgentData?.brands.map((b) => b.brand)};
            document.title = "x"; document.write(JSON.stringify(told))</script><iframe src="https://framed.test:@S/frame"></iframe>""",
        "/frame": "<p>khung",
    }
    rendered = await look("/", secure=True, face=structs.replace(MOBILE, referer="https://zalo.me/", extra=(("X-Requested-With", "app"),)))
    told = decode(rendered.documents[0].text.splitlines()[0])
    assert told == {
        "agent": MOBILE.agent,
        "driven": False,
        "from": "https://zalo.me/",
        "wide": 412,
        "touch": True,
        "languages": ["vi-VN", "vi", "fr-FR", "fr", "en-US", "en"],
        "zone": "Asia/Saigon",
        "mobile": True,
        "brands": [name for name, _ in MOBILE.brands],
    }
    asked = [sent for sent in site.headers if sent["path"] in {"/", "/frame"}]
    assert len(asked) == 2
    for sent in asked:
        assert sent["user-agent"] == MOBILE.agent
        assert sent["accept-language"] == MOBILE.languages
        assert sent["sec-ch-ua-mobile"] == "?1"
        assert sent["x-requested-with"] == "app"


async def test_each_render_starts_with_nothing(look: Look, site: Site) -> None:
    site.pages = {"/": "<script>document.title = document.cookie + localStorage.length; document.cookie = 'seen=1'; localStorage.setItem('a', 1)</script>"}
    titles = [(await look("/", face=face)).documents[0].title for face in (DESKTOP, DESKTOP)]
    assert titles == ["0", "0"]


async def test_an_address_that_does_not_answer_is_a_trouble_word(look: Look, site: Site) -> None:
    rendered = await look("/", names=Nowhere())
    assert rendered.trouble == "dns"
    assert rendered.documents == ()
