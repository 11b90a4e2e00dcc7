"""LG webOS: JSON in a WebSocket."""

import json

import pytest

from tests.decode.flows.talk import Talk, http, pushes, settled

KEY = b"\x12\xab\x34\xcd"
UPGRADE = http("GET / HTTP/1.1", "Host: 192.168.10.34:3000", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")
SWITCHED = http("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket")


def frame(text: bytes, key=KEY, first=0x81) -> bytes:
    """RFC 6455 §5.2."""
    size = len(text)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2) if size < 65536 else b"\xff" + size.to_bytes(8)
    return bytes([first]) + length + key + bytes(octet ^ key[place % 4] for place, octet in enumerate(text))


def request(uri, **payload) -> bytes:
    return frame(json.dumps({"type": "request", "id": "a1", "uri": uri, "payload": payload}).encode())


def test_the_opening_is_a_session():
    talk = Talk(3000)
    [fact] = settled([*talk.client(UPGRADE), *talk.server(SWITCHED)])
    assert (fact.family, fact.kind, fact.action, fact.accepted) == ("lg", "session", "ssap", True)


@pytest.mark.parametrize(
    ("uri", "payload", "wanted"),
    [
        ("ssap://system.launcher/launch", {"id": "youtube.leanback.v4", "contentId": "v=abc"}, ("content", "system.launcher/launch", "v=abc")),
        ("ssap://system.launcher/open", {"target": "http://192.168.10.9/a.html"}, ("content", "system.launcher/open", "http://192.168.10.9/a.html")),
        ("ssap://com.webos.service.media.viewer/open", {"target": "http://a/b.jpg"}, ("content", "media.viewer/open", "http://a/b.jpg")),
        ("ssap://media.viewer/open", {"target": "http://a/b.jpg"}, ("content", "media.viewer/open", "http://a/b.jpg")),
        ("ssap://media.controls/stop", {}, ("stop", "media.controls/stop", "")),
        ("ssap://system.launcher/close", {"id": "x"}, ("stop", "system.launcher/close", "x")),
        ("ssap://audio/setVolume", {"volume": 9}, ("command", "audio/setVolume", "")),
        ("ssap://system/turnOff", {}, ("command", "system/turnOff", "")),
        ("ssap://audio/getVolume", {}, None),
        ("ssap://com.webos.applicationManager/listLaunchPoints", {}, None),
        ("luna://x/y", {}, None),
        ("ssap://", {}, None),
    ],
)
def test_requests(uri, payload, wanted):
    talk = Talk(3000)
    found = pushes([*talk.client(UPGRADE), *talk.server(SWITCHED), *talk.client(request(uri, **payload))])[2:]
    assert [(fact.kind, fact.action, fact.url) for fact in found] == ([wanted] if wanted else [])


@pytest.mark.parametrize("cut", range(1, 150, 7))
def test_cut_into_two_anywhere(cut):
    text = request("ssap://system.launcher/open", target="http://192.168.10.9/" + "x" * 100)
    talk = Talk(3000)
    [fact] = pushes(talk.client(text[:cut], text[cut:]))
    assert fact.url.startswith("http://192.168.10.9/")


def test_several_in_one_segment_and_one_unmasked():
    text = request("ssap://audio/volumeUp") + request("ssap://audio/getStatus") + request("ssap://audio/volumeDown")
    plain = b'\x81\x3d{"type":"request","uri":"ssap://system/turnOff","payload":{}} '
    assert [fact.action for fact in pushes(Talk(3000).client(text))] == ["audio/volumeUp", "audio/volumeDown"]
    assert [fact.action for fact in pushes(Talk(3000).client(plain))] == ["system/turnOff"]


@pytest.mark.parametrize(
    "text",
    [
        frame(b"{"),
        frame(b"[" * 3000),
        frame(b'{"type":"register","payload":{"manifest":{}}}'),
        frame(b'{"type":"request","uri":5}'),
        frame(b'["request"]'),
        frame(b"\xff\xfe"),
        frame(b'{"type":"request","uri":"ssap://audio/setMute"}', first=0x82),
        b"\x81",
        b"\x81\xff" + b"\xff" * 12,
        b"\x82\x00\x00\x00",
        http("GET / HTTP/1.1", "Host: a.web.page"),
        b"POST",
    ],
)
def test_what_is_no_push(text):
    assert pushes(Talk(3000).client(text)) == []
