"""The portals sensor at work: due rounds taken by as many workers as may look at once, second looks after a minute, re-checks, its own heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from collector.clock import Clock
from collector.sensors.portals.memory import Memories, Memory
from collector.sensors.portals.rounds import Manner, Round
from collector.sensors.portals.schedule import GRACE, Due, jittered
from model.facts import SensorHeard, SensorState
from model.portals.declared import Portal
from model.portals.rechecks import Recheck, rechecks
from model.times import MINUTE, SECOND

log = logging.getLogger(__name__)

HEARTBEAT = MINUTE


class Job(NamedTuple):
    """What is due at a portal: its own round, or (with `check`) another look at one place."""

    portal: str
    check: Recheck | None = None


async def _ended(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels them until all have ended: a library that takes a cancellation for an answer must not keep the service from stopping."""
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=1.0)


class Watcher:
    """Keeps every declared portal's rounds on time. One instance a process; `run` ends when `stop` is set."""

    def __init__(
        self,
        portals: Sequence[Portal],
        rounds: Round,
        memories: Memories,
        clock: Clock,
        manner: Manner,
        *,
        dice: Callable[[], float],
        workers: int = 64,
    ) -> None:
        self._portals = {portal.id: portal for portal in portals}
        self._rounds, self._memories, self._clock, self._manner = rounds, memories, clock, manner
        self._dice, self._workers = dice, workers
        self._due: Due[Job] = Due(clock)
        self._busy: set[str] = set()
        self._checks: dict[str, set[Recheck]] = {}
        self.made = self.late = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Looks until told to stop; then lets go of what is under way."""
        for portal in self._portals.values():
            self._due.put(self._first(portal), Job(portal.id))
            self._plan_checks(portal, self._memories.of(portal.id))
        tasks = [asyncio.create_task(self._work(), name=f"portals-{n}") for n in range(min(self._workers, max(1, len(self._portals))))]
        tasks.append(asyncio.create_task(self._beat(), name="portals-heartbeat"))
        try:
            await stop.wait()
        finally:
            await _ended(tasks)
            self._heartbeat("stopped")

    def _first(self, portal: Portal) -> int:
        """After a restart the round that was due is made, spread over a second a portal so that a fleet does not start at once."""
        now, period = self._clock.now(), self._manner.period(portal)
        known = self._memories.of(portal.id).next_at
        soonest = now + int(min(period // 10, 5 * MINUTE, len(self._portals) * SECOND) * self._dice())
        return min(max(known, soonest), now + period) if known else soonest

    async def _work(self) -> None:
        while True:
            at, job = await self._due.take()
            portal = self._portals[job.portal]
            if job.portal in self._busy:
                # One connection a host: what comes while a round is under way waits for its end.
                self._due.put(self._clock.now() + 5 * SECOND, job)
                await asyncio.sleep(0)
                continue
            self._busy.add(job.portal)
            try:
                await self._do(portal, job, at)
            except Exception:  # boundary: of this sensor; a fault of ours at one portal must not end the others
                log.exception("%s: lỗi không ngờ", portal.id)
                self._due.put(self._clock.now() + self._manner.period(portal), Job(portal.id))
            finally:
                self._busy.discard(job.portal)

    async def _do(self, portal: Portal, job: Job, at: int) -> None:
        memory = self._memories.of(portal.id)
        if job.check is None:
            await self._round(portal, memory, at)
        elif memory.row is None or job.check not in rechecks(memory.row):
            # Meanwhile a round saw it clean often enough, or dirty again, which starts the wait anew.
            return
        else:
            await self._rounds.again(portal, memory, job.check)
        self._plan_checks(portal, memory)
        self._memories.keep(memory)

    async def _round(self, portal: Portal, memory: Memory, at: int) -> None:
        late = self._clock.now() - at > max(GRACE, self._manner.period(portal) // 10)
        self.late += late
        await self._rounds.make(portal, memory, late=late)
        self.made += 1
        memory.next_at = self._clock.now() + jittered(self._manner.period(portal), self._manner.jitter, self._dice)
        self._due.put(memory.next_at, Job(portal.id))

    def _plan_checks(self, portal: Portal, memory: Memory) -> None:
        """Confirming looks and re-checks, each time they are due once: where one saw nothing, the next round looks there anyway."""
        if memory.row is None:
            self._checks.pop(portal.id, None)
            return
        known, wanted = self._checks.get(portal.id, set()), set(rechecks(memory.row))
        for check in sorted(wanted - known):
            self._due.put(check.at, Job(portal.id, check))
        self._checks[portal.id] = wanted

    async def _beat(self) -> None:
        while True:
            self._heartbeat("running")
            await asyncio.sleep(HEARTBEAT / SECOND)

    def _heartbeat(self, state: SensorState) -> None:
        overdue = self._due.overdue(self._clock.now())
        beat = SensorHeard(
            at=self._clock.now(),
            state=state,
            interface="",
            vantage="unknown",
            received=self.made,
            dropped=self.late,
            decoded=self.made,
            undecodable=overdue,
        )
        with contextlib.suppress(RuntimeError):
            self._rounds.put(beat)
