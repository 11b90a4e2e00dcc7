"""Core: the one consumer of facts and the one owner of the state. Folds, judges, and makes it durable before any sink hears of it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from collector.clock import Clock
from collector.engine import Engine, News
from collector.factqueue import FactQueue
from collector.journal import Batch, Journal, JournalError, Queued
from collector.observing import Observer
from collector.portalfigures import EVERY, PortalCount
from collector.undeclared import ending
from collector.veils import writable
from collector.vendors import vendor_of
from model.acts import Act, ActRefusedError
from model.declared import Declared
from model.detector import Detector
from model.endpointfacts import PcFact
from model.facts import AnyFact
from model.ledger import Finding
from model.portals.figures import PortalFigures
from model.ports import CoreStatus, Health, Judging, Observed
from model.restored import restore, row_of
from model.site import MAX_ASSETS, MAX_PROBATION, SiteView
from model.text import Language, Text
from model.times import MINUTE, SECOND
from model.webfacts import PortalFact

log = logging.getLogger(__name__)

# Facts folded between two commits at most: bounds the time a change waits behind a flood.
BATCH = 500
HEALTH = MINUTE
# Heartbeats kept while the journal cannot be written: the last hour's.
MOST_HEALTHS = 60
# Rows that only moved a last-seen time are written at least this often (architecture rule 2).
FLUSH = SECOND
_TICK = 1.0
# The wall clock running ahead of the other by more: the machine slept, or its clock was set. Time servers correct by less.
_SLEPT = 10 * SECOND
_STOPPED = Text("hệ thống đang dừng, hãy làm lại sau khi khởi động", "the system is stopping: do it again once it has started")
_FAULT = Text(
    "lỗi của chương trình khi xét một dữ liệu quan sát %s (%s): để riêng, vẫn xét tiếp", "a fault of ours in judging a fact %s (%s): set aside, judging goes on"
)
_WRITES_AGAIN = Text("đã ghi lại được nhật ký", "the journal can be written again")


class Core:
    """Runs in a thread of its own. `sites` are declared data by site code; a fact belongs to the site of its leg."""

    def __init__(
        self,
        *,
        box: str,
        sites: Mapping[str, Declared],
        detectors: Sequence[Detector],
        journal: Journal,
        queue: FactQueue,
        clock: Clock,
        key: bytes,
        max_assets: int = MAX_ASSETS,
        max_probation: int = MAX_PROBATION,
        language: Language = "vi",
        observed: bool = False,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """Restores every site from the journal. `key` is the secret behind asset identifiers; the bounds hold for each site by itself.

        `moved` is called at each turn of core's loop. `observed`: somebody takes the rows of the views, as documents.
        """
        self.box = box
        self.queue = queue
        self.started = clock.now()
        self._journal = journal
        self._clock = clock
        self._language = language
        self._moved = moved
        self._most = (max_assets, max_probation)
        self._acts: deque[tuple[Act, concurrent.futures.Future[Finding]]] = deque()
        self._answers: list[tuple[concurrent.futures.Future[Finding], Finding]] = []
        self._edits: deque[Mapping[str, Declared]] = deque()
        self._engines = {site: self._restored(declared, detectors, key) for site, declared in sites.items()}
        self._observers = {site: Observer(engine.view) for site, engine in self._engines.items()} if observed else {}
        self._sites = {leg: site for site, declared in sites.items() for leg in declared.legs}
        self._portals = {portal.id: site for site, declared in sites.items() for portal in declared.portals or ()}
        self._fallback = next(iter(self._engines))
        self._unsaved: dict[str, News] = {}
        self._flushed = self._told = 0
        self._ticked = self.started, clock.monotonic()
        self._queued = Queued(rows=0, oldest_at=0, lost={})
        self._failing = False
        self._faults: set[tuple[str, str]] = set()
        self._portal_count = PortalCount()
        self._portal_figures: PortalFigures | None = None
        self._counted = clock.monotonic()
        self._abouts = {detector.about.id: detector.about for detector in detectors}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="core")

    def _restored(self, declared: Declared, detectors: Sequence[Detector], key: bytes) -> Engine:
        held = self._journal.load(declared.site)
        max_assets, max_probation = self._most
        now = max(self.started, held.now)
        view = SiteView(declared, key=key, now=now, max_assets=max_assets, max_probation=max_probation, vendor_of=vendor_of)
        view.epoch = held.epoch
        restore(view, held.rows)
        engine = Engine(view, detectors, self._clock.monotonic)
        engine.restore(held.findings, held.verdicts)
        return engine

    def start(self) -> None:
        """Begins to consume."""
        self._thread.start()

    def stop(self) -> None:
        """Takes what is queued, writes it, ends the thread."""
        self._stop.set()
        self.queue.wake()
        self._thread.join()
        for answer in (*(answer for _, answer in self._acts), *(answer for answer, _ in self._answers)):
            if not answer.done():
                answer.set_exception(_stopped())

    @property
    def alive(self) -> bool:
        """Whether core consumes."""
        return self._thread.is_alive()

    async def act(self, act: Act) -> Finding:
        """Carries out an act in core's thread (model.ports.Acts). Raises ActRefusedError."""
        if self._stop.is_set():
            raise _stopped()
        answer: concurrent.futures.Future[Finding] = concurrent.futures.Future()
        self._acts.append((act, answer))
        self.queue.wake()
        return await asyncio.wrap_future(answer)

    def redeclare(self, sites: Mapping[str, Declared]) -> None:
        """Takes new declared data for known sites at the next turn; a new site needs a restart."""
        self._edits.append(sites)
        self.queue.wake()

    def status(self) -> CoreStatus:
        """Core's figures; the journal fills in its own."""
        queued = self._journal.queued()
        views = [engine.view for engine in self._engines.values()]
        return CoreStatus(
            now=self._clock.now(),
            started=self.started,
            facts=dict(self.queue.accepted),
            refused=dict(self.queue.refused),
            assets=sum(len(view.assets) for view in views),
            evicted=sum(view.evicted for view in views),
            overflowed=sum(view.overflowed for view in views),
            queue=len(self.queue),
            commits=0,
            commit_seconds=0.0,
            journal_bytes=0,
            lost=queued.lost,
            portals=self._portal_figures,
            judging=_judging(self._engines.values()),
        )

    def _run(self) -> None:
        self._end_undeclared()
        for engine in self._engines.values():
            engine.tick(self._clock.now())
            engine.review_after_start()
        self._count_portals()
        due = self._clock.monotonic()
        while not self._stop.is_set() or len(self.queue):
            facts = self.queue.take(BATCH, max(0.0, due - self._clock.monotonic()))
            self._turn(facts)
            self._moved()
            if self._clock.monotonic() >= due:
                self._tick()
                due = self._clock.monotonic() + _TICK
            self._write(self._clock.now())
        self._write(self._clock.now(), everything=True)

    def _end_undeclared(self) -> None:
        """Sites of before that are declared no more; where the journal takes nothing, the next start does it."""
        try:
            for site in self._journal.sites():
                batch = None if site in self._engines else ending(site, self._journal.load(site), self._abouts, self._clock.now())
                if batch is not None:
                    self._journal.commit(batch)
        except JournalError as error:
            log.error("%s", error.text.to(self._language))  # noqa: TRY400 - one sentence; the trace tells an operator nothing

    def _turn(self, facts: Sequence[AnyFact]) -> None:
        while self._edits:
            self._declare(self._edits.popleft())
        while self._acts:
            self._act(*self._acts.popleft())
        for fact in facts:
            try:
                self._engines[self._site_of(fact)].take(fact)
            except Exception as error:  # noqa: BLE001 - boundary: of one fact; a fault of ours in one rule must not blind the box, kept facts come again
                self._put_aside(fact, error)

    def _put_aside(self, fact: AnyFact, error: Exception) -> None:
        """Counts a fact that broke a rule as refused, and says so once for each kind of fact and fault."""
        self.queue.refused[fact.sensor] += 1
        fault = (type(fact).__name__, type(error).__name__)
        if fault not in self._faults:
            self._faults.add(fault)
            log.error(_FAULT.to(self._language), *fault, exc_info=error)

    def _site_of(self, fact: AnyFact) -> str:
        """A portal's fact belongs to the site that declares the portal, a PC's to the site in its certificate, any other to the site of its leg."""
        if isinstance(fact, PortalFact):
            return self._portals.get(fact.portal, self._fallback)
        if isinstance(fact, PcFact):
            return fact.site if fact.site in self._engines else self._fallback
        return self._sites.get(fact.leg, self._fallback)

    def _declare(self, sites: Mapping[str, Declared]) -> None:
        for site, declared in sites.items():
            if site in self._engines:
                self._sites.update(dict.fromkeys(declared.legs, site))
                self._portals.update((portal.id, site) for portal in declared.portals or ())
                self._engines[site].declare(declared)

    def _act(self, act: Act, answer: concurrent.futures.Future[Finding]) -> None:
        if not answer.set_running_or_notify_cancel():
            # Whoever asked is gone: a cancelled answer cannot be given any more, and the act was not begun.
            return
        # The first site answers for a finding that nobody knows: it refuses with the sentence for that.
        engine = next((engine for engine in self._engines.values() if engine.concerns(act)), self._engines[self._fallback])
        try:
            self._answers.append((answer, engine.act(act)))
        except ActRefusedError as error:
            answer.set_exception(error)

    def _answer(self) -> None:
        """Tells people that their acts are done: not before they are durable."""
        answers, self._answers = self._answers, []
        for answer, finding in answers:
            answer.set_result(finding)

    def _tick(self) -> None:
        now, elapsed = self._clock.now(), self._clock.monotonic()
        slept = now - self._ticked[0] - int((elapsed - self._ticked[1]) * SECOND) > _SLEPT
        self._ticked = now, elapsed
        for engine in self._engines.values():
            if slept:
                engine.slept(now)
            engine.tick(now)
        if elapsed - self._counted >= EVERY:
            self._count_portals()

    def _count_portals(self) -> None:
        self._counted = self._clock.monotonic()
        self._portal_figures = self._portal_count.count(tuple(self._engines.values()), self._clock.now())

    def _write(self, now: int, *, everything: bool = False) -> None:
        flush = everything or now - self._flushed >= FLUSH or now < self._flushed
        health = now - self._told >= HEALTH or now < self._told
        for site, engine in self._engines.items():
            if health:
                engine.news.healths.append(self._health(engine, now))
            if engine.news or flush:
                self._commit(site, engine)
        if not self._unsaved:
            self._answer()
        if flush:
            self._flushed = now
        if health:
            self._told = now

    def _commit(self, site: str, engine: Engine) -> None:
        view = engine.view
        news = _joined(self._unsaved.pop(site, None), engine.taken_news())
        dirty, view.dirty = view.dirty, set()
        gone, view.gone = view.gone, set()
        observer = self._observers.get(site)
        batch = _batch(engine, news, dirty, gone, observer.documents(dirty, gone) if observer else ())
        if not (batch.rows or batch.gone or batch.findings or batch.verdicts or batch.documents or batch.changes or batch.acts):
            return
        try:
            self._journal.commit(batch)
        except JournalError as error:
            # Nothing of it was written: kept, and tried again with the next turn.
            self._unsaved[site] = news
            view.dirty |= dirty
            view.gone |= gone
            if not self._failing:
                log.error("%s", error.text.to(self._language))  # noqa: TRY400 - one sentence; the trace tells an operator nothing
            self._failing = True
            self._stop.wait(0.2)
            return
        if observer:
            observer.written()
        if self._failing:
            log.warning("%s", _WRITES_AGAIN.to(self._language))
        self._failing = False

    def _health(self, engine: Engine, now: int) -> Health:
        try:
            queued = self._queued = self._journal.queued()
        except JournalError:
            # A disk that cannot be read is told of by the commit; the heartbeat goes on with what was known.
            queued = self._queued
        sensors = tuple(engine.view.sensors.values())
        return Health(site=engine.view.site, at=now, box=self.box, queued=queued.rows, oldest_at=queued.oldest_at, lost=queued.lost, sensors=sensors)


def _judging(engines: Iterable[Engine]) -> dict[str, Judging]:
    """What judging cost by detector, the sites' together."""
    costs: dict[str, Judging] = {}
    for engine in engines:
        for name, cost in engine.judging.items():
            known = costs.get(name, Judging())
            costs[name] = Judging(known.times + cost.times, known.seconds + cost.seconds)
    return costs


def _stopped() -> ActRefusedError:
    return ActRefusedError(_STOPPED.vi, _STOPPED.en)


def _joined(earlier: News | None, news: News) -> News:
    if earlier is None:
        return news
    # Verdicts may flicker for as long as the disk is full: the last of each says what stands.
    postures = {(posture.verdict.detector, posture.verdict.subject): posture for posture in (*earlier.postures, *news.postures)}
    unjudged = [key for key in (*earlier.unjudged, *news.unjudged) if key not in news.verdicts]
    return News(
        findings={**earlier.findings, **news.findings},
        changes=earlier.changes + news.changes,
        verdicts={key: verdict for key, verdict in {**earlier.verdicts, **news.verdicts}.items() if key not in unjudged},
        postures=list(postures.values()),
        healths=[*earlier.healths, *news.healths][-MOST_HEALTHS:],
        unjudged=unjudged,
        forgotten=earlier.forgotten + news.forgotten,
        acts=earlier.acts + news.acts,
        aliases={**earlier.aliases, **news.aliases},
    )


def _batch(engine: Engine, news: News, dirty: set[tuple[str, str]], gone: set[tuple[str, str]], observed: Sequence[Observed]) -> Batch:
    view = engine.view
    rows = [(kind, row_id, writable(view, row)) for kind, row_id in sorted(dirty) if (row := row_of(view, kind, row_id)) is not None]
    standing = [finding for finding in news.findings.values() if finding is not None]
    kept = {finding.id for finding in standing}
    return Batch(
        site=view.site,
        now=view.now,
        epoch=view.epoch,
        rows=rows,
        gone=sorted(gone),
        findings=standing,
        forgotten=[finding for finding in news.forgotten if finding not in kept],
        changes=news.changes,
        verdicts=list(news.verdicts.values()),
        unjudged=[(detector, subject) for detector, subject in news.unjudged],
        acts=news.acts,
        documents=[*news.postures, *news.healths, *observed],
        aliases=news.aliases,
    )
