"""Vietnamese text of before Unicode: letters of the fonts TCVN3 (ABC) and VNI that were saved as if they were Western European ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # grave, hook, tilde, acute, dot below: the order of both tables


def _toned(base: str) -> list[str]:
    return [unicodedata.normalize("NFC", base + tone) for tone in _TONES]


# Codes of the five tones of each vowel, in the order of `_TONES`.
_TCVN3_VOWELS = {
    "a": "B5B6B7B8B9", "ă": "BBBCBDBEC6", "â": "C7C8C9CACB", "e": "CCCECFD0D1", "ê": "D2D3D4D5D6", "i": "D7D8DCDDDE", "o": "DFE1E2E3E4",
    "ô": "E5E6E7E8E9", "ơ": "EAEBECEDEE", "u": "EFF1F2F3F4", "ư": "F5F6F7F8F9", "y": "FAFBFCFDFE",
}  # fmt: skip
_TCVN3 = {
    **dict(zip(range(0xA1, 0xAF), "ĂÂÊÔƠƯĐăâêôơưđ", strict=True)),
    **{code: letter for base, codes in _TCVN3_VOWELS.items() for code, letter in zip(bytes.fromhex(codes), _toned(base), strict=True)},
}

# VNI writes a mark after the letter: tones on plain vowels, and tone and hat in one on a and e and o.
_VNI_TONES = dict(zip("øûõùï", _TONES, strict=True))
_VNI_HAT = dict(zip("àåãáä", ("\u0302" + tone for tone in _TONES), strict=True)) | {"â": "\u0302"}
_VNI_BREVE = dict(zip("èúüéë", ("\u0306" + tone for tone in _TONES), strict=True)) | {"ê": "\u0306"}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni() -> dict[str, str]:
    marks = {base: dict(_VNI_TONES) for base in "aeouyôö"}
    for base in "aeo":
        marks[base] |= _VNI_HAT
    marks["a"] |= _VNI_BREVE
    table = {base + mark: unicodedata.normalize("NFC", _VNI_ALONE.get(base, base) + tone) for base, row in marks.items() for mark, tone in row.items()}
    table |= _VNI_ALONE
    upper = {written.upper(): letter.upper() for written, letter in table.items()}
    mixed = {written[0].upper() + written[1:]: letter.upper() for written, letter in table.items() if len(written) > 1}
    return table | upper | mixed


_VNI = _vni()
_VNI_FORM = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

# Words that no longer Vietnamese text is without; none is of ASCII letters alone, so that other languages have none.
_COMMON_WORDS = (
    "và của các được không người là những với để có này đã một về cho từ thì đến tại theo năm ngày việc xã tỉnh huyện phố chính phủ công định quyết nhà nước "
    "nhân dân hội chủ thông tin quản lý hiện tổ chức sở ủy cơ quan số bộ điều luật đối thực trên dưới"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
# What gives either font away: a mark right after or before a letter where no Western language has it.
_TCVN3_TRACE = re.compile("[A-Za-z][µ¶·¸¹¨©ª«¬\u00ad®]|[®§][A-Za-z]")
_VNI_TRACE = re.compile("[aeouyôöAEOUYÔÖ][øûõùïØÛÕÙÏ]|[aeoAEO][âåãáäàÂÅÃÁÄÀ]")
# Letters with a hat or horn and a tone: only Unicode Vietnamese has them.
_UNICODE = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_PIECE = re.compile("([<>\n])")
_SAMPLE = 65536
# Letters one of which any text of that font has, and Unicode Vietnamese never: a look for single letters costs next to nothing.
_TCVN3_ONLY, _VNI_ONLY = "µ¸¹®«¬", "øûïöñåäëü"
# This share of common words among those with marks tells the language.
_LEAST = 0.04
_FEWEST = 4


def mend(text: str) -> tuple[str, str]:
    """The text with letters of an old font as Unicode, and the font's name (`tcvn3`, `vni`); as it came, with an empty name, where there are none."""
    for name, only, trace, turn in (("tcvn3", _TCVN3_ONLY, _TCVN3_TRACE, _from_tcvn3), ("vni", _VNI_ONLY, _VNI_TRACE, _from_vni)):
        if not any(letter in text for letter in only) or not trace.search(text):
            continue
        sample = text[:_SAMPLE] if trace.search(text, 0, _SAMPLE) else text
        if _share(turn(sample)) > max(_LEAST, 2 * _share(sample)):
            return turn(text), name
        if _UNICODE.search(text) and (mended := _piecewise(text, trace, turn)) != text:
            return mended, name
    return text, ""


def _share(text: str) -> float:
    """How many of a text's words are common Vietnamese ones; words of ASCII letters alone say nothing."""
    words = [word for word in _WORD.findall(text.lower()) if not word.isascii()]
    return sum(word in _COMMON for word in words) / len(words) if len(words) >= _FEWEST else 0.0


def _piecewise(text: str, trace: re.Pattern[str], turn: Callable[[str], str]) -> str:
    """Only what stands between tags and is of the old font: a page's menu is Unicode where its articles, pasted in, are not."""
    pieces = _PIECE.split(text)
    for place, piece in enumerate(pieces):
        if trace.search(piece) and not _UNICODE.search(piece) and _share(turned := turn(piece)) > _LEAST:
            pieces[place] = turned
    return "".join(pieces)


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    return _VNI_FORM.sub(lambda found: _VNI[found[0]], text)
