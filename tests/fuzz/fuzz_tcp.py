"""Hostile TCP headers."""

import contextlib

from collector.decode import tcp
from collector.decode.error import DecodeError
from tests.fuzz.checks import packet, probe

SEEDS = (bytes.fromhex("1b58c35000000001000000026012721000000000020405b4"), bytes.fromhex("1f49c350000000000000000250147210" + "00000000"))


def fuzz_one(data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        port, peer_port, body = tcp.read(data, 0, len(data))
        assert 20 <= body <= len(data)
        probe(tcp.decode, packet(data, protocol=6, port=port, peer_port=peer_port))
