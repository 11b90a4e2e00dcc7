"""What each kind of browser says of itself: the one table to renew when browsers do.

Taken down in November 2026. Chrome's lines, their order and their brand list were read off Debian's Chromium 156 on the wire; the other browsers' follow
what they publish or are known to send. Attackers' kits look at these lines, so a browser's must agree with one another.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CHROME: Final = 156
_CHROME_FULL: Final = "156.0.8078.79"
_SAFARI: Final = "26.4"
_COCCOC: Final = "150.0.108"

# What we can inflate ourselves, with a cap; browsers would also offer br and zstd.
ENCODINGS: Final = "gzip, deflate"

_DOCUMENTS: Final = "text/html,application/xhtml+xml,application/xml;q=0.9"
_CHROME_ACCEPT: Final = f"{_DOCUMENTS},image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
_PLAIN_ACCEPT: Final = f"{_DOCUMENTS},*/*;q=0.8"

# fmt: off
_CHROME_ORDER: Final = (
    "Host", "Connection", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "Upgrade-Insecure-Requests", "User-Agent", "Accept", "X-Requested-With",
    "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-User", "Sec-Fetch-Dest", "Referer", "Accept-Encoding", "Accept-Language", "Cookie",
)
_SAFARI_ORDER: Final = (
    "Host", "Sec-Fetch-Dest", "User-Agent", "Accept", "Sec-Fetch-Site", "Cookie", "Referer", "Sec-Fetch-Mode", "Accept-Language", "Priority",
    "Accept-Encoding", "Connection",
)
# fmt: on
_CRAWLER_ORDER: Final = ("Host", "Connection", "Accept", "Accept-Language", "From", "User-Agent", "Accept-Encoding", "Cookie")


class Browser(NamedTuple):
    """One kind of browser. `order`: of its header lines; `lines`: those that never change; `secure`: those it sends on a secure connection alone.

    `viewport` in CSS pixels; `fetch`: it tells how a navigation came about (`Sec-Fetch-*`); `platform` as its client hints name it.
    """

    agent: str
    order: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    secure: tuple[tuple[str, str], ...] = ()
    fetch: bool = True
    mobile: bool = False
    viewport: tuple[int, int] = (1366, 768)
    platform: str = ""


def brands(version: int, name: str) -> tuple[tuple[str, str], ...]:
    """Brand names with versions as Chromium of `version` lists them: the made-up one and the order follow from the version."""
    marks, fakes = (" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_"), ("8", "99", "24")
    orders = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    made_up = f"Not{marks[version % 11]}A{marks[(version + 1) % 11]}Brand", fakes[version % 3]
    listed = (made_up, ("Chromium", str(version)), (name, str(version)))
    places = orders[version % 6]
    return tuple(listed[places.index(place)] for place in range(3))


def _chromium(agent: str, name: str, platform: str, *, mobile: bool = False, extra: tuple[tuple[str, str], ...] = ()) -> Browser:
    hints = (
        ("sec-ch-ua", ", ".join(f'"{brand}";v="{version}"' for brand, version in brands(CHROME, name))),
        ("sec-ch-ua-mobile", "?1" if mobile else "?0"),
        ("sec-ch-ua-platform", f'"{platform}"'),
    )
    lines = (("Connection", "keep-alive"), ("Upgrade-Insecure-Requests", "1"), ("Accept", _CHROME_ACCEPT), *extra)
    return Browser(agent, _CHROME_ORDER, lines, hints, mobile=mobile, viewport=(412, 915) if mobile else (1366, 768), platform=platform)


def _crawler(agent: str, *lines: tuple[str, str]) -> Browser:
    return Browser(agent, _CRAWLER_ORDER, (("Connection", "keep-alive"), ("Accept", _PLAIN_ACCEPT), *lines), fetch=False)


_WEBKIT: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WINDOWS: Final = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT}"
_WEBVIEW: Final = f"Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A.231005.007; wv) {_WEBKIT} Version/4.0 Chrome/{_CHROME_FULL} Mobile Safari/537.36"

WINDOWS: Final = _chromium(f"{_WINDOWS} Chrome/{CHROME}.0.0.0 Safari/537.36", "Google Chrome", "Windows")
ANDROID: Final = _chromium(f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/{CHROME}.0.0.0 Mobile Safari/537.36", "Google Chrome", "Android", mobile=True)
COCCOC: Final = _chromium(f"{_WINDOWS} coc_coc_browser/{_COCCOC} Chrome/{CHROME}.0.0.0 Safari/537.36", "CocCoc", "Windows")
ZALO: Final = _chromium(
    f"{_WEBVIEW} Zalo android/25110732 ZaloTheme/light ZaloLanguage/vi",
    "Android WebView",
    "Android",
    mobile=True,
    extra=(("X-Requested-With", "com.zing.zalo"),),
)
FACEBOOK: Final = _chromium(
    f"{_WEBVIEW} [FB_IAB/FB4A;FBAV/535.0.0.49.72;IABMV/1;]",
    "Android WebView",
    "Android",
    mobile=True,
    extra=(("X-Requested-With", "com.facebook.katana"),),
)
IPHONE: Final = Browser(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " + f"Version/{_SAFARI} Mobile/15E148 Safari/604.1",
    _SAFARI_ORDER,
    (("Connection", "keep-alive"), ("Accept", _PLAIN_ACCEPT)),
    (("Priority", "u=0, i"),),
    mobile=True,
    viewport=(390, 844),
    platform="iOS",
)
GOOGLEBOT: Final = _crawler(
    f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {_WEBKIT} Chrome/{_CHROME_FULL} Mobile Safari/537.36 "
    "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ("From", "googlebot(at)googlebot.com"),
)
BINGBOT: Final = _crawler(
    f"Mozilla/5.0 {_WEBKIT.removesuffix(')')}; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/{_CHROME_FULL} Safari/537.36",
    ("From", "bingbot(at)microsoft.com"),
)
COCCOCBOT: Final = _crawler("Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)")
