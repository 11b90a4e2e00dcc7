"""One spelling for the many that a text can be written in: decorated letters, look-alikes, tone marks, spaced, doubled and leet letters.

Sellers decorate (`𝐊𝐔𝟖𝟖`, `n h à c á i`, `nh@ c@i`, `slott`) so that lists of words miss them. Here a text becomes plain words once, and every
table of terms is brought to the same form by the same functions. Text in, text out: no call here knows what the words mean.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# Longer texts are cut: a block that promises bonuses does it within its first pages.
MAX_TEXT = 60_000

# What NFKC leaves alone although it is read as a letter: small capitals, negative circled and squared letters, regional indicators.
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_BLOCKS = {
    chr(start + step): chr(ord("a") + step)
    for start in (0x1F150, 0x1F170, 0x1F1E6, 0x1F130, 0x24B6, 0x24D0, 0xFF21, 0xFF41)  # negative, circled, squared, full-width
    for step in range(26)
}
_DINGBAT_DIGITS = {chr(start + step): str(step + 1) for start in (0x2776, 0x2780, 0x278A) for step in range(9)}
_MATHEMATICAL = {chr(code): "" for code in range(0x1D400, 0x1D800)}

# Removed: zero-width and direction marks, soft hyphen, variation selectors, keycaps, and lines drawn through or under letters.
INVISIBLE = (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF)
_LINES = (*range(0x332, 0x339), 0x35F, 0x333, 0x347, 0x20E3, 0x489, *range(0x20D0, 0x20DD))
_TO_PLAIN = {ord(k): v for k, v in {**_SMALL_CAPITALS, **_BLOCKS, **_DINGBAT_DIGITS}.items()} | dict.fromkeys((*INVISIBLE, *_LINES, *range(0xE0100, 0xE01F0)))
_ODD = frozenset(map(chr, _TO_PLAIN))

# Letters of Cyrillic and Greek that look Latin; used only inside words that also have Latin letters, so that Russian stays Russian.
_ALIKE = str.maketrans("авеіјкмнорстухѕԁһӏґєαβεικνορτυχγω", "abeijkmhopctyxsdhlreabeikvoptyxyw")

DECORATIONS = frozenset({*_SMALL_CAPITALS, *_BLOCKS, *_DINGBAT_DIGITS, *_MATHEMATICAL, *map(chr, _LINES)})
_UNIT = rf"(?:[{''.join(sorted(DECORATIONS - set(map(chr, _LINES))))}][\ufe0f\u200d]*|[^\W_][{''.join(map(chr, _LINES))}]+)"
_DECORATED = re.compile(rf"{_UNIT}+(?:[ \u00a0]?{_UNIT}+)*")

_WORD = re.compile(r"[^\W_]+")
_HALF_LATIN = re.compile("[a-z0-9]")
_FOREIGN = re.compile("[а-яіјѕԁһӏα-ω]")

# hòa and hoà, thủy and thuỷ: both are written. The mark goes to the first vowel where the two stand at the end of a syllable.
NEW_STYLE = {new: old for pair in ("oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa", "oè òe", "oé óe", "oẻ ỏe", "oẽ õe", "oẹ ọe") for new, old in [pair.split()]}
NEW_STYLE |= {new: old for pair in ("uỳ ùy", "uý úy", "uỷ ủy", "uỹ ũy", "uỵ ụy") for new, old in [pair.split()]}
# Begun at a letter, not at what stands before it: a set of letters is looked for fastest.
_TONE = re.compile(rf"[{''.join({new[0] for new in NEW_STYLE})}][{''.join(sorted({new[1] for new in NEW_STYLE}))}](?<!q..)(?![^\W\d_])")

_FOLDS: dict[int, str | None] = {ord("đ"): "d", ord("Đ"): "d"} | dict.fromkeys((0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323))
_LEET = str.maketrans("01345678", "oieasgtb")
_LEETED = re.compile(r"(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+")
# Possessive, and begun at the first sign or letter of a run only: each run is read once.
_SIGNS = re.compile(r"(?<![\w.@$])\w*+[@$][\w@$]*+(?!\.)")
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_](?:[.\-_*·•|~]{1,3}[^\W\d_])+(?![^\W_])")
# What each of those has: a mark behind a letter that nothing stands before.
_MARK_BEHIND_LONE = re.compile(r"[.\-_*·•|~](?<=[^\W\d_].)(?<![^\W_][^\W\d_].)")
_NOT_LETTER = re.compile(r"[\W\d_]+")
_REPEATED = re.compile(r"([^\W\d_])\1+")
# So many letters in a row that each stand alone are one word.
_FEWEST_APART = 4


class Copies(NamedTuple):
    """A text in plain form.

    `plain`: lower case, NFC, with its punctuation; `words`: its words in order; `decorated`: what was written in disguise, each run as its words with one
    blank between.
    """

    plain: str
    words: tuple[str, ...]
    decorated: frozenset[str]


def plain(text: str) -> str:
    """Lower case and composed, without disguises: `𝐊𝐔𝟖𝟖` is `ku88`, `hoà` is `hòa`."""
    if text.isascii():
        return text.lower()
    bare = text if _ODD.isdisjoint(text) else text.translate(_TO_PLAIN)
    composed = unicodedata.normalize("NFKC", bare)
    bare = (composed if composed == bare else composed.translate(_TO_PLAIN)).lower()
    if _FOREIGN.search(bare):
        bare = _WORD.sub(_latin, bare)
    return _TONE.sub(lambda found: NEW_STYLE.get(found[0], found[0]), unicodedata.normalize("NFC", bare))


def _latin(found: re.Match[str]) -> str:
    """A word with look-alikes in Latin letters, if it has Latin ones too."""
    word = found[0]
    return word.translate(_ALIKE) if not word.isascii() and _HALF_LATIN.search(word) and _FOREIGN.search(word) else word


def unsigned(text: str) -> str:
    """Words with `@` and `$` read as the letters they stand for; addresses of mail and sums stay."""
    return _SIGNS.sub(_unsigned, text)


def _unsigned(found: re.Match[str]) -> str:
    run = found[0]
    return run.replace("@", "a").replace("$", "s") if any(map(str.isalpha, run)) else run


def folded(text: str) -> str:
    """Without Vietnamese marks, d for đ. `text` in plain form."""
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(_FOLDS)


def squeezed(text: str) -> str:
    """Letters and digits alone, folded: how terms stand in hashtags and host names."""
    return "".join(_WORD.findall(folded(text)))


def single(word: str) -> str:
    """Each letter once where it was doubled: `slottt` is `slot`. Digits stay."""
    return _REPEATED.sub(r"\1", word)


def unleet(word: str) -> str:
    """Digits read as the letters they stand for: `t4i` is `tai`."""
    return word.translate(_LEET) if _LEETED.fullmatch(word) else word


def copies(text: str) -> Copies:
    """The plain form and the words of a text. Linear in its length, which is cut at `MAX_TEXT`."""
    text = text[:MAX_TEXT]
    decorated: frozenset[str] = frozenset()
    # A look for single letters costs a tenth of a look for runs of them, of which most texts have none.
    if not text.isascii() and not DECORATIONS.isdisjoint(text) and (runs := _DECORATED.findall(text)):
        decorated = frozenset(" ".join(_WORD.findall(plain(run))) for run in runs) - {""}
        # A disguised name is often glued to the words beside it.
        text = _DECORATED.sub(lambda found: f" {found[0]} " if len(found[0]) > 3 else found[0], text)
    bare = plain(text)
    if "@" in bare or "$" in bare:
        bare = unsigned(bare)
    if _MARK_BEHIND_LONE.search(bare):
        bare = _DOTTED.sub(lambda found: _NOT_LETTER.sub("", found[0]), bare)
    return Copies(bare, tuple(_joined(_WORD.findall(bare))), decorated)


def _joined(words: list[str]) -> list[str]:
    """Words with letters that were written apart put together: `n h à c á i` is one word again."""
    if list(map(len, words)).count(1) < _FEWEST_APART:
        return words
    made: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            run.append(word)
            continue
        made.extend(["".join(run)] if len(run) >= _FEWEST_APART and not "".join(run).isdigit() else run)
        run = []
        made.append(word)
    return made[:-1]
