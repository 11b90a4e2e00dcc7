"""A fingerprint of a text: 64 bits, of which few differ between texts that share most of their words (Charikar's simhash over word triples).

Written on whole numbers of thousands of digits, one lane of 64 bits a word, so that the loops run inside the interpreter: some five times as fast as
the same word by word.
"""

from __future__ import annotations

from array import array
from typing import Literal
from zlib import crc32

# Words beyond these change no fingerprint: a page's text is told well before.
MOST_WORDS = 4096
_LANE = 64
# Odd constants that spread 32 bits over 64; one for each place in the triple, so that order counts.
# Below 2**30, one digit of Python's whole numbers.
_FIRST, _SECOND, _THIRD = 0x1E3779B1, 0x25EBCA77, 0x32B2AE3D
_ORDER: Literal["little", "big"] = "little" if array("H", [1]).tobytes()[0] else "big"


def simhash(text: str) -> tuple[int, int]:
    """The text's fingerprint as a signed 64-bit number (0 for no words), and how many words it has."""
    # "surrogatepass": a lone half of a pair is a letter like any other here.
    words = text.lower().encode("utf-8", "surrogatepass").split()
    lanes = words[:MOST_WORDS]
    if not lanes:
        return 0, 0
    count = len(lanes)
    sums = array("Q", map(crc32, lanes))
    row = int.from_bytes(sums.tobytes(), _ORDER)
    mixed = (row * _FIRST) ^ ((row >> _LANE) * _SECOND) ^ ((row >> 2 * _LANE) * _THIRD)
    return _majority(mixed.to_bytes(8 * count + 8, "little")[: 8 * count], count), len(words)


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) & 0xFFFFFFFFFFFFFFFF).bit_count()


def _majority(lanes: bytes, count: int) -> int:
    """Each of the 64 bits as most of the lanes have it, as a signed number."""
    ones = int.from_bytes(b"\x01" * count, "little")
    bits = 0
    for byte in range(8):
        column = int.from_bytes(lanes[byte::8], "little")
        for bit in range(8):
            if 2 * (column >> bit & ones).bit_count() > count:
                bits |= 1 << (8 * byte + bit)
    return bits - (1 << 64) if bits >> 63 else bits
