"""Every attack is found in every persona that shows it, with its target; no trap opens anything of severity medium or more.

The whole way: the product's visitor in a namespace, its rounds, second looks and ten-minute repeats, the model, the engine with all detectors. All cases
are watched at once, once for the module; each test then asks about its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from model.verdict import Severity
from tests.portals.lab.case import Found, all_cases
from tests.portals.lab.internet import Internet
from tests.portals.lab.watching import Watched, everybody, watch_all

CASES = all_cases()
ATTACKS = [found for found in CASES if not found.trap and not found.case.expect.unseen]
TRAPS = [found for found in CASES if found.trap]
UNSEEN = [found for found in CASES if found.case.expect.unseen]

# The first test has all cases watched: a minute and a half where nothing else runs, which on busy cores is many.
pytestmark = [pytest.mark.root, pytest.mark.timeout(1200)]


def named(found: Found) -> str:
    return found.id


@pytest.fixture(scope="module")
def watched(internet: Internet, request: pytest.FixtureRequest) -> Iterator[dict[str, Watched]]:
    """What came of watching the cases that this run asks about."""
    asked = [item.callspec.params.get("found") for item in request.session.items if hasattr(item, "callspec")]
    # Other modules may call a parameter by the same name.
    chosen = {found.id for found in asked if isinstance(found, Found)}
    with internet.inside():
        yield asyncio.run(watch_all(internet, [found for found in CASES if found.id in chosen]))


@pytest.mark.parametrize("found", ATTACKS, ids=named)
def test_an_attack_is_found(watched: dict[str, Watched], found: Found) -> None:
    seen, expect = watched[found.id], found.case.expect
    for detector in expect.detectors:
        worst = max((finding.severity for finding in seen.findings if finding.detector == detector), key=lambda severity: severity.rank, default=None)
        assert worst is not None, f"{detector} found nothing; {seen.told_of(detector)}"
        assert worst.rank >= Severity(expect.severity).rank, f"{detector} is only {worst}; {seen.told_of(detector)}"


@pytest.mark.parametrize("found", [found for found in ATTACKS if found.case.expect.personas and found.case.expect.severity != "low"], ids=named)
def test_everybody_who_is_shown_it_sees_it(watched: dict[str, Watched], found: Found) -> None:
    seen = watched[found.id]
    for detector in found.case.expect.detectors:
        who = everybody(found) & seen.lookers(detector)
        assert who, f"nobody looked where {detector} has something"
        assert who - seen.sighted.get(detector, set()) == set()


@pytest.mark.parametrize("found", [found for found in ATTACKS if found.case.expect.target], ids=named)
def test_the_target_is_told_however_it_was_hidden(watched: dict[str, Watched], found: Found) -> None:
    seen, expect = watched[found.id], found.case.expect
    told = {detector: seen.told_of(detector) for detector in expect.detectors}
    assert any(expect.target in word for words in told.values() for word in words), told


@pytest.mark.parametrize("found", [found for found in ATTACKS if found.case.portals], ids=named)
def test_a_campaign_wakes_people_once(watched: dict[str, Watched], found: Found) -> None:
    urgent = [verdict for verdict in watched[found.id].verdicts if verdict.urgency in {"page", "ticket"}]
    dirty = {finding.subject.id for finding in watched[found.id].findings if finding.detector in found.case.expect.detectors}
    assert len(dirty) == found.case.expect.portals
    assert len({verdict.subject.id for verdict in urgent}) == 1


@pytest.mark.parametrize("found", TRAPS, ids=named)
def test_a_trap_opens_nothing_of_medium_or_more(watched: dict[str, Watched], found: Found) -> None:
    grave = [finding for finding in watched[found.id].findings if finding.severity.rank >= Severity.MEDIUM.rank]
    assert [(finding.detector, finding.severity, watched[found.id].told_of(finding.detector)) for finding in grave] == []


@pytest.mark.parametrize("found", TRAPS, ids=named)
def test_a_trap_was_really_looked_at(watched: dict[str, Watched], found: Found) -> None:
    seen = watched[found.id]
    addresses = {fact.url for fact in (*seen.looks, *seen.failed)}
    missing = [visit.path for visit in found.case.visit if visit.part in {"declared", "sample"} and not any(visit.path in url for url in addresses)]
    assert missing == []


@pytest.mark.parametrize("found", [found for found in TRAPS if found.case.expect.lost], ids=named)
def test_what_could_not_be_seen_is_unknown(watched: dict[str, Watched], found: Found) -> None:
    seen = watched[found.id]
    assert seen.failed
    assert seen.unclear()


@pytest.mark.parametrize("found", UNSEEN, ids=named)
def test_what_nobody_outside_can_see_is_said_to_be_so(watched: dict[str, Watched], found: Found) -> None:
    assert watched[found.id].findings == []
    assert found.case.expect.unseen
