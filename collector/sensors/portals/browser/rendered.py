"""What a render gives. Everything in here was said by a hostile page, cut to bounds."""

from __future__ import annotations

from typing import Literal

import msgspec

from collector.sensors.portals.browser.face import Face

MAX_URL = 2048
MAX_MARKUP = 2 * 1024 * 1024
MAX_SHOT = 1024 * 1024

# Why nobody sees a box: by style, or only because of where or how large it is.
Unseen = Literal["display", "visibility", "opacity", "font", "clipped", "clip", "scale", "indent", "offscreen", "colour", "beneath", "tiny", ""]
# Why the browser went on, as DevTools says; `first` is the address asked for, `http` a 3xx.
Reason = Literal[
    "first", "http", "httpHeaderRefresh", "metaTagRefresh", "scriptInitiated", "formSubmissionGet", "formSubmissionPost", "anchorClick", "reload", "other"
]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What to render: `url` (http or https) as `face` shows itself, within `seconds` in all.

    `quiet`: after so many seconds without a request a loaded page is at rest; `ripen`: seconds of the page's own time to jump over then, so that timers
    and refreshes fall due; `click`: whether to end with a click where nothing is; `max_bytes` through the proxy, both ways.
    """

    url: str
    face: Face
    seconds: float = 20.0
    quiet: float = 1.5
    ripen: float = 120.0
    click: bool = True
    max_bytes: int = 20 * 1024 * 1024


class Navigation(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the main frame. `delay` in seconds as the page asked; `stopped`: why it was not let go there (`method`, `loop`, `click`, `budget`)."""

    url: str
    reason: Reason
    status: int = 0
    delay: float = 0.0
    stopped: str = ""
    error: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request of the page or its workers. `kind` as DevTools says (`Script`, `Document`, `XHR`…), `by` the host of what asked for it.

    `worker`: it was a service worker that asked; `status` 0: nothing answered; `refused`: why not (`private`, `method`), empty where it was let through.
    """

    url: str
    kind: str
    by: str = ""
    worker: bool = False
    status: int = 0
    refused: str = ""


class Link(msgspec.Struct, frozen=True, array_like=True):
    """A link to another host, with the text a reader would see were it visible."""

    url: str
    text: str = ""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A box that nobody sees, and its links to other hosts. `widget`: it looks like a menu, tab or slide, which show themselves when asked; `total` links."""

    where: str
    why: Unseen
    widget: bool = False
    links: tuple[Link, ...] = ()
    total: int = 0


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame of another host: why nobody sees it (empty: it is seen), and what share of the window it covers, 0 to 1."""

    url: str
    where: str
    why: Unseen = ""
    share: float = 0.0


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """A link to another host that lies over most of the window."""

    url: str
    where: str
    share: float = 0.0


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page as its scripts left it. `text`: what a person can read of it."""

    url: str
    html: str = ""
    title: str = ""
    text: str = ""
    boxes: tuple[Box, ...] = ()
    frames: tuple[Frame, ...] = ()
    covers: tuple[Cover, ...] = ()


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A script asked for something. `what`: `notification`, `push`, `worker`, `dialog`; `hosts`: whose scripts were running; `value`: its first word on it.

    That is the worker's address, or what the dialogue says.
    """

    what: str
    hosts: tuple[str, ...] = ()
    value: str = ""


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A whole render. `documents`: the pages it rested on, in order; `clicked`: addresses that a first click at an empty place opened.

    `popups`: windows it tried to open by itself; `trouble`: in a short word why it is not whole (`timeout`, `crashed`, `memory`, `gone`, `stuck`, `hung`,
    `dns`, `connect`, `refused:…`, `error`), empty when it is; `refused` counts what the proxy or the method rule did not let through.
    """

    url: str
    navigations: tuple[Navigation, ...] = ()
    requests: tuple[Request, ...] = ()
    documents: tuple[Document, ...] = ()
    popups: tuple[str, ...] = ()
    clicked: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    workers: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()
    screenshot: bytes = b""
    trouble: str = ""
    refused: dict[str, int] = {}
    refusals: dict[str, str] = {}
    addresses: dict[str, str] = {}
    bytes: int = 0
    seconds: float = 0.0

    @property
    def final(self) -> str:
        """Where the visitor ends."""
        arrived = [step.url for step in self.navigations if not step.stopped]
        return arrived[-1] if arrived else self.url
