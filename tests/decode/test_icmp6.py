"""Neighbour and router discovery: who claims which address, and what a router promises."""

from ipaddress import IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet6 import (
    ICMPv6ND_NA,
    ICMPv6ND_NS,
    ICMPv6ND_RA,
    ICMPv6ND_RS,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptMTU,
    ICMPv6NDOptPrefixInfo,
    ICMPv6NDOptRDNSS,
    ICMPv6NDOptSrcLLAddr,
    IPv6,
)
from scapy.layers.l2 import Ether

from collector.decode import icmp6
from collector.decode.error import DecodeError
from model.facts import AddressSeen, Prefix, RouterAdvertised
from model.wirefacts import AddressProbed
from tests.decode.frames import AT, PC, TV, decode, only, packet

ROUTER = "a4:f4:c2:10:20:01"
HOST = st.ip_addresses(v=6).filter(lambda ip: ip.packed[0] != 0xFF and int(ip) > 1).map(str)
LINK_LOCAL = st.binary(min_size=8, max_size=8).map(lambda raw: str(IPv6Address(b"\xfe\x80" + bytes(6) + raw)))
SECONDS = st.integers(0, 2**32 - 1)
PREFIXES = st.builds(
    Prefix,
    prefix=st.builds(lambda ip, length: str(IPv6Network((ip, length), strict=False)), st.ip_addresses(v=6), st.integers(0, 128)),
    on_link=st.booleans(),
    autonomous=st.booleans(),
    valid=SECONDS,
    preferred=SECONDS,
)


def frame(message, source="fe80::31", target="ff02::1", hops=255, mac=TV):
    return Ether(src=mac, dst="33:33:00:00:00:01") / IPv6(src=source, dst=target, hlim=hops) / message


def addresses(facts):
    return [(fact.mac, fact.ip, fact.via) for fact in facts if isinstance(fact, AddressSeen)]


@given(
    source=LINK_LOCAL,
    lifetime=st.integers(0, 65535),
    flags=st.tuples(st.booleans(), st.booleans()),
    preference=st.sampled_from([(1, "high"), (0, "medium"), (3, "low"), (2, "medium")]),
    prefixes=st.lists(PREFIXES, max_size=3),
    dns=st.lists(HOST, max_size=3),
)
def test_router_advertisement_round_trip(source, lifetime, flags, preference, prefixes, dns):
    message = ICMPv6ND_RA(routerlifetime=lifetime, M=flags[0], O=flags[1], prf=preference[0])
    message /= ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / ICMPv6NDOptMTU(mtu=1500)
    for prefix in prefixes:
        address, _, length = prefix.prefix.partition("/")
        message /= ICMPv6NDOptPrefixInfo(
            prefix=address,
            prefixlen=int(length),
            L=prefix.on_link,
            A=prefix.autonomous,
            validlifetime=prefix.valid,
            preferredlifetime=prefix.preferred,
        )
    if dns:
        message /= ICMPv6NDOptRDNSS(dns=dns, lifetime=600)
    facts = decode(frame(message, source, mac=ROUTER))
    assert addresses(facts) == [(ROUTER, source, "nd")]
    assert only(facts, RouterAdvertised) == RouterAdvertised(
        at=AT,
        sensor="capture",
        sequence=2,
        leg="lab",
        mac=ROUTER,
        ip=source,
        lifetime=lifetime,
        managed=flags[0],
        other=flags[1],
        preference=preference[1],
        prefixes=tuple(prefixes),
        dns=tuple(dns),
    )


def test_withdrawn_name_servers_are_not_listed():
    message = ICMPv6ND_RA() / ICMPv6NDOptRDNSS(dns=["2001:db8::1"], lifetime=0) / ICMPv6NDOptRDNSS(dns=["2001:db8::2"], lifetime=9)
    assert only(decode(frame(message)), RouterAdvertised).dns == ("2001:db8::2",)


@given(source=HOST, claimed=st.sampled_from([TV, "00:06:5b:10:20:21"]))
def test_solicitation_binds_its_sender(source, claimed):
    message = ICMPv6ND_NS(tgt="fe80::1") / ICMPv6NDOptSrcLLAddr(lladdr=claimed)
    assert addresses(decode(frame(message, source))) == [(claimed, source, "nd")]


@given(target=HOST, claimed=st.sampled_from([TV, "00:06:5b:10:20:21"]))
def test_advertisement_binds_its_target(target, claimed):
    message = ICMPv6ND_NA(tgt=target) / ICMPv6NDOptDstLLAddr(lladdr=claimed)
    assert addresses(decode(frame(message, "fe80::31"))) == [(claimed, target, "nd")]


@pytest.mark.parametrize(
    ("message", "source", "found"),
    [
        (ICMPv6ND_NS(tgt="fe80::31"), "::", []),  # duplicate address detection: not its own yet
        (ICMPv6ND_NS(tgt="fe80::1"), "fe80::31", [(TV, "fe80::31", "nd")]),  # no option: hop limit 255 vouches for the frame
        (ICMPv6ND_NA(tgt="fe80::31"), "fe80::31", [(TV, "fe80::31", "nd")]),
        (ICMPv6ND_RS(), "fe80::31", [(TV, "fe80::31", "nd")]),
        (ICMPv6ND_RS(), "::", []),
        (ICMPv6ND_NA(tgt="::1"), "fe80::31", []),
    ],
)
def test_what_binds(message, source, found):
    assert addresses(decode(frame(message, source))) == found


NS = bytes([135, 0, 0, 0, 0, 0, 0, 0]) + IPv6Address("fe80::1").packed
RA = bytes([134, 0, 0, 0, 64, 0, 0, 9]) + bytes(8)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        (NS, {"hops": 254}),  # a router forwarded it: somebody off the link pretends
        (NS[:1] + b"\x01" + NS[2:], {}),
        (NS[:2], {}),
        (NS[:23], {}),
        (NS + b"\x01\x00" + bytes(6), {}),  # option of length 0
        (NS + b"\x01\x02" + bytes(6), {}),  # over the end
        (NS + b"\x01", {}),
        (RA + b"\x03\x01" + bytes(6), {}),  # prefix option too short
        (RA + b"\x03\x04\x81" + bytes(29), {}),  # prefix of 129 bits
        (RA + b"\x19\x01" + bytes(6), {}),  # RDNSS without a server
        (RA, {"ip": "2001:db8::1"}),
        (bytes([136, 0, 0, 0, 0, 0, 0, 0]) + IPv6Address("ff02::1").packed, {}),
    ],
)
def test_malformed(message, fields):
    with pytest.raises(DecodeError):
        icmp6.decode(packet(message, **{"ip": "fe80::31", "protocol": 58} | fields))


@pytest.mark.parametrize("message", [b"", b"\x80\x00\x00\x00", b"\x89" + bytes(40)])
def test_other_messages_say_nothing(message):
    assert icmp6.decode(packet(message, ip="fe80::31", protocol=58)) == ()


@pytest.mark.parametrize(
    ("message", "receiver", "form", "told"),
    [
        (ICMPv6ND_NS(tgt="fe80::1"), "33:33:ff:00:00:01", "request", ""),
        (ICMPv6ND_NA(tgt="fe80::31"), PC, "reply", PC),
        (ICMPv6ND_NA(tgt="fe80::31"), "33:33:00:00:00:01", "announce", ""),
        (ICMPv6ND_RS(), "33:33:00:00:00:02", "", ""),
    ],
)
def test_how_a_pair_is_said_and_to_whom(message, receiver, form, told):
    found = only(decode(Ether(src=TV, dst=receiver) / IPv6(src="fe80::31", dst="ff02::1", hlim=255) / message, decoders=["icmp6"]), AddressSeen)
    assert (found.form, found.told, found.carrier) == (form, told, "")


def test_a_question_names_its_target_and_a_false_source_is_told():
    found = only(decode(frame(ICMPv6ND_NS(tgt="fe80::1") / ICMPv6NDOptSrcLLAddr(lladdr=PC)), decoders=["icmp6"]), AddressSeen)
    assert (found.target, found.mac, found.carrier) == ("fe80::1", PC, TV)


def test_duplicate_address_detection_is_a_probe():
    assert only(decode(frame(ICMPv6ND_NS(tgt="fe80::31"), "::"), decoders=["icmp6"]), AddressProbed).target == "fe80::31"


def test_a_question_for_no_hosts_address_still_tells_who_asks():
    assert only(decode(frame(ICMPv6ND_NS(tgt="::1")), decoders=["icmp6"]), AddressSeen).form == ""
