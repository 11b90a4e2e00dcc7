"""The bookkeeping of one render, told anything at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.sensors.portals.browser import watch as watches
from collector.sensors.portals.browser.watch import MAX_REQUESTS, MAX_TOLD, Watch

KEYS = (
    "requestId", "frameId", "type", "resourceType", "request", "response", "url", "method", "status", "redirectResponse", "reason", "delay", "disposition",
    "initiator", "stack", "callFrames", "documentURL", "versions", "scriptURL", "errorText", "canceled", "networkId",
)  # fmt: skip
VALUES = st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(
    ("main", "Document", "Script", "http://a.test/", "https://b.test/x", "POST", "GET", "currentTab", "metaTagRefresh", "scriptInitiated", "1", "[::", "http://[")
) | st.text(max_size=20)  # fmt: skip
TREES = st.recursive(VALUES, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=4) | st.lists(inner, max_size=3))
PARAMS = st.dictionaries(st.sampled_from(KEYS), TREES, max_size=8)
EVENTS = st.lists(st.tuples(st.sampled_from(("root", "child", "")), st.sampled_from([*watches._HANDLERS, "Other.thing"]), PARAMS), max_size=12)


def made() -> tuple[Watch, list[tuple[str, dict[str, object], str]]]:
    posted: list[tuple[str, dict[str, object], str]] = []
    return Watch("root", "main", lambda method, params, session: posted.append((method, params, session)), lambda: 0.0), posted


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.booleans())
def test_any_course_of_events_is_followed(events: list[tuple[str, str, dict[str, object]]], clicking: bool) -> None:
    watch, posted = made()
    watch.clicking = clicking
    for session, method, params in events:
        watch.take(session, method, params)
    paused = sum(method == "Fetch.requestPaused" for _, method, _ in events)
    assert sum(method.startswith("Fetch.") for method, _, _ in posted) == paused, "each request that waits is answered once"
    assert all(isinstance(step.url, str) and 0 <= step.delay <= 86_400 for step in watch.navigations)


def asked(n: int, **more: object) -> dict[str, object]:
    return {"requestId": f"r{n}", "frameId": "main", "request": {"url": f"http://a.test/{n}", "method": "GET"}, "type": "Image", **more}


def test_what_is_kept_is_bounded() -> None:
    watch, _ = made()
    for n in range(3000):
        watch.take("root", "Network.requestWillBeSent", asked(n))
        watch.take("root", "Network.requestWillBeSent", asked(n, type="Document"))
        watch.take("root", "Page.windowOpen", {"url": f"http://w{n}.test/"})
        watch.take("root", "Browser.downloadWillBegin", {"url": f"http://d{n}.test/"})
        watch.take("root", "Network.webSocketCreated", {"requestId": f"w{n}", "url": "ws://a.test"})
        watch.heard([f'{{"what":"push","value":"{n}","stack":""}}'])
    assert len(watch.requests) <= MAX_REQUESTS
    assert {len(watch.popups), len(watch.downloads), len(watch.calls)} == {MAX_TOLD}
    assert len(watch.navigations) < 20


def test_a_redirect_keeps_each_step_and_its_status() -> None:
    watch, _ = made()
    watch.take("root", "Network.requestWillBeSent", asked(1, type="Document"))
    moved = asked(1, type="Document", redirectResponse={"status": 302}, request={"url": "http://b.test/", "method": "GET"})
    watch.take("root", "Network.requestWillBeSent", moved)
    watch.take("root", "Network.responseReceived", {"requestId": "r1", "frameId": "main", "type": "Document", "response": {"status": 200}})
    assert [(step.url, step.reason, step.status) for step in watch.navigations] == [("http://a.test/1", "first", 302), ("http://b.test/", "http", 200)]
    assert sorted((request.url, request.status) for request in watch.requests.values()) == [("http://a.test/1", 302), ("http://b.test/", 200)]


def test_what_scripts_tell_is_read_with_doubt() -> None:
    watch, _ = made()
    stack = "Error\\n at f (https://sdk.test/a.js:1:2)\\n at https://home.test/:3:4"
    watch.heard(["{", "[]", '"x"', '{"what":5}', f'{{"what":"push","value":"v","stack":"{stack}"}}', "x" * 100_000])
    assert [(call.what, call.hosts) for call in watch.calls] == [("", ()), ("push", ("sdk.test", "home.test"))]
