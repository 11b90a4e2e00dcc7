"""Nonce frames: what is read, by which clothes, and what is none of ours."""

import pytest
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from collector.decode import nonce
from collector.decode.pipeline import Pipeline
from model.wirefacts import NonceHeard
from tests.decode import frames
from tests.decode.frames import AT, decode, only

SAID = {"box": "hop-01", "origin": "can-bo", "target": "nguoi-dan", "sent": AT - 5, "nonce": "0011223344556677", "tag": "ab" * 16}
SENDER = "02:00:00:00:00:01"


def raw(said=None):
    return Ether(src=SENDER, dst="ff:ff:ff:ff:ff:ff", type=0x88B5) / (said or nonce.payload(shape="raw", **SAID))


def datagram(said, target="255.255.255.255", source="0.0.0.0", ttl=255):
    return Ether(src=SENDER, dst="ff:ff:ff:ff:ff:ff") / IP(src=source, dst=target, ttl=ttl) / UDP(sport=34997, dport=34997) / said


def test_a_raw_frame_says_all_that_was_signed():
    heard = only(decode(raw()), NonceHeard)
    assert heard == NonceHeard(at=AT, sensor="capture", leg="lab", sequence=1, mac=SENDER, shape="raw", **SAID)


def test_padding_behind_it_is_left_out():
    assert only(decode(bytes(raw()) + bytes(30)), NonceHeard).tag == SAID["tag"]


def test_tags_are_told():
    frame = Ether(src=SENDER, dst="ff:ff:ff:ff:ff:ff") / Dot1Q(vlan=20, type=0x88B5) / nonce.payload(shape="raw", **SAID)
    assert only(decode(frame), NonceHeard).vlan == (20,)


@pytest.mark.parametrize(("shape", "target", "ttl"), [("udp", "255.255.255.255", 255), ("routed", "192.168.20.5", 254)])
def test_a_datagram_tells_how_far_it_came(shape, target, ttl):
    heard = only(decode(datagram(nonce.payload(shape=shape, **SAID), target, "192.168.10.2", ttl)), NonceHeard)
    assert (heard.shape, heard.ip, heard.ttl) == (shape, "192.168.10.2", ttl)


def test_our_broadcast_without_an_address_names_no_station():
    assert [type(fact) for fact in decode(datagram(nonce.payload(shape="udp", **SAID)))] == [NonceHeard]


@pytest.mark.parametrize(("frame"), [raw(nonce.payload(shape="udp", **SAID)), datagram(nonce.payload(shape="raw", **SAID))])
def test_a_shape_in_another_ones_clothes_is_nothing(frame):
    assert decode(frame) == []


@pytest.mark.parametrize("said", [b"", b"VGNC", b"VGNC\x02" + bytes(60), b"somebody else's experiment", b"VGNC\x01\x03" + bytes(60)])
def test_other_uses_of_the_type_are_nothing(said):
    assert [fact for fact in decode(raw(said or b"\0")) if isinstance(fact, NonceHeard)] == []


def test_every_cut_is_counted_and_gives_nothing():
    whole = frames.ethernet(0x88B5, nonce.payload(shape="raw", **SAID))
    for size in range(19, len(whole)):
        pipeline = Pipeline("capture", "lab", 1)
        assert pipeline.decode(AT, whole[:size]) == ()
        assert pipeline.undecodable == (size > 19 or whole[14:19] == nonce.START)


@pytest.mark.parametrize("name", ["", "a b", "ngõ", "a\0", "x" * 65])
def test_names_of_other_letters_are_no_nonce(name):
    pipeline = Pipeline("capture", "lab", 1)
    assert pipeline.decode(AT, frames.ethernet(0x88B5, nonce.payload(shape="raw", **{**SAID, "target": name}))) == ()
    assert pipeline.undecodable == 1
