"""Reads what tcpdump recorded and writes small pcap and pcapng files whose bytes depend on the frames alone."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ETHERNET = 1
_PCAP_FILE = struct.Struct("<IHHiIII")
_PCAP_FRAME = struct.Struct("<IIII")


@dataclass(frozen=True)
class Frame:
    """A frame as heard: `at` in microseconds since 1970 UTC, `leg` the index of the interface."""

    at: int
    data: bytes
    leg: int = 0

    def moved(self, at: int) -> Frame:
        """The same frame at another time."""
        return replace(self, at=at)


def read(file: Path, leg: int = 0) -> Iterator[Frame]:
    """The frames of a pcap file written by tcpdump on this machine (little endian, microseconds)."""
    data = file.read_bytes()
    place = _PCAP_FILE.size
    while place < len(data):
        seconds, micro, kept, _ = _PCAP_FRAME.unpack_from(data, place)
        place += _PCAP_FRAME.size + kept
        yield Frame(seconds * 1_000_000 + micro, data[place - kept : place], leg)


def without_fetches_of(words: bytes, frames: Sequence[Frame]) -> list[Frame]:
    """The frames less those TCP conversations (IPv4, no options) in which `words` are sent: bulky and without meaning."""
    dropped = {_conversation(frame.data) for frame in frames if words in frame.data}
    return [frame for frame in frames if _conversation(frame.data) is None or _conversation(frame.data) not in dropped]


def write_pcap(file: Path, frames: Iterable[Frame]) -> None:
    """One interface, Ethernet, microseconds."""
    out = [_PCAP_FILE.pack(0xA1B2C3D4, 2, 4, 0, 0, 262_144, ETHERNET)]
    for frame in frames:
        out.append(_PCAP_FRAME.pack(*divmod(frame.at, 1_000_000), len(frame.data), len(frame.data)))
        out.append(frame.data)
    file.write_bytes(b"".join(out))


def write_pcapng(file: Path, legs: Sequence[str], frames: Iterable[Frame]) -> None:
    """Several Ethernet interfaces named `legs`, microseconds; gzip without a time stamp if the name ends in .gz."""
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    blocks += [_block(1, struct.pack("<HHI", ETHERNET, 0, 262_144) + _option(2, leg.encode()) + bytes(4)) for leg in legs]
    for frame in frames:
        high, low = divmod(frame.at, 1 << 32)
        head = struct.pack("<IIIII", frame.leg, high, low, len(frame.data), len(frame.data))
        blocks.append(_block(6, head + _padded(frame.data)))
    data = b"".join(blocks)
    file.write_bytes(gzip.compress(data, 9, mtime=0) if file.suffix == ".gz" else data)


def _conversation(data: bytes) -> frozenset[bytes] | None:
    if data[12:15] != b"\x08\x00\x45" or data[23] != 6:
        return None
    return frozenset((data[26:30] + data[34:36], data[30:34] + data[36:38]))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size
