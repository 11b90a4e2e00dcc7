"""Bytes of a page into text, as a browser of a Vietnamese reader would show them."""

from __future__ import annotations

import re
import unicodedata

from collector.decode.web.legacy import mend

# Labels of the encoding standard that are met, and Python's codec for each. Only these: some codecs of Python are no encodings of text.
_UTF8, _WESTERN, _VIETNAMESE = "utf-8", "cp1252", "cp1258"
_CODECS: dict[str, str] = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"), _UTF8),
    **dict.fromkeys(("utf-16", "utf-16le", "unicode", "ucs-2", "csunicode"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    **dict.fromkeys(("windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "ascii", "us-ascii", "x-cp1252"), _WESTERN),
    **dict.fromkeys(("windows-1258", "cp1258", "x-cp1258"), _VIETNAMESE),
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1253, 1254, 1255, 1256, 1257)},
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("windows-874", "tis-620", "iso-8859-11"), "cp874"),
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "x-gbk", "chinese"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp"), "euc_jp"),
    "iso-2022-jp": "iso2022_jp",
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean", "windows-949"), "cp949"),
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
}
_MARKS = ((b"\xef\xbb\xbf", _UTF8), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})")
_PRESCAN = 4096
# More broken places than this a thousand bytes: the declared UTF-8 is none.
_BROKEN = 0.005
_COMBINING = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text and the encoding it was read as (Python's name, `tcvn3` or `vni`). Never raises; what cannot be read is U+FFFD."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _mended(body[len(mark) :].decode(codec, "replace"), codec)
    declared = _declared(body, content_type)
    if declared in ("", _UTF8):
        return _mended(*_as_utf8(body, declared=bool(declared)))
    # A page that declares a Western encoding and is UTF-8 nevertheless is common; the reverse chance is nil.
    if declared in (_WESTERN, _VIETNAMESE) and not body.isascii() and (text := _strictly(body)) is not None:
        return _mended(text, _UTF8)
    return _mended(_composed(body.decode(declared, "replace"), declared), declared)


def _declared(body: bytes, content_type: str) -> str:
    """The codec that header or markup name, empty for none that is known."""
    head = body[:_PRESCAN]
    named = [
        *_HEADER.findall(content_type[:1024])[:1],
        *[found[1].decode("ascii", "replace") for pattern in (_META, _XML) if (found := pattern.search(head))],
    ]
    for place, name in enumerate(named):
        codec = _CODECS.get(name.lower(), "")
        if codec:
            # A page that can say in ASCII that it is UTF-16 is not.
            return _UTF8 if codec.startswith("utf-16") and (place or not content_type) else codec
    return ""


def _as_utf8(body: bytes, *, declared: bool) -> tuple[str, str]:
    """UTF-8 with replacements; as an older encoding where it is plainly not UTF-8."""
    text = _strictly(body)
    if text is not None:
        return text, _UTF8
    text = body.decode(_UTF8, "replace")
    if declared and text.count("\ufffd") <= max(3, _BROKEN * len(body)):
        return text, _UTF8
    western, font = mend(body.decode("latin-1"))
    if font:
        return western, font
    vietnamese = _composed(body.decode(_VIETNAMESE, "replace"), _VIETNAMESE)
    # In windows-1258 tones are marks of their own, which compose with the vowel before them.
    if not declared or (vietnamese.count("\ufffd") < text.count("\ufffd") and not _COMBINING.search(vietnamese)):
        return vietnamese, _VIETNAMESE
    return text, _UTF8


def _strictly(body: bytes) -> str | None:
    try:
        return body.decode(_UTF8)
    except UnicodeDecodeError:
        return None


def _composed(text: str, codec: str) -> str:
    return unicodedata.normalize("NFC", text) if codec == _VIETNAMESE else text


def _mended(text: str, codec: str) -> tuple[str, str]:
    mended, font = mend(text) if not text.isascii() else (text, "")
    return mended, font or codec
