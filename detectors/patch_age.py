"""Finding 9: updates older than 45 or 90 days, a product out of support, updating switched off.

The revision of Windows is compared with the dated table. Beyond the table the PC's own history of updates speaks, then what is known of the PCs here: a
revision is at least as old as the first PC that had it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from model.detector import About, Closing
from model.posture import revisions
from model.posture.ask import pcs
from model.posture.builds import SupportEnd, edition_class
from model.posture.judging import Case, Pc, Read, Wrong, conclude, read
from model.posture.rule import PcRule
from model.posture.told import Machine, Office, PiracyTraces, UpdateControl, Updates
from model.site import SiteView
from model.text import Text
from model.times import HOUR, day_of
from model.verdict import Evidence, Grade, Severity, Verdict
from model.wording import patch_age as words
from model.wording import pc_common

_BLOCKED = "hosts_updates"


class _Age(NamedTuple):
    """How old a PC's updates are, or at least are, and by whose word."""

    days: int
    said: Text
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchAge(PcRule):
    """VG-END-06. `days`, `bad_days`: the ages of the newest update that are told; `table_days`: how old the table may be before each verdict says so."""

    days: int = 45
    bad_days: int = 90
    table_days: int = 60

    only_windows: ClassVar[bool] = True
    about: ClassVar[About] = About(
        id="VG-END-06",
        findings=(9,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1051",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Out of support first: such a PC gets no updates, whatever their age."""
        machine, updates, control, office = read(view, pc, Machine), read(view, pc, Updates), read(view, pc, UpdateControl), read(view, pc, Office)
        doubts = [words.CONTROL_UNREAD] if control.told is not None and control.told.service_off is None and control.told.policy_off is None else []
        wrongs = [*_control(control, read(view, pc, PiracyTraces)), *_office(view, office)]
        needed: list[Read[Machine] | Read[UpdateControl] | Read[Updates] | Read[Office]] = [machine, control, *([office] if office.at else [])]
        age = None
        if machine.told is not None and (ended := _ended(view, machine.told, updates)) is not None:
            wrongs.insert(0, _unsupported(machine, ended))
        elif machine.told is not None:
            age = self._age(view, pc, machine.told, updates)
            wrongs.extend(self._old(view, machine, age))
            doubts.extend(self._unsure(view, machine.told, age))
            if age is None:
                needed.append(updates)
        good = self._dated(view, words.fresh(age.days)) if age else words.TITLE
        return conclude(self, view, pc, Case(wrongs, needed, good, doubts, age.grade if age else Grade.INFERRED, again=view.now + 12 * HOUR))

    def _age(self, view: SiteView, pc: Pc, machine: Machine, updates: Read[Updates]) -> _Age | None:
        """By the table; beyond it by the PC's history; then by what is known of the PCs here."""
        today, builds = day_of(view.now), view.declared.builds
        if not machine.build:
            return None
        if (released := builds.released(machine.build, machine.revision)) is not None:
            return _Age(today - released, words.by_table(today - released, released), Grade.CONFIRMED)
        oldest = builds.oldest(machine.build)
        if oldest is not None and machine.revision < oldest.revision:
            return _Age(today - oldest.day, words.older(today - oldest.day, oldest.day), Grade.CONFIRMED)
        if updates.told is not None and updates.told.last is not None:
            age = max(0, today - updates.told.last)
            return _Age(age, words.by_history(age, updates.told.last), Grade.LIKELY)
        return self._by_fleet(view, pc, machine)

    def _by_fleet(self, view: SiteView, pc: Pc, machine: Machine) -> _Age | None:
        today = day_of(view.now)
        lacks = revisions.newer_since(view.posture, machine.build, machine.revision)
        out = revisions.out_since(view.posture, machine.build, machine.revision)
        if lacks is not None and (age := today - day_of(lacks)) > self.days:
            return _Age(age, words.newer_here(age, day_of(lacks)), Grade.INFERRED)
        if out is not None and (age := today - day_of(out)) > self.days:
            return _Age(age, words.by_fleet(age, day_of(out)), Grade.INFERRED)
        # A lower bound that is low says nothing; that the PC was seen to change does.
        changed = revisions.changed_at(pcs(view, pc.asset.id), machine.build, machine.revision)
        return _Age(today - day_of(changed), words.by_change(today - day_of(changed), day_of(changed)), Grade.INFERRED) if changed is not None else None

    def _old(self, view: SiteView, machine: Read[Machine], age: _Age | None) -> list[Wrong]:
        if age is None or age.days <= self.days:
            return []
        told = machine.told
        version = f"{told.build}.{told.revision}" if told else ""
        seen = (Evidence("version", version, machine.at),)
        value = str(self.bad_days if age.days > self.bad_days else self.days)
        return [Wrong("patch", self._dated(view, age.said), machine, value, grade=age.grade, remedy=words.UPDATE, seen=seen)]

    def _unsure(self, view: SiteView, machine: Machine, age: _Age | None) -> list[Text]:
        doubts = []
        if not machine.build:
            doubts.append(words.NO_BUILD)
        elif age is None:
            doubts.append(words.beyond(view.declared.builds.as_of))
        if _unclear_support(view, machine):
            doubts.append(words.EDITION_UNREAD)
        return doubts

    def _dated(self, view: SiteView, said: Text) -> Text:
        """The sentence with the table's age where that is too old to go unsaid."""
        as_of = view.declared.builds.as_of
        return pc_common.also(said, words.table_ends(as_of)) if as_of and day_of(view.now) - as_of > self.table_days else said


def _ended(view: SiteView, machine: Machine, updates: Read[Updates]) -> SupportEnd | None:
    """The line by which this Windows gets no updates any more; None where it does, or is paid for, or is no matter of the table (servers)."""
    if machine.server or not machine.build:
        return None
    line, today = view.declared.builds.support(machine.build, edition_class(machine.edition)), day_of(view.now)
    if line is None or today <= line.ends or _is_paid(view, machine, updates, line):
        return None
    return line


def _is_paid(view: SiteView, machine: Machine, updates: Read[Updates], line: SupportEnd) -> bool:
    """Extended updates come only to who has them: a revision above the last public one, or an update installed well after the end."""
    if line.paid is None or day_of(view.now) > line.paid:
        return False
    newest = view.declared.builds.newest(machine.build)
    above = newest is not None and newest.day >= line.ends and machine.revision > newest.revision
    later = updates.told is not None and updates.told.last is not None and updates.told.last > line.ends + 31
    return above or later


def _unclear_support(view: SiteView, machine: Machine) -> bool:
    """The edition is not known, and of some editions the support is over."""
    if machine.server or edition_class(machine.edition):
        return False
    today = day_of(view.now)
    return any(line.build == machine.build and line.ends < today for line in view.declared.builds.ends)


def _unsupported(machine: Read[Machine], line: SupportEnd) -> Wrong:
    said = words.support_ended(f"Windows {line.label}", line.ends)
    seen = (Evidence("version", f"{line.label} build {line.build}", machine.at),)
    return Wrong("support", said, machine, line.label, Severity.HIGH, remedy=words.UPGRADE, title=words.ENDED_TITLE, seen=seen)


def _office(view: SiteView, office: Read[Office]) -> list[Wrong]:
    today = day_of(view.now)
    lines = [line for version in (office.told.versions if office.told else ()) if (line := view.declared.builds.office_end(version)) is not None]
    ended = [line for line in lines if line.ends < today]
    return [
        Wrong("office", words.support_ended(line.label, line.ends), office, line.version, Severity.HIGH, remedy=words.UPGRADE_OFFICE, title=words.ENDED_TITLE)
        for line in sorted(ended, key=lambda line: line.ends)[:1]
    ]


def _control(control: Read[UpdateControl], traces: Read[PiracyTraces]) -> list[Wrong]:
    told, found = control.told, traces.told.found if traces.told else ()
    wrongs = []
    if told is not None and told.service_off:
        wrongs.append(Wrong("updating", words.SERVICE_OFF, control, "off", remedy=words.SWITCH_ON))
    if told is not None and told.policy_off:
        wrongs.append(Wrong("policy", words.POLICY_OFF, control, "off", remedy=words.SWITCH_ON))
    if _BLOCKED in found:
        wrongs.append(Wrong("hosts", words.BLOCKED, traces, "blocked", remedy=words.UNBLOCK))
    return wrongs
