"""Portals in figures: what core counts of them from time to time, and that a restart neither loses nor doubles it."""

from __future__ import annotations

import time

import msgspec
import pytest

from collector.core import Core
from collector.factqueue import FactQueue
from collector.journal import Journal
from collector.portalfigures import PortalCount
from collector.registry import build_all
from model.portals.declared import Destination, Portal
from model.portals.figures import BUCKETS, confirmed_after
from model.portals.rows import PortalRow
from model.times import DAY, HOUR, MINUTE, SECOND
from model.webfacts import FeedHeard
from tests.core.test_core import HandClock
from tests.model.making import AT
from tests.model.portals.making import EVIL, HOME, ID, PERSONAS, Eyes, engine_of, known, take

OTHER = Portal(id="xa-khac", url="https://khac.example.gov.vn/")
QUIET = Portal(id="xa-yen", url="https://yen.example.gov.vn/")


def rules():
    return [detector for detector in build_all() if detector.about.id.startswith(("VG-WEB", "VG-COV"))]


def counted(engine, count=None, after=0):
    return (count or PortalCount()).count([engine], max(engine.view.now, AT + after))


def test_where_nothing_is_declared_nothing_is_counted():
    assert counted(engine_of(msgspec.structs.replace(known(), portals=None))) is None
    assert counted(engine_of(msgspec.structs.replace(known(), portals=()))) is None


def test_before_the_first_look_every_portal_waits():
    told = counted(engine_of(known(OTHER, QUIET)))
    assert (told.declared, told.views, told.overdue, told.incidents) == (2, {"waiting": 2}, 0, {})
    assert set(told.looks.values()) | set(told.failed.values()) == {0}


def test_portals_are_told_apart_by_who_sees_them():
    engine = engine_of(known(Portal(id=ID, url=HOME), OTHER, QUIET))
    eyes, other = Eyes(), Eyes(OTHER.id, "khac.example.gov.vn")
    take(engine, eyes.round(0))
    take(engine, [other.look(persona, 10 * SECOND) for persona in PERSONAS])
    for after in range(6, 15, 4):
        take(engine, eyes.round(after * HOUR))
        take(engine, [other.look(persona, after * HOUR + MINUTE) for persona in PERSONAS[1:]])
        take(engine, [other.failed(PERSONAS[0], after * HOUR + MINUTE)])
    engine.tick(AT + 15 * HOUR)
    told = counted(engine)
    assert told.views == {"seen": 1, "partly": 1, "unknown": 1}
    assert sum(told.views.values()) == told.declared == 3


def test_looks_ever_are_told_by_outcome_and_failures_by_reason():
    engine, eyes = engine_of(), Eyes()
    take(engine, eyes.round(0))
    take(engine, [eyes.failed("desktop", HOUR), eyes.failed("mobile", HOUR, reason="dns"), eyes.failed("english", HOUR, reason="dns")])
    take(engine, [eyes.sent("mobile", 2 * HOUR), eyes.look("desktop", 2 * HOUR, unfolded=("eval",))])
    told = counted(engine)
    assert told.looks == {"clean": len(PERSONAS), "dirty": 1, "unknown": 4}
    assert {reason: count for reason, count in told.failed.items() if count} == {"blocked": 1, "dns": 2}


def test_the_same_look_heard_twice_is_one():
    engine, eyes = engine_of(), Eyes()
    look = eyes.failed("desktop", 0)
    take(engine, [look, look])
    told = counted(engine)
    assert (told.looks["unknown"], told.failed["blocked"]) == (1, 1)


@pytest.mark.parametrize(("after", "overdue"), [(0, 2), (HOUR, 2), (3 * HOUR, 8)])
def test_looks_left_out_are_overdue_and_so_is_a_round_that_never_came(after, overdue):
    engine = engine_of()
    take(engine, [Eyes().beat(0, due=8, made=6, overdue=2, next_at=AT + HOUR)])
    assert counted(engine, after=after).overdue == overdue


def test_an_incident_is_pending_until_it_is_confirmed_and_the_time_to_that_is_kept():
    engine, eyes, count = engine_of(), Eyes(), PortalCount()
    take(engine, eyes.round(0))
    assert counted(engine, count).confirmations == [0] * (len(BUCKETS) + 1)
    take(engine, [eyes.sent("mobile", HOUR)])
    told = counted(engine, count)
    assert (told.incidents["VG-WEB-01"], sum(told.confirmations)) == ({"pending": 1, "confirmed": 0}, 0)
    take(engine, [eyes.sent("mobile", HOUR + 100 * SECOND)])
    told = counted(engine, count)
    assert told.incidents["VG-WEB-01"] == {"pending": 0, "confirmed": 1}
    assert (told.confirmations[1], sum(told.confirmations), told.confirmation_last) == (1, 1, 100.0)
    take(engine, [eyes.sent("mobile", 2 * HOUR)])
    again = counted(engine, count)
    assert (again.confirmations, again.confirmation_seconds) == (told.confirmations, 100.0), "each confirmation is counted once"


def test_the_confirming_look_is_the_earliest_that_comes_late_enough():
    engine, eyes = engine_of(), Eyes()
    take(engine, [eyes.sent("mobile", at * SECOND) for at in (0, 20, 90, 500)])
    assert confirmed_after(engine.view.portals[ID].incidents["VG-WEB-01"]) == 90


def test_what_was_confirmed_before_the_start_is_no_news():
    engine, eyes, count = engine_of(), Eyes(), PortalCount()
    take(engine, [eyes.sent("mobile", 0), eyes.sent("mobile", 2 * MINUTE)])
    for _ in range(2):
        told = counted(engine, count)
        assert (told.incidents["VG-WEB-01"]["confirmed"], sum(told.confirmations), told.confirmation_last) == (1, 0, 0.0)


def test_an_incident_that_is_over_or_excused_does_not_stand():
    engine, eyes = engine_of(), Eyes()
    take(engine, [eyes.sent("mobile", 0), eyes.sent("mobile", 2 * MINUTE)])
    assert "VG-WEB-01" in counted(engine).incidents
    engine.declare(known(destinations=(Destination(host=EVIL, owner="Sở", why="thử"),)))
    assert "VG-WEB-01" not in counted(engine).incidents
    engine.declare(known())
    assert "VG-WEB-01" in counted(engine).incidents
    for after in (2 * HOUR, 7 * HOUR, DAY + HOUR, 8 * DAY):
        take(engine, eyes.round(after))
    assert counted(engine).incidents == {}


def test_ten_thousand_portals_are_counted_within_a_fraction_of_a_tick():
    portals = tuple(Portal(id=f"p{n}", url=f"https://p{n}.test/") for n in range(10_000))
    engine = engine_of(msgspec.structs.replace(known(), portals=portals))
    engine.view.portals = {p.id: PortalRow(id=p.id, url=p.url, first=AT, last=AT, counts={"looks": 50, "unknown": 2, "failed dns": 2}) for p in portals}
    count, before = PortalCount(), time.process_time()
    told = counted(engine, count)
    assert time.process_time() - before < 0.5
    assert (told.declared, told.looks["clean"], told.failed["dns"]) == (10_000, 480_000, 20_000)


class Box:
    """Core over a journal, watching portals."""

    def __init__(self, place, clock):
        self.clock, self.queue = clock, FactQueue()
        self.journal = Journal.open(place / "journal.db", box="hop-01")
        data = known()
        self.core = Core(box="hop-01", sites={data.site: data}, detectors=rules(), journal=self.journal, queue=self.queue, clock=clock, key=b"k" * 32)
        self.reader = self.journal.reader(self.core.status)
        self.core.start()

    async def until(self, reached):
        """The status as soon as it is as wanted; time moves with each look, and core counts as it goes."""
        version = -1
        for _ in range(400):
            if reached(status := await self.reader.status()):
                return status
            self.clock.pass_(SECOND)
            self.queue.wake()
            version = await self.reader.wait(version, 0.05)
        raise AssertionError(status)

    def stop(self):
        self.core.stop()
        self.journal.close()


async def test_figures_and_lists_survive_a_restart(tmp_path):
    clock, eyes = HandClock(), Eyes()
    box = Box(tmp_path, clock)
    try:
        box.queue.put([*eyes.round(0), eyes.failed("mobile", MINUTE, reason="tls")])
        box.queue.put([FeedHeard(at=AT, sensor="portals", sequence=90, name="co-bac", entries=7, age=5, refused=2)])
        before = await box.until(lambda status: status.portals and status.portals.failed["tls"])
    finally:
        box.stop()
    box = Box(tmp_path, clock)
    try:
        after = await box.until(lambda status: status.portals)
        [row] = [row for row in await box.reader.rows() if getattr(row, "name", "") == "co-bac"]
    finally:
        box.stop()
    assert (after.portals.looks, after.portals.failed) == (before.portals.looks, before.portals.failed)
    assert (row.entries, row.age, row.refused, row.told.sequence) == (7, 5, 2, 90)
