"""Documents a second through the journal to a real Elasticsearch, beside bare `async_bulk` of the same documents on the same server.

`.venv/bin/python benchmarks/elastic_bulk.py [ROUNDS]` (needs no root). Ours is the whole way: rows leased from SQLite, made into ECS, sent, answered item by
item and acknowledged. The peer gets the finished documents and does nothing else: the client's own defaults, with compression, to data streams of the same
templates. They take turns. Both are in one process, so the journal has no core of its own as it has beside a running core.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
# A server that is missing is an error here too.
os.environ.setdefault("CI", "true")

from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_bulk
from measure import machine

from collector.journal import Batch, Journal
from exporters.elastic import Elastic, ElasticOptions, bootstrap
from exporters.elastic.ecs import document
from exporters.runner import Pace, run
from exporters.tally import Tally
from model.ledger import Change
from model.text import Text
from model.verdict import Evidence, Subject
from tests.exporters.samples import AT, change, told
from tests.servers.elasticsearch import Elasticsearch

BAR = 0.9
DOCUMENTS = 10_000
# A commit of core is some changes of one site.
EACH = 100


class Speed(NamedTuple):
    """Documents a second, and microseconds of this process's CPU a document."""

    rate: float
    cpu: float


def changes(number: int) -> list[Change]:
    """The changes of one commit, each of another screen at another time, seen otherwise."""
    return [_change(number * EACH + n) for n in range(EACH)]


def _change(n: int) -> Change:
    at, name, ip = AT + n * 1_371_000_007, f"TV-{n % 997}", f"192.168.{n // 250}.{n % 250}"
    said = Text(f"“{name}” nhận hình từ bất kỳ thiết bị nào (DLNA).", f"“{name}” takes a picture from any device (DLNA).")
    heard = (Evidence("ssdp", f"LOCATION: http://{ip}:49152/description.xml", at), Evidence("mdns", f"{name}._airplay._tcp.local. pw=0", at + 1500))
    return change(at=at, since=at, opened=at, summary=said, evidence=heard, subject=Subject("asset", f"a{n:016x}"), name=name, ips=(ip,))


async def ours(options: ElasticOptions, folder: Path) -> Speed:
    """From a full journal until it is empty."""
    with Journal.open(folder / "journal.db", box="bench") as journal:
        sink, stop, tally = Elastic(options, now=time.time_ns), asyncio.Event(), Tally(sink="elasticsearch")
        await journal.outbox().register(sink.name, ("finding",))
        for number in range(DOCUMENTS // EACH):
            journal.commit(Batch(site="xa-a", now=AT, changes=changes(number)))
        began, worked = time.perf_counter(), time.process_time()
        sending = asyncio.create_task(run(journal.outbox(), sink, stop, pace=Pace(now=time.time_ns), tally=tally))
        while tally.delivered < DOCUMENTS:
            await asyncio.sleep(0.005)
        speed = _speed(began, worked)
        stop.set()
        await sending
        if tally.retried or tally.rejected:
            raise SystemExit(f"elastic_bulk: {tally.retried} tried again, {tally.rejected} refused")
        return speed


async def bare(options: ElasticOptions) -> Speed:
    """`async_bulk` with the finished documents."""
    actions = []
    for seq, one in enumerate(one for number in range(DOCUMENTS // EACH) for one in changes(number)):
        row = told(seq, one)
        stream, fields = document(row, options.namespace, options.origin)
        actions.append({"_op_type": "create", "_index": stream, "_id": row.id, "_source": fields})
    engine = AsyncElasticsearch(list(options.urls), http_compress=True)
    try:
        began, worked = time.perf_counter(), time.process_time()
        stored, _ = await async_bulk(engine, actions)
        speed = _speed(began, worked)
    finally:
        await engine.close()
    if stored != DOCUMENTS:
        raise SystemExit(f"elastic_bulk: {stored} of {DOCUMENTS} stored")
    return speed


def _speed(began: float, worked: float) -> Speed:
    return Speed(DOCUMENTS / (time.perf_counter() - began), (time.process_time() - worked) * 1e6 / DOCUMENTS)


async def compare(server: Elasticsearch, rounds: int) -> list[tuple[float, float]]:
    """Both rates, a round each; the first warms the server up and is left out."""
    figures = []
    await bootstrap(ElasticOptions(urls=(server.url,)))
    for number in range(rounds + 1):
        with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder:
            through = await ours(_options(server), Path(folder))
        pair = through, await bare(_options(server))
        name = f"round {number}" if number else "warm-up"
        rates = f"journal {pair[0].rate:.0f}, async_bulk {pair[1].rate:.0f} documents/s, ratio {pair[0].rate / pair[1].rate:.2f}"
        print(f"{name}: {rates}; CPU {pair[0].cpu:.0f} and {pair[1].cpu:.0f} µs a document", flush=True)
        figures.append((pair[0].rate, pair[1].rate))
    return figures[1:]


def _options(server: Elasticsearch) -> ElasticOptions:
    return ElasticOptions(urls=(server.url,), namespace=f"b{secrets.token_hex(4)}", spread=0, rate=0)


def main(arguments: list[str]) -> int:
    """Exit status 1 where the median ratio is below the bar."""
    with Elasticsearch() as server:
        figures = asyncio.run(compare(server, int(arguments[0]) if arguments else 5))
        ratios = sorted(through / straight for through, straight in figures)
        median = statistics.median(ratios)
        print(f"{server.name}; {machine()}")
        print(f"journal / async_bulk: {ratios[0]:.2f} / {median:.2f} / {ratios[-1]:.2f} (bar {BAR})")
    return 0 if median >= BAR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
