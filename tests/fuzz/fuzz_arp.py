"""Hostile ARP."""

from collector.decode import arp
from tests.fuzz.checks import packet, probe

SEEDS = (bytes.fromhex("000108000604000100e04c102031c0a80a1f000000000000c0a80a01"),)


def fuzz_one(data: bytes) -> None:
    probe(arp.decode, packet(data))
