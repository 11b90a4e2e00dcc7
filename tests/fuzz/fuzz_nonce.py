"""Hostile nonce frames."""

from collector.decode import nonce
from tests.fuzz.checks import packet, probe

_SIGNED = {"box": "hop-01", "origin": "can-bo", "target": "nguoi-dan", "sent": 1_752_541_200_000_000_000, "nonce": "00" * 8, "tag": "ff" * 16}
SEEDS = (nonce.payload(shape="raw", **_SIGNED), nonce.payload(shape="udp", **_SIGNED), nonce.payload(shape="routed", **_SIGNED))


def fuzz_one(data: bytes) -> None:
    probe(nonce.decode, packet(data, ip="", peer_ip=""))
    probe(nonce.decode, packet(data))
