"""Server names of ClientHellos and certificates in the clear, split anywhere, whole or broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.remote import tls
from model.wirefacts import ActivationSought, RemoteSeen
from tests.decode.flows.talk import Talk, heard
from tests.decode.remote import shapes

SERVICE = shapes.record(shapes.hello("router7.teamviewer.com"))
OUTSIDE = ("192.168.10.101", "203.0.113.7")


def seen(frames):
    return [fact for fact in heard(frames) if isinstance(fact, RemoteSeen | ActivationSought)]


def said(*texts, port=443, ends=OUTSIDE):
    return seen(Talk(port, ends=ends).client(*texts))


def test_a_programs_server_is_a_program_that_runs():
    [fact] = said(SERVICE)
    assert (fact.product, fact.stage, fact.via, fact.port, fact.ip, fact.peer_ip) == ("teamviewer", "connecting", "tls", 443, "192.168.10.101", "")


def test_a_page_is_no_more_than_a_name():
    assert [fact.stage for fact in said(shapes.record(shapes.hello("www.anydesk.com")))] == ["named"]


def test_a_pirates_script_is_sought():
    [fact] = said(shapes.record(shapes.hello("get.activated.win")))
    assert (fact.via, fact.source) == ("tls", "massgrave")


@pytest.mark.parametrize("host", ["www.google.com", "xn--teamviewer-abc.com", "", None])
def test_any_other_name_is_nothing(host):
    assert said(shapes.record(shapes.hello(host))) == []


def test_wherever_the_hello_begins_its_name_is_found_once_the_segment_holds_it():
    # The kernel passes the segment that begins like a handshake; of one split behind its name the first part suffices.
    name = SERVICE.index(b"router7") + len(b"router7.teamviewer.com")
    for cut in range(4, len(SERVICE)):
        told = said(SERVICE[:cut], SERVICE[cut:])
        assert bool(told) is (cut >= name), cut


@pytest.mark.parametrize("size", [1, 7, 40])
def test_a_hello_in_several_records_is_one(size):
    message = shapes.hello("router7.teamviewer.com")
    records = b"".join(shapes.record(message[at : at + size]) for at in range(0, len(message), size))
    assert [fact.product for fact in said(records)] == ["teamviewer"]


def test_extensions_before_the_name_are_stepped_over():
    hello = shapes.hello("router7.teamviewer.com", before=b"\x2a\x2a\0\0" + b"\0\x10" + shapes.vector(bytes(300)))
    assert [fact.product for fact in said(shapes.record(hello))] == ["teamviewer"]


@pytest.mark.parametrize(
    "hello",
    [
        shapes.hello("router7.teamviewer.com", kind=1),  # no host name
        shapes.hello("a" * 300 + ".teamviewer.com"),
        shapes.hello("router7.teamviewer.com")[:-3],
        b"\1\xff\xff\xff" + bytes(40),
        b"\1\0\0\x26\3\3" + bytes(32) + b"\xff\xff\xff\xff",
    ],
)
def test_a_malformed_name_is_none(hello):
    assert said(shapes.record(hello)) == []


def test_anydesk_is_known_by_the_certificate_it_makes_itself():
    talk = Talk(443, ends=OUTSIDE)
    frames = talk.client(shapes.record(shapes.hello(None)), shapes.record(shapes.certificate()))
    [fact] = seen(frames)
    assert (fact.product, fact.stage, fact.via, fact.ip, fact.inbound) == ("anydesk", "connecting", "payload", "192.168.10.101", False)


def test_its_relay_shows_the_certificate_too():
    talk = Talk(443, ends=OUTSIDE)
    [fact] = seen(talk.server(shapes.record(b"\2" + shapes.vector(bytes(70), 3) + shapes.certificate())))
    assert (fact.product, fact.ip, fact.mac) == ("anydesk", "192.168.10.101", talk.client(b"1234")[0][6:12].hex(":"))


def test_another_certificate_is_not_anydesks():
    assert said(shapes.record(shapes.certificate(b"AnyDesk Clients"))) == []
    assert said(shapes.record(shapes.certificate(b"www.gov.vn"))) == []


def test_a_direct_connection_tells_which_end_is_controlled():
    facts = said(shapes.record(shapes.certificate()), port=7070, ends=("192.168.10.101", "192.168.10.34"))
    assert {(fact.ip, fact.inbound, fact.peer_ip) for fact in facts} == {
        ("192.168.10.101", False, "192.168.10.34"),
        ("192.168.10.34", True, "192.168.10.101"),
    }


def test_a_direct_connection_that_goes_on_is_a_session():
    talk = Talk(7070, ends=("192.168.10.101", "192.168.10.34"))
    frames = talk.client(shapes.record(shapes.hello(None)), shapes.record(shapes.certificate())) + talk.server(shapes.record(shapes.certificate()))
    assert {fact.stage for fact in seen(frames)} == {"connecting"}
    frames += talk.client(*(shapes.record(bytes(600), 0x17) for _ in range(4)))
    assert {(fact.stage, fact.inbound) for fact in seen(frames)} == {("connecting", False), ("connecting", True), ("session", False), ("session", True)}


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data):
    for message in tls.messages(tls.handshake(data)):
        assert len(tls.server_name(message.body)) <= len(data)
    assert tls.server_name(data) == tls.server_name(data)
