"""IPv4 headers (RFC 791): where the payload is, and who may be believed about the sender."""

from __future__ import annotations

from collector.decode.error import DecodeError

# IANA keeps 255 unassigned: no decoder asks for it, so a later fragment reaches none.
NO_PROTOCOL = 255


def read(data: bytes, start: int, end: int) -> tuple[int, int, int, bool]:
    """`(protocol, payload start, payload end, is a fragment)`; only a first fragment has a payload anyone can read."""
    if start + 20 > end:
        raise DecodeError("IPv4 header is cut")
    first = data[start]
    body = start + (first & 0x0F) * 4
    if first >> 4 != 4 or body < start + 20 or body > end:
        raise DecodeError("not an IPv4 header")
    total = data[start + 2] << 8 | data[start + 3]
    # Total length 0 is what a capture on the sending host shows when the card cuts the segments itself.
    if total and start + total < body:
        raise DecodeError("IPv4 total length below its header")
    end = min(end, start + total) if total else end
    flags = data[start + 6] << 8 | data[start + 7]
    if flags & 0x1FFF:
        return NO_PROTOCOL, body, end, True
    return data[start + 9], body, end, bool(flags & 0x2000)
