"""Sony's and Kodi's JSON interfaces."""

import json

import pytest

from tests.decode.flows.talk import Talk, http, pushes, settled

DONE = http("HTTP/1.1 200 OK", body=b'{"result":[],"id":1}')


def call(path, *calls, headers=()):
    body = json.dumps(calls[0] if len(calls) == 1 else calls).encode()
    return http(f"POST {path} HTTP/1.1", "Host: tv", *headers, body=body)


def one(method, *params):
    return {"method": method, "params": list(params), "id": 1, "version": "1.0"}


@pytest.mark.parametrize(
    ("service", "method", "params", "wanted"),
    [
        ("avContent", "setPlayContent", {"uri": "extInput:hdmi?port=1"}, ("content", "setPlayContent", "extInput:hdmi?port=1")),
        ("appControl", "setActiveApp", {"uri": "com.sony.dtv.youtube"}, ("content", "setActiveApp", "com.sony.dtv.youtube")),
        ("appControl", "terminateApps", {}, ("stop", "terminateApps", "")),
        ("system", "setPowerStatus", {"status": False}, ("command", "setPowerStatus", "")),
        ("audio", "setAudioVolume", {"volume": "+5"}, ("command", "setAudioVolume", "")),
        ("accessControl", "actRegister", {"clientid": "a"}, ("session", "actRegister", "")),
        ("system", "getPowerStatus", {}, None),
        ("avContent", "getPlayingContentInfo", {}, None),
        ("system", "settings", {}, None),
    ],
)
def test_sony(service, method, params, wanted):
    talk = Talk(80)
    found = settled([*talk.client(call(f"/sony/{service}", one(method, params))), *talk.server(DONE)])
    assert [(fact.kind, fact.action, fact.url) for fact in found] == ([wanted] if wanted else [])
    assert all((fact.family, fact.accepted, fact.guarded) == ("sony", True, None) for fact in found)


def test_sony_with_a_key_and_a_refusal_inside_a_good_answer():
    talk = Talk(80)
    refusal = http("HTTP/1.1 200 OK", body=b'{"error":[403,"Forbidden"],"id":1}')
    [fact] = settled([*talk.client(call("/sony/system", one("setPowerStatus", {}), headers=["X-Auth-PSK: 0000"])), *talk.server(refusal)])
    assert (fact.guarded, fact.accepted) == (True, False)


def test_a_key_of_sonys_remote_control():
    talk = Talk(80)
    text = http("POST /sony/IRCC HTTP/1.1", 'SOAPACTION: "urn:schemas-sony-com:service:IRCC:1#X_SendIRCC"', body=b"<?xml ...")
    [fact] = settled([*talk.client(text), *talk.server(DONE)])
    assert (fact.family, fact.kind, fact.action) == ("sony", "command", "X_SendIRCC")


@pytest.mark.parametrize(
    ("method", "params", "wanted"),
    [
        ("Player.Open", {"item": {"file": "http://192.168.10.9/a.mp4"}}, ("content", "Player.Open", "http://192.168.10.9/a.mp4")),
        ("Addons.ExecuteAddon", {"addonid": "plugin.video.youtube"}, ("content", "Addons.ExecuteAddon", "plugin.video.youtube")),
        ("Player.Stop", {"playerid": 1}, ("stop", "Player.Stop", "")),
        ("Player.PlayPause", {"playerid": 1}, ("command", "Player.PlayPause", "")),
        ("Input.Home", {}, ("command", "Input.Home", "")),
        ("Application.SetVolume", {"volume": 50}, ("command", "Application.SetVolume", "")),
        ("Player.GetActivePlayers", {}, None),
        ("Application.GetProperties", {}, None),
        ("JSONRPC.Ping", {}, None),
        ("VideoLibrary.GetMovies", {}, None),
    ],
)
def test_kodi(method, params, wanted):
    talk = Talk(8080)
    found = settled([*talk.client(call("/jsonrpc", {"jsonrpc": "2.0", "method": method, "params": params, "id": 1})), *talk.server(DONE)])
    assert [(fact.kind, fact.action, fact.url) for fact in found] == ([wanted] if wanted else [])
    assert all(fact.family == "kodi" for fact in found)


def test_a_batch_is_told_by_what_it_shows():
    talk = Talk(8080)
    [fact] = pushes(talk.client(call("/jsonrpc", one("Input.Home"), one("Player.Open", {"item": {"file": "a"}}))))
    assert (fact.action, fact.url) == ("Player.Open", "a")


def test_in_the_address_of_a_get():
    request = "%7B%22jsonrpc%22%3A%222.0%22%2C%22method%22%3A%22Input.Left%22%2C%22id%22%3A1%7D"
    [fact] = pushes(Talk(8080).client(http(f"GET /jsonrpc?request={request} HTTP/1.1", "Host: tv", "Authorization: Basic a29kaTprb2Rp")))
    assert (fact.action, fact.guarded) == ("Input.Left", True)


def test_a_body_in_a_segment_of_its_own():
    text = call("/jsonrpc", {"jsonrpc": "2.0", "method": "Player.Open", "params": {"item": {"file": "a"}}, "id": 1})
    head, blank, body = text.partition(b"\r\n\r\n")
    talk = Talk(8080)
    [fact] = settled([*talk.client(head + blank, body), *talk.server(DONE)])
    assert fact.action == "Player.Open"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 3000, b'{"method":1}', b'{"method":"Player.Open","params":' + b"[" * 900 + b"]" * 900 + b"}", b"\xff{}", b"[1,null]", b"3"]
)
def test_odd_bodies(body):
    talk = Talk(8080)
    found = settled([*talk.client(http("POST /jsonrpc HTTP/1.1", body=body)), *talk.server(DONE)])
    assert all(fact.url == "" for fact in found)


def line(*calls):
    return json.dumps(calls[0] if len(calls) == 1 else calls).encode()


OPEN = {"jsonrpc": "2.0", "id": 1, "method": "Player.Open", "params": {"item": {"file": "http://192.168.10.101/a.mp4"}}}
ASKS = {"jsonrpc": "2.0", "id": 2, "method": "Player.GetActivePlayers"}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([OPEN], [("content", "Player.Open", "http://192.168.10.101/a.mp4")]),
        ([{**ASKS, "method": "Input.Home"}], [("command", "Input.Home", "")]),
        ([{**ASKS, "method": "Player.Stop", "params": {"playerid": 1}}], [("stop", "Player.Stop", "")]),
        ([{**ASKS, "method": "Input.Home"}, OPEN], [("content", "Player.Open", "http://192.168.10.101/a.mp4")]),
        ([ASKS], []),
        ([{"result": "OK"}], []),
    ],
)
def test_kodi_on_its_bare_port(said, wanted):
    talk = Talk(9090)
    found = settled([*talk.client(line(*said)), *talk.server(b'{"id":1,"jsonrpc":"2.0","result":"OK"}')])
    assert [(fact.kind, fact.action, fact.url) for fact in found] == wanted
    assert all((fact.family, fact.accepted, fact.port) == ("kodi", True, 9090) for fact in found)


def test_kodi_refuses_on_its_bare_port():
    talk = Talk(9090)
    [fact] = settled([*talk.client(line(OPEN)), *talk.server(b'{"error":{"code":-32602},"id":1,"jsonrpc":"2.0"}')])
    assert fact.accepted is False


def test_kodi_one_call_after_another_on_its_bare_port():
    talk = Talk(9090)
    frames = [frame for call in (ASKS, OPEN, ASKS, OPEN) for frame in (*talk.client(line(call)), *talk.server(b'{"id":1,"result":"OK"}'))]
    assert [fact.accepted for fact in pushes(frames)] == [None, True, None, True]


def test_what_kodi_tells_its_listeners_is_no_call():
    talk = Talk(9090)
    told = {"jsonrpc": "2.0", "method": "Player.OnPlay", "params": {"data": {"item": {"type": "movie"}}}}
    assert pushes([*talk.client(line(ASKS)), *talk.server(line(told))]) == []
