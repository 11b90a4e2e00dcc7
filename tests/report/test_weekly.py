"""The weekly report: when it is due, what it writes, and that nothing stops it for good."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from collector.config.report import Report as Options
from collector.inspection import signature
from collector.journal import JournalError
from collector.refusal import ConfigError
from collector.reporting import Weekly, last_due, latest, written
from exporters.durable import write_whole
from exporters.report import files
from model.declared import Declared
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM
from tests.report.site import ABOUTS, DECLARED, journal


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()) * SECOND


class Hands:
    """A clock that a test moves."""

    def __init__(self, text: str) -> None:
        self.at = at(text)

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


class Maker:
    """Makes a report, or fails as told; remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes | None] = []
        self.error: Exception | None = None

    async def __call__(self, declared: Declared, before: bytes | None) -> dict[str, bytes]:
        self.given.append(before)
        if self.error is not None:
            raise self.error
        return await files(journal(), declared, ABOUTS, before)


def weekly(folder: Path, clock: Hands, make: Maker, **options: object) -> Weekly:
    given = Options.model_validate({"dir": str(folder), **options}, context={"base": folder})
    return Weekly(given, (DECLARED,), clock, make, write_whole, "vi")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 06:59", "2026-11-16 07:00"),
        ("2026-11-29 23:59", "2026-11-23 07:00"),
        ("2026-11-24 00:00", "2026-11-23 07:00"),
        ("2027-01-01 12:00", "2026-12-28 07:00"),
    ],
)
def test_a_report_is_due_on_monday_at_seven_in_viet_nam(now: str, due: str) -> None:
    assert last_due(at(now), "monday", "07:00") == at(due)


def test_another_day_and_time_may_be_set() -> None:
    assert last_due(at("2026-11-26 12:00"), "friday", "16:30") == at("2026-11-20 16:30")


async def test_it_is_written_once_when_due_with_what_changed_since_the_last(tmp_path: Path) -> None:
    clock, make = Hands("2026-11-22 23:00"), Maker()
    reports = weekly(tmp_path, clock, make)
    folder = tmp_path / "xa-a"
    await reports.look()
    assert make.given == [], "a new box has nothing to tell of the week before"
    for text in ("2026-11-23 07:00", "2026-11-23 07:01", "2026-11-29 12:00"):
        clock.at = at(text)
        await reports.look()
    assert sorted(path.name for path in folder.iterdir()) == [f"bao-cao-2026-11-23-0700.{ending}" for ending in ("csv", "html", "json")]
    clock.at = at("2026-11-30 07:03")
    await reports.look()
    first, second = written(folder)
    assert make.given == [None, first.read_bytes()]
    assert json.loads(first.read_bytes())["comparison"] is None
    assert len(json.loads(second.read_bytes())["comparison"]["still"]) == 17
    assert latest(folder) == second.read_bytes()


async def test_a_box_that_was_off_writes_one_for_the_weeks_it_missed(tmp_path: Path) -> None:
    clock, make = Hands("2026-11-22 23:00"), Maker()
    first = weekly(tmp_path, clock, make)
    clock.at += 9 * HOUR
    await first.look()
    again = weekly(tmp_path, Hands("2026-12-20 10:00"), make)
    await again.look()
    await again.look()
    assert [path.stem for path in written(tmp_path / "xa-a")] == ["bao-cao-2026-11-23-0800", "bao-cao-2026-12-20-1000"]


@pytest.mark.parametrize("error", [OSError("disk full"), JournalError("closed", Text("nhật ký đã đóng", "closed"))])
async def test_one_that_cannot_be_written_is_tried_again_in_an_hour(tmp_path: Path, error: Exception) -> None:
    clock, make = Hands("2026-11-22 23:00"), Maker()
    reports = weekly(tmp_path, clock, make)
    make.error = error
    clock.at = at("2026-11-23 07:00")
    await reports.look()
    clock.at += MINUTE
    await reports.look()
    assert len(make.given) == 1
    make.error = None
    clock.at += HOUR
    await reports.look()
    assert len(written(tmp_path / "xa-a")) == 1


async def test_so_many_are_kept(tmp_path: Path) -> None:
    clock = Hands("2026-11-22 23:00")
    reports = weekly(tmp_path, clock, Maker(), keep=2)
    for _ in range(4):
        clock.at += 7 * DAY
        await reports.look()
    assert len(list((tmp_path / "xa-a").iterdir())) == 2 * 3
    assert written(tmp_path / "xa-a")[-1].stem == "bao-cao-2026-12-20-2300"


async def test_the_json_is_signed_where_there_is_a_key(tmp_path: Path) -> None:
    key = signature.own_key(tmp_path / "keys")
    clock = Hands("2026-11-22 23:00")
    reports = weekly(tmp_path, clock, Maker(), key_file=str(tmp_path / "keys" / signature.KEY), keep=2)
    for _ in range(3):
        clock.at += 7 * DAY
        await reports.look()
    last = written(tmp_path / "xa-a")[-1]
    signer = signature.checked(last.read_bytes(), last.with_name(last.name + signature.ENDING).read_bytes(), key.public_key())
    assert signer.fingerprint
    assert len(list((tmp_path / "xa-a").iterdir())) == 2 * 4, "the signature goes with its report"
    with pytest.raises(ConfigError):
        weekly(tmp_path, clock, Maker(), key_file=str(tmp_path / "none.key"))


async def test_what_is_declared_later_has_reports_too(tmp_path: Path) -> None:
    clock, make, sites = Hands("2026-11-22 23:00"), Maker(), [DECLARED]
    options = Options.model_validate({"dir": str(tmp_path)}, context={"base": tmp_path})
    reports = Weekly(options, sites, clock, make, write_whole, "vi")
    sites.append(msgspec.structs.replace(DECLARED, site="xa-b"))
    clock.at = at("2026-11-23 07:00")
    await reports.look()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["xa-a", "xa-b"]


async def test_it_ends_at_once_when_told(tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(weekly(tmp_path, Hands("2026-11-22 23:00"), Maker()).run(stop))
    stop.set()
    await asyncio.wait_for(running, 30)
    assert not any(tmp_path.iterdir())
