"""The weekly report: written into a folder a site, each with what changed since the one before. Missed weeks are made up for once, not one by one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector.journal import JournalError
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM, day_of

if TYPE_CHECKING:
    from collector.clock import Clock
    from collector.config.report import Report
    from model.declared import Declared
    from model.text import Language

log = logging.getLogger(__name__)

# The site's report as files by their ending, given the JSON of the one before.
Make = Callable[["Declared", bytes | None], Awaitable[Mapping[str, bytes]]]

# Puts a whole file in place, or raises OSError.
Put = Callable[[Path, bytes], None]

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# How often it is looked whether one is due, seconds; how long a report that could not be written is waited with, ns.
_LOOK: Final = 60.0
_AGAIN: Final = HOUR
# 1 January 1970 was a Thursday.
_THURSDAY: Final = 3
_OFFSET: Final = 7 * HOUR
# Told last: where it stands, the others do.
_MARK: Final = "json"
# The JSON's signature stands beside it (docs/report.md).
_SEAL: Final = ".sig"

_DONE = Text("đã ghi báo cáo kiểm tra %s", "the inspection report %s was written")
_FAILED = Text("chưa ghi được báo cáo kiểm tra của %s, sẽ thử lại: %s", "the inspection report of %s could not be written, trying again later: %s")


def last_due(now: int, day: str, time: str) -> int:
    """The latest instant up to `now` at which a report was due: that weekday at that time in Viet Nam."""
    hour, minute = (int(part) for part in time.split(":"))
    today = day_of(now)
    back = (today + _THURSDAY - _DAYS.index(day)) % 7
    due = (today - back) * DAY - _OFFSET + hour * HOUR + minute * MINUTE
    return due if due <= now else due - 7 * DAY


def written(folder: Path) -> list[Path]:
    """The finished reports of a site, oldest first, by their JSON."""
    return sorted(folder.glob(f"bao-cao-*.{_MARK}"))


def latest(folder: Path) -> bytes | None:
    """The JSON of the last one; None for none."""
    found = written(folder)
    try:
        return found[-1].read_bytes() if found else None
    except OSError:
        return None


def _signer(path: Path) -> Callable[[bytes], bytes]:
    from collector.inspection import signature  # noqa: PLC0415 - cryptography, only where reports are signed

    return partial(signature.signed, key=signature.private_key(path))


class Weekly:
    """Writes the reports of all sites when they are due. Raises ConfigError for a key that cannot be used."""

    def __init__(self, options: Report, sites: Iterable[Declared], clock: Clock, make: Make, put: Put, language: Language) -> None:
        self._options = options
        # Asked at each look: a province's groups are declared anew.
        self._sites = sites
        self._clock = clock
        self._make = make
        self._put = put
        self._language = language
        self._signed = _signer(options.key_file) if options.key_file else None
        # A box without any report begins its series with the next that is due: it has nothing to tell of the week before.
        self._began = clock.now()
        self._not_before: dict[str, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK)
                return
            await self.look()

    async def look(self) -> None:
        """Writes what is due now."""
        now = self._clock.now()
        due = last_due(now, self._options.day, self._options.time)
        for declared in self._sites:
            folder = self._options.dir / declared.site
            if self._last(folder) < due and now >= self._not_before.get(declared.site, 0):
                await self._write(declared, folder, now)

    def _last(self, folder: Path) -> int:
        """When the site's last report was written, by its name; the start of this process where there is none."""
        found = written(folder)
        try:
            stem = found[-1].stem.removeprefix("bao-cao-") if found else ""
            return int(datetime.strptime(stem, "%Y-%m-%d-%H%M").replace(tzinfo=VIETNAM).timestamp()) * SECOND if stem else self._began
        except ValueError:
            return self._began

    async def _write(self, declared: Declared, folder: Path, now: int) -> None:
        name = "bao-cao-" + datetime.fromtimestamp(now // SECOND, VIETNAM).strftime("%Y-%m-%d-%H%M")
        try:
            files = await self._make(declared, await asyncio.to_thread(latest, folder))
            await asyncio.to_thread(self._keep, folder, name, files)
        except (OSError, EOFError, JournalError) as error:
            self._not_before[declared.site] = now + _AGAIN
            log.warning(_FAILED.to(self._language), declared.site, error)
            return
        log.info(_DONE.to(self._language), folder / f"{name}.{_MARK}")

    def _keep(self, folder: Path, name: str, files: Mapping[str, bytes]) -> None:
        if self._signed:
            files = {f"{_MARK}{_SEAL}": self._signed(files[_MARK]), **files}
        folder.mkdir(parents=True, exist_ok=True)
        for ending in sorted(files, key=lambda each: each == _MARK):
            self._put(folder / f"{name}.{ending}", files[ending])
        for old in written(folder)[: -self._options.keep]:
            for path in folder.glob(f"{old.stem}.*"):
                path.unlink(missing_ok=True)
