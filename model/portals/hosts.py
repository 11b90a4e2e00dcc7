"""Host names and addresses of the web, as far as judging needs them: whose they are by their shape alone.

`gov.vn` is a public suffix and all communes of a province share one registrable name, so hosts are compared, never registrable names.
"""

from __future__ import annotations

import re
from typing import Final

# The same portal under another front: typed with or without, and the names phones are sent to.
_FRONTS: Final = ("www.", "m.", "mobile.", "wap.")
_GOVERNMENT: Final = "gov.vn"
_SECOND_LEVELS: Final = frozenset({"com", "net", "org", "edu", "gov", "co", "ac", "info", "biz", "name", "pro", "health", "int"})
# Places where anybody gets a name of his own: the label before them says whose it is.
SHARED_HOSTING: Final = frozenset({
    "blogspot.com", "pages.dev", "workers.dev", "r2.dev", "web.app", "firebaseapp.com", "github.io", "gitlab.io", "netlify.app", "vercel.app",
    "herokuapp.com", "azurewebsites.net", "wordpress.com", "weebly.com", "wixsite.com", "glitch.me", "surge.sh", "onrender.com", "cloudfront.net",
    "amazonaws.com", "appspot.com", "my.id", "webflow.io", "ngrok.io", "duckdns.org", "ddns.net",
})  # fmt: skip
_NUMBERED: Final = re.compile(r"(\d{0,4}[a-z]{2,})\W?\d|(\d{1,4}[a-z]{2,})")
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def host_of(url: str) -> str:
    """The host of an absolute URL as facts hold it: lower-case, without user, port and brackets; empty where there is none."""
    _, found, rest = url.partition("://")
    if not found:
        return ""
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    return bare(rest.rpartition("@")[2].lower())


def bare(host: str) -> str:
    """The host without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and ":" not in name else host


def core(host: str) -> str:
    """The host without the fronts one portal answers under, and without its port."""
    name = bare(host).removesuffix(".")
    front = next((front for front in _FRONTS if name.startswith(front)), "")
    # `m.vn` is a name of its own, not the phone's front of `vn`.
    return name[len(front) :] if "." in name[len(front) :] else name


def under(host: str, parent: str) -> bool:
    """Whether `host` is `parent` or below it."""
    return host == parent or host.endswith("." + parent)


def parents(host: str) -> list[str]:
    """The host itself and every name above it, nearest first; not the top-level domain alone."""
    labels = host.split(".")
    return [".".join(labels[n:]) for n in range(max(1, len(labels) - 1))]


def is_government(host: str) -> bool:
    """Whether the name is below `gov.vn`: a government's, and yet nobody's promise that it is the right one."""
    return bare(host).endswith("." + _GOVERNMENT)


def is_address(host: str) -> bool:
    """Whether the host is a bare IP address."""
    name = bare(host)
    return ":" in name or _ADDRESS.fullmatch(name) is not None


def tail(host: str) -> str:
    """The registrable-like tail of a foreign host: what its owner had to buy (`a.b.shop88.com` -> `shop88.com`)."""
    name = bare(host)
    labels = name.split(".")
    if is_address(name) or len(labels) < 3:
        return name
    last_two = ".".join(labels[-2:])
    keep = 3 if last_two in SHARED_HOSTING or (len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS) else 2
    return ".".join(labels[-keep:])


def stem(host: str) -> str:
    """What numbered mirrors have in common: `kuwin88.vip` and `kuwin-07.com` -> `kuwin`; a name without figures stays its tail."""
    name = tail(host)
    if is_address(name):
        return name
    label = name.partition(".")[0]
    found = _NUMBERED.match(label)
    return (found[1] or found[2]) if found else name


def network(address: str) -> str:
    """The network of an address, coarse: /16 of IPv4, /32 of IPv6."""
    if ":" in address:
        return ":".join(address.split(":")[:2])
    return ".".join(address.split(".")[:2])


def defanged(url: str, length: int = 80) -> str:
    """A URL as it may stand in a sentence: no program makes a link of it, cut at `length`."""
    inert = re.sub(r"(?i)\bh(tt)(ps?:)", r"hxx\2", "".join(c if c.isprintable() else " " for c in url))
    return inert if len(inert) <= length else inert[: length - 1] + "…"
