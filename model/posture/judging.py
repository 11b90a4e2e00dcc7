"""How the rules about PCs judge: which answers still hold, and what the answers to several topics come to together.

What stock osqueryd answered holds for 24 hours, in which weekends and declared holidays do not count: a PC that is off then is not silent. What was
carried here or imported is evidence of its day: as good as an answer for the same 24 hours, then aged (violations are low, nothing is clear by it), and
after 30 days nothing. A violation by any topic wins; clear takes every topic; else the verdict is unknown and names what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, TypeVar

from model.declared import Enrolled
from model.endpointfacts import Source
from model.naming import name_of
from model.posture.ask import Seen, latest, pcs, trouble
from model.posture.told import Machine, Told
from model.text import Text, shown
from model.times import DAY, HOUR, day_end, day_of, is_working
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import pc_common as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.detector import Detector
    from model.rows import Asset
    from model.site import SiteView

T = TypeVar("T", bound=Told)

FRESH: Final = DAY
# The facts script writes once a day what it found out: its word is up to a day old when it comes.
OF_SCRIPT: Final = 2 * DAY
CARRIED: Final = 30 * DAY
# An instant further ahead than this is a clock that is wrong, not an answer that is new.
_AHEAD: Final = HOUR
# The longest run of days off that is believed: more is a mistake in the file, which must not keep an answer fresh for ever.
_MAX_OFF: Final = 30
_MAX_REMEDIES: Final = 3
_MAX_EVIDENCE: Final = 16

# Of an answer: it holds, is of its day, is too old, is of the future. Without one: never asked, or its trouble (model.endpointfacts.Trouble).
Standing = Literal["fresh", "aged", "stale", "clock", "never", "failed", "denied", "refused", "absent", "script"]


class Read(NamedTuple, Generic[T]):
    """What one topic says now. `told` only where it may be used (fresh, aged); `at` when the PC said it, 0: never; `turns`: when its standing changes."""

    topic: str
    told: T | None
    standing: Standing
    at: int = 0
    source: Source = "osquery"
    turns: int | None = None


class Pc(NamedTuple):
    """An enrolled PC as rules see it. `machine` at any age: what a PC is does not change by the day. `heard`: when it last spoke."""

    asset: Asset
    name: str
    enrolled: Enrolled
    machine: Machine | None
    heard: int

    @property
    def platform(self) -> str:
        """`windows`, `linux`, `other`; empty where it never said."""
        return self.machine.platform if self.machine else ""


class Wrong(NamedTuple):
    """One thing that is wrong by the word of `by`. `what` and `value` are its short machine form, `said` a clause for people (no name, no full stop)."""

    what: str
    said: Text
    by: Read[Any]
    value: str = "yes"
    severity: Severity = Severity.MEDIUM
    grade: Grade = Grade.CONFIRMED
    remedy: tuple[Text, ...] = ()
    title: Text | None = None
    seen: tuple[Evidence, ...] = ()


class Case(NamedTuple):
    """All that a rule found of one PC. `needed`: the topics without which nothing is clear; `doubts`: clauses why it is not, though all was told.

    `beside`: evidence from elsewhere, like the wire; `again`: when it must be judged anew, though no answer turns.
    """

    wrongs: Sequence[Wrong]
    needed: Sequence[Read[Any]]
    good: Text
    doubts: Sequence[Text] = ()
    grade: Grade = Grade.CONFIRMED
    beside: tuple[Evidence, ...] = ()
    again: int | None = None


def pc_of(view: SiteView, subject: Subject) -> Pc | None:
    """The PC that this subject is; None for what is no enrolled PC."""
    asset, rows = view.assets.get(subject.id), pcs(view, subject.id)
    if asset is None or not rows:
        return None
    names = {*(row.id for row in rows), *asset.macs, *(told.partition(":")[2].lower() for told in asset.names)}
    enrolled = view.declared.pc(frozenset(names)) or Enrolled(id=rows[0].id)
    machine = latest(view, asset.id, Machine)
    return Pc(asset, _name(view, asset, enrolled), enrolled, machine.told if machine else None, max(row.seen.last for row in rows))


def read(view: SiteView, pc: Pc, kind: type[T], *, fresh: int = FRESH, carried: int = 0) -> Read[T]:
    """What the PC says of this topic now. `fresh`: for how long it holds, days off not counted; `carried`: for how long an import of it does, all days counted.

    They are given where a topic is told once a day (the facts script's), or is a setting that people rarely touch.
    """
    topic = str(kind.__struct_config__.tag)
    seen = latest(view, pc.asset.id, kind)
    if seen is None:
        return Read(topic, None, trouble(view, pc.asset.id, kind) or "never")
    if seen.trouble == "absent":
        return Read(topic, None, "absent", seen.at, seen.source)
    standing, turns = _standing(view, seen, fresh, carried)
    if standing == "stale" and seen.trouble is not None:
        standing = seen.trouble
    return Read(topic, seen.told if standing in ("fresh", "aged") else None, standing, seen.at, seen.source, turns)


def holds_until(at: int, holidays: Sequence[int] | None, bar: int = FRESH) -> int:
    """When an answer of `at` is `bar` old, days off not counted."""
    off = frozenset(holidays or ())
    left, skipped = bar, 0
    while True:
        end = day_end(at)
        if not is_working(day_of(at), off) and skipped < _MAX_OFF:
            skipped += 1
        elif at + left <= end:
            return at + left
        else:
            left -= end - at
        at = end


def band(count: int) -> str:
    """A count as a facet: one more or less is no news, ten times as many is."""
    return "1" if count == 1 else "2-9" if count < 10 else "10-49" if count < 50 else "50+"


def conclude(rule: Detector, view: SiteView, pc: Pc, case: Case) -> Verdict:
    """The rule's verdict on this PC."""
    if case.wrongs:
        return _violation(rule, view, pc, case)
    wanted = [each for each in case.needed if each.standing != "absent"]
    if not wanted:
        return not_for(rule, pc, words.NOT_ASKED_OF_THIS)
    missing = [each for each in wanted if each.standing != "fresh"]
    if missing or case.doubts:
        why = words.unsure(pc.name, case.doubts, [(each.topic, each.standing, each.at) for each in missing], view.now)
        return _other(rule, view, pc, case, Outcome.UNKNOWN, why)
    return _other(rule, view, pc, case, Outcome.CLEAR, words.good(pc.name, case.good, _oldest(wanted), view.now))


def not_for(rule: Detector, pc: Pc, why: Text) -> Verdict:
    """The rule has nothing to say about such a PC, or for want of an inventory."""
    return rule.verdict(Subject("asset", pc.asset.id), Outcome.NOT_APPLICABLE, why, reason=why)


def _name(view: SiteView, asset: Asset, enrolled: Enrolled) -> str:
    if enrolled.name:
        return shown(enrolled.name)
    heard = name_of(view.declared, asset)
    # Never an id of our own making where the certificate has a name that people gave.
    return enrolled.id if heard == asset.id else heard


def _standing(view: SiteView, seen: Seen[Any], bar: int, carried: int) -> tuple[Standing, int | None]:
    if seen.at > view.now + _AHEAD:
        return "clock", seen.at
    live = seen.source == "osquery"
    fresh = seen.at + carried if carried and not live else holds_until(seen.at, view.declared.holidays, bar)
    if view.now < fresh:
        return "fresh", fresh
    if live or view.now >= seen.at + CARRIED:
        return "stale", None
    return "aged", seen.at + CARRIED


def _violation(rule: Detector, view: SiteView, pc: Pc, case: Case) -> Verdict:
    wrongs = sorted((_dated(wrong) for wrong in case.wrongs), key=lambda each: (-each.severity.rank, -each.grade.rank))
    worst = wrongs[0]
    steps = dict.fromkeys(step for wrong in wrongs for step in wrong.remedy)
    seen = [piece for wrong in wrongs for piece in wrong.seen or (Evidence("state", f"{wrong.what}: {wrong.value}", wrong.by.at),)]
    return Verdict(
        detector=rule.about.id,
        subject=Subject("asset", pc.asset.id),
        outcome=Outcome.VIOLATION,
        severity=worst.severity,
        grade=worst.grade,
        urgency=Urgency.TICKET if worst.severity is Severity.HIGH else Urgency.REPORT,
        title=worst.title or rule.about.title,
        summary=words.wrong(pc.name, [wrong.said for wrong in wrongs], (worst.by.source, worst.by.standing, worst.by.at), view.now),
        remedy=tuple(steps)[:_MAX_REMEDIES],
        evidence=tuple([*seen, *case.beside, *_ages(pc, _reads(case))][:_MAX_EVIDENCE]),
        state=tuple(sorted({wrong.what: wrong.value for wrong in reversed(wrongs)}.items())),
        recheck_at=_again(case),
    )


def _dated(wrong: Wrong) -> Wrong:
    """What was so on the day of an old bundle may be mended by now."""
    return wrong._replace(severity=Severity.LOW) if wrong.by.standing == "aged" else wrong


def _other(rule: Detector, view: SiteView, pc: Pc, case: Case, outcome: Outcome, said: Text) -> Verdict:
    return rule.verdict(
        Subject("asset", pc.asset.id),
        outcome,
        said,
        evidence=(*case.beside, *_ages(pc, _reads(case))),
        grade=case.grade if outcome is Outcome.CLEAR else Grade.INFERRED,
        reason=said if outcome is Outcome.UNKNOWN else None,
        unseen=view.unseen(pc.asset, max(pc.asset.seen.last, pc.heard)) if outcome is Outcome.UNKNOWN else 0,
        recheck_at=_again(case),
    )


def _reads(case: Case) -> list[Read[Any]]:
    """Each topic once."""
    return list({each.topic: each for each in (*(wrong.by for wrong in case.wrongs), *case.needed)}.values())


def _ages(pc: Pc, reads: Sequence[Read[Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence("age", f"{each.topic} {each.source} {each.standing}", each.at or pc.heard) for each in reads)


def _again(case: Case) -> int | None:
    turns = (case.again, *(each.turns for each in _reads(case)))
    return min((at for at in turns if at is not None), default=None)


def _oldest(reads: Sequence[Read[Any]]) -> tuple[Source, Standing, int]:
    oldest = min(reads, key=lambda each: each.at)
    return oldest.source, oldest.standing, oldest.at
