"""In how many messages people are told: a flood as one of each group, more than they can read as one digest, what flaps as one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from exporters.fold import Bundled, Fold, fold, kind_of
from exporters.manner import NOT_TOLD, TELL, Manner, Weighed, Weighing, later
from exporters.told import FLAPPING, ToldFile
from exporters.webhook_answer import Answer
from model.ledger import CauseKind, Change, Step
from model.text import Text
from model.times import MINUTE
from model.verdict import Severity, Urgency

# While messages are folded into digests, what is critical and wakes people waits no longer than this for the next.
CRITICAL_WAIT = MINUTE

_FLAPS = Text("chập chờn: vừa đóng đã mở lại", "flapping: closed and at once open again")

Group = tuple[Bundled, ...]


class Planned(NamedTuple):
    """One message to send now: a row's change, or a fold; the rows (`seqs`) that its answer answers; how it counts among those that people can read."""

    about: Bundled | Fold
    seqs: tuple[int, ...]
    counts: Literal["one", "digest", "silent"] = "one"


class Plan(NamedTuple):
    """What is sent now, in this order, and the answers of the rows that wait."""

    messages: list[Planned]
    answers: dict[int, Answer]


class Calling:
    """Plans the messages of one sink. `silent`: steps that wake nobody there, and so are neither counted nor folded."""

    def __init__(self, manner: Manner, told: ToldFile, silent: Collection[Step]) -> None:
        self._manner = manner
        self._told = told
        self._silent = silent
        # When a group may go next. Lost with the process: then it goes at once.
        self._due: dict[tuple[str, str, Step, CauseKind], int] = {}

    async def flapping(self, change: Change, weighing: Weighing) -> Weighed:
        """What opens again within an hour of its end is told once more, as flapping; then nothing until its end has held for an hour."""
        finding, memory = change.finding, self._told.memory
        if finding.severity is Severity.CRITICAL:
            return TELL
        opened = memory.flapping.get(finding.id)
        if opened is None:
            ended = memory.ended.get(finding.id)
            flaps = change.step == "reopened" and ended is not None and 0 <= change.at - ended < FLAPPING
            return Weighed(note=_FLAPS, flaps=True) if flaps else TELL
        if change.step == "reopened":
            memory.flapping[finding.id] = change.at
            return NOT_TOLD
        if change.step not in ("resolved", "lapsed") or change.at - opened >= FLAPPING:
            return TELL
        if 0 <= weighing.now - change.at < FLAPPING:
            return Weighed(later(change.at + FLAPPING - weighing.now))
        return NOT_TOLD if await weighing.stands(finding.id) else TELL

    def plan(self, bundled: Sequence[Bundled], now: int) -> Plan:
        """The messages for these rows at `now` (ns), the worst first."""
        groups: list[Group] = []
        answers: dict[int, Answer] = {}
        known = set(self._told.memory.alone)
        again = [one for one in bundled if one.row.id in known]
        fresh = [one for one in bundled if one.row.id not in known]
        silent = [one for one in fresh if one.change.step in self._silent]
        for group in _grouped(one for one in fresh if one.change.step not in self._silent):
            wait = self._wait(group, now)
            answers.update((one.row.seq, later(wait)) for one in group if wait and not _must_not_wait(one))
            groups += self._messages([one for one in group if not wait or _must_not_wait(one)])
        groups.sort(key=_rank, reverse=True)
        room = self._room(now)
        messages = [_planned(group) for group in groups[:room]]
        over = [one for group in groups[room:] for one in group]
        if over:
            wait = self._digest_wait(over, now)
            answers.update((one.row.seq, later(wait)) for one in over if wait)
            messages += [] if wait else [_planned(over, "digest")]
        return Plan([*(_planned([one]) for one in again), *messages, *(_planned([one], "silent") for one in silent)], answers)

    def _wait(self, group: Group, now: int) -> int:
        """How long a group waits (ns), so that what follows at once is told with it. Whom it wakes hears of the first of it without waiting."""
        key, patience = kind_of(group[0].change), self._manner.group_wait
        due = self._due.pop(key, None)
        if due is not None and due - patience <= now < due:
            self._due[key] = due
            return due - now
        wakes = any(one.change.finding.urgency is Urgency.PAGE for one in group)
        # What has waited already, in an outage or for its level, is not put off again.
        fresh = any(0 <= now - one.row.at < patience for one in group)
        if wakes or (fresh and due is None):
            self._due[key] = now + patience
        return patience if fresh and due is None and not wakes else 0

    def _messages(self, group: Sequence[Bundled]) -> list[Group]:
        """Each by itself up to `group_over`; beyond it those that are critical by themselves up to as many, the rest as one."""
        most = self._manner.group_over
        if len(group) <= most:
            return [(one,) for one in group]
        alone = [one for one in group if one.change.finding.severity is Severity.CRITICAL][:most]
        rest = tuple(one for one in group if one not in alone)
        return [*((one,) for one in alone), rest]

    def _room(self, now: int) -> int:
        """How many more messages people can read now."""
        memory, manner = self._told.memory, self._manner
        memory.sent = [at for at in memory.sent if 0 <= now - at < manner.storm_window]
        return max(0, manner.storm_over - len(memory.sent))

    def _digest_wait(self, over: Sequence[Bundled], now: int) -> int:
        """How long until the next digest, ns."""
        window = self._manner.storm_window
        most = min(window, CRITICAL_WAIT) if any(_must_not_wait(one) for one in over) else window
        since = now - self._told.memory.digest
        # A clock that was set back must not silence us.
        return most - since if 0 <= since < most else 0


def _grouped(bundled: Iterable[Bundled]) -> list[Group]:
    groups: dict[tuple[str, str, Step, CauseKind], list[Bundled]] = {}
    for one in bundled:
        groups.setdefault(kind_of(one.change), []).append(one)
    return [tuple(group) for group in groups.values()]


def _must_not_wait(one: Bundled) -> bool:
    finding = one.change.finding
    return finding.urgency is Urgency.PAGE and finding.severity is Severity.CRITICAL


def _rank(group: Group) -> tuple[int, bool]:
    findings = [one.change.finding for one in group]
    return max(finding.severity.rank for finding in findings), any(finding.urgency is Urgency.PAGE for finding in findings)


def _planned(group: Sequence[Bundled], counts: Literal["one", "digest", "silent"] = "one") -> Planned:
    about = group[0] if len(group) == 1 else fold(group, digest=counts == "digest")
    return Planned(about, tuple(one.row.seq for one in group), counts)
