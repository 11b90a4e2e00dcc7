"""IPv6 headers and their extension headers (RFC 8200)."""

from __future__ import annotations

from collector.decode.error import DecodeError
from collector.decode.ipv4 import NO_PROTOCOL

_MAX_HEADERS = 8
_FRAGMENT = 44
_AUTHENTICATION = 51
# Hop-by-hop, routing, destination options, mobility, HIP, shim6: next header, then length in eights beyond the first.
_OPTIONS = frozenset({0, 43, 60, 135, 139, 140})


def read(data: bytes, start: int, end: int) -> tuple[int, int, int, bool]:
    """`(protocol, payload start, payload end, is a fragment)`, extension headers stepped over; at most eight of them."""
    if start + 40 > end:
        raise DecodeError("IPv6 header is cut")
    if data[start] >> 4 != 6:
        raise DecodeError("not an IPv6 header")
    length = data[start + 4] << 8 | data[start + 5]
    # Length 0 is a jumbogram (RFC 2675) or a segment the sender's card has still to cut.
    end = min(end, start + 40 + length) if length else end
    protocol, body = data[start + 6], start + 40
    if protocol not in _OPTIONS and protocol not in (_FRAGMENT, _AUTHENTICATION):
        return protocol, body, end, False
    return _extended(data, protocol, body, end)


def _extended(data: bytes, protocol: int, body: int, end: int) -> tuple[int, int, int, bool]:
    fragment = False
    for _ in range(_MAX_HEADERS):
        if protocol not in _OPTIONS and protocol not in (_FRAGMENT, _AUTHENTICATION):
            return protocol, body, end, fragment
        if body + 8 > end:
            raise DecodeError("IPv6 extension header is cut")
        following, length = data[body], (data[body + 1] + 1) * 8
        if protocol == _FRAGMENT:
            fragment, length = True, 8
            if (data[body + 2] << 8 | data[body + 3]) & 0xFFF8:
                return NO_PROTOCOL, body, end, True
        elif protocol == _AUTHENTICATION:
            length = (data[body + 1] + 2) * 4
        protocol, body = following, body + length
        if body > end:
            raise DecodeError("IPv6 extension header is cut")
    raise DecodeError("more than eight IPv6 extension headers")
