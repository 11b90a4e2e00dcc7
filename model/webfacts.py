"""What was seen of web portals: facts made by the portals sensor, folded by `model.portals`.

A *look* is one persona's visit to one address, with every hop; a *round* is all looks at one portal that belong together. Hosts are lower-case,
in their ASCII form (punycode), without port unless it is not the scheme's own; URLs are absolute, cut to 2,048 characters.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from model.fact import Fact
from model.text import Text

# Where in a portal a look went: its home page, pages people declared, a sample of its sitemap and navigation, a path that cannot exist, the
# query shapes of doorway kits.
Part = Literal["home", "declared", "sample", "missing", "query"]

# What sent a visitor on: `asked` is the first address itself; `http` a 3xx; `frame` a frame that fills the page; `rendered` the browser went there
# and no static reading says by what.
HopKind = Literal["asked", "http", "refresh", "meta", "script", "form", "popup", "frame", "rendered"]

# What a page holds that its owner may not have put there. Which of them is worth what is decided by `model.portals`, never here.
SignKind = Literal[
    "promotion",        # a block of text that sells gambling (or medicine, forged goods, cheats: `value` says what)
    "promoted_title",   # the same in title, description, Open Graph or headings
    "promoted_links",   # a block of links whose anchors or targets sell it, in plain sight
    "topic",            # gambling is spoken of, without selling it: news, law
    "hidden_links",     # links to other hosts in a box that nobody sees
    "hidden_text",      # text that sells gambling in a box that nobody sees
    "hidden_frame",     # a frame of another host that nobody sees
    "foreign_tag",      # canonical, hreflang, amphtml, JSON-LD, base: names another host
    "product",          # JSON-LD of goods or star ratings on a portal's page
    "other_script",     # letters of another writing system than a Vietnamese portal's
    "doorway",          # the shape of a doorway kit's page, path or ring of links
    "sitemap_flood",    # a sitemap full of kit-made addresses
    "inserted_script",  # a script writes or makes a script or frame of another host
    "obfuscated",       # a script hides what it does and runs what it unpacked
    "brand_host",       # a host shaped like a bookmaker's name
    "service_worker",   # a worker or push permission of another host
    "click_hijack",     # the first click anywhere opens another host
    "exploit",          # a plug-in or object loader of the kind exploit kits use
    "feed",             # a list of gambling names holds this host
]  # fmt: skip


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found on a page.

    `value`: the words or hosts, as seen (one line, at most 300 characters); `where`: the place in the page for a person (`title`,
    `div#footer > ul`, `script 3`); `page`: host of the page it stood on; `hosts`: other hosts it leads to; `gambling`: the content itself, not
    only its form, is of the kind sought; `hits`: how many words or links speak for it.
    """

    kind: SignKind
    value: str = ""
    where: str = ""
    page: str = ""
    hosts: tuple[str, ...] = ()
    gambling: bool = False
    hits: int = 0


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a look. `how` it was come to, `url` where it led, what answered there.

    `status` 0: nothing was asked there. `delay` in seconds before a visitor would be sent. `folded`: by what steps a script's target was found.
    `trouble`: what was wrong there in a short machine word (`tls:name`, `refused:loopback`, `dns`, `timeout`), empty for nothing. `issuer`: of the TLS
    certificate. `digest`: SHA-256 of the body in hex.
    """

    how: HopKind
    url: str
    host: str
    status: int = 0
    address: str = ""
    delay: float = 0.0
    folded: str = ""
    trouble: str = ""
    issuer: str = ""
    digest: str = ""


class PortalFact(Fact, frozen=True, kw_only=True):
    """A fact about the declared portal `portal` (its id), seen from `vantage` (the box or line that looked)."""

    portal: str
    vantage: str = ""


class PageLooked(PortalFact, frozen=True, kw_only=True, tag="look"):
    """One persona saw a page to its end.

    `round` groups the looks that belong together, `attempt` counts confirming looks at the same address. `hops` from the address asked for to
    where the visitor ends, by itself, without a click; `offered`: ways on that need a click or were not followed. `text`: simhash of the end
    page's main text, 64 bits, signed; `words` how many it has. `links`, `scripts`, `frames`, `forms`: distinct other hosts the page links to,
    loads from, shows, sends to (sorted, bounded). `unfolded`: what could send a visitor on and could not be read: never to be counted as clean.
    `capture`: name of the evidence kept, empty for none. `pages`: addresses on the portal's own hosts worth a later look.
    """

    round: str
    persona: str
    part: Part
    url: str
    attempt: int = 0
    hops: tuple[Hop, ...] = ()
    offered: tuple[Hop, ...] = ()
    title: str = ""
    language: str = ""
    generator: str = ""
    text: int = 0
    words: int = 0
    links: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    unfolded: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    rendered: bool = False
    capture: str = ""


Failure = Literal["dns", "connect", "tls", "timeout", "protocol", "refused", "blocked", "challenged", "error", "too_large", "loop", "budget"]


class LookFailed(PortalFact, frozen=True, kw_only=True, tag="look_failed"):
    """A look that could not see what a visitor sees: unknown, never clean. `reason` in a short machine word, `detail` one line for people.

    `refused`: an address the guard does not allow; `blocked` 401, 403, 429, 451; `challenged` a captcha or firewall page; `error` 5xx. `hops` may
    have left the portal before it failed; `signs`: what names of hosts and the pages on the way say (`brand_host`, `feed`).
    """

    round: str
    persona: str
    part: Part
    url: str
    reason: Failure
    detail: str = ""
    attempt: int = 0
    hops: tuple[Hop, ...] = ()
    signs: tuple[Sign, ...] = ()
    capture: str = ""


class ScriptSeen(PortalFact, frozen=True, kw_only=True, tag="script"):
    """A script of the portal's own host. `library`: its name as the file says (`jquery-3.6.0`), `digest` SHA-256 in hex, `size` in bytes.

    `appended`: foreign hosts that code before or after the library's own leads to; `signs` as on a page.
    """

    url: str
    digest: str
    size: int
    library: str = ""
    appended: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()


class SiteFileSeen(PortalFact, frozen=True, kw_only=True, tag="site_file"):
    """robots.txt or a sitemap, as answered (`status`).

    `entries`: how many addresses (sitemap, over all its `files`) or rules (robots) it holds; `hosts`: other hosts inside; `added`: up to 32
    addresses or lines that were not there at the look before; `removed`: how many are gone.
    """

    kind: Literal["robots", "sitemap"]
    url: str
    status: int
    digest: str = ""
    entries: int = 0
    files: int = 1
    hosts: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: int = 0
    signs: tuple[Sign, ...] = ()


class DnsSeen(PortalFact, frozen=True, kw_only=True, tag="name_state"):
    """What a name resolved to. `host` is the portal's own or one that its pages load from; `used`: what it is used for (`portal`, `script`, `frame`).

    `state`: `dangling` the name of a script or frame host, or the target of an alias, does not exist (any more).
    """

    host: str
    used: Literal["portal", "script", "frame"]
    state: Literal["resolves", "dangling", "failed"]
    addresses: tuple[str, ...] = ()
    alias: str = ""


class PortalsHeard(PortalFact, frozen=True, kw_only=True, tag="portals"):
    """The sensor's heartbeat for one portal: how many looks were due, made, overdue in the round that ended, and when the next is due (ns).

    `period` in force between two rounds (ns): as declared, else by level as this sensor is configured; 0 where it does not say.
    """

    due: int = 0
    made: int = 0
    overdue: int = 0
    next_at: int = 0
    period: int = 0


class FeedHeard(Fact, frozen=True, kw_only=True, tag="feed"):
    """The sensor's word on one list of gambling names, after each time it looked at the list's file.

    `entries` in use, 0 when none are; `age` in seconds of the copy in use since its maker's date, -1 for none; `refused` how often a file was refused
    since the sensor began, `refusal` why the last one was, None once one was taken; `weight` how much a hit speaks.
    """

    name: str
    entries: int = 0
    age: int = -1
    refused: int = 0
    refusal: Text | None = None
    weight: int = 1
