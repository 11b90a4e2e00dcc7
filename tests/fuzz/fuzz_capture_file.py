"""Hostile capture files: pcap and pcapng, plain and packed, by libpcap and by ourselves."""

import gzip
import io
import struct

from collector.captureerrors import CaptureError
from collector.capturefile import CaptureFile
from collector.capturerecords import LONGEST_PACKET, DamagedError, opens_at_once, records
from collector.decode.frame import LINKS
from tests.fuzz.fuzz_frame import SEEDS as FRAMES
from tests.fuzz.places import file

# Few, for all of them take half a second to compile.
CLAUSES = ("arp", "udp port 5353")


def _classic(order: str, magic: int, extra: bytes = b"") -> bytes:
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, 1)
    return head + b"".join(struct.pack(order + "IIII", 1_752_537_600, number, len(data), len(data)) + extra + data for number, data in enumerate(FRAMES[:3]))


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def _ng(*links: int) -> bytes:
    begun = _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    faces = b"".join(_block(1, struct.pack("<HHI", link, 0, 0) + b"\x09\x00\x01\x00\x09\0\0\0\0\0\0\0") for link in links)
    frame = FRAMES[0]
    said = b"".join(_block(6, struct.pack("<IIIII", number, 5, 6, len(frame), len(frame)) + frame) for number in range(len(links)))
    old = _block(2, struct.pack("<HHIIII", 0, 0, 5, 6, len(frame), len(frame)) + frame)
    return begun + faces + said + old + _block(3, struct.pack("<I", len(frame)) + frame)


PLAIN = (_classic("<", 0xA1B2C3D4), _classic(">", 0xA1B23C4D), _classic("<", 0xA1B2CD34, bytes(8)), _ng(1), _ng(1, 113), _ng(101, 147))
SEEDS = (*PLAIN, *(gzip.compress(data, mtime=0) for data in PLAIN[:4]))


def fuzz_one(data: bytes) -> None:
    _ourselves(data)
    first = _whole(data)
    assert first == _whole(data), "the same file gave something else"
    for link, packets in first[0]:
        assert link in LINKS
        assert packets
        assert all(0 <= at < 2**63 and len(frame) <= LONGEST_PACKET for at, frame in packets)


def _whole(data: bytes) -> tuple[list[tuple[int, list[tuple[int, bytes]]]], str]:
    given: list[tuple[int, list[tuple[int, bytes]]]] = []
    try:
        read = CaptureFile(file("capture", data), CLAUSES)
        given += read.batches()
    except CaptureError as error:
        return given, error.text.vi
    return given, ""


def _ourselves(data: bytes) -> None:
    opens_at_once(data)
    found, packets, offset = [], -1, 0
    try:
        found += records(io.BytesIO(data))
        packets = len(found)
    except DamagedError as damage:
        packets, offset = damage.packets, damage.offset
    assert packets >= 0
    assert 0 <= offset <= len(data)
    assert all(len(record.data) <= LONGEST_PACKET and 0 <= record.at < 2**63 for record in found)
