"""Answers of screen ports: accepted, refused, or neither."""

import pytest

from collector.decode import tcp
from model.facts import PortAnswered
from tests.decode import frames
from tests.decode.frames import AT, PC, PC_IP, TV, TV_IP, decode, ethernet

SYN, RST, ACK, PUSH = 2, 4, 16, 8


def answer(segment: bytes):
    return decode(ethernet(0x0800, frames.ipv4(segment, 6, TV_IP, PC_IP), source=TV, target=PC))


@pytest.mark.parametrize(
    ("port", "flags", "number", "accepted"),
    [
        (7000, SYN | ACK, 77, True),
        (7000, SYN | ACK | 0x40, 77, True),  # with congestion echo
        (8009, RST | ACK, 0, False),
        (8009, RST | ACK, 1234, None),  # a live connection breaks off
        (8009, RST, 0, None),  # answers an ACK, not a SYN
        (7000, SYN, 0, None),
        (7000, ACK, 5, None),
        (7000, ACK | PUSH, 5, None),
        (443, SYN | ACK, 77, None),
    ],
)
def test_answers(port, flags, number, accepted):
    expected = PortAnswered(at=AT, sensor="capture", sequence=1, leg="lab", mac=TV, ip=TV_IP, port=port, accepted=bool(accepted), peer_mac=PC, peer_ip=PC_IP)
    assert answer(frames.tcp(port, 50000, flags, number=number)) == ([] if accepted is None else [expected])


def test_over_ipv6():
    segment = frames.ipv6(frames.tcp(7000, 50000, SYN | ACK), 6, "fe80::31", "fe80::21")
    [fact] = decode(ethernet(0x86DD, segment), decoders=["tcp"])
    assert (fact.port, fact.ip, fact.peer_ip) == (7000, "fe80::31", "fe80::21")


def test_every_screen_port_says_what_it_is():
    assert all(0 < port < 65536 and what for port, what in tcp.SCREEN_PORTS.items())
