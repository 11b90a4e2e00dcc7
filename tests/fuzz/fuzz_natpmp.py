"""Hostile NAT-PMP and PCP: asked and answered."""

from collector.decode import natpmp
from tests.fuzz.checks import packet, probe

CLIENT = bytes(10) + b"\xff\xff\xc0\xa8\x0a\x1f"
NONCE = bytes(range(12))
SEEDS = (
    b"\0\1\0\0\x13\x88\x13\x88\0\0\x0e\x10",
    b"\0\x82\0\0\0\0\0\1\x13\x88\x13\x88\0\0\x0e\x10",
    b"\2\1\0\0\0\0\x0e\x10" + CLIENT + NONCE + b"\6\0\0\0\0\x50\x1f\x90" + CLIENT,
    b"\2\x81\0\0\0\0\x0e\x10\0\0\0\1" + bytes(12) + NONCE + b"\x11\0\0\0\0\x50\x1f\x90" + CLIENT,
    b"\2\1\0\0\0\0\x0e\x10" + CLIENT + NONCE + b"\6\0\0\0\0\x50\x1f\x90" + CLIENT + b"\3\0\0\5aaaaa\0\0\0\1\0\0\x10" + CLIENT,
)


def fuzz_one(data: bytes) -> None:
    asked = {"ip": "192.168.10.31", "peer_ip": "192.168.10.1", "peer_mac": "a4:f4:c2:10:20:01"}
    probe(natpmp.decode, packet(data, port=50000, peer_port=5351, **asked))
    probe(natpmp.decode, packet(data, port=5351, peer_port=50000, **asked))
