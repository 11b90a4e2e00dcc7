"""How long to wait after wrong passwords: longer each time, for the name and for the address, and never for ever."""

from __future__ import annotations

import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

# So many mistakes are free; then the wait doubles from one second up to the longest.
FREE: Final = 5
LONGEST: Final = 300.0
# After so long without a mistake, seconds, it begins anew.
_FORGOTTEN: Final = 3_600.0
_ROOM: Final = 10_000


# What mistakes are counted by: the name, the address, or that name from that address.
_Key = tuple[str, ...]


@dataclass
class _Missed:
    times: int
    last: float

    def until(self) -> float:
        """When the next try is heard."""
        over = self.times - FREE
        return self.last + min(LONGEST, 2.0 ** min(over, 30)) if over >= 0 else 0.0


class Lockout:
    """Counts mistakes, by name (known or not: nobody learns which names exist) and by address.

    Whoever knows a name could keep its owner out by mistakes made on purpose. So where that user did log in, mistakes made elsewhere do not count.
    """

    def __init__(self) -> None:
        self._missed: dict[_Key, _Missed] = {}
        self._known: dict[_Key, None] = {}

    def wait(self, name: str, address: str, now: float) -> float:
        """Seconds until a try is heard; 0 for now."""
        by_name, by_address, both = _keys(name, address)
        counted = (both if both in self._known else by_name, by_address)
        return max(0.0, *(self._missed[key].until() - now for key in counted if key in self._missed), 0.0)

    def failed(self, name: str, address: str, now: float) -> None:
        """A try was heard and was wrong."""
        for key in _keys(name, address):
            before = self._missed.pop(key, None)
            times = before.times if before and now - before.last < _FORGOTTEN else 0
            self._missed[key] = _Missed(times + 1, now)
        _trim(self._missed)

    def passed(self, name: str, address: str) -> None:
        """The user logged in."""
        for key in _keys(name, address):
            self._missed.pop(key, None)
        self._known[_keys(name, address)[2]] = None
        _trim(self._known)


def _keys(name: str, address: str) -> tuple[_Key, _Key, _Key]:
    net = _net(address)
    return ("name", name), ("address", net), ("both", name, net)


def _net(address: str) -> str:
    """An IPv6 host has 2^64 addresses to choose from: its network counts."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _trim(table: MutableMapping[_Key, Any]) -> None:
    while len(table) > _ROOM:
        del table[next(iter(table))]
