"""The report over many sites at the province: read site by site, bound in a process of its own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from exporters.report.apart import Apart
from exporters.report.binding import Begin, Miss, Take
from exporters.report.gather import gather
from model.fleet.ports import UnreadableError
from model.inspection.document import instant
from model.inspection.group import Member
from model.text import Text

if TYPE_CHECKING:
    from model.declared import Declared
    from model.detector import About
    from model.fleet.declared import FleetDeclared
    from model.fleet.ports import FleetReader
    from model.text import Language

_SILENT: Final = Text("Tỉnh chưa nghe thấy hộp nào của điểm này.", "The province has heard no box of this site.")
_UNREADABLE: Final = Text(
    "Tỉnh không đọc được một phần tin của điểm này (hộp mới hơn tỉnh, hoặc tin hỏng).",
    "The province cannot read part of what this site sent (its box is newer than the province, or it is damaged).",
)


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


class Bound(NamedTuple):
    """A report that was made: when, its body for the page, and its files by their endings (html, csv, json)."""

    made: datetime
    body: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Inspected:
    """Where the reports of sites come from. `declared_of` gives what is declared of a site; `now` in ns."""

    reader: FleetReader
    declared_of: Callable[[str], Declared]
    abouts: Sequence[About]
    now: Callable[[], int]
    language: Language = "vi"

    async def bound(self, series: Series, before: bytes | None = None, progress: Progress | None = None) -> Bound:
        """The series' report as it stands now; `before` is the JSON of the previous one.

        Raises what the reader raises, a report that lacks a site without saying so is none; and OSError when the process that binds it ended.
        """
        progress = progress or Progress(len(series.sites))
        async with Apart(Begin(code=series.code, name=series.name, language=self.language, before=before or b"")) as binder:
            for site in series.sites:
                await binder.give(await self._site(site, binder))
                progress.read += 1
            made = instant(self.now())
            files = dict(await binder.forms(made))
        return Bound(made, files.pop("body"), files)

    async def _site(self, site: str, binder: Apart) -> Take | Miss:
        record, declared, why = self.reader.site(site), self.declared_of(site), _SILENT
        try:
            if await record.heartbeats():
                return Take(report=await gather(record, declared, self.abouts, previous=await binder.previous(site), language=self.language))
        except UnreadableError:
            # One box must not keep the report of all the others from being made.
            why = _UNREADABLE
        return Miss(member=Member(site=site, name=declared.name, commune=declared.commune, why=why))
