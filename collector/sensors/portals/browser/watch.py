"""Follows one render by what the browser tells: where it went, what it fetched, what it asked for. Decides what may go on."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, cast, get_args

import msgspec

from collector.decode.web.url import host_of
from collector.sensors.portals.browser.cdp import Params, at, number, text
from collector.sensors.portals.browser.rendered import MAX_URL, Call, Navigation, Reason, Request

MAX_NAVIGATIONS: Final = 12
MAX_REQUESTS: Final = 400
MAX_TOLD: Final = 32
# A place in a stack trace: "at f (https://a.test/x.js:1:2)"
_PLACE: Final = re.compile(r"https?://[^\s()]{1,500}")
METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))
# A request that is still open after this long (a stream, a long poll) does not make the page unfinished.
PATIENCE: Final = 4.0

Post = Callable[[str, dict[str, object], str], None]
_REASONS: Final = frozenset(get_args(Reason))


class Watch:
    """The course of one render. `take` is given each event of its sessions; `post` sends a call whose answer nobody waits for."""

    def __init__(self, session: str, frame: str, post: Post, now: Callable[[], float]) -> None:
        self.session, self.frame = session, frame
        self._post, self._now = post, now
        self.changed = asyncio.Event()
        self.expired = asyncio.Event()
        self.navigations: list[Navigation] = []
        self.requests: dict[str, Request] = {}
        self.popups: list[str] = []
        self.calls: list[Call] = []
        self.workers: list[str] = []
        self.downloads: list[str] = []
        self.blocked: Counter[str] = Counter()
        self.loaded = False
        self.failed = ""
        self.clicking = False
        self.clicked: list[str] = []
        self._pending: tuple[Reason, str, float] = ("first", "", 0.0)
        self._open: dict[str, float] = {}
        self._last_event = now()
        self._kinds: dict[str, str] = {}

    def take(self, session: str, method: str, params: Params) -> None:
        """One event."""
        handler = _HANDLERS.get(method)
        if handler is not None and (session == self.session or not method.startswith("Page.")):
            handler(self, session, params)
            self.changed.set()

    def adopt(self, session: str, kind: str, url: str) -> None:
        """A frame or worker of the page has a session of its own."""
        self._kinds[session] = kind
        if kind == "service_worker":
            _tell(self.workers, url)

    def quiet(self, seconds: float) -> bool:
        """Whether the page is loaded and asked for nothing during the last `seconds`."""
        now = self._now()
        waiting = any(now - since < PATIENCE for since in self._open.values())
        return self.loaded and not waiting and now - self._last_event >= seconds

    def heard(self, told: Sequence[str]) -> None:
        """What the page's scripts asked for, as hook.js tells it; all of the page so far, so that what is known is told again."""
        for line in told[:MAX_TOLD]:
            call = _call(line)
            if call is not None and call not in self.calls and len(self.calls) < MAX_TOLD:
                self.calls.append(call)

    # What the main frame does

    def _requested(self, _: str, params: Params) -> None:
        if text(params, "frameId") != self.frame or text(params, "disposition") not in {"", "currentTab"}:
            return
        reason = text(params, "reason")
        known: Reason = cast("Reason", reason) if reason in _REASONS else "other"
        url = text(params, "url")
        # A refresh was announced with its delay before it is carried out.
        delay = self._pending[2] if self._pending[:2] == (known, url) else 0.0
        self._pending = (known, url, delay)

    def _scheduled(self, _: str, params: Params) -> None:
        reason = text(params, "reason")
        if text(params, "frameId") == self.frame and reason in {"metaTagRefresh", "httpHeaderRefresh"}:
            self._pending = (cast("Reason", reason), text(params, "url"), number(params, "delay"))

    def _asked(self, session: str, params: Params) -> None:
        self._last_event = self._now()
        url, kind, key = text(params, "request", "url")[:MAX_URL], text(params, "type"), text(params, "requestId")
        if not url.lower().startswith(("http:", "https:", "ws:", "wss:")):
            return
        self._open[key] = self._last_event
        if len(self.requests) < MAX_REQUESTS:
            if at(params, "redirectResponse") is not None and key in self.requests:
                # The next step of a redirect has the same number: what it replaces is kept under another.
                status = int(number(params, "redirectResponse", "status"))
                self.requests[f"{key} {len(self.requests)}"] = msgspec.structs.replace(self.requests.pop(key), status=status)
            self.requests[key] = Request(url=url, kind=kind, by=_initiator(params), worker=self._kinds.get(session, "") == "service_worker")
        if self._is_main(session, params, "type"):
            self._navigating(url, params)

    def _is_main(self, session: str, params: Params, kind: str) -> bool:
        return session == self.session and text(params, kind) == "Document" and text(params, "frameId") == self.frame

    def _socket(self, _: str, params: Params) -> None:
        if len(self.requests) < MAX_REQUESTS:
            self.requests[text(params, "requestId")] = Request(url=text(params, "url")[:MAX_URL], kind="WebSocket", by=_initiator(params))

    def _navigating(self, url: str, params: Params) -> None:
        self.loaded = False
        if at(params, "redirectResponse") is not None and self.navigations:
            self.navigations[-1] = msgspec.structs.replace(self.navigations[-1], status=int(number(params, "redirectResponse", "status")))
            self._go(Navigation(url=url, reason="http"))
            return
        reason, _, delay = self._pending
        self._pending = ("other", "", 0.0)
        self._go(Navigation(url=url, reason=reason, delay=min(delay, 86_400.0)))

    def _go(self, step: Navigation) -> None:
        if len(self.navigations) < MAX_NAVIGATIONS + 2:
            self.navigations.append(step)

    def _answered(self, session: str, params: Params) -> None:
        self._last_event = self._now()
        key, status = text(params, "requestId"), int(number(params, "response", "status"))
        if key in self.requests and not self.requests[key].refused:
            self.requests[key] = msgspec.structs.replace(self.requests[key], status=status)
        if self._is_main(session, params, "type") and self.navigations and not self.navigations[-1].stopped:
            self.navigations[-1] = msgspec.structs.replace(self.navigations[-1], status=status)

    def _finished(self, _: str, params: Params) -> None:
        self._last_event = self._now()
        self._open.pop(text(params, "requestId"), None)

    def _missed(self, session: str, params: Params) -> None:
        self._finished(session, params)
        why, key = text(params, "errorText"), text(params, "requestId")
        main = text(params, "type") == "Document" and session == self.session and self.requests.get(key)
        if main and self.navigations and main.url == self.navigations[-1].url and not self.navigations[-1].stopped:
            self.navigations[-1] = msgspec.structs.replace(self.navigations[-1], error=why[:60])

    def _load(self, _: str, __: Params) -> None:
        self.loaded = True
        self._last_event = self._now()

    # What it may not do

    def _paused(self, session: str, params: Params) -> None:
        key, url = text(params, "requestId"), text(params, "request", "url")[:MAX_URL]
        why = self._judge(session, params, url)
        if not why:
            self._post("Fetch.continueRequest", {"requestId": key}, session)
            return
        self.blocked[why] += 1
        if (network := text(params, "networkId")) in self.requests:
            self.requests[network] = msgspec.structs.replace(self.requests[network], refused=why)
        if self._is_main(session, params, "resourceType"):
            # An answer without content leaves the visitor where they are; a refusal would put the browser's own page in the place of this one.
            self._post("Fetch.fulfillRequest", {"requestId": key, "responseCode": 204}, session)
        else:
            self._post("Fetch.failRequest", {"requestId": key, "errorReason": "BlockedByClient"}, session)

    def _judge(self, session: str, params: Params, url: str) -> str:
        main = self._is_main(session, params, "resourceType")
        why = ""
        if text(params, "request", "method") not in METHODS:
            why = "method"
        elif main and self.clicking:
            why = "click"
            _tell(self.clicked, url)
        elif main and len(self.navigations) > MAX_NAVIGATIONS:
            why = "loop"
        elif len(self.requests) >= MAX_REQUESTS and not main:
            why = "budget"
        if why and main:
            self._stopped(url, why)
        return why

    def _stopped(self, url: str, why: str) -> None:
        """The main frame is held back: the step is told, not taken."""
        if self.navigations and self.navigations[-1].url == url and not self.navigations[-1].status:
            self.navigations[-1] = msgspec.structs.replace(self.navigations[-1], stopped=why)
        else:
            self._go(Navigation(url=url, reason=self._pending[0], stopped=why))
        self.loaded = True

    # What it asks for

    def _popup(self, _: str, params: Params) -> None:
        _tell(self.clicked if self.clicking else self.popups, text(params, "url"))

    def _dialog(self, session: str, params: Params) -> None:
        # What hook.js did not dismiss: leaving a page is always agreed to, everything else declined.
        self._post("Page.handleJavaScriptDialog", {"accept": text(params, "type") == "beforeunload"}, session)

    def _registered(self, _: str, params: Params) -> None:
        versions = at(params, "versions")
        for version in versions[:MAX_TOLD] if isinstance(versions, list) else ():
            if isinstance(version, dict):
                _tell(self.workers, text(version, "scriptURL"))

    def _download(self, _: str, params: Params) -> None:
        _tell(self.downloads, text(params, "url"))

    def _crashed(self, session: str, _: Params) -> None:
        if session == self.session:
            self.failed = "crashed"

    def _expired(self, session: str, _: Params) -> None:
        if session == self.session:
            self.expired.set()


def _initiator(params: Params) -> str:
    """Host of whatever asked for a request: the script on top of the stack, else the page or worker it belongs to."""
    frames = at(params, "initiator", "stack", "callFrames")
    first = frames[0] if isinstance(frames, list) and frames and isinstance(frames[0], dict) else {}
    return host_of(text(first, "url") or text(params, "initiator", "url") or text(params, "documentURL"))


def _tell(where: list[str], url: str) -> None:
    if url and len(where) < MAX_TOLD and url[:MAX_URL] not in where:
        where.append(url[:MAX_URL])


def _call(line: str) -> Call | None:
    try:
        told = msgspec.json.decode(line[:8192])
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return Call(what=text(told, "what")[:20], hosts=_hosts_in(text(told, "stack")), value=text(told, "value")[:MAX_URL])


def _hosts_in(stack: str) -> tuple[str, ...]:
    """Hosts whose scripts were running, nearest first."""
    return tuple(dict.fromkeys(host for url in _PLACE.findall(stack) if (host := host_of(url))))[:8]


_HANDLERS: Final[dict[str, Callable[[Watch, str, Params], None]]] = {
    "Browser.downloadWillBegin": Watch._download,
    "Emulation.virtualTimeBudgetExpired": Watch._expired,
    "Fetch.requestPaused": Watch._paused,
    "Inspector.targetCrashed": Watch._crashed,
    "Network.loadingFailed": Watch._missed,
    "Network.loadingFinished": Watch._finished,
    "Network.requestWillBeSent": Watch._asked,
    "Network.responseReceived": Watch._answered,
    "Network.webSocketCreated": Watch._socket,
    "Page.downloadWillBegin": Watch._download,
    "Page.frameRequestedNavigation": Watch._requested,
    "Page.frameScheduledNavigation": Watch._scheduled,
    "Page.javascriptDialogOpening": Watch._dialog,
    "Page.loadEventFired": Watch._load,
    "Page.windowOpen": Watch._popup,
    "ServiceWorker.workerVersionUpdated": Watch._registered,
}
