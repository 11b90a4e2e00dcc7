"""ARP: which pair a sender claims, and when it claims none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.l2 import ARP, Ether

from collector.decode import arp
from collector.decode.error import DecodeError
from model.facts import AddressSeen
from tests.decode.frames import AT, TV, TV_IP, decode, packet
from tests.decode.frames import arp as body

MACS = st.binary(min_size=6, max_size=6).filter(lambda raw: any(raw) and not raw[0] & 1).map(lambda raw: raw.hex(":"))
HOSTS = st.ip_addresses(v=4).filter(lambda ip: 0 < ip.packed[0] < 224 and not ip.is_loopback).map(str)


@given(mac=MACS, ip=HOSTS, target=st.ip_addresses(v=4).map(str), operation=st.sampled_from([1, 2]), frame_source=MACS)
def test_round_trip(mac, ip, target, operation, frame_source):
    frame = Ether(src=frame_source, dst="ff:ff:ff:ff:ff:ff") / ARP(op=operation, hwsrc=mac, psrc=ip, hwdst="00:00:00:00:00:00", pdst=target)
    assert decode(frame) == [AddressSeen(at=AT, sensor="capture", sequence=1, leg="lab", mac=mac, ip=ip, via="arp")]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (body(sender="0.0.0.0"), "a probe asks whether the address is free"),
        (body(operation=3), "reverse ARP"),
        (body(operation=29953), "no operation of ARP"),
        (body(hardware="00:00:00:00:00:00"), "no station"),
        (body(hardware="03:bf:0a:00:00:05"), "a load balancer's group address"),
        (body(sender="127.0.0.1"), "nobody's on a wire"),
        (body(sender="224.0.0.251"), "a group"),
        (body(sender="255.255.255.255"), "everybody"),
        (b"\x00\x06" + body()[2:], "IEEE 802 hardware of another type"),
        (b"\x00\x01\x86\xdd" + body()[4:], "another protocol"),
    ],
)
def test_nobody_claims(message, why):
    assert arp.decode(packet(message)) == (), why


@pytest.mark.parametrize("message", [b"", body()[:27], b"\x00\x01\x08\x00\x05\x04" + body()[6:], b"\x00\x01\x08\x00\x06\x10" + body()[6:]])
def test_malformed(message):
    with pytest.raises(DecodeError):
        arp.decode(packet(message))


def test_an_announcement_counts_though_sender_and_target_are_one():
    [fact] = arp.decode(packet(body(target=TV_IP)))
    assert (fact.mac, fact.ip) == (TV, TV_IP)
