"""Hostile neighbour and router discovery."""

from collector.decode import icmp6
from tests.fuzz.checks import packet, probe

SEEDS = (
    bytes.fromhex("8700000000000000fe800000000000000000000000000001010100e04c102031"),
    bytes.fromhex("8800000060000000fe800000000000000000000000000031020100e04c102031"),
    bytes.fromhex("8600000040c0070800000000000000000101a4f4c210200105010000000005dc")
    + bytes.fromhex("030440c0000151800000384000000000fd1234000000000000000000000000001903000000000258fd123400000000000000000000000001"),
)


def fuzz_one(data: bytes) -> None:
    probe(icmp6.decode, packet(data, protocol=58, ip="fe80::31", peer_ip="ff02::1"))
