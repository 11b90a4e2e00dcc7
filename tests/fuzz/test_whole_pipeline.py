"""The whole live path under hostile input: 100,000 made-up stations a minute, each with a frame meant to hurt, and the real findings among them."""

from __future__ import annotations

import heapq
import resource
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from collector.decode.flows.stage import MOST_FLOWS
from collector.decode.frame import IPV4
from collector.decode.pipeline import Pipeline
from collector.engine import Engine
from collector.registry import build_all
from collector.vendors import vendor_of
from model.claims.note import MAX_ROWS
from model.declared import Declared, Zone
from model.facts import SensorHeard
from model.ledger import Change
from model.site import MAX_PROBATION, SiteView
from model.times import MINUTE, SECOND
from model.turned import REMEMBERED
from model.verdict import Severity
from tests.decode import frames
from tests.fuzz import fuzz_dhcp4, hostile

START = frames.AT
FLOOD = 100_000
ASSETS = 1_000
# What a thousand assets and what they say take at most, in bytes: a tenth of the frames, were they kept.
MOST_BYTES = 24 << 20
FLOOD_AT = START + 105 * SECOND
ROUTER, OFFICER, NEWCOMER, VICTIM = "a4:f4:c2:10:20:01", "00:25:b3:10:20:66", "00:25:b3:10:20:77", "00:21:70:10:20:07"
STICK, LATE_STICK = "00:e0:4c:10:20:31", "00:f6:20:10:20:32"
IPS = {ROUTER: hostile.GATEWAY_IP, OFFICER: "192.168.1.66", NEWCOMER: "192.168.1.77", VICTIM: "192.168.1.7", STICK: "192.168.1.31", LATE_STICK: "192.168.1.32"}
Timed = tuple[int, bytes]


def arp(source: str, ip: str, target: str, operation: int, to: str = "ff:ff:ff:ff:ff:ff") -> bytes:
    asked = bytes(6) if operation == 1 else frames.mac(to)
    said = frames.arp(ip, source, operation, target)
    return frames.ethernet(hostile.ARP, said[:18] + asked + said[24:], source=source, target=to)


def advert(source: str) -> bytes:
    return frames.ethernet(IPV4, hostile.multicast(hostile.named(source[-2:]), source=IPS[source]), source=source, target="01:00:5e:00:00:fb")


def lease() -> bytes:
    said = frames.udp(fuzz_dhcp4.SEEDS[2].replace(bytes([192, 168, 10, 1]), bytes([192, 168, 1, 1])), 67, 68)
    return frames.ethernet(IPV4, frames.ipv4(said, source=IPS[ROUTER], target="255.255.255.255"), source=ROUTER)


def ordinary() -> list[Timed]:
    """The office before: everybody asks for the router and is answered, and goes on for two minutes."""
    begun = [(START, lease()), (START + SECOND, advert(STICK)), (START + 2 * SECOND, advert(STICK))]
    for second in range(3, 120, 9):
        for mac in (OFFICER, VICTIM):
            at = START + second * SECOND
            begun += [(at, arp(mac, IPS[mac], IPS[ROUTER], 1)), (at + 1, arp(ROUTER, IPS[ROUTER], IPS[mac], 2, mac))]
            begun += [(at + 2, arp(ROUTER, IPS[ROUTER], IPS[mac], 1)), (at + 3, arp(mac, IPS[mac], IPS[ROUTER], 2, ROUTER))]
    return sorted(begun)


def crime(mac: str, at: int) -> list[Timed]:
    """`mac` tells the victim every two seconds that it is the router, as arpspoof does."""
    return [(at + second * SECOND, arp(mac, IPS[ROUTER], IPS[VICTIM], 2, VICTIM)) for second in range(0, 30, 2)]


def set_up(mac: str, at: int) -> list[Timed]:
    """Somebody plugs a cast stick in: it announces itself, and answers the phones that look for one."""
    return [(at + second * SECOND, advert(mac)) for second in (0, 1, 3, 8, 20)]


class Watched(NamedTuple):
    """What is left at the end; `grown` is by how many bytes the process grew."""

    engine: Engine
    pipeline: Pipeline
    grown: int

    def found(self, detector: str, mac: str) -> list[Change]:
        return [change for change in self.engine.standing() if change.finding.detector == detector and mac in change.macs]


def watch(*streams: Iterable[Timed]) -> Watched:
    """The frames in the order of their times through decoders, fold and all detectors, as live; what is to be written is taken away each second."""
    declared = Declared(site="xa", legs=("lan",), zones=(Zone(leg="lan", role="staff"),), register=())
    view = SiteView(declared, key=b"k" * 32, now=START, max_assets=ASSETS, vendor_of=vendor_of)
    engine, pipeline = Engine(view, build_all()), Pipeline("capture:lan", "lan", frames.ETHERNET)
    before, second = resident(), -1
    for at, frame in heapq.merge(*streams):
        if at // SECOND != second:
            second = at // SECOND
            _turn(engine, at)
        for fact in pipeline.decode(at, frame):
            engine.take(fact)
    engine.tick(FLOOD_AT + MINUTE)
    return Watched(engine, pipeline, resident() - before)


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _turn(engine: Engine, at: int) -> None:
    engine.tick(at)
    engine.take(SensorHeard(at=at, sensor="capture:lan", leg="lan", vantage="mirror"))
    engine.taken_news()
    engine.view.dirty.clear()
    engine.view.gone.clear()


@pytest.fixture(scope="module")
def flooded() -> Watched:
    half = FLOOD_AT + 30 * SECOND
    return watch(ordinary(), hostile.minute(FLOOD_AT, FLOOD), crime(OFFICER, half), crime(NEWCOMER, half + 1), set_up(LATE_STICK, half + 2))


@pytest.mark.parametrize("mac", [OFFICER, NEWCOMER], ids=["known before", "came in the flood"])
def test_whoever_poses_as_the_router_is_found_in_the_flood(flooded, mac):
    assert [change.finding.severity for change in flooded.found("VG-NET-08", mac)] == [Severity.CRITICAL]


@pytest.mark.parametrize("mac", [STICK, LATE_STICK], ids=["known before", "came in the flood"])
def test_an_open_screen_is_found_in_the_flood(flooded, mac):
    (change,) = flooded.found("VG-NET-02", mac)
    assert change.finding.state == "open"


def test_the_offices_own_are_not_pushed_out(flooded):
    assert {mac for mac in IPS if mac not in flooded.engine.view.by_mac} == set()


def test_memory_is_bounded(flooded):
    view = flooded.engine.view
    assert len(view.assets) <= ASSETS
    assert len(view.probation) <= MAX_PROBATION
    assert len(view.turned_away) <= 2 * REMEMBERED
    assert len(view.wire.claim) <= MAX_ROWS
    assert len(flooded.pipeline.flows) <= MOST_FLOWS
    assert len(flooded.engine.verdicts) <= len(flooded.engine.detectors) * (ASSETS + len(view.segments) + len(view.sensors))
    assert flooded.grown < MOST_BYTES


def test_what_was_lost_is_counted(flooded):
    view, pipeline = flooded.engine.view, flooded.pipeline
    kinds = len(hostile.KINDS)
    assert pipeline.fragments >= 2 * (FLOOD // kinds)
    assert pipeline.undecodable >= FLOOD // kinds
    assert pipeline.flows.counts.dropped > 0
    assert view.overflowed + view.evicted > FLOOD


def test_nobody_else_is_accused_of_posing_as_the_router(flooded):
    accused = {mac for change in flooded.engine.standing() if change.finding.detector == "VG-NET-08" for mac in change.macs}
    assert {mac for mac in accused if not mac.startswith("02:")} == {OFFICER, NEWCOMER}
