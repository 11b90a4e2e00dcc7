"""What the probe program can be ordered to send, and what comes of everything else: nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6ND_RS, IPv6
from scapy.layers.l2 import ARP, Ether

from collector.decode import nonce
from collector.decode.pipeline import Pipeline
from collector.probe import frames, limit, orders
from model.facts import DhcpClientSeen
from model.wirefacts import NonceHeard
from tests.decode.frames import AT

LEGS = frozenset({"can-bo"})
MAC, IP_OF, GATEWAY, CLIENT = "02:00:00:00:00:01", "192.168.10.2", "a4:f4:c2:10:20:01", "ee:b5:01:02:03:04"
SAID = {"box": "hop-01", "origin": "can-bo", "target": "nguoi-dan", "sent": AT, "nonce": "00" * 8, "tag": "ab" * 16}
GOOD = {
    "nonce_raw": {"payload": nonce.payload(shape="raw", **SAID).hex()},
    "nonce_udp": {"payload": nonce.payload(shape="udp", **SAID).hex()},
    "nonce_routed": {"payload": nonce.payload(shape="routed", **SAID).hex(), "address": "192.168.20.2", "gateway": GATEWAY},
    "dhcp_discover": {"client": CLIENT, "transaction": 7},
    "arp_who_has": {"client": CLIENT, "address": "192.168.10.1"},
    "nd_solicit": {"client": CLIENT, "address": "fe80::1"},
    "router_solicit": {"client": CLIENT},
}


def line(shape, **fields):
    return json.dumps({"id": 1, "leg": "can-bo", "shape": shape, **fields}).encode()


def built(shape):
    return frames.frame(orders.read(line(shape, **GOOD[shape]), LEGS), MAC, IP_OF, GATEWAY)


def test_every_shape_has_a_case_and_a_frame():
    assert GOOD.keys() == orders.SHAPES.keys() == frames._BUILD.keys()


@pytest.mark.parametrize("shape", GOOD)
def test_a_whole_order_becomes_one_frame_of_a_lawful_length(shape):
    assert frames.SHORTEST <= len(built(shape)) < 1514


@pytest.mark.parametrize(("shape", "word"), [("nonce_raw", "raw"), ("nonce_udp", "udp"), ("nonce_routed", "routed")])
def test_our_own_decoder_reads_the_nonces(shape, word):
    [heard] = Pipeline("capture", "lab", 1).decode(AT, built(shape))
    assert isinstance(heard, NonceHeard)
    assert (heard.shape, heard.mac, heard.tag, heard.ttl) == (word, MAC, SAID["tag"], 0 if word == "raw" else 255)


def test_the_discover_asks_for_a_broadcast_answer_and_is_no_request():
    packet = Ether(built("dhcp_discover"))
    assert (packet.src, packet[IP].src, packet[UDP].dport) == (MAC, "0.0.0.0", 67)
    assert packet[BOOTP].flags == 0x8000
    assert dict(option for option in packet[DHCP].options if isinstance(option, tuple))["message-type"] == 1
    assert len(bytes(packet[BOOTP])) >= 300
    [seen] = [fact for fact in Pipeline("capture", "lab", 1).decode(AT, bytes(packet)) if isinstance(fact, DhcpClientSeen)]
    assert (seen.mac, seen.message) == (CLIENT, "discover")


def test_the_arp_question_tells_nobody_anything():
    packet = Ether(built("arp_who_has"))
    assert (packet[ARP].op, packet[ARP].psrc, packet[ARP].hwsrc, packet[ARP].pdst, packet.src) == (1, "0.0.0.0", CLIENT, "192.168.10.1", CLIENT)


def test_the_neighbour_question_goes_to_the_group_of_one_address():
    packet = Ether(built("nd_solicit"))
    assert (packet.dst, packet[IPv6].dst, packet[IPv6].hlim, packet[ICMPv6ND_NS].tgt) == ("33:33:ff:00:00:01", "ff02::1:ff00:1", 255, "fe80::1")
    assert packet[IPv6].src == "fe80::ecb5:1ff:fe02:304"


def test_the_router_question_goes_to_all_routers():
    packet = Ether(built("router_solicit"))
    assert (packet[IPv6].src, packet[IPv6].dst, packet.haslayer(ICMPv6ND_RS)) == ("::", "ff02::2", True)


BAD = {
    "another program's bytes": line("nonce_raw", payload=b"GET / HTTP/1.1".hex()),
    "a payload that is no hex": line("nonce_raw", payload="zz"),
    "a payload too long": line("nonce_raw", payload=(orders.NONCE_START + bytes(300)).hex()),
    "an address of the world": line("nonce_routed", **{**GOOD["nonce_routed"], "address": "8.8.8.8"}),
    "a group of routers": line("nonce_routed", **{**GOOD["nonce_routed"], "gateway": "01:00:5e:00:00:01"}),
    "another's hardware address": line("dhcp_discover", client="a4:f4:c2:10:20:01", transaction=1),
    "a group's hardware address": line("dhcp_discover", client="ff:ff:ff:ff:ff:ff", transaction=1),
    "a transaction too large": line("dhcp_discover", client=CLIENT, transaction=1 << 32),
    "a request": line("dhcp_request", client=CLIENT, transaction=1),
    "an answer": line("arp_is_at", client=CLIENT, address="192.168.10.1"),
    "a name for an address": line("arp_who_has", client=CLIENT, address="example.test"),
    "a global IPv6 address": line("nd_solicit", client=CLIENT, address="2001:db8::1"),
    "one word too many": line("arp_who_has", client=CLIENT, address="192.168.10.1", psrc="192.168.10.1"),
    "one word too few": line("arp_who_has", client=CLIENT),
    "a leg that is not probed": json.dumps({"id": 1, "leg": "nguoi-dan", "shape": "router_solicit", "client": CLIENT}).encode(),
    "no number": json.dumps({"leg": "can-bo", "shape": "router_solicit", "client": CLIENT}).encode(),
    "no JSON": b"{",
    "a list": b"[1]",
    "far too long": b'{"id":1,' + b" " * orders.LONGEST_ORDER + b"}",
    "nested without end": b"[" * 2000,
}


@pytest.mark.parametrize("given_line", BAD.values(), ids=BAD.keys())
def test_everything_else_is_refused(given_line):
    with pytest.raises(orders.RefusedError):
        orders.read(given_line, LEGS)
    assert isinstance(orders.number_of(given_line), int)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {"id": _JSON, "leg": st.just("can-bo") | _JSON, "shape": st.sampled_from([*GOOD, "x"]) | _JSON},
        optional=dict.fromkeys(("payload", "client", "address", "gateway", "transaction"), _JSON),
    )
    | _JSON
)
def test_no_order_breaks_the_program(told):
    try:
        order = orders.read(json.dumps(told).encode(), LEGS)
    except orders.RefusedError:
        return
    assert order.shape in orders.SHAPES


@given(st.binary(max_size=200))
def test_no_bytes_break_the_program(told):
    with pytest.raises(orders.RefusedError):
        orders.read(told, LEGS)


def test_the_ceiling_holds_whatever_is_ordered():
    clock = [0.0]
    ceiling = limit.Ceiling(lambda: clock[0], burst=3, rate=0.5)
    assert [ceiling.allows() for _ in range(5)] == [True, True, True, False, False]
    clock[0] = 2.0
    assert [ceiling.allows() for _ in range(2)] == [True, False]
    clock[0] = 1e9
    assert sum(ceiling.allows() for _ in range(10)) == 3
