"""The dated table of Windows updates and support ends, as declared-like data: shipped with the program, replaced offline by the user, never fetched.

Days are numbers of days (`model.times.day_of`). A revision above the newest of its build is newer than the table, never unpatched.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal

import msgspec

# Which editions a line of support ends is for: Home and Pro, Enterprise and Education, long-term (LTSC, IoT), or all.
EditionClass = Literal["home", "enterprise", "long_term", ""]


class Release(msgspec.Struct, frozen=True, order=True):
    """One cumulative update: the build it is for, the revision (UBR) it brings, the day it came out."""

    build: int
    revision: int
    day: int


class SupportEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Until which day a version of Windows gets updates; `paid`: where extended updates (ESU) are sold, until then. `label` for people: `10 22H2`."""

    build: int
    label: str
    ends: int
    edition: EditionClass = ""
    paid: int | None = None


class OfficeEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The same for a version of Office, by its id: `office-2016`."""

    version: str
    label: str
    ends: int


class Builds(msgspec.Struct, frozen=True, kw_only=True):
    """`releases` sorted; `as_of` the day to which they go, 0 for no table. `source` for people: who published it."""

    as_of: int = 0
    source: str = ""
    releases: tuple[Release, ...] = ()
    ends: tuple[SupportEnd, ...] = ()
    office: tuple[OfficeEnd, ...] = ()

    def released(self, build: int, revision: int) -> int | None:
        """The day of the newest update that a PC with this revision has; None where the build is not in the table, or the revision newer or older than it."""
        place = bisect_right(self.releases, Release(build, revision, 1 << 40))
        row = self.releases[place - 1] if place else None
        beyond = place == len(self.releases) or self.releases[place].build != build
        if row is None or row.build != build or (beyond and row.revision != revision):
            return None
        return row.day

    def newest(self, build: int) -> Release | None:
        """The last update of this build that the table knows."""
        place = bisect_right(self.releases, Release(build, 1 << 40, 0))
        row = self.releases[place - 1] if place else None
        return row if row is not None and row.build == build else None

    def oldest(self, build: int) -> Release | None:
        """The first update of this build that the table knows."""
        place = bisect_left(self.releases, Release(build, 0, 0))
        row = self.releases[place] if place < len(self.releases) else None
        return row if row is not None and row.build == build else None

    def support(self, build: int, edition: EditionClass) -> SupportEnd | None:
        """The line for this build and edition; of an edition that is not known the one that lasts longest, so that nobody is told wrongly."""
        lines = [line for line in self.ends if line.build == build]
        own = [line for line in lines if edition and line.edition == edition] or [line for line in lines if not line.edition] or lines
        return max(own, key=lambda line: line.ends, default=None)

    def office_end(self, version: str) -> OfficeEnd | None:
        """The line for this version of Office."""
        return next((line for line in self.office if line.version == version), None)


def edition_class(edition: str) -> EditionClass:
    """By EditionID (`Professional`, `EnterpriseS`) or by the product's name in any language (`Windows 10 Pro`)."""
    known = edition.lower().replace(" ", "")
    if any(word in known for word in ("ltsc", "ltsb", "enterprises", "iotenterprise")):
        return "long_term"
    if "enterprise" in known or ("education" in known and "pro" not in known):
        return "enterprise"
    return "home" if any(word in known for word in ("core", "home", "pro")) else ""
