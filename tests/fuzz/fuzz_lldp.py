"""Hostile LLDP."""

from collector.decode import lldp
from tests.fuzz.checks import packet, probe

_FIRST = bytes.fromhex("020704a4f4c2102001") + b"\x04\x04\x05gi1" + bytes.fromhex("06020078")
SEEDS = (
    _FIRST + b"\x0a\x03sw1" + b"\x0c\x04text" + bytes.fromhex("0e0400140004") + bytes.fromhex("100c0501c0a80a020200000001" + "00"),
    _FIRST + bytes.fromhex("fe060080c201000a") + bytes.fromhex("fe070012bb0a") + b"abc\x00\x00",
)


def fuzz_one(data: bytes) -> None:
    probe(lldp.decode, packet(data, ip="", peer_ip=""))
