"""The composed filter is right at every tag depth: programs are compiled and run on frames."""

from __future__ import annotations

import pcapy
import pytest

from collector import bpf
from collector.decode import pipeline
from tests.capture import writers as w
from tests.decode.test_table import WANTED

SAMPLES = [
    "arp",
    "udp port 5353",
    "udp port 1900",
    "udp port 67 or udp port 68",
    "icmp6 and (ip6[40] = 134 or ip6[40] = 136)",
    "tcp[tcpflags] & (tcp-syn) != 0",
    "ip6 and tcp",
]


def clauses() -> list[str]:
    return sorted({*SAMPLES, *pipeline.clauses()})


def payloads() -> dict[str, tuple[int, bytes]]:
    """EtherType and payload of frames of many kinds, IPv4 and IPv6."""
    found: dict[str, tuple[int, bytes]] = {"arp": (w.ARP, w.arp())}
    ports = [53, 67, 68, 137, 138, 546, 547, 1900, 3702, 4352, 5353, 5355, 7236, 8008, 8009, 8060, 9197, 50_000]
    for port in ports:
        for kind, message in {
            "udp to": w.udp(40_000, port),
            "udp from": w.udp(port, 40_000, b"HTTP/1.1 200 OK\r\n\r\n"),
            "tcp syn": w.tcp(40_000, port, 0x02),
            "tcp syn+ack": w.tcp(port, 40_000, 0x12),
            "tcp rst": w.tcp(port, 40_000, 0x14),
            "tcp data": w.tcp(port, 40_000, 0x18, b"PJLINK 0\r"),
        }.items():
            protocol = 17 if kind.startswith("udp") else 6
            found[f"ipv4 {kind} {port}"] = (w.IPV4, w.ipv4(protocol, message))
            found[f"ipv6 {kind} {port}"] = (w.IPV6, w.ipv6(protocol, message))
    for kind in (1, 128, 130, 133, 134, 135, 136, 137, 143):
        found[f"icmp6 {kind}"] = (w.IPV6, w.ipv6(58, bytes([kind, 0, 0, 0]) + bytes(20)))
        found[f"icmp6 {kind} behind hop-by-hop"] = (w.IPV6, w.ipv6(0, bytes([58, 0, 5, 2, 0, 0, 1, 0, kind, 0, 0, 0]) + bytes(20)))
    # What each decoder reads, so that its clause meets a frame here too; LLC frames have a length instead of an EtherType.
    wanted = [(name, *frame) for name, frames in WANTED.items() for frame in frames]
    found |= {f"{name} {number}": (kind, payload) for number, (name, kind, payload) in enumerate(wanted) if kind > 1500}
    found["directed broadcast"] = (w.IPV4, w.ipv4(17, w.udp(40_000, 9999), target="192.168.10.255"))
    found["icmp"] = (w.IPV4, w.ipv4(1, bytes([8, 0]) + bytes(30)))
    found["igmp"] = (w.IPV4, w.ipv4(2, bytes([0x16, 0]) + bytes(6)))
    return found


TAGS = {
    "untagged": [],
    "vlan": [(0x8100, 20)],
    "priority tag": [(0x8100, 0)],
    "qinq 8100": [(0x8100, 100), (0x8100, 20)],
    "qinq 88a8": [(0x88A8, 100), (0x8100, 20)],
}


@pytest.mark.parametrize("clause", clauses())
def test_a_clause_takes_the_same_frames_at_every_tag_depth(clause: str) -> None:
    plain = bpf.program(clause)
    composed = bpf.program(bpf.compose([clause]))
    taken = 0
    for name, (ethertype, payload) in payloads().items():
        wanted = bool(plain.filter(w.ethernet(payload, ethertype)))
        taken += wanted
        for depth, tags in TAGS.items():
            frame = w.ethernet(payload, ethertype, tags=tags)
            assert bool(composed.filter(frame)) == wanted, f"{clause}: {name}, {depth}"
    assert taken or "ether" in clause or "stp" in clause, f"no frame of this test satisfies {clause}: add one"


def test_the_flat_form_misses_qinq_and_ours_does_not() -> None:
    flat = bpf.program("arp or (vlan and arp) or (vlan and vlan and arp)")
    frame = w.ethernet(w.arp(), w.ARP, tags=TAGS["qinq 88a8"])
    assert not flat.filter(frame)
    assert bpf.program(bpf.compose(["arp"])).filter(frame)


def test_all_clauses_together_are_the_union() -> None:
    each = [bpf.program(bpf.compose([clause])) for clause in clauses()]
    together = bpf.program(bpf.compose(clauses()))
    for name, (ethertype, payload) in payloads().items():
        for tags in TAGS.values():
            frame = w.ethernet(payload, ethertype, tags=tags)
            assert bool(together.filter(frame)) == any(one.filter(frame) for one in each), name


def test_extra_expressions_join_the_clauses() -> None:
    taken = bpf.program(bpf.compose(["arp"], "udp port 9"))
    assert taken.filter(w.ethernet(w.arp(), w.ARP))
    assert taken.filter(w.ethernet(w.ipv4(17, w.udp(1, 9)), w.IPV4, tags=TAGS["vlan"]))
    assert not taken.filter(w.mdns())


def test_the_program_of_all_decoders_fits_the_kernel() -> None:
    assert len(bpf.program(bpf.compose(clauses())).get_bpf()) < bpf.KERNEL_INSTRUCTIONS


def test_the_loose_form_takes_the_same_and_every_tagged_frame() -> None:
    strict = bpf.program(bpf.compose(clauses()))
    loose = bpf.program(bpf.loose_for(bpf.ETHERNET, clauses()))
    for name, (ethertype, payload) in payloads().items():
        for depth, tags in TAGS.items():
            frame = w.ethernet(payload, ethertype, tags=tags)
            assert bpf.is_tagged(bpf.ETHERNET, frame) == bool(tags)
            assert bool(loose.filter(frame)) == (bool(tags) or bool(strict.filter(frame))), f"{name}, {depth}"


def test_a_datagram_too_short_for_one_clause_is_still_there_for_another() -> None:
    taken = bpf.program(bpf.compose(pipeline.clauses()))
    # NAT-PMP's question for the outside address is two bytes (RFC 6886 §3.2), and a veth adds nothing to make a frame of 60.
    for tags in TAGS.values():
        for length in range(12):
            assert taken.filter(w.ethernet(w.ipv4(17, w.udp(40_000, 5351, bytes(length)), target="192.168.10.1"), w.IPV4, tags=tags)), length
            assert taken.filter(w.ethernet(w.ipv6(17, w.udp(40_000, 5351, bytes(length))), w.IPV6, tags=tags)), length
            assert not taken.filter(w.ethernet(w.ipv4(17, w.udp(40_000, 9999, bytes(length)), target="192.168.10.1"), w.IPV4, tags=tags)), length


def test_no_clause_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bpf.compose([])


def test_a_link_without_addresses_keeps_only_what_it_can_have() -> None:
    assert bpf.compose_for(bpf.RAW_IP, ["arp"]) == ""
    raw = bpf.program(bpf.compose_for(bpf.RAW_IP, ["arp", "udp port 5353"]), bpf.RAW_IP)
    assert raw.filter(w.ipv4(17, w.udp(5353, 5353)))
    assert not raw.filter(w.ipv4(17, w.udp(1, 2)))


@pytest.mark.parametrize(("link", "build"), [(bpf.LINUX_COOKED, w.cooked1), (bpf.LINUX_COOKED_2, w.cooked2)])
def test_cooked_frames_with_a_tag_come_through(link: int, build) -> None:
    taken = bpf.program(bpf.compose_for(link, ["udp port 5353"]), link)
    packet = w.ipv4(17, w.udp(5353, 5353))
    assert taken.filter(build(packet, w.IPV4))
    assert taken.filter(build(b"\0\x14\x08\0" + packet, 0x8100))
    assert not taken.filter(build(w.ipv4(17, w.udp(1, 2)), w.IPV4))


def test_a_broken_expression_is_an_error() -> None:
    with pytest.raises(pcapy.PcapError):
        bpf.program("udp prot 5353")
