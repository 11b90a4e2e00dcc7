"""Finding 10: the account that somebody works in day by day is an administrator's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from model.declared import Enrolled
from model.detector import About, Closing
from model.posture.ask import pcs
from model.posture.judging import Case, Pc, Read, Wrong, conclude, not_for, read
from model.posture.rows import Day
from model.posture.rule import PcRule
from model.posture.told import Working
from model.site import SiteView
from model.times import day_of, is_working, local
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Verdict
from model.wording import daily_admin as words
from model.wording import pc_common

# Holidays stretch the working days looked at, never by more than this.
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyAdmin(PcRule):
    """VG-END-07. On how many (`admin_days`) of the last `days` working days an administrator's account was worked in; `builtin_days` for RID 500 itself."""

    days: int = 5
    admin_days: int = 3
    builtin_days: int = 1

    about: ClassVar[About] = About(
        id="VG-END-07",
        findings=(10,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1026",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """By the days on which somebody worked, as far as they are known."""
        if pc.enrolled.use in ("admin", "server"):
            return not_for(self, pc, words.OURS)
        working = read(view, pc, Working)
        known = _known(view, pc.asset.id, self.days)
        wrongs = list(self._wrongs(working, known, pc.enrolled, view.now)) if working.told is not None else []
        if not wrongs and view.now < pc.enrolled.admins:
            said = words.exempt(pc.name, pc.enrolled.why, pc.enrolled.owner, _day(pc.enrolled.admins))
            seen = (Evidence("declared", f"admins until {_day(pc.enrolled.admins)}", working.at or pc.heard),)
            return self.verdict(Subject("asset", pc.asset.id), Outcome.CLEAR, said, evidence=seen, grade=Grade.CONFIRMED, recheck_at=pc.enrolled.admins)
        unknown = self.days - len(known)
        doubts = [words.too_few(len(known), self.days)] if _most(known) + unknown >= self.admin_days else []
        verdict = conclude(self, view, pc, Case(wrongs, [working], words.GOOD, doubts))
        counts = f"known {len(known)}/{self.days}, administrator {_most(known)}, built-in {_builtin(known)}"
        return replace(verdict, evidence=(*verdict.evidence, Evidence("count", counts, working.at or pc.heard)))

    def _wrongs(self, working: Read[Working], known: Mapping[int, Day], pc: Enrolled, now: int) -> Iterator[Wrong]:
        # What somebody signed for is an administrator's account, not the one that nothing restrains.
        if (days := _builtin(known)) >= self.builtin_days:
            remedy = (*words.REMEDY_BUILTIN, *words.REMEDY)
            yield Wrong("builtin", words.builtin(days, self.days), working, "used", Severity.HIGH, remedy=remedy)
        elif (days := _most(known)) >= self.admin_days and now >= pc.admins:
            yield Wrong("account", words.daily(days, self.days), working, "administrator", remedy=words.REMEDY)
            if pc.admins:
                yield Wrong("exemption", words.ran_out(_day(pc.admins)), working, "over", remedy=words.REMEDY)


def _known(view: SiteView, asset: str, count: int) -> dict[int, Day]:
    """Who worked there on the last working days, as far as the PC told. Today counts once it was told of."""
    rows = pcs(view, asset)
    told = {day: _merged([row.days[day] for row in rows if day in row.days]) for row in rows for day in row.days}
    today, off = day_of(view.now), view.declared.holidays or ()
    latest = today if today in told else today - 1
    working = [day for day in range(latest, latest - _LOOK_BACK, -1) if is_working(day, off)][:count]
    return {day: told[day] for day in working if day in told}


def _merged(days: Sequence[Day]) -> Day:
    """A PC that was enrolled anew told of one day under two names."""
    users, admins = ({user for day in days for user in getattr(day, field)} for field in ("users", "admins"))
    return Day(sorted(users), sorted(admins), any(day.builtin for day in days))


def _most(known: Mapping[int, Day]) -> int:
    """On how many days the most used administrator's account was worked in: a technician who came once is none."""
    return max(Counter(user for day in known.values() for user in day.admins).values(), default=0)


def _builtin(known: Mapping[int, Day]) -> int:
    return sum(day.builtin for day in known.values())


def _day(until: int) -> str:
    """The last day of an exemption, `dd/MM/yyyy`."""
    return local(until - 1).partition(" ")[0]
