"""Hostile DNS answers."""

from collector.decode import dns
from tests.fuzz.checks import packet, probe
from tests.fuzz.fuzz_llmnr import SEEDS as _NAMES

SEEDS = (
    b"\x12\x34\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00\x03gov\x02vn\x00\x00\x01\x00\x01"
    b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x1e\x00\x06\x03www\xc0\x0c\xc0\x24\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\xcb\x00\x71\x05",
    *_NAMES,
)


def fuzz_one(data: bytes) -> None:
    probe(dns.decode, packet(data, port=53, peer_port=50000, peer_ip="192.168.10.21"))
