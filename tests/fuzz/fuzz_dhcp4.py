"""Hostile DHCPv4, as a client's and as a server's message."""

from collector.decode import dhcp4
from tests.fuzz.checks import packet, probe

_COOKIE = bytes.fromhex("63825363")
_CLIENT = bytes.fromhex("01010600") + bytes(24) + bytes.fromhex("00e04c102031") + bytes(202) + _COOKIE
_SERVER = bytes.fromhex("02010600") + bytes(12) + bytes.fromhex("c0a80a22") + bytes(8) + bytes.fromhex("00e04c102031") + bytes(202) + _COOKIE
SEEDS = (
    _CLIENT + b"\x35\x01\x01\x3d\x07\x01\x00\xe0\x4c\x10\x20\x31\x0c\x02pc\x3c\x08MSFT 5.0\x37\x04\x01\x03\x06\x0f\x51\x07\x04\x00\x00\x02pc\x00\xff",
    _CLIENT + b"\x35\x01\x03\x32\x04\xc0\xa8\x0a\x22\x52\x08\x01\x02\x00\x07\x02\x02ab\x34\x01\x03\xff",
    _SERVER + b"\x35\x01\x05\x36\x04\xc0\xa8\x0a\x01\x01\x04\xff\xff\xff\x00\x03\x04\xc0\xa8\x0a\x01"
    b"\x06\x08\x08\x08\x08\x08\x01\x01\x01\x01\x33\x04\x00\x00\x0e\x10\xff",
    _SERVER + b"\x35\x01\x02\x79\x05\x00\x0a\x00\x00\x01\x77\x0e\x02xa\x03gov\x02vn\x00\xc0\x00\xff",
)


def fuzz_one(data: bytes) -> None:
    probe(dhcp4.decode, packet(data, ip="0.0.0.0", port=68, peer_port=67))
    probe(dhcp4.decode, packet(data, port=67, peer_port=68))
