"""Who is silent, who was never heard, and when nobody can say."""

import msgspec
import pytest

from model.fleet import coverage
from model.fleet.declared import FleetBox
from model.fleet.silence import Patience, Watch, heard
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Subject, Urgency
from tests.fleet.boxes import NOW, roster

WATCH = Watch(at=NOW, since=NOW - HOUR)
# Monday 23/11/2026, 08:00 in Viet Nam.
MONDAY = NOW + DAY


@pytest.mark.parametrize(
    ("last", "since", "watch", "wanted"),
    [
        (NOW - MINUTE, 0, WATCH, "heard"),
        (NOW - MINUTE, 0, Watch(), "heard"),
        (NOW - 3 * MINUTE, 0, WATCH, "heard"),
        (NOW - 4 * MINUTE, 0, WATCH, "silent"),
        (0, 0, WATCH, "never"),
        (0, NOW + DAY, WATCH, "unknown"),
        (NOW - 4 * MINUTE, 0, Watch(), "unknown"),
        (NOW - 5 * MINUTE, 0, Watch(at=NOW - 4 * MINUTE, since=NOW - HOUR), "unknown"),
        (NOW - DAY, 0, Watch(at=NOW, since=NOW - MINUTE), "unknown"),
    ],
    ids=["heard", "heard before all else", "on its way", "silent", "never", "not due yet", "never looked", "store away", "just began"],
)
def test_absence_counts_only_while_somebody_listened(last, since, watch, wanted):
    assert heard(last, since, watch, NOW) == wanted


def test_a_watch_that_slept_begins_anew_and_waits_for_boxes_that_try_again():
    watch = Watch().read(NOW)
    assert (watch.at, watch.since) == (NOW, NOW + 6 * MINUTE)
    on = watch.read(NOW + 10 * SECOND)
    assert (on.at, on.since) == (NOW + 10 * SECOND, watch.since)
    for late in (NOW + MINUTE, NOW - HOUR):
        slept = on.read(late)
        assert (slept.at, slept.since) == (late, late + 6 * MINUTE), "a clock that was set back proves nothing either"


def stand(last, sites=("a", "b"), watch=WATCH, now=NOW):
    declared = roster(*(FleetBox(box=f"hop-{site}", site=site, key=bytes(32)) for site in sites))
    return declared, coverage.standings(declared, {(f"hop-{site}", site): at for site, at in last.items()}, watch, now)


def site_verdict(last, now=NOW, paged=False, holidays=frozenset(), apart=True, sites=("a", "b")):
    _, standing = stand(last, sites, Watch(at=now, since=now - HOUR), now)
    return coverage.of_site(standing[0], Patience(), holidays, now, apart=apart, paged=paged)


def test_a_silent_site_wakes_people_in_working_hours_and_is_a_ticket_else():
    for now, urgency in ((MONDAY, Urgency.PAGE), (NOW, Urgency.TICKET), (MONDAY + 12 * HOUR, Urgency.TICKET)):
        verdict = site_verdict({"a": now - 10 * MINUTE}, now)
        assert (verdict.outcome, verdict.urgency) == (Outcome.VIOLATION, urgency), now
    evening = site_verdict({"a": MONDAY - 10 * MINUTE}, MONDAY + 12 * HOUR, paged=True)
    assert evening.urgency is Urgency.PAGE, "evening takes nothing back"
    holiday = site_verdict({"a": MONDAY - 10 * MINUTE}, MONDAY, holidays=frozenset({(MONDAY + 7 * HOUR) // DAY}))
    assert holiday.urgency is Urgency.TICKET


def test_a_site_that_was_never_heard_is_a_ticket_at_any_hour():
    verdict = site_verdict({}, MONDAY)
    assert (verdict.outcome, verdict.urgency, dict(verdict.state)) == (Outcome.VIOLATION, Urgency.TICKET, {"heard": "never"})


def test_a_site_without_boxes_is_not_applicable():
    declared = roster(sites=["a"])
    (standing,) = coverage.standings(declared, {}, WATCH, NOW)
    assert coverage.of_site(standing, Patience(), (), NOW, apart=True, paged=False).outcome is Outcome.NOT_APPLICABLE


def test_all_silent_together_is_one_fault_and_nobodys_own():
    sites = tuple("abcdef")
    declared, standing = stand(dict.fromkeys(sites, NOW - 10 * MINUTE), sites)
    assert coverage.together(standing)
    assert coverage.of_province(declared, standing, WATCH, NOW).outcome is Outcome.VIOLATION
    assert site_verdict(dict.fromkeys(sites, NOW - 10 * MINUTE), apart=False, sites=sites).outcome is Outcome.UNKNOWN
    one_speaks = dict.fromkeys(sites, NOW - 10 * MINUTE) | {"f": NOW}
    declared, standing = stand(one_speaks, sites)
    assert not coverage.together(standing)
    assert coverage.of_province(declared, standing, WATCH, NOW).outcome is Outcome.CLEAR


def test_a_province_that_does_not_read_knows_nothing_of_itself():
    declared, standing = stand({}, watch=Watch())
    assert coverage.of_province(declared, standing, Watch(), NOW).outcome is Outcome.UNKNOWN


def test_one_box_of_several_is_told_by_itself():
    lines = [FleetBox(box=name, site="a", key=bytes(32)) for name in ("one", "two")]
    (standing,) = coverage.standings(roster(*lines), {("one", "a"): NOW - SECOND, ("two", "a"): NOW - HOUR}, WATCH, NOW)
    verdicts = {verdict.subject: verdict.outcome for verdict in coverage.of_boxes(standing, NOW)}
    assert verdicts == {Subject("sensor", "box:one"): Outcome.CLEAR, Subject("sensor", "box:two"): Outcome.VIOLATION}
    alone = msgspec.structs.replace(standing, boxes={"one": standing.boxes["one"]})
    assert list(coverage.of_boxes(alone, NOW)) == []


def test_a_box_whose_key_ran_out_is_not_awaited():
    line = FleetBox(box="one", site="a", key=bytes(32), until=NOW)
    (standing,) = coverage.standings(roster(line), {}, WATCH, NOW)
    assert standing.boxes == {}
