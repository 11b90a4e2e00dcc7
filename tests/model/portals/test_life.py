"""A life: clean, learnt, injected for phones only, confirmed, cleaned, re-checked, injected again. And what ends an incident and what does not."""

from __future__ import annotations

import msgspec
import pytest

from model.portals.rechecks import rechecks
from model.portals.rows import MAX_LEARNT
from model.restored import restore, row_of
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Severity
from tests.model.making import AT
from tests.model.portals.making import EVIL, HOME, ID, PERSONAS, Eyes, engine_of, known, selling, stands, take, told, view_of

REDIRECT = "VG-WEB-01"


def due(row):
    """When it must be looked at again."""
    return sorted({check.at for check in rechecks(row)})


def days(eyes: Eyes, first: int, last: int):
    """Rounds each six hours by everybody, clean, from day to day."""
    return [look for quarter in range(first * 4, last * 4) for look in eyes.round(quarter * 6 * HOUR)]


def phones_only(eyes: Eyes, after: int, **fields):
    """A round in which phones are sent elsewhere."""
    return [
        eyes.sent(persona, after + n * 2 * SECOND, round=f"d{after}", **fields)
        if persona == "mobile"
        else eyes.look(persona, after + n * 2 * SECOND, round=f"d{after}")
        for n, persona in enumerate(PERSONAS)
    ]


def rechecked(eyes: Eyes, last: int, delays=(HOUR, 6 * HOUR, DAY, 7 * DAY)):
    return [look for delay in delays for look in eyes.round(last + delay)]


def test_a_life():
    engine, eyes = engine_of(), Eyes()
    take(engine, days(eyes, 0, 8))
    assert told(engine) == []
    injected = 8 * DAY + HOUR
    take(engine, phones_only(eyes, injected))
    assert told(engine, REDIRECT) == [("opened", REDIRECT, "medium")]
    row = engine.view.portals[ID]
    assert due(row)[0] == AT + injected + 2 * SECOND + 60 * SECOND
    take(engine, phones_only(eyes, injected + 62 * SECOND, attempt=1))
    assert told(engine, REDIRECT) == [("opened", REDIRECT, "medium"), ("updated", REDIRECT, "critical")]
    last = injected + 66 * SECOND
    for delay in (HOUR, 6 * HOUR, DAY):
        take(engine, eyes.round(last + delay))
        assert engine.findings[REDIRECT, _subject()].state == "open"
    take(engine, eyes.round(last + 7 * DAY))
    assert told(engine, REDIRECT)[-1][0] == "resolved"
    assert due(row) == []
    take(engine, phones_only(eyes, last + 9 * DAY))
    assert [step for step, _, _ in told(engine, REDIRECT)] == ["opened", "updated", "resolved", "reopened"]
    assert engine.findings[REDIRECT, _subject()].times == 2
    assert row.incidents[REDIRECT].times == 2
    assert "Tái phát lần thứ 2" in engine.findings[REDIRECT, _subject()].summary.vi


def _subject():
    from tests.model.portals.making import SUBJECT

    return SUBJECT


def test_a_life_with_a_restart_after_every_fact_is_the_same():
    eyes = Eyes()
    facts = [*eyes.round(0), *phones_only(eyes, HOUR), *phones_only(eyes, HOUR + 2 * MINUTE), *rechecked(eyes, 2 * HOUR), *phones_only(eyes, 9 * DAY)]
    straight, written = view_of(facts), {}
    from model.site import fold

    for fact in facts:
        view = SiteView(known(), now=fact.at)
        restore(view, [msgspec.json.decode(doc, type=_row_type()) for doc in written.values()])
        fold(view, fact)
        written.update({key: msgspec.json.encode(row_of(view, *key)) for key in view.dirty})
    assert msgspec.json.decode(written["portal", ID]) == msgspec.json.decode(msgspec.json.encode(straight.portals[ID]))
    assert straight.portals[ID].incidents[REDIRECT].times == 2


def _row_type():
    from model.portals import PortalRow

    return PortalRow


def dirty_then(eyes: Eyes, *more):
    return view_of([*eyes.round(0), eyes.sent("mobile", MINUTE), eyes.sent("mobile", 3 * MINUTE), *more])


def test_clean_looks_too_soon_end_nothing():
    eyes = Eyes()
    view = dirty_then(eyes, *(look for n in range(1, 160) for look in eyes.round(3 * MINUTE + n * HOUR)))
    assert stands(view) is not None


def test_one_clean_round_after_a_silent_week_ends_nothing():
    eyes = Eyes()
    view = dirty_then(eyes, *eyes.round(10 * DAY))
    assert stands(view) is not None
    view = dirty_then(eyes, *(look for n in range(4) for look in eyes.round(10 * DAY + n * HOUR)))
    assert stands(view) is None


def test_one_persona_that_did_not_see_it_clean_keeps_it():
    eyes = Eyes()
    rest = [persona for persona in PERSONAS if persona != "social_zalo"]
    clean = [look for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY) for look in eyes.round(3 * MINUTE + delay, rest)]
    blocked = [eyes.failed("social_zalo", 3 * MINUTE + delay) for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY, 8 * DAY)]
    assert stands(dirty_then(eyes, *sorted([*clean, *blocked], key=lambda fact: fact.at))) is not None


def test_unknown_looks_do_not_count():
    eyes = Eyes()
    unread = [look for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY) for look in eyes.round(4 * MINUTE + delay, unfolded=("location: ?",))]
    assert stands(dirty_then(eyes, *unread)) is not None
    assert stands(dirty_then(eyes, *rechecked(eyes, 4 * MINUTE))) is None


def test_a_dirty_look_starts_the_wait_again():
    eyes = Eyes()
    again = [*rechecked(eyes, 4 * MINUTE, (HOUR, 6 * HOUR, DAY)), eyes.sent("desktop", 6 * DAY), *eyes.round(7 * DAY + HOUR)]
    view = dirty_then(eyes, *again)
    assert stands(view) is not None
    assert view.portals[ID].incidents[REDIRECT].times == 1
    assert stands(dirty_then(eyes, *again, *rechecked(eyes, 6 * DAY + HOUR))) is None


def test_a_clean_home_page_ends_nothing_that_was_seen_elsewhere():
    eyes = Eyes()
    missing = [eyes.sent("mobile", n * 2 * MINUTE, part="missing", url=f"{HOME}x{n}") for n in (0, 1)]
    view = view_of([*missing, *rechecked(eyes, HOUR)])
    assert stands(view).severity is Severity.CRITICAL
    clean = [eyes.look("mobile", HOUR + delay, part="missing", url=f"{HOME}y{delay}") for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY)]
    assert stands(view_of([*missing, *clean])) is None


def test_re_checks_are_offered_at_the_dirty_places():
    eyes = Eyes()
    view = view_of([*eyes.round(0), eyes.sent("mobile", MINUTE, part="sample", url=f"{HOME}tin-1")])
    offered = rechecks(view.portals[ID])
    assert {(check.part, check.url) for check in offered} == {("sample", f"{HOME}tin-1")}
    assert [(check.at - AT, check.confirming) for check in offered] == [
        (2 * MINUTE, True),
        (MINUTE + HOUR, False),
        (MINUTE + 6 * HOUR, False),
        (MINUTE + DAY, False),
        (MINUTE + 7 * DAY, False),
    ]


def test_what_only_the_browser_saw_is_seen_clean_by_the_browser_alone():
    eyes = Eyes()
    dirty = [eyes.sent("desktop", n * 2 * MINUTE, rendered=True, how="script") for n in (0, 1)]
    read = rechecked(eyes, HOUR)
    view = view_of([*eyes.round(0), *dirty, *read])
    assert stands(view) is not None
    offered = rechecks(view.portals[ID])
    assert {(check.part, check.url, check.rendered, check.personas) for check in offered} == {("home", HOME, True, ("desktop",))}
    run = [eyes.look("desktop", HOUR + 1 + delay, rendered=True) for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY)]
    assert stands(view_of([*eyes.round(0), *dirty, *run])) is None


def test_what_reading_shows_too_needs_no_browser_to_be_seen_clean():
    eyes = Eyes()
    dirty = [eyes.sent("desktop", 0), eyes.sent("desktop", SECOND, rendered=True)]
    view = view_of([*dirty, *rechecked(eyes, HOUR)])
    assert stands(view) is None


def test_a_poisoned_script_is_over_when_it_was_seen_clean_or_no_page_names_it_any_more():
    eyes = Eyes()
    dirty = [*eyes.round(0), eyes.script(MINUTE, appended=("cdn.strange.test",))]
    assert rechecks(view_of(dirty).portals[ID]) == (), "files are looked at every day as it is"
    pages = [look for day in range(1, 9) for look in eyes.round(day * DAY)]
    still = [eyes.script(day * DAY, appended=("cdn.strange.test",)) for day in range(1, 9)]
    clean = [eyes.script(day * DAY + HOUR) for day in range(1, 9)]
    for more, over in ((still, False), (clean, True), ([], True)):
        view = view_of(sorted([*dirty, *pages, *more], key=lambda fact: fact.at))
        assert (stands(view, "VG-WEB-02") is None) is over


def test_a_dirty_look_is_looked_at_again_after_a_minute_and_at_the_delays():
    view = view_of([Eyes().sent("mobile", 0)])
    assert due(view.portals[ID]) == [AT + MINUTE, AT + HOUR, AT + 6 * HOUR, AT + DAY, AT + 7 * DAY]


def test_nothing_is_offered_for_a_clean_portal():
    assert due(view_of(Eyes().round(0)).portals[ID]) == []


@pytest.mark.parametrize("detector", ["VG-WEB-01", "VG-WEB-02"])
def test_each_rule_has_an_incident_of_its_own(detector):
    eyes = Eyes()
    both = [eyes.sent("mobile", n * 2 * MINUTE, signs=(selling(EVIL), selling(eyes.host, "hidden_links"))) for n in (0, 1)]
    only_links = [
        look for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY) for look in eyes.round(HOUR + delay, ("mobile",), signs=(selling(eyes.host, "hidden_links"),))
    ]
    view = view_of([*both, *only_links])
    assert (stands(view, detector) is None) is (detector == "VG-WEB-01")


def test_a_portal_whose_clock_was_set_back_waits_for_no_hour_years_away():
    eyes = Eyes()
    view = dirty_then(eyes)
    view.new_epoch(AT - 900 * DAY)
    assert max(due(view.portals[ID])) <= AT - 892 * DAY


def test_a_dirty_look_that_comes_late_belongs_before_the_end():
    eyes = Eyes()
    dirty = [eyes.sent("mobile", n * 2 * MINUTE) for n in (0, 1)]
    view = view_of([*dirty, *rechecked(eyes, 2 * MINUTE)])
    incident = view.portals[ID].incidents[REDIRECT]
    assert incident.over
    view = view_of([*dirty, *rechecked(eyes, 2 * MINUTE), eyes.sent("mobile", 3 * DAY)])
    incident = view.portals[ID].incidents[REDIRECT]
    assert (incident.over, incident.times) == (False, 1)


def test_of_too_many_learnt_hosts_the_earliest_stay_whatever_the_order():
    eyes = Eyes()
    looks = [eyes.look("desktop", n * HOUR, scripts=(f"s{n:02}.test",)) for n in range(MAX_LEARNT + 6)]
    for order in (looks, looks[::-1]):
        assert sorted(view_of(order).portals[ID].baseline.scripts) == [f"s{n:02}.test" for n in range(MAX_LEARNT)]
