"""Miracast over infrastructure, laid out after [MS-MICE] §2.2: no real sink could be had."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.flows import mice
from collector.decode.flows.head import Head
from tests.decode.flows.talk import Talk, pushes
from tests.decode.frames import AT, packet

NAME = "PC-VĂN-THƯ"


def message(command: int, *elements: tuple[int, bytes], version=1) -> bytes:
    body = b"".join(struct.pack(">BH", kind, len(value)) + value for kind, value in elements)
    return struct.pack(">HBB", 4 + len(body), version, command) + body


READY = message(1, (2, struct.pack(">H", 7236)), (0, NAME.encode("utf-16-le")), (3, bytes(16)))
STOP = message(2, (0, NAME.encode("utf-16-le")), (3, bytes(16)))
HANDSHAKE, SESSION, CHALLENGE, RESPONSE = message(3, (4, bytes(40))), message(4, (5, b"\x01")), message(5, (6, bytes(8))), message(6, (6, bytes(8)))


@pytest.mark.parametrize(
    ("said", "guarded"),
    [
        ([READY], False),
        ([HANDSHAKE, READY], True),
        ([SESSION, READY], True),
        ([SESSION, CHALLENGE, RESPONSE, READY], True),
        ([RESPONSE, READY], False),  # an answer to no challenge guards nothing
    ],
)
def test_a_source_is_ready(said, guarded):
    [fact] = pushes(Talk(7250).client(*said))
    assert (fact.family, fact.kind, fact.action, fact.agent, fact.guarded) == ("mice", "session", "SOURCE_READY", NAME, guarded)


@pytest.mark.parametrize("cut", range(1, len(HANDSHAKE + READY)))
def test_cut_into_two_anywhere_in_either_order(cut):
    text = HANDSHAKE + READY
    for turn in (1, -1):
        *_, fact = pushes(Talk(7250).client(text[:cut], text[cut:])[::turn])  # the second part alone may tell of an unguarded source
        assert (fact.agent, fact.guarded) == (NAME, True)


def test_it_stops_on_the_same_connection():
    assert [(fact.kind, fact.action) for fact in pushes(Talk(7250).client(READY, STOP))] == [("session", "SOURCE_READY"), ("stop", "STOP_PROJECTION")]


def test_a_pin_may_take_a_minute():
    [fact] = pushes(Talk(7250).client(SESSION, CHALLENGE, READY), step=50_000_000_000)
    assert fact.guarded is True


def test_the_sink_pushes_nothing():
    assert pushes(Talk(7250).server(READY)) == []


@pytest.mark.parametrize("text", [message(9), message(1, version=2), b"\x00\x03\x01\x01", b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x01\x01" * 1000])
def test_what_is_another_protocol(text):
    assert pushes(Talk(7250).client(text, READY[:6])) == []


@given(st.binary(max_size=200))
def test_anything(data):
    found = mice.decode(Head(packet(b""), data + READY, b"", AT))
    assert found is None or all(fact.family == "mice" for fact in found)
