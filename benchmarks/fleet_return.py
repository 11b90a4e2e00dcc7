"""3,321 boxes that come back in the same second after an outage, onto a cluster of three nodes: `.venv/bin/python benchmarks/fleet_return.py [BOXES]`.

Each box is the program's own sink and runner over an outbox that makes and signs its rows as they are leased, as a journal does; all in one process, on the
cores that the cluster has too. Then a province reads all of it. Prints the figures of docs/performance.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
# A server that is missing is an error here too.
os.environ.setdefault("CI", "true")

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from measure import machine

from collector.clock import SystemClock
from collector.journal import Journal
from collector.journal.signing import Signer, Signing
from collector.province.keys import holds
from collector.province.province import Province
from exporters.elastic import Elastic, ElasticOptions, Origin, bootstrap
from exporters.elastic.fleet_store import ElasticStore
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.fleet.declared import FleetBox, FleetDeclared, FleetSite
from model.fleet.signed import key_id
from model.ports import Document, Health, Observed, OutboxRow, Posture, Receipt, Stream, Told
from model.times import MINUTE, SECOND
from tests.exporters.samples import posture
from tests.fleet.boxes import told
from tests.servers.cluster import Cluster

SITES = 3_321
# Three minutes without the centre: what a box has queued by then.
BACKLOG: dict[Stream, int] = {"finding": 1, "health": 3, "posture": 1, "observation": 1}
# As shipped it is a minute. Here all boxes share one process, which would spend most of it asking each four times a second whether its time has come.
SPREAD = 10 * SECOND
NAMESPACE = "ve"
BEGAN = time.time_ns()


class Backlog:
    """Implements `model.ports.Outbox` for one box: rows are made when they are first leased, findings first."""

    def __init__(self, number: int, done: Counter[int]) -> None:
        self.box, self.site = f"hop-{number}", f"xa-{number}"
        private = Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))
        self.public = private.public_key().public_bytes_raw()
        self._signer = Signer(self.box, BEGAN // SECOND - 3600, Signing(frozenset({"soc"}), key_id(self.public), private.sign))
        self._waiting = [(stream, n) for stream, count in BACKLOG.items() for n in range(count)]
        self._made: dict[int, OutboxRow] = {}
        self._done = done
        self.findings: list[float] = []

    async def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """Nothing to remember."""

    async def lease(self, sink: str, limit: int, wait: float) -> Sequence[OutboxRow]:
        """The first rows not answered; waits as a journal does when there is none."""
        if not self._waiting:
            await asyncio.sleep(wait)
        return [self._row(sink, *each) for each in self._waiting[:limit]]

    async def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:  # noqa: ARG002 - one sink
        """Takes answers; counts by second."""
        now = time.monotonic()
        accepted = {receipt.seq for receipt in receipts if receipt.outcome == "accepted"}
        self._done[int(now)] += len(accepted)
        self.findings += [now] * sum(1 for stream, n in self._waiting if stream == "finding" and _seq(stream, n) in accepted)
        self._waiting = [each for each in self._waiting if _seq(*each) not in accepted]

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:  # noqa: ARG002 - the protocol's
        """Nothing is ever buried."""
        return 0

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:  # noqa: ARG002 - the protocol's
        """As `replay`."""
        return 0

    @property
    def left(self) -> int:
        """Rows not delivered."""
        return len(self._waiting)

    def _row(self, sink: str, stream: Stream, n: int) -> OutboxRow:
        seq = _seq(stream, n)
        if seq not in self._made:
            # All boxes share this process: what each would do on its own processor again and again is done once.
            self._made[seq] = self._new(sink, stream, n, seq)
        return self._made[seq]

    def _new(self, sink: str, stream: Stream, n: int, seq: int) -> OutboxRow:
        document, row = self._document(stream, n), f"{self.box}-{stream}-{n}"
        at = document.change.at if isinstance(document, Told) else document.at
        signed = self._signer.signed(sink, seq, row, msgspec.json.encode(document))
        return OutboxRow(seq=seq, id=row, stream=stream, at=at, document=document, signed=signed)

    def _document(self, stream: Stream, n: int) -> Document:
        at = BEGAN - (3 - n) * MINUTE
        match stream:
            case "finding":
                return Told(change=told(self.site, n, at=at, opened=at))
            case "health":
                return Health(site=self.site, at=at, box=self.box, queued=n, oldest_at=at)
            case "posture":
                given = posture(1).document
                assert isinstance(given, Posture)
                verdict = msgspec.structs.replace(given.verdict, subject=msgspec.structs.replace(given.verdict.subject, id=f"a{n}"))
                return msgspec.structs.replace(given, site=self.site, at=at, verdict=verdict)
            case _:
                return Observed(site=self.site, at=at, kind="asset", id=f"a{n}", row='{"id":"a","names":["TV-Sảnh"]}')


def _seq(stream: Stream, n: int) -> int:
    return list(BACKLOG).index(stream) * 1000 + n + 1


async def returned(urls: tuple[str, ...], boxes: Sequence[Backlog]) -> list[Tally]:
    """All runners from the same moment until nothing is left."""
    stop, tallies, tasks = asyncio.Event(), [Tally(sink="soc") for _ in boxes], []
    for number, (box, tally) in enumerate(zip(boxes, tallies, strict=True)):
        turned = (*urls[number % len(urls) :], *urls[: number % len(urls)])
        sink = Elastic(ElasticOptions(name="soc", urls=turned, namespace=NAMESPACE, origin=Origin(box=box.box), spread=SPREAD), now=time.time_ns)
        tasks.append(asyncio.create_task(run(box, sink, stop, pace=Pace(now=time.time_ns), tally=tally)))
    while any(box.left for box in boxes):
        await asyncio.sleep(1)
    stop.set()
    await asyncio.gather(*tasks)
    return tallies


async def read(urls: tuple[str, ...], boxes: Sequence[Backlog], folder: Path) -> tuple[float, Province]:
    """A province that reads it all; seconds."""
    declared = FleetDeclared(
        province="79",
        sites={box.site: FleetSite(site=box.site, name=f"Trung tâm {box.site}") for box in boxes},
        boxes=tuple(FleetBox(box=box.box, site=box.site, key=box.public) for box in boxes),
    )
    store = ElasticStore(ElasticOptions(name="province", urls=urls, namespace=NAMESPACE), lambda: declared)
    with Journal.open(folder / "province.db", box="province-79") as journal:
        await journal.outbox().register("soc", ("finding",))
        province = Province(store=store, journal=journal, declared=lambda: declared, verify=holds, clock=SystemClock(), rules={})
        began = time.monotonic()
        while await province.turn():
            pass
        took = time.monotonic() - began
    await store.close()
    return took, province


def stored(cluster: Cluster, pattern: str) -> int:
    """How many documents are there."""
    cluster.call("POST", f"/{pattern}/_refresh")
    return int(cluster.call("GET", f"/{pattern}/_count").json()["count"])


@dataclass(frozen=True)
class Returned:
    """How it went: documents, seconds, and what was found afterwards."""

    produced: int
    found: int
    rejected: int
    took: float
    peak: int
    """Most documents in one second."""
    findings: list[float]
    """Seconds until each finding was delivered, in order."""
    read: float
    """Seconds in which a province read it all."""
    refused: int
    stand: int


async def measured(count: int = SITES) -> Returned:
    """Measures with `count` boxes, and prints the figures."""
    # Thousands of boxes would each say that the cluster is busy.
    logging.disable(logging.WARNING)
    done: Counter[int] = Counter()
    boxes = [Backlog(number + 1, done) for number in range(count)]
    produced = count * sum(BACKLOG.values())
    with Cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        assert {step.outcome for step in await bootstrap(ElasticOptions(urls=cluster.urls))} == {"done"}
        random.seed()
        began = time.monotonic()
        tallies = await returned(cluster.urls, boxes)
        took = time.monotonic() - began
        cluster.green()
        found = stored(cluster, f"logs-vonggac.*-{NAMESPACE}")
        waits = sorted(at - began for box in boxes for at in box.findings)
        print(f"{count} boxes, {produced} documents: all delivered in {took:.0f} s, {produced / took:.0f} a second, most in a second {max(done.values())}")
        print(f"findings delivered after {statistics.median(waits):.1f} s (p50), {waits[int(len(waits) * 0.95)]:.1f} s (p95), {waits[-1]:.1f} s (last)")
        print(f"tried again {sum(t.retried for t in tallies)}, rejected {sum(t.rejected for t in tallies)}, faults {sum(t.faults for t in tallies)}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"in the cluster {found}, lost or doubled {found - produced}; memory of all boxes {memory:.0f} MB")
        seconds, province = await read(cluster.urls, boxes, Path(folder))
        figures, stand = province.figures, stored(cluster, f"vonggac-finding-{NAMESPACE}")
        print(f"the province read {figures.read} documents in {seconds:.0f} s, {figures.read / seconds:.0f} a second; refused {dict(figures.refused)}")
        print(f"findings that stand {figures.findings}, in state {stand}, sites {dict(figures.sites)}")
    logging.disable(logging.NOTSET)
    rejected, refused = sum(t.rejected for t in tallies), sum(figures.refused.values())
    return Returned(produced, found, rejected, took, max(done.values()), waits, seconds, refused, stand)


if __name__ == "__main__":
    print(machine())
    result = asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else SITES))
    sys.exit(result.found != result.produced)
