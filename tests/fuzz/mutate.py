"""Random edits of a seed, for the short turn that the tests take; the long one is guided by what inputs reach (run.py)."""

from __future__ import annotations

import random

EDGES = (0, 1, 2, 4, 0x0C, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFE, 0xFF)


def mutate(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """A few edits: bits, edge bytes, pieces cut, doubled or taken from another seed, runs, and now and then a very long tail."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(out) + 1)
        size = min(dice.choice((1, 2, 4, 16, 64)), len(out) - at)
        match dice.randrange(8):
            case 0 if out:
                out[at % len(out)] ^= 1 << dice.randrange(8)
            case 1 | 2 if out:
                out[at % len(out)] = dice.choice(EDGES)
            case 3:
                del out[at : at + size]
            case 4:
                out[at:at] = out[at : at + size] * dice.choice((1, 2, 30))
            case 5:
                out[at : at + size] = other[at % (len(other) + 1) :][:64]
            case 6:
                del out[at:]
            case 7 if dice.random() < 0.05:
                out += bytes([dice.choice(EDGES), dice.choice(EDGES)]) * dice.choice((100, 5000, 30000))
    return bytes(out[:262_144])
