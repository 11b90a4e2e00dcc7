"""All tables of terms as automata, built once: what stands in a text, and whether anything could.

Words are searched with a blank on either side in a copy that has exactly one blank between words; languages without blanks as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from string import ascii_lowercase, digits

from ahocorasick_rs import AhoCorasick, Implementation

from collector.decode.web.words import lexicon_east, lexicon_en, lexicon_id, lexicon_vi
from collector.decode.web.words.normal import DECORATIONS, INVISIBLE, NEW_STYLE, folded, plain, single
from collector.decode.web.words.terms import Hit, Term, resolve, terms

# A text with more hits than this is judged by its first ones.
_MOST = 1_500
_NUMBER = re.compile(r"\d+(?:k|tr|m|jt|rb|usd|vnd|x|ribu|juta|triệu|trieu|d|tỷ)?")
_BLANKS = re.compile(r"\s+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


Forms = dict[str, tuple[Term, ...]]


def _by_form(tables: Iterable[Term]) -> Forms:
    """Terms by their form in the copy of words, the heaviest first: `bonus` is praise in one language and what is sold in another."""
    found: dict[str, list[Term]] = {}
    for term in tables:
        for form in _forms(term):
            found.setdefault(form, []).append(term)
    return {form: tuple(sorted(same, key=lambda term: -term.weight)) for form, same in found.items()}


def _forms(term: Term) -> list[str]:
    form = plain(term.text)
    if term.language == "en" and term.role == "offer" and form[-1:] not in ("s", "y", "g"):
        return [form, f"{form}s"]
    return [form, folded(form)] if term.folds and " " in form and folded(form) != form else [form]


def without_blanks(text: str) -> str:
    """How languages that do without blanks are searched: some write them where others do not."""
    return _BLANKS.sub("", text)


_SPACED = _by_form((*terms(lexicon_vi.GROUPS, "vi"), *terms(lexicon_id.GROUPS, "id"), *terms(lexicon_en.GROUPS, "en")))
_EAST = {without_blanks(plain(term.text)): (term,) for term in terms(lexicon_east.GROUPS, "east")}
# Folded forms of all that is sold, also of pairs of words that collide: only for words that were written in disguise.
_SOLD = {folded(form): same for form, same in _SPACED.items() if same[0].role in ("offer", "game", "topic")}

_by_words, _word_terms = AhoCorasick([f" {form} " for form in _SPACED]), list(_SPACED.values())
_by_letters, _letter_terms = AhoCorasick(list(_EAST)), list(_EAST.values())
_by_folded, _folded_terms = AhoCorasick([f" {form} " for form in _SOLD]), list(_SOLD.values())

WORDS = frozenset(word for form in _SPACED for word in form.split()) | frozenset(word for form in _SOLD for word in form.split())
# How a doubled or leet word is read back: by its letters once.
SINGLE = {single(word): word for word in sorted(WORDS) if word.isascii() and len(word) >= 4}


def flat(words: Iterable[str]) -> str:
    """The copy that is searched: words with one blank around each, numbers and sums as `#`."""
    return f" {' '.join('#' if word[0].isdigit() and _NUMBER.fullmatch(word) else word for word in words)} "


def find(line: str, text: str) -> list[Hit]:
    """Terms in a `flat` copy, and in the plain `text` those of languages without blanks."""
    hits = [Hit(_word_terms[index], start, end) for index, start, end in _by_words.find_matches_as_indexes(line, overlapping=True)[:_MOST]]
    if not text.isascii() and _UNSPACED.search(text):
        after = len(line)
        found = _by_letters.find_matches_as_indexes(without_blanks(text), overlapping=True)[:_MOST]
        hits += [Hit(_letter_terms[index], after + start - 1, after + end + 1) for index, start, end in found]
    return resolve(hits)


def find_folded(line: str) -> list[Hit]:
    """Terms in a `flat` copy without marks, also those that collide there."""
    return [Hit(_folded_terms[index], start, end) for index, start, end in _by_folded.find_matches_as_indexes(line, overlapping=True)[:_MOST]]


# --- whether anything could be found at all ---

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
_ALIKE = "авеіјкмнорстухѕαεικνορτυχ"


def _needles() -> set[str]:
    """What must stand somewhere in the lower-cased text, for any of its parts to be judged as selling."""
    sold = {form for form, same in _SPACED.items() if any(term.role in ("offer", "game") for term in same) and len(form) >= 3}
    sold |= {part for form, (term,) in _EAST.items() if term.role in ("offer", "game") for part in (form, plain(term.text))}
    made = {needle for form in sold for needle in _numbered(form)}
    made |= {form.replace(old, new) for form in made for new, old in NEW_STYLE.items() if old in form}
    made |= {letter + number for letter in ascii_lowercase for number in _LUCKY} | {digit + name for digit in "0123456789x" for name in _NAMES}
    made |= {number + letter for number in ("88", "789", "68", "77", "99", "66") for letter in "bcgvsw"} | {" " + number for number in ("88", "777", "8 8")}
    made |= {stem[:cut] + " " + stem[cut:] for stem in _STEMS for cut in range(2, len(stem) - 1)} | set(_STEMS)
    made |= {f"{first}{mark}{second}{mark}" for mark in " ." for first, second in product(ascii_lowercase, repeat=2)}
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


def _fewest(needles: set[str]) -> list[str]:
    """Those that hold no other: where the longer stands, the shorter does."""
    every = sorted(needles)
    within = AhoCorasick(every)
    return [needle for needle in every if len(within.find_matches_as_indexes(needle, overlapping=True)) == 1]


# Whole pages go through this one, nearly all of them in vain: the fastest form, for some megabytes.
_anything = AhoCorasick(_fewest(_needles()), implementation=Implementation.DFA)


def anything(text: str) -> bool:
    """Whether the lower-cased text holds anything that could be a term, a brand or a disguise. True for any text that contains one for which it is."""
    return bool(_anything.find_matches_as_indexes(text))
