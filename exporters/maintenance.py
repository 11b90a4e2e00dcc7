"""Maintenance windows: for how long who does not want to be called about which site, and why. A file in the state folder, written by the commands alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from exporters.durable import write_whole
from model.ledger import Finding
from model.text import Language, Text
from model.times import DAY
from model.verdict import Severity

log = logging.getLogger(__name__)

# A window that nobody ended would be a box that alerts nobody.
LONGEST = 30 * DAY
# Ended windows are kept for as long as a row from inside one may still wait.
_KEPT = 30 * DAY
NAME = "maintenance.json"
# What must wake people whatever is being repaired, unless the window names the very rule.
TAKEOVER, PORTALS = "VG-NET-03", "VG-WEB-"

_UNREADABLE = Text("không đọc được %s, nên không cửa sổ bảo trì nào có hiệu lực: %s", "%s cannot be read, so no maintenance window holds: %s")


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """From when until when (ns) nobody is called about what `detector` ("" for all) finds at `site`; by whom, why. `ended_by` where it ended early."""

    id: str
    site: str
    detector: str = ""
    begins: int
    ends: int
    by: str
    why: str
    ended_by: str = ""

    def covers(self, finding: Finding, at: int) -> bool:
        """Whether people are not to be called about it at `at`."""
        if not self.begins <= at < self.ends or finding.site != self.site:
            return False
        return finding.detector == self.detector or (not self.detector and not never_held(finding))


def never_held(finding: Finding) -> bool:
    """A screen or a portal taken over: the harm is being done now, to the public."""
    return finding.severity is Severity.CRITICAL and (finding.detector == TAKEOVER or finding.detector.startswith(PORTALS))


_decode = msgspec.json.Decoder(tuple[Window, ...]).decode


class Windows:
    """The windows as the file has them now."""

    def __init__(self, path: Path, language: Language = "vi") -> None:
        self._path = path
        self._language = language
        self._seen: tuple[int, int, int] | None = None
        self._windows: tuple[Window, ...] = ()
        self._unreadable = False

    def all(self) -> Sequence[Window]:
        """Every window that is kept; none where the file cannot be read: whoever cannot know must call."""
        try:
            stat = self._path.stat()
            # The file is replaced, never written over: another inode is another content.
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._seen, self._windows, self._unreadable = seen, read(self._path), False
        except FileNotFoundError:
            self._seen, self._windows = None, ()
        except (OSError, ValueError) as error:
            if not self._unreadable:
                log.error(_UNREADABLE.to(self._language), self._path, error)  # noqa: TRY400 - one sentence
            self._seen, self._windows, self._unreadable = None, (), True
        return self._windows

    def holding(self, finding: Finding, at: int) -> Window | None:
        """The window, of those that cover it at `at`, that ends last."""
        return max((window for window in self.all() if window.covers(finding, at)), key=lambda window: window.ends, default=None)


def read(path: Path) -> tuple[Window, ...]:
    """What the file holds; nothing where there is none. Raises OSError, and ValueError when it holds something else."""
    return _decode(path.read_bytes()) if path.exists() else ()


def write(path: Path, windows: Sequence[Window], now: int) -> None:
    """Puts these in place of what the file held, without those that ended long ago. Raises OSError."""
    # Where services have folders of their own, each has a link here to the one file.
    write_whole(path.resolve(), msgspec.json.encode([window for window in windows if now - window.ends < _KEPT]))
