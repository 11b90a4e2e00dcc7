"""Hostile LLMNR: pointers that loop, counts that promise too much."""

from collector.decode import llmnr
from tests.fuzz.checks import packet, probe

_QUESTION = b"\x02pc\x00\x00\x01\x00\x01"
SEEDS = (
    b"\x12\x34\x00\x00\x00\x01" + bytes(6) + _QUESTION,
    b"\x12\x34\x80\x00\x00\x01\x00\x01" + bytes(4) + _QUESTION + b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\xc0\xa8\x0a\x1f",
    b"\x12\x34\x80\x00\x00\x01\x00\x02" + bytes(4) + _QUESTION + b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x1e\x00\x10\xfe\x80" + bytes(13) + b"\x31\xc0\x0c",
)


def fuzz_one(data: bytes) -> None:
    probe(llmnr.decode, packet(data, port=5355, peer_port=50000))
    probe(llmnr.decode, packet(data, port=5355, peer_port=50000, ip="fe80::31"))
