"""Port mappings by UPnP: asked, granted, refused, taken back, listed."""

import pytest

from model.wirefacts import MappingSeen
from tests.decode.flows.talk import PHONE, V4, Talk, heard, http

GRANTED, REFUSED = http("HTTP/1.1 200 OK"), http("HTTP/1.1 500 Internal Server Error", body=b"<errorCode>718</errorCode>")
CLIENT = b"<NewInternalPort>80</NewInternalPort><NewInternalClient>192.168.10.101</NewInternalClient>"
WANTED = b"<NewRemoteHost></NewRemoteHost><NewExternalPort>8080</NewExternalPort><NewProtocol>TCP</NewProtocol>"
ADD = WANTED + CLIENT + b"<NewPortMappingDescription>game</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration>"


def mappings(*client, answer=b"", port=5431):
    talk = Talk(port)
    said = [*talk.client(*client), *(talk.server(answer) if answer else ())]
    return [fact for fact in heard(said) if isinstance(fact, MappingSeen)]


def call(action, body, service=b"WANIPConnection:1"):
    head = b'POST /ctl/IPConn HTTP/1.1\r\nSOAPAction: "urn:schemas-upnp-org:service:%s#%s"\r\nContent-Length: %d\r\n\r\n'
    whole = b'<?xml version="1.0"?><u:%s xmlns:u="x">%s</u:%s>' % (action, body, action)
    return head % (service, action, len(whole)) + whole


def test_a_mapping_is_told_when_asked_for_and_once_more_when_granted():
    asked, granted = mappings(call(b"AddPortMapping", ADD), answer=GRANTED)
    assert (asked.accepted, granted.accepted) == (None, True)
    assert (granted.via, granted.protocol, granted.client_ip, granted.client_port, granted.outside_port) == ("upnp", "tcp", "192.168.10.101", 80, 8080)
    assert (granted.mac, granted.ip, granted.router_ip, granted.lease, granted.deleted) == (PHONE, V4[0], V4[1], 3600, False)
    assert granted.description == "game"


@pytest.mark.parametrize("service", [b"WANIPConnection:2", b"WANPPPConnection:1"])
@pytest.mark.parametrize("action", [b"AddPortMapping", b"AddAnyPortMapping"])
def test_every_service_that_maps(service, action):
    assert [fact.accepted for fact in mappings(call(action, ADD, service), answer=REFUSED)] == [None, False]


def test_a_body_in_a_segment_of_its_own():
    head, _, body = call(b"AddPortMapping", ADD).partition(b"\r\n\r\n")
    [fact] = mappings(head + b"\r\n\r\n", body)
    assert fact.outside_port == 8080


def test_one_taken_back_names_only_the_outside():
    *_, gone = mappings(call(b"DeletePortMapping", WANTED), answer=GRANTED)
    assert (gone.deleted, gone.accepted, gone.client_ip, gone.outside_port) == (True, True, "", 8080)


@pytest.mark.parametrize(
    ("action", "asked", "told"),
    [
        (b"GetGenericPortMappingEntry", b"<NewPortMappingIndex>0</NewPortMappingIndex>", ADD),
        (b"GetSpecificPortMappingEntry", WANTED, CLIENT + b"<NewLeaseDuration>3600</NewLeaseDuration>"),
    ],
)
def test_what_a_router_lists(action, asked, told):
    answer = http("HTTP/1.1 200 OK", body=b'<?xml version="1.0"?><u:%sResponse xmlns:u="x">%s</u:%sResponse>' % (action, told, action))
    [fact] = mappings(call(action, asked), answer=answer)
    assert (fact.client_ip, fact.client_port, fact.outside_port, fact.lease, fact.accepted) == ("192.168.10.101", 80, 8080, 3600, True)
    assert mappings(call(action, asked), answer=REFUSED) == []


def test_attributes_and_prefixes_as_windows_writes_them():
    typed = ADD.replace(b"Port>8", b'Port xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="ui2">8')
    [fact] = mappings(call(b"AddPortMapping", typed))
    assert (fact.outside_port, fact.client_port) == (8080, 80)


@pytest.mark.parametrize(
    "said",
    [
        call(b"GetExternalIPAddress", b""),
        call(b"AddPortMapping", ADD, b"AVTransport:1"),
        call(b"AddPortMapping", ADD.replace(b"TCP", b"SCTP")),
        call(b"AddPortMapping", b"<NewProtocol>TCP</NewProtocol>"),
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_what_maps_nothing(said):
    assert mappings(said, answer=GRANTED) == []


@pytest.mark.parametrize("client", [b"PC-KETOAN", b"300.1.1.1", b"<script>"])
def test_a_client_that_is_no_address_is_not_kept(client):
    facts = mappings(call(b"AddPortMapping", ADD.replace(b"192.168.10.101", client)))
    assert [fact.client_ip for fact in facts] in ([""], [])


def test_figures_beyond_their_bounds_are_cut():
    facts = mappings(call(b"AddPortMapping", ADD.replace(b">3600<", b">99999999999999<").replace(b">8080<", b">70000<")))
    assert [(fact.lease, fact.outside_port) for fact in facts] == [(0, 65535)]
