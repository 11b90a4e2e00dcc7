"""The old Vietnamese encodings that some portals still answer in, written by us so that pages can be served in their bytes."""

from __future__ import annotations

import unicodedata

# TCVN 5712:1993 (VN3, "ABC"): lower-case letters; capitals with tone marks had a font of their own and are written here as lower-case.
_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "b5b6b7b8b9 a8 bbbcbdbec6 a9 c7c8c9cacb ccce cfd0d1 aa d2d3d4d5d6 d7d8dcdd de dfe1e2e3e4 ab e5e6e7e8e9 ac eaebecedee eff1f2f3f4 ad f5f6f7f8f9"
            "fafbfcfdfe ae a1a2a3a4a5a6a7"
        ),
        strict=True,
    )
)
# Windows-1258 has the marks as letters of their own, behind the letter they belong to.
_MARKS = {"\u0300": 0xCC, "\u0309": 0xD2, "\u0303": 0xDE, "\u0301": 0xEC, "\u0323": 0xF2}
_WHOLE = {"ă", "â", "ê", "ô", "ơ", "ư", "đ", "Ă", "Â", "Ê", "Ô", "Ơ", "Ư", "Đ"}


def turned(text: str, into: str) -> bytes:
    """`text` in the bytes of `windows-1258`, `tcvn3`, `utf-16` (with its mark) or `broken` UTF-8."""
    if into == "tcvn3":
        return b"".join(_tcvn3(letter) for letter in unicodedata.normalize("NFC", text))
    if into == "windows-1258":
        return b"".join(_windows(letter) for letter in unicodedata.normalize("NFC", text))
    if into == "utf-16":
        return text.encode("utf-16")
    return _broken(text.encode())


def _tcvn3(letter: str) -> bytes:
    found = _TCVN3.get(letter, _TCVN3.get(letter.lower()))
    return bytes([found]) if found is not None else letter.encode("ascii", "replace")


def _windows(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    mark = next((part for part in parts if part in _MARKS), "")
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part != mark))
    body = plain.encode("cp1258", "replace") if plain in _WHOLE or len(plain) == 1 else b"?"
    return body + (bytes([_MARKS[mark]]) if mark else b"")


def _broken(text: bytes) -> bytes:
    """Every fortieth letter of more than one byte loses its last: what a cut by bytes leaves."""
    seen = 0
    kept = bytearray()
    for n, byte in enumerate(text):
        ends = 0x80 <= byte < 0xC0 and (n + 1 == len(text) or not 0x80 <= text[n + 1] < 0xC0)
        seen += ends
        if not (ends and seen % 40 == 0):
            kept.append(byte)
    return bytes(kept)
