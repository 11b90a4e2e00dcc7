"""Whole messages of text in a WebSocket, as far as they came (RFC 6455 §5.2)."""

from __future__ import annotations

from collections.abc import Iterator

TEXT = 0x81  # a whole message of text


def messages(data: bytes) -> Iterator[bytes | None]:
    """The texts of the frames, unmasked with the key that each carries; None for one that did not all come."""
    while data[:1] == bytes([TEXT]):
        size, start = data[1] & 0x7F if len(data) > 1 else 0, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start])
        key = data[start : start + 4] if len(data) > 1 and data[1] & 0x80 else b""
        start += len(key)
        if len(data) < start + size or len(data) < 2:
            yield None
            return
        yield _unmasked(data[start : start + size], key)
        data = data[start + size :]


def _unmasked(text: bytes, key: bytes) -> bytes:
    """One long number of the key, so that a message costs no step a byte."""
    if not key:
        return text
    mask = (key * (len(text) // 4 + 1))[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(mask)).to_bytes(len(text))
