"""How long the pages about portals take over a real journal: `python -m tests.console.timing 3321` (docs/page.md says what came out)."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web

from collector.journal import Batch, Journal
from exporters.console.app import make_app
from model.portals.rows import PortalRow
from model.verdict import Evidence, Verdict
from tests.console.browser import chromium
from tests.console.commune import NOW
from tests.console.commune import Journal as Stub
from tests.console.gates import EVERYBODY, PORTAL_ABOUTS, declared, province

TIMES = 7
PAGES = ("/cong", "/cong?tim=xa+so+77", "/cong/xa-a", "/")


def spoken(verdicts: list[Verdict]) -> Iterator[Verdict]:
    """The verdicts as large as the rules make them: each names who looked when."""
    looked = tuple(Evidence("persona", persona, NOW) for persona in EVERYBODY)
    return (msgspec.structs.replace(verdict, evidence=looked, state=(("portal", "clean"),)) for verdict in verdicts)


def filled(path: Path, portals: int) -> tuple[Journal, Stub]:
    """A journal on disk with so many portals, and the stub that answers what core would."""
    made = province(portals - 5)
    rows: list[tuple[str, str, PortalRow]] = [("portal", row.id, row) for row in made.watched]
    journal = Journal.open(path, box="box-1")
    changes = tuple(made.changes)
    findings = tuple(change.finding for change in changes)
    journal.commit(Batch(site="tinh", now=NOW, rows=rows, verdicts=tuple(spoken(made.judged)), findings=findings, changes=changes))
    return journal, made


async def timed(session: aiohttp.ClientSession, url: str) -> tuple[float, float, int]:
    """The median time to the last byte of an answer and of it what a processor worked, in seconds, and its size over the wire."""
    took, worked, size = [], [], 0
    for _ in range(TIMES):
        begun, spent = time.perf_counter(), time.process_time()
        async with session.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            size = len(await answer.read())
            assert answer.status == 200, url
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - spent)
    return statistics.median(took), statistics.median(worked), size


async def painted(url: str, profile: Path) -> float:
    """The median first contentful paint in Chromium, in seconds."""
    async with chromium(profile) as browser:
        tab = await browser.tab()
        await tab.call("Page.bringToFront")
        return statistics.median([await tab.painted(url) for _ in range(TIMES)])


async def measure(portals: int, folder: Path) -> None:
    """Prints a line a page."""
    journal, stub = filled(folder / "journal.db", portals)
    status = await stub.status()
    app = make_app(journal.reader(lambda: status), abouts=PORTAL_ABOUTS, declared=lambda: site)
    site = declared(portals - 5)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for path in PAGES:
            seconds, worked, size = await timed(session, url + path)
            print(f"{path:24} {seconds * 1000:7.0f} ms, processor {worked * 1000:7.0f} ms {size / 1024:7.1f} kB")
    print(f"{'/cong, first paint':24} {await painted(url + '/cong', folder / 'profile') * 1000:7.0f} ms")
    await runner.cleanup()
    journal.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3321, Path(place)))
