"""Hostile PJLink over UDP; over TCP: fuzz_flows."""

from collector.decode import pjlink
from tests.fuzz.checks import packet, probe

SEEDS = (b"%2ACKN=00:e0:4c:10:20:31\r", b"%2ERST=000000\r", b"PJLINK 0\r", b"PJLINK 1 498e4a67\r", b"%2SRCH\r")


def fuzz_one(data: bytes) -> None:
    probe(pjlink.decode, packet(data, port=4352))
