"""Lists of gambling names that others keep. None comes with the program and none is fetched: a file is put at a path.

A list is a stranger's word: it only raises a grade (a sign of kind `feed`), and a copy that is stale, shrunken, swollen or no list at all is refused.
research/web.md 3.4: one public list went from 2,500 names to 9 to 342,623 within a year.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from collector.clock import Clock
from collector.sensors.portals.feeds_copy import Copies, Taken
from collector.sensors.portals.feeds_formats import FeedFormat, names_in
from collector.sensors.portals.feeds_names import Names, candidates
from model.text import Text, shown
from model.times import DAY, SECOND
from model.webfacts import Sign

MAX_BYTES = 128 << 20
MAX_NAMES = 4_000_000
# A list somebody keeps by hand grows from five names to eight: no sign of anything.
_SLACK = 20


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One list as configured; names as in `[[portals.feeds]]`. `max_age` in ns, `max_change` in per cent of the last good copy."""

    name: str
    path: Path
    format: FeedFormat = "domains"
    max_age: int = 30 * DAY
    max_change: int = 30
    weight: int = 1


class FeedState(msgspec.Struct, frozen=True, kw_only=True):
    """How a list stands, for metrics and the page.

    `entries` in use, 0 when none are; `age` in seconds of the copy in use since its maker's date, -1 for none; `refused` how often a file was refused since the
    start, `refusal` why the last one was, None once one was taken.
    """

    name: str
    entries: int
    age: int
    refused: int
    refusal: Text | None
    weight: int


class _Unfit(Exception):
    """A file that is not taken."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class _List:
    """One list and its last good copy."""

    def __init__(self, feed: Feed, copies: Copies) -> None:
        self.feed = feed
        self.refused = 0
        self.refusal: Text | None = None
        self._copies = copies
        self._good: Taken | None = None
        self._loaded = False
        self._stamped: tuple[int, int, int] | None = None

    def names(self, now: int) -> Names | None:
        """The names that hold now: those of the last good copy, until it is too old."""
        return self._good.names if self._good and now - self._good.dated <= self.feed.max_age else None

    def state(self, now: int) -> FeedState:
        names = self.names(now)
        age = (now - self._good.dated) // SECOND if self._good else -1
        return FeedState(
            name=self.feed.name,
            entries=len(names) if names is not None else 0,
            age=age,
            refused=self.refused,
            refusal=self.refusal,
            weight=self.feed.weight,
        )

    def refresh(self, now: int) -> Text | None:
        """Takes the file if it is new and good; answers why not, once a file."""
        self._know()
        try:
            stamp = self._stamp()
        except (OSError, _Unfit) as error:
            self._stamped = None
            return self._refuse(error, now)
        if stamp == self._stamped and not self._aged(now):
            return None
        self._stamped = stamp
        try:
            self._take(stamp[0], now)
        except (OSError, _Unfit) as error:
            return self._refuse(error, now)
        self.refusal = None
        return None

    def _know(self) -> None:
        """The last good copy is known, and still there: who removes it says that the next file is to be believed."""
        if not self._loaded:
            self._good, self._loaded = self._copies.load(self.feed.name), True
        elif self._good is not None and not self._copies.path(self.feed.name).exists():
            self._good = self._stamped = None

    def _aged(self, now: int) -> bool:
        """The file was good when it was read, and has become too old since."""
        return self.refusal is None and self._good is not None and now - self._good.dated > self.feed.max_age

    def _stamp(self) -> tuple[int, int, int]:
        found = self.feed.path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _Unfit(Text("không phải một tệp", "it is no file"))
        if found.st_size > MAX_BYTES:
            raise _Unfit(Text(f"lớn hơn {MAX_BYTES >> 20} MiB", f"it is larger than {MAX_BYTES >> 20} MiB"))
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _take(self, dated: int, now: int) -> None:
        # A file from the future (a wrong clock somewhere) must not stay fresh for ever.
        dated = min(dated, now)
        if now - dated > self.feed.max_age:
            days = (now - dated) // DAY
            raise _Unfit(Text(f"đã {days} ngày không được cập nhật", f"it was not renewed for {days} days"))
        names = self._read()
        if self._good is not None:
            self._check_change(len(self._good.names), len(names))
        taken = Taken(dated=dated, taken=now, names=names)
        self._good = taken
        self._copies.save(self.feed.name, taken)

    def _read(self) -> Names:
        junk = 0

        def each() -> Iterable[str]:
            nonlocal junk
            count = 0
            with self.feed.path.open(encoding="utf-8-sig", errors="replace") as file:
                for name in names_in(file, self.feed.format):
                    if name is None:
                        junk += 1
                        continue
                    count += 1
                    if count > MAX_NAMES:
                        raise _Unfit(Text(f"có hơn {MAX_NAMES} tên", f"it has more than {MAX_NAMES} names"))
                    yield name

        names = Names(each())
        if not names:
            raise _Unfit(Text(f"không có tên miền nào ở dạng {self.feed.format}", f"it has no names of the format {self.feed.format}"))
        if junk > len(names):
            raise _Unfit(
                Text(
                    f"phần lớn không phải dạng {self.feed.format}: {junk} dòng hỏng, {len(names)} tên",
                    f"most of it is not of the format {self.feed.format}: {junk} lines of junk, {len(names)} names",
                )
            )
        return names

    def _check_change(self, before: int, after: int) -> None:
        change = abs(after - before)
        if change > _SLACK and change * 100 > before * self.feed.max_change:
            raise _Unfit(
                Text(
                    f"số tên đổi từ {before} thành {after}, quá {self.feed.max_change} %; nếu đúng vậy thì xóa {self._copies.path(self.feed.name)}",
                    f"it changed from {before} names to {after}, more than {self.feed.max_change} %; "
                    f"if that is right, remove {self._copies.path(self.feed.name)}",
                )
            )

    def _refuse(self, error: OSError | _Unfit, now: int) -> Text | None:
        why = error.why if isinstance(error, _Unfit) else _unreadable(error)
        names = self.names(now)
        held = Text("vẫn dùng bản tốt gần nhất", "the last good copy holds") if names is not None else Text("không dùng danh sách này", "the list is not used")
        told = Text(
            f'Danh sách "{self.feed.name}" ({shown(str(self.feed.path), 200)}) bị từ chối: {why.vi}; {held.vi}.',
            f'The list "{self.feed.name}" ({shown(str(self.feed.path), 200)}) is refused: {why.en}; {held.en}.',
        )
        if told == self.refusal:
            return None
        self.refused += 1
        self.refusal = told
        return told


def _unreadable(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("không có tệp này", "there is no such file")
    why = os.strerror(error.errno or 0)
    return Text(f"không đọc hoặc ghi được ({why})", f"it cannot be read or written ({why})")


class Feeds:
    """All lists. `refresh` reads files, for a worker thread; the rest is quick."""

    def __init__(self, feeds: Sequence[Feed], folder: Path, clock: Clock) -> None:
        """`folder` is where last good copies are kept."""
        copies = Copies(folder)
        self._lists = [_List(feed, copies) for feed in feeds]
        self._clock = clock

    def refresh(self) -> tuple[Text, ...]:
        """Takes what is new; answers a sentence for each list that is refused and was not refused for the same before."""
        now = self._clock.now()
        return tuple(told for each in self._lists if (told := each.refresh(now)) is not None)

    def states(self) -> tuple[FeedState, ...]:
        """How each list stands."""
        now = self._clock.now()
        return tuple(each.state(now) for each in self._lists)

    def sign(self, host: str) -> Sign | None:
        """The sign that lists hold `host` or a name it stands below: `hits` is the weight of all that do."""
        now, names = self._clock.now(), candidates(host)
        found: list[tuple[Feed, str]] = []
        for each in self._lists:
            listed = each.names(now)
            name = next((name for name in names if name in listed), "") if listed is not None else ""
            if name:
                found.append((each.feed, name))
        if not found:
            return None
        told = ", ".join(f"{feed.name}: {name}" for feed, name in found)
        return Sign(kind="feed", value=shown(told, 300), page=host, hosts=(host,), gambling=True, hits=sum(feed.weight for feed, _ in found))
