"""Hostile CDP."""

from collector.decode import cdp
from tests.fuzz.checks import packet, probe

SEEDS = (
    bytes.fromhex("02b40000")
    + b"\x00\x01\x00\x06R1\x00\x03\x00\x09Fa0/0\x00\x05\x00\x08IOS\n\x00\x06\x00\x08 x y"
    + bytes.fromhex("0004000800000029")
    + bytes.fromhex("0002001100000001" + "0101cc0004c0a80a01")
    + bytes.fromhex("000a00060001"),
    bytes.fromhex("01b40000") + b"\x00\x01\x00\x06R1" + bytes.fromhex("00160024" + "00000001" + "0208aaaa0300000086dd0010") + bytes(16),
)


def fuzz_one(data: bytes) -> None:
    probe(cdp.decode, packet(data, ip="", peer_ip=""))
