"""ARP: which pair a sender claims, and when it claims none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.l2 import ARP, Ether

from collector.decode import arp
from collector.decode.error import DecodeError
from model.facts import AddressSeen
from model.wirefacts import AddressProbed
from tests.decode.frames import AT, PC, PC_IP, TV, TV_IP, decode, packet
from tests.decode.frames import arp as body

EVERYBODY = "ff:ff:ff:ff:ff:ff"
MACS = st.binary(min_size=6, max_size=6).filter(lambda raw: any(raw) and not raw[0] & 1).map(lambda raw: raw.hex(":"))
HOSTS = st.ip_addresses(v=4).filter(lambda ip: 0 < ip.packed[0] < 224 and not ip.is_loopback).map(str)


@given(mac=MACS, ip=HOSTS, target=st.ip_addresses(v=4).map(str), operation=st.sampled_from([1, 2]), frame_source=MACS)
def test_round_trip(mac, ip, target, operation, frame_source):
    frame = Ether(src=frame_source, dst="ff:ff:ff:ff:ff:ff") / ARP(op=operation, hwsrc=mac, psrc=ip, hwdst="00:00:00:00:00:00", pdst=target)
    [fact] = decode(frame)
    carrier = "" if frame_source == mac else frame_source
    form = "request" if operation == 1 and target != ip else "announce"
    assert fact == AddressSeen(at=AT, sensor="capture", sequence=1, leg="lab", mac=mac, ip=ip, via="arp", form=form, target=target, carrier=carrier)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (body(sender="0.0.0.0", target="224.0.0.1"), "no probe: nobody can have a group's address"),
        (body(sender="0.0.0.0", operation=2), "nobody answers from nowhere"),
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


def test_a_probe_asks_for_an_address_and_owns_none():
    assert arp.decode(packet(body(sender="0.0.0.0", target=TV_IP))) == (AddressProbed(at=AT, mac=TV, target=TV_IP, via="arp"),)


@pytest.mark.parametrize(
    ("message", "receiver", "form", "told"),
    [
        (body(operation=1), EVERYBODY, "request", ""),
        (body(operation=1), PC, "request", ""),
        (body(operation=2, target=PC_IP), PC, "reply", PC),
        (body(operation=2, target=TV_IP), PC, "reply", PC),
        (body(operation=2, target="0.0.0.0"), EVERYBODY, "announce", ""),
        (body(operation=2, target=TV_IP), EVERYBODY, "announce", ""),
        (body(operation=1, target=TV_IP), EVERYBODY, "announce", ""),
        (body(operation=2, target=PC_IP), "", "reply", ""),
    ],
)
def test_how_a_pair_is_said_and_to_whom(message, receiver, form, told):
    [fact] = arp.decode(packet(message, peer_mac=receiver))
    assert (fact.form, fact.told, fact.carrier) == (form, told, "")


def test_the_ethernet_source_is_told_where_it_is_another():
    [fact] = arp.decode(packet(body(hardware=PC)))
    assert (fact.mac, fact.carrier) == (PC, TV)
