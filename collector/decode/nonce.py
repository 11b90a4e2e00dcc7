"""Nonce frames: probes of ours (or of another box) that came over from another leg. Whether one is genuine is core's to say.

Layout, all lengths in bytes: `VGNC` 4, version 1, shape 1, time sent 8 (ns, network order), random 8, then three names each with a byte of
length before it (box, leg it was sent on, leg it is meant for), signature 16. As a raw frame it follows EtherType 0x88B5 (IEEE 802 local
experimental 1), else it is a UDP payload for port 34997, the same number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from collector.decode.error import DecodeError
from model.nonce import NONCE_BYTES, TAG_BYTES
from model.wirefacts import NonceHeard

if TYPE_CHECKING:
    from collector.decode.packet import Packet

KIND = 0x88B5
PORT = KIND
CLAUSES = ("ether proto 0x88b5", "udp port 34997")

START = b"VGNC\x01"
Shape = Literal["raw", "udp", "routed"]
_SHAPES: tuple[Shape, ...] = ("raw", "udp", "routed")
_NAMES = 22
_NAME = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def payload(*, shape: Shape, box: str, origin: str, target: str, sent: int, nonce: str, tag: str) -> bytes:
    """The bytes of a nonce; `nonce` and `tag` in hex."""
    names = b"".join(bytes([len(name)]) + name for name in (box.encode(), origin.encode(), target.encode()))
    return START + bytes([_SHAPES.index(shape)]) + sent.to_bytes(8, "big") + bytes.fromhex(nonce) + names + bytes.fromhex(tag)


def decode(packet: Packet) -> tuple[NonceHeard, ...]:
    """The nonce; nothing for other uses of the EtherType and the port, and for a shape that came in another one's clothes."""
    data, start, end = packet.data, packet.start, packet.end
    if data[start : start + len(START)] != START:
        return ()
    if start + _NAMES > end:
        raise DecodeError("nonce is cut")
    number = data[start + len(START)]
    if number >= len(_SHAPES) or (_SHAPES[number] == "raw") != (packet.ip == ""):
        return ()
    names, rest = _names(data, start + _NAMES, end)
    if rest + TAG_BYTES > end:
        raise DecodeError("nonce is cut")
    box, origin, target = names
    return (
        NonceHeard(
            at=packet.at,
            mac=packet.mac,
            ip=packet.ip,
            vlan=packet.vlan,
            shape=_SHAPES[number],
            box=box,
            origin=origin,
            target=target,
            sent=int.from_bytes(data[start + 6 : start + 14], "big"),
            nonce=data[start + 14 : start + 14 + NONCE_BYTES].hex(),
            tag=data[rest : rest + TAG_BYTES].hex(),
            ttl=packet.hops,
        ),
    )


def _names(data: bytes, place: int, end: int) -> tuple[list[str], int]:
    """The three names and where they end."""
    names = []
    for _ in range(3):
        size = data[place] if place < end else 0
        name = data[place + 1 : min(place + 1 + size, end)]
        if len(name) != size or not _NAME.fullmatch(name):
            raise DecodeError("nonce with a bad name")
        names.append(name.decode())
        place += 1 + size
    return names, place
