"""Whose letters a text is written in: a Vietnamese portal that turns Thai, Japanese, Korean or Chinese says so by itself."""

from __future__ import annotations

from typing import NamedTuple

# Enough letters for a share of 15 % to be no accident.
_ENOUGH = 40
_SAMPLE = 4_000
_SHARES = {"thai": 0.15, "kana": 0.15, "hangul": 0.15, "han": 0.30}


class System(NamedTuple):
    """A writing system other than a Vietnamese page's own: its `name`, `share` of all letters, and some `sample` of it."""

    name: str
    share: float
    sample: str


def writing_system(text: str) -> dict[str, float]:
    """The share of letters of each system: `latin`, `thai`, `kana`, `hangul`, `han`, `other`; empty for a text with fewer than 40 letters.

    Long texts are sampled at even distances, so the cost does not grow with them.
    """
    if text.isascii():
        return {"latin": 1.0} if sum(map(str.isalpha, text[:400])) >= _ENOUGH else {}
    step = max(1, len(text) // _SAMPLE)
    counts: dict[str, int] = {}
    for letter in text[::step]:
        if letter.isalpha():
            name = _system(ord(letter))
            counts[name] = counts.get(name, 0) + 1
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total >= _ENOUGH else {}


def _system(code: int) -> str:
    if code < 0x370 or 0x1E00 <= code < 0x1F00:
        return "latin"
    if 0xE00 <= code < 0xE80:
        return "thai"
    if 0x3040 <= code < 0x3100 or 0x31F0 <= code < 0x3200 or 0xFF66 <= code < 0xFFA0:
        return "kana"
    if 0xAC00 <= code < 0xD7B0 or 0x1100 <= code < 0x1200 or 0x3130 <= code < 0x3190:
        return "hangul"
    if 0x3400 <= code < 0xA000 or 0x20000 <= code < 0x32000:
        return "han"
    return "other"


def other_script(text: str) -> System | None:
    """The writing system that stands out on a page of a Vietnamese portal, None where none does.

    Kana with Han is Japanese and is counted together: Japanese is written in both.
    """
    shares = writing_system(text)
    if shares.get("kana", 0) > 0.05:
        shares["kana"] += shares.pop("han", 0)
    over = [(share, name) for name, share in shares.items() if share >= _SHARES.get(name, 2)]
    if not over:
        return None
    share, name = max(over)
    wanted = {"kana", "han"} if name == "kana" else {name}
    return System(name, share, "".join(letter for letter in text[:20_000] if letter.isalpha() and _system(ord(letter)) in wanted)[:60])
