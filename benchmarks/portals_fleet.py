"""A fleet of portals against a local nginx, through the real watcher, into a real core; and how long an injection stays unseen at the default periods.

    .venv/bin/python benchmarks/portals_fleet.py fleet [PORTALS]     10,000 portals, six views each, two seconds between requests to a host
    .venv/bin/python benchmarks/portals_fleet.py delays [TIMES]      by a clock that is set: from injection to the confirmed finding

Everything is on loopback: nginx, dnsmasq for the names, `vonggac core` as a process of its own; no privilege is needed. `figures` is for bench.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from fleet_delays import delays
from fleet_world import World
from measure import Figure, cpu_of, machine

from collector.clock import SystemClock
from collector.portals import Looking, kit_of
from collector.sensors.portals.eyes import Keeper
from collector.sensors.portals.memory import Memories
from collector.sensors.portals.plan import Habits
from collector.sensors.portals.resolver import DnsResolver
from collector.sensors.portals.rounds import Manner, Round
from collector.sensors.portals.watcher import Watcher
from collector.sockets import SocketFactSink, SocketReader, path_of
from model.declared import Declared
from model.facts import AnyFact
from model.portals.declared import Portal
from model.portals.policy import Policy
from model.times import DAY
from tests.system.program import PATIENCE, running

PORTALS = 10_000
PERSONAS = ("desktop", "mobile", "search_google", "search_coccoc", "social_zalo", "english")
# One connection a host and two seconds between requests: six views of a portal take ten seconds, so this many are under way at once.
WORKERS = 640
BAR = 300.0
# Of the five minutes over which a start is spread, so much: all at once would measure the name server's buffers.
SPREAD = 0.05


class Done(NamedTuple):
    """What the watcher's process says at its end: seconds, CPU seconds, most memory in bytes, looks made and failed, facts core had not confirmed."""

    seconds: float
    cpu: float
    memory: int
    looks: int
    requests: int
    left: int


class _Nothing(NamedTuple):
    """Nothing beside the views: no robots.txt, sitemaps, scripts, names."""

    async def __call__(self, *_: object) -> tuple[Sequence[AnyFact], int]:
        """No facts."""
        return (), 0


def fleet(portals: int = PORTALS) -> tuple[Done, float, int]:
    """One round at every portal: what the watcher says, CPU seconds of core meanwhile, and portals that core knows six clean views of."""
    with World(portals) as world, running(world.box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        before = cpu_of(core.popen.pid)
        argv = [sys.executable, __file__, "watcher", str(world.box.folder), str(portals), str(world.port), str(world.dns)]
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True)
        said = Done(**json.loads(done.stdout))
        return said, cpu_of(core.popen.pid) - before, asyncio.run(_seen(world.box.folder))


async def _seen(folder: Path) -> int:
    reader = SocketReader(path_of(folder / "state" / "sockets", "read"), patience=PATIENCE)
    rows = await reader.portals()
    await reader.close()
    return sum({held.look.value.persona for held in row.looks.values() if held.look.value.outcome == "clean"} == set(PERSONAS) for row in rows)


async def watch(folder: Path, portals: Sequence[Portal], dns: int) -> Done:
    """One round at each portal, as the sensor makes it."""
    clock, manner = SystemClock(), Manner(vantage="bench", habits=Habits(0, 0, 0), period_commune=DAY, render="never")
    sink = SocketFactSink(path_of(folder / "state" / "sockets", "facts"))
    policy = Policy(Declared(site="bench", portals=tuple(portals)))
    how = Looking(vantage="bench", at_once=WORKERS, allow=("127.0.0.0/8",))
    began, stop = time.monotonic(), asyncio.Event()
    async with kit_of(DnsResolver("127.0.0.1", dns), clock, policy, how, keeper=Keeper(None)) as kit:
        rounds = Round(kit.eyes, sink, clock, manner, files=_Nothing(), personas=lambda _: PERSONAS, token=lambda: "")
        watcher = Watcher(portals, rounds, Memories(folder / "memories"), clock, manner, dice=lambda: random.random() * SPREAD, workers=WORKERS)
        working = asyncio.create_task(watcher.run(stop))
        while watcher.made < len(portals):
            await asyncio.sleep(0.2)
            _progress(began, watcher.made, sink.waiting)
        seconds = time.monotonic() - began
        stop.set()
        await working
        counts = kit.visitor.counts
    left = sink.close(PATIENCE) + sink.refused + sink.turned_away
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Done(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, counts.looks, counts.requests, left)


def _progress(began: float, made: int, waiting: int) -> None:
    if sys.stderr.isatty() or "PROGRESS" in os.environ:
        print(f"\r{time.monotonic() - began:5.0f} s: {made} rounds, {waiting} facts waiting", end="", file=sys.stderr, flush=True)


def figures(runs: int) -> list[Figure]:
    """The fleet once, the delays `runs` times."""
    done, core, seen = fleet()
    if seen != PORTALS or done.left:
        raise RuntimeError(f"{PORTALS - seen} of {PORTALS} portals were not seen clean by all, {done.left} facts were lost")
    minutes = delays(runs)
    return [
        Figure(f"{PORTALS:,} portals × {len(PERSONAS)} views, time", [done.seconds], BAR, " s"),
        Figure("the same, CPU of the watcher for a view", [done.cpu / done.looks * 1000], 5, " ms"),
        Figure("the same, CPU of core for a view", [core / done.looks * 1000], 5, " ms"),
        Figure("the same, most memory of the watcher", [done.memory / 1e6], 1000, " MB"),
        Figure("injection to confirmed finding, portal of a province", minutes["province"], 35, " min"),
        Figure("injection to confirmed finding, portal of a commune", minutes["commune"], 400, " min"),
    ]


@contextlib.contextmanager
def _said() -> Iterator[None]:
    print(f"{machine()}; load {', '.join(f'{value:.1f}' for value in os.getloadavg())}")
    yield
    print(f"load afterwards {', '.join(f'{value:.1f}' for value in os.getloadavg())}")


def main(arguments: Sequence[str]) -> int:
    """One part, told."""
    part, more = (arguments[0] if arguments else "fleet"), [*arguments[1:]]
    if part == "watcher":
        folder, portals, port, dns = more
        done = asyncio.run(watch(Path(folder), World.portals(int(portals), int(port)), int(dns)))
        print(json.dumps(done._asdict()))
    elif part == "delays":
        for level, minutes in delays(int(more[0]) if more else 100).items():
            print(Figure(f"injection to confirmed finding, {level}", minutes, 0, " min").cells()[:2])
    else:
        with _said():
            done, core, seen = fleet(int(more[0]) if more else PORTALS)
            print(f"{done.looks} views in {done.seconds:.0f} s ({done.looks / done.seconds:.0f}/s), {done.requests} requests; watcher {done.cpu:.0f} s CPU, "
                  f"{done.memory / 1e6:.0f} MB at most; core {core:.0f} s CPU; {seen} portals seen clean by all, {done.left} facts lost")  # fmt: skip
    return 0


if __name__ == "__main__":
    random.seed(1)
    tempfile.tempdir = tempfile.gettempdir()
    sys.exit(main(sys.argv[1:]))
