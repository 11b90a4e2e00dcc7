"""A clock that somebody sets years off, both ways, and machines that stand in another part of the world."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.ports import Health, Told
from model.times import DAY, MINUTE
from tests import corpus
from tests.core.test_core import OPEN, Box, HandClock
from tests.model.making import AIRPLAY, AT, Sensor
from tests.system.program import ran

YEARS = 5 * 365 * DAY


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Box]:
    clock = HandClock()
    made = Box(tmp_path, clock)
    yield made
    made.stop()


def speak(box: Box, sensor: Sensor) -> None:
    box.queue.put([sensor.service(AIRPLAY, after=box.clock.now() - AT, text=OPEN)])


@pytest.mark.parametrize("step", [YEARS, -YEARS], ids=["ahead", "back"])
async def test_years_ahead_or_back_and_right_again_nothing_is_closed_and_the_box_goes_on(core: Box, step: int) -> None:
    sensor = Sensor()
    speak(core, sensor)
    (opened,) = await core.opened()
    told = await core.told()
    core.clock.set(step)
    await beats(core, 2)
    core.clock.set(-step)
    speak(core, sensor)
    await beats(core, 2)
    (stands,) = await core.reader.findings()
    told += await core.told()
    steps = [row.document.change.step for row in told if isinstance(row.document, Told)]
    # Years in which nobody listened are no evidence: neither repaired nor told anew.
    assert (stands.finding.id, stands.finding.state) == (opened.finding.id, "open")
    assert not {"resolved", "reopened"} & set(steps)
    # No finding waits for an hour that is years away.
    assert stands.finding.updated <= core.clock.now() + DAY
    assert [row.document for row in told if isinstance(row.document, Health)][-1].at <= core.clock.now()


async def beats(core: Box, count: int) -> None:
    """Waits until core said so often, by its own clock, that it is alive."""
    seen = 0

    async def heard() -> bool:
        nonlocal seen
        core.clock.pass_(MINUTE // 4)
        seen += sum(isinstance(row.document, Health) for row in await core.told("beats"))
        return seen >= count

    await core.version(heard)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC", ":/khong/co"])
def test_the_machine_s_time_zone_changes_no_word_of_what_is_found(zone: str) -> None:
    capture = corpus.LAB / "airplay-uxplay" / "capture.pcap"
    outputs = [ran("replay", capture, "--assets", env={**os.environ, "TZ": name}).stdout for name in ("Asia/Ho_Chi_Minh", zone)]
    assert outputs[0] == outputs[1] != ""
