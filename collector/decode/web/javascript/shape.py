"""What a script looks like, without reading it: names and payloads as obfuscators make them, words of ways on."""

from __future__ import annotations

import re

_HEX_NAME = re.compile(r"\b_0x[0-9a-f]{3,8}\b")
_MANY_HEX_NAMES = 12
_STRING_ARRAY = re.compile(r"\[\s*(?:'[^'\n]{0,400}'|\"[^\"\n]{0,400}\")\s*(?:,\s*(?:'[^'\n]{0,400}'|\"[^\"\n]{0,400}\")\s*){4,}", re.ASCII)
_SINK = re.compile(
    r"location|\.open\b|\.write|createElement|\beval\b|\bFunction\b|\.submit|innerHTML|outerHTML|insertAdjacent|\.href|\.src\b|setTimeout|append|\.html\b"
    r"|import|serviceWorker|getScript|requestPermission|\\x|\['"
)
# JSFuck and its like: nothing but signs.
_SIGNS = re.compile(r"[\[\]()!+{}$_=:.,;\"'\\/~\d\s-]{400,}\Z")


def is_obfuscated(source: str) -> bool:
    """Whether an obfuscator wrote it: hex names over a list of texts, or signs alone."""
    if "_0x" in source:
        names = _HEX_NAME.findall(source[:262_144])
        if len(names) >= _MANY_HEX_NAMES and len(set(names)) > 3 and _STRING_ARRAY.search(source[:262_144]):
            return True
    return len(source) < 1_000_000 and _SIGNS.match(source) is not None and "(" in source


def holds_sink(text: str) -> bool:
    """Whether a function's text has any word by which a visitor is sent on or code is loaded."""
    return _SINK.search(text) is not None
