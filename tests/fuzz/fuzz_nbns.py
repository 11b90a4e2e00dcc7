"""Hostile NetBIOS name service messages."""

from collector.decode import nbns
from tests.fuzz.checks import packet, probe

_NAME = b"\x20FAEDCNDADBCACACACACACACACACACAAA\x00"
_RECORD = b"\x00\x20\x00\x01\x00\x00\x00\x00\x00\x06\x00\x00\xc0\xa8\x0a\x1f"
_TABLE = b"\x02PC-01          \x00\x04\x00GOV            \x1c\x84\x00" + bytes(46)
SEEDS = (
    b"\x12\x34\x29\x10\x00\x01\x00\x00\x00\x00\x00\x01" + _NAME + b"\x00\x20\x00\x01\xc0\x0c" + _RECORD,
    b"\x12\x34\x01\x10\x00\x01" + bytes(6) + _NAME + b"\x00\x20\x00\x01",
    b"\x12\x34\x85\x00\x00\x00\x00\x01\x00\x00\x00\x00" + _NAME + _RECORD,
    b"\x12\x34\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00" + _NAME + b"\x00\x21\x00\x01\x00\x00\x00\x00" + len(_TABLE).to_bytes(2, "big") + _TABLE,
)


def fuzz_one(data: bytes) -> None:
    probe(nbns.decode, packet(data, port=137, peer_port=137, peer_ip="192.168.10.255"))
