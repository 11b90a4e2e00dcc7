"""The one way into this package: whether a text is there to sell gambling."""

from __future__ import annotations

from typing import NamedTuple


class Judged(NamedTuple):
    """What a text is.

    `sells`: it promotes gambling or another spam trade; `kind`: `gambling`, `medicine`, `goods`, `cheats` or empty; `topic`: it only speaks of it;
    `value`: the words that decided, for a person, at most 300 characters; `hits`: how many; `score` and `density` as computed.
    """

    sells: bool = False
    topic: bool = False
    kind: str = ""
    value: str = ""
    hits: int = 0
    score: float = 0.0
    density: float = 0.0


def judge_text(text: str) -> Judged:
    """A block of text by itself. Never raises."""
    del text
    return Judged()


def judge_title(text: str) -> Judged:
    """A title, description, heading or anchor: few words, so shapes count more. Never raises."""
    del text
    return Judged()


def is_brand_host(host: str) -> bool:
    """Whether a host name has the shape of a bookmaker's (`kuwin88.vip`, `8xbet-m3.com`), by its shape alone."""
    del host
    return False
