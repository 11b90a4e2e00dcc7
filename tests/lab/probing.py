"""A box with two legs in a space of its own: the real capture sensors, the real probe program, core and its planner. Recorded as it goes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lab import Leg, Net, Segment, Space, recording

from collector.clock import SystemClock
from collector.config import load
from collector.factqueue import FactQueue
from collector.probing.planner import Pace, Planner
from collector.probing.service import Told, planned_legs
from collector.service import Parts, core_of, serving
from collector.sockets.orders import OrderServer
from model.facts import AnyFact
from model.ports import JournalReader
from model.verdict import Verdict
from model.wire.proof import ProofRow
from model.wirefacts import ProbeRan

STAFF, CITIZEN = "can-bo", "nguoi-dan"
PAIR = f"{STAFF}|{CITIZEN}"
ALL = ("nonce", "routed", "dhcp", "gateway")
# What the cases hold: no frame of the sensors themselves, and of others only what the decoders read.
ONLY = "ether proto 0x88b5 or udp port 34997 or udp port 67 or udp port 68 or arp or icmp6"
_SITE = """\
site = "xa-thu"
name = "Trung tâm xã Thử"

[[zones]]
leg = "can-bo"
role = "staff"
name = "Mạng cán bộ"

[[zones]]
leg = "nguoi-dan"
role = "citizen"
name = "Wi-Fi khu chờ"
{more}
"""
_CONFIG = """\
[[legs]]
name = "can-bo"
interface = "leg0"
heartbeat = "1s"
probes = {probes}

[[legs]]
name = "nguoi-dan"
interface = "leg1"
heartbeat = "1s"
probes = {probes}

[sockets]
dir = "{sockets}"
"""


class Sink:
    """Passes facts on to core's queue, and keeps what the planner told."""

    def __init__(self, queue: FactQueue) -> None:
        self._queue = queue
        self.runs: list[ProbeRan] = []

    def put(self, facts: list[AnyFact]) -> int:
        self.runs += [fact for fact in facts if isinstance(fact, ProbeRan)]
        return self._queue.put(facts)


class Box:
    """The box at work."""

    def __init__(self, parts: Parts, planner: Planner, sink: Sink, reader: JournalReader) -> None:
        self._parts, self._planner, self._sink, self._reader = parts, planner, sink, reader

    @property
    def runs(self) -> list[ProbeRan]:
        """Every run so far."""
        return self._sink.runs

    async def round(self) -> list[ProbeRan]:
        """One round of all probes on both legs; its runs."""
        before = len(self.runs)
        for leg in planned_legs(self._parts.config, list(self._parts.sites.values())):
            await self._planner.round(leg, asyncio.Event())
        return self.runs[before:]

    async def verdict(self, subject: str = PAIR) -> Verdict:
        """What VG-NET-01 says of the pair as the journal has it."""
        found = [verdict for verdict in await self._reader.verdicts() if verdict.detector == "VG-NET-01" and verdict.subject.id == subject]
        assert found, "no verdict on the pair yet"
        return found[0]

    async def offers(self) -> set[tuple[str, str, str]]:
        """What servers answered our own questions: leg, server, relay."""
        rows = [row for row in await self._reader.rows() if isinstance(row, ProofRow)]
        return {(row.id, offer.value.server_id, offer.value.relay) for row in rows for offer in row.offers.values()}

    async def settled(self, rung: str, subject: str = PAIR, patience: float = 8.0) -> Verdict:
        """The verdict once every run is folded, and it stands on that rung of the ladder; as it is after `patience` seconds where it never does."""
        until = asyncio.get_running_loop().time() + patience
        while asyncio.get_running_loop().time() < until:
            found = [verdict for verdict in await self._reader.verdicts() if verdict.detector == "VG-NET-01" and verdict.subject.id == subject]
            told = sum(len(runs) for row in await self._reader.rows() if isinstance(row, ProofRow) for runs in row.runs.values())
            if told == len(self.runs) and found and dict(found[0].state)["ladder"] == rung:
                break
            await self._reader.wait(await self._reader.wait(-1, 0), 0.2)
        # What crosses does so in milliseconds; longer than that for a wrong answer to show itself.
        await asyncio.sleep(0.5)
        return await self.verdict(subject)


def legs_of(net: Net, staff: Segment, citizen: Segment) -> tuple[Space, Leg, Leg]:
    """A space with a leg on each segment: `leg0` staff, `leg1` citizens."""
    one = staff.leg()
    return one.space, one, citizen.leg(one.space)


@asynccontextmanager
async def box(space: Space, folder: Path, probes: tuple[str, ...] = ALL, more: str = "") -> AsyncIterator[Box]:
    """The box in this space, with its legs listening and its program connected; `more` zones."""
    declared = folder / "declared"
    declared.mkdir()
    (declared / "site.toml").write_text(_SITE.format(more=more))
    # A Unix socket's path is short, a test's folder need not be.
    sockets = space.folder / "s"
    (folder / "config.toml").write_text(_CONFIG.format(probes=json.dumps(list(probes)), sockets=sockets))
    config = load(folder / "config.toml")
    parts = Parts(config, folder / "config.toml", SystemClock())
    with core_of(parts) as (core, journal, queue):
        reader, sink = journal.reader(core.status), Sink(queue)
        orders = OrderServer(sockets)
        async with serving(parts, core, journal, queue, reader):
            await orders.start()
            vonggac = Path(sys.executable).with_name("vonggac")
            collect, probe = (space.popen([vonggac, service, "--config", folder / "config.toml"]) for service in ("collect", "probe"))
            try:
                async with asyncio.timeout(20):
                    await orders.arrived.wait()
                    await _listening(reader)
                pace = Pace(gap=0.02, jitter=0)
                legs = planned_legs(config, list(parts.sites.values()))
                key = (config.privacy.key_file).read_bytes()
                planner = Planner(box=config.box.id, key=key, legs=legs, orders=orders, sink=sink, clock=parts.clock, pace=pace, heard=Told(reader))
                yield Box(parts, planner, sink, reader)
            finally:
                collect.stop()
                probe.stop()
                await orders.stop()


async def _listening(reader: JournalReader) -> None:
    while True:
        rows = await reader.rows()
        if {getattr(row, "leg", "") for row in rows if getattr(row, "state", "") == "running"} >= {STAFF, CITIZEN}:
            return
        await asyncio.sleep(0.05)


@contextlib.contextmanager
def recorded(legs: tuple[Leg, Leg], folder: Path) -> AsyncIterator[None]:  # type: ignore[misc] # a generator of a context
    """Both legs' incoming frames into `can-bo.pcap` and `nguoi-dan.pcap`."""
    with recording(legs[0], folder / f"{STAFF}.pcap", f"inbound and ({ONLY})"), recording(legs[1], folder / f"{CITIZEN}.pcap", f"inbound and ({ONLY})"):
        yield


def kept(folder: Path, case: Path, key: bytes, runs: list[ProbeRan]) -> None:
    """Puts what was recorded where it is replayed from."""
    case.mkdir(parents=True, exist_ok=True)
    for name in (STAFF, CITIZEN):
        shutil.copy(folder / f"{name}.pcap", case)
    told = [{field: getattr(run, field) for field in run.__struct_fields__} for run in runs]
    (case / "runs.json").write_text(json.dumps({"key": key.hex(), "runs": told}, ensure_ascii=False, indent=1) + "\n")
