"""Short messages as a GSM modem takes them: SMS-SUBMIT of 3GPP TS 23.040 in the alphabets of TS 23.038."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# TS 23.038 §6.2.1: a letter's place is its code. 0x1B leads to the second table.
_BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
_ESCAPE = 0x1B
_CODES = {letter: (code,) for code, letter in enumerate(_BASIC) if code != _ESCAPE} | {
    letter: (_ESCAPE, code)
    for letter, code in {"^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65}.items()
}  # fmt: skip
# What our own sentences hold beyond it.
_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "·": "-", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "↔": "<>", "≤": "<=", "≥": ">=", "×": "x"}
)  # fmt: skip

# In one message, and in each of several once the header that joins them took its six octets (seven septets).
_SEPTETS, _SEPTETS_JOINED = 160, 153
_UNITS, _UNITS_JOINED = 70, 67
# TS 23.040 §9.2.3.12.1: 167 stands for 24 hours. An alert that comes later than that would only confuse.
_ONE_DAY = 167
_SUBMIT_WITH_VALIDITY, _HAS_HEADER = 0x11, 0x40
_GSM7, _UCS2 = 0x00, 0x08


class Pdu(NamedTuple):
    """`hexadecimal` as the modem wants it, and `length` as AT+CMGS wants it: octets without the service centre's."""

    hexadecimal: str
    length: int


def unaccented(text: str) -> str:
    """`text` in the GSM alphabet: Vietnamese without its marks; what has no likeness becomes a question mark."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_PLAIN)) if not unicodedata.combining(c))
    return "".join(c if c in _CODES else "?" for c in bare.translate(_PLAIN))


def parts_of(text: str, *, accents: bool, most: int) -> list[str]:
    """`text` in at most `most` messages, the last cut with "..."; without `accents` in the GSM alphabet (160 letters, not 70)."""
    said = unicodedata.normalize("NFC", text) if accents else unaccented(text)
    whole, joined = (_UNITS, _UNITS_JOINED) if accents else (_SEPTETS, _SEPTETS_JOINED)
    parts = _filled(said, whole, accents)
    if len(parts) > 1 and most > 1:
        parts = _filled(said, joined, accents)
    if len(parts) <= most:
        return parts
    room = joined if most > 1 else whole
    return [*parts[: most - 1], _filled(parts[most - 1], room - 3, accents)[0] + "..."]


def submits(number: str, parts: list[str], *, accents: bool, message: str) -> list[Pdu]:
    """One SMS-SUBMIT a part; `number` is digits with or without `+`. The parts of `message` (its id) bear the same reference each time they are sent."""
    reference = hashlib.blake2s(message.encode(), digest_size=1).digest()[0]
    return [_submit(number, part, accents, _joint(reference, len(parts), place)) for place, part in enumerate(parts, 1)]


def _joint(reference: int, of: int, place: int) -> bytes:
    """The header that joins the parts of one message (TS 23.040 §9.2.3.24.1)."""
    return bytes((5, 0, 3, reference, of, place)) if of > 1 else b""


def _submit(number: str, part: str, accents: bool, header: bytes) -> Pdu:
    first = _SUBMIT_WITH_VALIDITY | (_HAS_HEADER if header else 0)
    length, data = _wide(part, header) if accents else _packed(part, header)
    coding = _UCS2 if accents else _GSM7
    submit = bytes((first, 0)) + _address(number) + bytes((0, coding, _ONE_DAY, length)) + data
    # A service centre of no length: the one on the card.
    return Pdu("00" + submit.hex().upper(), len(submit))


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    kind = 0x91 if number.startswith("+") else 0x81
    padded = digits + "F" * (len(digits) % 2)
    return bytes((len(digits), kind)) + bytes.fromhex("".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2)))


def _wide(part: str, header: bytes) -> tuple[int, bytes]:
    data = header + part.encode("utf-16-be", errors="replace")
    return len(data), data


def _packed(part: str, header: bytes) -> tuple[int, bytes]:
    """Seven bits a letter, the lowest first; the letters begin at a multiple of seven bits behind the header."""
    septets = -(-len(header) * 8 // 7)
    bits = 0
    codes = [code for letter in part for code in _CODES[letter]]
    for place, code in enumerate(codes, septets):
        bits |= code << (7 * place)
    bits |= int.from_bytes(header, "little")
    length = septets + len(codes)
    return length, bits.to_bytes(-(-length * 7 // 8), "little")


def _filled(text: str, room: int, accents: bool) -> list[str]:
    """Pieces that need at most `room` units each; no letter is parted in two."""
    pieces = [""]
    left = room
    for letter, size in _sized(text, accents):
        if size > left:
            pieces.append("")
            left = room
        pieces[-1] += letter
        left -= size
    return pieces


def _sized(text: Iterable[str], accents: bool) -> Iterator[tuple[str, int]]:
    for letter in text:
        yield letter, (2 if ord(letter) > 0xFFFF else 1) if accents else len(_CODES[letter])
