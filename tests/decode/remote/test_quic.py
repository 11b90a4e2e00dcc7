"""QUIC Initials: opened by the published vectors' keys, in pieces, out of order, coalesced, cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.remote import quic, sealed
from tests.decode.remote import shapes
from tests.fuzz.checks import packet

HELLO = shapes.hello("router7.teamviewer.com", before=b"\0\x10" + shapes.vector(bytes(1400)))
SMALL = shapes.hello("relay-2.net.anydesk.com")
VERSIONS = {"v1": shapes.V1, "v2": shapes.V2, "draft 29": shapes.DRAFT}


def given_packet(data, **fields):
    return packet(data, **{"port": 50000, "peer_port": 443, "peer_ip": "203.0.113.9", **fields})


def read(*datagrams, **fields):
    reader = quic.Reader()
    return [fact for data in datagrams for fact in reader.decode(given_packet(data, **fields))]


def test_the_keys_are_those_of_the_standards():
    # RFC 9001 appendix A.1, RFC 9369 appendix A.1.
    assert [key.hex() for key in sealed._keys(sealed.VERSIONS[shapes.V1], shapes.TARGET)] == [
        "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2",
    ]  # fmt: skip
    assert [key.hex() for key in sealed._keys(sealed.VERSIONS[shapes.V2], shapes.TARGET)] == [
        "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9",
    ]  # fmt: skip
    assert set(quic.KINDS) == set(sealed.VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_hello_in_one_datagram_is_read(version):
    [fact] = read(shapes.initial(shapes.crypto(0, SMALL), VERSIONS[version], token=b"t" * 70))
    assert (fact.product, fact.stage, fact.via, fact.port) == ("anydesk", "connecting", "quic", 443)


def test_frames_may_come_in_any_order_among_others():
    frames = shapes.crypto(60, SMALL[60:]) + b"\1" + b"\2\5\0\1\0\2\2" + bytes(9) + shapes.crypto(0, SMALL[:30]) + shapes.crypto(20, SMALL[20:70])
    assert len(read(shapes.initial(frames))) == 1


def test_a_hello_over_two_datagrams_is_put_together_in_either_order():
    one = shapes.initial(shapes.crypto(0, HELLO[:900]), number=0)
    other = shapes.initial(shapes.crypto(900, HELLO[900:]), number=1)
    for order in ((one, other), (other, one), (one, one, other)):
        assert [fact.product for fact in read(*order)] == ["teamviewer"], order


def test_pieces_of_two_connections_are_not_mixed():
    one = shapes.initial(shapes.crypto(0, HELLO[:900]))
    other = shapes.initial(shapes.crypto(900, HELLO[900:]), target=b"another!")
    assert read(one, other) == []


def test_coalesced_packets_are_stepped_through():
    first = shapes.initial(shapes.crypto(0, SMALL[:40]), size=400)
    second = shapes.initial(shapes.crypto(40, SMALL[40:]), number=1, size=800)
    assert len(read(first + second)) == 1
    # What follows an Initial may be of another kind (0-RTT), padding, or damaged.
    assert len(read(shapes.initial(shapes.crypto(0, SMALL)) + b"\xd3" + bytes(60))) == 1


def test_a_damaged_or_cut_packet_says_nothing():
    data = shapes.initial(shapes.crypto(0, SMALL))
    assert read(data[:-1]) == []
    assert read(data[:700] + bytes((data[700] ^ 1,)) + data[701:]) == []
    assert read(*(data[:size] for size in range(0, 1200, 37))) == []


@pytest.mark.parametrize(("where", "what"), [(0, 0x43), (1, 9), (5, 21), (0, 0xF3)])
def test_other_headers_are_no_initials(where, what):
    data = bytearray(shapes.initial(shapes.crypto(0, SMALL)))
    data[where] = what
    assert read(bytes(data)) == []


def test_answers_and_other_ports_are_not_read():
    data = shapes.initial(shapes.crypto(0, SMALL))
    assert read(data, port=443, peer_port=50000) == []


def test_other_names_leave_nothing_behind():
    reader = quic.Reader()
    assert reader.decode(given_packet(shapes.initial(shapes.crypto(0, shapes.hello("www.gov.vn"))))) == ()
    assert len(reader) == 0


def test_hellos_that_never_end_are_bounded():
    reader = quic.Reader()
    for number in range(1000):
        reader.decode(given_packet(shapes.initial(shapes.crypto(0, HELLO[:20]), target=number.to_bytes(8)), port=20000 + number))
    assert len(reader) <= 256
    hello = quic.Hello()
    for offset in range(0, 1 << 20, 100):
        hello.put(offset, bytes(100))
    assert sum(map(len, hello.pieces.values())) <= 8192
    hello.put(1 << 62, b"far")
    assert len(hello.pieces) <= 32


@given(st.binary(max_size=200), st.sampled_from(list(VERSIONS.values())))
def test_any_payload_is_read_without_a_fault(frames, version):
    assert read(shapes.initial(frames, version)) == read(shapes.initial(frames, version))
    assert all(offset >= 0 for offset, _ in quic.crypto_frames(frames))
