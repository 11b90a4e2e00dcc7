"""Google Cast's and the Android debug bridge's connections."""

import struct

import pytest

from tests.decode.flows.talk import Talk, pushes, settled

HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)


def adb(command: bytes, text=b"host::features=shell_v2") -> bytes:
    number = int.from_bytes(command, "little")
    return struct.pack("<6I", number, 0x01000001, 1 << 20, len(text), sum(text), number ^ 0xFFFFFFFF) + text


def test_a_cast_sender_connects():
    [fact] = pushes(Talk(8009).client(HELLO, b"\x17\x03\x03" + bytes(200)))
    assert (fact.family, fact.kind, fact.action) == ("cast", "session", "connect")


@pytest.mark.parametrize(("port", "text"), [(443, HELLO), (8009, b"\x16\x03\x01\x00\x40\x02" + bytes(60)), (8009, b"\x16\x03\x01\x00")])
def test_other_tls_is_no_push(port, text):
    assert pushes(Talk(port).client(text)) == []


def test_the_receivers_own_hello_is_no_push():
    assert pushes(Talk(8009).server(HELLO)) == []


@pytest.mark.parametrize(("answer", "guarded", "accepted"), [(b"CNXN", False, True), (b"AUTH", True, None), (b"STLS", True, None)])
def test_a_debugger_connects(answer, guarded, accepted):
    talk = Talk(5555)
    [fact] = settled([*talk.client(adb(b"CNXN")), *talk.server(adb(answer, b""))])
    assert (fact.family, fact.kind, fact.action, fact.guarded, fact.accepted) == ("adb", "session", "CNXN", guarded, accepted)


@pytest.mark.parametrize("text", [b"CNXN", b"CNXN" + bytes(30), adb(b"OPEN")])
def test_what_is_no_debugger(text):
    assert pushes(Talk(5555).client(text)) == []
