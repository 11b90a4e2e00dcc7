"""Samsung's remote control: JSON in a WebSocket on port 8001."""

import json

import pytest

from tests.decode.flows.talk import Talk, http, pushes, settled
from tests.decode.flows.test_webos import KEY, frame

UPGRADE = http("GET /api/v2/channels/samsung.remote.control?name=VFY= HTTP/1.1", "Host: tv", "Upgrade: websocket", "Connection: Upgrade")
SWITCHED = http("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket")


def call(method, **params) -> bytes:
    return frame(json.dumps({"method": method, "params": params}).encode())


def key(name) -> bytes:
    return call("ms.remote.control", Cmd="Click", DataOfCmd=name, Option="false", TypeOfRemote="SendRemoteKey")


def launch(page) -> bytes:
    data = {"appId": "org.tizen.browser", "action_type": "NATIVE_LAUNCH", "metaTag": page}
    return call("ms.channel.emit", event="ed.apps.launch", to="host", data=data)


def told(*texts, port=8001):
    talk = Talk(port)
    return pushes([*talk.client(UPGRADE), *talk.server(SWITCHED), *talk.client(*texts)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (key("KEY_VOLUP"), ("command", "SendRemoteKey KEY_VOLUP", "")),
        (launch("http://192.168.10.101/a.html"), ("content", "ed.apps.launch/org.tizen.browser", "http://192.168.10.101/a.html")),
        (call("ms.remote.control", Cmd="bWF0a2hhdQ==", DataOfCmd="base64", TypeOfRemote="SendInputString"), ("command", "SendInputString", "")),
        (call("ms.channel.emit", event="ed.installedApp.get", to="host"), None),
        (call("ms.channel.emit", event=3, data=[]), None),
        (frame(b"[1, 2]"), None),
        (frame(b"not json"), None),
        (frame(b'{"method":"ms.remote.control"', KEY, 0x01), None),
    ],
)
def test_what_is_said(text, wanted):
    found = told(text)[2:]
    assert [(fact.kind, fact.action, fact.url) for fact in found] == ([wanted] if wanted else [])
    assert all(fact.family == "samsung" for fact in found)


def test_the_opening_and_what_follows_it():
    found = told(key("KEY_POWER"), launch("http://a/b"))
    assert [fact.kind for fact in found] == ["session", "session", "command", "content"]


def test_several_in_one_segment_and_one_in_two():
    assert len(told(key("KEY_1") + key("KEY_2"))) == 4
    text = launch("http://192.168.10.101/" + "x" * 200)
    talk = Talk(8001)
    heard = [*talk.client(UPGRADE), *talk.server(SWITCHED), *talk.client(text[:120], text[120:])]
    # The kernel passes no segment that begins in the middle of one: what came is no message yet.
    assert [fact.kind for fact in settled(heard)] == ["session"]


def test_another_port_is_somebody_elses():
    assert [fact.kind for fact in told(key("KEY_1"), port=8003)] == ["session", "session"]
