"""Link layers: every way a frame says what it carries, and where it lies about it."""

import pytest

from collector.decode import frame
from collector.decode.error import DecodeError
from collector.decode.pipeline import Pipeline
from model.facts import AddressSeen, PjlinkSeen
from tests.decode.frames import AT, TV, TV_IP, arp, decode, ethernet, ipv4, mac, udp

ARP = 0x0806
QUESTION = ipv4(udp(b"%2ACKN=00:e0:4c:10:20:31\r", 4352, 4352), target="192.168.10.21")
SNAP = b"\xaa\xaa\x03"


def cooked1(payload, protocol=ARP, kind=1, hardware=1, length=6, address=TV):
    return kind.to_bytes(2, "big") + hardware.to_bytes(2, "big") + length.to_bytes(2, "big") + mac(address) + bytes(2) + protocol.to_bytes(2, "big") + payload


def cooked2(payload, protocol=ARP, kind=1, hardware=1, length=6, address=TV):
    start = protocol.to_bytes(2, "big") + bytes(6) + hardware.to_bytes(2, "big") + bytes([kind, length])
    return start + mac(address) + bytes(2) + payload


@pytest.mark.parametrize(
    ("tags", "vlan"),
    [
        ([], ()),
        ([(0x8100, 10)], (10,)),
        ([(0x88A8, 100), (0x8100, 10)], (100, 10)),
        ([(0x9100, 200), (0x8100, 10)], (200, 10)),
        ([(0x8100, 1), (0x8100, 2), (0x8100, 3), (0x8100, 4095)], (1, 2, 3, 4095)),
        ([(0x8100, 0xE00A)], (10,)),  # priority bits are no part of the number
        ([(0x8100, 0xE000)], ()),  # VID 0: a priority, no VLAN
        ([(0x88A8, 100), (0x8100, 0)], (100,)),
    ],
)
def test_vlan_tags_are_kept_outer_first(tags, vlan):
    assert decode(ethernet(ARP, arp(), *tags)) == [
        AddressSeen(at=AT, sensor="capture", sequence=1, leg="lab", mac=TV, ip=TV_IP, vlan=vlan, via="arp", form="request", target="192.168.10.1"),
    ]


@pytest.mark.parametrize(
    ("link", "data"),
    [
        (1, b""),
        (1, bytes(13)),
        (1, ethernet(0x8100, b"\x00\x0a\x08")),
        (1, ethernet(ARP, arp(), *[(0x8100, 5)] * 5)),
        (1, ethernet(2, b"\xaa\xaa")),
        (1, ethernet(7, SNAP + bytes(20))),
        (113, bytes(15)),
        (113, cooked1(b"\x00", protocol=0x8100)),
        (276, bytes(19)),
        (12, b""),
        (101, b"\x55"),
        (0, b"\x02\x00\x00"),
    ],
)
def test_cut_frames_are_undecodable(link, data):
    with pytest.raises(DecodeError):
        frame.link(link).read(data)


@pytest.mark.parametrize("oui", [b"\x00\x00\x00", b"\x00\x00\xf8"])
def test_ethertype_inside_snap(oui):
    body = SNAP + oui + b"\x08\x06" + arp()
    facts = decode(ethernet(len(body), body))
    assert [fact.ip for fact in facts] == [TV_IP]


@pytest.mark.parametrize(
    ("body", "kind", "start"),
    [
        (b"\x42\x42\x03" + bytes(35), 0x42, 17),  # spanning tree
        (SNAP + b"\x00\x00\x0c\x20\x00" + bytes(30), 0x00000C2000, 22),  # CDP
    ],
)
def test_length_bounds_an_llc_payload(body, kind, start):
    padded = ethernet(len(body), body + bytes(60))
    assert frame.link(1).read(padded) == (kind, start, 14 + len(body), ())


def test_a_kind_between_length_and_ethertype_is_nobodys():
    assert frame.link(1).read(ethernet(1501, bytes(60)))[0] == frame.NOBODY


@pytest.mark.parametrize(
    ("link", "data", "vlan"),
    [
        (113, cooked1(arp()), ()),
        (113, cooked1(b"\x00\x0a\x08\x06" + arp(), protocol=0x8100), (10,)),
        (113, cooked1(SNAP + b"\x00\x00\x00\x08\x06" + arp(), protocol=4), ()),
        (276, cooked2(arp()), ()),
        (276, cooked2(b"\x00\x64\x81\x00\x00\x0a\x08\x06" + arp(), protocol=0x88A8), (100, 10)),
    ],
)
def test_cooked_captures(link, data, vlan):
    facts = decode(data, link)
    assert [(fact.mac, fact.ip, fact.vlan) for fact in facts] == [(TV, TV_IP, vlan)]


@pytest.mark.parametrize("make", [cooked1, cooked2])
@pytest.mark.parametrize(
    ("fields", "addresses"),
    [
        ({}, (TV, "ff:ff:ff:ff:ff:ff")),
        ({"kind": 0}, (TV, "")),
        ({"hardware": 772, "address": "00:00:00:00:00:00"}, ("", "ff:ff:ff:ff:ff:ff")),
        ({"length": 0}, ("", "ff:ff:ff:ff:ff:ff")),
    ],
)
def test_addresses_of_a_cooked_capture(make, fields, addresses):
    assert frame.link(113 if make is cooked1 else 276).addresses(make(arp(), **fields)) == addresses


@pytest.mark.parametrize("hardware", [824, 778, 803])
def test_a_cooked_protocol_field_that_is_no_ethertype_is_nobodys(hardware):
    assert frame.link(113).read(cooked1(arp(), hardware=hardware))[0] == frame.NOBODY


@pytest.mark.parametrize(
    ("link", "start"),
    [(12, b""), (14, b""), (101, b""), (228, b""), (0, b"\x02\0\0\0"), (0, b"\0\0\0\x02"), (108, b"\0\0\0\x02")],
)
def test_links_without_addresses(link, start):
    [fact] = decode(start + QUESTION, link)
    assert isinstance(fact, PjlinkSeen)
    assert (fact.mac, fact.ip, fact.vlan) == ("", TV_IP, ())


@pytest.mark.parametrize("family", [10, 23, 24, 28, 30])
def test_every_systems_number_for_ipv6_on_a_loopback(family):
    assert frame.link(0).read(family.to_bytes(4, "little") + bytes(40))[0] == frame.IPV6


def test_an_unknown_link_type_is_named():
    with pytest.raises(frame.UnknownLinkType) as caught:
        Pipeline("capture", "lab", 105)
    assert caught.value.number == 105


@pytest.mark.parametrize("source", ["00:00:00:00:00:00", "01:00:5e:00:00:fb", "ff:ff:ff:ff:ff:ff"])
def test_a_source_that_is_no_station_gives_no_address(source):
    assert frame.link(1).addresses(ethernet(ARP, arp(), source=source)) == ("", "ff:ff:ff:ff:ff:ff")
