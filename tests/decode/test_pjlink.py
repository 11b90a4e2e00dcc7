"""PJLink: projectors speak, controllers ask."""

import pytest

from collector.decode import pjlink
from model.facts import PjlinkSeen
from tests.decode import frames
from tests.decode.frames import PC, PC_IP, TV, TV_IP, decode, ethernet, packet

PUSH_ACK = 0x18


@pytest.mark.parametrize(
    ("payload", "form"),
    [
        (b"%2ACKN=00:e0:4c:10:20:31\r", "search_answer"),
        (b"%2acKN=00:E0:4C:10:20:31\r", "search_answer"),
        (b"%2LKUP=00:e0:4c:10:20:31\r", "notice"),
        (b"%2POWR=1\r", "notice"),
        (b"%2ERST=000000\r", "notice"),
        (b"%2INPT=11\r", "notice"),
        (b"%2SRCH\r", None),  # a controller looks for projectors
        (b"%2ACKN=\r", None),
        (b"%2ACKN=00:e0:4c:10:20:31:77\r", None),
        (b"%1POWR ?\r", None),
        (b"", None),
        (b"\x00" * 500, None),
    ],
)
def test_datagrams(payload, form):
    facts = pjlink.decode(packet(payload))
    assert [(fact.form, fact.line, fact.protected) for fact in facts] == ([(form, payload.decode().rstrip("\r"), None)] if form else [])


@pytest.mark.parametrize(
    ("payload", "protected"),
    [
        (b"PJLINK 0\r", False),
        (b"PJLINK 1 498e4a67\r", True),
        (b"PJLINK 1 498E4A67\r", True),
        (b"PJLINK 1\r", None),
        (b"PJLINK 2\r", None),
        (b"PJLINK ERRA\r", None),
        (b"%1POWR=1\r", None),
        (b"GET / HTTP/1.1\r\n", None),
    ],
)
def test_greetings(payload, protected):
    segment = frames.ipv4(frames.tcp(4352, 50000, PUSH_ACK, payload, number=9), 6, TV_IP, PC_IP)
    facts = [fact for fact in decode(ethernet(0x0800, segment, target=PC)) if isinstance(fact, PjlinkSeen)]
    assert [(fact.form, fact.protected, fact.mac) for fact in facts] == ([] if protected is None else [("greeting", protected, TV)])


def test_a_controllers_side_of_the_connection_is_not_read():
    segment = frames.ipv4(frames.tcp(50000, 4352, PUSH_ACK, b"PJLINK 0\r"), 6, TV_IP, PC_IP)
    assert not [fact for fact in decode(ethernet(0x0800, segment)) if isinstance(fact, PjlinkSeen)]
