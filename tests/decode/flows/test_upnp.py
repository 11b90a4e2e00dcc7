"""SOAP to a DLNA renderer."""

import pytest

from tests.decode.flows.talk import MEDIA, OK, SET_URI, Talk, http, pushes, settled, soap

HEAD, _, BODY = SET_URI.partition(b"\r\n\r\n")
HEAD += b"\r\n\r\n"


def one(*client: bytes, answer=OK, port=49494):
    talk = Talk(port)
    [fact] = settled([*talk.client(*client), *talk.server(answer)])
    return fact


def test_an_address_is_set():
    fact = one(SET_URI)
    assert (fact.family, fact.kind, fact.action, fact.url, fact.agent) == ("dlna", "content", "SetAVTransportURI", MEDIA, "iQIYI/14.5")
    assert (fact.mac, fact.ip) == ("6a:5f:2e:10:20:51", "192.168.10.101")
    assert (fact.screen_mac, fact.screen_ip, fact.port) == ("1c:a4:10:10:20:34", "192.168.10.34", 49494)
    assert (fact.accepted, fact.guarded) == (True, None)


def test_it_is_told_before_it_is_answered_and_once_more_after():
    talk = Talk(49494)
    first, second = pushes([*talk.client(SET_URI), *talk.server(OK)])
    assert (first.accepted, second.accepted) == (None, True)
    assert first.at == second.at


@pytest.mark.parametrize(
    ("action", "service", "kind"),
    [
        ("SetNextAVTransportURI", "AVTransport:1", "content"),
        ("Play", "AVTransport:1", "command"),
        ("Pause", "AVTransport:2", "command"),
        ("Seek", "AVTransport:1", "command"),
        ("Next", "AVTransport:1", "command"),
        ("Stop", "AVTransport:3", "stop"),
        ("SetVolume", "RenderingControl:1", "command"),
        ("SetMute", "RenderingControl:1", "command"),
        ("GetTransportInfo", "AVTransport:1", None),
        ("GetPositionInfo", "AVTransport:1", None),
        ("GetMediaInfo", "AVTransport:1", None),
        ("GetVolume", "RenderingControl:1", None),
        ("GetProtocolInfo", "ConnectionManager:1", None),
        ("Browse", "ContentDirectory:1", None),
        ("AddPortMapping", "WANIPConnection:1", None),
        ("SetDefaultConnectionService", "Layer3Forwarding:1", None),
    ],
)
@pytest.mark.parametrize("header", [True, False])
def test_actions(action, service, kind, header):
    talk = Talk(49494)
    found = settled([*talk.client(soap(action, "<NextURI>http://a/b</NextURI>", service, header=header)), *talk.server(OK)])
    assert [(fact.kind, fact.action) for fact in found] == ([(kind, action)] if kind else [])


@pytest.mark.parametrize(
    ("element", "url"),
    [
        ("<CurrentURI>http://a/&#xe1;&#225;&lt;&quot;&apos;&gt;&amp;amp;</CurrentURI>", "http://a/áá<\"'>&amp;"),
        ("<CurrentURI><![CDATA[http://a/b?c&d]]></CurrentURI>", "http://a/b?c&d"),
        ('<CurrentURI xmlns:dt="urn:x" dt:dt="string"> http://a/b </CurrentURI>', "http://a/b"),
        ("<CurrentURI/>", ""),
        ("<CurrentURI></CurrentURI>", ""),
        ("", ""),
        ("<CurrentURI>http://a/&#x110000;&#xd800;&bogus;</CurrentURI>", "http://a/\ufffd\ufffd&bogus;"),
        (f"<CurrentURI>http://a/{'x' * 2000}</CurrentURI>", ("http://a/" + "x" * 2000)[:1024]),
    ],
)
def test_addresses(element, url):
    assert one(soap("SetAVTransportURI", element)).url == url


def test_headers_and_body_in_segments_of_their_own():
    assert one(HEAD, BODY).url == MEDIA


def test_a_body_that_comes_before_its_headers():
    talk = Talk(49494)
    first, second = talk.client(HEAD, BODY)
    [fact] = settled([second, first, *talk.server(OK)])
    assert fact.url == MEDIA


def test_an_address_that_is_cut_is_told_as_far_as_it_came():
    place = SET_URI.index(b"phim.mp4")
    [fact] = pushes(Talk(49494).client(SET_URI[:place], SET_URI[place:]))
    assert fact.url == "http://192.168.10.101:8090/"


def test_a_body_that_does_not_come_leaves_the_address_out():
    fact = one(HEAD, b"nothing that the kernel would pass")
    assert (fact.action, fact.url, fact.accepted) == ("SetAVTransportURI", "", True)


def test_a_long_description_behind_the_address_is_not_waited_for():
    text = soap("SetAVTransportURI", f"<CurrentURI>http://a/b</CurrentURI><CurrentURIMetaData>{'x' * 9000}</CurrentURIMetaData>")
    [fact] = pushes(Talk(49494).client(text[:1400]))
    assert fact.url == "http://a/b"


def test_cut_into_two_anywhere_nothing_false_is_told():
    for cut in range(4, len(SET_URI)):
        talk = Talk(49494)
        for fact in settled([*talk.client(SET_URI[:cut], SET_URI[cut:]), *talk.server(OK)]):
            assert (fact.action, fact.accepted) == ("SetAVTransportURI", True), cut
            assert MEDIA.replace("&", "&amp;").startswith(fact.url) or MEDIA.startswith(fact.url.partition("&")[0]), cut


def test_by_the_second_method_of_http_extensions():
    text = SET_URI.replace(b"POST", b"M-POST").replace(b"SOAPACTION", b'MAN: "http://schemas.xmlsoap.org/soap/envelope/"; ns=01\r\n01-SOAPACTION')
    assert one(text).url == MEDIA


def test_with_a_name_space_prefix_of_its_own():
    text = SET_URI.replace(b"s:Envelope", b"SOAP-ENV:Envelope").replace(b"u:SetAV", b"m:SetAV")
    assert one(text).url == MEDIA


def test_who_browses_a_media_server_pushes_nothing():
    talk = Talk(8200)
    said = [*talk.client(http("GET /MediaItems/1.mp4 HTTP/1.1", "Host: nas")), *talk.client(soap("Browse", "", "ContentDirectory:1")), *talk.server(OK)]
    assert pushes(said) == []
