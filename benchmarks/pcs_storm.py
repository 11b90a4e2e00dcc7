"""A morning's storm: 200 PCs enrol and tell all they know at once, while screens are taken over: how long a takeover is on its way to the journal."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from measure import Figure, percentile

from collector.clock import SystemClock
from collector.config import load
from collector.core import Core
from collector.endpoints import in_thread, inbox_path
from collector.factqueue import FactQueue
from collector.journal import Journal
from collector.sites import detectors_of, sites_of
from collector.sockets import CoreServer
from model.facts import SensorHeard
from model.wirefacts import ScreenPushed
from tests.endpoints.certificates import Authority, Pair
from tests.endpoints.composed import signed, written
from tests.endpoints.conftest import PREFIX, client_context

PHONE = "6a:5f:2e:10:20:51"
# One takeover in so many seconds.
_BEAT = 0.1


def figures(pcs: int = 200, takeovers: int = 60) -> list[Figure]:
    """Delays in a quiet minute, then in the storm; and how long the storm took."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place, _box(Path(place), port := _free_port()) as (core, authority):
        quiet = core.delays(takeovers)
        pairs = [authority.pc(f"pc-{number:03}") for number in range(pcs)]
        began, ended = time.monotonic(), threading.Event()
        context = multiprocessing.get_context("spawn")
        storm = context.Process(target=_storm, args=(authority.path, pairs, port))
        storm.start()
        threading.Thread(target=lambda: (storm.join(), ended.set())).start()
        core.wait_for_pcs(10)
        stormy: list[float] = []
        while not ended.is_set() or core.waiting():
            stormy += core.delays(10)
        took = time.monotonic() - began
        print(f"storm of {pcs} PCs: all in the journal after {took:.1f} s, {len(stormy)} takeovers meanwhile", file=sys.stderr)
        return [
            Figure("a takeover to the journal, no PC about, p95", [percentile(quiet, 0.95)], 0.3, " s"),
            Figure(f"the same while {pcs} PCs tell all they know, p50", [percentile(stormy, 0.5)], 0.3, " s"),
            Figure(f"the same, p95 of {len(stormy)}", [percentile(stormy, 0.95)], 1.0, " s"),
        ]


class _Core:
    """A core with every rule, and screens that are taken over one after the other."""

    def __init__(self, core: Core, journal: Journal, queue: FactQueue, clock: SystemClock, inbox: Path) -> None:
        self._core, self._journal, self._queue, self._clock, self._inbox = core, journal, queue, clock, inbox
        self._number = 0

    def delays(self, times: int) -> list[float]:
        """From a push put into the queue to its finding in the journal, seconds."""
        return [self._delay() for _ in range(times)]

    def _delay(self) -> float:
        self._number += 1
        mac = f"1c:a4:10:31:{self._number >> 8:02x}:{self._number & 255:02x}"
        at, began = self._clock.now(), time.monotonic()
        push = ScreenPushed(
            at=at, sensor="capture:lan", sequence=self._number, leg="lan", mac=PHONE, ip="192.168.20.20", screen_mac=mac,
            screen_ip=f"192.168.{30 + self._number // 200}.{self._number % 200 + 20}", port=49494, family="dlna", kind="content",
            action="SetAVTransportURI", url="http://192.168.20.20:8080/video.mp4", accepted=True,
        )  # fmt: skip
        self._queue.put([push])
        while self._told() < self._number:
            time.sleep(0.002)
        took = time.monotonic() - began
        time.sleep(_BEAT)
        return took

    def _told(self) -> int:
        return self._journal.table.ask(lambda c: c.execute("SELECT count(*) FROM finding WHERE CAST(doc AS TEXT) LIKE '%VG-NET-03%'").fetchone()[0])

    def wait_for_pcs(self, most: float) -> None:
        """Until the first PC's facts are in the queue."""
        until = time.monotonic() + most
        while not self._queue.accepted["endpoints"] and time.monotonic() < until:
            time.sleep(0.01)

    def waiting(self) -> int:
        """Facts in the inbox."""
        with sqlite3.connect(self._inbox) as plain:
            found: int = plain.execute("SELECT count(*) FROM fact").fetchone()[0]
        plain.close()
        return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _box(folder: Path, port: int) -> Iterator[tuple[_Core, Authority]]:
    path, authority = written(folder, port)
    (folder / "catalogue.json").write_bytes(signed())
    config, clock, queue = load(path), SystemClock(), FactQueue()
    sites = sites_of(config, clock.now())
    config.sockets.dir.mkdir(parents=True)
    with Journal.open(folder / "journal.sqlite", box="hop-01") as journal:
        core = Core(box="hop-01", sites=sites, detectors=detectors_of(config, path), journal=journal, queue=queue, clock=clock, key=b"k" * 32)
        core.start()
        queue.put([SensorHeard(at=clock.now(), sensor="capture:lan", leg="lan", vantage="mirror")])
        loop = asyncio.new_event_loop()
        server = CoreServer(config.sockets.dir, facts=queue, outbox=journal.outbox(), reader=journal.reader(core.status), acts=core)
        loop.run_until_complete(server.start())
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            with in_thread(config, tuple(sites.values()), queue, clock):
                yield _Core(core, journal, queue, clock, inbox_path(config)), authority
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            core.stop()


def _storm(authority: Path, pairs: list[Pair], port: int) -> None:
    took: list[float] = []

    async def pc(pair: Pair) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=client_context(authority, pair))) as session:

            async def post(path: str, body: dict[str, object]) -> dict[str, object]:
                began = time.monotonic()
                async with session.post(f"https://127.0.0.1:{port}{PREFIX}{path}", json=body) as answer:
                    told: dict[str, object] = json.loads(await answer.read())
                took.append(time.monotonic() - began)
                assert "error" not in told, told
                return told

            key = (await post("enroll", {"platform_type": "2"}))["node_key"]
            await post("config", {"node_key": key})
            while asked := (await post("distributed/read", {"node_key": key}))["queries"]:
                rows = {name: [{"looked": "1", "domain": "1", "name": "x"}] for name in asked}  # type: ignore[attr-defined] # what JSON holds is not known
                await post("distributed/write", {"node_key": key, "queries": rows, "statuses": dict.fromkeys(rows, 0)})

    async def all_of_them() -> None:
        await asyncio.gather(*map(pc, pairs))

    began = time.monotonic()
    asyncio.run(all_of_them())
    spent = f"p50 {percentile(took, 0.5):.2f} s, p99 {percentile(took, 0.99):.2f} s"
    print(f"{len(pairs)} PCs done after {time.monotonic() - began:.1f} s: {len(took)} requests, {spent}", file=sys.stderr)
