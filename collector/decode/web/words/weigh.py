"""What speaks for and against a text being there to sell: terms by role, brands, disguises, ways to get in touch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from collector.decode.web.kept import short
from collector.decode.web.words import vocabulary
from collector.decode.web.words.mentions import brands
from collector.decode.web.words.normal import MAX_TEXT, Copies, copies, folded, single, unleet
from collector.decode.web.words.terms import Hit, Term, listed

_ZONES = "com|net|org|info|pro|top|vip|xyz|club|bet|win|casino|app|online|site|live|fun|link|cc|io|me|us|asia|tv|in|co|vn"
_ADDRESS = re.compile(rf"(?:https?://|www\.)[^\s<>\"')\]]+|(?<![\w@.-])(?:[a-z0-9-]{{2,40}}\.){{1,3}}(?:{_ZONES})(?![\w.@-])[^\s<>\"')\]]*", re.IGNORECASE)
# What each of those has, looked for by its point: a text without is not read letter by letter.
_ANY_ADDRESS = re.compile(rf"\.(?:(?<=www\.)|{_ZONES})", re.IGNORECASE)
_CONTACT = re.compile(r"(?<!\w)(?:t\.me/|telegram|zalo|whatsapp|line\s?id|hotline|sđt|sdt|wa\.me/)", re.IGNORECASE)
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_SOLD = ("offer", "game", "topic")
_MOST_DISGUISED = 200
# What an appointment is too: where a text says so once, the word by itself, or with one other, means that all through.
_SETTLED = frozenset(("slot", "slots"))
# `so sánh các nhà cái` is `so sánh nhà cái`.
_PLURALS = frozenset(("các", "những"))
# Small words that only Indonesian and Malay texts hold together.
_INDONESIAN = listed("""
    yang dan untuk dengan ini itu dari pada adalah kami anda akan bisa tidak nya yg gak aja sudah udah kalo di ke kaga bree broo bang banget dalam juga para
    atau dapat
""")


class Weights(NamedTuple):
    """Sums by role, `words` of the text without its addresses, `covered` of them that speak for the trade, `said` the terms themselves."""

    trade: str = ""
    offer: float = 0
    game: float = 0
    topic: float = 0
    brand: float = 0
    call: float = 0
    hype: float = 0
    law: float = 0
    report: float = 0
    contact: float = 0
    words: int = 0
    covered: float = 0
    said: tuple[str, ...] = ()


def weigh(text: str) -> Weights:
    """All evidence in a text. The trade is the one with most of it."""
    text = text[:MAX_TEXT]
    addresses = _ADDRESS.findall(text) if "://" in text or _ANY_ADDRESS.search(text) else []
    bare = copies(_ADDRESS.sub(" ", text) if addresses else text)
    words = _read_back(bare.words)
    hits = _hits(words, bare) + _in_paths(addresses)
    known = _languages(bare, hits)
    return _sum(_settled([term for hit in hits if (term := _meant(hit, known))]), bare, addresses, words, "vi" in known)


def _settled(meant: list[Term]) -> list[Term]:
    """Without the short terms of a word whose other meaning the text gives away, unless it sells by longer ones too."""
    calm = {word for term in meant if term.role == "calm" for word in term.text.split()} & _SETTLED
    if not calm or any(term.role == "offer" and not _SETTLED.intersection(term.text.split()) for term in meant):
        return meant
    return [term for term in meant if len(term.text.split()) > 2 or not _SETTLED.intersection(term.text.split())]


def _meant(hit: Hit, known: set[str]) -> Term | None:
    """The term as the text's language has it.

    Single words count in texts of their language alone: `bet`, `di` and `deposit` mean something else elsewhere. What only a seller says always
    counts, and so do other trades, which advertise in English everywhere.
    """
    own = [term for term in hit.terms if term.language in known]
    always = [term for term in hit.terms if term.role in ("offer", "calm") or (term.language == "en" and term.trade != "gambling")]
    return next(iter([*own, *always]), None)


def _in_paths(addresses: Sequence[str]) -> list[Hit]:
    """What the slugs of addresses offer."""
    if not addresses:
        return []
    words = copies(" ".join(_paths(addresses))).words
    return [hit for hit in vocabulary.find(vocabulary.flat(words), "") if hit.terms[0].role in ("offer", "game")] if words else []


def _paths(addresses: Sequence[str]) -> list[str]:
    """What addresses say in words: their slugs, each once, so that a list of fifty profiles says it no louder."""
    return sorted({re.sub(r"^(?:https?://)?[^/]*/?", "", address) for address in addresses})[:200]


def _read_back(words: Sequence[str]) -> list[str]:
    """Doubled letters once where that makes a word of the trade, and without the plural signs that stand in the middle of terms."""
    read = {word: _single(word) for word in {*words}}
    return [read[word] for word in words if word not in _PLURALS]


@short(longest=100, most=16_384)
def _single(word: str) -> str:
    if word in vocabulary.WORDS or not word.isascii() or word.isdigit():
        return word
    return vocabulary.SINGLE.get(single(word), word)


def _hits(words: Sequence[str], bare: Copies) -> list[Hit]:
    line = vocabulary.flat(words)
    hits = vocabulary.find(line, bare.plain)
    # Letters alone are read as they stand.
    if all(word.isalpha() or _bare(word)[0] == _bare(word)[1] for word in {*words}):
        return hits
    bared = [_bare(word) for word in words]
    leet = [read for _, read in bared]
    disguised = _spans([plain for plain, _ in bared], leet)
    # Only what touches a disguised word: the rest of the text keeps its marks, and without them half of Vietnamese collides.
    seen = {hit.terms for hit in hits}
    found = [hit for hit in vocabulary.find_folded(vocabulary.flat(leet)) if any(hit.start < end and start < hit.end for start, end in disguised)]
    return hits + [hit for hit in found if hit.terms not in seen]


@short(longest=100, most=16_384)
def _bare(word: str) -> tuple[str, str]:
    """A word without marks, and as it is read where that is a word of the trade."""
    plain = folded(word)
    read = unleet(plain)
    return plain, read if read in vocabulary.WORDS else plain


def _spans(words: Iterable[str], leet: Sequence[str]) -> list[tuple[int, int]]:
    """Where in the flat copy of `leet` stand the words that were read differently."""
    at, spans = 1, []
    for word, read in zip(words, leet, strict=True):
        end = at + len(vocabulary.flat([read])) - 2
        if word != read:
            spans.append((at, end))
        at = end + 1
    return spans[:_MOST_DISGUISED]


def _languages(bare: Copies, hits: Sequence[Hit]) -> set[str]:
    marks = len(_VIETNAMESE.findall(bare.plain[:4_000]))
    if marks * 40 > min(len(bare.plain), 4_000):
        return {"vi", "east"}
    known = {"en", "east"}
    indonesian = {hit.terms[0].text for hit in hits if _only("id", hit)} | _INDONESIAN.intersection(bare.words[:400])
    if len(indonesian) >= 2 or any(_only("id", hit) and hit.terms[0].role == "offer" for hit in hits):
        known.add("id")
    if marks or any(_only("vi", hit) and hit.terms[0].role == "offer" for hit in hits):
        known.add("vi")
    return known


def _only(language: str, hit: Hit) -> bool:
    return all(term.language == language for term in hit.terms)


def _sum(meant: Sequence[Term], bare: Copies, addresses: Sequence[str], words: Sequence[str], vietnamese: bool) -> Weights:
    counts = Counter(meant)
    names, named = brands(words, bare, addresses)
    if vietnamese and names < 3 and not any(term.role in (*_SOLD, "play") and term.trade == "gambling" for term in counts):
        # A word with a lucky number is any shop's name in Viet Nam, until the text speaks of the trade.
        names = min(names, 1.0)
    trade = _trade(counts, names)

    def total(role: str) -> float:
        return sum(_times(term.weight, n) for term, n in counts.items() if term.role == role and _speaks_for(term, trade))

    spoken = [term for term in meant if term.role in ("offer", "game") and term.trade == trade]
    said = dict.fromkeys([*(term.text for term in sorted(spoken, key=lambda term: -term.weight)), *named])
    return Weights(
        trade=trade,
        **{role: total(role) for role in ("offer", "game", "topic", "hype", "law", "report")},
        call=total("call") + total("play"),
        brand=names if trade == "gambling" else 0,
        contact=1.0 if addresses or _CONTACT.search(bare.plain) else 0,
        words=len(words),
        covered=sum(len(term.text.split()) * (1 if term.role == "offer" else 0.5) for term in spoken) + len(named),
        said=tuple(said),
    )


def _speaks_for(term: Term, trade: str) -> bool:
    """What is sold is of one trade; calls and praise serve all, some only those that send parcels."""
    return term.trade == trade or (term.role not in _SOLD and (term.trade == "gambling" or (term.trade == "wares" and trade != "gambling")))


def _trade(counts: Mapping[Term, int], names: float) -> str:
    """The trade with most said for it; names of brands speak for gambling."""
    sold: dict[str, float] = {"gambling": names if names >= 2 else 0.0}
    for term, count in counts.items():
        if term.role in _SOLD:
            sold[term.trade] = sold.get(term.trade, 0.0) + _times(term.weight, count)
    return max(sold, key=lambda known: (sold[known], known == "gambling"))


def _times(weight: float, count: int) -> float:
    """A term said again adds a quarter, at most twice: insistence counts, but one word is one word."""
    return weight * (1 + 0.25 * min(count - 1, 2))
