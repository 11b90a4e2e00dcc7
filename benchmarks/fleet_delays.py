"""How long an injection stays unseen: the sensor's own schedule, rounds and second looks, core's own engine, and time that jumps to whatever comes next."""

from __future__ import annotations

import asyncio
import random
import selectors
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from collector.engine import Engine
from collector.registry import build_all
from collector.sensors.portals.memory import Memories
from collector.sensors.portals.personas import allowed
from collector.sensors.portals.plan import Errand
from collector.sensors.portals.rounds import Looked, Manner, Round
from collector.sensors.portals.watcher import Watcher
from model.declared import Declared
from model.facts import AnyFact
from model.portals.declared import Portal, PortalLevel
from model.site import SiteView
from model.times import DAY, MINUTE, SECOND
from model.verdict import Severity
from model.webfacts import Hop, PageLooked, Sign

START = 1_795_312_800 * SECOND
# What a look takes on the line, and the time between two requests to a host.
LOOK = 2.0
TARGET = "zzwin88.example"


class _Jump(selectors.DefaultSelector):
    """Waits for nothing: the time it was to wait is over at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose time is its selector's."""

    def __init__(self) -> None:
        self.jump = _Jump()
        super().__init__(self.jump)

    def time(self) -> float:
        return self.jump.now


class _Clock:
    def __init__(self, jump: _Jump) -> None:
        self._jump = jump

    def now(self) -> int:
        return START + int(self._jump.now * SECOND)

    def monotonic(self) -> float:
        return self._jump.now


class _Eyes:
    """Sees a clean page until `injected` (ns), and is sent to a bookmaker from then on."""

    def __init__(self, clock: _Clock, injected: int) -> None:
        self._clock, self._injected = clock, injected

    async def look(self, portal: Portal, errand: Errand, round_id: str, attempt: int) -> Looked:
        await asyncio.sleep(LOOK)
        now = self._clock.now()
        home = Hop(how="asked", url=errand.url, host="xa-a.example", status=200)
        away = Hop(how="meta", url=f"https://{TARGET}/", host=TARGET, status=200)
        dirty = now >= self._injected and errand.part == "home"
        whose: dict[str, Any] = {"at": now, "portal": portal.id, "round": round_id, "persona": errand.persona, "attempt": attempt}
        sold = (Sign(kind="brand_host", value=TARGET, page=TARGET, gambling=True),) if dirty else ()
        return Looked(PageLooked(**whose, part=errand.part, url=errand.url, hops=(home, away) if dirty else (home,), signs=sold))


class _Core:
    """Judges as core does; `sure` when the finding became critical (ns)."""

    def __init__(self, declared: Declared) -> None:
        self.engine = Engine(SiteView(declared, now=START), build_all())
        self.sure = asyncio.Event()
        self.at = 0

    def put(self, facts: Sequence[AnyFact]) -> int:
        for fact in facts:
            self.engine.tick(fact.at)
            self.engine.take(fact)
            if not self.at and any(finding.severity is Severity.CRITICAL for finding in self.engine.findings.values()):
                self.at = fact.at
                self.sure.set()
        return len(facts)


async def _no_files(*_: object) -> tuple[Sequence[AnyFact], int]:
    return (), 1


async def _lived(loop: _Loop, level: PortalLevel, after: float, dice: random.Random) -> float:
    """Minutes from an injection, `after` of a period past the second day's start, to the finding that wakes somebody."""
    clock, manner = _Clock(loop.jump), Manner(render="never")
    portal = Portal(id="xa-a", url="https://xa-a.example/", level=level)
    injected = START + DAY + int(after * manner.period(portal))
    core = _Core(Declared(site="bench", portals=(portal,)))
    rounds = Round(
        _Eyes(clock, injected),
        core,
        clock,
        manner,
        files=_no_files,
        personas=lambda portal: [persona.id for persona in allowed(portal)],
        token=lambda: f"{dice.random():.9f}",
    )
    stop = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder:
        watcher = Watcher([portal], rounds, Memories(Path(folder)), clock, manner, dice=dice.random, workers=2)
        task = asyncio.create_task(watcher.run(stop))
        await core.sure.wait()
        stop.set()
        await task
    return (core.at - injected) / MINUTE


def delays(times: int) -> dict[str, list[float]]:
    """Minutes by level, over injections spread evenly over a period. One look in ten comes from the line each two seconds, as the pace has it."""
    dice = random.Random(11)
    return {level: list(_each(level, times, dice)) for level in ("province", "commune")}


def _each(level: PortalLevel, times: int, dice: random.Random) -> Iterable[float]:
    for number in range(times):
        loop = _Loop()
        asyncio.set_event_loop(loop)
        try:
            yield loop.run_until_complete(_lived(loop, level, number / times, dice))
        finally:
            asyncio.set_event_loop(None)
            loop.close()
