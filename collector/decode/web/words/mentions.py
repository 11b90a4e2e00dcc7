"""Where a text names a bookmaker: by a word's shape, a host, a run-together hashtag, in disguised letters, with its syllables apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from collector.decode.web.words.brands import brand, host_worth, likely, trade_stem
from collector.decode.web.words.normal import Copies
from collector.decode.web.words.vocabulary import WORDS

_HOST = re.compile(r"^(?:https?://)?([^/?#:\s]+)")
_MARKED = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
# What a name of the trade ends in, when its syllables are written apart.
_ENDINGS = ("hoki", "toto", "togel", "slot", "gacor", "bet", "win", "casino", "jitu", "maxwin", "play", "jackpot", "88", "77", "99", "777", "4d")
_ANY_ENDING = re.compile("|".join(_ENDINGS))
# Second words of names of two: beside any word that is none of the trade's own.
_PAIRED = frozenset(("toto", "4d", "hoki", "togel", "jitu"))
_TWO_SYLLABLES = frozenset(("hoki", "toto", "togel", "gacor", "jitu"))
# A last syllable with its number, glued to the next word as comments do: `Na ga U77sudah`.
_GLUED = re.compile(r"([a-z]{0,3}(?:88|77|99|777|888|999|66|68|4d))(?![0-9])")
_BETS = re.compile(r"(?:bet|slots?|poker|toto|togel)[a-z0-9]{0,4}$")
_MOST_PIECES = 8
_MOST_WORDS = 3_000
# A host named more often than this says it no louder.
_MOST_HOSTS = 8


Named = list[tuple[float, str]]


def brands(words: Sequence[str], bare: Copies, addresses: Sequence[str]) -> tuple[float, list[str]]:
    """How strongly brands are named (0 to 5), and each mention. Ways of naming that are independent of one another add up."""
    ways = [found for way in _ways(words, bare, addresses) if (found := [named for named in way if named[0] > 0])]
    mentions = [name for way in ways for _, name in way]
    often = 0.75 if len(mentions) >= 3 else 0.5 if len(set(mentions)) == 2 else 0
    best = max((weight for way in ways for weight, _ in way), default=0.0)
    return min(5.0, best + 0.5 * max(len(ways) - 1, 0) + often), mentions


def _ways(words: Sequence[str], bare: Copies, addresses: Sequence[str]) -> Iterator[Named]:
    """Mentions by how they name: by shape or host, by a phrase run together, by syllables apart, in disguised letters."""
    hosts = list(dict.fromkeys(match[1].lower() for address in addresses if (match := _HOST.match(address))))
    different = likely({*words})
    worths = {word: worth for word in different if len(word) > 2 and word.isascii() and (worth := brand(word)) > 0}
    shaped = [(_own(worths[word], word, hosts), word) for word in words if word in worths] if worths else []
    yield shaped + [(worth, host) for host in hosts if (worth := host_worth(host)) >= 2][:_MOST_HOSTS]
    stems = {word for word in different if len(word) > 6 and word not in WORDS and trade_stem(word)}
    yield [(2.5, word) for word in words if word in stems] if stems else []
    # Vietnamese syllables are short and stand apart anyway.
    if not _MARKED.search(bare.plain):
        yield [(3.0, name) for name in [_spelt_apart(words[:_MOST_WORDS])] if name] + _pairs(words)
    yield [(_disguised(name, bare), name) for name in bare.decorated]


def _own(worth: float, word: str, hosts: Sequence[str]) -> float:
    """A weak shape that a bookmaker's ending has, and that is the name of a site given beside it, is no accident."""
    return 3.0 if worth == 1 and _BETS.search(word) and any(host.removeprefix("www.").startswith(f"{word}.") for host in hosts) else worth


def _disguised(name: str, bare: Copies) -> float:
    """What a run of decorated letters is worth: a brand if it has the shape of one, else a name if it is short amid plain words."""
    run = name.replace(" ", "")
    if not run.isascii() or run.isdigit() or len(run) < 3:
        return 0
    if worth := max(brand(run), brand(run + _number_after(name, bare.words))):
        return min(worth, 2) + 2
    # Whole headings are decorated on fan pages: a name is a word or two, and the rest of the text is not decorated.
    return 2 if len(bare.decorated) <= 4 and len(bare.words) >= 3 * len(name.split()) and len(name.split()) <= 3 else 0


def _number_after(name: str, words: Sequence[str]) -> str:
    last = name.rpartition(" ")[2]
    return next((after for word, after in pairwise(words) if word == last and after.isdigit() and len(after) <= 4), "")


def _pairs(words: Sequence[str]) -> Named:
    """Names of two words: `Naga Toto`, `Rimba 4D`."""
    named = [(first, second) for first, second in pairwise(words) if second in _PAIRED and 3 <= len(first) <= 9 and first not in WORDS]
    return [(2.0, f"{first} {second}") for first, second in named]


def _spelt_apart(words: Sequence[str]) -> str:
    """A name whose syllables stand apart (`Na ga Ho ki`, `Na ga-77`): short pieces in a row that end as names of the trade do; empty for none."""
    run: list[str] = []
    before = ""
    for word in [*words, "-----"]:
        if len(word) <= 3 and word.isascii() and word.isalpha():
            run.append(word)
            continue
        # Two syllables at least, since one and an ending are shorter than any name.
        if len(run) > 1 and (name := _name_of(before, run, word)):
            return name
        run, before = [], word
    return ""


def _name_of(before: str, run: Sequence[str], after: str) -> str:
    """The name that the pieces of a run make: by themselves, with the word after them, or as the ending of the word before them."""
    ending = after if after in _ENDINGS else (found[1] if (found := _GLUED.match(after)) else "")
    if ending and (name := _ends_well([*run, ending])):
        return name
    if _ANY_ENDING.search("".join(run)):
        for end in range(len(run), 1, -1):
            if name := _ends_well(run[:end]):
                return name
    return f"{before} {' '.join(run[:2])}" if len(before) >= 4 and before.isascii() and "".join(run[:2]) in _TWO_SYLLABLES else ""


def _ends_well(pieces: Sequence[str]) -> str:
    for start in range(max(0, len(pieces) - _MOST_PIECES), len(pieces) - 1):
        name = "".join(pieces[start:])
        short = sum(len(piece) <= 2 for piece in pieces[start:])
        if len(name) >= 6 and short >= 2 and any(name.endswith(ending) and len(name) - len(ending) >= 2 for ending in _ENDINGS):
            return " ".join(pieces[start:])
    return ""
