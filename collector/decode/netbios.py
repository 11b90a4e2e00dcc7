"""NetBIOS names on the wire (RFC 1001 §14, RFC 1002 §4.1): sixteen bytes, the last of which says what the name is for."""

from __future__ import annotations

from collector.decode.wire import clean

_ENCODED = 32
_FIRST = 0x41  # each half byte is sent as a letter from A to P


def decoded(label: bytes) -> tuple[str, int] | None:
    """`(name, suffix)` of a first-level encoded label; None for another length or letter. Padding and the browsers' 01 02 marks go."""
    if len(label) != _ENCODED or any(not _FIRST <= letter < _FIRST + 16 for letter in label):
        return None
    return split(bytes((label[at] - _FIRST) << 4 | label[at + 1] - _FIRST for at in range(0, _ENCODED, 2)))


def split(raw: bytes) -> tuple[str, int]:
    """`(name, suffix)` of the sixteen bytes of a name. [MS-NBTE] §2.2.1 pads with spaces, some programs with zeros."""
    return clean(raw[:15].rstrip(b" \0").strip(b"\x01\x02")), raw[15]
