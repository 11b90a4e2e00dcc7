"""Hosts that ordinary portals load from and link to, so that these alone are no sign; and which hosts belong together.

Never used for where a visitor is sent: that is judged against the declared destinations alone.
"""

from __future__ import annotations

from functools import lru_cache

# Analytics, maps, video, social plug-ins, captchas, fonts, script libraries: met on portals of every province. `x.test` stands for all names below it.
_SERVICES = frozenset({
    "google.com", "google.com.vn", "googleapis.com", "gstatic.com", "googletagmanager.com", "google-analytics.com", "googlesyndication.com",
    "doubleclick.net", "googleusercontent.com", "googleadservices.com", "recaptcha.net", "youtube.com", "youtube-nocookie.com", "ytimg.com",
    "youtu.be", "goo.gl", "withgoogle.com", "facebook.com", "facebook.net", "fbcdn.net", "fb.com", "fb.me", "messenger.com", "m.me", "instagram.com",
    "whatsapp.com", "zalo.me", "zaloapp.com", "zadn.vn", "zdn.vn", "zingmp3.vn", "twitter.com", "x.com", "linkedin.com", "pinterest.com",
    "tiktok.com", "vimeo.com", "t.me", "skype.com", "microsoft.com", "clarity.ms", "bing.com", "apple.com", "w3.org", "schema.org",
    "openstreetmap.org", "arcgis.com", "cloudflare.com", "cloudflareinsights.com", "jsdelivr.net", "unpkg.com", "bootstrapcdn.com", "jquery.com",
    "fontawesome.com", "hcaptcha.com", "adobe.com", "macromedia.com", "hotjar.com", "tawk.to", "addthis.com", "sharethis.com", "statcounter.com",
    "histats.com", "wikipedia.org", "gravatar.com", "wp.com", "s.w.org", "wordpress.org", "windy.com", "accuweather.com", "tinnhiemmang.vn",
    "ncsc.gov.vn", "coccoc.com", "mozilla.org", "opera.com", "browsehappy.com", "enable-javascript.com",
})  # fmt: skip
# Names below these are given to one organisation each.
_SHARED = frozenset({"gov", "edu", "com", "org", "net", "ac", "mil", "info", "name", "pro", "biz", "health", "int", "co", "go", "or", "ne"})
# Bodies of the state, schools, the army: nobody sells a place there for the sake of its links.
_PUBLIC = (".gov.vn", ".edu.vn", ".mil.vn", ".org.vn", "chinhphu.vn", "dangcongsan.vn", "quochoi.vn", "vneid.vn", ".ac.vn")


@lru_cache(maxsize=8192)  # a pure function, so the cache is no state
def is_service(host: str) -> bool:
    """Whether portals lawfully load from the host: analytics, maps, video, captchas."""
    while host:
        if host in _SERVICES:
            return True
        host = host.partition(".")[2]
    return False


def is_public(host: str) -> bool:
    """Whether a body of the state, a school or the army has the host."""
    return host.endswith(_PUBLIC)


@lru_cache(maxsize=8192)  # the same
def organisation(host: str) -> str:
    """The name that an organisation was given, by its last labels: three under `gov.vn` and its kind, else two. No list of suffixes: meant to excuse little."""
    labels = host.rstrip(".").split(".")
    if labels[-1].isdigit() or host.startswith("["):
        return host
    wanted = 3 if len(labels) > 2 and labels[-2] in _SHARED and len(labels[-1]) == 2 else 2
    return ".".join(labels[-wanted:])


def same_organisation(host: str, own: str) -> bool:
    """Whether both hosts are one organisation's (a province and its communes are): for loading and linking, never for sending visitors on."""
    return host == own or organisation(host) == organisation(own)
