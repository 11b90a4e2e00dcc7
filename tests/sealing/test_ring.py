"""The last minute of followed connections: what is in it, and that it stays small."""

from __future__ import annotations

from collector.decode.packet import Packet
from collector.sealing.ring import MOST_BYTES, Ring
from model.times import MINUTE, SECOND
from tests.decode.flows.talk import OK, PHONE, SCREEN, SET_URI, V6, Talk, http
from tests.decode.frames import AT, ethernet, ipv4, udp
from tests.fuzz import fuzz_kodi
from tests.sealing.conftest import Heard, listened


def packet(at: int, size: int = 100, number: int = 1) -> Packet:
    return Packet(at, "", "", (), bytes(size), 0, size, f"192.168.10.{number}", "192.168.10.34")


def test_both_sides_of_a_push_are_in_it(heard: Heard) -> None:
    assert [frame.data for frame in heard.ring.between(heard.facts[0])] == heard.frames


def test_over_ipv6_and_in_a_vlan_too() -> None:
    talk = Talk(49494, V6, ((0x8100, 20),))
    heard = listened([*talk.client(SET_URI), *talk.server(OK)])
    assert [frame.data for frame in heard.ring.between(heard.facts[0])] == heard.frames


def test_what_others_say_is_not_taken_along() -> None:
    talk, other = Talk(49494), Talk(49494, ("192.168.10.77", "192.168.10.34"), source=50_001)
    heard = listened([*other.client(SET_URI), *talk.client(SET_URI), *other.server(OK), *talk.server(OK)])
    mine = [fact for fact in heard.facts if fact.ip == "192.168.10.101"]
    assert [frame.data for frame in heard.ring.between(mine[0])] == [heard.frames[1], heard.frames[3]]


def test_a_push_by_datagram_is_in_it_and_what_else_that_port_hears_is_not() -> None:
    def sent(told: bytes) -> bytes:
        return ethernet(0x0800, ipv4(udp(told, 50_000, 9777), target="192.168.10.34"), source=PHONE, target=SCREEN)

    heard = listened([sent(fuzz_kodi.SEEDS[0]), sent(fuzz_kodi.SEEDS[3])])
    assert [frame.data for frame in heard.ring.between(heard.facts[0])] == heard.frames[1:]


def test_connections_in_which_there_is_nothing_are_not_kept() -> None:
    heard = listened(Talk(80, ("192.168.10.101", "203.0.113.9")).client(http("GET /tin-tuc HTTP/1.1", "Host: bao.example")))
    assert len(heard.ring) == 0


def test_a_minute_and_no_more() -> None:
    ring = Ring()
    for second in range(120):
        ring.add(packet(AT + second * SECOND))
    assert len(ring) == 61
    ring.forget(AT + 119 * SECOND + MINUTE + 1)
    assert len(ring) == 0


def test_two_mebibytes_and_no_more() -> None:
    ring = Ring()
    for number in range(20_000):
        ring.add(packet(AT + number, size=1400))
    assert 0 < len(ring) * 1400 <= MOST_BYTES
    for number in range(20_000):
        ring.add(packet(AT + number, size=0))
    assert len(ring) <= MOST_BYTES // 256


def test_one_frame_larger_than_the_ring_is_not_kept() -> None:
    ring = Ring(most_bytes=1000)
    ring.add(packet(AT, size=2000))
    ring.add(packet(AT, size=100))
    assert len(ring) == 1
