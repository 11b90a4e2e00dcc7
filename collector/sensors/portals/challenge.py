"""Pages that stand between a visitor and the portal: a firewall's refusal, a captcha, a cookie test, a notice of maintenance. Pure.

Conservative: an ordinary page with a captcha under its comment form is a page. Who hides behind such a look is for the caller to see: what leads to
another host, or sells gambling, is never excused by these signs.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from model.webfacts import Failure

# Statuses by which a server refuses this visitor, not the page.
_REFUSING: Final = frozenset({401, 403, 407, 429, 451})
# What people take for a page although its status is an error's: the Kon Tum case stood on one.
_PAGES: Final = frozenset({404, 410})
# A page of more words says something of its own; none of the pages sought here has as many.
_FEW: Final = 120
# Where the sign is a common one, it must be nearly all there is: words, and letters of markup for a script by itself.
_HARDLY_ANY: Final = 60
_SMALL: Final = 8_192
_HEAD: Final = 65_536

# Nobody writes these but the firewall named. All in lower case.
_SURE: Final[tuple[tuple[str, Failure, re.Pattern[str]], ...]] = (
    ("cloudflare", "challenged", re.compile(r"cf-chl-|cf_chl_opt|<title>just a moment\.\.\.</title>")),
    ("imperva", "challenged", re.compile(r"_incapsula_resource|incapsula incident id")),
    ("f5", "blocked", re.compile(r"the requested url was rejected\. please consult with your administrator")),
    ("sucuri", "blocked", re.compile(r"sucuri website firewall\b.{0,40}access denied")),
    ("fortinet", "blocked", re.compile(r"<title>[^<]{0,20}(?:fortiguard|fortiweb|web page blocked)")),
    ("aws", "challenged", re.compile(r"awswafintegration\.|\.token\.awswaf\.com/")),
    ("ddos-guard", "challenged", re.compile(r"<title>ddos-guard</title>|check\.ddos-guard\.net/")),
    ("testcookie", "challenged", re.compile(r"slowaes\.decrypt\(|tonumbers\(\"[0-9a-f]{32}\"\)")),
)
_COMMON: Final[tuple[tuple[str, Failure, re.Pattern[str]], ...]] = (
    ("captcha", "challenged", re.compile(r"challenges\.cloudflare\.com/turnstile|hcaptcha\.com/1/api\.js|data-sitekey=")),
    (
        "check",
        "challenged",
        re.compile(r"checking your browser|verify (?:that )?you are human|đang kiểm tra trình duyệt|xác (?:minh|thực) bạn (?:không phải|là)"),
    ),
    ("firewall", "blocked", re.compile(r"access (?:to this \w{1,20} (?:is|has been) )?denied|request (?:blocked|rejected)|attack (?:id|detected)")),
    ("firewall", "blocked", re.compile(r"(?:truy cập|yêu cầu)[^<.]{0,60}bị (?:tường lửa )?(?:chặn|từ chối)")),
    ("maintenance", "error", re.compile(r"đang (?:được )?(?:bảo trì|nâng cấp)|bảo trì hệ thống|under maintenance|(?:scheduled|site) maintenance")),
)
_COOKIE: Final = re.compile(r"document\.cookie\s*=.{1,600}location\.reload\(", re.DOTALL)


class Obstacle(NamedTuple):
    """Why a page is not the portal's: the reason as `LookFailed` has it, and what stood there in one word or status."""

    reason: Failure
    what: str


def obstacle(status: int, headers: dict[str, str], markup: str, words: int) -> Obstacle | None:
    """What stands in the way; None for a page. `headers` by lower-case name; `words` the visible ones."""
    if status in _REFUSING:
        return _named(headers, markup, words) or Obstacle("blocked", str(status))
    if found := _named(headers, markup, words):
        return found
    if status >= 500:
        return Obstacle("error", str(status))
    if status >= 400 and status not in _PAGES:
        return Obstacle("blocked", str(status))
    return None


def _named(headers: dict[str, str], markup: str, words: int) -> Obstacle | None:
    if headers.get("cf-mitigated", "").lower() == "challenge" or headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha"):
        return Obstacle("challenged", "captcha")
    if words >= _FEW:
        return None
    head = markup[:_HEAD].lower()
    if words < _HARDLY_ANY and len(markup) < _SMALL and _COOKIE.search(head):
        return Obstacle("challenged", "cookie")
    signs = (*_SURE, *_COMMON) if words < _HARDLY_ANY else _SURE
    return next((Obstacle(reason, what) for what, reason, pattern in signs if pattern.search(head)), None)
