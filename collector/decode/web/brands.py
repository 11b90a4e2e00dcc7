"""Bookmakers' names among hosts, remembered: the same few hosts stand on all pages of a portal."""

from __future__ import annotations

from functools import lru_cache

from collector.decode.web.words.judge import is_brand_host


@lru_cache(maxsize=8192)  # a pure function, so the cache is no state
def is_brand(host: str) -> bool:
    """Whether a host has the shape of a bookmaker's name."""
    return is_brand_host(host)
