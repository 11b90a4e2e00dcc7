"""An inspection without a box: core, capture and the portals' eyes for some minutes, over a journal in a folder that is thrown away afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

from collector.bundles import importing, ledger
from collector.bundles.keys import Keys
from collector.catalogue import load as load_catalogue
from collector.clock import Clock
from collector.core import Core
from collector.decode.pipeline import clauses
from collector.factqueue import FactQueue
from collector.inspection import portals
from collector.inspection.portals import Named
from collector.journal import Journal
from collector.livecapture import LiveCapture, Tuning
from collector.sensors.capture import Capture, Listening
from collector.sites import capture_sensor
from model.declared import Declared
from model.detector import Detector
from model.ledger import Change
from model.ports import JournalReader
from model.rows import Sensor
from model.text import Language
from model.times import SECOND

# Short, for an inspection is: hours heard are counted from heartbeats.
_HEARTBEAT: Final = 2 * SECOND
# How often somebody at a terminal is told how far it is, seconds.
_LOOK: Final = 1.0


class Leg(NamedTuple):
    """One interface to listen on, and the name of its leg in the declared data."""

    name: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: `seconds` of listening on `legs`, bundles to take in (`keys` open them, `by` answers for the unsigned), portals to look at.

    `declared` holds the portals too. `key`: behind the codes of devices, the same in every inspection by the same people, so that reports compare.
    """

    declared: Declared
    detectors: Sequence[Detector]
    key: bytes
    legs: Sequence[Leg] = ()
    seconds: float = 0.0
    bundles: Sequence[Path] = ()
    keys: Keys | None = None
    by: str = ""
    named: Named | None = None
    language: Language = "vi"


class Sight(NamedTuple):
    """How far it is: seconds since the beginning, frames, devices, legs that are not listening and why, findings that came since the last look."""

    seconds: float
    frames: int
    devices: int
    troubles: Sequence[str]
    fresh: Sequence[Change]
    busy: Literal["", "bundles", "portals"]


class Seen(NamedTuple):
    """What came of it: the journal, still open; when it began (ns); what became of each file, how many portals were looked at, whether it ended early."""

    reader: JournalReader
    began: int
    imported: Sequence[importing.Outcome]
    looked: Sequence[str]
    ended_early: bool


def check(legs: Sequence[Leg]) -> None:
    """Opens each interface once. Raises NotListeningError with the sentence for whoever has not the right or the interface."""
    for leg in legs:
        with LiveCapture(leg.interface, clauses(), Tuning()):
            pass


@asynccontextmanager
async def inspected(plan: Plan, clock: Clock, stop: asyncio.Event, told: Callable[[Sight], None]) -> AsyncIterator[Seen]:
    """Looks until the time is over and all was looked at, or until `stop`; then everything that was heard is judged and can be read."""
    with tempfile.TemporaryDirectory(prefix="vonggac-inspect-") as folder, _judging(plan, clock, Path(folder)) as (core, queue, journal):
        reader = journal.reader(core.status)
        began = clock.now()
        work = _Work(plan, clock, queue, reader, Path(folder))
        with _listening(plan, queue, clock):
            await _until_over(plan, clock, reader, work, stop, told)
        # What was received last is taken and judged before it ends.
        await asyncio.to_thread(core.stop)
        yield Seen(reader, began, work.imported, work.looked, work.ended_early)


class _Work:
    """What is done beside the listening: bundles, then portals."""

    def __init__(self, plan: Plan, clock: Clock, queue: FactQueue, reader: JournalReader, folder: Path) -> None:
        self._plan, self._clock, self._queue, self._reader, self._folder = plan, clock, queue, reader, folder
        self.imported: list[importing.Outcome] = []
        self.looked: list[str] = []
        self.busy: Literal["", "bundles", "portals"] = ""
        self.ended_early = False

    async def run(self) -> None:
        """To its end."""
        self.busy = "bundles"
        await self._take()
        self.busy = "portals"
        if self._plan.named is not None:
            await portals.look(self._plan.named, self._queue, self._clock, self.looked.append)
        self.busy = ""

    async def _take(self) -> None:
        plan = self._plan
        if not plan.bundles:
            return
        columns = {query.topic: query.columns for query in load_catalogue().queries}
        place = importing.Place(plan.declared, _mark(plan.key), self._clock.now(), plan.by)
        with ledger.opened(self._folder) as book:
            importer = importing.Importer(place, book, columns, self._queue, self._reader, plan.keys)
            for path in importing.found(plan.bundles):
                self.imported.append(await importer.take(path))


def _mark(key: bytes) -> Callable[[str], str]:
    """A keyed hash of what stays at the site, for PCs that have no other name; apart from that of devices."""
    return lambda text: hashlib.blake2s(text.encode("utf-8", "surrogatepass"), key=key, digest_size=8, person=b"marks").hexdigest()


@contextmanager
def _judging(plan: Plan, clock: Clock, folder: Path) -> Iterator[tuple[Core, FactQueue, Journal]]:
    queue = FactQueue()
    with Journal.open(folder / "journal.sqlite", box="inspect", clock=clock) as journal:
        core = Core(
            box="", sites={plan.declared.site: plan.declared}, detectors=plan.detectors, journal=journal, queue=queue, clock=clock, key=plan.key,
            language=plan.language,
        )  # fmt: skip
        core.start()
        try:
            yield core, queue, journal
        finally:
            core.stop()


@contextmanager
def _listening(plan: Plan, queue: FactQueue, clock: Clock) -> Iterator[None]:
    sensors = [
        Capture(Listening(sensor=capture_sensor(leg.name), leg=leg.name, interface=leg.interface, heartbeat=_HEARTBEAT, language=plan.language), queue, clock)
        for leg in plan.legs
    ]
    for sensor in sensors:
        sensor.start()
    try:
        yield
    finally:
        for sensor in sensors:
            sensor.stop()


async def _until_over(plan: Plan, clock: Clock, reader: JournalReader, work: _Work, stop: asyncio.Event, told: Callable[[Sight], None]) -> None:
    began, known = clock.monotonic(), set[str]()
    task, over = asyncio.create_task(work.run()), asyncio.create_task(stop.wait())
    try:
        while not stop.is_set() and not (task.done() and clock.monotonic() - began >= plan.seconds):
            left = max(0.0, plan.seconds - (clock.monotonic() - began))
            await asyncio.wait({over} if task.done() else {over, task}, timeout=min(_LOOK, left) if left else _LOOK, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                # A fault of ours is told now, not after an hour.
                task.result()
            told(await _sight(reader, clock.monotonic() - began, known, work))
        work.ended_early = not task.done() or clock.monotonic() - began < plan.seconds
    finally:
        for each in (task, over):
            each.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _sight(reader: JournalReader, seconds: float, known: set[str], work: _Work) -> Sight:
    sensors = [row for row in await reader.rows() if isinstance(row, Sensor)]
    fresh = [change for change in await reader.findings() if change.finding.id not in known]
    known.update(change.finding.id for change in fresh)
    status = await reader.status()
    troubles = [f"{row.leg}: {row.message}" for row in sensors if row.state != "running" and row.message]
    return Sight(seconds, sum(row.received for row in sensors), status.assets, troubles, fresh, work.busy)
