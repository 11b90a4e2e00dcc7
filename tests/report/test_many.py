"""Reports over many sites at the province: codes of series, what is kept of each site, and that another process puts them in order."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass

import msgspec
import pytest

from exporters.report import Bound, Inspected, Progress, apart, binding, csv, gather, groups, html, report_of, stored, whole
from exporters.report.binding import Begin, Binder, Lighter
from model.fleet.declared import FleetDeclared, FleetSite
from model.fleet.ports import UnreadableError
from model.inspection import group
from model.inspection.document import Report, instant
from model.inspection.group import merged
from model.ports import Health
from model.times import DAY
from tests.console.commune import NOW, Journal
from tests.report.site import ABOUTS, DECLARED, change, finding, journal
from tests.report.test_group import of_site


def roster(*named: tuple[str, str]) -> FleetDeclared:
    return FleetDeclared(province="79", name="Tỉnh Thử", sites={site: FleetSite(site=site, name=f"Xã {site}", group=group) for site, group in named})


def test_a_series_has_a_code_that_names_a_folder_and_is_its_own() -> None:
    names = ["Cụm Đông", "Cụm đông", "../../etc", "", "🦆", "x" * 300, "Cụm Đông 2", "=1+1"]
    found = groups(roster(*((f"xa-{number}", name) for number, name in enumerate(names))))
    assert set(found) == set(names) - {""}
    codes = [series.code for series in found.values()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"nhom-[a-z0-9-]{6,50}", code) for code in codes), codes
    assert found["Cụm Đông"].code.startswith("nhom-cum-dong-")
    all_sites = whole(roster(("xa-a", "A"), ("xa-b", "")))
    assert (all_sites.code, all_sites.name, all_sites.sites) == ("tinh-79", "Tỉnh Thử", ("xa-a", "xa-b"))


@pytest.mark.parametrize("series", [False, True], ids=["first", "later"])
async def test_what_is_left_out_is_what_would_not_be_printed(monkeypatch: pytest.MonkeyPatch, series: bool) -> None:
    monkeypatch.setattr(group, "MOST_ENTRIES", 4)
    sites = [await of_site(f"xa-{letter}") for letter in "abc"]
    before = merged(sites[1:], code="nhom") if series else None
    plain = merged(sites, code="nhom", previous=before)
    for order in itertools.permutations(sites):
        lighter = Lighter(before, most=4)
        light = [lighter(site) for site in order]
        assert stored(merged(light, code="nhom", previous=before)) == stored(plain)
        assert sum(bool(entry.evidence) for site in light for entry in site.findings) < sum(bool(entry.evidence) for site in sites for entry in site.findings)


@dataclass
class Fleet:
    """What the province holds: a journal a site, and whether a box was heard."""

    held: dict[str, Journal]
    broken: str = ""

    def site(self, site: str) -> Fleet._Record:
        return Fleet._Record(self.held[site], site, broken=site == self.broken)

    class _Record:
        def __init__(self, held: Journal, site: str, *, broken: bool) -> None:
            self._held, self._site, self._broken = held, site, broken

        def __getattr__(self, name: str) -> object:
            return getattr(self._held, name)

        async def assets(self) -> object:
            if self._broken:
                raise UnreadableError(self._site)
            return await self._held.assets()

        async def heartbeats(self) -> list[Health]:
            return [Health(site=self._site, at=NOW, box="hop-1", queued=0, oldest_at=0)] if self._held.judged else []


def place(site: str, *numbers: int, state: str = "open") -> Journal:
    found = journal()
    found.changes = [change(msgspec.structs.replace(finding(number, state=state), site=site, id=f"{site}-{number}", updated=NOW - DAY)) for number in numbers]
    return found


def source_of(held: dict[str, Journal], broken: str = "") -> Inspected:
    return Inspected(Fleet(held, broken), lambda site: msgspec.structs.replace(DECLARED, site=site, name=site), ABOUTS, lambda: NOW)  # type: ignore[arg-type] # of the reader, what a report asks


async def bound(held: dict[str, Journal], before: bytes | None = None, broken: str = "") -> tuple[Report, Bound]:
    """The report as the province makes it, and its forms."""
    progress = Progress(len(held))
    made = await source_of(held, broken).bound(whole(roster(*((site, "A") for site in held))), before, progress)
    assert (progress.read, progress.of, made.made) == (len(held), len(held), instant(NOW))
    return report_of(made.files["json"]), made


async def test_a_province_is_read_site_by_site_and_who_was_not_heard_is_unknown() -> None:
    report, forms = await bound({"xa-a": place("xa-a", 1, 2), "xa-b": place("xa-b", 1), "xa-c": Journal()})
    assert (report.site, report.source, len(report.findings)) == ("tinh-79", "group", 3)
    assert [(part.site, part.made is None) for part in report.sites] == [("xa-a", False), ("xa-b", False), ("xa-c", True)]
    assert all(row.sites is not None and row.sites.unknown >= 1 for row in report.rows[:14])
    assert forms.files == {"html": html(report, "vi").encode(), "csv": csv(report, "vi"), "json": stored(report)}
    assert 'class="report"' in forms.body.decode()


async def test_what_one_site_sent_and_nobody_can_read_keeps_no_other_out_of_the_report() -> None:
    report, _ = await bound({"xa-a": place("xa-a", 1), "xa-b": place("xa-b", 1), "xa-c": place("xa-c", 1)}, broken="xa-b")
    assert [(part.site, part.made is None) for part in report.sites] == [("xa-a", False), ("xa-c", False), ("xa-b", True)]
    (why,) = [part.why for part in report.sites if part.why]
    assert "không đọc được" in why.vi


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that would rather fail than put a province in order itself."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the process that serves the page does it itself")

    for name in ("merged", "forms", "body", "previous_of"):
        monkeypatch.setattr(binding, name, refuse)


@pytest.mark.usefixtures("idle")
async def test_putting_in_order_writing_and_reading_back_are_done_by_another_process() -> None:
    first, forms = await bound({"xa-a": place("xa-a", 1, 2)})
    second, _ = await bound({"xa-a": place("xa-a", 2, 5)}, forms.files["json"])
    assert (len(first.findings), second.comparison is not None) == (2, True)


async def test_a_report_that_is_given_up_leaves_no_process_behind() -> None:
    reading, begun = asyncio.Event(), Begin(code="tinh-79", name="Tỉnh Thử", language="vi")

    async def make() -> apart.Apart:
        async with apart.Apart(begun) as binder:
            assert await binder.previous("xa-a") is None
            processes.append(binder._process)
            reading.set()
            await asyncio.Event().wait()
        return binder

    processes: list[asyncio.subprocess.Process] = []
    task = asyncio.create_task(make())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert processes[0].returncode is not None


async def test_a_process_that_dies_is_an_error_in_words_and_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "sys", type("Gone", (), {"executable": "/bin/false"}))
    with pytest.raises(OSError, match="dừng giữa chừng"):
        await bound({"xa-a": place("xa-a", 1)})


async def report_here(held: dict[str, Journal], before: Report | None = None) -> Report:
    """The same in this process, for what cannot be set in another."""
    binder = Binder(Begin(code="tinh-79", name="Tỉnh Thử", language="vi", before=stored(before) if before else b""))
    for site, data in held.items():
        declared = msgspec.structs.replace(DECLARED, site=site, name=site)
        binder.take(await gather(data, declared, ABOUTS, previous=binder.previous(site)))  # type: ignore[arg-type] # as above
    return binder.report(instant(NOW))


async def test_numbers_and_courses_go_on_from_the_report_before_also_of_what_it_did_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "MOST_ENTRIES", 1)
    first = await report_here({"xa-a": place("xa-a", 1, 2), "xa-b": place("xa-b", 1)})
    # The box told while it was cut off: it ended before the report that still had it open.
    ended = place("xa-a", 2, state="resolved")
    second = await report_here({"xa-a": ended, "xa-b": place("xa-b", 1, 5)}, first)
    assert first.numbers.items() <= second.numbers.items()
    assert second.comparison is not None
    assert second.comparison.new == (second.numbers["xa-b-5"],)
    assert second.comparison.closed == (second.numbers["xa-a-2"],)
    assert [each.id for each in second.comparison.gone] == ["xa-a-1"]
    assert second.since == first.until
