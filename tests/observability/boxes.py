"""Boxes as Prometheus meets them: our own metrics page of one that is well, one in every trouble there is, one whose core stands still, one that is gone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from exporters.prometheus import Metrics
from exporters.prometheus_fleet import FleetMetrics
from exporters.tally import Reloaded, Tally
from model.fleet.figures import FleetFigures
from model.portals import figures
from model.portals.figures import PortalFigures
from model.portals.rows import FeedRow
from model.ports import CoreStatus, Judging, Receipt, SinkStatus
from model.posture.rows import TakenRow
from model.rows import Held, Sensor, Sighting, Stamp
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Subject, Verdict
from model.wire.proof import ProofRow, Run
from tests.exporters.readers import Reader, sensor, status
from tests.exporters.samples import change
from tests.servers.process import free_port

Now = Callable[[], int]


class Box(Reader):
    """A journal that moves with the clock; `ill` puts everything wrong that a page can tell."""

    def __init__(self, now: Now, *, ill: bool = False) -> None:
        verdict = Verdict(detector="VG-NET-02", subject=Subject("asset", "a1"), outcome=Outcome.UNKNOWN, title=_SAID, summary=_SAID)
        super().__init__(changes=[change()], verdicts=[verdict])
        self._now, self._ill = now, ill

    async def status(self) -> CoreStatus:
        self.reads += 1
        if self.error:
            raise self.error
        lost = {"refused": {"capture:lan": 3 * self.reads}, "lost": {"posture": 5 * self.reads}} if self._ill else {}
        return status(**{"now": self._now(), "portals": self._portals(), "judging": {"VG-NET-02": Judging(40, 0.5)}, **lost})

    async def rows(self) -> Sequence[object]:
        now = self._now()
        return [self._sensor(now), self._probe(now), self._counts(now), FeedRow(name="co-bac", told=Stamp(0, now, "portals", 1), entries=9, age=60)]

    async def sinks(self) -> Sequence[SinkStatus]:
        waited = HOUR if self._ill else 0
        return [
            SinkStatus(sink=name, waiting=int(self._ill), oldest_at=self._now() - waited, dead=2 * int(self._ill), delivered=9) for name in ("es", "webhook")
        ]

    def _portals(self) -> PortalFigures:
        views = {"unknown": 3, "seen": 1} if self._ill else {"seen": 4}
        buckets = [1, *[0] * len(figures.BUCKETS)]
        given = {"looks": {"clean": 70}, "failed": {}, "incidents": {}, "confirmations": buckets, "confirmation_seconds": 60.0, "confirmation_last": 60.0}
        return PortalFigures(declared=4, views=views, overdue=7 * int(self._ill), **given)

    def _sensor(self, now: int) -> Sensor:
        counts = {"received": 97 * self.reads, "dropped": 3 * self.reads} if self._ill else {"received": 100 * self.reads, "dropped": 0}
        return sensor(state="failed" if self._ill else "running", seen=Sighting(now - HOUR, now), **counts)

    def _probe(self, now: int) -> ProofRow:
        run = Run(stamp=Stamp(0, now - (10 * HOUR if self._ill else MINUTE), "probe", 1), outcome="sent")
        return ProofRow(id="lan", seen=Sighting(now - DAY, now), runs={"dhcp>": [run]})

    def _counts(self, now: int) -> TakenRow:
        told = {"enrolled": 20, "certificate_until": (now + 60 * DAY) // SECOND}
        if self._ill:
            told |= {"certificate_until": (now + DAY) // SECOND, "inbox_facts": 1, "inbox_oldest": now - HOUR}
        return TakenRow(id="endpoints", site="xa", sequence=7, counts=Held(told, Stamp(0, now, "endpoints", 1)))


_SAID = change().finding.title


def tallies(*, ill: bool = False) -> list[Tally]:
    """Two sinks: delivering, or refused for the login and for the certificate."""
    made = [Tally(sink="es", trouble="login", down=ill), Tally(sink="webhook", trouble="certificate", down=ill)]
    made[0].count(Receipt(1, "accepted"), 3.0, 0)
    return made


def well() -> Metrics:
    """The page of a box without trouble."""
    return Metrics(Box(time.time_ns), now=time.time_ns, version="0.1.0", tallies=tallies())


def ill() -> Metrics:
    """The page of a box with every trouble, and a clock that is a minute and a half late."""
    refused = Reloaded(successful=False, at=_late())
    page = Metrics(Box(_late, ill=True), now=_late, version="0.1.0", tallies=tallies(ill=True), reloaded=refused)
    page.registry.register(FleetMetrics(_Fleet()))
    return page


class _Fleet:
    """A province whose store is away, and that believes one document less at each scrape."""

    def __init__(self) -> None:
        self._scrapes = 0

    def __call__(self) -> FleetFigures:
        self._scrapes += 1
        return FleetFigures(up=False, refused=Counter({"signature": self._scrapes}))


def _late() -> int:
    return time.time_ns() - 90 * SECOND


def deaf() -> Metrics:
    """The page of a box whose core does not answer."""
    reader = Box(time.time_ns)
    reader.error = ConnectionRefusedError("core")
    return Metrics(reader, now=time.time_ns, version="0.1.0")


@contextmanager
def served(pages: dict[str, Metrics]) -> Iterator[dict[str, int]]:
    """The pages on loopback, from a loop of their own, so that tests that wait leave them free; their ports by name."""
    loop, ports = asyncio.new_event_loop(), {name: free_port() for name in pages}
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runners = [asyncio.run_coroutine_threadsafe(_serve(page, ports[name]), loop).result(10) for name, page in pages.items()]
    try:
        yield ports
    finally:
        for runner in runners:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _serve(page: Metrics, port: int) -> web.AppRunner:
    application = web.Application()
    application.router.add_get("/metrics", page.scrape)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner
