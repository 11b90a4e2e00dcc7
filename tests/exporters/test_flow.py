"""All but findings come back in their own time: spread at the start and after an outage, a handful at a time."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.flow import PAUSE, Flow
from exporters.runner import run
from exporters.sink import Pacing
from exporters.tally import Tally
from model.ports import Receipt
from tests.exporters.outboxes import FakePace, MemoryOutbox, ScriptedSink
from tests.exporters.samples import health, told


class PacedSink(ScriptedSink):
    """A sink to which many come back at once."""

    def __init__(self, pacing, answer=None, batch=200):
        super().__init__(answer, batch)
        self.pacing = pacing


async def drained(outbox, sink, pace, left=0):
    task = asyncio.create_task(run(outbox, sink, asyncio.Event(), pace=pace.pace, tally=Tally(sink=sink.name)))
    try:
        async with asyncio.timeout(20):
            while len(outbox.rows) > left:
                await asyncio.sleep(0)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def times_of(sink, pace):
    """When each row was sent, in seconds of the pauses made until then."""
    seen = {}
    send = sink.send

    async def watched(rows):
        seen.update({row.seq: sum(pace.slept) for row in rows})
        return await send(rows)

    sink.send = watched
    return seen


async def test_findings_go_at_once_and_the_rest_waits_a_part_of_the_spread():
    pace, sink = FakePace(die=0.5), PacedSink(Pacing(spread=60.0))
    seen = times_of(sink, pace)
    await drained(MemoryOutbox([told(0), health(1), health(2), told(3)]), sink, pace)
    assert (seen[0], seen[3]) == (0, 0)
    assert (seen[1], seen[2]) == (30, 30)


async def test_what_comes_in_while_others_wait_is_not_held_when_it_is_a_finding():
    pace, outbox = FakePace(die=1.0), MemoryOutbox([health(1)])
    sink = PacedSink(Pacing(spread=60.0))
    seen, sleep = times_of(sink, pace), pace.pace.sleep

    async def and_a_finding(seconds):
        if sum(pace.slept) == 20:
            outbox.put(told(2))
        await sleep(seconds)

    pace.pace = type(pace.pace)(now=pace.pace.now, sleep=and_a_finding, random=pace.pace.random)
    await drained(outbox, sink, pace)
    assert seen == {2: 20 + PAUSE, 1: 60}


async def test_a_backlog_drains_no_faster_than_the_rate_and_findings_do_not_wait_for_it():
    pace, sink = FakePace(die=0.0), PacedSink(Pacing(rate=20))
    seen = times_of(sink, pace)
    await drained(MemoryOutbox([told(0), *(health(n) for n in range(1, 101)), told(101)]), sink, pace)
    assert seen[0] == 0
    others = [seen[n] for n in range(1, 101)]
    assert others == sorted(others)
    for second in range(int(max(others)) + 1):
        assert sum(second <= at < second + 1 for at in others) <= 20
    assert max(others) == pytest.approx(100 / 20 - PAUSE)


async def test_after_an_outage_the_rest_is_scattered_anew():
    pace = FakePace(die=1.0)
    # The first row goes at once (nothing is held after the spread of the start), fails once, and gets through: the outage is over.
    sink = PacedSink(Pacing(spread=10.0), lambda row, sends: Receipt(row.seq, "retry") if sends == 1 else Receipt(row.seq, "accepted"))
    seen = times_of(sink, pace)
    await drained(MemoryOutbox([told(0), health(1)]), sink, pace)
    # A back-off of 1 s for the finding; the other waits 10 s from the end of the outage.
    assert seen[0] == 1
    assert 10 <= seen[1] <= 12


async def test_rows_that_fail_for_ever_do_not_stand_in_the_way_of_the_rest():
    stuck = set(range(8))
    sink = PacedSink(Pacing(rate=4), lambda row, _: Receipt(row.seq, "retry" if row.seq in stuck else "accepted"))
    outbox = MemoryOutbox([health(n) for n in range(30)])
    await drained(outbox, sink, FakePace(die=0.0), left=len(stuck))
    assert set(outbox.rows) == stuck


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 100), st.floats(0, 5), st.floats(0, 1, exclude_max=True))
def test_findings_are_never_held_and_everything_passes_in_the_end(kinds, rate, spread, die):
    flow, left = Flow(Pacing(spread, rate), lambda: die), [told(n) if finding else health(n) for n, finding in enumerate(kinds)]
    for _ in range(200):
        leased = left[: flow.limit(200)]
        passed = flow.passing(leased, {row.seq: 0 for row in leased})
        assert {row.seq for row in leased if row.stream == "finding"} <= {row.seq for row in passed}
        left = [row for row in left if row not in passed]
        if not left:
            break
    assert left == []
