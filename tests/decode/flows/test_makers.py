"""DIAL, Roku and Samsung."""

import base64

import pytest

from tests.decode.flows.talk import Talk, http, pushes, settled

CREATED = http("HTTP/1.1 201 Created", "LOCATION: http://tv/apps/YouTube/run", "Content-Length: 0")


@pytest.mark.parametrize(
    ("line", "port", "wanted"),
    [
        ("POST /apps/YouTube HTTP/1.1", 8008, ("dial", "content", "apps/YouTube", "")),
        ("POST /dial/apps/Netflix HTTP/1.1", 56789, ("dial", "content", "apps/Netflix", "")),
        ("POST /ws/apps/YouTube HTTP/1.1", 8001, ("dial", "content", "apps/YouTube", "")),
        ("DELETE /apps/YouTube/run HTTP/1.1", 8008, ("dial", "stop", "apps/YouTube", "")),
        ("DELETE /apps/YouTube/web-1 HTTP/1.1", 8008, ("dial", "stop", "apps/YouTube", "")),
        ("POST /apps/YouTube/dial_data?session=1 HTTP/1.1", 8008, None),
        ("GET /apps/YouTube HTTP/1.1", 8008, None),
        ("POST /launch/12 HTTP/1.1", 8060, ("roku", "content", "launch/12", "")),
        ("POST /launch/12?contentID=77&mediaType=movie HTTP/1.1", 8060, ("roku", "content", "launch/12", "")),
        ("POST /input/15985?t=v&u=http%3A%2F%2F192.168.10.9%2Fa.mp4 HTTP/1.1", 8060, ("roku", "content", "input/15985", "http://192.168.10.9/a.mp4")),
        ("POST /install/dev HTTP/1.1", 9999, ("roku", "content", "install/dev", "")),
        ("POST /keypress/Home HTTP/1.1", 8060, ("roku", "command", "keypress/Home", "")),
        ("POST /keydown/VolumeUp HTTP/1.1", 8060, ("roku", "command", "keydown/VolumeUp", "")),
        ("POST /search/browse?keyword=a HTTP/1.1", 8060, ("roku", "command", "search/browse", "")),
        ("POST /input HTTP/1.1", 80, None),
        ("POST /launch HTTP/1.1", 80, None),
        ("GET /query/apps HTTP/1.1", 8060, None),
        ("POST /login HTTP/1.1", 80, None),
        ("POST /api/v2/applications/111299001912 HTTP/1.1", 8001, ("samsung", "content", "applications/111299001912", "")),
        ("PUT /api/v2/applications/3201907018807 HTTP/1.1", 8001, ("samsung", "content", "applications/3201907018807", "")),
        ("DELETE /api/v2/applications/3201907018807 HTTP/1.1", 8001, ("samsung", "stop", "applications/3201907018807", "")),
        ("GET /api/v2/applications/3201907018807 HTTP/1.1", 8001, None),
        ("GET /api/v2/ HTTP/1.1", 8001, None),
    ],
)
def test_requests(line, port, wanted):
    talk = Talk(port)
    found = settled([*talk.client(http(line, "Host: tv")), *talk.server(CREATED)])
    assert [(fact.family, fact.kind, fact.action, fact.url) for fact in found] == ([wanted] if wanted else [])
    assert all(fact.accepted for fact in found)


def test_keys_in_one_segment():
    keys = b"".join(http(f"POST /keypress/{key} HTTP/1.1", "Host: tv", "Content-Length: 0") for key in ("Home", "Up", "Select"))
    [*facts] = pushes(Talk(8060).client(keys))
    assert [fact.action for fact in facts] == ["keypress/Home", "keypress/Up", "keypress/Select"]


def test_a_roku_that_refuses():
    talk = Talk(8060)
    [fact] = settled([*talk.client(http("POST /keypress/Home HTTP/1.1")), *talk.server(http("HTTP/1.1 403 Forbidden"))])
    assert fact.accepted is False


@pytest.mark.parametrize(
    ("query", "agent", "guarded"),
    [
        (f"?name={base64.b64encode('Điện thoại của Lan'.encode()).decode()}", "Điện thoại của Lan", None),
        ("?name=VFYgUmVtb3Rl&token=12345678", "TV Remote", True),
        ("?name=VFYgUmVtb3Rl&token=", "TV Remote", None),
        ("?name=VFYgUmVtb3Rl"[:-1], "TV Remot", None),
        ("?name=%%%", "%%%", None),
        ("", "", None),
    ],
)
def test_a_samsung_remote_control(query, agent, guarded):
    talk = Talk(8001)
    asked = http(f"GET /api/v2/channels/samsung.remote.control{query} HTTP/1.1", "Host: tv", "Upgrade: websocket", "Connection: Upgrade")
    [fact] = settled([*talk.client(asked), *talk.server(http("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket"))])
    assert (fact.family, fact.kind, fact.action) == ("samsung", "session", "channels/samsung.remote.control")
    assert (fact.agent, fact.guarded, fact.accepted) == (agent, guarded, True)
