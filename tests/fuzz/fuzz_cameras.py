"""Hostile answers to the makers' searches of cameras."""

from collector.decode import cameras
from tests.decode.test_cameras import QUESTION, dhip, sadp
from tests.fuzz.checks import packet, probe

SEEDS = (sadp(), dhip(), QUESTION, dhip("x"), dhip(DeviceClass="\u202e" * 60), sadp("<" * 4000), b"\x20\0\0\0DHIP" + b"\xff" * 30 + b"[" * 7000)


def fuzz_one(data: bytes) -> None:
    probe(cameras.decode, packet(data, port=37020, peer_port=37020, peer_ip="239.255.255.250"))
