"""Hostile DHCPv6: options inside options, relays inside relays."""

from collector.decode import dhcp6
from tests.fuzz.checks import packet, probe

_DUID = bytes.fromhex("0001000e000100012e5be1ed00e04c102031")
_CLIENT = bytes.fromhex("01abcdef") + _DUID + bytes.fromhex("0006000400170018") + bytes.fromhex("0010000e0000013700084d53465420352e30")
_SERVER = (
    bytes.fromhex("07abcdef") + _DUID + bytes.fromhex("0003002800000001") + bytes(8) + bytes.fromhex("00050018fd000000000000000000000000000031") + bytes(8)
)
_RELAY = bytes.fromhex("0c00") + bytes.fromhex("fd000000000000000000000000000001") + bytes.fromhex("fe800000000000000000000000000031")
_WRAPPED = _RELAY + bytes.fromhex("004f0008000100e04c102031") + b"\x00\x09" + len(_CLIENT).to_bytes(2, "big") + _CLIENT
SEEDS = (
    _CLIENT + bytes.fromhex("002700050003706331"),
    _SERVER + bytes.fromhex("00170010fd000000000000000000000000000001") + b"\x00\x18\x00\x08\x03gov\x02vn\x00",
    _WRAPPED,
    _RELAY + b"\x00\x09" + len(_WRAPPED).to_bytes(2, "big") + _WRAPPED,
)


def fuzz_one(data: bytes) -> None:
    probe(dhcp6.decode, packet(data, ip="fe80::31", peer_ip="ff02::1:2", port=546, peer_port=547))
