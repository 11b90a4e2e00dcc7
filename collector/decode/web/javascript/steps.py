"""The ways in which a script can make a text, as bits, so that every text carries its own."""

from __future__ import annotations

CONCAT, ESCAPES, SLICE, SPLIT, JOIN, REPLACE, REVERSE, PARSE, ARRAY, CHARCODE, XOR, UNESCAPE, DECODE_URI, ATOB, PACKER, TYPES, EVAL, FUNCTION, CASE = (
    1 << bit for bit in range(19)
)
NAMES = (
    "concat", "escapes", "slice", "split", "join", "replace", "reverse", "parseInt", "array", "fromCharCode", "xor", "unescape", "decodeURIComponent",
    "atob", "packer", "types", "eval", "Function", "case",
)  # fmt: skip

# A text made by one of these was hidden from a reader. Joining, cutting and replacing pieces is what every script does.
HIDING = REVERSE | CHARCODE | XOR | UNESCAPE | ATOB | PACKER | TYPES
RUNNING = EVAL | FUNCTION


def told(steps: int) -> str:
    """The steps in words, in a fixed order, joined by commas."""
    return ", ".join(name for bit, name in enumerate(NAMES) if steps >> bit & 1)
