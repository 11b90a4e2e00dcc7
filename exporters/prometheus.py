"""The metrics page: a pull view of the journal and of this process's sinks, in a registry of its own."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from exporters import prometheus_families as families
from exporters.backoff import Outage
from exporters.prometheus_families import Snapshot
from exporters.tally import Reloaded, Tally
from model.ledger import Change
from model.portals.rows import FeedRow
from model.ports import JournalReader
from model.posture.rows import TakenRow
from model.rows import Sensor
from model.text import Language
from model.times import SECOND
from model.wire.proof import ProofRow

log = logging.getLogger(__name__)

# Findings by rule, severity and state.
Counts = Callable[[], Mapping[tuple[str, str, str], int]]

# Whoever asks more often than this is given the same page: reading all verdicts costs more than a scrape may.
FRESH = 5 * SECOND


class Metrics:
    """The page and its registry. `tallies` are those given to the runners of this process; `now` in ns since the epoch."""

    def __init__(
        self,
        reader: JournalReader,
        *,
        now: Callable[[], int],
        version: str,
        tallies: Sequence[Tally] = (),
        language: Language = "vi",
        reloaded: Reloaded | None = None,
        counts: Counts | None = None,
    ) -> None:
        """`counts`: of the findings, where there are too many to be read for each page."""
        self.registry = CollectorRegistry(auto_describe=False)
        self._reader = reader
        self._counts = counts
        self._now = now
        self._view = _View(version, tallies, now, reloaded or Reloaded(at=now()))
        self._read_at: int | None = None
        self._lock = asyncio.Lock()
        self._outage = Outage("prometheus", log, language)
        self.registry.register(self._view)
        ProcessCollector(registry=self.registry)

    async def refresh(self) -> None:
        """Reads the journal, unless that was done a moment ago. What cannot be read vanishes from the page; it is never shown as it was."""
        async with self._lock:
            age = None if self._read_at is None else self._now() - self._read_at
            if age is not None and 0 <= age < FRESH:
                return
            try:
                self._view.snapshot = await _read(self._reader, self._counts)
            except Exception as error:  # noqa: BLE001 - boundary: of this view; whatever the reader raises is its outage, and the page answers
                self._view.snapshot = None
                self._outage.began(f"{type(error).__name__}: {error}")
            else:
                self._outage.ended()
            self._read_at = self._now()

    async def page(self, accept: str = "") -> tuple[bytes, str]:
        """The page and its content type, in the form that the Accept header asks for."""
        await self.refresh()
        encode, kind = choose_encoder(accept)
        return encode(self.registry), kind

    async def scrape(self, request: web.Request) -> web.Response:
        """The handler of GET /metrics."""
        body, kind = await self.page(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": kind})


class _View(Collector):
    """All families from one snapshot, so that they fit together and label sets that are gone are gone."""

    def __init__(self, version: str, tallies: Sequence[Tally], now: Callable[[], int], reloaded: Reloaded) -> None:
        self.snapshot: Snapshot | None = None
        self._version = version
        self._tallies = tallies
        self._now = now
        self._reloaded = reloaded

    def collect(self) -> Iterable[Metric]:
        """Called by the registry for each page."""
        yield families.info("build_info", "The version of the program.", {"version": self._version})
        yield families.journal_up(self.snapshot is not None)
        yield families.clock(self._now())
        yield from families.of_reload(self._reloaded)
        yield from families.of_deliveries(self._tallies)
        if self.snapshot is not None:
            yield from _of_journal(self.snapshot)


def _of_journal(snapshot: Snapshot) -> Iterator[Metric]:
    for part in (
        families.of_core,
        families.of_findings,
        families.of_sensors,
        families.of_probes,
        families.of_portals,
        families.of_feeds,
        families.of_pcs,
        families.of_outbox,
    ):
        yield from part(snapshot)


async def _read(reader: JournalReader, counts: Counts | None) -> Snapshot:
    rows = await reader.rows()
    return Snapshot(
        status=await reader.status(),
        sinks=await reader.sinks(),
        sensors=[row for row in rows if isinstance(row, Sensor)],
        proofs=[row for row in rows if isinstance(row, ProofRow)],
        feeds=[row for row in rows if isinstance(row, FeedRow)],
        taken=[row for row in rows if isinstance(row, TakenRow)],
        findings=counts() if counts else _counted(await reader.findings()),
        verdicts=Counter((v.detector, v.outcome.value) for v in await reader.verdicts()),
    )


def _counted(changes: Iterable[Change]) -> Mapping[tuple[str, str, str], int]:
    return Counter((change.finding.detector, change.finding.severity.value, change.finding.state) for change in changes)
