"""Answers of screen ports: accepted, refused, or neither."""

import pytest

from collector.decode import tcp
from model.facts import PortAnswered
from model.wirefacts import InboundAnswered
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


# Let in from another network

HOST, OUTSIDE = "192.168.10.31", "203.0.113.9"


def let_in(source, target, ttl=64, *, port=3389, peer_port=50000, flags=SYN | ACK):
    segment = frames.tcp(port, peer_port, flags, number=77)
    if ":" in source:
        data = ethernet(0x86DD, frames.ipv6(segment, 6, source, target, hops=ttl), source=TV, target=PC)
    else:
        data = ethernet(0x0800, frames.ipv4(segment, 6, source, target, ttl=ttl), source=TV, target=PC)
    return [fact for fact in decode(data, decoders=["tcp"]) if isinstance(fact, InboundAnswered)]


def test_an_inside_host_lets_somebody_outside_in():
    [fact] = let_in(HOST, OUTSIDE)
    assert (fact.mac, fact.ip, fact.port, fact.peer_ip, fact.peer_mac, fact.routed) == (TV, HOST, 3389, OUTSIDE, PC, False)


def test_past_a_router_the_frame_is_not_the_hosts():
    [fact] = let_in("10.1.2.3", OUTSIDE, ttl=63)
    assert (fact.mac, fact.ip) == ("", "10.1.2.3")


def test_past_one_router_inside_it_came_from_another_segment():
    [fact] = let_in("192.168.10.21", "192.168.20.51", ttl=127, port=445)
    assert (fact.mac, fact.routed) == ("", True)


def test_ipv6_of_two_links():
    [fact] = let_in("2001:db8:1::31", "2001:db8:2::9")
    assert (fact.mac, fact.routed) == (TV, False)


@pytest.mark.parametrize(
    ("source", "target", "ttl"),
    [
        (OUTSIDE, HOST, 54),  # a server outside answers: all ordinary traffic
        (OUTSIDE, "198.51.100.7", 64),
        (HOST, "192.168.10.21", 64),
        (HOST, "192.168.20.21", 64),  # leaves this segment: told where it comes in
        (HOST, "192.168.10.21", 63),  # one /24
        (HOST, "100.64.0.9", 64),  # a carrier's NAT (RFC 6598)
        (HOST, "169.254.1.1", 64),
        (HOST, "198.18.0.1", 64),
        ("2001:db8:1::31", "2001:db8:1::9", 64),
        ("2001:db8:2::9", "2001:db8:1::31", 54),
        ("fe80::31", "fe80::9", 64),
        ("fd00::31", "2001:db8::9", 64),
    ],
)
def test_what_lets_nobody_in(source, target, ttl):
    assert let_in(source, target, ttl) == []


def test_the_data_connection_of_ftp_was_asked_for_inside():
    assert let_in(HOST, OUTSIDE, peer_port=20) == []


@pytest.mark.parametrize("flags", [SYN, ACK, RST | ACK, SYN | ACK | RST])
def test_only_an_acceptance_lets_in(flags):
    assert let_in(HOST, OUTSIDE, flags=flags) == []


def test_a_screens_port_reached_from_outside_is_both():
    facts = decode(ethernet(0x0800, frames.ipv4(frames.tcp(8009, 50000, SYN | ACK), 6, HOST, OUTSIDE, ttl=64), source=TV, target=PC), decoders=["tcp"])
    assert [type(fact) for fact in facts] == [PortAnswered, InboundAnswered]
