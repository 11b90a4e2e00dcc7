"""Reports over many sites at the province: codes of series, what is kept of each site, and that nothing of it changes the report."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import msgspec
import pytest

from exporters.report import Inspected, Progress, groups, stored, whole
from exporters.report.many import Lighter
from model.fleet.declared import FleetDeclared, FleetSite
from model.inspection import group
from model.inspection.document import Report
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

    def site(self, site: str) -> Fleet._Record:
        return Fleet._Record(self.held[site], site)

    class _Record:
        def __init__(self, held: Journal, site: str) -> None:
            self._held, self._site = held, site

        def __getattr__(self, name: str) -> object:
            return getattr(self._held, name)

        async def heartbeats(self) -> list[Health]:
            return [Health(site=self._site, at=NOW, box="hop-1", queued=0, oldest_at=0)] if self._held.judged else []


def place(site: str, *numbers: int, state: str = "open") -> Journal:
    found = journal()
    found.changes = [change(msgspec.structs.replace(finding(number, state=state), site=site, id=f"{site}-{number}", updated=NOW - DAY)) for number in numbers]
    return found


async def made(held: dict[str, Journal], previous: Report | None = None) -> Report:
    declared = roster(*((site, "A") for site in held))
    source = Inspected(Fleet(held), lambda site: msgspec.structs.replace(DECLARED, site=site, name=site), ABOUTS, lambda: NOW)  # type: ignore[arg-type] # of the reader, what a report asks
    progress = Progress(len(held))
    report = await source.report(whole(declared), previous, progress)
    assert (progress.read, progress.of) == (len(held), len(held))
    return report


async def test_a_province_is_read_site_by_site_and_who_was_not_heard_is_unknown() -> None:
    report = await made({"xa-a": place("xa-a", 1, 2), "xa-b": place("xa-b", 1), "xa-c": Journal()})
    assert (report.site, report.source, len(report.findings)) == ("tinh-79", "group", 3)
    assert [(part.site, part.made is None) for part in report.sites] == [("xa-a", False), ("xa-b", False), ("xa-c", True)]
    assert all(row.sites is not None and row.sites.unknown >= 1 for row in report.rows[:14])


async def test_numbers_and_courses_go_on_from_the_report_before_also_of_what_it_did_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "MOST_ENTRIES", 1)
    first = await made({"xa-a": place("xa-a", 1, 2), "xa-b": place("xa-b", 1)})
    # The box told while it was cut off: it ended before the report that still had it open.
    ended = place("xa-a", 2, state="resolved")
    second = await made({"xa-a": ended, "xa-b": place("xa-b", 1, 5)}, first)
    assert first.numbers.items() <= second.numbers.items()
    assert second.comparison is not None
    assert second.comparison.new == (second.numbers["xa-b-5"],)
    assert second.comparison.closed == (second.numbers["xa-a-2"],)
    assert [each.id for each in second.comparison.gone] == ["xa-a-1"]
    assert second.since == first.until
