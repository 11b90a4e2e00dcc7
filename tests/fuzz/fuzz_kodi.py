"""Hostile packets to Kodi's event server."""

from collector.decode import kodi
from tests.fuzz.checks import packet, probe


def message(kind: int, payload: bytes, part: int = 1) -> bytes:
    """One packet of the event server's protocol, version 2.0."""
    return b"XBMC\x02\0" + kind.to_bytes(2) + part.to_bytes(4) + (1).to_bytes(4) + len(payload).to_bytes(2) + (7).to_bytes(4) + bytes(10) + payload


SEEDS = (
    message(1, b"Remote\0\0\0\0\0\0\0\0\0\0\0\0"),
    message(3, b"\0\0\0\x02\0\0KB\0a\0"),
    message(7, b"Title\0Text\0\0\0\0\0\0"),
    message(10, b"\x01PlayMedia(http://192.168.10.21:8090/a.mp4,1)\0"),
    message(10, b"\x02Stop\0"),
)


def fuzz_one(data: bytes) -> None:
    probe(kodi.decode, packet(data, port=50000, peer_port=9777, ip="192.168.10.21", peer_ip="192.168.10.31", peer_mac="00:e0:4c:10:20:31"))
