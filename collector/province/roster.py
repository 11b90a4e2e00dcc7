"""What the province declares, as its folder has it: an edit holds within a minute, a broken one changes nothing."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

from collector.declared_fleet import load_fleet
from collector.refusal import ConfigError
from model.fleet.declared import FleetDeclared
from model.text import Language, Text

log = logging.getLogger(__name__)

_LOOK: Final = 30.0
_TAKEN = Text("đã nhận khai báo mới của tỉnh: %d điểm, %d dòng hộp", "took the province's new declared data: %d sites, %d lines of boxes")
_KEPT = Text("khai báo của tỉnh có lỗi, vẫn dùng bản trước: %s", "the province's declared data has an error, the one before stays in force: %s")
_OTHER = Text(
    "mã tỉnh đổi từ %s sang %s: hãy khởi động lại dịch vụ với nhật ký khác",
    "the province's code changed from %s to %s: restart the service with another journal",
)


class Roster:
    """The declared data in force."""

    def __init__(self, folder: Path, language: Language) -> None:
        """Raises ConfigError."""
        self._folder = folder
        self._language = language
        self._stamp = _stamp(folder)
        self._held = load_fleet(folder)

    def __call__(self) -> FleetDeclared:
        """The province as it is declared now."""
        return self._held

    async def watch(self, stop: asyncio.Event) -> None:
        """Looks at the folder again and again until `stop`."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(_LOOK):
                    await stop.wait()
            except TimeoutError:
                await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Takes what was edited since the last look."""
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            found = load_fleet(self._folder)
        except ConfigError as error:
            log.error(_KEPT.to(self._language), error.text.to(self._language))  # noqa: TRY400 - one sentence
            return
        if found.province != self._held.province:
            log.error(_OTHER.to(self._language), self._held.province, found.province)
            return
        self._held = found
        log.warning(_TAKEN.to(self._language), len(found.sites), len(found.boxes))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found = [(str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.suffix != ".new" and path.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)
