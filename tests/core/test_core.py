"""Core with a real journal: what it takes is written, what people do is durable before they are told, and a sick disk loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.core import Core
from collector.factqueue import FactQueue
from collector.journal import Journal
from detectors.coverage import Coverage
from detectors.open_display import OpenDisplay
from model.acts import Act, ActRefusedError
from model.facts import AddressSeen
from model.ports import Health, Posture, Receipt, Told
from model.times import DAY, HOUR, MINUTE, SECOND
from tests.model.making import AIRPLAY, AT, CAST, IPS, SENSOR, TV, VIDEO, Sensor, declared

OPEN = {"features": VIDEO, "flags": "0x4"}
WAIT = 60.0
ALL = ("finding", "posture", "health", "observation")
KNOWN = declared(zones={"lan": "staff"})


class HandClock:
    """A clock that a test moves; both faces go together, unless only one is set."""

    def __init__(self, now: int = AT) -> None:
        self._now, self._elapsed = now, 0.0
        self._lock = threading.Lock()

    def now(self) -> int:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._elapsed

    def pass_(self, span: int) -> None:
        with self._lock:
            self._now += span
            self._elapsed += span / SECOND

    def set(self, span: int) -> None:
        """The wall clock alone."""
        with self._lock:
            self._now += span


class Box:
    """A running core over a journal in a folder."""

    def __init__(self, place: Path, clock: HandClock, sites=None, detectors=None, observed=False, **options) -> None:
        self.clock = clock
        self.queue = FactQueue(**options)
        self.journal = Journal.open(place / "journal.db", box="hop-01")
        self.core = Core(
            box="hop-01", sites=sites or {KNOWN.site: KNOWN}, detectors=detectors or [OpenDisplay(), Coverage()], journal=self.journal, queue=self.queue,
            clock=clock, key=b"k" * 32, observed=observed,
        )  # fmt: skip
        self.reader = self.journal.reader(self.core.status)
        self.outbox = self.journal.outbox()
        self.core.start()

    def stop(self) -> None:
        self.core.stop()
        self.journal.close()

    async def version(self, reached: Callable[[], object]) -> None:
        """Waits for commits until `reached` awaits to something true; time moves with each look."""
        async with asyncio.timeout(WAIT):
            seen = -1
            while not await reached():
                self.clock.pass_(SECOND)
                self.core.queue.wake()
                seen = await self.reader.wait(seen, 0.05)

    async def opened(self, count: int = 1):
        async def there():
            return len(await self.reader.findings()) >= count

        await self.version(there)
        return await self.reader.findings()

    async def told(self, sink: str = "es") -> list:
        """Every document that waits for a sink, acknowledged."""
        await self.outbox.register(sink, ALL)
        found = []
        while rows := await self.outbox.lease(sink, 100, 0.0):
            found += rows
            await self.outbox.acknowledge(sink, [Receipt(row.seq, "accepted") for row in rows])
        return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def box(tmp_path, clock) -> Iterator[Callable[..., Box]]:
    """Opens boxes over the same folder, one after the other; the last is stopped at the end."""
    running: list[Box] = []

    def open_box(place: Path = tmp_path, **options) -> Box:
        while running:
            running.pop().stop()
        running.append(Box(place, clock, **options))
        return running[-1]

    yield open_box
    while running:
        running.pop().stop()


def act(finding, kind="close", **fields) -> Act:
    return Act(**{"kind": kind, "finding": finding.id, "by": "Lan", "why": "đã xem", **fields})


# Facts in, documents out


async def test_a_fact_becomes_a_finding_and_its_documents(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    assert (change.step, change.finding.detector, change.macs) == ("opened", "VG-NET-02", (TV,))
    kinds = [type(row.document) for row in await one.told()]
    assert kinds.count(Told) == 1
    assert Posture in kinds
    assert Health in kinds
    assert [asset.id for asset in await one.reader.assets()] == [change.finding.subject.id]
    status = one.core.status()
    assert (status.facts, status.refused, status.assets) == ({SENSOR: 1}, {}, 1)
    assert status.judging["VG-NET-02"].times > 0


class Broken(OpenDisplay):
    """A rule with a fault of ours in it."""

    def judge(self, view, subject):
        if view.assets[subject.id].macs and BROKEN in view.assets[subject.id].macs:
            raise ZeroDivisionError("a fault of ours")
        return super().judge(view, subject)


BROKEN = "00:e0:4c:00:00:99"


async def test_a_fact_that_breaks_a_rule_is_set_aside_and_judging_goes_on(box, caplog):
    one = box(detectors=[Broken()])
    sensor = Sensor()
    one.queue.put([sensor.service(AIRPLAY, n, mac=BROKEN, ip="", text=OPEN) for n in range(3)])
    one.queue.put([sensor.service(AIRPLAY, 9, text=OPEN)])
    [change] = await one.opened()
    assert change.macs == (TV,)
    assert one.core.alive
    assert one.core.status().refused[SENSOR] > 0
    assert caplog.text.count("ServiceAdvertised (ZeroDivisionError)") == 1


async def test_stopping_takes_and_writes_what_is_queued(box, tmp_path):
    one = box()
    sensor = Sensor()
    one.queue.put([sensor.service(CAST, n, mac=f"00:e0:4c:00:01:{n:02x}", ip="", text={"ca": "5"}) for n in range(100)])
    one.core.stop()
    assert len(await one.reader.findings()) == 100
    assert not one.core.alive


async def test_after_a_restart_everything_is_as_it_was(box, clock):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [before] = await one.opened()
    await one.told()
    two = box()
    [after] = await two.reader.findings()
    assert after == before
    clock.pass_(MINUTE)
    two.queue.put([Sensor().service(AIRPLAY, MINUTE, text=OPEN)])
    two.core.stop()
    assert [row for row in await two.told() if isinstance(row.document, Told)] == [], "told once"
    assert len(await two.reader.assets()) == 1


async def test_sightings_are_written_each_second(box, clock):
    one = box()
    sensor = Sensor()
    one.queue.put([sensor.service(AIRPLAY, text=OPEN)])
    await one.opened()
    one.queue.put([sensor(AddressSeen, 30 * SECOND, mac=TV, ip=IPS[TV])])

    async def written():
        [asset] = await one.reader.assets()
        return asset.seen.last == AT + 30 * SECOND

    await one.version(written)
    assert clock.now() > AT


async def test_each_site_has_its_own_view(box):
    from msgspec.structs import replace

    other = replace(KNOWN, site="xa-khac", legs=("wifi",))
    one = box(sites={KNOWN.site: KNOWN, other.site: other})
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN), Sensor("capture:wifi", "wifi").service(AIRPLAY, text=OPEN)])
    found = await one.opened(2)
    assert {change.finding.site for change in found} == {KNOWN.site, "xa-khac"}
    assert len({change.finding.subject.id for change in found}) == 2, "an identifier of one site says nothing at another"


# Acts


async def test_an_act_is_durable_when_it_is_answered(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    answered = await asyncio.wait_for(one.core.act(act(change.finding)), WAIT)
    assert answered.state == "resolved"
    [kept] = await one.reader.findings()
    assert (kept.finding.state, kept.finding.cause.by) == ("resolved", "Lan")
    assert [entry.step for entry in await one.reader.history(change.finding.id)] == ["opened", "resolved"]


async def test_an_act_that_does_not_fit_is_refused_with_a_sentence(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    with pytest.raises(ActRefusedError, match="--why"):
        await asyncio.wait_for(one.core.act(act(change.finding, why="")), WAIT)
    with pytest.raises(ActRefusedError, match="không có phát hiện nào mang mã nobody"):
        await asyncio.wait_for(one.core.act(Act(kind="close", finding="nobody", by="Lan", why="x")), WAIT)
    assert one.core.alive


async def test_who_asks_and_goes_away_does_not_harm_core(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    for _ in range(20):
        gone = asyncio.ensure_future(one.core.act(act(change.finding, "acknowledge")))
        await asyncio.sleep(0)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
    answered = await asyncio.wait_for(one.core.act(act(change.finding)), WAIT)
    assert answered.state == "resolved"
    assert one.core.alive


async def test_acts_after_the_end_are_refused(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    one.core.stop()
    with pytest.raises(ActRefusedError, match="đang dừng"):
        await one.core.act(act(change.finding))


# Declared data


async def test_new_declared_data_is_taken_and_its_editor_named(box):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    assert change.finding.severity == "medium"
    one.core.redeclare({KNOWN.site: declared(zones={"lan": "citizen"}, edited_by="Lan"), "nowhere": KNOWN})

    async def worse():
        [now] = await one.reader.findings()
        return now.finding.severity == "high" and now.cause.by == "Lan"

    await one.version(worse)
    assert one.core.alive


# Clocks


async def test_a_machine_that_slept_reports_no_silence(box, clock):
    one = box(sites={KNOWN.site: declared(sensors=(SENSOR,))})
    one.queue.put([Sensor().beat(0)])

    async def heard():
        return any(verdict.outcome == "clear" for verdict in await one.reader.verdicts())

    await one.version(heard)
    clock.set(8 * HOUR)
    clock.pass_(2 * SECOND)
    one.queue.wake()

    async def waits():
        return [verdict.outcome for verdict in await one.reader.verdicts()] == ["unknown"]

    await one.version(waits)
    assert await one.reader.findings() == []


async def test_silence_with_the_machine_awake_is_reported(box, clock):
    one = box(sites={KNOWN.site: declared(sensors=(SENSOR,))})
    one.queue.put([Sensor().beat(0)])
    [change] = await one.opened()
    assert (change.finding.detector, change.finding.subject.id) == ("VG-COV-01", SENSOR)
    assert clock.now() > AT + 2 * MINUTE


# A sick disk


@pytest.fixture
def tight(tmp_path) -> Iterator[Path]:
    """A file system of 8 MiB."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("a full disk needs root: it mounts a tmpfs")
    place = tmp_path / "tight"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path) -> Path:
    """Takes all room there is, and whatever is given back meanwhile."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return ballast


@pytest.mark.root
async def test_a_full_disk_loses_nothing_once_it_has_room_again(tight, clock):
    one = Box(tight, clock)
    try:
        sensor = Sensor()
        one.queue.put([sensor.service(AIRPLAY, text=OPEN)])
        [change] = await one.opened()
        sent = 1
        while not one.core._failing:  # until nothing fits any more, the reserve included
            fill(tight)
            facts = [sensor.service(CAST, sent + n, mac=f"00:e0:4c:{sent >> 8:02x}:{sent & 255:02x}:{n:02x}", ip="", text={"ca": "5"}) for n in range(50)]
            one.queue.put(facts)
            sent += 50
            clock.pass_(2 * SECOND)
            async with asyncio.timeout(WAIT):
                while len(one.queue):
                    await asyncio.sleep(0.01)
            assert sent < 20_000
        waiting = asyncio.ensure_future(one.core.act(act(change.finding)))
        clock.pass_(2 * SECOND)
        one.queue.wake()
        fill(tight)
        await asyncio.wait([waiting], timeout=0.5)
        # The journal makes some room by itself; an act is answered when it is durable, and not before.
        answered_already = waiting.done()
        durable = "resolved" in [entry.step for entry in await one.reader.history(change.finding.id)]
        assert durable or not answered_already
        assert one.core.alive
        (tight / "ballast").unlink()
        clock.pass_(2 * SECOND)
        one.queue.wake()
        answered = await asyncio.wait_for(waiting, WAIT)
        assert answered.state == "resolved"
        found = await one.opened(sent)
        assert len(found) == sent
        told = [row.document.change for row in await one.told() if isinstance(row.document, Told)]
        assert len(told) == sent + 1
        assert len({(entry.finding.id, entry.finding.sequence) for entry in told}) == sent + 1
    finally:
        one.stop()


async def test_an_acceptance_made_before_a_restart_ends_on_its_day(box, clock):
    one = box()
    one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
    [change] = await one.opened()
    await asyncio.wait_for(one.core.act(act(change.finding, "accept", until=AT + 2 * DAY)), WAIT)
    two = box()
    clock.pass_(3 * DAY)
    two.queue.wake()

    async def expired():
        return "expired" in [entry.step for entry in await two.reader.history(change.finding.id)]

    await two.version(expired)
    steps = [(entry.step, entry.finding.state) for entry in await two.reader.history(change.finding.id)]
    assert steps == [("opened", "open"), ("accepted", "accepted"), ("expired", "open")]
