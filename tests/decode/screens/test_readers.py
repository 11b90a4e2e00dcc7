"""What answers of screens say, family by family, by the published protocols; and what no answer may do to its reader."""

import plistlib
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.screens import airplay, cast, greetings, json, plist, roku, upnp, xmltexts
from collector.decode.screens.told import Told, place_of

# Greetings


@pytest.mark.parametrize(
    ("read", "line", "protected"),
    [
        (greetings.pjlink, b"PJLINK 0\r", False),
        (greetings.pjlink, b"PJLINK 1 498e4a67\r", True),
        (greetings.ntcontrol, b"NTCONTROL 0\r", False),
        (greetings.ntcontrol, b"NTCONTROL 1 3f9a01bc\r", True),
        (greetings.ntcontrol, b"NTCONTROL 1 zzzzzzzz\r", True),
    ],
)
def test_a_greeting_says_whether_a_password_is_wanted(read, line, protected):
    told = read(line)
    assert (told.protected, told.guard, told.picture) == (protected, "password" if protected else "", True)


@pytest.mark.parametrize("line", [b"", b"PJLINK", b"PJLINK 0", b"PJLINK 2\r", b"PJLINK 1 12\r", b"SSH-2.0-x\r", b"NTCONTROL 1 1234567\r", b" PJLINK 0\r"])
def test_another_greeting_says_nothing(line):
    assert greetings.pjlink(line) is None
    assert greetings.ntcontrol(line) is None


# AirPlay


def info(**keys):
    return airplay.info(200, plistlib.dumps(keys, fmt=plistlib.FMT_BINARY))


@pytest.mark.parametrize(
    ("flags", "protected", "guard", "playing"),
    [
        (0x4, False, "", False),
        (0x20004, False, "", True),
        (0x24C, True, "pin", False),
        (0x84, True, "password", False),
        (0x20084, True, "password", True),
        (0x404, True, "home", False),
    ],
)
def test_the_flags_of_info_are_those_of_the_advert(flags, protected, guard, playing):
    told = info(statusFlags=flags, features=0x5A7FFEE6, name="Màn hình", model="AppleTV3,2")
    assert told == Told(protected=protected, guard=guard, playing=playing, name="Màn hình", model="AppleTV3,2", picture=True)


def test_a_speaker_shows_no_picture_and_a_password_counts_without_flags():
    assert info(statusFlags=4, features=0x445F8A00).picture is False
    assert info(pw=True, name="x").protected is True
    assert info(name="x") == Told(name="x")


@pytest.mark.parametrize(("status", "protected"), [(470, True), (403, True), (401, True), (404, None), (200, None), (500, None)])
def test_a_receiver_that_wants_pairing_first_is_guarded(status, protected):
    told = airplay.info(status, b"")
    assert (told.protected if told else None) == protected


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"RTSP/1.0 200 OK\r\nContent-Length: 12\r\n\r\n", (200, 39, 12)),
        (b"HTTP/1.1 470 x\r\ncontent-length:  0\r\n\r\n", (470, 38, 0)),
        (b"RTSP/1.0 404 Not Found\r\n\r\n", (404, 26, 0)),
        (b"RTSP/1.0 200 OK\r\nContent-Length: 12\r\n", None),
        (b"SSH-2.0\r\n\r\n", None),
        (b"", None),
    ],
)
def test_the_head_of_an_rtsp_answer(data, head):
    assert airplay.head(data) == head


# Property lists


VALUES = st.one_of(st.booleans(), st.integers(0, 2**63 - 1), st.text(max_size=40), st.binary(max_size=8), st.floats(allow_nan=False))


@given(st.dictionaries(st.text(min_size=1, max_size=20), VALUES, max_size=20))
def test_plist_agrees_with_the_real_reader(keys):
    read = plist.top(plistlib.dumps(keys, fmt=plistlib.FMT_BINARY))
    assert read == {key: value for key, value in keys.items() if isinstance(value, (bool, int, str))}


def hostile_plist(size=60_000):
    """Overlapping arrays, each a reference to all others: gigabytes for a reader that builds every object."""
    body = b"bplist00" + b"\xd1\x01\x02" + b"\xaf\x11\x20\x00" * (size // 4)
    count = 256
    table = b"".join((8 if n == 0 else 11 + 4 * n).to_bytes(2, "big") for n in range(count))
    return body + table + bytes(6) + bytes([2, 1]) + count.to_bytes(8, "big") + (0).to_bytes(8, "big") + len(body).to_bytes(8, "big")


@pytest.mark.parametrize(
    "data",
    [
        hostile_plist(),
        b"bplist00" + b"\xff" * 40,
        b"bplist00" + bytes(33),
        b"bplist00\xdf\x13" + b"\x7f" * 8 + bytes(6) + b"\x01\x01" + (1).to_bytes(8, "big") + bytes(8) + (8).to_bytes(8, "big"),
        b"bplist00" + bytes(100_000),
        b"<?xml version='1.0'?><plist><dict/></plist>",
    ],
)
def test_a_broken_plist_costs_nothing(data):
    tracemalloc.start()
    assert plist.top(data) == {}
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


# XML

SOAP = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<u:GetTransportInfoResponse xmlns:u="urn:schemas-upnp-org:service:AVTransport:1">'
    b"<CurrentTransportState>%s</CurrentTransportState><CurrentTransportStatus>OK</CurrentTransportStatus></u:GetTransportInfoResponse></s:Body></s:Envelope>"
)


@pytest.mark.parametrize(
    ("state", "playing"),
    [
        (b"PLAYING", True),
        (b"TRANSITIONING", True),
        (b"PAUSED_PLAYBACK", True),
        (b"STOPPED", False),
        (b"NO_MEDIA_PRESENT", False),
        (b"RECORDING", None),
        (b" playing ", True),
    ],
)
def test_a_renderer_tells_its_state(state, playing):
    assert upnp.transport(200, SOAP % state) == Told(playing=playing)


def test_a_renderer_that_refuses_strangers_is_guarded():
    fault = (
        b"<s:Envelope xmlns:s='x'><s:Body><s:Fault><detail><UPnPError xmlns='y'><errorCode>606</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>"
    )
    assert upnp.transport(500, fault).protected is True
    assert upnp.transport(401, b"").protected is True
    assert upnp.transport(500, fault.replace(b"606", b"718")) is None
    assert upnp.transport(200, b"<html>") is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://192.168.1.5:8090/a.mp4", "http://192.168.1.5:8090/a.mp4"),
        ("http://user:secret@cdn.example/film/x.m3u8?token=abc#t", "http://cdn.example/film/x.m3u8"),
        ("HTTPS://h/%C3%A1 b", "https://h/%C3%A1"),
        ("x-file-cifs://nas/Phim/1.mp4", "x-file-cifs://nas/Phim/1.mp4"),
        ("C:\\a?b=c", "C:\\a"),
        ("http://h/" + "a" * 5000, ("http://h/" + "a" * 5000)[:300]),
        ("", ""),
    ],
)
def test_of_a_media_address_host_and_path_are_kept(written, kept):
    assert place_of(written) == kept


def test_media_and_position_name_what_plays():
    media = b"<r><CurrentURI>http://h/a.mp4?k=1</CurrentURI></r>"
    assert upnp.media(200, media) == "http://h/a.mp4"
    assert upnp.media(200, b"<r><TrackURI>http://h/b.mp4</TrackURI></r>") == "http://h/b.mp4"
    assert upnp.media(200, b"<r><CurrentURI>NOT_IMPLEMENTED</CurrentURI></r>") == ""
    assert upnp.media(500, media) == ""


DESCRIPTION = b"""<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><URLBase>http://192.168.1.9:80/</URLBase><device>
<deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType><friendlyName>TV S\xe1\xba\xa3nh</friendlyName><manufacturer>LG</manufacturer>
<modelName>OLED</modelName><serviceList><service><serviceType>urn:schemas-upnp-org:service:RenderingControl:1</serviceType><controlURL>/rc</controlURL>
<eventSubURL>/rce</eventSubURL></service><service><serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType><controlURL>/av</controlURL>
<eventSubURL>/ave</eventSubURL></service></serviceList></device></root>"""


def test_a_description_names_the_device_and_its_transport():
    device = upnp.description(DESCRIPTION)
    assert (device.name, device.model, device.base) == ("TV Sảnh", "LG OLED", "http://192.168.1.9:80/")
    assert (device.control, device.events, device.service) == ("/av", "/ave", "urn:schemas-upnp-org:service:AVTransport:1")
    assert upnp.description(b"<root/>") is None
    assert upnp.description(DESCRIPTION.replace(b"AVTransport", b"Other")).control == ""


def event(values):
    inner = "".join(f"<{name} val=&quot;{value}&quot;/>" for name, value in values)
    change = f'&lt;Event xmlns="urn:schemas-upnp-org:metadata-1-0/AVT/"&gt;&lt;InstanceID val="0"&gt;{inner}&lt;/InstanceID&gt;&lt;/Event&gt;'
    change = change.replace("<", "&lt;").replace(">", "&gt;")
    text = f'<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property><LastChange>{change}</LastChange></e:property></e:propertyset>'
    return text.encode()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([("TransportState", "PLAYING"), ("AVTransportURI", "http://h/a.mp4?x=1")], Told(playing=True, what="http://h/a.mp4")),
        ([("TransportState", "STOPPED")], Told(playing=False)),
        ([("AVTransportURI", "http://h/a.mp4")], Told(what="http://h/a.mp4")),
        ([("CurrentTrackURI", "http://h/b.mp4"), ("TransportState", "TRANSITIONING")], Told(playing=True, what="http://h/b.mp4")),
        ([("Volume", "3")], None),
        ([], None),
    ],
)
def test_an_event_tells_what_changed(values, told):
    assert upnp.event(event(values)) == told


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><x/>',
        b"<x>" * 5000,
        b"<x>" + b"<y/>" * 5000 + b"</x>",
        b"<x>" + b"a" * 70_000 + b"</x>",
        b'<?xml version="1.0" encoding="no-such"?><x/>',
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_hostile_xml_is_no_document(data):
    assert xmltexts.elements(data) == ()


def test_long_namespaces_are_not_written_out():
    data = b'<r xmlns:p="' + b"n" * 30_000 + b'">' + b"".join(b"<p:t%d/>" % n for n in range(3_000)) + b"</r>"
    tracemalloc.start()
    assert len(xmltexts.elements(data)) == 3_001
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


# DIAL, Roku


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<service><name>YouTube</name><state>running</state></service>", Told(playing=True, what="YouTube")),
        (200, b"<service><name>YouTube</name><state>stopped</state></service>", Told(playing=False)),
        (200, b"<service><name>YouTube</name><state>hidden</state></service>", Told(playing=False)),
        (200, b"<service><name>YouTube</name></service>", None),
        (404, b"<service><state>running</state></service>", None),
    ],
)
def test_dial_tells_whether_the_application_runs(status, body, told):
    assert upnp.application(status, body) == told


@pytest.mark.parametrize(
    ("mode", "protected"), [("limited", True), ("disabled", True), ("enabled", False), ("permissive", False), ("new-word", None), ("", None)]
)
def test_roku_tells_how_control_by_apps_is_set(mode, protected):
    inside = f"<ecp-setting-mode>{mode}</ecp-setting-mode>" if mode else ""
    body = f"<device-info><user-device-name>Sảnh</user-device-name><model-name>Roku 4</model-name>{inside}</device-info>".encode()
    told = roku.device(200, body)
    assert (told.protected, told.name, told.model) == (protected, "Sảnh", "Roku 4")
    assert roku.device(200, b"<active-app/>") is None


def test_rokus_home_screen_is_no_session():
    assert roku.active(200, b'<active-app><app id="12">Netflix</app></active-app>') == Told(playing=True, what="Netflix")
    assert roku.active(200, b"<active-app><app>Roku</app></active-app>") == Told(playing=False)
    assert roku.active(200, b"<device-info/>") is None


# JSON


def test_eureka_info_names_a_cast_receiver():
    assert json.eureka(200, b'{"name":"TV","cast_build_revision":"1.56","ssid":"x","opt_in":{"crash":true}}') == Told(name="TV")
    assert json.eureka(200, b'{"name":"router"}') is None
    assert json.eureka(404, b"{}") is None


@pytest.mark.parametrize(("word", "protected"), [('"true"', True), ('"false"', False), ("null", None), ("[]", None)])
def test_samsung_tells_whether_it_wants_a_token(word, protected):
    told = json.samsung(200, b'{"device":{"name":"[TV] Samsung","modelName":"UE50","TokenAuthSupport":%s}}' % word.encode())
    assert (told.protected, told.name, told.model) == (protected, "[TV] Samsung", "UE50")
    assert json.samsung(200, b'{"device":{}}') is None


def test_kodi_without_password_is_open():
    assert json.kodi(200, b'{"id":1,"jsonrpc":"2.0","result":[]}') == Told(protected=False, playing=False, picture=True)
    told = json.kodi(200, b'{"id":1,"jsonrpc":"2.0","result":[{"playerid":1,"type":"video"}]}')
    assert (told.playing, told.what) == (True, "video")
    assert json.kodi(401, b"") == Told(protected=True, guard="password", picture=True)
    assert json.kodi(200, b'{"error":1}') is None


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"device":' * 6_000, b'{"device":{"a":' + b"9" * 5_000 + b"}}", b"\xff", b"{" * 70_000, b""])
def test_hostile_json_is_no_answer(body):
    assert json.samsung(200, body) is None
    assert json.eureka(200, body) is None
    assert json.kodi(200, body) is None


# Cast


@given(st.text(max_size=60), st.text(max_size=300))
def test_a_cast_frame_is_read_as_it_was_written(namespace, payload):
    written = cast.Message(namespace, payload)
    body = cast.frame(written)
    assert int.from_bytes(body[:4], "big") == len(body) - 4
    assert cast.message(body[4:]) == written


def test_cast_frames_are_those_of_a_real_sender():
    from pychromecast.generated import cast_channel_pb2

    theirs = cast_channel_pb2.CastMessage()
    theirs.ParseFromString(cast.frame(cast.ask(7))[4:])
    assert (theirs.namespace, theirs.source_id, theirs.destination_id) == (cast.RECEIVER, "sender-0", "receiver-0")
    assert msgspec.json.decode(theirs.payload_utf8) == {"type": "GET_STATUS", "requestId": 7}
    assert cast.message(theirs.SerializeToString()).payload == theirs.payload_utf8


@pytest.mark.parametrize(
    ("applications", "told"),
    [
        ([], Told(playing=False)),
        ([{"displayName": "Backdrop", "isIdleScreen": True}], Told(playing=False)),
        ([{"displayName": "YouTube", "isIdleScreen": False, "appId": "x"}], Told(playing=True, what="YouTube")),
        ([{"displayName": "Backdrop", "isIdleScreen": True}, {"displayName": "Web"}], Told(playing=True, what="Web")),
    ],
)
def test_receiver_status_names_the_application_in_front(applications, told):
    payload = {"type": "RECEIVER_STATUS", "requestId": 1, "status": {"applications": applications, "volume": {"level": 1}}}
    assert cast.status(msgspec.json.encode(payload).decode()) == told


def test_other_messages_of_a_receiver_tell_no_state():
    for payload in ('{"type":"MEDIA_STATUS","status":[]}', '{"type":"RECEIVER_STATUS"}', "{", "", '{"type":5}'):
        assert cast.status(payload) is None
    assert cast.kind('{"type":"PING"}') == "PING"
    assert cast.kind("x") == ""


@pytest.mark.parametrize("body", [b"\x0a", b"\x0a\xff\xff\xff\xff\xff\xff", b"\x12\x7fabc", b"\x0f\x01", b"\x22\x01a", b"\xff" * 20, b""])
def test_a_broken_cast_message_is_none(body):
    assert cast.message(body) is None


READERS = [
    greetings.pjlink,
    greetings.ntcontrol,
    airplay.head,
    plist.top,
    xmltexts.elements,
    upnp.description,
    upnp.event,
    cast.message,
    lambda data: airplay.info(200, data),
    lambda data: upnp.transport(200, data),
    lambda data: roku.device(200, data),
    lambda data: json.kodi(200, data),
]


@pytest.mark.parametrize("read", READERS)
@given(data=st.binary(max_size=400))
def test_no_reader_is_surprised(read, data):
    first = read(data)
    assert read(data) == first
