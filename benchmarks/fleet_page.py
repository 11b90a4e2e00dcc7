"""How long the province's page takes over 3,321 sites and 331,000 findings in a real Elasticsearch: `.venv/bin/python benchmarks/fleet_page.py [SITES]`.

Prints the table of docs/performance.md. Each reading of the overview comes after a new document, so that nothing is answered from what was counted before.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))
# A server that is missing is an error here too.
os.environ.setdefault("CI", "true")

import aiohttp
import msgspec
from aiohttp import web
from measure import percentile

from exporters.console.fleet_app import fleet_app
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import POLL, ElasticFleet
from exporters.elastic.state import index_name
from model.fleet.declared import FleetDeclared
from model.fleet.ports import Asked
from model.ports import Posture
from model.times import HOUR
from model.verdict import Grade, Outcome, Severity, Subject, Verdict
from tests.console.browser import chromium
from tests.console.commune import NOW, Journal, change, finding, sensor
from tests.fleet.filled import ABOUTS, Filled, Place, declared_of, verify
from tests.servers.elasticsearch import Elasticsearch

SITES = 3_321
FINDINGS = 331_000
# Verdicts a site: a few screens and portals, PCs by eleven checks.
VERDICTS = 200
TIMES = 30
PAINTS = 7
BULK = 4 * 1024 * 1024
STATES = ("open",) * 6 + ("accepted",) + ("resolved",) * 3
DETECTORS = tuple(about.id for about in ABOUTS)
OVERVIEW, PAINTED = "`/` after news", "`/`, first contentful paint"

Line = bytes


def place(number: int) -> Place:
    """One of many sites; each 50th is silent, each 200th was never heard."""
    heard = 0 if number % 200 == 199 else NOW - 72 * HOUR if number % 50 == 49 else NOW - HOUR // 120
    return Place(f"xa-{number:04}", f"Trung tâm phục vụ hành chính công xã số {number}", heard=heard, group=f"Cụm {number // 40:02}")


def lines(filled: Filled, count: int, findings: int) -> Iterator[Line]:
    """Every document of the province as two lines of a bulk: patterns of which site, number and state are replaced."""
    severities = (Severity.CRITICAL, *(Severity.HIGH,) * 9, *(Severity.MEDIUM,) * 50, *(Severity.LOW,) * 40)
    patterns = {}
    for severity in Severity:
        for detector in DETECTORS:
            for state in set(STATES):
                patterns[severity, detector, state] = _finding(filled, severity, detector, state)
    verdicts = [_posture(filled, detector, outcome) for detector in DETECTORS for outcome in (Outcome.CLEAR, Outcome.UNKNOWN, Outcome.VIOLATION)]
    for number in range(count):
        made = place(number)
        site = made.site.encode()
        for each in range(findings // count + (number < findings % count)):
            key = severities[(number * 7 + each) % len(severities)], DETECTORS[(number + each) % len(DETECTORS)], STATES[each % len(STATES)]
            yield _filled(patterns[key], site, number * 1_000 + each)
        for each in range(VERDICTS):
            # Most of what is judged is clear.
            rare = 0 if (number + each) % 9 else 1 + each % 2
            yield _filled(verdicts[(each % len(DETECTORS)) * 3 + rare], site, each)
        if made.heard:
            yield from (_pair(*row) for row in filled.documents(Place(made.site, made.name, Journal(others=[sensor()]), heard=made.heard)))


def _finding(filled: Filled, severity: Severity, detector: str, state: str) -> Line:
    numbers = next(about.findings for about in ABOUTS if about.id == detector)
    told = {"detector": detector, "state": state, "findings": numbers, "owner": "" if severity is Severity.LOW else "Nguyễn Thị Lan"}
    about = finding(1, Subject("asset", "a00000000000SUBJ"), severity, Grade.CONFIRMED, ABOUTS[0].title, **told)
    rows = list(filled.documents(Place("SITECODE", "Trung tâm", Journal(changes=[change(about, "TV-Sảnh")]), heard=0)))
    index, doc_id, doc = next(row for row in rows if row[0] == index_name("finding", filled.namespace))
    return _pair(index, "DOCUMENT", doc).replace(doc_id.encode(), b"DOCUMENT")


def _posture(filled: Filled, detector: str, outcome: Outcome) -> Line:
    verdict = Verdict(detector=detector, subject=Subject("asset", "a00000000000SUBJ"), outcome=outcome, title=ABOUTS[0].title, summary=ABOUTS[0].title)
    rows = list(filled.documents(Place("SITECODE", "Trung tâm", Journal(judged=[verdict]), heard=0)))
    return _pair(rows[0][0], "DOCUMENT", rows[0][2])


def _pair(index: str, doc_id: str, doc: object) -> Line:
    return msgspec.json.encode({"index": {"_index": index, "_id": doc_id}}) + b"\n" + msgspec.json.encode(doc) + b"\n"


def _filled(pattern: Line, site: bytes, number: int) -> Line:
    code = f"{number:012x}".encode()
    return pattern.replace(b"SITECODE", site).replace(b"DOCUMENT", site[-4:] + code[-8:]).replace(b"0000000SUBJ", code[-11:])


def load(filled: Filled, count: int, findings: int) -> float:
    """Writes the province; seconds."""
    begun = time.monotonic()
    for name in ("finding", "posture", "box"):
        filled.server.call("PUT", f"/{index_name(name, filled.namespace)}/_settings", {"index": {"refresh_interval": "-1"}})  # type: ignore[arg-type] # of the closed set
    where = urlsplit(filled.server.url)
    line = http.client.HTTPConnection(where.hostname or "", where.port or 0, timeout=120)
    body, size = [], 0
    for each in lines(filled, count, findings):
        body.append(each)
        size += len(each)
        if size > BULK:
            _send(line, b"".join(body))
            body, size = [], 0
    if body:
        _send(line, b"".join(body))
    for name in ("finding", "posture", "box"):
        filled.server.call("PUT", f"/{index_name(name, filled.namespace)}/_settings", {"index": {"refresh_interval": "1s"}})  # type: ignore[arg-type] # of the closed set
    filled.server.call("POST", f"/vonggac-*-{filled.namespace}/_refresh")
    return time.monotonic() - begun


def _send(line: http.client.HTTPConnection, body: bytes) -> None:
    line.request("POST", "/_bulk?filter_path=errors", body, {"Content-Type": "application/x-ndjson"})
    said = line.getresponse().read()
    if b'"errors":false' not in said:
        raise SystemExit(said[:500].decode())


async def timed(ask: Callable[[], Awaitable[object]], news: Callable[[], Awaitable[object]] | None = None, times: int = TIMES) -> list[float]:
    """Seconds of each of many askings, each after news."""
    took = []
    for _ in range(times):
        if news is not None:
            await news()
        begun = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - begun)
    return sorted(took)


class Asking(NamedTuple):
    """One row of the table: seconds, in order, and bytes over the wire."""

    name: str
    took: list[float]
    size: int

    @property
    def p95(self) -> float:
        """Seconds that 95 of 100 askings are not above."""
        return percentile(self.took, 0.95)

    def __str__(self) -> str:
        size = f"{self.size / 1024:.1f}" if self.size else ""
        return f"| {self.name} | {self.took[0]:.3f} | {statistics.median(self.took):.3f} | **{self.p95:.3f}** | {size} |"


async def measure(filled: Filled, roster: FleetDeclared, profile: Path) -> list[Asking]:
    """Prints the table, and gives it."""
    rows: list[Asking] = []

    def said(name: str, took: list[float], size: int = 0) -> None:
        rows.append(Asking(name, took, size))
        print(rows[-1], flush=True)

    reader = ElasticFleet(ElasticOptions(urls=(filled.server.url,), namespace=filled.namespace), lambda: roster, lambda: NOW, verify=verify)
    app = fleet_app(reader, None, lambda: roster, Journal(), lambda: NOW, abouts=ABOUTS)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    posture = Posture(site="xa-0000", at=NOW, findings=(2,), verdict=place_verdict())
    doc = next(row for row in filled.documents(Place("xa-0000", "x", Journal(judged=[posture.verdict]), heard=0)))
    print("| asked | least | median | p95, s | kB over the wire |\n|---|---|---|---|---|")
    await reader.sites()
    said("sites", await timed(reader.sites))
    said("the fifteen", await timed(reader.matters))
    said("campaigns", await timed(reader.campaigns))
    said("50 findings, worst first", await timed(lambda: reader.findings(Asked())))
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def get(path: str) -> int:
            async with session.get(url + path, headers={"Accept-Encoding": "gzip"}) as answer:
                body = await answer.read()
                assert answer.status == 200, path
                return len(body)

        async def news() -> None:
            # One more document, searchable; and the time over in which the version is not asked for again.
            await asyncio.to_thread(filled.bulk, [doc])
            await asyncio.sleep(POLL)

        for path, name in (("/", OVERVIEW), ("/?cum=Cụm 00", "`/`, one group, after news"), ("/do-bao-phu", "`/do-bao-phu` after news")):
            said(name, await timed(lambda path=path: get(path), news), await get(path))
        for path in ("/", "/phat-hien", "/phat-hien?diem=xa-0007", "/phat-hien?muc=critical&so=2", "/diem/xa-0007/", "/diem/xa-0007/phat-hien"):
            said(f"`{path}`, nothing new", await timed(lambda path=path: get(path)), await get(path))
    async with chromium(profile) as browser:
        tab = await browser.tab()
        await tab.call("Page.bringToFront")
        took = []
        for _ in range(PAINTS):
            await asyncio.to_thread(filled.bulk, [doc])
            took.append(await tab.painted(url + "/"))
        said(PAINTED, sorted(took), sum(size for asked, size in tab.bytes.items() if "/events" not in asked))
    await runner.cleanup()
    await reader.close()
    return rows


def place_verdict() -> Verdict:
    """What is written again and again."""
    return Verdict(detector=DETECTORS[0], subject=Subject("asset", "news"), outcome=Outcome.CLEAR, title=ABOUTS[0].title, summary=ABOUTS[0].title)


class Roomy(Elasticsearch):
    """With a small server's memory and the JVM's own compilers: what tests save in starting, a province would pay at every question."""

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "ES_JAVA_OPTS": "-Xms2g -Xmx2g"}


def measured(count: int = SITES) -> list[Asking]:
    """Fills an engine of its own and measures."""
    with Roomy() as server, tempfile.TemporaryDirectory() as profile:
        filled = Filled(server, "bench")
        filled.install()
        seconds = load(filled, count, FINDINGS * count // SITES)
        documents = server.call("GET", "/vonggac-*-bench/_count").json()["count"]
        print(f"{server.distribution.version}: {count} sites, {documents} documents, written in {seconds:.0f} s", flush=True)
        return asyncio.run(measure(filled, declared_of([place(number) for number in range(count)]), Path(profile)))


if __name__ == "__main__":
    measured(int(sys.argv[1]) if len(sys.argv) > 1 else SITES)
