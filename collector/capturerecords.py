"""Capture files read by ourselves, packet by packet: what libpcap stops at (pcapng with several link types) and where a file is cut.

Slower than libpcap by far, and the authority on what is wrong with a file. Times are cut to microseconds, as libpcap gives them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

# libpcap's own limits: a longer packet or block is damage, and would be a way to make us allocate memory.
LONGEST_PACKET = 262_144
LONGEST_BLOCK = 16 * 1024 * 1024

PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"
# First four bytes of a classic file -> byte order, units in a second, length of a record header.
# a1b2cd34 is the variant of patched Linux libpcaps of the 1990s that some capture boxes still write.
_CLASSIC: dict[bytes, tuple[str, int, int]] = {
    bytes.fromhex("d4c3b2a1"): ("<", 10**6, 16),
    bytes.fromhex("a1b2c3d4"): (">", 10**6, 16),
    bytes.fromhex("4d3cb2a1"): ("<", 10**9, 16),
    bytes.fromhex("a1b23c4d"): (">", 10**9, 16),
    bytes.fromhex("34cdb2a1"): ("<", 10**6, 24),
    bytes.fromhex("a1b2cd34"): (">", 10**6, 24),
}
MAGICS = frozenset({*_CLASSIC, PCAPNG_MAGIC})

_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_LITTLE, _BIG = bytes.fromhex("4d3c2b1a"), bytes.fromhex("1a2b3c4d")  # byte-order magic of a section
_OPTION_RESOLUTION, _OPTION_OFFSET = 9, 14
_LINKTYPE_RAW, _DLT_RAW = 101, 12  # the one supported link type whose number in files is not libpcap's DLT number


class Record(NamedTuple):
    """One packet: the DLT number of its link, its time in ns, its bytes; of pcapng also which of its section's interfaces heard it, from 0."""

    link: int
    at: int
    data: bytes
    interface: int = 0


class DamagedError(Exception):
    """The file makes no sense from byte `offset` on (of the unpacked data), after `packets` whole packets. `cut`: it just ends there."""

    def __init__(self, offset: int, packets: int, *, cut: bool) -> None:
        super().__init__(offset, packets, cut)
        self.offset = offset
        self.packets = packets
        self.cut = cut


class _Input:
    """Counts what is read, and knows where the record being read began."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = 0
        self.start = 0
        self.packets = 0

    def begin(self) -> None:
        self.start = self._read

    def exactly(self, length: int) -> bytes:
        data = self.at_most(length)
        if len(data) < length:
            raise self.damaged(cut=True)
        return data

    def at_most(self, length: int) -> bytes:
        try:
            data = self._stream.read(length)
        except EOFError:  # gzip: the compressed data ends in the middle
            raise self.damaged(cut=True) from None
        except (OSError, zlib.error) as error:  # gzip: wrong checksum or no deflate data; a disk that fails
            raise self.damaged(cut=False) from error
        self._read += len(data)
        return data

    def damaged(self, *, cut: bool = False) -> DamagedError:
        return DamagedError(self.start, self.packets, cut=cut)


def records(stream: BinaryIO) -> Iterator[Record]:
    """Every packet of a pcap or pcapng stream, of any link type. Raises DamagedError after the last whole packet."""
    source = _Input(stream)
    magic = source.exactly(4)
    packets = _pcapng(source, magic) if magic == PCAPNG_MAGIC else _classic(source, magic)
    for record in packets:
        source.packets += 1
        yield record


def opens_at_once(head: bytes) -> bool:
    """Whether libpcap can open the file with these first bytes alone: for pcapng it reads up to the first interface."""
    if head[:4] in _CLASSIC:
        return len(head) >= 24
    order = ">" if head[8:12] == _BIG else "<"
    try:
        (section,) = struct.unpack_from(order + "I", head, 4)
        kind, length = struct.unpack_from(order + "II", head, section)
    except struct.error:
        return False
    return bool(kind == _INTERFACE and section + length <= len(head))


def _classic(source: _Input, magic: bytes) -> Iterator[Record]:
    if magic not in _CLASSIC:
        raise source.damaged()
    order, units, header_length = _CLASSIC[magic]
    major, _minor, _zone, _digits, snap, link = struct.unpack(order + "HHiIII", source.exactly(20))
    if major != 2:
        raise source.damaged()
    link, snap = _link(link & 0x03FFFFFF), _snap(snap)
    while True:
        source.begin()
        header = source.at_most(header_length)
        if not header:
            return
        if len(header) < header_length:
            raise source.damaged(cut=True)
        seconds, fraction, length, _original = struct.unpack_from(order + "IIII", header)
        if length > LONGEST_PACKET:
            raise source.damaged()
        data = source.exactly(length)
        yield Record(link, seconds * 10**9 + fraction * 10**6 // units * 1000, data[:snap])


class _Interface(NamedTuple):
    link: int
    snap: int
    units: int  # in a second
    offset: int  # seconds


class _Section:
    """A pcapng section: its byte order and interfaces."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.interfaces: list[_Interface] = []

    def packet(self, kind: int, body: bytes) -> Record | None:
        """The packet in a block, None for a block without one. Raises struct.error or IndexError for a block that lies."""
        if kind == _INTERFACE:
            self.interfaces.append(_interface(self.order, body))
        elif kind == _PACKET:
            index, high, low, length, _original = struct.unpack_from(self.order + "IIIII", body)
            return self._timed(index, high << 32 | low, body, length)
        elif kind == _OLD_PACKET:
            index, _drops, high, low, length, _original = struct.unpack_from(self.order + "HHIIII", body)
            return self._timed(index, high << 32 | low, body, length)
        elif kind == _SIMPLE_PACKET:
            (original,) = struct.unpack_from(self.order + "I", body)
            # A simple packet has no time and no length of its own: libpcap takes tick 0 and cuts the padding off by the original length.
            return self._record(0, 0, body[4 : 4 + original])
        return None

    def _timed(self, index: int, ticks: int, body: bytes, length: int) -> Record:
        start = 20  # both kinds of packet block with a time have a header of this length
        if length > len(body) - start or length > LONGEST_PACKET:
            raise IndexError
        return self._record(index, ticks, body[start : start + length])

    def _record(self, index: int, ticks: int, data: bytes) -> Record:
        face = self.interfaces[index]
        seconds, rest = divmod(ticks, face.units)
        # libpcap hands seconds over in 32 bits; the same here keeps times of hostile files within a database's integers.
        seconds = (seconds + face.offset) & 0xFFFFFFFF
        return Record(face.link, seconds * 10**9 + rest * 10**6 // face.units * 1000, data[: face.snap], index)


def _pcapng(source: _Input, magic: bytes) -> Iterator[Record]:
    section = _Section("<")
    header = magic + source.exactly(4)
    while header:
        opening = b""
        if header[:4] == PCAPNG_MAGIC:
            opening = source.exactly(4)
            section = _Section(_byte_order(source, opening))
        kind, length = struct.unpack(section.order + "II", header)
        if not 12 + len(opening) <= length <= LONGEST_BLOCK or length % 4:
            raise source.damaged()
        body = opening + source.exactly(length - 8 - len(opening))
        record = _block(source, section, kind, body, header[4:])
        if record is not None:
            yield record
        source.begin()
        header = source.at_most(8)
        if 0 < len(header) < 8:
            raise source.damaged(cut=True)


def _block(source: _Input, section: _Section, kind: int, body: bytes, length: bytes) -> Record | None:
    if body[-4:] != length:  # the length stands at both ends of a block
        raise source.damaged()
    try:
        return section.packet(kind, body[:-4])
    except (struct.error, IndexError):
        raise source.damaged() from None


def _byte_order(source: _Input, magic: bytes) -> str:
    if magic == _LITTLE:
        return "<"
    if magic == _BIG:
        return ">"
    raise source.damaged()


def _interface(order: str, body: bytes) -> _Interface:
    link, _reserved, snap = struct.unpack_from(order + "HHI", body)
    units, offset = 10**6, 0
    at = 8
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4 : at + 4 + length]
        if code == 0:
            break
        if code == _OPTION_RESOLUTION:
            units = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
        elif code == _OPTION_OFFSET:
            (offset,) = struct.unpack_from(order + "q", value)
        at += 4 + (length + 3) // 4 * 4
    return _Interface(_link(link), _snap(snap), units, offset)


def _link(linktype: int) -> int:
    return _DLT_RAW if linktype == _LINKTYPE_RAW else linktype


def _snap(length: int) -> int:
    return length if 0 < length <= LONGEST_PACKET else LONGEST_PACKET
