"""Binds the reports of many sites into one and writes it in all its forms: the work of a process of its own (`exporters.report.apart`)."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from exporters.report.files import forms, previous_of
from exporters.report.page import body
from model.inspection.document import Entry, Instant, Report, Short
from model.inspection.group import MOST_ENTRIES, Member, merged
from model.text import Language, Text

_NOTHING: Final = Text("", "")


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A series' report begins; `before` is the JSON of the previous one, empty for none."""

    code: str
    name: str
    language: Language
    before: bytes = b""


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for the previous report of a site."""

    site: str


class Take(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The report of the next site."""

    report: Report


class Miss(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A site of which there is none."""

    member: Member


class End(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """That was all; the report is of this moment."""

    made: Instant


Request = Begin | Ask | Take | Miss | End
# How a bound report is handed back, in this order: its body for the page, then its files.
FORMS: Final = ("body", "html", "csv", "json")


class Binder:
    """One report over many sites, as it grows."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._previous = previous_of(begin.before, begin.code)
        self._before = _Before(self._previous)
        self._lighter = Lighter(self._previous)
        self._reports: list[Report] = []
        self._missing: list[Member] = []

    def previous(self, site: str) -> Report | None:
        """The previous report as the site's own has need of it; None for a series that begins."""
        return self._before.of(site)

    def take(self, report: Report) -> None:
        """Of the site's report what will be printed."""
        self._reports.append(self._lighter(report))

    def miss(self, member: Member) -> None:
        """The site is unknown in every row."""
        self._missing.append(member)

    def report(self, made: Instant) -> Report:
        """The report over all of them."""
        return merged(self._reports, self._missing, code=self._begin.code, name=self._begin.name, previous=self._previous, made=made)

    def forms(self, made: Instant) -> Mapping[str, bytes]:
        """It in all its forms, by the names of `FORMS`."""
        report, language = self.report(made), self._begin.language
        return {"body": body(report, language).encode(), **forms(report, language)}


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
