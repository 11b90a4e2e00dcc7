"""LLMNR and DNS: questions name what somebody looks for, answers what somebody is."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.layers.llmnr import LLMNRQuery, LLMNRResponse

from collector.decode import dns, dnsmessage, llmnr
from collector.decode.error import DecodeError
from model.facts import DnsAnswered, NameAsked, NameSeen
from tests.decode.frames import PC, PC_IP, TV, TV_IP, decode, only, packet

LABEL = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=15)
QUERY, ANSWER, TENTATIVE, CONFLICT = 0x0000, 0x8000, 0x8100, 0x0400


def ip4(message, source=TV_IP, mac=TV, sport=5355, dport=50000, target=PC_IP):
    return Ether(src=mac, dst=PC) / IP(src=source, dst=target) / UDP(sport=sport, dport=dport) / message


def ip6(message, source="fe80::31", sport=5355, dport=50000):
    return Ether(src=TV, dst=PC) / IPv6(src=source, dst="fe80::21") / UDP(sport=sport, dport=dport) / message


@given(name=LABEL, kind=st.sampled_from(["A", "AAAA", "ALL"]))
def test_question_round_trip(name, kind):
    query = LLMNRQuery(qd=DNSQR(qname=name, qtype=kind))
    for frame in (ip4(query, sport=50000, dport=5355, target="224.0.0.252"), ip6(query, sport=50000, dport=5355)):
        fact = only(decode(frame), NameAsked)
        assert (fact.name, fact.via, fact.suffix, fact.mac) == (name.lower(), "llmnr", -1, TV)


@given(name=LABEL)
def test_answer_round_trip(name):
    answer = LLMNRResponse(qd=DNSQR(qname=name), an=DNSRR(rrname=name, rdata=TV_IP, ttl=30))
    fact = only(decode(ip4(answer)), NameSeen)
    assert (fact.name, fact.via, fact.mac, fact.ip) == (name, "llmnr", TV, TV_IP)


@pytest.mark.parametrize(
    ("sender", "address", "kind", "own"),
    [
        (TV_IP, TV_IP, "A", True),
        (TV_IP, "192.168.10.99", "A", False),  # nobody may answer for others (RFC 4795 §2.3)
        (TV_IP, "2001:db8::31", "AAAA", True),  # of another kind: it cannot be compared
        ("fe80::31", "fe80::31", "AAAA", True),
        ("fe80::31", "fe80::99", "AAAA", False),
        ("fe80::31", "2001:db8::31", "AAAA", True),
        ("fe80::31", TV_IP, "A", True),
    ],
)
def test_whose_name_it_is(sender, address, kind, own):
    answer = LLMNRResponse(qd=DNSQR(qname="PC-01", qtype=kind), an=DNSRR(rrname="PC-01", type=kind, rdata=address))
    frame = ip6(answer, sender) if ":" in sender else ip4(answer, sender)
    assert [fact.name for fact in decode(frame) if isinstance(fact, NameSeen)] == ["PC-01"] * own


def message(flags, questions=(), answers=()):
    body = b"".join(name + struct.pack(">HH", kind, 1) for name, kind in questions)
    body += b"".join(name + struct.pack(">HHIH", kind, 1, 30, len(data)) + data for name, kind, data in answers)
    return struct.pack(">6H", 7, flags, len(questions), len(answers), 0, 0) + body


PC_NAME = b"\x05pc-01\x00"
MINE = bytes([192, 168, 10, 31])


@pytest.mark.parametrize(
    ("flags", "questions", "answers", "port"),
    [
        (QUERY | CONFLICT, [(PC_NAME, 1)], [], 50000),
        (QUERY, [(PC_NAME, 12)], [], 50000),  # a reverse look-up
        (QUERY, [(b"\0", 1)], [], 50000),
        (0x0800, [(PC_NAME, 1)], [], 50000),  # another opcode
        (TENTATIVE, [(PC_NAME, 1)], [(PC_NAME, 1, MINE)], 5355),
        (ANSWER, [(PC_NAME, 1)], [(PC_NAME, 1, MINE)], 50000),  # not from the LLMNR port
        (ANSWER | 3, [(PC_NAME, 1)], [(PC_NAME, 1, MINE)], 5355),
        (ANSWER, [(PC_NAME, 1)], [(PC_NAME, 1, MINE[:3])], 5355),
        (ANSWER, [(PC_NAME, 1)], [(PC_NAME, 28, MINE)], 5355),
        (ANSWER, [(PC_NAME, 16)], [(PC_NAME, 16, b"\x03abc")], 5355),
        (ANSWER, [(PC_NAME, 1)], [], 5355),
    ],
)
def test_what_says_nothing(flags, questions, answers, port):
    assert llmnr.decode(packet(message(flags, questions, answers), port=port, peer_port=5355)) == ()


def cut(raw):
    return struct.pack(">6H", 7, 0, 1, 0, 0, 0) + raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 11,
        cut(b""),
        cut(b"\x05pc"),
        cut(b"\x05pc-01\0\0"),
        cut(b"\xc0\x0c\0\x01\0\x01"),  # a pointer to itself
        cut(b"\x01a\xc0\x0e\0\x01\0\x01"),  # forwards
        cut(b"\xc0\x04\0\x01\0\x01"),  # into the header
        cut(b"\xc0"),
        cut(b"\x41" + b"a" * 65 + b"\0\0\x01\0\x01"),  # a label of 65
        cut((b"\x3f" + b"a" * 63) * 4 + b"\0\0\x01\0\x01"),  # a name of 256
        struct.pack(">6H", 7, 0, 0, 1, 0, 0) + PC_NAME + b"\0\x01\0\x01" + bytes(4) + b"\0\x09abc",
    ],
)
def test_malformed(raw):
    with pytest.raises(DecodeError):
        llmnr.decode(packet(raw, port=5355))


def test_what_was_read_before_the_fault_stands():
    raw = struct.pack(">6H", 7, ANSWER, 0, 2, 0, 0) + PC_NAME + struct.pack(">HHIH", 1, 1, 30, 4) + MINE + b"\x05cut"
    with pytest.raises(DecodeError) as fault:
        llmnr.decode(packet(raw, port=5355))
    assert [fact.name for fact in fault.value.facts] == ["pc-01"]


def test_a_message_of_a_thousand_names_is_read_in_part():
    raw = struct.pack(">6H", 7, 0, 0xFFFF, 0xFFFF, 0, 0) + PC_NAME + b"\0\x01\0\x01" + b"\xc0\x0c\0\x01\0\x01" * 5000
    read = dnsmessage.read(raw, 0, len(raw))
    assert len(read.questions) == 64
    assert len(read.answers) <= 64


@given(name=LABEL, addresses=st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=4, unique=True))
def test_dns_answer_round_trip(name, addresses):
    records = [DNSRR(rrname=f"{name}.gov.vn", type="CNAME", rdata="www.gov.vn")] + [DNSRR(rrname="www.gov.vn", rdata=a) for a in addresses]
    answer = DNS(qr=1, rd=1, ra=1, qd=[DNSQR(qname=f"{name}.gov.vn")], an=records)
    fact = only(decode(ip4(answer, sport=53), decoders=["dns"]), DnsAnswered)
    assert (fact.name, fact.addresses, fact.client, fact.ip) == (f"{name.lower()}.gov.vn.", tuple(addresses), PC_IP, TV_IP)


@pytest.mark.parametrize(
    ("raw", "port"),
    [
        (message(QUERY, [(PC_NAME, 1)]), 50000),
        (message(QUERY, [(PC_NAME, 1)]), 53),
        (message(ANSWER | 3, [(PC_NAME, 1)]), 53),
        (message(ANSWER, [(PC_NAME, 1)]), 53),
        (message(ANSWER, [], [(PC_NAME, 1, MINE)]), 53),
        (message(ANSWER, [(PC_NAME, 1)], [(PC_NAME, 1, MINE)]), 54),
        (message(ANSWER | 0x0200, [(PC_NAME, 1)], [(PC_NAME, 16, b"text")])[:-2], 53),  # truncated, as it says itself
    ],
)
def test_dns_messages_that_name_no_address(raw, port):
    assert dns.decode(packet(raw, port=port, peer_port=50000, peer_ip=PC_IP)) == ()


@pytest.mark.parametrize("raw", [b"\0" * 11, message(ANSWER, [(PC_NAME, 1)], [(PC_NAME, 1, MINE)])[:-2]])
def test_malformed_dns(raw):
    with pytest.raises(DecodeError):
        dns.decode(packet(raw, port=53, peer_ip=PC_IP))
