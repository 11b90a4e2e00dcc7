"""The ways to the SOC for bench.py: the sink beside bare `async_bulk`, what core pays for a signature, and how soon people hear."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import alertmanager_delay
import elastic_bulk
import for_province
import page_delay
from measure import Figure

from tests.servers.elasticsearch import Elasticsearch


def figures(rounds: int, lone: int) -> list[Figure]:
    """`rounds` of bulks beside the peer in turn, `lone` alerts by webhook, one group through a real Alertmanager."""
    return [*_bulk(rounds), *_signed(rounds), *_heard(lone), *_through_alertmanager()]


def _bulk(rounds: int) -> list[Figure]:
    with Elasticsearch() as server:
        pairs = asyncio.run(elastic_bulk.compare(server, rounds))
    why = "the journal's lease and acknowledgement and the making of ECS documents are Python; bare async_bulk sends what is made already"
    return [Figure("time a document through the journal / bare async_bulk", [straight / through for through, straight in pairs], 1.11, held=1.2, why=why)]


def _signed(rounds: int) -> list[Figure]:
    costs = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder:
            costs.append(for_province.leasing(Path(folder), signed=True) - for_province.leasing(Path(folder), signed=False))
    return [Figure("CPU of core for the signature of a row", costs, 100.0, " µs")]


def _heard(lone: int) -> list[Figure]:
    seconds, _, messages = asyncio.run(page_delay.measure(lone))
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    return [
        Figure("a lone alert, commit to receiver, p95", [p95], page_delay.BAR_SECONDS, " s"),
        Figure(f"messages for a flood of {page_delay.FLOOD}", [float(messages)], float(page_delay.MOST_MESSAGES)),
    ]


def _through_alertmanager() -> list[Figure]:
    seconds = asyncio.run(alertmanager_delay.measure(alertmanager_delay.SHIPPED.read_text()))
    return [Figure("through Alertmanager with the shipped file, slower of two of a group", [max(seconds)], alertmanager_delay.BAR_SECONDS, " s")]
