"""VG-COV-01 on portals: declared and never seen, some personas blind, and what is not yet absence."""

from __future__ import annotations

import msgspec
import pytest

from detectors.coverage import Coverage
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Severity, Subject, Urgency
from tests.model.making import AT, declared
from tests.model.portals.making import ID, PORTAL, SUBJECT, Eyes, engine_of, judge, known, take, told, view_of

RULE = Coverage()
PROVINCE = known(msgspec.structs.replace(PORTAL, level="province"))


def test_a_portal_that_was_looked_at_is_clear():
    verdict = judge(RULE, Eyes().round(0))
    assert (verdict.outcome, len(verdict.evidence)) == (Outcome.CLEAR, 6)


@pytest.mark.parametrize(("data", "bar"), [(known(), 12 * HOUR), (PROVINCE, HOUR), (known(msgspec.structs.replace(PORTAL, period=MINUTE)), 2 * MINUTE)])
def test_a_declared_portal_nobody_looked_at_for_two_periods_is_told(data, bar):
    assert judge(RULE, data=data, now=bar).outcome is Outcome.UNKNOWN
    verdict = judge(RULE, data=data, now=bar + 1)
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.MEDIUM, Urgency.TICKET)
    assert "Chưa xem được cổng" in verdict.title.vi


def test_the_periods_are_options():
    assert judge(Coverage(periods=4), now=13 * HOUR).outcome is Outcome.UNKNOWN
    assert judge(Coverage(other_hours=1), now=3 * HOUR).outcome is Outcome.VIOLATION
    assert judge(Coverage(province_minutes=60), data=PROVINCE, now=90 * MINUTE).outcome is Outcome.UNKNOWN


def silent_for(after: int, data=None, **beat):
    """Seen by everybody, the round told, then nothing."""
    eyes = Eyes()
    return judge(RULE, [*eyes.round(0), eyes.beat(20 * SECOND, **beat)], data, now=after)


def test_two_periods_are_those_in_force_at_the_sensor():
    assert silent_for(30 * MINUTE, period=10 * MINUTE).outcome is Outcome.VIOLATION
    assert silent_for(19 * MINUTE, period=10 * MINUTE).outcome is Outcome.CLEAR
    assert silent_for(47 * HOUR, period=DAY).outcome is Outcome.CLEAR
    assert silent_for(49 * HOUR, period=DAY).outcome is Outcome.VIOLATION
    assert silent_for(13 * HOUR).outcome is Outcome.VIOLATION, "a sensor that does not say keeps the rule's own periods"
    assert silent_for(2 * HOUR, PROVINCE, period=3 * HOUR).outcome is Outcome.CLEAR


def test_a_declared_period_is_what_people_asked_for_whatever_the_sensor_says():
    declared_hour = known(msgspec.structs.replace(PORTAL, period=HOUR))
    assert silent_for(3 * HOUR, declared_hour, period=DAY).outcome is Outcome.VIOLATION


def test_a_new_period_is_judged_at_once():
    engine, eyes = engine_of(detectors=[RULE]), Eyes()
    take(engine, [*eyes.round(0), eyes.beat(20 * SECOND, period=6 * HOUR)])
    take(engine, [eyes.beat(HOUR, period=10 * MINUTE)])
    assert told(engine) == [("opened", "VG-COV-01", "medium")], "an hour without a look is six of the new periods"


def test_a_heartbeat_is_no_look():
    beat = Eyes().beat(0, period=HOUR)
    assert judge(RULE, [beat], now=2 * HOUR).outcome is Outcome.UNKNOWN
    verdict = judge(RULE, [beat], now=2 * HOUR + 1)
    assert (verdict.outcome, dict(verdict.state)["portal"]) == (Outcome.VIOLATION, "unseen")


def test_where_nobody_looks_any_more_it_is_said_since_the_last_look():
    eyes = Eyes()
    verdict = judge(RULE, [eyes.look("desktop", DAY), eyes.beat(20 * DAY, period=HOUR)])
    assert (verdict.outcome, "không có lần truy cập nào từ 08:00 ngày 16/07" in verdict.summary.vi) == (Outcome.VIOLATION, True)


def test_blocked_personas_are_named_with_their_reasons_after_two_periods():
    eyes = Eyes()
    facts = [*eyes.round(0), *(eyes.failed("mobile", n * 6 * HOUR, "challenged") for n in (1, 2, 3)), eyes.look("desktop", 18 * HOUR)]
    facts += eyes.round(18 * HOUR, ("search_google", "social_zalo", "returning", "english"))
    before = judge(RULE, facts[:7])
    assert (before.outcome, before.reason is not None) == (Outcome.UNKNOWN, True)
    verdict = judge(RULE, facts)
    assert verdict.outcome is Outcome.VIOLATION
    assert ("mobile", "challenged") in verdict.state
    assert dict(verdict.state)["portal"] == "partly"
    assert verdict.title.vi.startswith("1/6 kiểu truy cập không xem được cổng")
    assert "điện thoại Android (bị đòi mã xác nhận)" in verdict.summary.vi


def test_a_persona_that_stopped_looking_is_forgotten_after_a_week():
    eyes = Eyes()
    facts = [*eyes.round(0), *(eyes.look("desktop", day * DAY) for day in range(1, 9))]
    assert judge(RULE, facts).outcome is Outcome.CLEAR


def test_after_a_start_absence_waits_two_periods():
    view = view_of(Eyes().round(0))
    view.now = view.started = AT + 3 * DAY
    assert RULE.judge(view, SUBJECT).outcome is Outcome.CLEAR
    view.now += 12 * HOUR + SECOND
    assert RULE.judge(view, SUBJECT).outcome is Outcome.VIOLATION


def test_a_portal_expected_only_since_a_moment_is_not_missed_before():
    data = known(msgspec.structs.replace(PORTAL, since=AT + DAY))
    assert judge(RULE, data=data, now=DAY + 11 * HOUR).outcome is Outcome.UNKNOWN


def test_what_is_not_declared_is_not_missed():
    assert RULE.judge(view_of((), declared()), Subject("portal", ID)) is None
    assert SUBJECT not in set(RULE.subjects(view_of(Eyes().round(0), declared())))


def test_silence_opens_by_itself_and_a_look_closes_it():
    engine = engine_of(detectors=[RULE])
    eyes = Eyes()
    take(engine, eyes.round(0))
    engine.tick(AT + 13 * HOUR)
    assert told(engine) == [("opened", "VG-COV-01", "medium")]
    take(engine, eyes.round(14 * HOUR))
    assert told(engine)[-1] == ("resolved", "VG-COV-01", "medium")
