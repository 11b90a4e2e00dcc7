"""Hosts that so many portals link to or load from that naming them says nothing: social networks, video, maps, analytics, libraries.

They are no destinations: a portal that sends its visitors to one of them by itself is still told. They only do not count as strange where a
page links, shows or loads something.
"""

from __future__ import annotations

from typing import Final

from model.portals.hosts import bare, parents

_SOCIAL: Final = (
    "facebook.com", "facebook.net", "fbcdn.net", "fb.com", "messenger.com", "m.me", "instagram.com", "zalo.me", "zaloapp.com", "zdn.vn", "youtube.com",
    "youtu.be", "youtube-nocookie.com", "ytimg.com", "twitter.com", "x.com", "t.co", "tiktok.com", "linkedin.com", "pinterest.com", "vimeo.com",
    "telegram.org", "viber.com", "skype.com", "whatsapp.com", "flickr.com", "gravatar.com", "addthis.com", "addtoany.com", "sharethis.com", "disqus.com",
)  # fmt: skip
_MEASURING: Final = (
    "google-analytics.com", "googletagmanager.com", "analytics.google.com", "doubleclick.net", "googlesyndication.com", "googleadservices.com",
    "googletagservices.com", "clarity.ms", "hotjar.com", "histats.com", "statcounter.com", "amung.us", "cloudflareinsights.com", "newrelic.com",
    "nr-data.net", "matomo.cloud", "chartbeat.com", "quantserve.com", "scorecardresearch.com", "mc.yandex.ru", "segment.com", "criteo.com",
    "outbrain.com", "taboola.com", "optimizely.com", "adnxs.com", "moatads.com",
)  # fmt: skip
_SERVICES: Final = (
    "google.com", "google.com.vn", "gstatic.com", "googleapis.com", "googleusercontent.com", "goo.gl", "recaptcha.net", "ggpht.com", "apple.com",
    "microsoft.com", "office.com", "live.com", "bing.com", "coccoc.com", "openstreetmap.org", "w3.org", "schema.org", "wikipedia.org",
    "creativecommons.org", "adobe.com", "hcaptcha.com", "cloudflare.com", "onesignal.com", "tawk.to", "subiz.com", "weatherapi.com",
    "accuweather.com", "vnecdn.net", "fpt.ai", "vnpt.vn", "viettel.vn", "responsivevoice.org",
)  # fmt: skip
_LIBRARIES: Final = (
    "cdnjs.cloudflare.com", "jsdelivr.net", "unpkg.com", "jquery.com", "bootstrapcdn.com", "fontawesome.com", "typekit.net", "ckeditor.com",
    "tinymce.com", "tiny.cloud", "wp.com", "wordpress.org", "gmpg.org", "polyfill-fastly.io", "akamaized.net", "akamaihd.net", "fastly.net",
    "jwpcdn.com", "jwplatform.com", "brightcove.net", "swagit.com", "userway.org", "accessibe.com",
)  # fmt: skip

_KNOWN: Final = frozenset((*_SOCIAL, *_MEASURING, *_SERVICES, *_LIBRARIES))


def is_well_known(host: str) -> bool:
    """Whether the host is, or is below, one of the names everybody uses."""
    return any(name in _KNOWN for name in parents(bare(host)))
