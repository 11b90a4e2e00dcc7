"""Hostile spanning tree messages."""

from collector.decode import stp
from tests.fuzz.checks import packet, probe

_TREE = bytes.fromhex("8000a4f4c210200100000004" + "8001a4f4c2102002" + "8001" + "0000140002000f00")
SEEDS = (
    bytes.fromhex("0000000000") + _TREE,
    bytes.fromhex("000002023c") + _TREE + b"\x00",
    bytes.fromhex("000002023c") + _TREE + b"\x00" + bytes.fromhex("00000002000a"),
    bytes.fromhex("00000080"),
)


def fuzz_one(data: bytes) -> None:
    probe(stp.decode, packet(data, ip="", peer_ip=""))
