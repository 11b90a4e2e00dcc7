"""A box that serves PCs over real TLS on loopback, its inbox on disk, and PCs that speak osquery's remote API."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from collector.catalogue.shapes import Query, Signed
from collector.catalogue.source import digest
from collector.clock import SystemClock
from collector.sensors.endpoints.admission import Admission
from collector.sensors.endpoints.api import SENSOR, Api
from collector.sensors.endpoints.asking import Asking
from collector.sensors.endpoints.feeding import Feeding
from collector.sensors.endpoints.figures import Figures
from collector.sensors.endpoints.inbox import Inbox
from collector.sensors.endpoints.presence import Presence
from collector.sensors.endpoints.serving import Endpoints, Place
from collector.sensors.endpoints.tls import Files
from model.endpointfacts import PcAnswered, PcHeard
from model.ports import CoreStatus
from model.posture.rows import TakenRow
from model.text import Text
from model.times import DAY, MINUTE
from tests.endpoints.answering import COLUMNS, GOOD
from tests.endpoints.certificates import Authority, Pair

PREFIX = "/osquery/"
SITE = "xa"


class SetClock(SystemClock):
    """This machine's clock, some time ahead if a test says so."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> int:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead / 1e9


def query(topic: str, **more: Any) -> Query:
    sql = more.pop("sql", f"SELECT {', '.join(sorted(COLUMNS[topic]))} FROM vonggac_{topic};")
    words = dict.fromkeys(("title", "why", "fix", "read", "unread"), Text("x", "x"))
    given = {"platforms": ("windows",), "freshness": 4 * 60 * MINUTE, **words, **more}
    return Query(topic=topic, sql=sql, columns=COLUMNS[topic], digest=digest(sql), **given)


def catalogue(*queries: Query) -> Signed:
    asked = {each.topic: each for each in queries or (query("auto_logon"), query("bluetooth", schedule=300), query("firewall", freshness=7 * DAY))}
    return Signed(version="2026.11.22.1", province="25", asked={"windows": asked})


class Core:
    """Stands where core is when a test wants core to be slow, away or begun anew: a sink and a reader."""

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self.room = 10_000
        self.started = 1
        self.version = 1
        self.sequences: dict[str, int] = {}
        self.changed = asyncio.Event()

    @property
    def told(self) -> list[PcAnswered | PcHeard]:
        return [fact for fact in self.facts if isinstance(fact, PcAnswered | PcHeard)]

    def put(self, facts: Iterable[Any]) -> int:
        facts = list(facts)
        fitted = facts[: self.room]
        self.facts += fitted
        self.changed.set()
        return len(fitted)

    def write_down(self) -> None:
        for fact in self.told:
            self.sequences[fact.site] = max(self.sequences.get(fact.site, 0), fact.sequence)
        self.version += 1
        self.changed.set()

    async def wait(self, version: int, wait: float) -> int:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while self.version == version:
                    self.changed.clear()
                    await self.changed.wait()
        return self.version

    async def status(self) -> CoreStatus:
        return CoreStatus(
            now=0, started=self.started, facts={}, refused={}, assets=0, evicted=0, overflowed=0, queue=0, commits=0, commit_seconds=0, journal_bytes=0, lost={}
        )

    async def taken(self, sensor: str) -> list[TakenRow]:
        return [TakenRow(id=sensor, site=site, sequence=sequence) for site, sequence in self.sequences.items()]


class Box:
    """The server's parts, so that a test may look into them."""

    def __init__(self, folder: Path, clock: SetClock, core: Any, **options: Any) -> None:
        self.clock, self.core, self.folder = clock, core, folder
        self.authority = Authority(folder)
        own = self.authority.box()
        self.files = Files(own.certificate, own.key, self.authority.path)
        self.signed: Signed = options.pop("catalogue", None) or catalogue()
        self.most = options.pop("most", 8)
        self.options = options
        self.open()

    def open(self) -> None:
        """As a start does: all it knows is in the file."""
        clock, sites = self.clock, self.options.get("sites", (SITE,))
        self.inbox = Inbox(self.folder / "inbox.sqlite", clock, max_bytes=self.options.get("max_bytes", 64 << 20))
        held = self.inbox.held()
        self.figures, self.presence = Figures(), Presence(SENSOR)
        self.admission = Admission(self.inbox, held.nodes, clock, sites=sites, revoked=self.options.get("revoked", ()))
        self.asking = Asking(held.asked, self.most)
        api = Api(self.signed, self.inbox, self.admission, self.asking, self.presence, clock, str, self.figures)
        self.feeding = Feeding(self.inbox, self.presence, self.core, self.core, clock, SENSOR, failures=(OSError,), window=self.options.get("window", 100))
        place = Place("127.0.0.1", 0, PREFIX, self.files)
        self.server = Endpoints(place, api, self.admission, self.inbox, self.feeding, self.core, clock, self.figures)
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(self.server.run(self.stop))

    async def close(self) -> None:
        self.stop.set()
        await self.task
        await asyncio.to_thread(self.inbox.close)

    async def listening(self) -> None:
        await asyncio.wait([self.task, asyncio.ensure_future(self.server.listening.wait())], return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            await self.task

    @contextlib.asynccontextmanager
    async def pc(self, name: str = "pc-01", *, pair: Pair | None = None, enrol: bool = True) -> AsyncIterator[Pc]:
        """A PC, enrolled unless told."""
        pair = pair or self.authority.pc(name)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=client_context(self.authority.path, pair))) as session:
            pc = Pc(self, session, pair)
            if enrol:
                await pc.enrol()
            yield pc


class Pc:
    """One PC's agent, as far as its words go."""

    def __init__(self, box: Box, session: aiohttp.ClientSession, pair: Pair) -> None:
        self.box, self.session, self.pair, self.key = box, session, pair, ""

    async def post(self, path: str, body: Any, *, raw: bytes | None = None, headers: dict[str, str] | None = None, method: str = "POST") -> dict[str, Any]:
        """What the server answered, read as osquery does: whatever the status."""
        host, port = self.box.server.address
        data = raw if raw is not None else json.dumps(body).encode()
        async with self.session.request(method, f"https://{host}:{port}{PREFIX}{path}", data=data, headers=headers, allow_redirects=False) as answer:
            self.status = answer.status
            return json.loads(await answer.read() or b"null")

    async def enrol(self, platform: str = "2") -> dict[str, Any]:
        details = {"osquery_info": {"version": "5.23.0"}, "system_info": {"hostname": "MAY-CUA-LAN"}}
        told = await self.post("enroll", {"enroll_secret": "x", "host_identifier": "uuid", "platform_type": platform, "host_details": details})
        self.key = told.get("node_key", self.key)
        return told

    async def read(self) -> dict[str, str]:
        told = await self.post("distributed/read", {"node_key": self.key})
        assert "error" not in told, told
        return told["queries"]

    async def write(self, queries: dict[str, Any], statuses: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        statuses = dict.fromkeys(queries, 0) if statuses is None else statuses
        return await self.post("distributed/write", {"node_key": self.key, "queries": queries, "statuses": statuses, **more})

    async def log(self, *lines: Any, kind: str = "result", packed: bool = False) -> dict[str, Any]:
        body = {"node_key": self.key, "log_type": kind, "data": list(lines)}
        if packed:
            return await self.post("log", None, raw=gzip.compress(json.dumps(body).encode()), headers={"Content-Encoding": "gzip"})
        return await self.post("log", body)

    async def answer_all(self) -> int:
        """One check-in: asks and answers as a PC in good order; how many topics that were."""
        asked = await self.read()
        if asked:
            told = await self.write({name: [good(name.partition(":")[0])] for name in asked})
            assert "error" not in told, told
        return len(asked)


def good(topic: str) -> dict[str, str]:
    return dict(GOOD[topic])


def client_context(authority: Path, pair: Pair | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority))
    if pair is not None:
        context.load_cert_chain(pair.certificate, pair.key)
    return context


def snapshot(topic: str, rows: list[dict[str, Any]], at: int = 1_763_800_000, **more: Any) -> dict[str, Any]:
    return {
        "name": topic, "hostIdentifier": "uuid", "calendarTime": "Sat Nov 22", "unixTime": at, "epoch": 0, "counter": 0, "numerics": False, "decorations": {},
        "snapshot": rows, "action": "snapshot", **more,
    }  # fmt: skip


@pytest.fixture
def port() -> int:
    """A port that is free just now, for a server that must be found again after a restart."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A temporary folder with a short name: a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Path(name)


@pytest.fixture
async def make_box(tmp_path: Path) -> AsyncIterator[Any]:
    boxes: list[Box] = []

    async def make(core: Any = None, **options: Any) -> Box:
        box = Box(tmp_path, SetClock(), core or Core(), **options)
        boxes.append(box)
        await box.listening()
        return box

    yield make
    for box in boxes:
        await box.close()


@pytest.fixture
async def box(make_box: Any) -> Box:
    return await make_box()


async def until(condition: Any, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
