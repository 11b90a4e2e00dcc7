"""The province at work: reads, checks, projects, judges and writes down what is to be told, in that order, and carries out what people do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from collector.clock import Clock
from collector.journal import Batch, Journal, JournalError
from collector.journal.batch import Row
from collector.province.aging import Aging
from collector.province.judging import Judge
from collector.province.memory import Memory
from collector.province.tail import Tail
from collector.province.taking import Taken, admitted, refused, take
from collector.province.warnings import Warnings
from model.acts import Act, ActRefusedError
from model.fleet.declared import FleetDeclared
from model.fleet.figures import FleetFigures
from model.fleet.folding import Storming, folded
from model.fleet.overlay import carried_out
from model.fleet.rows import CursorRow, MarkRow
from model.fleet.signed import version
from model.fleet.silence import Patience
from model.fleet.store import Extent, FleetStore, Projected, Survey
from model.fleet.verify import Arrived, Genuine, Refusal, Verifier, checked
from model.ledger import STANDING, Finding
from model.ports import CoreStatus, Told
from model.text import Language, Text
from model.times import DAY, SECOND

log = logging.getLogger(__name__)

PAGE: Final = 500
# Pages of one shard before the others, and before what is new is asked for: a day's backlog of one box must not hide another's finding.
_PAGES: Final = 4
_WATCH_TOLD: Final = 20 * SECOND
_FIRST, _MOST = 1.0, 60.0

_AWAY = Text("không đọc hoặc ghi được kho dữ liệu của tỉnh, thử lại mãi: %s", "the province's store cannot be read or written, tried again: %s")
_BACK = Text("đã đọc ghi lại được kho dữ liệu của tỉnh", "the province's store can be read and written again")
_UNKNOWN_FINDING = Text("tỉnh chưa biết phát hiện %s", "the province knows no finding %s")
_NO_STORE = Text(
    "kho dữ liệu của tỉnh đang không ghi được, chưa làm gì cả: hãy thử lại", "the province's store takes no writes now, nothing was done: try again"
)


class Province:
    """Implements `model.ports.Acts`. One a province: its journal's lock sees to that on one machine."""

    def __init__(
        self,
        *,
        store: FleetStore,
        journal: Journal,
        declared: Callable[[], FleetDeclared],
        verify: Verifier,
        clock: Clock,
        rules: dict[str, Text],
        patience: Patience | None = None,
        storming: Storming | None = None,
        language: Language = "vi",
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """Restores what the journal holds at the first turn. `declared` may give another roster each time; `moved` is called before each turn."""
        self.figures = FleetFigures(watch=(patience or Patience()).watch())
        self.started = clock.now()
        self._store, self._journal, self._declared, self._verify, self._clock = store, journal, declared, verify, clock
        self._language = language
        self._moved = moved
        self._memory = Memory(storming or Storming())
        self._judge = Judge(self._memory, patience or Patience(), rules)
        self._aging = Aging(store, self._memory)
        self._tail = Tail()
        self._warnings = Warnings(language)
        self.reader = journal.reader(self._status)
        self._lock = asyncio.Lock()
        self._ready = self._restored = False
        self._watch_told = self._tidied = 0
        self._failures = 0

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How many findings are known here by rule, severity and state."""
        return self._memory.counts

    async def run(self, stop: asyncio.Event, poll: float) -> None:
        """Turn after turn until `stop`; `poll` seconds apart, at once while there is more to read. What the engine or the disk refuses is waited out."""
        while not stop.is_set():
            self._moved()
            try:
                behind = await self.turn()
                self._well()
            except (OSError, JournalError) as error:
                behind = False
                self._ill(error)
            if not behind:
                pause = poll if not self._failures else min(_MOST, _FIRST * 2.0 ** min(self._failures, 10))
                await _until(stop, pause)

    async def turn(self) -> bool:
        """Reads what there is, a bounded part of it, and judges; whether there is more. Raises EngineError, JournalError."""
        await self._prepare()
        self._tail.meet(self._declared())
        begun = self._clock.now()
        survey = await self._store.survey()
        behind = self._tail.behind(survey.extents)
        if behind:
            await self._store.show(behind)
        for extent in behind:
            await self._read(extent)
        self._look(survey, begun)
        async with self._lock:
            await self._judged()
        self.figures.behind = self._tail.left(survey.extents)
        if not self.figures.behind:
            await self._age(survey)
        return self.figures.behind > 0

    async def act(self, act: Act) -> Finding:
        """Carries out an act here and keeps it as a document. Raises ActRefusedError."""
        async with self._lock:
            mark, latest = self._memory.marks.get(act.finding), await self.reader.standing(act.finding)
            if mark is None or latest is None:
                raise ActRefusedError(_UNKNOWN_FINDING.vi % act.finding, _UNKNOWN_FINDING.en % act.finding)
            now = self._clock.now()
            laid, done = carried_out(latest.finding, act, mark.version, now)
            change = msgspec.structs.replace(latest, step=done.step, at=done.at, finding=done.finding, cause=done.cause)
            order = mark.version if mark.box else version(now // SECOND, change.finding.sequence)
            said = change.finding.state if not mark.box else mark.state
            ended = 0 if change.finding.state in STANDING else now
            mark = msgspec.structs.replace(mark, version=order, state=said, told=change.finding.state, ended=ended)
            try:
                await self._store.write([Projected(document=laid, version=1, at=now)])
                # What the engine has is done, whatever becomes of this process: a start reads it again.
                self._memory.add_act(laid)
                # Not before: what was refused would leave its storm or campaign, which might then be told as over.
                self._memory.folding.take(change.finding, mark.targets, now, mark.fold)
                state = Projected(document=Told(change=change), version=order, at=now, box=mark.box, targets=mark.targets)
                told = Taken(states=[state], changes=[folded(change, mark.fold)], findings=[change.finding], marks=[mark])
                await self._commit(told)
            except (OSError, JournalError) as error:
                self._ill(error)
                raise ActRefusedError(_NO_STORE.vi, _NO_STORE.en) from error
            return change.finding

    async def _prepare(self) -> None:
        if not self._restored:
            await self._restore()
            self._restored = True
        if not self._ready:
            made = await self._store.prepare()
            self._memory.learn(await self._store.acts(), await self._store.beats())
            if made:
                # State that was deleted is made anew from what boxes wrote; nobody is told again.
                self._tail.forget()
            self._ready = True

    async def _restore(self) -> None:
        held = await asyncio.to_thread(self._journal.load, self._declared().province)
        findings = {change.finding.id: change.finding for change in await self.reader.findings()}
        cursors = [row for row in held.rows if isinstance(row, CursorRow)]
        self._memory.restore((row for row in held.rows if isinstance(row, MarkRow)), findings, self._clock.now(), fresh=not cursors)
        self._tail = Tail(cursors)

    async def _read(self, extent: Extent) -> None:
        for _ in range(_PAGES):
            after = self._tail.after(extent)
            if after >= extent.end:
                return
            page = await self._store.page(extent, after, PAGE)
            cursor = self._tail.moved(extent, page.position)
            found = await asyncio.to_thread(self._checked, page.documents)
            async with self._lock:
                await self._take(found, cursor)
            self.figures.read += len(page.documents)

    def _checked(self, documents: Sequence[Arrived]) -> list[Genuine | Refusal]:
        declared, now = self._declared(), self._clock.now()
        return [checked(each, declared, self._verify, now) for each in documents]

    async def _take(self, found: Sequence[Genuine | Refusal], cursor: CursorRow) -> None:
        now = self._clock.now()
        found = [each if isinstance(each, Refusal) else admitted(self._memory, each) for each in found]
        refusals = [each for each in found if isinstance(each, Refusal)]
        taken = take(self._memory, (each for each in found if isinstance(each, Genuine)), self._declared(), self.figures.watch, now)
        taken.states += refused(refusals, now)
        await self._commit(taken, cursor)
        for refusal in refusals:
            self.figures.refused[refusal.reason] += 1
            self._warnings.refused(refusal, now)

    async def _judged(self) -> None:
        now = self._clock.now()
        taken = self._judge.judge(self._declared(), self.figures.watch, now)
        if now - self._watch_told >= _WATCH_TOLD:
            taken.states.append(Projected(document=self.figures.watch, version=version(now // SECOND, 0), at=now))
            self._watch_told = now
        forgotten = self._memory.forgettable(now) if now - self._tidied >= DAY else []
        if taken.states or forgotten:
            await self._commit(taken, forgotten=forgotten)
        self._judge.settled()
        if forgotten or not self._tidied:
            self._tidied = now
        self._count()

    async def _age(self, survey: Survey) -> None:
        """Only with all read: what waits to be read may be the very word that is missed."""
        now = self._clock.now()
        if "posture" not in survey.blind:
            await self._faded(await self._aging.verdicts(now))
        if not survey.blind & {"observation", "health"}:
            await self._faded(await self._aging.rows(self._declared(), now))

    async def _faded(self, states: Sequence[Projected]) -> None:
        if states:
            async with self._lock:
                await self._commit(Taken(states=list(states)))
            gone = sum(state.gone for state in states)
            self.figures.dropped += gone
            self.figures.faded += len(states) - gone

    async def _commit(self, taken: Taken, cursor: CursorRow | None = None, forgotten: Sequence[str] = ()) -> None:
        """State first, which may be written twice; then what is told, with how far was read, in one transaction."""
        if taken.states:
            for reason in await self._store.write(taken.states):
                self.figures.unstored += 1
                self._warnings.unstored(reason, self._clock.now())
        rows: list[tuple[str, str, Row]] = [("mark", mark.finding, mark) for mark in taken.marks]
        if cursor is not None:
            rows.append(("cursor", cursor.index, cursor))
        if not rows and not forgotten:
            self._hear(taken)
            return
        batch = Batch(
            site=self._declared().province,
            now=self._clock.now(),
            rows=rows,
            gone=[("mark", finding) for finding in forgotten],
            forgotten=forgotten,
            findings=taken.findings,
            received=taken.received,
            changes=taken.changes,
        )
        await asyncio.to_thread(self._journal.commit, batch)
        if cursor is not None:
            self._tail.take(cursor)
        findings = {finding.id: finding for finding in taken.findings}
        for mark in taken.marks:
            self._memory.mark(mark, findings.get(mark.finding))
        self._memory.forget(forgotten)
        self._hear(taken)

    def _hear(self, taken: Taken) -> None:
        for beat in taken.beats:
            self._memory.hear(beat)

    def _look(self, survey: Survey, begun: int) -> None:
        """A reading was whole when every heartbeat there was has been read."""
        left = self._tail.left(extent for extent in survey.extents if extent.stream == "health")
        if not left and "health" not in survey.blind:
            self.figures.watch = self.figures.watch.read(begun)

    def _count(self) -> None:
        figures = self.figures
        figures.sites.clear()
        figures.sites.update(each.best for each in self._judge.standings)
        figures.findings = sum(1 for mark in self._memory.marks.values() if mark.told in STANDING)
        figures.folds = len(self._memory.folding.folds)

    def _status(self) -> CoreStatus:
        """As core's, where a province has such a figure; the journal adds its own."""
        return CoreStatus(
            now=self._clock.now(),
            started=self.started,
            facts={},
            refused={},
            assets=0,
            evicted=0,
            overflowed=0,
            queue=0,
            commits=0,
            commit_seconds=0.0,
            journal_bytes=0,
            lost={},
        )

    def _well(self) -> None:
        if not self.figures.up and self._failures:
            log.warning("%s", _BACK.to(self._language))
        self.figures.up, self._failures = True, 0

    def _ill(self, error: Exception) -> None:
        if self.figures.up or not self._failures:
            said = error.text.to(self._language) if isinstance(error, JournalError) else str(error)
            log.warning(_AWAY.to(self._language), said)
        self.figures.up, self._ready = False, False
        self._failures += 1


async def _until(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
