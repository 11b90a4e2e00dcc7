"""The report over many sites at the province: read site by site, and of the findings kept in full only those that will be printed in full."""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import replace

from exporters.report.gather import gather
from model.inspection.document import instant
from model.inspection.group import MOST_ENTRIES, Member, merged
from model.text import Text

if TYPE_CHECKING:
    from model.declared import Declared
    from model.detector import About
    from model.fleet.declared import FleetDeclared
    from model.fleet.ports import FleetReader
    from model.inspection.document import Entry, Report, Short
    from model.text import Language

_SILENT: Final = Text("Tỉnh chưa nghe thấy hộp nào của điểm này.", "The province has heard no box of this site.")
_NOTHING: Final = Text("", "")


class Series(NamedTuple):
    """A series of reports of the province: its code, which is a file's name too, what people call it, and the sites it is about."""

    code: str
    name: str
    sites: tuple[str, ...]


def whole(declared: FleetDeclared) -> Series:
    """The series over all sites."""
    return Series(f"tinh-{declared.province}", declared.name or declared.province, tuple(declared.sites))


def groups(declared: FleetDeclared) -> dict[str, Series]:
    """The series of the declared groups, by the groups' names."""
    sites: dict[str, list[str]] = defaultdict(list)
    for site in declared.sites.values():
        if site.group:
            sites[site.group].append(site.site)
    return {name: Series(_code(name), name, tuple(sites[name])) for name in sorted(sites)}


def _code(name: str) -> str:
    """A file's name that is a group's alone: `nhom-cum-dong-1a2b3c`. A site may be called what it likes, and so may a group."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    mark = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:6]
    return "-".join(part for part in ("nhom", words, mark) if part)


@dataclass
class Progress:
    """How many sites of how many have been read."""

    of: int
    read: int = 0


@dataclass(frozen=True)
class Inspected:
    """Where the reports of sites come from. `declared_of` gives what is declared of a site; `now` in ns."""

    reader: FleetReader
    declared_of: Callable[[str], Declared]
    abouts: Sequence[About]
    now: Callable[[], int]
    language: Language = "vi"

    async def report(self, series: Series, previous: Report | None = None, progress: Progress | None = None) -> Report:
        """The series' report as it stands now. Raises what the reader raises: a report that lacks a site without saying so is none."""
        progress = progress or Progress(len(series.sites))
        reports: list[Report] = []
        missing: list[Member] = []
        lighter, before = Lighter(previous), _Before(previous)
        for site in series.sites:
            record, declared = self.reader.site(site), self.declared_of(site)
            if await record.heartbeats():
                made = await gather(record, declared, self.abouts, previous=before.of(site), language=self.language)
                reports.append(lighter(made))
            else:
                missing.append(Member(site=site, name=declared.name, commune=declared.commune, why=_SILENT))
            progress.read += 1
        made_at = instant(self.now())
        # A province's findings take seconds to put in order: whoever else waits for this process does not wait for that.
        return await asyncio.to_thread(merged, reports, missing, code=series.code, name=series.name, previous=previous, made=made_at)


class _Before:
    """The previous report of the series as each site's own report has need of it: when it ended, and which findings stood."""

    def __init__(self, previous: Report | None) -> None:
        self._previous = replace(previous, numbers={}, findings=(), unlisted=(), sites=()) if previous else None
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._shorts: dict[str, list[Short]] = defaultdict(list)
        for entry in previous.findings if previous else ():
            self._entries[entry.site].append(entry)
        for short in previous.unlisted if previous else ():
            self._shorts[short.site].append(short)

    def of(self, site: str) -> Report | None:
        """None for a series that begins."""
        if self._previous is None:
            return None
        return replace(self._previous, site=site, findings=tuple(self._entries[site]), unlisted=tuple(self._shorts[site]))


@dataclass
class Lighter:
    """Takes from reports of sites, one after the other, what the report over all of them will not print.

    The entries that are among the worst `most` so far stay whole; `merged` orders them by the same: those that stand, by severity, by number.
    """

    previous: Report | None = None
    most: int = MOST_ENTRIES
    _worst: list[tuple[Any, ...]] = field(default_factory=list)

    def __call__(self, report: Report) -> Report:
        """The report without its own numbers and comparison, and with entries that are bare where they cannot be printed."""
        return replace(report, findings=tuple(map(self._entry, report.findings)), numbers={}, comparison=None)

    def _entry(self, entry: Entry) -> Entry:
        place = self._place(entry)
        if len(self._worst) == self.most and place > self._worst[-1]:
            return replace(entry, title=_NOTHING, summary=_NOTHING, remedy=(), evidence=(), subject="", place="", address="", law=None)
        insort(self._worst, place)
        del self._worst[self.most :]
        return entry

    def _place(self, entry: Entry) -> tuple[Any, ...]:
        number = self._given.get(entry.id)
        # Numbers that are still to be given follow the others, in the order of opening.
        order = (0, number, "") if number is not None else (1, int(entry.opened.timestamp()), entry.id)
        return (not entry.standing, -entry.severity.rank, *order)

    @property
    def _given(self) -> Mapping[str, int]:
        return self.previous.numbers if self.previous else {}
