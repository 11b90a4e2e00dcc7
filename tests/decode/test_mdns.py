"""mDNS: adverts come from answers alone, whatever else a message lists."""

import logging
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR, DNSRR, DNSRRSRV
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from zeroconf._protocol.incoming import DNSIncoming

from collector.decode import dnsmessage, mdns
from collector.decode.error import DecodeError
from model.facts import NameSeen, ServiceAdvertised, ServiceAsked
from tests import corpus
from tests.decode.frames import PC, PC_IP, TV, TV_IP, decode, only, packet, read

AIRPLAY, CAST = "_airplay._tcp.local.", "_googlecast._tcp.local."
LABELS = st.text(st.characters(min_codepoint=0x30, max_codepoint=0x1EF9, categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=15)
TXT = st.dictionaries(st.text("abcdefghij", min_size=1, max_size=8), st.text("0123456789abcdefx,", max_size=30), min_size=1, max_size=8)
TTL = st.integers(1, 2**31 - 1)
CACHE_FLUSH = 0x8001


def send(message, source=TV_IP, mac=TV, port=5353, peer_port=5353, target="224.0.0.251"):
    ip = IPv6(src=source, dst="ff02::fb", hlim=255) if ":" in source else IP(src=source, dst=target, ttl=255)
    return Ether(src=mac, dst="01:00:5e:00:00:fb") / ip / UDP(sport=port, dport=peer_port) / message


def answer(*records, **fields):
    return send(DNS(qr=1, aa=1, qd=[], an=list(records)), **fields)


def ptr(name, target, ttl=4500):
    return DNSRR(rrname=name, type="PTR", rclass=1, ttl=ttl, rdata=target)


def srv(name, host="tv.local.", port=7000, ttl=120):
    return DNSRRSRV(rrname=name, rclass=CACHE_FLUSH, ttl=ttl, port=port, target=host)


def txt(name, strings, ttl=4500):
    return DNSRR(rrname=name, type="TXT", rclass=CACHE_FLUSH, ttl=ttl, rdata=strings)


def address(name="tv.local.", ip=TV_IP, ttl=120):
    return DNSRR(rrname=name, type="AAAA" if ":" in ip else "A", rclass=CACHE_FLUSH, ttl=ttl, rdata=ip)


def services(facts):
    return [fact for fact in facts if isinstance(fact, ServiceAdvertised)]


@given(instance=LABELS, host=LABELS.map(str.lower), port=st.integers(1, 65535), text=TXT, ttl=TTL)
def test_round_trip(instance, host, port, text, ttl):
    name = f"{instance}.{AIRPLAY}"
    records = [
        ptr(AIRPLAY.encode(), name.encode(), ttl),
        srv(name.encode(), f"{host}.local.".encode(), port),
        txt(name.encode(), [f"{key}={value}".encode() for key, value in text.items()]),
        address(f"{host}.local.".encode()),
    ]
    facts = decode(answer(*records))
    seen = only(facts, ServiceAdvertised)
    assert (seen.mac, seen.ip, seen.service, seen.instance, seen.alive, seen.ttl) == (TV, TV_IP, AIRPLAY, instance, True, ttl)
    assert (seen.host, seen.port, seen.text, seen.owner_ip) == (f"{host}.local.".lower(), port, tuple(text.items()), "")
    named = only(facts, NameSeen)
    assert (named.name, named.via) == (seen.host, "mdns")


NAME = f"Phòng họp.{AIRPLAY}".encode()


def test_a_part_that_was_not_sent_is_none():
    seen = only(decode(answer(txt(NAME, [b"flags=0x20204"]))), ServiceAdvertised)
    assert (seen.host, seen.port, seen.text) == (None, None, (("flags", "0x20204"),))
    seen = only(decode(answer(ptr(AIRPLAY, NAME))), ServiceAdvertised)
    assert (seen.host, seen.port, seen.text, seen.instance) == (None, None, None, "Phòng họp")


@pytest.mark.parametrize(
    ("records", "alive", "ttl"),
    [
        ([ptr(AIRPLAY, NAME, 0)], False, 0),
        ([ptr(AIRPLAY, NAME, 0), srv(NAME), txt(NAME, [b"a=b"])], False, 0),  # withdrawing the pointer is the goodbye
        ([srv(NAME, ttl=0), txt(NAME, [b"a=b"], 0)], False, 0),
        ([srv(NAME, ttl=0), txt(NAME, [b"a=b"], 9)], True, 9),
        ([ptr(AIRPLAY, NAME, 10), srv(NAME, ttl=120)], True, 10),
        ([srv(NAME, ttl=120), txt(NAME, [b"a=b"], 4500)], True, 4500),
    ],
)
def test_goodbye(records, alive, ttl):
    seen = only(decode(answer(*records)), ServiceAdvertised)
    assert (seen.alive, seen.ttl) == (alive, ttl)


def test_listing_types_names_no_instance():
    seen = only(decode(answer(ptr("_services._dns-sd._udp.local.", AIRPLAY))), ServiceAdvertised)
    assert (seen.service, seen.instance, seen.text) == (AIRPLAY, "", None)


def test_a_subtype_points_at_an_instance_of_its_type():
    seen = only(decode(answer(ptr("_universal._sub._ipp._tcp.local.", "HP._ipp._tcp.local."))), ServiceAdvertised)
    assert (seen.service, seen.instance) == ("_ipp._tcp.local.", "HP")


def test_a_question_with_known_answers_advertises_nothing():
    question = DNS(qd=[DNSQR(qname=AIRPLAY, qtype="PTR"), DNSQR(qname=CAST, qtype="PTR"), DNSQR(qname="tv.local.", qtype="A")])
    question.an = [ptr(AIRPLAY, NAME), srv(NAME), txt(NAME, [b"flags=0x4"]), address()]
    facts = decode(send(question, PC_IP, PC))
    assert not services(facts)
    assert not [fact for fact in facts if isinstance(fact, NameSeen)]
    assert only(facts, ServiceAsked).services == (AIRPLAY, CAST)


def test_a_probe_for_ones_own_name_is_no_search():
    probe = DNS(qd=[DNSQR(qname=NAME, qtype="ALL")], ns=[srv(NAME)])
    assert not [fact for fact in decode(send(probe)) if isinstance(fact, (ServiceAsked, ServiceAdvertised))]


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({}, True),
        ({"target": PC_IP, "peer_port": 5353}, True),  # unicast answer to a QU question
        ({"target": PC_IP, "peer_port": 50000}, True),  # legacy unicast (RFC 6762 §6.7)
        ({"port": 50000}, False),  # §6: a response from another port MUST be ignored
    ],
)
def test_where_answers_may_come_from(fields, heard):
    assert bool(services(decode(answer(ptr(AIRPLAY, NAME), **fields)))) == heard


@pytest.mark.parametrize("fields", [{"opcode": 2}, {"rcode": 3}])
def test_other_operations_are_ignored(fields):
    message = DNS(qr=1, qd=[], an=[ptr(AIRPLAY, NAME)], **fields)
    assert not services(decode(send(message)))


@pytest.mark.parametrize(
    ("sender", "addresses", "owner"),
    [
        (TV_IP, [TV_IP], ""),
        (TV_IP, ["10.0.0.5", TV_IP], ""),  # a host with several addresses
        (TV_IP, ["192.168.20.9"], "192.168.20.9"),  # a reflector or sleep proxy speaks
        (TV_IP, [], ""),
        (TV_IP, ["fe80::9"], ""),  # nothing to compare
        ("fe80::31", ["fe80::31", "2001:db8::31"], ""),
        ("fe80::31", ["2001:db8::31"], ""),  # publishes another scope only
        ("fe80::31", ["fe80::9"], "fe80::9"),
        ("2001:db8::31", ["fe80::9"], ""),
    ],
)
def test_owner(sender, addresses, owner):
    facts = decode(answer(srv(NAME), *(address(ip=ip) for ip in addresses), source=sender))
    assert only(facts, ServiceAdvertised).owner_ip == owner
    assert [fact.name for fact in facts if isinstance(fact, NameSeen)] == (["tv.local."] if sender in addresses else [])


def test_records_of_other_classes_say_nothing():
    assert not services(decode(answer(DNSRR(rrname=AIRPLAY, type="PTR", rclass=3, ttl=9, rdata=NAME))))


def labels(name: str) -> bytes:
    return b"".join(bytes([len(label.encode())]) + label.encode() for label in name.rstrip(".").split(".")) + b"\0"


def record(name: bytes, kind: int, value: bytes, length=None, ttl=120) -> bytes:
    return name + struct.pack(">HHIH", kind, 1, ttl, len(value) if length is None else length) + value


def raw(*records: bytes, announced=None, questions=0, flags=0x8400) -> bytes:
    return struct.pack(">HHHHHH", 0, flags, questions, len(records) if announced is None else announced, 0, 0) + b"".join(records)


PTR, OPT, TEXT, SRV = 12, 41, 16, 33
GOOD = record(labels(AIRPLAY), PTR, labels(f"TV.{AIRPLAY}"))
UNKNOWN = record(b"\0", OPT, b"\x00\x04\x00\x02ab")


def test_types_that_the_parser_steps_over_are_no_fault():
    assert len(mdns.decode(packet(raw(UNKNOWN, GOOD, UNKNOWN), port=5353))) == 1


@pytest.mark.parametrize(
    "message",
    [
        raw(GOOD, announced=2),
        raw(GOOD, GOOD[:-3]),
        raw(GOOD, UNKNOWN[:-1]),
        raw(GOOD, record(labels(AIRPLAY), SRV, b"\x00\x00")),
        raw(GOOD, record(labels(AIRPLAY), PTR, b"\xc0\xff")),
        raw(GOOD, record(labels(AIRPLAY), TEXT, b"\x03a=b", length=400)),
        raw(GOOD, record(labels(AIRPLAY), 1, b"\x01\x02\x03")),
        raw(GOOD, b"\x80" + bytes(20)),
    ],
)
def test_records_before_a_fault_are_kept(message):
    with pytest.raises(DecodeError) as caught:
        mdns.decode(packet(message, port=5353))
    assert only(caught.value.facts, ServiceAdvertised).instance == "TV"


LOOP = b"\xc0\x0c"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        bytes(11),
        raw(questions=1, flags=0) + LOOP + b"\x00\x0c\x00\x01",
        raw(questions=3, flags=0) + labels(AIRPLAY) + b"\x00\x0c\x00\x01",
        raw(questions=65535, flags=0),
        raw(GOOD) + bytes(9000),
        raw(GOOD, questions=1),
        raw(announced=65535) + LOOP + bytes(8),
        raw(questions=1, flags=0) + b"\xc0\x0e\xc0\x0c" + b"\x00\x0c\x00\x01",
    ],
)
def test_malformed(message):
    with pytest.raises(DecodeError):
        mdns.decode(packet(message, port=5353))


def test_hostile_messages_do_not_fill_the_log(caplog):
    caplog.set_level(logging.INFO)
    for number in range(200):
        with pytest.raises(DecodeError):
            mdns.decode(packet(raw(GOOD, bytes([0x80, number]) + bytes(20)), port=5353))
    assert not caplog.records


def own_records(message: bytes) -> list[tuple]:
    """What we read of an answer: name, type, class, lifetime and data of each record, names within the data spelled out."""
    parsed = dnsmessage.read(message, 0, len(message), 512)
    assert not parsed.fault
    return [(mdns._dotted(r.name), r.kind, r.klass & 0x7FFF, r.ttl, data_of(message, r)) for r in (*parsed.answers, *parsed.others) if r.kind in DATA_AT]


def data_of(message, record):
    start = record.start + DATA_AT[record.kind]
    if record.kind in {1, 16, 28}:
        return message[start : record.end]
    return mdns._dotted(dnsmessage.name(message, start, 0, record.end)[0])


DATA_AT = {1: 0, 12: 0, 16: 0, 28: 0, 33: 6}  # A, PTR, TXT, AAAA, SRV
ATTRIBUTES = {1: "address", 12: "alias", 16: "text", 28: "address", 33: "server"}


def payloads() -> list[bytes]:
    """Every distinct mDNS message of our own captures, IPv4 without options."""
    found = (data[42:] for path in corpus.lab_captures() for _, _, data in read(path) if data[12:15] == b"\x08\x00\x45" and data[34:38] == b"\x14\xe9\x14\xe9")
    return list(dict.fromkeys(found))


def test_an_independent_parser_reads_the_same_records():
    compared = 0
    for message in payloads():
        if not message[2] & 0x80:
            continue
        theirs = [
            (record.name, record.type, record.class_, record.ttl, getattr(record, ATTRIBUTES[record.type]))
            for record in DNSIncoming(message, now=1.0).answers()
            if record.type in DATA_AT
        ]
        assert own_records(message) == theirs
        compared += len(theirs)
    assert compared > 100


def test_a_name_that_hops_through_the_whole_message_is_malformed():
    """Else a message full of pointers, each leading two bytes back, would cost a walk through all of it for every name."""
    message = bytes(14) + b"".join(struct.pack(">H", 0xC000 | 12 + 2 * step) for step in range(100))
    assert dnsmessage.name(message, 12 + 2 * 32, 0, len(message)) == ((), 12 + 2 * 32 + 2)
    with pytest.raises(DecodeError):
        dnsmessage.name(message, 12 + 2 * 33, 0, len(message))


def test_an_instance_name_cannot_hide_its_type_behind_another():
    seen = only(mdns.decode(packet(raw(record(labels(AIRPLAY), PTR, labels(f"_x._http._tcp.local.{AIRPLAY}"))), port=5353)), ServiceAdvertised)
    assert seen.service == AIRPLAY
