"""Answers of foreign hosts fetched a moment ago: a campaign, or the national portal, is the end of very many looks, and is asked once for them all."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import msgspec

from collector.sensors.portals.exchange import Exchange
from model.times import SECOND

_MOST: Final = 512
_ROOM: Final = 32 * 1024 * 1024

Key = tuple[str, str]


class Recent:
    """Answers by persona and address, the oldest out first; bounded in number and bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Exchange] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key, now: int, age: float) -> Exchange | None:
        """The answer, if it is younger than `age` seconds."""
        found = self._kept.get(key)
        if found is None or now - found.at > age * SECOND:
            return None
        return msgspec.structs.replace(found, shared=True)

    def keep(self, key: Key, made: Exchange) -> None:
        """Remembers an answer; what nobody answered is asked again."""
        self._drop(key)
        if not made.status:
            return
        self._kept[key] = made
        self._size += _size(made)
        while len(self._kept) > _MOST or self._size > _ROOM:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        if old := self._kept.pop(key, None):
            self._size -= _size(old)


def _size(made: Exchange) -> int:
    return len(made.body) + len(made.sent) + len(made.answered) + 1024
