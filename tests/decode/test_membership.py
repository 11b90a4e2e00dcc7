"""IGMP and MLD: which groups a station joins, stays in and leaves."""

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.igmp import IGMP, IGMPv3_MR, IGMPv3_MR_Group
from scapy.layers.inet import IP, IPOption_Router_Alert
from scapy.layers.inet6 import ICMPv6MLDMultAddrRec, ICMPv6MLDone, ICMPv6MLReport, ICMPv6MLReport2, IPv6, IPv6ExtHdrHopByHop, RouterAlert
from scapy.layers.l2 import Ether

from collector.decode import igmp, mld
from collector.decode.error import DecodeError
from model.facts import AddressSeen, GroupsReported
from tests.decode.frames import TV, TV_IP, decode, only, packet

GROUP4 = st.ip_addresses(network="224.0.0.0/4").map(str)
GROUP6 = st.binary(min_size=14, max_size=14).map(lambda raw: str(ip_address(b"\xff\x05" + raw)))
IS_INCLUDE, IS_EXCLUDE, TO_INCLUDE, TO_EXCLUDE, ALLOW, BLOCK = range(1, 7)
KINDS = st.sampled_from([IS_INCLUDE, IS_EXCLUDE, TO_INCLUDE, TO_EXCLUDE, ALLOW, BLOCK])


def ip4(message, target="224.0.0.22"):
    return Ether(src=TV, dst="01:00:5e:00:00:16") / IP(src=TV_IP, dst=target, ttl=1, options=[IPOption_Router_Alert()]) / message


def ip6(message, target="ff02::16", hops=1, source="fe80::31"):
    header = Ether(src=TV, dst="33:33:00:00:00:16") / IPv6(src=source, dst=target, hlim=hops)
    return header / IPv6ExtHdrHopByHop(options=[RouterAlert()]) / message


def said(frame):
    fact = only(decode(frame), GroupsReported)
    assert (fact.mac, fact.vlan) == (TV, ())
    return fact.via, fact.version, fact.joined, fact.left


@given(GROUP4)
def test_igmp_1_and_2(group):
    assert said(ip4(IGMP(type=0x12, gaddr=group), group)) == ("igmp", 1, (group,), ())
    assert said(ip4(IGMP(type=0x16, gaddr=group), group)) == ("igmp", 2, (group,), ())
    assert said(ip4(IGMP(type=0x17, gaddr=group), "224.0.0.2")) == ("igmp", 2, (), (group,))


def meaning(records):
    """Joined: excluded sources or some included; left: included none, where nothing else in the message joins."""
    joined = [g for kind, sources, g in records if kind in {IS_EXCLUDE, TO_EXCLUDE} or (kind in {IS_INCLUDE, TO_INCLUDE, ALLOW} and sources)]
    left = [g for kind, sources, g in records if kind == TO_INCLUDE and not sources and g not in joined]
    return tuple(dict.fromkeys(joined)), tuple(dict.fromkeys(left))


@given(st.lists(st.tuples(KINDS, st.integers(0, 3), GROUP4), max_size=8))
def test_igmp_3(records):
    message = IGMPv3_MR(records=[IGMPv3_MR_Group(rtype=kind, maddr=g, srcaddrs=["192.168.10.1"] * n) for kind, n, g in records])
    joined, left = meaning(records)
    if joined or left:
        assert said(ip4(message)) == ("igmp", 3, joined, left)
    else:
        assert not [fact for fact in decode(ip4(message)) if isinstance(fact, GroupsReported)]


@given(st.lists(st.tuples(KINDS, st.integers(0, 3), GROUP6), max_size=8))
def test_mld_2(records):
    rows = [ICMPv6MLDMultAddrRec(rtype=kind, dst=g, sources=["fe80::1"] * n) for kind, n, g in records]
    joined, left = meaning(records)
    facts = decode(ip6(ICMPv6MLReport2(records=rows)))
    assert [(f.via, f.version, f.joined, f.left) for f in facts if isinstance(f, GroupsReported)] == ([("mld", 2, joined, left)] if joined or left else [])


@given(GROUP6)
def test_mld_1(group):
    assert said(ip6(ICMPv6MLReport(mladdr=group), group)) == ("mld", 1, (group,), ())
    assert said(ip6(ICMPv6MLDone(mladdr=group), "ff02::2")) == ("mld", 1, (), (group,))


def test_the_sender_is_on_this_link():
    facts = decode(ip4(IGMP(type=0x16, gaddr="239.255.102.18"), "239.255.102.18"))
    assert only(facts, AddressSeen).ip == TV_IP
    assert only(facts, GroupsReported).joined == ("239.255.102.18",)  # AnyDesk
    assert only(decode(ip6(ICMPv6MLReport(mladdr="ff05::c"), "ff05::c")), AddressSeen).ip == "fe80::31"


def test_a_host_without_an_address_has_none():
    frame = ip6(ICMPv6MLReport2(records=[ICMPv6MLDMultAddrRec(rtype=TO_EXCLUDE, dst="ff02::fb")]), source="::")
    fact = only(decode(frame), GroupsReported)
    assert (fact.mac, fact.ip, fact.joined) == (TV, "", ("ff02::fb",))
    assert igmp.decode(packet(b"\x16\0\0\0\xe0\0\0\xfb", ip="0.0.0.0", protocol=2))[0].ip == ""


def test_groups_that_an_address_brings_along_say_nothing():
    rows = [ICMPv6MLDMultAddrRec(rtype=TO_EXCLUDE, dst=group) for group in ("ff02::1:ff00:31", "ff02::c")]
    assert said(ip6(ICMPv6MLReport2(records=rows)))[2] == ("ff02::c",)
    assert not [f for f in decode(ip6(ICMPv6MLReport(mladdr="ff02::1:ff00:31"), "ff02::1:ff00:31")) if isinstance(f, GroupsReported)]


def test_a_flood_of_records_is_cut():
    body = struct.pack(">BBHHH", 0x22, 0, 0, 0, 5000) + b"".join(b"\x04\0\0\0" + ip_address(f"239.1.{n // 256}.{n % 256}").packed for n in range(5000))
    assert len(igmp.decode(packet(body, protocol=2))[0].joined) == 64


@pytest.mark.parametrize("message", [b"\x11\x64\0\0\0\0\0\0", b"\x13" + bytes(11), b"\x14" + bytes(11), b"\xff" + bytes(11)])
def test_other_messages_under_the_number_say_nothing(message):
    assert igmp.decode(packet(message, protocol=2)) == ()


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (b"", 0),
        (b"\x16\0\0\0\xe0", 0),
        (b"\x16\0\0\0\xc0\xa8\x0a\x01", 0),  # 192.168.10.1 is no group
        (b"\x22\0\0\0\0\0\0\x02\x04\0\0\0\xe0\0\0\xfb", 1),  # two promised
        (b"\x22\0\0\0\0\0\0\x02\x04\0\0\0\xe0\0\0\xfb\x04\0\0\0\xc0\xa8\x0a\x01", 1),
        (b"\x22\0\0\0\0\0\0\x02\x04\0\xff\xff\xe0\0\0\xfb\x04\0\0\0\xe0\0\0\xfc", 1),  # sources beyond the end
    ],
)
def test_malformed_igmp(message, kept):
    with pytest.raises(DecodeError) as fault:
        igmp.decode(packet(message, protocol=2))
    assert [fact.joined for fact in fault.value.facts] == [("224.0.0.251",)] * kept


MDNS6 = ip_address("ff02::fb").packed


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        (b"\x83" + bytes(7) + MDNS6, {"hops": 255}),  # hop limit 1 keeps it on the link
        (b"\x83" + bytes(7) + MDNS6[:-1], {}),
        (b"\x84" + bytes(7) + ip_address("fe80::1").packed, {}),
        (b"\x8f" + bytes(6) + b"\x01", {}),
        (b"\x8f" + bytes(6) + b"\x01\x04\0\0\0" + ip_address("fe80::1").packed, {}),
        (b"\x83", {}),
    ],
)
def test_malformed_mld(message, fields):
    with pytest.raises(DecodeError):
        mld.decode(packet(message, **{"ip": "fe80::31", "protocol": 58, "hops": 1} | fields))
