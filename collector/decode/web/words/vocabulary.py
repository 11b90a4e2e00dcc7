"""All tables of terms as automata, built once: what stands in a text.

Words are searched with a blank on either side in a copy that has exactly one blank between words; languages without blanks as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from collector.decode.web.words import lexicon_east, lexicon_en, lexicon_id, lexicon_vi
from collector.decode.web.words.normal import folded, plain, single
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


SPACED = _by_form((*terms(lexicon_vi.GROUPS, "vi"), *terms(lexicon_id.GROUPS, "id"), *terms(lexicon_en.GROUPS, "en")))
EAST = {without_blanks(plain(term.text)): (term,) for term in terms(lexicon_east.GROUPS, "east")}
# Folded forms of all that is sold, also of pairs of words that collide: only for words that were written in disguise.
_SOLD = {folded(form): same for form, same in SPACED.items() if same[0].role in ("offer", "game", "topic")}

_by_words, _word_terms = AhoCorasick([f" {form} " for form in SPACED]), list(SPACED.values())
_by_letters, _letter_terms = AhoCorasick(list(EAST)), list(EAST.values())
_by_folded, _folded_terms = AhoCorasick([f" {form} " for form in _SOLD]), list(_SOLD.values())

WORDS = frozenset(word for form in SPACED for word in form.split()) | frozenset(word for form in _SOLD for word in form.split())
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
