"""The figures that somebody has to act on: a sink that only a person puts right, a clock that is wrong, a first loss."""

import pytest

from tests.exporters.readers import SECOND, Reader, status
from tests.exporters.samples import AT
from tests.exporters.test_prometheus import metrics, samples, tally, value


@pytest.mark.parametrize(("trouble", "down", "shown"), [("login", True, (1, 0)), ("certificate", True, (0, 1)), ("", True, (0, 0)), ("login", False, (0, 0))])
async def test_what_only_a_person_puts_right_is_told_while_a_sink_is_down(trouble, down, shown):
    found = await samples(metrics(Reader(), [tally(trouble=trouble, down=down)]))
    assert tuple(value(found, "sink_trouble", sink="webhook", reason=reason) for reason in ("login", "certificate")) == shown


async def test_the_boxes_clock_is_told_even_while_core_is_away():
    reader = Reader()
    reader.error = ConnectionRefusedError("core")
    assert value(await samples(metrics(reader)), "time_seconds") == AT / SECOND


async def test_what_was_never_lost_is_zero_so_that_the_first_loss_is_a_rise():
    found = await samples(metrics(Reader(core=status(facts={"capture:lan": 1}, refused={}, lost={}))))
    assert value(found, "facts_refused_total", sensor="capture:lan") == 0
    assert {value(found, "outbox_lost_total", stream=stream) for stream in ("finding", "posture", "health", "observation")} == {0}
