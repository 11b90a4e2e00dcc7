"""Frames as a pcap file (draft-ietf-opsawg-pcap), times in nanoseconds."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from collector.sealing.ring import Frame
from model.times import SECOND

_NANOSECONDS = 0xA1B23C4D
_SNAP = 262_144
# libpcap's number for raw IP is another in files than on Linux (pcap/dlt.h).
_IN_FILES = {12: 101, 14: 101}


def pcap(link: int, frames: Iterable[Frame]) -> bytes:
    """The file of these frames; `link` as libpcap gives it."""
    records = [struct.pack("<IIII", frame.at // SECOND, frame.at % SECOND, len(frame.data), len(frame.data)) + frame.data for frame in frames]
    return struct.pack("<IHHiIII", _NANOSECONDS, 2, 4, 0, 0, _SNAP, _IN_FILES.get(link, link)) + b"".join(records)
