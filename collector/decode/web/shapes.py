"""Shapes of names that machines made: random words, hosts of many random labels, paths of doorway kits."""

from __future__ import annotations

import re

_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxz]{5,}", re.IGNORECASE)
# Abbreviations of offices are consonants too (`ubndtp`, `tthc`), but of letters that Vietnamese words begin with.
_RARE = re.compile("[fjwz]|q(?!u)|x[^aeiouy]", re.IGNORECASE)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
# Words written together have longer pieces (`HinhAnhHoatDong2019`).
_SHORT_PIECES = 2.3
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
# A page of the network that took over foreign names: `/123456`, `/123456/viewspace-123456.html`, `/AbCdE/12345.html`.
_KIT = re.compile(r"[hH][^/]{4,5}//[^/?#]+/(?:\d{5,7}(?:/viewspace-\d{4,8}\.html)?|[A-Za-z0-9]{5}/\d{5}\.html)/?(?:[?#]|\Z)")
_TEMPLATE = re.compile(r"\{\{\s*[A-Z][A-Z_]{2,30}\s*\}\}|\[\[\s*[A-Z_]{3,30}\s*\]\]|%%[A-Z_]{3,30}%%|\{%\s*(?:keyword|brand|title)\s*%\}")


def is_random(word: str) -> bool:
    """Whether a word is of letters that nobody would choose: runs of consonants, letters, capitals and digits in turns."""
    if not 6 <= len(word) <= 64 or not word.isascii() or not word.isalnum():
        return False
    if any(_RARE.search(run) for run in _CONSONANTS.findall(word)):
        return True
    pieces = len(_PIECE.findall(word))
    if pieces >= 4 and len(word) <= _SHORT_PIECES * pieces:
        return True
    vowels = len(_VOWEL.findall(word))
    return word.islower() and word.isalpha() and vowels * 8 <= len(word) and _RARE.search(word) is not None


def is_random_host(host: str) -> bool:
    """Whether a host name is of many labels that mean nothing: `df0.o6y.u17ff8p.example.test`."""
    labels = host.split(".")[:-2]
    mixed = sum(any(letter.isdigit() for letter in label) and any(letter.isalpha() for letter in label) for label in labels)
    return len(labels) >= 4 and mixed * 2 >= len(labels)


def is_kit_address(url: str) -> bool:
    """Whether an absolute address has a path of the kind that doorway kits give their pages."""
    return _KIT.match(url) is not None


def unfilled(text: str) -> str:
    """A place that a kit's template left unfilled (`{{BRAND_NAME}}`), empty for none. Scripts fill theirs in lower case."""
    found = _TEMPLATE.search(text[:20_000])
    return found[0] if found else ""
