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
    return _majority(mixed & ((1 << _LANE * count) - 1), count), len(words)


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) & 0xFFFFFFFFFFFFFFFF).bit_count()


def _majority(lanes: int, count: int) -> int:
    """Each of the 64 bits as most of the lanes have it, as a signed number.

    The lanes are counted all at once: one half is added to the other, bit by bit of the sums, until one lane of sums is left.
    """
    sums = [lanes]
    width = _LANE << (count - 1).bit_length()
    while width > _LANE:
        width >>= 1
        sums = _added(sums, width)
    return _over(sums, count // 2)


def _added(sums: list[int], width: int) -> list[int]:
    """The upper half of the lanes added to the lower `width` bits; `sums` and the result from the lowest bit of all sums up."""
    mask = (1 << width) - 1
    made, carry = [], 0
    for plane in sums:
        low, high = plane & mask, plane >> width
        differ = low ^ high
        made.append(differ ^ carry)
        carry = low & high | differ & carry
    return [*made, carry]


def _over(sums: list[int], most: int) -> int:
    """Which of the 64 sums are above `most`, as the bits of a signed number."""
    over, same = 0, (1 << _LANE) - 1
    for place in range(len(sums) - 1, -1, -1):
        if most >> place & 1:
            same &= sums[place]
        else:
            over |= same & sums[place]
            same &= ~sums[place]
    return over - (1 << _LANE) if over >> (_LANE - 1) else over
