"""A site whose code was changed is watched no more: what stood of it ends, by policy and once, and goes on where the site is declared again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from model.ports import Told
from model.times import MINUTE
from tests.core.test_core import KNOWN, OPEN, Box, HandClock
from tests.model.making import AIRPLAY, Sensor

RENAMED = replace(KNOWN, site="xa-moi")


@contextmanager
def running(place: Path, clock: HandClock, site: str) -> Iterator[Box]:
    box = Box(place, clock, sites={site: KNOWN if site == KNOWN.site else RENAMED})
    try:
        yield box
    finally:
        box.stop()


async def steps(box: Box) -> list[str]:
    """What became known of findings since this was asked last."""
    box.core.stop()
    return [row.document.change.step for row in await box.told() if isinstance(row.document, Told)]


async def test_what_stands_of_a_site_that_is_declared_no_more_ends_by_policy_and_goes_on_where_it_is_declared_again(tmp_path):
    clock = HandClock()
    with running(tmp_path, clock, KNOWN.site) as one:
        one.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
        [before] = await one.opened()
        assert await steps(one) == ["opened"]
    with running(tmp_path, clock, RENAMED.site) as two:
        assert await steps(two) == ["resolved"]
        [after] = await two.reader.findings()
        assert (after.finding.id, after.finding.state, after.cause.kind, after.finding.sequence) == (before.finding.id, "resolved", "policy", 2)
        assert "không có nghĩa là đã khắc phục" in after.finding.summary.vi
        assert (await two.reader.assets(), await two.reader.verdicts(KNOWN.site)) == ([], [])
    with running(tmp_path, clock, RENAMED.site) as three:
        assert await steps(three) == [], "told once, however often the box is started"
    clock.pass_(MINUTE)
    with running(tmp_path, clock, KNOWN.site) as four:
        four.queue.put([Sensor().service(AIRPLAY, MINUTE, text=OPEN)])

        async def again() -> bool:
            return [change.finding.sequence for change in await four.reader.findings(("open",))] == [3]

        await four.version(again)
        assert await steps(four) == ["reopened"]
