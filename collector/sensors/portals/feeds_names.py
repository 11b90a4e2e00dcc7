"""Hundreds of thousands of names in a few megabytes: one block of bytes, sorted, and where each name begins in it."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable

from collector.hostnames import name_and_parents

# Portals hop through one another, and lists hold government names by mistake or by malice: such a name is never a list's to judge.
_NEVER = ("gov.vn",)


class Names:
    """A set of host names that cannot change."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """`names` in ASCII and lower case; twice is once."""
        # As bytes: half the memory of text while they are sorted.
        ordered = sorted({name.encode("ascii") for name in names})
        self._starts = array("I", (0,))
        total = 0
        for name in ordered:
            total += len(name) + 1
            self._starts.append(total)
        self._block = b"\n".join((*ordered, b"")) if ordered else b""

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __contains__(self, name: object) -> bool:
        wanted = str(name).encode("utf-8", "replace")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._name(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low < len(self) and self._name(low) == wanted

    def _name(self, number: int) -> bytes:
        return self._block[self._starts[number] : self._starts[number + 1] - 1]

    def match(self, host: str) -> str:
        """The listed name that `host` is or stands below; empty when there is none. Never a public suffix, never a part of a label."""
        return next((name for name in candidates(host) if name in self), "")

    def as_lines(self) -> bytes:
        """All names, a line each, in order."""
        return self._block

    def digest(self) -> str:
        """SHA-256 of `as_lines`, in hex."""
        return hashlib.sha256(self._block).hexdigest()


def candidates(host: str) -> tuple[str, ...]:
    """The names a list may hold that speak of `host`: itself and what it stands below, up to the name that was registered."""
    if any(host == never or host.endswith(f".{never}") for never in _NEVER):
        return ()
    return tuple(name_and_parents(host))
