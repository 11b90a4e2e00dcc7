"""Hostile group membership reports for IPv6."""

from collector.decode import mld
from tests.fuzz.checks import packet, probe

_GROUP = bytes.fromhex("ff0200000000000000000000000100fb")
SEEDS = (
    bytes.fromhex("8300000000000000") + _GROUP,
    bytes.fromhex("8400000000000000") + _GROUP,
    bytes.fromhex("8f00000000000002") + bytes.fromhex("04000000") + _GROUP + bytes.fromhex("03000001") + _GROUP + bytes(16),
)


def fuzz_one(data: bytes) -> None:
    probe(mld.decode, packet(data, protocol=58, hops=1, ip="fe80::31", peer_ip="ff02::16"))
    probe(mld.decode, packet(data, protocol=58, hops=1, ip="::", peer_ip="ff02::16"))
