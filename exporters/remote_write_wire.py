"""Prometheus remote write 1.0 on the wire: a protobuf WriteRequest, compressed by snappy's block format.

https://prometheus.io/docs/specs/prw/remote_write_spec/
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import cramjam

# Wire types of protobuf: length-delimited, 64 bits, varint; each with its field's number in front.
_SERIES, _LABELS, _SAMPLES, _NAME, _VALUE = 0x0A, 0x0A, 0x12, 0x0A, 0x12
_SAMPLE_VALUE, _SAMPLE_AT = 0x09, 0x10


class Sample(NamedTuple):
    """One sample: metric name, labels, value."""

    name: str
    labels: Mapping[str, str]
    value: float


def write_request(samples: Iterable[Sample], at: int) -> bytes:
    """The body of one request; `at` in ns since the epoch, cut to milliseconds."""
    moment = at // 1_000_000
    return bytes(cramjam.snappy.compress_raw(b"".join(_field(_SERIES, _series(sample, moment)) for sample in samples)))


def _series(sample: Sample, moment: int) -> bytes:
    # The receiver wants labels sorted by name; two samples of one series would be refused.
    labels = sorted({**sample.labels, "__name__": sample.name}.items())
    named = b"".join(_field(_LABELS, _field(_NAME, name.encode()) + _field(_VALUE, value.encode())) for name, value in labels)
    return named + _field(_SAMPLES, bytes([_SAMPLE_VALUE]) + struct.pack("<d", sample.value) + bytes([_SAMPLE_AT]) + _varint(moment))


def _field(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
