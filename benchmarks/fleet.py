"""The province for bench.py: its page over all sites of the country, all their boxes coming back at once, and what a box pays for it."""

from __future__ import annotations

import asyncio
import statistics

import fleet_page
import fleet_return
import for_province
from measure import Figure, percentile


def figures() -> list[Figure]:
    """At the full size: 3,321 sites, 331,000 findings; some minutes and 4 GB of memory."""
    return [*_observed(), *_page(), *_returned()]


def _observed() -> list[Figure]:
    usual, worst = for_province.observing(20_000)
    name = "CPU of core for what 20,000 devices say anew to the province, a second"
    return [Figure(name, [usual], 10.0, " ms"), Figure("the same, worst second", [worst], 50.0, " ms")]


def _page() -> list[Figure]:
    rows = {row.name: row for row in fleet_page.measured()}
    overview, painted = rows[fleet_page.OVERVIEW], rows[fleet_page.PAINTED]
    return [
        Figure("province of 3,321 sites, 331,000 findings: overview after news, p95", [overview.p95], 1.0, " s"),
        Figure("the same over the wire, gzip", [overview.size / 1024], 200.0, " kB"),
        Figure("the same, first contentful paint after news, median", [statistics.median(painted.took)], 2.0, " s"),
    ]


def _returned() -> list[Figure]:
    back = asyncio.run(fleet_return.measured())
    return [
        Figure("3,321 boxes back at once onto three nodes: documents lost, doubled or rejected", [abs(back.found - back.produced) + back.rejected], 0),
        Figure("the same: time until all are delivered", [back.took], 300.0, " s"),
        Figure("the same: a finding delivered, p95", [percentile(back.findings, 0.95)], 120.0, " s"),
        Figure("the same: a province reads it all; seconds", [back.read], 120.0, " s"),
    ]
