"""Rows of views that no box repeats, over a store in memory; verdicts, and both on a real engine, are in test_province.py."""

import msgspec
import pytest

from model.fleet.store import Held
from model.ports import Health, Observed
from model.times import DAY
from tests.fleet.boxes import roster
from tests.province.desk import LINE, MONDAY


@pytest.mark.parametrize(
    ("age", "silent", "declared", "left"),
    [
        (2, 0, True, "as it was"),
        (4, 0, True, "gone"),
        (4, 3.5, True, "as it was"),
        (4, 3.5, False, "gone"),
        (31, 31, True, "removed"),
        (31, 0, False, "removed"),
    ],
    ids=["young", "its box talks on", "its box is silent", "its box is retired", "a month of silence", "a month after it"],
)
async def test_a_row_that_no_box_repeats_is_not_shown_as_what_is_there_now(desk, age, silent, declared, left):
    here = desk()
    now = MONDAY + 60 * DAY
    here.send("health", Health(site="xa-a", at=MONDAY, box="hop-1", queued=0, oldest_at=0))
    await here.read()
    beat = here.province._memory.beats["hop-1", "xa-a"]
    here.clock.ns = now
    here.province._memory.hear(msgspec.structs.replace(beat, version=beat.version + 1, heard_at=now - int(silent * DAY)))
    here.declared = here.declared if declared else roster(msgspec.structs.replace(LINE, until=now - 1), sites=["xa-a"])
    row = Observed(site="xa-a", at=now - age * DAY, kind="asset", id="a1")
    here.store.old_rows = [Held(document=row, box="hop-1", row="row-1", version=7, position=0)]
    here.store.states.clear()
    await here.read()
    written = [state for state in here.store.states if isinstance(state.document, Observed)]
    how = {(True, True): "removed", (True, False): "removed", (False, True): "gone"}
    assert [how[state.gone, state.document.gone] for state in written] == ([] if left == "as it was" else [left])
    assert all((state.version, state.box, state.document.row) == (7, "hop-1", "") for state in written)


async def test_rows_are_looked_through_once_an_hour_a_page_a_turn(desk):
    here = desk()
    here.beat()
    await here.read()
    await here.wait(7200, every=600)
    row = Observed(site="xa-a", at=here.clock.now() - 40 * DAY, kind="asset", id="a1")
    here.store.old_rows = [Held(document=row, box="hop-1", row="r", version=1, position=place) for place in range(2_500)]
    here.clock.move(3_600)
    before, counts = here.province.figures.dropped, []
    for _ in range(5):
        await here.province.turn()
        counts.append(here.province.figures.dropped - before)
    assert counts == [1_000, 2_000, 2_500, 2_500, 2_500]
