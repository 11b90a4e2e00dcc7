"""What stands between visitor and portal, and what only looks like it."""

from __future__ import annotations

import pytest

from collector.sensors.portals.challenge import obstacle
from tests.portals.visitor.places import World, failed, looked, reply, seen

OBSTACLES = {
    "cloudflare": ("challenged", 403, {}, "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"),
    "cloudflare header": ("challenged", 403, {"cf-mitigated": "challenge"}, ""),
    "turnstile": ("challenged", 200, {}, '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script><div class=cf-turnstile></div>'),
    "hcaptcha": ("challenged", 200, {}, '<p>Bạn là người?<div class=h-captcha data-sitekey="x"></div>'),
    "imperva": ("challenged", 200, {}, '<iframe src="/_Incapsula_Resource?x">Request unsuccessful. Incapsula incident ID: 1</iframe>'),
    "f5": ("blocked", 200, {}, "The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 1"),
    "sucuri": ("blocked", 403, {}, "<title>Sucuri WebSite Firewall - Access Denied</title>"),
    "fortinet": ("blocked", 200, {}, "<title>FortiGuard Intrusion Prevention - Access Blocked</title>"),
    "aws": ("challenged", 202, {"x-amzn-waf-action": "challenge"}, ""),
    "vietnamese firewall": ("blocked", 200, {}, "<h1>Truy cập của bạn đã bị chặn bởi tường lửa</h1>"),
    "english firewall": ("blocked", 200, {}, "<h1>Access Denied</h1><p>Attack ID: 20000008"),
    "cookie": (
        "challenged",
        200,
        {},
        '<script>document.cookie="T1N=ab"+"; expires=Fri, 31-Dec-37 23:55:55 GMT; path=/";window.location.reload(true);</script>',
    ),
    "testcookie": ("challenged", 200, {}, '<script src="/aes.js"></script><script>var a=toNumbers("f655ba9d09a112d4968c63579db590b4")</script>'),
    "maintenance": ("error", 200, {}, "<h1>Hệ thống đang được bảo trì, xin quay lại sau</h1>"),
    "refused": ("blocked", 403, {}, "<h1>403</h1>"),
    "too many": ("blocked", 429, {}, ""),
    "log in": ("blocked", 401, {}, ""),
    "law": ("blocked", 451, {}, ""),
    "odd": ("blocked", 406, {}, ""),
    "broken": ("error", 500, {}, "<p>" + "lỗi " * 300),
    "closed": ("error", 503, {}, ""),
}
WORDS = "Thông báo về việc tiếp công dân của Ủy ban nhân dân xã. " * 20
PAGES = {
    "a page": (200, {}, WORDS),
    "not found": (404, {}, "<h1>Không tìm thấy trang</h1>"),
    "gone": (410, {}, ""),
    "a captcha under its form": (200, {}, WORDS + '<div class=g-recaptcha data-sitekey="x"></div>'),
    "news of a closed road": (200, {}, WORDS + "Công trình đang được nâng cấp."),
    "a small page with a captcha's script": (200, {}, '<div id=app></div><script src="https://www.google.com/recaptcha/api.js"></script>'),
    "counting cookie": (200, {}, WORDS + '<script>document.cookie="v=1";location.reload()</script>'),
    "empty": (200, {}, ""),
    "a page on applications": (200, {}, "<p>Hồ sơ bị từ chối phải nêu rõ lý do."),
    "a page behind cloudflare": (
        200,
        {"server": "cloudflare", "cf-ray": "1"},
        WORDS + '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
    ),
}


def words_of(markup: str) -> int:
    return len(markup.replace("<", " <").split())


@pytest.mark.parametrize("name", OBSTACLES)
def test_an_obstacle_is_told(name: str) -> None:
    reason, status, headers, markup = OBSTACLES[name]
    found = obstacle(status, headers, markup, words_of(markup))
    assert found is not None
    assert found.reason == reason
    assert found.what


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_a_page(name: str) -> None:
    status, headers, markup = PAGES[name]
    assert obstacle(status, headers, markup, words_of(markup)) is None


@pytest.mark.parametrize("markup", ["document.cookie=" * 4000, "<title>" * 9000, "truy cập" + "x" * 60_000, "document.cookie =" + " " * 8000])
def test_no_page_makes_it_slow(markup: str) -> None:
    assert obstacle(200, {}, markup, 0) is None


async def test_a_look_at_an_obstacle_failed_and_says_by_what(world: World) -> None:
    origin = await world.serve("xa.test", reply(OBSTACLES["sucuri"][3], "403 Forbidden"))
    fact = failed(await looked(await world.visitor(), origin))
    assert (fact.reason, fact.detail, fact.hops[0].status) == ("blocked", "sucuri", 403)


@pytest.mark.parametrize("status", ["403 Forbidden", "500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests"])
async def test_no_status_hides_a_way_out(world: World, status: str) -> None:
    away = await world.serve("away.test", reply("<p>xa"))
    origin = await world.serve("xa.test", reply("<h1>Lỗi", status, Refresh=f"3; url={away}/vao"))
    fact = seen(await looked(await world.visitor(), origin))
    assert [(hop.how, hop.delay) for hop in fact.hops] == [("asked", 0.0), ("refresh", 3.0)]


async def test_an_obstacle_that_only_comes_back_to_itself_stays_one(world: World) -> None:
    origin = await world.serve("xa.test", reply("<h1>Bảo trì", "503 Service Unavailable", Refresh="30"))
    assert failed(await looked(await world.visitor(), origin)).reason == "error"
