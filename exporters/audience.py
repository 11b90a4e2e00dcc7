"""Who hears of what: which changes one sink's people are told, in how many messages, and the memory of it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Container, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from exporters.calling import Calling, Plan, Planned
from exporters.fold import Bundled, Fold, member
from exporters.maintenance import never_held
from exporters.manner import TELL, Manner, Weighed, Weighing
from exporters.message import Message
from exporters.render import Place
from exporters.sink import DUPLICATE, FILTERED, OptionsError
from exporters.told import ToldFile
from exporters.webhook_answer import Answer
from model.ledger import Change, Step
from model.ports import OutboxRow, Receipt, Told
from model.text import Language, Text
from model.verdict import Severity, Urgency

log = logging.getLogger(__name__)

# `id_only` is for channels that belong to strangers: which rule, how bad, where to read it; no name, address or evidence.
Detail = Literal["full", "id_only"]
Deliver = Callable[[Message], Awaitable[Answer]]

# How many rows are looked at together: what comes as a flood is seen as one.
BATCH = 200
# Two messages in turn that the server failed on: it is the server, not the messages.
_MOST_FAILURES = 2
# Steps of which only those hear who were told that it began.
LATER_STEPS: tuple[Step, ...] = ("resolved", "lapsed", "accepted", "acknowledged")
_UNSAVED = Text("nơi nhận %s: không ghi được %s: %s", "sink %s: %s cannot be written: %s")


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings begin to concern a sink's people. `in_fleet`: a province tells of all but what must not wait for it."""

    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET)
    min_severity: Severity = Severity.LOW
    in_fleet: bool = False

    def takes(self, change: Change) -> bool:
        """Whether it is urgent and bad enough."""
        finding = change.finding
        if self.in_fleet and not never_held(finding):
            return False
        return finding.urgency in self.urgencies and finding.severity.rank >= self.min_severity.rank


class AlertingOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What every sink that calls people is told. `told_file` remembers what they were told; `detail` id_only sends no names or addresses.

    `manner` None tells each change at once, by itself, as a test message is told.
    """

    name: str
    detail: Detail = "full"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET)
    min_severity: Severity = Severity.LOW
    language: Language = "vi"
    told_file: Path
    place: Place = Place()
    manner: Manner | None = None

    @property
    def interest(self) -> Interest:
        """What begins to concern its people; a further level hears only of what wakes them."""
        manner = self.manner
        urgencies = self.urgencies if manner is None or manner.level == 1 else (Urgency.PAGE,)
        return Interest(urgencies=urgencies, min_severity=self.min_severity, in_fleet=manner is not None and manner.in_fleet)


def concerning(row: OutboxRow, told: Container[str], interest: Interest) -> Change | None:
    """The change as these people are told it. Whoever was told of a finding hears all that becomes of it; nobody else hears of its end."""
    if not isinstance(row.document, Told):
        return None
    change = row.document.change
    if change.finding.id in told:
        return change
    if change.step in LATER_STEPS or not interest.takes(change):
        return None
    # It grew into what this sink takes: the first that its people hear of it is no update to them.
    return change if change.step in ("opened", "reopened") else msgspec.structs.replace(change, step="opened")


class Audience:
    """The people behind one sink."""

    def __init__(self, options: AlertingOptions, *, silent: Collection[Step] = ()) -> None:
        """Reads the memory in `told_file`; `silent`: steps that wake nobody there, and are never folded. Raises OptionsError."""
        self._options = options
        self._manner = options.manner
        self._interest = options.interest
        self._told = _read(options.told_file)
        self._calling = Calling(options.manner, self._told, silent) if options.manner is not None else None
        self._saving = True

    async def tell(self, rows: Sequence[OutboxRow], deliver: Deliver) -> list[Receipt]:
        """Hands what concerns these people to `deliver`, message by message; after an outage the rest is not even tried. One receipt a row.

        Of `rows` no two are about the same finding (`exporters.runner.waves`).
        """
        plan = await self._planned(rows)
        if self._calling is not None and plan.messages:
            abouts = [planned.about for planned in plan.messages]
            self._told.intend((one.row.id for one in abouts if isinstance(one, Bundled)), (one for one in abouts if isinstance(one, Fold)))
            self._save()
        try:
            await self._send(plan, deliver)
        finally:
            # Before the receipts: a crash in between sends again under the same id; the other way round the end would never be told.
            self._save()
        return [plan.answers[row.seq].receipt(row.seq) for row in rows]

    async def _planned(self, rows: Sequence[OutboxRow]) -> Plan:
        """What was about to be sent as one goes first, as it was; then what is new."""
        folded, delivered = self._told.folded(), set(self._told.memory.delivered)
        answers = {row.seq: Answer("accepted", DUPLICATE) for row in rows if row.id in delivered}
        again: dict[str, list[int]] = {}
        for row in rows:
            if row.id in folded:
                again.setdefault(folded[row.id].id, []).append(row.seq)
        kept = {fold.id: fold for fold in folded.values()}
        messages = [Planned(kept[fold], tuple(seqs), "digest" if kept[fold].digest else "one") for fold, seqs in again.items()]
        fresh = await self._weighed([row for row in rows if row.id not in folded and row.id not in delivered], answers)
        plan = self._calling.plan(fresh, self._now()) if self._calling is not None else Plan([Planned(one, (one.row.seq,)) for one in fresh], {})
        return Plan(messages + plan.messages, answers | plan.answers)

    async def _weighed(self, rows: Sequence[OutboxRow], answers: dict[int, Answer]) -> list[Bundled]:
        """The rows that are told now; the others are answered."""
        weighing = Weighing(self._manner) if self._manner is not None else None
        bundled: list[Bundled] = []
        for row in rows:
            change = concerning(row, self._told, self._interest)
            if change is None:
                answers[row.seq] = Answer("accepted", FILTERED)
                continue
            weighed = await self._weigh(change, weighing)
            if weighed.answer is not None:
                answers[row.seq] = weighed.answer
            else:
                bundled.append(Bundled(row=row, change=change, note=weighed.note, flaps=weighed.flaps))
        return bundled

    async def _weigh(self, change: Change, weighing: Weighing | None) -> Weighed:
        if weighing is None or self._calling is None:
            return TELL
        weighed = await weighing.beginning(change, self._told)
        return weighed if weighed != TELL else await self._calling.flapping(change, weighing)

    async def _send(self, plan: Plan, deliver: Deliver) -> None:
        failures = 0
        answer: Answer | None = None
        for planned in plan.messages:
            if answer is None or not (answer.outage or failures >= _MOST_FAILURES):
                answer = await self._one(planned, deliver)
                failures = failures + 1 if answer.outcome == "retry" else 0
            plan.answers.update(dict.fromkeys(planned.seqs, answer))

    async def _one(self, planned: Planned, deliver: Deliver) -> Answer:
        answer = await (self._fold(planned.about, deliver) if isinstance(planned.about, Fold) else self._change(planned.about, deliver))
        if answer.outcome == "accepted" and planned.counts == "one" and self._manner is not None:
            self._told.memory.sent.append(self._now())
        elif answer.outcome == "accepted" and planned.counts == "digest":
            self._told.memory.digest = self._now()
        return answer

    async def _change(self, one: Bundled, deliver: Deliver) -> Answer:
        under = self._told.under(one.change.finding.id)
        heard = [member(one)]
        # Whoever hears that somebody took it waits for its end where he heard of its beginning.
        moved = under if one.change.step in LATER_STEPS else ""
        answer = await deliver(Message(id=one.row.id, about=one.change, note=one.note, under=under, over=self._told.over(heard, moved)))
        if answer.outcome == "accepted":
            self._told.heard(heard, moved)
        return answer

    async def _fold(self, fold: Fold, deliver: Deliver) -> Answer:
        answer = await deliver(Message(id=fold.id, about=fold, over=self._told.over(fold.members, fold.id)))
        if answer.outcome == "accepted":
            self._told.through(fold)
        elif answer.outcome == "rejected":
            self._told.drop(fold)
        return answer

    def _now(self) -> int:
        return self._manner.now() if self._manner is not None else 0

    def _save(self) -> None:
        options = self._options
        try:
            self._told.save(self._now())
        except OSError as error:
            # People are told all the same; what is at stake is that after a restart they may not hear of the end.
            if self._saving:
                log.error(_UNSAVED.to(options.language), options.name, options.told_file, error.strerror)  # noqa: TRY400 - one sentence
            self._saving = False
        else:
            self._saving = True


def _read(path: Path) -> ToldFile:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ToldFile(path)
    except OSError as error:
        raise OptionsError(Text(f"Không đọc được tệp {path}: {error.strerror}.", f"File {path} cannot be read: {error.strerror}.")) from None
    except ValueError:
        raise damaged(path) from None


def damaged(path: Path) -> OptionsError:
    """The memory of what was told is not what we wrote."""
    return OptionsError(
        Text(
            f"Tệp {path} bị hỏng: xóa tệp này thì bắt đầu lại, và phát hiện đã báo trước đó sẽ không được báo khi hết.",
            f"File {path} is damaged: delete it to begin anew; the end of findings told before will then not be told.",
        )
    )
