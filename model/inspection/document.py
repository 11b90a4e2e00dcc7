"""The inspection report as data: what its JSON holds, and what HTML and CSV are drawn from. Instants are UTC datetimes: RFC 3339 in the JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec

from model.ledger import STANDING
from model.text import Text
from model.times import SECOND
from model.verdict import Grade, Outcome, Severity

# Rises when a key changes its meaning or goes; keys may be added without.
FORMAT: Final = 1

# Without its zone nobody could say which of two reports is the later.
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Kind = Literal["judged", "unmet", "unwatched", "measured"]
# Against the previous report of the series: `first` in a report without one.
Course = Literal["first", "new", "back", "worse", "still", "closed", "lapsed"]
# Who saw: a box that stays, an inspector's laptop that was there for an hour, or reports of several sites put together (`sites` says which).
Source = Literal["box", "laptop", "group"]


def instant(at: int) -> datetime:
    """An instant (ns) to the second, as the report has it."""
    return datetime.fromtimestamp(at // SECOND, UTC)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects by their worst answer. Unknown is a count of its own, never part of clear."""

    violation: int = 0
    clear: int = 0
    unknown: int = 0
    not_applicable: int = 0


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer, and for how many verdicts; `applies` False: the matter does not apply, or nobody declared what it is judged by."""

    reason: Text
    count: int
    applies: bool = True


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One of the fifteen. `counts` are null for the measured row; `findings` are numbers of this report, worst first.

    `by_kind` are the counts apart for each kind of subject (`model.inspection.counted`); `unmet` are the kinds that the matter is about and of which
    nothing was judged. `sites` counts whole sites by the worst of each, in a report over several: a site nobody reports of is unknown there.
    """

    number: int
    title: Text
    violation: Text
    kind: Kind
    detectors: tuple[str, ...] = ()
    counts: Counts | None = None
    findings: tuple[int, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    sites: Counts | None = None
    by_kind: dict[str, Counts] = {}
    unmet: tuple[str, ...] = ()


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence: its kind, its value raw as heard (cut, one line), when."""

    kind: str
    value: str
    at: Instant


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A finding. `number` is its own in the whole series of reports, `id` in the whole system; `law` on personal data in force when it was opened."""

    number: int
    id: str
    detector: str
    rows: tuple[int, ...]
    course: Course
    state: str
    severity: Severity
    grade: Grade
    subject: str
    place: str = ""
    address: str = ""
    title: Text
    summary: Text
    remedy: tuple[Text, ...] = ()
    evidence: tuple[Piece, ...] = ()
    more_evidence: int = 0
    opened: Instant
    updated: Instant
    times: int = 1
    owner: str = ""
    accepted_until: Instant | None = None
    cause: str = "observed"
    cause_by: str = ""
    cause_why: str = ""
    law: Text | None = None
    site: str = ""

    @property
    def standing(self) -> bool:
        """Whether it is still violated."""
        return self.state in STANDING


class Short(msgspec.Struct, frozen=True, array_like=True):
    """A finding of a report over several sites that is not printed in full: enough to compare the next report with."""

    number: int
    id: str
    state: str
    severity: Severity
    grade: Grade
    detector: str
    site: str

    @property
    def standing(self) -> bool:
        """Whether it was still violated."""
        return self.state in STANDING


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that stood in the previous report and that the journal no longer holds: nobody can say what became of it."""

    number: int
    id: str
    title: Text
    subject: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Against the previous report: numbers of findings by their course. Lapsed (no longer seen) is never counted as closed."""

    previous: Instant
    new: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    worse: tuple[int, ...] = ()
    still: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    lapsed: tuple[int, ...] = ()
    gone: tuple[Gone, ...] = ()


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """How long one leg was listened to: hours of the period, of the seven days before its end, and the longest the hearing could be. `last`: null for never.

    `site` here and below: of which site, in a report over several.
    """

    leg: str
    vantage: str
    hours: float
    of: float
    week_hours: float
    last: Instant | None = None
    uplinks: tuple[str, ...] = ()
    site: str = ""


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds from what happened to its delivery at one sink, since its process began: half and 95 of 100 within so many; null: beyond every bound."""

    sink: str
    count: int
    mean: float
    half: float | None
    most: float | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What one sink has not been given yet: rows, the age of the oldest in seconds, dead letters."""

    sink: str
    waiting: int
    oldest: int
    dead: int


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """Row 15. `opened`: findings of the period; seconds from the first sight of a violation to its finding: half of them within, and the longest."""

    watched: tuple[Watched, ...] = ()
    opened: int = 0
    half: float | None = None
    longest: float | None = None
    delivered: tuple[Delivered, ...] = ()
    waiting: tuple[Waiting, ...] = ()


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A PC by its own answers, for the plan to replace old ones. Memory and disk in bytes; `days` since its system was installed; null: not told."""

    name: str
    at: Instant
    product: str = ""
    model: str = ""
    processor: str = ""
    cores: int | None = None
    memory: int | None = None
    disk: int | None = None
    days: int | None = None
    support_ends: str = ""
    out_of_support: bool | None = None
    site: str = ""


class Strange(msgspec.Struct, frozen=True, kw_only=True):
    """Programs without a known publisher on one PC: how many, and names of some of them."""

    name: str
    unknown: int
    installed: int
    programs: tuple[str, ...] = ()
    site: str = ""


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """What the reports of 2025 also asked: `silent` PCs told nothing of their hardware, `untold` nothing of their programs.

    `more_machines`, `more_programs`: left out of the lists of a report over several sites, and counted.
    """

    machines: tuple[Machine, ...] = ()
    silent: int = 0
    programs: tuple[Strange, ...] = ()
    untold: int = 0
    more_machines: int = 0
    more_programs: int = 0


class Manual(msgspec.Struct, frozen=True, kw_only=True):
    """What an inspector saw himself and answers for. `matter`: a number of the fifteen or the code of a row checked by hand, empty for neither.

    `day` as 2026-11-22, in Viet Nam. Never added to what the rules counted.
    """

    matter: str = ""
    what: str = ""
    subject: str = ""
    result: Outcome
    note: str = ""
    inspector: str
    day: str
    site: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One site of a report over several: its counts by row, how it stands in each (null for the measured row), findings that stand, hours of the last week.

    `made` null: there is no report of it, `why` says so, and it is unknown in every row.
    """

    site: str
    name: str = ""
    commune: str = ""
    source: Source = "box"
    made: Instant | None = None
    why: Text | None = None
    counts: tuple[Counts | None, ...] = ()
    outcomes: tuple[Outcome | None, ...] = ()
    standing: int = 0
    week_hours: float = 0.0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One inspection report. `made` is core's time at which verdicts stood so; `since`, `until` the period of findings and hours.

    `numbers` holds every number ever given in the series, by the finding's id: the next report goes on from it. `inspector` answers for a laptop's report.
    """

    format: int = FORMAT
    site: str
    name: str = ""
    commune: str = ""
    province: str = ""
    box: str = ""
    made: Instant
    since: Instant
    until: Instant
    rows: tuple[Row, ...]
    findings: tuple[Entry, ...]
    comparison: Comparison | None = None
    response: Response
    annex: Annex
    numbers: dict[str, int] = {}
    source: Source = "box"
    inspector: str = ""
    manual: tuple[Manual, ...] = ()
    sites: tuple[Part, ...] = ()
    unlisted: tuple[Short, ...] = ()
