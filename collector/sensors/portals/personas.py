"""The kinds of visitor: what each says of itself, where it comes from, what it remembers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from collector.sensors.portals import browsers
from collector.sensors.portals.browsers import ENCODINGS, Browser
from model.portals.declared import Portal
from model.text import Text

# How the address asked for stands to the page that sent the visitor there, in the words of Sec-Fetch-Site.
Site = Literal["none", "same-origin", "same-site", "cross-site"]

_VIETNAMESE: Final = "vi-VN,vi;q=0.9,fr-FR;q=0.8,fr;q=0.7,en-US;q=0.6,en;q=0.5"
_SAFARI_VIETNAMESE: Final = "vi-VN,vi;q=0.9"
_ENGLISH: Final = "en-US,en;q=0.9"


class Persona(NamedTuple):
    """One kind of visitor.

    `referer`: the page it comes from, empty when the address was typed; `languages`: as in Accept-Language, empty for none; `crawler`: says it is a
    search engine's, so it needs the owner's consent; `returning`: keeps its cookies from one look to the next, all others come for the first time.
    """

    id: str
    label: Text
    browser: Browser
    referer: str = ""
    languages: str = _VIETNAMESE
    crawler: bool = False
    returning: bool = False


class Arrival(NamedTuple):
    """How a visitor comes to an address: from where, whether a person asked for it (`Sec-Fetch-User`), and as what it will be used (`Sec-Fetch-Dest`)."""

    referer: str = ""
    site: Site = "none"
    asked: bool = True
    use: Literal["document", "script"] = "document"


_ALL: Final = (
    Persona("desktop", Text("máy tính", "desktop"), browsers.WINDOWS),
    Persona("mobile", Text("điện thoại Android", "Android phone"), browsers.ANDROID),
    Persona("iphone", Text("điện thoại iPhone", "iPhone"), browsers.IPHONE, languages=_SAFARI_VIETNAMESE),
    Persona("search_google", Text("máy tính, đến từ Google", "desktop, coming from Google"), browsers.WINDOWS, "https://www.google.com/"),
    Persona("search_google_mobile", Text("điện thoại, đến từ Google", "phone, coming from Google"), browsers.ANDROID, "https://www.google.com/"),
    Persona("search_coccoc", Text("máy tính, đến từ Cốc Cốc", "desktop, coming from Coc Coc"), browsers.COCCOC, "https://coccoc.com/"),
    Persona("social_zalo", Text("điện thoại, mở trong Zalo", "phone, opened in Zalo"), browsers.ZALO, "https://zalo.me/"),
    Persona("social_facebook", Text("điện thoại, mở trong Facebook", "phone, opened in Facebook"), browsers.FACEBOOK, "https://l.facebook.com/"),
    Persona("crawler_google", Text("máy tìm kiếm Google", "Google's crawler"), browsers.GOOGLEBOT, languages="", crawler=True),
    Persona("crawler_bing", Text("máy tìm kiếm Bing", "Bing's crawler"), browsers.BINGBOT, languages="", crawler=True),
    Persona("crawler_coccoc", Text("máy tìm kiếm Cốc Cốc", "Coc Coc's crawler"), browsers.COCCOCBOT, languages="", crawler=True),
    Persona("returning", Text("máy tính, đã từng vào", "desktop, been there before"), browsers.WINDOWS, returning=True),
    Persona("english", Text("máy tính, dùng tiếng Anh", "desktop, in English"), browsers.WINDOWS, languages=_ENGLISH),
)

PERSONAS: Final[dict[str, Persona]] = {persona.id: persona for persona in _ALL}


def allowed(portal: Portal, crawler_consent: bool = False) -> tuple[Persona, ...]:
    """The personas that may look at `portal`: crawlers' only where its owner agreed, or the caller vouches that he did."""
    return tuple(persona for persona in _ALL if not persona.crawler or portal.crawlers or crawler_consent)


def telling(persona: Persona, contact: str) -> Persona:
    """The same persona with an address in its User-Agent where the watcher can be asked (`mailto:` or a page's)."""
    return persona._replace(browser=persona.browser._replace(agent=f"{persona.browser.agent} (+{contact})"))


def first_arrival(persona: Persona) -> Arrival:
    """How the persona comes to the first address of a look."""
    return Arrival(persona.referer, "cross-site" if persona.referer else "none")


def headers(persona: Persona, host: str, arrival: Arrival, *, secure: bool, cookie: str = "") -> list[tuple[str, str]]:
    """The request's header lines in the persona's browser's own order. `host` as in the URL, with its port if odd; `secure`: over TLS."""
    browser = persona.browser
    said = dict(_said(persona, host, arrival, cookie))
    if secure:
        said.update(browser.secure)
        if browser.fetch:
            said.update(_fetched(arrival))
    return [(name, said[name]) for name in browser.order if said.get(name)]


def _said(persona: Persona, host: str, arrival: Arrival, cookie: str) -> Iterable[tuple[str, str]]:
    yield "Host", host
    for name, value in persona.browser.lines:
        if arrival.use == "document" or name not in ("Accept", "Upgrade-Insecure-Requests"):
            yield name, value
    if arrival.use == "script":
        yield "Accept", "*/*"
    yield "User-Agent", persona.browser.agent
    yield "Accept-Encoding", ENCODINGS
    yield "Accept-Language", persona.languages
    yield "Referer", arrival.referer
    yield "Cookie", cookie


def _fetched(arrival: Arrival) -> Iterable[tuple[str, str]]:
    yield "Sec-Fetch-Site", arrival.site
    yield "Sec-Fetch-Mode", "navigate" if arrival.use == "document" else "no-cors"
    yield "Sec-Fetch-User", "?1" if arrival.asked else ""
    yield "Sec-Fetch-Dest", arrival.use
