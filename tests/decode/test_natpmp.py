"""NAT-PMP and PCP: mappings asked for, granted, refused, taken back."""

import pytest

from collector.decode import natpmp
from collector.decode.error import DecodeError
from tests.decode.frames import PC, PC_IP, packet
from tests.fuzz.fuzz_natpmp import CLIENT, NONCE

ROUTER, ROUTER_IP = "a4:f4:c2:10:20:01", "192.168.10.1"


def asks(data, port=5351):
    return natpmp.decode(packet(data, mac=PC, ip=PC_IP, port=50000, peer_mac=ROUTER, peer_ip=ROUTER_IP, peer_port=port))


def answers(data, target=PC, **fields):
    return natpmp.decode(packet(data, mac=ROUTER, ip=ROUTER_IP, port=5351, peer_mac=target, peer_ip=PC_IP, peer_port=50000, **fields))


def nat_pmp(opcode=2, inside=80, outside=8080, lease=7200, result=None):
    ports = inside.to_bytes(2) + outside.to_bytes(2) + lease.to_bytes(4)
    return bytes([0, opcode, 0, 0]) + ports if result is None else bytes([0, opcode | 128, 0, result]) + bytes(4) + ports


def pcp(protocol=6, lease=7200, result=None, options=b"", opcode=1, client=CLIENT):
    head = bytes([2, opcode | (0 if result is None else 128), 0, result or 0]) + lease.to_bytes(4)
    return head + (client if result is None else bytes(16)) + NONCE + bytes([protocol, 0, 0, 0, 0, 80, 0x1F, 0x90]) + bytes(16) + options


@pytest.mark.parametrize(("opcode", "protocol"), [(1, "udp"), (2, "tcp")])
def test_a_request_names_the_client_by_its_own_address(opcode, protocol):
    [fact] = asks(nat_pmp(opcode))
    assert (fact.via, fact.protocol, fact.client_ip, fact.client_port, fact.outside_port) == ("nat_pmp", protocol, PC_IP, 80, 8080)
    assert (fact.mac, fact.ip, fact.router_ip, fact.router_mac) == (PC, PC_IP, ROUTER_IP, ROUTER)
    assert (fact.lease, fact.deleted, fact.accepted) == (7200, False, None)


def test_an_answer_is_about_the_one_it_goes_to():
    [fact] = answers(nat_pmp(result=0, outside=9999))
    assert (fact.mac, fact.ip, fact.client_ip, fact.router_mac) == (PC, PC_IP, PC_IP, ROUTER)
    assert (fact.outside_port, fact.accepted) == (9999, True)


def test_a_refusal_and_a_mapping_taken_back():
    [refused] = answers(nat_pmp(result=2, lease=0))
    [gone] = answers(nat_pmp(result=0, outside=0, lease=0))
    [asked] = asks(nat_pmp(lease=0))
    assert [(fact.accepted, fact.deleted) for fact in (refused, gone, asked)] == [(False, False), (True, True), (None, True)]


def test_pcp_asks_and_is_answered():
    [asked], [granted] = asks(pcp()), answers(pcp(protocol=17, result=0))
    assert (asked.via, asked.protocol, asked.client_ip, asked.client_port, asked.outside_port) == ("pcp", "tcp", "192.168.10.31", 80, 8080)
    assert (granted.protocol, granted.client_ip, granted.accepted, granted.lease) == ("udp", PC_IP, True, 7200)


def test_pcp_for_another_host():
    third = b"\1\0\0\x10" + bytes(10) + b"\xff\xff\xc0\xa8\x0a\x63"
    filler = b"\3\0\0\1a\0\0\0"
    assert [asks(pcp(options=options))[0].client_ip for options in (third, filler + third)] == ["192.168.10.99"] * 2
    assert answers(pcp(result=0, options=third))[0].client_ip == "192.168.10.99"


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0",  # asks for the outside address
        pcp(opcode=2),  # a mapping for a connection that goes out (PEER)
        pcp(opcode=0),
        pcp(protocol=1),
        b"\1\1" + bytes(40),  # no such version
        nat_pmp(3),
    ],
)
def test_other_messages_say_nothing(data):
    assert asks(data) == ()


def test_another_use_of_the_port_says_nothing():
    assert asks(nat_pmp(), port=9) == ()
    assert asks(nat_pmp(result=0)) == (), "an answer comes from the port"


def test_an_answer_to_all_is_nobodys():
    [fact] = answers(nat_pmp(result=0), target="ff:ff:ff:ff:ff:ff")
    assert fact.mac == ""


@pytest.mark.parametrize("data", [b"", b"\0", nat_pmp()[:11], nat_pmp(result=0)[:15], pcp()[:59]])
def test_a_cut_message_is_broken(data):
    with pytest.raises(DecodeError):
        asks(data) if len(data) < 2 or not data[1] & 128 else answers(data)
