"""Reports that come from elsewhere: a file that is changed at any place is refused, or put together and printed; never a fault of ours."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from exporters import report as reports
from exporters.report import gather, report_of, stored
from exporters.report.store import BadReportError
from model.inspection.document import Report
from model.inspection.group import Member, merged
from tests.report.site import ABOUTS, DECLARED, HOSTILE, journal

STRANGE = (None, -1, 2**53, 1e308, "", "x" * 5_000, HOSTILE, [], {}, True, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2025-07-15T02:14:03")


async def of_two() -> list[bytes]:
    site = await gather(journal(), DECLARED, ABOUTS, box="hop-1")
    other = msgspec.structs.replace(site, site="xa-b")
    return [stored(site), stored(merged([site, other], [Member("xa-c")], code="nhom", previous=merged([site], code="nhom")))]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(value: Any, place: tuple[str | int, ...], dice: random.Random) -> Any:
    """A copy with something else there, or nothing."""
    copy = json.loads(json.dumps(value))
    at = copy
    for key in place[:-1]:
        at = at[key]
    if dice.random() < 0.3:
        del at[place[-1]]
    else:
        at[place[-1]] = dice.choice(STRANGE)
    return copy


def taken(data: bytes) -> Report | None:
    try:
        return report_of(data)
    except BadReportError:
        return None


@pytest.mark.parametrize("which", [0, 1], ids=["site", "group"])
async def test_whatever_was_changed_it_is_refused_or_printed(which: int) -> None:
    dice, whole = random.Random(which), json.loads((await of_two())[which])
    every = sorted(places(whole), key=lambda place: (len(place), str(place)))
    printed = 0
    for place in [*(place for place in every if len(place) < 3), *dice.sample(every, 60)]:
        report = taken(json.dumps(changed(whole, place, dice)).encode())
        if report is None:
            continue
        printed += 1
        if printed % 3 == 0:
            assert reports.html(report, "vi").startswith("<!doctype html>"), place
        assert reports.csv(report, "en").startswith(b"\xef\xbb\xbf"), place
        assert merged([report], [Member("xa-z")], code="nhom").rows, place
    assert printed > 10


async def test_a_report_that_lacks_rows_or_their_counts_is_refused() -> None:
    site, _ = map(json.loads, await of_two())
    for place in ((), (0,), (14,)):
        copy = {**site, "rows": [row for number, row in enumerate(site["rows"]) if number not in place] if place else []}
        with pytest.raises(BadReportError, match="thiếu phần bắt buộc"):
            report_of(json.dumps(copy).encode())
    site["rows"][0]["counts"] = None
    with pytest.raises(BadReportError, match="thiếu phần bắt buộc"):
        report_of(json.dumps(site).encode())


async def test_an_instant_without_its_zone_is_refused() -> None:
    site, _ = map(json.loads, await of_two())
    with pytest.raises(BadReportError, match="không phải JSON"):
        report_of(json.dumps({**site, "made": "2025-07-15T02:14:03"}).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[" * 100_000, b'{"zzz":' + b"[" * 100_000, b"\xff\xfe", b"null", b'{"format":1e99}'],
    ids=["empty", "deep", "deeper", "bytes", "null", "huge"],
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(BadReportError, match="không phải JSON"):
        report_of(data)
