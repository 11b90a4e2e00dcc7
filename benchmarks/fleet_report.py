"""How long the report over a whole province takes, and in how much memory: `.venv/bin/python benchmarks/fleet_report.py [SITES]`.

Prints seconds and MiB of the first report and of one with a previous report, on the province of fleet_page.py in a real Elasticsearch; how many findings a
site has is the same for any number of sites. MiB are those of this process, and of the greatest that it began to bind a report.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fleet_page import FINDINGS, SITES, Roomy, load, place

from exporters.console.fleet_site import fleet_declared
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet
from exporters.report import Inspected, report_of, whole
from tests.console.commune import NOW
from tests.fleet.filled import ABOUTS, Filled, declared_of, verify


async def measure(filled: Filled, count: int) -> None:
    """Prints a line a report."""
    roster = declared_of([place(number) for number in range(count)])
    reader = ElasticFleet(ElasticOptions(urls=(filled.server.url,), namespace=filled.namespace), lambda: roster, lambda: NOW, verify=verify)
    source = Inspected(reader, lambda site: fleet_declared(roster, site), ABOUTS, lambda: NOW)
    before: bytes | None = None
    for name in ("first", "later"):
        begun = time.perf_counter()
        waits = Waits()
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(waits.watch())
            bound = await source.bound(whole(roster), before)
            watching.cancel()
        made, before = time.perf_counter() - begun, bound.files["json"]
        written = {ending: len(data) >> 10 for ending, data in bound.files.items()}
        own, binder = (resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(f"{name}: {count} sites, {made:.1f} s, loop held {waits.longest:.2f} s at most, peak {own} MiB and {binder} MiB, KiB {written}", flush=True)
        report = report_of(before)
        print(f"{len(report.findings) + len(report.unlisted)} findings")
    await reader.close()


class Waits:
    """How long the event loop was held by whoever held it longest, seconds."""

    longest = 0.0

    async def watch(self) -> None:
        """Until it is cancelled."""
        while True:
            at = time.perf_counter()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.perf_counter() - at - 0.01)


if __name__ == "__main__":
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else SITES
    with Roomy() as server:
        filled = Filled(server, "bench")
        filled.install()
        load(filled, sites, FINDINGS * sites // SITES)
        asyncio.run(measure(filled, sites))
