"""What the province's log says of refused documents: a line a box and reason an hour, not a line a document."""

from __future__ import annotations

import logging
from typing import Final

from model.fleet.verify import REASONS, Refusal
from model.text import Language, Text, shown
from model.times import HOUR

log = logging.getLogger(__name__)

# Boxes' names in refused documents are anybody's invention: beyond so many they are told as one.
_MOST: Final = 500
_REFUSED = Text("từ chối tài liệu ghi hộp “%s”, điểm “%s”: %s (mỗi giờ báo một lần)", "refused a document of box “%s”, site “%s”: %s (told once an hour)")
_UNSTORED = Text("kho dữ liệu không nhận một tài liệu hiện trạng: %s (mỗi giờ báo một lần)", "the store refuses a state document: %s (told once an hour)")


class Warnings:
    """Remembers for an hour what it said."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._said: dict[tuple[str, str, str], int] = {}

    def refused(self, refusal: Refusal, now: int) -> None:
        """A document was refused."""
        if self._due((refusal.box, refusal.site, refusal.reason), now):
            log.warning(_REFUSED.to(self._language), shown(refusal.box), shown(refusal.site), REASONS[refusal.reason].to(self._language))

    def unstored(self, reason: str, now: int) -> None:
        """The engine refused a state document for ever."""
        if self._due(("", "", "unstored"), now):
            log.warning(_UNSTORED.to(self._language), shown(reason, 300))

    def _due(self, key: tuple[str, str, str], now: int) -> bool:
        self._said = {known: at for known, at in self._said.items() if 0 <= now - at < HOUR} if len(self._said) >= _MOST else self._said
        if key not in self._said and len(self._said) >= _MOST:
            key = "", "", key[2]
        if 0 <= now - self._said.get(key, -HOUR) < HOUR:
            return False
        self._said[key] = now
        return True
