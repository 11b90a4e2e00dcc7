"""How much of an answer is taken: bytes, inflated bytes, seconds."""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

KIB: Final = 1024
MIB: Final = 1024 * 1024

# Documents, and packed sitemaps, of which a portal may have long ones.
_DOCUMENTS: Final = frozenset({"application/pdf", "application/gzip", "application/x-gzip"})


class Limits(NamedTuple):
    """Bounds of one exchange. Bytes of body by kind of content (as sent, and again inflated); seconds to connect, without a byte, and in all.

    `ratio`: an inflated size this many times what was sent is a bomb, once past `ratio_from` bytes. `hops`: of one look; `looking`: its seconds on the
    line, waiting for its turn not counted.
    """

    page: int = 2 * MIB
    pdf: int = 5 * MIB
    other: int = 64 * KIB
    moved: int = 64 * KIB
    ratio: int = 150
    ratio_from: int = 512 * KIB
    line: int = 32 * KIB
    headers: int = 128
    connect: float = 6.0
    idle: float = 10.0
    exchange: float = 20.0
    looking: float = 45.0
    hops: int = 10

    def body(self, status: int, content_type: str) -> int:
        """The most bytes taken of a body."""
        if 300 <= status < 400:
            return self.moved
        kind = content_type.partition(";")[0].strip().lower()
        if kind in _DOCUMENTS:
            return self.pdf
        # Servers call anything a stream of octets, packed sitemaps among it.
        return self.page if is_text(kind) or kind == "application/octet-stream" else self.other


def is_text(kind: str) -> bool:
    """Whether a browser could show a body of this media type (lower-case, without parameters) as a page, or run it; empty: nobody says."""
    return kind in ("", "application/json", "application/javascript", "application/x-javascript") or kind.startswith("text/") or "xml" in kind


class Kept:
    """The body as it comes in: what was sent and what it inflates to, each up to `most` bytes."""

    def __init__(self, encoding: str, most: int, limits: Limits) -> None:
        self._most, self._limits = most, limits
        self._sent, self._plain = bytearray(), bytearray()
        self._codings = [coding for coding in (part.strip().lower() for part in encoding.split(",")) if coding not in ("", "identity")]
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 32) if self._inflates else None
        self.fault = ""

    @property
    def _inflates(self) -> bool:
        return len(self._codings) == 1 and self._codings[0] in ("gzip", "x-gzip", "deflate")

    @property
    def sent(self) -> bytes:
        """As it came over the line, without transfer coding."""
        return bytes(self._sent)

    @property
    def plain(self) -> bytes:
        """Inflated; the same as `sent` where nothing was packed, empty where it is packed in a way nobody asked for."""
        return bytes(self._plain) if self._inflater else b"" if self._codings else bytes(self._sent)

    def take(self, chunk: bytes) -> bool:
        """Takes some more; False when it is enough (`fault` says why: `too_large`, `bomb`, `packing`)."""
        room = self._most - len(self._sent)
        self._sent += chunk[:room]
        if len(chunk) > room:
            self.fault = "too_large"
        if self._inflater is not None:
            self._inflate(chunk[:room])
        elif self._codings:
            self.fault = self.fault or "packing"
        return not self.fault

    def _inflate(self, chunk: bytes) -> None:
        inflater = self._inflater
        if inflater is None or inflater.eof:
            return
        try:
            self._plain += inflater.decompress(chunk, self._most - len(self._plain) + 1)
        except zlib.error:
            self._again(chunk)
            return
        # What was sent and not needed for this much does not make the packing any better.
        needed = len(self._sent) - len(inflater.unconsumed_tail)
        if len(self._plain) > self._limits.ratio_from and len(self._plain) > self._limits.ratio * needed:
            self.fault = "bomb"
        elif len(self._plain) > self._most:
            self.fault = "too_large"
        del self._plain[self._most :]

    def _again(self, chunk: bytes) -> None:
        """`deflate` means zlib's format, and some servers send the bare one; browsers take both."""
        if self._codings[0] == "deflate" and not self._plain and len(self._sent) == len(chunk):
            self._codings[0] = "raw"
            self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            self._inflate(chunk)
        else:
            self.fault = "packing"
