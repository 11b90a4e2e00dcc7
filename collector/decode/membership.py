"""What the group records of IGMPv3 and MLDv2 mean, which are the same (RFC 3376 §4.2.12, RFC 3810 §5.2.12)."""

from __future__ import annotations

from collections.abc import Iterable

# Far above what a host joins; one datagram could name thousands.
MAX_GROUPS = 64

_IS_INCLUDE, _IS_EXCLUDE, _TO_INCLUDE, _TO_EXCLUDE, _ALLOW = 1, 2, 3, 4, 5


def changes(records: Iterable[tuple[int, int, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Groups joined and left by `(record type, number of sources, group)`: "include nothing" leaves, blocking some sources changes nothing."""
    joined: dict[str, None] = {}
    left: dict[str, None] = {}
    for kind, sources, group in records:
        if kind in (_IS_EXCLUDE, _TO_EXCLUDE) or (kind in (_IS_INCLUDE, _TO_INCLUDE, _ALLOW) and sources):
            joined[group] = None
        elif kind == _TO_INCLUDE:
            left[group] = None
    return tuple(joined), tuple(group for group in left if group not in joined)
