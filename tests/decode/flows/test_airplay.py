"""AirPlay in clear."""

import plistlib

import pytest

from tests.decode.flows.talk import Talk, http, pushes, settled

URL = "http://192.168.10.101:8090/anh-vui.mp4#t=1"
OWN = "X-Apple-Session-ID: 1bd6ceeb-fffd-456c-a09c-996053a7a08c"
RTSP_OK = http("RTSP/1.0 200 OK", "CSeq: 1")


def talked(text, answer=RTSP_OK, port=7000):
    talk = Talk(port)
    return settled([*talk.client(text), *talk.server(answer)])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/parameters", f"Content-Location: {URL}\r\nStart-Position: 0.1\r\n".encode()),
        ("text/parameters", f"Start-Position: 0\nContent-Location: {URL}\n".encode()),
        ("application/x-apple-binary-plist", plistlib.dumps({"Content-Location": URL, "Start-Position": 0.0}, fmt=plistlib.FMT_BINARY)),
        ("application/x-apple-binary-plist", plistlib.dumps({"A": "_x", "Content-Location": URL + "?" + "y" * 400, "Z": 5}, fmt=plistlib.FMT_BINARY)),
    ],
)
def test_a_video(kind, body):
    [fact] = talked(http("POST /play HTTP/1.1", "User-Agent: MediaControl/1.0", f"Content-Type: {kind}", OWN, body=body), http("HTTP/1.1 200 OK"))
    assert (fact.family, fact.kind, fact.action, fact.agent, fact.accepted) == ("airplay", "content", "play", "MediaControl/1.0", True)
    assert fact.url in {URL, URL + "?" + "y" * 400}


@pytest.mark.parametrize(
    ("line", "headers", "wanted"),
    [
        ("PUT /photo HTTP/1.1", [OWN], ("content", "photo", None)),
        ("PUT /slideshows/1 HTTP/1.1", [OWN], ("content", "slideshows/1", None)),
        ("POST /stop HTTP/1.1", [OWN], ("stop", "stop", None)),
        ("POST /rate?value=0.000000 HTTP/1.1", [OWN], ("command", "rate", None)),
        ("POST /reverse HTTP/1.1", [OWN, "Upgrade: PTTH/1.0"], ("session", "reverse", None)),
        ("POST /pair-pin-start RTSP/1.0", ["CSeq: 1"], ("session", "pair-pin-start", True)),
        ("POST /pair-setup-pin RTSP/1.0", ["CSeq: 1"], ("session", "pair-setup-pin", True)),
        ("POST /pair-setup RTSP/1.0", ["X-Apple-HKP: 3"], ("session", "pair-setup", True)),
        ("POST /pair-setup RTSP/1.0", ["X-Apple-HKP: 4"], ("session", "pair-setup", None)),
        ("POST /pair-verify RTSP/1.0", ["CSeq: 1"], ("session", "pair-verify", None)),
        ("ANNOUNCE rtsp://192.168.10.101/1 RTSP/1.0", ["User-Agent: AirPlay/550.10"], ("session", "ANNOUNCE", None)),
        ("SETUP rtsp://192.168.10.101/1 RTSP/1.0", ["Transport: RTP/AVP/UDP;unicast;mode=record;control_port=6001"], ("session", "SETUP", None)),
        ("RECORD rtsp://192.168.10.101/1 RTSP/1.0", ["DACP-ID: 14413BE4996FEA4D"], ("session", "RECORD", None)),
        ("RECORD rtsp://192.168.10.101/1 RTSP/1.0", ["Active-Remote: 1", 'Authorization: Digest username="iTunes"'], ("session", "RECORD", True)),
        ("TEARDOWN rtsp://192.168.10.101/1 RTSP/1.0", ["Active-Remote: 1"], ("stop", "TEARDOWN", None)),
        ("GET /info RTSP/1.0", [OWN], None),
        ("POST /feedback RTSP/1.0", [OWN], None),
        ("POST /play HTTP/1.1", ["Content-Type: application/json"], None),
        ("POST /stop HTTP/1.1", [], None),
        ("SETUP rtsp://192.168.10.60/track1 RTSP/1.0", ["Transport: RTP/AVP;unicast;client_port=5000-5001"], None),
        ("TEARDOWN rtsp://192.168.10.60/ RTSP/1.0", ["Session: 1"], None),
    ],
)
def test_requests(line, headers, wanted):
    found = talked(http(line, *headers))
    assert [(fact.kind, fact.action, fact.guarded) for fact in found] == ([wanted] if wanted else [])
    assert all(fact.accepted for fact in found)


def test_a_receiver_that_is_busy():
    [fact] = talked(http("ANNOUNCE rtsp://a/1 RTSP/1.0", "Client-Instance: 1"), http("RTSP/1.0 453 Not Enough Bandwidth"))
    assert fact.accepted is False


def test_an_address_that_has_not_come_whole_is_waited_for():
    text = http("POST /play HTTP/1.1", OWN, "Content-Type: text/parameters", body=f"Content-Location: {URL}\nStart-Position: 0\n".encode())
    talk = Talk(7000)
    assert pushes(talk.client(text[: text.index(b"8090")])) == []
