"""Hostile group membership reports for IPv4."""

from collector.decode import igmp
from tests.fuzz.checks import packet, probe

SEEDS = (
    bytes.fromhex("1600000aefff6612"),
    bytes.fromhex("1700000aeffffffa"),
    bytes.fromhex("2200000000000002") + bytes.fromhex("04000000e00000fb") + bytes.fromhex("03000000e00000fc"),
    bytes.fromhex("2200000000000001") + bytes.fromhex("06010001effffffac0a80a0100000000"),
)


def fuzz_one(data: bytes) -> None:
    probe(igmp.decode, packet(data, protocol=2, hops=1, peer_ip="224.0.0.22"))
    probe(igmp.decode, packet(data, protocol=2, hops=1, ip="0.0.0.0"))
