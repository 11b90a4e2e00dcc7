"""Whether a text could hold anything at all that is judged as selling: one pass of one automaton, for whole pages, and a second look at its few hits.

An ordinary page must come out of it as clean, for nothing else of the words is then read. Short terms stand in longer words of every language
(`bet` in `Tibet`), and lone letters in any text: so a hit counts only if the words it stands in are ones that the judgement would count.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, digits

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation

from collector.decode.web.kept import short
from collector.decode.web.words import vocabulary
from collector.decode.web.words.brands import brand, trade_stem
from collector.decode.web.words.normal import DECORATIONS, INVISIBLE, NEW_STYLE, copies, folded, plain, single, unleet, unsigned

_LUCKY = ("88", "789", "68", "77", "99", "66", "999", "86", "79", "188", "288", "388", "138", "303", "333", "555")
_NAMES = ("bet", "win", "casino", "toto", "togel", "slot", "club", "game", "vip", "4d")
_STEMS = (
    "casino",
    "slot",
    "togel",
    "toto",
    "hoki",
    "gacor",
    "maxwin",
    "judi",
    "poker",
    "jitu",
    "nhacai",
    "keonhacai",
    "soikeo",
    "cacuoc",
    "kubet",
    "viagra",
    "cialis",
    "bookmaker",
    "sportsbook",
    "bongda",
)
_LEET = {"a": "4@", "o": "0", "i": "1", "e": "3", "t": "7", "s": "5$", "l": "1"}
_DISGUISED = (
    "nha",
    "cai",
    "nhà",
    "cái",
    "cược",
    "cuoc",
    "tai",
    "tài",
    "xiu",
    "xỉu",
    "soi",
    "keo",
    "kèo",
    "slot",
    "casino",
    "bet",
    "gacor",
    "togel",
    "maxwin",
    "lô",
    "đề",
    "nổ",
    "hũ",
    "hu",
    "de",
    "lo",
    "no",
)
# A letter that stands alone. Two in a row would need hundreds, which are in the way of every word of a page.
_LONE = frozenset(mark + letter + mark for mark in " ." for letter in ascii_lowercase)
_ALIKE = "авеіјкмнорстухѕαεικνορτυχ"


def _needles() -> set[str]:
    """What must stand somewhere in the lower-cased text, for any of its parts to be judged as selling."""
    sold = {form for form, same in vocabulary.SPACED.items() if any(term.role in ("offer", "game") for term in same) and len(form) >= 3}
    sold |= {part for form, (term,) in vocabulary.EAST.items() if term.role in ("offer", "game") for part in (form, plain(term.text))}
    made = {needle for form in sold for needle in _numbered(form)}
    made |= {form.replace(old, new) for form in made for new, old in NEW_STYLE.items() if old in form}
    made |= {letter + number for letter in ascii_lowercase for number in _LUCKY} | {digit + name for digit in "0123456789x" for name in _NAMES}
    made |= {number + letter for number in ("88", "789", "68", "77", "99", "66") for letter in "bcgvsw"} | {" " + number for number in ("88", "777", "8 8")}
    made |= {stem[:cut] + " " + stem[cut:] for stem in _STEMS for cut in range(2, len(stem) - 1)} | set(_STEMS)
    made |= _LONE
    leet = {word[:at] + new + word[at + 1 :] for word in _DISGUISED for at, letter in enumerate(folded(word)) for new in _LEET.get(letter, "")}
    made |= {word if len(word) > 2 else f" {word} " for word in leet}
    made |= {word[: at + 1] + word[at:] for word in _STEMS for at in range(len(word))}
    made |= {pair for alike in _ALIKE for letter in ascii_lowercase for pair in (alike + letter, letter + alike)}
    made |= {letter + mark for letter in ascii_lowercase for mark in "\ufe0f\u200d"}
    return {*made, *DECORATIONS, *(chr(code) for code in INVISIBLE if code not in (0xFE0F, 0x200D, 0xFEFF))} - {""}


def _numbered(form: str) -> set[str]:
    """The longest part of a term that has no number in it, for which sum is offered differs; with a digit beside it where it is a short word."""
    if "#" not in form:
        return {form}
    longest = max((part.strip() for part in form.split("#")), key=len)
    if len(longest) > 3:
        return {longest}
    return {f"{digit} {longest} " for digit in digits} if form.startswith("#") else {f"{longest} {digit}" for digit in digits}


def _terms() -> set[str]:
    """Needles that are whole terms of the tables, or their words beside a number: the judgement finds them between word edges only."""
    sold = (form for form, same in vocabulary.SPACED.items() if any(term.role in ("offer", "game") for term in same) and len(form) >= 3)
    return {needle for form in sold for needle in _numbered(form) if needle == needle.strip()}


def _fewest(needles: set[str], edged: set[str]) -> list[str]:
    """Those that hold no other: where the longer stands, the shorter does, and counts, which a term does only between word edges."""
    every = sorted(needles)
    within = AhoCorasick(every)
    return [needle for needle in every if not any(_counts(needle, *found, every, edged) for found in within.find_matches_as_indexes(needle, overlapping=True))]


def _counts(needle: str, index: int, start: int, end: int, every: list[str], edged: set[str]) -> bool:
    other = every[index]
    if other == needle or other in _LONE:
        return False
    return other not in edged or not (needle[start - 1 : start].isalnum() or needle[end : end + 1].isalnum())


# How a hit is looked at again: not at all, by the words it stands in, as a sign read as a letter, as letters written apart, without what nobody sees.
_STRONG, _WORDS, _SIGN, _APART, _UNSEEN = range(5)
_HIDDEN = frozenset(chr(code) for code in INVISIBLE)
_STRIPPED = dict.fromkeys(INVISIBLE)
# Letters that stand alone, as many as are read as one word again.
_SPELT = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]+[^\W_]){3}(?![^\W_])|(?<![^\W_])[^\W_](?:[.\-_*·•|~]{1,3}[^\W_]){2}(?![^\W_])")
_LETTERS = frozenset(ascii_lowercase)
_LONGEST_WORD = 40
_WINDOW = 24


def _kind(needle: str, edged: set[str]) -> int:
    if needle in _HIDDEN:
        return _UNSEEN
    if needle in _LONE:
        return _APART
    if "@" in needle or "$" in needle:
        return _SIGN
    return _WORDS if needle in edged else _STRONG


_EDGED = _terms()
_PARTS = _fewest(_needles(), _EDGED)
_KINDS = bytes(_kind(needle, _EDGED) for needle in _PARTS)
_LENGTHS = tuple(map(len, _PARTS))
# Whole pages go through this one, nearly all of them in vain: the fastest form, for some megabytes. Over bytes, since over letters it counts them all.
NEEDLES = BytesAhoCorasick([needle.encode() for needle in _PARTS], implementation=Implementation.DFA)
# More hits than these are not looked at one by one.
_MOST = 400


def anything(text: str) -> bool:
    """Whether the lower-cased text holds anything that could be a term, a brand or a disguise. True for any text that contains one for which it is."""
    raw = text.encode("utf-8", "surrogatepass")
    hits = NEEDLES.find_matches_as_indexes(raw, overlapping=True)
    if not hits:
        return False
    if len(hits) > _MOST:
        return True
    letters = at = 0
    for index, _, end in hits:  # in the order of their ends
        letters += len(raw[at:end].decode("utf-8", "surrogatepass"))
        at = end
        if _holds(_KINDS[index], text, letters - _LENGTHS[index], letters):
            return True
    return False


def _holds(kind: int, text: str, start: int, end: int) -> bool:
    if kind == _STRONG:
        return True
    if kind == _WORDS:
        around = _around(text, start, end)
        return single(around) == single(text[start:end]) or _speaks(around)
    if kind == _APART:
        start -= 1
        if text[start : start + 1] not in _LETTERS:
            return False
    near = text[max(0, start - _WINDOW) : end + _WINDOW]
    if kind == _SIGN:
        return unsigned(near) != near
    if kind == _UNSEEN:
        bare = near.translate(_STRIPPED)
        return any(letter in DECORATIONS for letter in bare) or anything(bare)
    return _SPELT.search(near) is not None


def _around(text: str, start: int, end: int) -> str:
    """The words that a hit stands in."""
    left, right = start, end
    while left > 0 and start - left < _LONGEST_WORD and text[left - 1].isalnum():
        left -= 1
    while right < len(text) and right - end < _LONGEST_WORD and text[right].isalnum():
        right += 1
    return text[left:right]


@short(longest=120, most=4_096)
def _speaks(written: str) -> bool:
    """Whether the words hold a term as the judgement reads them, or the shape of a brand."""
    words = copies(written).words
    read = [word if word in vocabulary.WORDS or not word.isascii() else vocabulary.SINGLE.get(single(word), word) for word in words]
    if vocabulary.find(vocabulary.flat(read), "") or any(unleet(word) != word and unleet(word) in vocabulary.WORDS for word in read):
        return True
    return any(brand(word) > 0 or trade_stem(word) for word in read)
