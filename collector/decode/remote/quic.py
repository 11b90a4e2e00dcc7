"""QUIC Initial packets of clients (RFC 9000 §17.2.2, RFC 9001 §5, RFC 9369): opened for the server name in the ClientHello.

Their keys come from the packet itself (RFC 9001 §5.2), so anybody who hears them can read them. A hello over several datagrams is put together in
bounded memory, in whatever order its CRYPTO frames come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from collector.decode.remote import hosts, tls
from collector.decode.remote.ends import sender

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.fact import StationFact

PORT = 443
# Version -> the type bits of its Initials: 1, 2, and draft 29, the last one in wide use.
KINDS = {0x00000001: 0, 0x6B3343CF: 1, 0xFF00001D: 0}


def _clause(family: str, at: str, header: int) -> str:
    versions = " or ".join(f"{at}[{header + 9}:4] = {version:#x}" for version in KINDS)
    return f"{family} and {at}[{header + 2}:2] = {PORT} and {at}[{header + 4}:2] > 1000 and {at}[{header + 8}] & 0xc0 = 0xc0 and ({versions})"


# RFC 9000 §14.1: a client's Initial fills at least 1200 bytes.
CLAUSES = (_clause("udp", "udp", 0), _clause("ip6[6] = 17", "ip6", 40))

_LONGEST_ID = 20
_PING, _ACK, _ACK_ECN, _CRYPTO = 0x01, 0x02, 0x03, 0x06
_MOST_PACKETS = 4
_MOST_FRAMES = 64
# A ClientHello with post-quantum keys takes two datagrams; nobody honest needs more.
_MOST_HELLO = 8192
_MOST_HELLOS = 256
_MOST_PIECES = 32


class Initial(NamedTuple):
    """One Initial packet, still closed: its version, the connection id its keys come from, where its packet number begins and where it ends."""

    version: int
    target: bytes
    number: int
    end: int


class Hello(msgspec.Struct):
    """What came of one connection's CRYPTO stream so far: pieces by their offset."""

    pieces: dict[int, bytes] = {}

    def put(self, offset: int, data: bytes) -> None:
        """Takes one piece in; what lies beyond the bounds is left out."""
        room = offset in self.pieces or len(self.pieces) < _MOST_PIECES
        if room and offset + len(data) <= _MOST_HELLO and len(data) > len(self.pieces.get(offset, b"")):
            self.pieces[offset] = data

    def joined(self) -> bytes:
        """The bytes from the start to the first hole."""
        told = b""
        for offset in sorted(self.pieces):
            if offset > len(told):
                break
            told += self.pieces[offset][len(told) - offset :]
        return told


class Reader:
    """Reads the Initials of one leg. Remembers hellos that have yet to be told whole, the latest of them."""

    def __init__(self) -> None:
        self._hellos: dict[tuple[str, int, bytes], Hello] = {}

    def __len__(self) -> int:
        """Hellos remembered."""
        return len(self._hellos)

    def decode(self, packet: Packet) -> Sequence[StationFact]:
        """The fact of a datagram that ends a ClientHello to a server of the tables; nothing for any other, and for what cannot be opened."""
        if packet.peer_port != PORT:
            return ()
        data = packet.data[packet.start : packet.end]
        for target, frames in opened(data):
            if host := self._host(packet, target, frames):
                return hosts.facts(packet, sender(packet), host, "quic")
        return ()

    def _host(self, packet: Packet, target: bytes, frames: Sequence[tuple[int, bytes]]) -> str:
        key = (packet.ip, packet.port, target)
        hello = self._hellos.pop(key, None) or Hello()
        for offset, piece in frames:
            hello.put(offset, piece)
        message = next(tls.messages(hello.joined()), None)
        host = tls.server_name(message.body) if message and message.kind == tls.HELLO else ""
        if not host and hello.pieces and not (message and message.whole):
            self._hellos[key] = hello
            if len(self._hellos) > _MOST_HELLOS:
                del self._hellos[next(iter(self._hellos))]
        return host


def alone(packet: Packet) -> Sequence[StationFact]:
    """What one datagram tells by itself."""
    return Reader().decode(packet)


def opened(data: bytes) -> Iterator[tuple[bytes, Sequence[tuple[int, bytes]]]]:
    """The client's Initials of a datagram: the connection id and their CRYPTO frames as (offset, bytes). Other packets in it are stepped over."""
    from collector.decode.remote.sealed import plain  # noqa: PLC0415 - 75 ms, only where QUIC is really heard

    at = 0
    for _ in range(_MOST_PACKETS):
        found = initial(data, at)
        if found is None:
            return
        payload = plain(data[at : found.end], found.number - at, found.version, found.target)
        if payload is not None:
            yield found.target, crypto_frames(payload)
        at = found.end


def initial(data: bytes, at: int) -> Initial | None:
    """The Initial packet at `at` of a datagram (RFC 9000 §17.2.2), or None where none is, or it is cut."""
    version = int.from_bytes(data[at + 1 : at + 5])
    kind = KINDS.get(version)
    if kind is None or at + 7 > len(data) or data[at] & 0xF0 != 0xC0 | kind << 4:
        return None
    source = at + 6 + data[at + 5]
    target = data[at + 6 : source]
    if source >= len(data) or len(target) > _LONGEST_ID or data[source] > _LONGEST_ID:
        return None
    size, place = number(data, source + 1 + data[source])  # the token's
    length, start = number(data, place + size) if place else (0, 0)
    # The sample that opens the header begins four bytes after where the packet number does (RFC 9001 §5.4.2).
    return Initial(version, target, start, start + length) if start and length >= 20 and start + length <= len(data) else None


def number(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer (RFC 9000 §16) and where it ends; (0, 0) where it is cut."""
    if at >= len(data):
        return 0, 0
    width = 1 << (data[at] >> 6)
    if at + width > len(data):
        return 0, 0
    return int.from_bytes(data[at : at + width]) & ((1 << (8 * width - 2)) - 1), at + width


def crypto_frames(plain: bytes) -> Sequence[tuple[int, bytes]]:
    """The CRYPTO frames of a payload; ends at a frame that Initials cannot hold (RFC 9000 §12.4) or that is cut."""
    found: list[tuple[int, bytes]] = []
    at = _past_padding(plain, 0)
    while at < len(plain) and len(found) < _MOST_FRAMES:
        kind, at = plain[at], at + 1
        if kind == _CRYPTO:
            offset, at = number(plain, at)
            size, at = number(plain, at) if at else (0, 0)
            if not at or at + size > len(plain):
                break
            found.append((offset, plain[at : at + size]))
            at += size
        elif kind in (_ACK, _ACK_ECN):
            at = _after_ack(plain, at, counts=3 if kind == _ACK_ECN else 0)
            if not at:
                break
        elif kind != _PING:
            break
        at = _past_padding(plain, at)
    return found


def _past_padding(plain: bytes, at: int) -> int:
    """Where the next byte other than 0 is: most of an Initial is padding."""
    return len(plain) - len(plain[at:].lstrip(b"\0"))


def _after_ack(plain: bytes, at: int, *, counts: int) -> int:
    """Where an ACK frame ends (RFC 9000 §19.3): largest, delay, number of ranges, first range, two values a range, `counts` more; 0 where it is cut."""
    values: list[int] = []
    wanted = 4
    while len(values) < wanted:
        value, at = number(plain, at)
        if not at or len(values) > _MOST_FRAMES:
            return 0
        values.append(value)
        if len(values) == 3:
            wanted = 4 + 2 * value + counts
    return at
