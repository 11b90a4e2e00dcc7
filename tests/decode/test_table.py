"""The table of decoders, and the filter clauses that must let through whatever a decoder makes facts of."""

import importlib
import pkgutil
from functools import cache

import pytest

import collector.decode
from collector.bpf import compose, program
from collector.decode.pipeline import Pipeline
from collector.decode.table import TABLE, UnknownDecoder, clauses
from tests import corpus
from tests.decode import frames
from tests.decode.frames import AT, ethernet
from tests.decode.remote import shapes
from tests.fuzz import (
    fuzz_browser,
    fuzz_cameras,
    fuzz_cdp,
    fuzz_dhcp6,
    fuzz_dns,
    fuzz_kodi,
    fuzz_lldp,
    fuzz_llmnr,
    fuzz_mld,
    fuzz_natpmp,
    fuzz_nbns,
    fuzz_nonce,
    fuzz_stp,
    fuzz_wsd,
)

NAMES = [row.name for row in TABLE]
BY_NAME = {row.name for row in TABLE if row.by_name}
REMOTE = {"lookups", "quic", "datagrams"}  # in a package of their own
V4, V6 = 0x0800, 0x86DD
NOTIFY = b"NOTIFY * HTTP/1.1\r\nNT: a\r\nNTS: ssdp:alive\r\nUSN: b\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nST: a\r\nUSN: b\r\n\r\n"
QUESTION = bytes(4) + b"\x00\x01" + bytes(6) + b"\x08_airplay\x04_tcp\x05local\x00\x00\x0c\x00\x01"
DISCOVER = b"\x01\x01\x06" + bytes(25) + frames.mac(frames.TV) + bytes(202) + b"\x63\x82\x53\x63\x35\x01\x01\xff"
NEIGHBOUR = b"\x87" + bytes(7) + b"\xfe\x80" + bytes(13) + b"\x01"


def v4(payload, source=5353, target=5353, ip="192.168.10.21"):
    return V4, frames.ipv4(frames.udp(payload, source, target), target=ip)


def v6(payload, source=5353, target=5353, ip="fe80::21"):
    return V6, frames.ipv6(frames.udp(payload, source, target), target=ip)


def llc(header, payload):
    body = bytes.fromhex(header) + payload
    return len(body), body


def mld(payload, target):
    return V6, frames.ipv6(bytes.fromhex("3a00050200000100") + payload, 0, target=target, hops=1)


WANTED = {
    "arp": [(0x0806, frames.arp())],
    "icmp6": [(V6, frames.ipv6(NEIGHBOUR, 58))],
    "onlink": [
        v4(b"", 5355, 5355, "224.0.0.252"),
        v4(b"", 137, 137, "192.168.10.255"),
        v4(b"", 9, 9, "255.255.255.255"),
        v4(b"", 9, 9, "239.255.255.250"),
        v6(b"", 5355, 5355, "ff02::1:3"),
        (V4, frames.ipv4(b"\x16" + bytes(7), 2, target="239.1.2.3", ttl=1)),
    ],
    "dhcp4": [v4(DISCOVER, 68, 67), v4(DISCOVER, 67, 67)],
    "mdns": [v4(QUESTION), v6(QUESTION), v4(QUESTION, 50000)],
    "ssdp": [v4(NOTIFY, 50000, 1900), v6(NOTIFY, 50000, 1900), v4(ANSWER, 1900, 50000), v4(ANSWER, 49153, 50000), v6(ANSWER, 49153, 50000)],
    "pjlink": [
        v4(b"%2ACKN=00:e0:4c:10:20:31\r", 4352, 4352),
        v6(b"%2POWR=1\r", 4352, 4352),
    ],
    "flows": [
        (V4, frames.ipv4(frames.tcp(4352, 50000, 0x18, b"PJLINK 0\r"), 6)),
        (V4, frames.ipv4(frames.tcp(4352, 50000, 0x18, bytes(12) + b"PJLINK 0\r", offset=8), 6)),
        (V6, frames.ipv6(frames.tcp(4352, 50000, 0x18, bytes(12) + b"PJLINK 0\r", offset=8), 6)),
    ],
    "dhcp6": [v6(fuzz_dhcp6.SEEDS[0], 546, 547, "ff02::1:2"), v6(fuzz_dhcp6.SEEDS[1], 547, 546), v6(fuzz_dhcp6.SEEDS[2], 547, 547, "2001:db8::547")],
    "igmp": [
        (V4, frames.ipv4(b"\x16\x00\x00\x0a\xef\xff\x66\x12", 2, target="239.255.102.18", ttl=1)),
        (V4, frames.ipv4(b"\x17\x00\x00\x0a\xef\xff\x66\x12", 2, target="224.0.0.2", ttl=1, options=b"\x94\x04\x00\x00")),
    ],
    "mld": [mld(fuzz_mld.SEEDS[0], "ff05::c"), mld(fuzz_mld.SEEDS[1], "ff02::2"), mld(fuzz_mld.SEEDS[2], "ff02::16")],
    "llmnr": [
        v4(fuzz_llmnr.SEEDS[0], 50000, 5355, "224.0.0.252"),
        v6(fuzz_llmnr.SEEDS[0], 50000, 5355, "ff02::1:3"),
        v4(fuzz_llmnr.SEEDS[1], 5355, 50000),
        v6(fuzz_llmnr.SEEDS[1], 5355, 50000),
    ],
    "nbns": [v4(seed, 137, 137, "192.168.10.255") for seed in fuzz_nbns.SEEDS] + [v4(fuzz_nbns.SEEDS[2], 137, 50000)],
    "browser": [v4(fuzz_browser.SEEDS[0], 138, 138, "192.168.10.255")],
    "wsd": [
        v4(fuzz_wsd.SEEDS[0], 50000, 3702, "239.255.255.250"),
        v6(fuzz_wsd.SEEDS[2], 50000, 3702, "ff02::c"),
        v4(fuzz_wsd.SEEDS[3], 3702, 50000),
    ],
    "cameras": [v4(fuzz_cameras.SEEDS[0], 37020, 37020, "239.255.255.250"), v4(fuzz_cameras.SEEDS[1], 37810, 37810, "239.255.255.251")],
    "kodi": [v4(fuzz_kodi.SEEDS[3], 50000, 9777, "192.168.10.31"), v6(fuzz_kodi.SEEDS[2], 50000, 9777, "fe80::31")],
    "natpmp": [
        v4(fuzz_natpmp.SEEDS[0], 50000, 5351, "192.168.10.1"),
        v4(fuzz_natpmp.SEEDS[1], 5351, 50000, "192.168.10.21"),
        v6(fuzz_natpmp.SEEDS[2], 50000, 5351, "fe80::1"),
    ],
    "lldp": [(0x88CC, fuzz_lldp.SEEDS[0])],
    "cdp": [llc("aaaa0300000c2000", fuzz_cdp.SEEDS[0])],
    "stp": [llc("424203", fuzz_stp.SEEDS[0]), llc("aaaa0300000c010b", fuzz_stp.SEEDS[2])],
    "nonce": [(0x88B5, fuzz_nonce.SEEDS[0]), v4(fuzz_nonce.SEEDS[1], 34997, 34997, "255.255.255.255"), v4(fuzz_nonce.SEEDS[2], 34997, 34997, "192.168.20.5")],
    "dns": [v4(fuzz_dns.SEEDS[0], 53, 50000), v6(fuzz_dns.SEEDS[0], 53, 50000)],
    "lookups": [
        v4(shapes.asks("client.teamviewer.com"), 50000, 53, "192.168.10.1"),
        v4(shapes.answers("relay-1.net.anydesk.com"), 53, 50000, "192.168.10.21"),
        v6(shapes.asks("kms8.msguides.com"), 50000, 53, "fe80::1"),
    ],
    "quic": [
        v4(shapes.initial(shapes.crypto(0, shapes.hello())), 50000, 443, "203.0.113.9"),
        v6(shapes.initial(shapes.crypto(0, shapes.hello()), shapes.V2), 50000, 443, "2001:db8::9"),
        v4(shapes.initial(shapes.crypto(0, shapes.hello()), shapes.DRAFT), 50000, 443, "203.0.113.9"),
    ],
    "datagrams": [
        v4(b"\x3e\xd1\1" + bytes(20), 50001, 50002, "239.255.102.18"),
        v4(shapes.RUSTDESK_PING, 50000, 21119, "255.255.255.255"),
        v4(shapes.RUSTDESK_PONG, 21119, 50000, "192.168.10.21"),
        v6(shapes.rendezvous(6, b"\x0a\1a"), 50000, 21116, "2001:db8::9"),
        v4(shapes.rdp_udp(), 50000, 3389, "192.168.10.21"),
        v6(shapes.rdp_udp(5), 3389, 50000, "fe80::21"),
        v4(shapes.teamviewer_datagram(71), 40000, 40001, "203.0.113.9"),
        v6(shapes.teamviewer_datagram(0x6F, 1), 40000, 5938, "fd00::9"),
    ],
    "tcp": [
        (V4, frames.ipv4(frames.tcp(7000, 50000, 0x12), 6)),
        (V4, frames.ipv4(frames.tcp(8009, 50000, 0x14), 6)),
        (V4, frames.ipv4(frames.tcp(4352, 50000, 0x12), 6)),  # no payload where another clause looks for one
        (V6, frames.ipv6(frames.tcp(4352, 50000, 0x12), 6)),
        (V6, frames.ipv6(frames.tcp(7000, 50000, 0x12), 6)),
        (V6, frames.ipv6(frames.tcp(8009, 50000, 0x14), 6)),
        (V4, frames.ipv4(frames.tcp(3389, 50000, 0x12), 6, target="203.0.113.9", ttl=64)),
        (V4, frames.ipv4(frames.tcp(445, 50000, 0x12), 6, target="192.168.20.51", ttl=127)),
        (V6, frames.ipv6(frames.tcp(443, 50000, 0x12), 6, "2001:db8:1::31", "2001:db8:2::9", hops=64)),
    ],
}
CASES = [(name, kind, payload) for name, wanted in WANTED.items() for kind, payload in wanted]
BULK = [
    # What servers outside answer, and what neighbours answer one another.
    ethernet(V4, frames.ipv4(frames.tcp(443, 50000, 0x12), 6, "203.0.113.9", "192.168.10.21", ttl=54), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.tcp(445, 50000, 0x12), 6, "192.168.10.31", "192.168.10.21", ttl=128), target=frames.PC),
    ethernet(V6, frames.ipv6(frames.tcp(443, 50000, 0x12), 6, "2001:db8:2::9", "2001:db8:1::21", hops=54), target=frames.PC),
    ethernet(V6, frames.ipv6(frames.tcp(443, 50000, 0x12), 6, "2001:db8:1::9", "2001:db8:1::21", hops=64), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.tcp(443, 50000, 0x12), 6, target="192.168.10.21"), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.tcp(7000, 50000, 0x18, bytes(1000)), 6, target="192.168.10.21"), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.tcp(50000, 7000, 0x02), 6, target="192.168.10.21"), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.tcp(50000, 8060, 0x18, b"the rest of a picture"), 6, target="192.168.10.21"), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.udp(bytes(900), 443, 50000), target="192.168.10.21"), target=frames.PC),
    ethernet(V4, frames.ipv4(frames.udp(bytes(900), 5004, 5004), target="239.1.2.3")),
    ethernet(V6, frames.ipv6(frames.tcp(443, 50000, 0x18, bytes(900)), 6, target="2001:db8::1")),
    ethernet(V6, frames.ipv6(b"\x80" + bytes(60), 58, target="2001:db8::1")),
]


@cache
def kernel(*names):
    return program(compose(clauses(names or None)))


def test_every_decoder_module_is_in_the_table():
    modules = [importlib.import_module(f"collector.decode.{found.name}") for found in pkgutil.iter_modules(collector.decode.__path__)]
    single = set(NAMES) - {"flows"} - REMOTE  # connections have a table of their own, tests/decode/flows
    assert {module.__name__.rpartition(".")[2] for module in modules if hasattr(module, "CLAUSES")} == single
    assert all(importlib.import_module(f"collector.decode.{name}").CLAUSES for name in single)


def test_every_decoder_has_a_wanted_frame_here():
    assert set(WANTED) == set(NAMES)


@pytest.mark.parametrize(("name", "kind", "payload"), CASES)
@pytest.mark.parametrize("tags", [(), ((0x8100, 10),), ((0x88A8, 100), (0x8100, 10))], ids=["plain", "vlan", "qinq"])
def test_the_kernel_lets_through_what_a_decoder_reads(name, kind, payload, tags):
    data = ethernet(kind, payload, *tags)
    pipeline = Pipeline("capture", "lan", 1, [name])
    assert pipeline.decode(AT, data), "no fact to lose"
    assert kernel(name).filter(data)
    assert kernel().filter(data) or name in BY_NAME


@pytest.mark.parametrize("data", BULK)
def test_the_kernel_drops_bulk(data):
    assert not kernel().filter(data)
    assert not Pipeline("capture", "lan", 1).decode(AT, data)


def missed(path):
    """Frames that give facts and that the kernel would have dropped."""
    pipeline = Pipeline("capture", "lan", 1)
    return [data for link, at, data in frames.read(path) if link == 1 and pipeline.decode(at, data) and not kernel().filter(data)]


@pytest.mark.parametrize("path", corpus.lab_captures(), ids=lambda path: path.parent.name)
def test_the_kernel_loses_no_fact_of_the_laboratory(path):
    assert not missed(path)


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.captures(), ids=lambda path: path.name)
def test_the_kernel_loses_no_fact_of_the_corpus(path):
    assert not missed(path)


def test_clauses_of_chosen_decoders():
    assert clauses(["arp"]) == ("arp",)
    assert clauses([]) == ()
    assert set(clauses()) == {clause for row in TABLE if not row.by_name for clause in row.clauses}
    with pytest.raises(UnknownDecoder):
        clauses(["eigrp"])


def test_what_people_look_up_is_told_only_where_somebody_asks_for_it():
    assert {row.name for row in TABLE if row.by_name} == {"dns"}
    kind, payload = WANTED["dns"][0]
    answer = ethernet(kind, payload, target=frames.PC)
    # Whatever else is looked up goes no further than to be compared with the tables of remote control and piracy.
    assert not Pipeline("capture", "lan", 1).decode(AT, answer)
    assert Pipeline("capture", "lan", 1, ["dns"]).decode(AT, answer)
