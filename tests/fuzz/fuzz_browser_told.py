"""Hostile words of a browser that a page took over: its messages on the pipe, what it tells of a render, and the fact that is made of it."""

import msgspec

from collector.sensors.portals.browser import facts, page
from collector.sensors.portals.browser.cdp import CallRefused, Connection
from collector.sensors.portals.browser.rendered import Box, Document, Frame, Link, Navigation, Rendered, Request
from collector.sensors.portals.browser.watch import MAX_NAVIGATIONS, MAX_REQUESTS, MAX_TOLD, Watch
from model.portals.declared import Portal
from model.webfacts import LookFailed, PageLooked
from tests.fuzz.checks import AT

_ASKED = facts.Asked(at=AT, portal=Portal(id="xa", url="https://xa.tinh.gov.vn/"), persona="phone", part="declared", round="1")
_DOCUMENT = Document(
    url="https://x.example/",
    html="<p>x",
    title="x",
    text="nhà cái uy tín",
    boxes=(Box(where="div", why="offscreen", links=(Link("https://a.example/", "sao88"),), total=9),),
    frames=(Frame(url="https://b.example/", where="iframe", share=1.0),),
)


class _Told(msgspec.Struct):
    """What of a render comes from the browser."""

    navigations: tuple[Navigation, ...] = ()
    requests: tuple[Request, ...] = ()
    documents: tuple[Document, ...] = ()
    popups: tuple[str, ...] = ()
    clicked: tuple[str, ...] = ()
    trouble: str = ""


_HOPS = (Navigation(url="https://xa.tinh.gov.vn/", reason="first", status=200), Navigation(url="https://x.example/", reason="scriptInitiated"))
_SCRIPT = Request(url="https://c.example/x.js", kind="Script", status=200)
_RENDERED = _Told(_HOPS, (_SCRIPT,), (_DOCUMENT,), ("https://d.example/",), ("//e",))
_FRAME = {"frameId": "main", "type": "Document", "resourceType": "Document", "requestId": "1", "request": {"url": "https://x.example/", "method": "GET"}}
_EVENTS = [
    {"method": "Page.frameRequestedNavigation", "params": {**_FRAME, "reason": "metaTagRefresh", "url": "https://x.example/"}},
    {"method": "Network.requestWillBeSent", "params": {**_FRAME, "redirectResponse": {"status": 302}, "initiator": {"stack": {"callFrames": [{"url": "x"}]}}}},
    {"method": "Network.responseReceived", "params": {**_FRAME, "response": {"status": 200}}},
    {"method": "Fetch.requestPaused", "params": {**_FRAME, "request": {"url": "https://x.example/", "method": "POST"}}},
    {"method": "ServiceWorker.workerVersionUpdated", "params": {"versions": [{"scriptURL": "https://x.example/w.js"}]}},
    {"id": 1, "result": {"result": {"value": '{"url":"https://x.example/","html":"x","empty":[1,2],"heard":["{}"]}'}}},
]
SEEDS = (
    msgspec.json.encode(_RENDERED),
    msgspec.json.encode(_EVENTS),
    b'[{"id":1,"result":{"result":{"value":"{\\"what\\":\\"push\\",\\"stack\\":\\"https://a.test/x.js:1\\"}"}}}]',
)


def fuzz_one(data: bytes) -> None:
    _rendered(data)
    _events(data)


def _rendered(data: bytes) -> None:
    try:
        told = msgspec.json.decode(data, type=_Told)
    except (ValueError, RecursionError):
        return
    fact = facts.looked_of(Rendered(url=_ASKED.portal.url, **msgspec.structs.asdict(told)), _ASKED)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=PageLooked | LookFailed) == fact


def _events(data: bytes) -> None:
    try:
        messages = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return
    watch = Watch("root", "main", lambda method, params, session: None, lambda: 0.0)
    connection = Connection(lambda session, method, params: watch.take(session or "root", method, params))
    for message in messages if isinstance(messages, list) else [messages]:
        connection._take(message)
        _surveyed(message)
        watch.heard([value for value in message.values() if isinstance(value, str)] if isinstance(message, dict) else ())
    assert len(watch.requests) <= MAX_REQUESTS
    assert len(watch.navigations) <= MAX_NAVIGATIONS + 2
    assert max(map(len, (watch.popups, watch.calls, watch.workers, watch.downloads, watch.clicked))) <= MAX_TOLD
    msgspec.json.encode([list(watch.requests.values()), watch.navigations, watch.calls])


def _surveyed(message: object) -> None:
    result = message.get("result") if isinstance(message, dict) else None
    try:
        page._surveyed(result if isinstance(result, dict) else {})
    except CallRefused:
        return
