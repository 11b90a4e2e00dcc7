"""NetBIOS names: who claims which, in what role; and announcements to the browser's mailslot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.layers.netbios import (
    NBNS_ADD_ENTRY,
    NBNSHeader,
    NBNSNodeStatusResponse,
    NBNSNodeStatusResponseService,
    NBNSQueryRequest,
    NBNSQueryResponse,
    NBNSRegistrationRequest,
    NBTDatagram,
)
from scapy.layers.smb import SMB_Header, SMBMailslot_Write

from collector.decode import browser, nbns, netbios
from collector.decode.error import DecodeError
from model.facts import BrowserAnnounced, NameAsked, NameSeen, NetbiosNamed
from tests.decode.frames import PC_IP, TV, TV_IP, decode, only, packet
from tests.fuzz.fuzz_browser import datagram
from tests.fuzz.fuzz_nbns import SEEDS

NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=15)
SUFFIX = st.sampled_from([0x00, 0x1B, 0x1C, 0x1D, 0x1E, 0x20])
RELEASE = b"\x12\x34\x31\x10" + SEEDS[0][4:]


def sent(message, source=TV_IP, port=137):
    return Ether(src=TV, dst="ff:ff:ff:ff:ff:ff") / IP(src=source, dst="192.168.10.255") / UDP(sport=port, dport=port) / message


def claims(facts):
    return [(fact.name, fact.suffix, fact.group, fact.alive) for fact in facts if isinstance(fact, NetbiosNamed)]


def names(facts):
    return [fact.name for fact in facts if isinstance(fact, NameSeen)]


@given(name=NAME, suffix=SUFFIX, group=st.booleans())
def test_registration_round_trip(name, suffix, group):
    body = NBNSRegistrationRequest(QUESTION_NAME=name, SUFFIX=netbios_word(suffix), NB_ADDRESS=TV_IP, G=int(group))
    facts = decode(sent(NBNSHeader(OPCODE=5, NM_FLAGS=0x11, QDCOUNT=1, ARCOUNT=1) / body))
    assert claims(facts) == [(name, suffix, group, True)]
    assert names(facts) == [name] * (not group and suffix in {0x00, 0x20})


def netbios_word(suffix):
    """The suffix as scapy's field wants it: its two encoded letters."""
    return (0x41 + (suffix >> 4)) << 8 | 0x41 + (suffix & 15)


@given(name=NAME, suffix=SUFFIX)
def test_question_round_trip(name, suffix):
    body = NBNSQueryRequest(QUESTION_NAME=name, SUFFIX=netbios_word(suffix))
    fact = only(decode(sent(NBNSHeader(QDCOUNT=1, NM_FLAGS=0x11) / body)), NameAsked)
    assert (fact.name, fact.suffix, fact.via, fact.mac) == (name, suffix, "nbns", TV)


@given(name=NAME, address=st.sampled_from([TV_IP, PC_IP]), group=st.booleans())
def test_answer_round_trip(name, address, group):
    body = NBNSQueryResponse(RR_NAME=name, SUFFIX=netbios_word(0x20), ADDR_ENTRY=[NBNS_ADD_ENTRY(G=int(group), NB_ADDRESS=address)])
    facts = decode(sent(NBNSHeader(OPCODE=0, NM_FLAGS=0x58, RESPONSE=1, ANCOUNT=1) / body))
    # A name server answers for others.
    assert claims(facts) == [(name, 0x20, group, True)] * (address == TV_IP)


@given(st.lists(st.tuples(NAME, SUFFIX, st.booleans()), min_size=1, max_size=6))
def test_name_table_round_trip(rows):
    table = [NBNSNodeStatusResponseService(NETBIOS_NAME=name.ljust(15), SUFFIX=suffix, NAME_FLAGS=0x84 if group else 0x04) for name, suffix, group in rows]
    body = NBNSNodeStatusResponse(RR_NAME="*", RDLENGTH=1 + 18 * len(rows) + 52, NODE_NAME=table, MAC_ADDRESS=TV)
    facts = decode(sent(NBNSHeader(OPCODE=0, NM_FLAGS=0x40, RESPONSE=1, ANCOUNT=1) / body))
    assert claims(facts) == [(name, suffix, group, True) for name, suffix, group in rows]


def test_giving_up():
    assert claims(nbns.decode(packet(RELEASE))) == [("PC-01", 0, False, False)]
    assert not names(nbns.decode(packet(RELEASE)))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_person_is_nobodys_business(seed):
    """The messenger registers, looks for and answers to the name of whoever is logged on."""
    assert nbns.decode(packet(SEEDS[seed].replace(b"CACAAA", b"CACAAD"))) == ()


@pytest.mark.parametrize(
    "message",
    [
        SEEDS[1].replace(b"FAEDCNDADBCACACACACACACACACACAAA", b"CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),  # "*": whoever hears it
        SEEDS[1].replace(b"FAED", b"fAED"),  # no encoded letter
        SEEDS[1][:-4] + b"\x00\x21\x00\x01",  # asks for a name table
        b"\x12\x34\x3c" + SEEDS[0][3:],  # wait for acknowledgement
        SEEDS[2][:3] + b"\x03" + SEEDS[2][4:],  # a refusal
        b"\x12\x34\xad" + SEEDS[2][3:],  # a registration's answer
        SEEDS[2].replace(b"\xc0\xa8\x0a\x1f", b"\xc0\xa8\x0a\x20"),  # for another
    ],
)
def test_what_says_nothing(message):
    assert nbns.decode(packet(message)) == ()


@pytest.mark.parametrize("message", [b"", SEEDS[0][:40], SEEDS[0][:-3], SEEDS[3][:-50], SEEDS[0].replace(b"\xc0\x0c", b"\xc0\xff")])
def test_malformed(message):
    with pytest.raises(DecodeError):
        nbns.decode(packet(message))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"PC-01          \x20", ("PC-01", 0x20)),
        (b"PC-01\0\0\0\0\0\0\0\0\0\0\x00", ("PC-01", 0)),
        (b"\x01\x02__MSBROWSE__\x02\x01", ("__MSBROWSE__", 1)),
        (b"               \x00", ("", 0)),
    ],
)
def test_names_of_sixteen_bytes(raw, told):
    assert netbios.split(raw) == told


def announced(form, name, tail, version=(10, 0), kind=0x11003):
    return (
        bytes([form, 0])
        + b"\x80\xfc\x0a\x00"
        + name.encode().ljust(16, b"\0")
        + bytes(version)
        + kind.to_bytes(4, "little")
        + b"\x0f\x01\x55\xaa"
        + tail
        + b"\0"
    )


def slot(body, name=r"\MAILSLOT\BROWSE"):
    write = SMBMailslot_Write(Name=name.encode() + b"\0", Buffer=[("Data", body)], Setup=[1, 1, 2])
    return SMB_Header(Command=0x25) / write


@given(
    form=st.sampled_from([(1, "host"), (15, "local_master")]),
    name=NAME,
    domain=NAME,
    comment=st.text("abcdefghijklmnopqrstuvwxyz ", max_size=40).map(str.strip),
    version=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    kind=st.integers(0, 2**32 - 1),
)
def test_announcement_round_trip(form, name, domain, comment, version, kind):
    head = NBTDatagram(Type=0x11, SourceIP=TV_IP, SourceName=name, SUFFIX1=netbios_word(0x20), DestinationName=domain, SUFFIX2=netbios_word(0x1E))
    facts = decode(sent(head / slot(announced(form[0], name, comment.encode(), version, kind)), port=138))
    fact = only(facts, BrowserAnnounced)
    assert (fact.form, fact.name, fact.domain, fact.comment) == (form[1], name, domain, comment)
    assert (fact.version, fact.server_type) == (f"{version[0]}.{version[1]}", kind)
    assert claims(facts) == [(name, 0x20, False, True)]
    assert names(facts) == [name]


def test_a_domain_is_announced_by_its_master():
    head = NBTDatagram(Type=0x11, SourceIP=TV_IP, SourceName="PC-01", DestinationName="X")
    fact = only(decode(sent(head / slot(announced(12, "GOV", b"PC-01", (3, 10))), port=138)), BrowserAnnounced)
    assert (fact.form, fact.name, fact.domain, fact.version, fact.comment) == ("domain", "PC-01", "GOV", "", "")


WHOLE = datagram(1)


@pytest.mark.parametrize(
    "message",
    [
        b"\x13" + WHOLE[1:],  # an error
        WHOLE[:1] + b"\x08" + WHOLE[2:],  # a later fragment
        WHOLE[:4] + b"\xc0\xa8\x0a\x63" + WHOLE[8:],  # a datagram server sends on what another wrote
    ],
)
def test_datagrams_that_say_nothing(message):
    assert browser.decode(packet(message)) == ()


@pytest.mark.parametrize(
    "message",
    [
        datagram(8),  # an election
        WHOLE.replace(b"BROWSE", b"LANMAN"),
        WHOLE.replace(b"\xffSMB\x25", b"\xffSMB\x32"),
        WHOLE[:100],
    ],
)
def test_other_datagrams_only_sign(message):
    assert claims(browser.decode(packet(message))) == [("PC-01", 0, False, True)]


@pytest.mark.parametrize("message", [b"", WHOLE[:13], WHOLE[:40], WHOLE[:-30], WHOLE[:14] + b"\xc0\x0c" + WHOLE[16:]])
def test_malformed_datagrams(message):
    with pytest.raises(DecodeError):
        browser.decode(packet(message))
