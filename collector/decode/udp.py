"""UDP headers (RFC 768)."""

from __future__ import annotations

from collector.decode.error import DecodeError

PROTOCOL = 17


def read(data: bytes, start: int, end: int) -> tuple[int, int, int, int]:
    """`(source port, destination port, payload start, payload end)`; a cut datagram keeps what was captured."""
    body = start + 8
    if body > end:
        raise DecodeError("UDP header is cut")
    length = data[start + 4] << 8 | data[start + 5]
    if length >= 8:
        end = min(end, start + length)
    elif length:  # 0 is a jumbogram (RFC 2675 §4)
        raise DecodeError("UDP length below its header")
    return data[start] << 8 | data[start + 1], data[start + 2] << 8 | data[start + 3], body, end
