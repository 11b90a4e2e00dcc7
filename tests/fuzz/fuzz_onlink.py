"""Hostile payloads and addresses of link-scoped packets."""

import ipaddress

from collector.decode import onlink
from tests.fuzz.checks import packet, probe

SEEDS = (bytes.fromhex("c0a80a1fe00000fb02ffffff"), bytes.fromhex("a9fe0101c0a80aff11000000"))


def fuzz_one(data: bytes) -> None:
    padded = data.ljust(32, b"\0")
    for size in (4, 16):
        source, target = (str(ipaddress.ip_address(padded[at : at + size])) for at in (0, size))
        probe(onlink.decode, packet(data, ip=source, peer_ip=target, protocol=padded[2 * size - 1]))
    assert onlink.is_group6(b"\0" * 24 + padded, 0) == (padded[:2] == b"\xff\x02")
