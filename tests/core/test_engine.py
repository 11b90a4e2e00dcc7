"""One site's judgement: order, time, merging, and what a day is."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.engine import MOST_LOOKS, MOST_REPEATED, Engine
from collector.registry import build_all
from detectors.open_display import OpenDisplay
from model.acts import Act, ActRefusedError
from model.detector import About, Closing, Detector
from model.facts import AddressSeen
from model.ports import Judging
from model.site import SiteView
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency, Verdict
from tests.model.making import AIRPLAY, AT, CAST, IPS, PC, PHONE, TV, VIDEO, Sensor, declared, histories, view_of

OPEN, PIN = {"features": VIDEO, "flags": "0x4"}, {"features": VIDEO, "flags": "0x24c"}
KNOWN = declared(zones={"lan": "staff", "wifi": "display"}, sensors=("capture:lan", "capture:wifi"))


class Rule(Detector):
    """A rule that says what its test wants, and keeps when it was asked."""

    about = About(
        id="VG-NET-99", findings=(1,), title=Text("t", "u"), kinds=("sensor",), needs=(), closing=Closing(rule=Text("đ", "r"), lapse=400 * DAY), hold_off=0
    )

    def __init__(self, says=None, **about) -> None:
        self.says = says or (lambda view, subject: {})
        self.asked: list[tuple[int, str]] = []
        if about:
            self.about = msgspec.structs.replace(self.about, **about)

    def subjects(self, view):
        return [Subject("sensor", name) for name in view.sensors]

    def judge(self, view, subject):
        self.asked.append((view.now - AT, subject.id))
        said = self.says(view, subject)
        if said is None:
            return None
        told = {"outcome": Outcome.CLEAR, "severity": Severity.HIGH, "urgency": Urgency.TICKET, "title": Text("t", "u"), "summary": Text("s", "z"), **said}
        return Verdict(detector=self.about.id, subject=subject, grade=Grade.LIKELY, **told)


def engine_of(*rules, known=KNOWN, **options) -> Engine:
    return Engine(SiteView(known, now=AT, **options), rules)


def told(engine: Engine) -> list[tuple[str, str]]:
    return [(change.step, change.finding.subject.id) for change in engine.news.changes]


# Batches


@given(facts=histories(most=20), cuts=st.lists(st.booleans(), min_size=20, max_size=20))
@settings(max_examples=150, deadline=None)
def test_it_does_not_matter_how_facts_come_in_batches(facts, cuts):
    def run(ends):
        engine = Engine(SiteView(KNOWN, now=AT), build_all())
        changes, postures = [], []
        for fact, end in zip(facts, ends, strict=False):
            engine.tick(fact.at // MINUTE * MINUTE)
            engine.take(fact)
            if end:
                news = engine.taken_news()
                changes += news.changes
                postures += news.postures
        news = engine.taken_news()
        return changes + news.changes, postures + news.postures, engine.findings, engine.verdicts, engine.standing()

    assert run(cuts) == run([False] * 20)


# Rechecks


def test_rechecks_come_in_the_order_of_their_hours():
    wanted = {"a": 50, "b": 10, "c": 30}
    rule = Rule(lambda view, subject: {"recheck_at": AT + wanted[subject.id] * MINUTE if view.now == AT else None})
    engine = engine_of(rule)
    for name in wanted:
        engine.take(Sensor(name).beat(0))
    rule.asked.clear()
    engine.tick(AT + HOUR)
    assert rule.asked == [(10 * MINUTE, "b"), (30 * MINUTE, "c"), (50 * MINUTE, "a")]
    assert engine.view.now == AT + HOUR


@pytest.mark.parametrize("ago", [1, HOUR, AT])
def test_a_rule_that_names_a_past_moment_is_asked_once_a_tick(ago):
    rule = Rule(lambda view, subject: {"recheck_at": view.now - ago})
    engine = engine_of(rule)
    engine.take(Sensor("a").beat(0))
    rule.asked.clear()
    engine.tick(AT + 23 * HOUR)
    assert len(rule.asked) <= 1
    rule.asked.clear()
    for second in range(1, 11):
        engine.tick(AT + 23 * HOUR + second * SECOND)
    assert 5 <= len(rule.asked) <= 10


def test_what_is_quiet_is_judged_and_told_again_each_day_some_of_it_in_a_tick():
    """Who keeps a copy takes three days without a word for not known."""
    rule = Rule()
    engine = engine_of(rule)
    for name in (names := [f"s{number:03}" for number in range(MOST_REPEATED + 10)]):
        engine.take(Sensor(name).beat(0))
    engine.taken_news()
    told = []
    for at in (DAY - SECOND, DAY, DAY + SECOND, DAY + 2 * SECOND, 2 * DAY, 2 * DAY + SECOND, 2 * DAY + 2 * SECOND):
        rule.asked.clear()
        engine.tick(AT + at)
        posted = [posture.verdict.subject.id for posture in engine.taken_news().postures]
        assert sorted(posted) == sorted(subject for _, subject in rule.asked)
        told.append(posted)
    assert [len(each) for each in told] == [0, MOST_REPEATED, 10, 0, MOST_REPEATED, 10, 0]
    assert sorted(told[1] + told[2]) == sorted(told[4] + told[5]) == names


def test_what_a_rule_no_longer_speaks_of_is_not_asked_again_daily():
    rule = Rule(lambda view, subject: {} if view.now < AT + DAY else None)
    engine = engine_of(rule)
    engine.take(Sensor("a").beat(0))
    for day in (1, 2, 3):
        rule.asked.clear()
        engine.tick(AT + day * DAY)
        assert len(rule.asked) == (1 if day == 1 else 0)


def test_years_between_two_frames_are_not_years_of_looks():
    rule = Rule(lambda view, subject: {"recheck_at": view.now + 10 * MINUTE})
    engine = engine_of(rule)
    for name in ("a", "b"):
        engine.take(Sensor(name).beat(0))
    rule.asked.clear()
    engine.tick(AT + 3650 * DAY)
    assert len(rule.asked) == 2 * (MOST_LOOKS + 1)
    assert rule.asked[0] == (10 * MINUTE, "a")
    assert sorted(rule.asked[-2:]) == [(3650 * DAY, "a"), (3650 * DAY, "b")]
    rule.asked.clear()
    engine.tick(AT + 3650 * DAY + HOUR)
    assert len(rule.asked) == 2 * 6


def test_the_last_wish_holds():
    rule = Rule(lambda view, subject: {"recheck_at": AT + (HOUR if not rule.asked[1:] else 2 * HOUR)})
    engine = engine_of(rule)
    box = Sensor("a")
    engine.take(box.beat(0))
    engine.take(box.beat(MINUTE))
    rule.asked.clear()
    engine.tick(AT + 90 * MINUTE)
    assert rule.asked == []
    engine.tick(AT + 3 * HOUR)
    assert rule.asked == [(2 * HOUR, "a")]


def test_a_violation_that_must_last_opens_without_another_fact():
    engine = engine_of(Rule(lambda view, subject: {"outcome": Outcome.VIOLATION}, hold_off=5 * MINUTE))
    engine.take(Sensor("a").beat(0))
    engine.tick(AT + 4 * MINUTE)
    assert told(engine) == []
    engine.tick(AT + 10 * MINUTE)
    assert told(engine) == [("opened", "a")]
    assert engine.news.changes[0].at == AT + 5 * MINUTE


# Acts


def accepted(until: int) -> Engine:
    engine = engine_of(Rule(lambda view, subject: {"outcome": Outcome.VIOLATION, "recheck_at": AT + 300 * DAY}))
    engine.take(Sensor("a").beat(0))
    [finding] = engine.findings.values()
    engine.act(Act(kind="accept", finding=finding.id, by="Lan", why="x", until=until))
    return engine


def test_an_acceptance_ends_on_its_day():
    engine = accepted(AT + 30 * DAY)
    engine.tick(AT + 29 * DAY)
    assert told(engine) == [("opened", "a"), ("accepted", "a")]
    engine.tick(AT + 31 * DAY)
    assert told(engine)[2:] == [("expired", "a")]
    assert engine.news.changes[2].at == AT + 30 * DAY


def test_looks_in_between_do_not_put_the_day_off():
    engine = accepted(AT + 30 * DAY)
    engine.take(Sensor("a").beat(DAY))
    engine.tick(AT + 31 * DAY)
    assert told(engine)[2:] == [("expired", "a")]


def test_nor_does_a_restart():
    before = accepted(AT + 30 * DAY)
    engine = Engine(view_of([Sensor("a").beat(0)], KNOWN, now=DAY), list(before.detectors.values()))
    engine.restore(before.findings.values(), before.verdicts.values())
    engine.review_after_start()
    engine.tick(AT + 31 * DAY)
    assert told(engine) == [("expired", "a")]


def test_an_expired_acceptance_of_what_is_repaired_is_closed_at_once():
    outcome = [Outcome.VIOLATION]
    engine = engine_of(Rule(lambda view, subject: {"outcome": outcome[0]}))
    engine.take(Sensor("a").beat(0))
    [finding] = engine.findings.values()
    engine.act(Act(kind="accept", finding=finding.id, by="Lan", why="x", until=AT + DAY))
    outcome[0] = Outcome.CLEAR
    engine.tick(AT + DAY)
    engine.tick(AT + DAY + 2 * SECOND)
    assert [step for step, _ in told(engine)] == ["opened", "accepted", "expired", "resolved"]


def test_an_act_on_nothing_is_refused_with_a_sentence():
    with pytest.raises(ActRefusedError, match="không có phát hiện nào mang mã abc"):
        engine_of().act(Act(kind="close", finding="abc", by="Lan", why="x"))


# Two that were one


def proxied(box: Sensor, text=None):
    return box.service(AIRPLAY, 0, mac=PC, ip=IPS[PC], owner_ip=IPS[TV], text=text or OPEN)


def bound(box: Sensor):
    return [box(AddressSeen, n * MINUTE, mac=TV, ip=IPS[TV]) for n in (1, 2)]


def test_a_finding_moves_with_its_asset_and_keeps_its_id():
    engine, box = engine_of(OpenDisplay()), Sensor()
    engine.take(proxied(box))
    [finding] = engine.findings.values()
    lesser = finding.subject
    for fact in bound(box):
        engine.take(fact)
    [moved] = engine.findings.values()
    assert moved.id == finding.id
    assert moved.subject == Subject("asset", engine.view.by_mac[TV]) != lesser
    assert [step for step, _ in told(engine)] == ["opened"]
    assert engine.news.aliases == {lesser.id: moved.subject.id}
    assert ("VG-NET-02", lesser) in engine.news.unjudged
    assert set(engine.verdicts) == {("VG-NET-02", moved.subject)}
    assert engine.view.pinned == {moved.subject.id}


def test_a_moved_finding_keeps_its_id_when_it_comes_back():
    engine, box = engine_of(OpenDisplay()), Sensor()
    for fact in (proxied(box), *bound(box)):
        engine.take(fact)
    for minute, text in ((20, PIN), (40, OPEN)):
        engine.tick(AT + minute * MINUTE)
        engine.take(box.service(AIRPLAY, minute * MINUTE, text=text))
    assert [step for step, _ in told(engine)] == ["opened", "resolved", "reopened"]
    assert len({change.finding.id for change in engine.news.changes}) == 1


def test_where_both_have_one_the_lesser_is_closed_as_merged():
    engine, box = engine_of(OpenDisplay()), Sensor()
    engine.take(proxied(box))
    engine.take(box.service(CAST, 1, text={"ca": "5"}, ip=""))
    assert len(engine.findings) == 2
    for fact in bound(box):
        engine.take(fact)
    steps = told(engine)
    assert [step for step, _ in steps][:3] == ["opened", "opened", "resolved"]
    merged = next(change for change in engine.news.changes if change.step == "resolved")
    assert merged.cause.kind == "merged"
    assert merged.cause.why == engine.view.by_mac[TV]
    assert [change.finding.subject.id for change in engine.standing() if change.finding.state == "open"] == [engine.view.by_mac[TV]]


# Room


def test_the_verdicts_of_an_asset_that_made_room_go_too():
    engine, box = engine_of(OpenDisplay(), max_assets=1), Sensor()
    engine.take(box.service(AIRPLAY, 0, text=OPEN))
    [finding] = engine.findings.values()
    engine.act(Act(kind="close", finding=finding.id, by="Lan", why="x"))
    engine.take(box.service(CAST, 1, mac=PHONE, text={}))
    assert [key[1].id for key in engine.verdicts] == [engine.view.by_mac[PHONE]]
    assert engine.news.unjudged == [("VG-NET-02", finding.subject)]


def test_an_asset_with_a_finding_does_not_make_room():
    engine, box = engine_of(OpenDisplay(), max_assets=1), Sensor()
    engine.take(box.service(AIRPLAY, 0, text=OPEN))
    engine.take(box.service(CAST, 1, mac=PHONE, text={}))
    assert set(engine.view.by_mac) == {TV}
    assert engine.view.overflowed == 1


# Clocks


def test_a_clock_set_back_by_minutes_is_jitter():
    engine = engine_of(OpenDisplay())
    engine.tick(AT + HOUR)
    engine.tick(AT + 10 * MINUTE)
    assert (engine.view.epoch, engine.view.now) == (0, AT + HOUR)


def test_a_clock_set_back_begins_anew_and_no_finding_waits_for_the_future():
    engine, box = engine_of(OpenDisplay()), Sensor()
    engine.take(box.service(AIRPLAY, 0, text=PIN))
    engine.tick(AT - 900 * DAY)
    assert (engine.view.epoch, engine.view.now, engine.view.started) == (1, AT - 900 * DAY, AT - 900 * DAY)
    [finding] = engine.findings.values()
    assert finding.updated <= engine.view.now
    engine.take(box.service(CAST, -900 * DAY + HOUR, text={"ca": "5", "st": "1"}))
    engine.tick(AT - 900 * DAY + HOUR)
    assert [step for step, _ in told(engine)] == ["opened", "updated"]
    # And it ages by the new clock.
    engine.tick(AT - 898 * DAY)
    assert next(iter(engine.verdicts.values())).outcome is Outcome.UNKNOWN


# Postures


def test_a_posture_goes_out_on_change_and_once_a_day():
    outcome = [Outcome.CLEAR]
    engine = engine_of(Rule(lambda view, subject: {"outcome": outcome[0], "reason": Text("l", "w")}))
    box = Sensor("a")
    for hour in range(50):
        if hour == 30:
            outcome[0] = Outcome.UNKNOWN
        engine.tick(AT + hour * HOUR)
        engine.take(box.beat(hour * HOUR))
    at = [(posture.at - AT) // HOUR for posture in engine.news.postures]
    assert at == [0, 24, 30]
    assert [posture.verdict.outcome for posture in engine.news.postures] == [Outcome.CLEAR, Outcome.CLEAR, Outcome.UNKNOWN]


# What stands


def test_what_stands_comes_worst_first():
    severities = {"a": Severity.LOW, "b": Severity.CRITICAL, "c": Severity.MEDIUM}
    engine = engine_of(Rule(lambda view, subject: {"outcome": Outcome.VIOLATION, "severity": severities[subject.id]}))
    for name in severities:
        engine.take(Sensor(name).beat(0))
    assert [change.finding.subject.id for change in engine.standing()] == ["b", "c", "a"]


def test_changes_carry_the_addresses_of_their_time():
    engine, box = engine_of(OpenDisplay()), Sensor()
    engine.take(box.service(AIRPLAY, 0, text=OPEN))
    [change] = engine.news.changes
    assert (change.name, change.macs, change.ips) == ("TV", (TV,), (IPS[TV],))


def test_what_each_rule_costs_is_counted_whether_it_speaks_or_not():
    ticking = itertools.count()
    silent, other = Rule(lambda view, subject: None), Rule(id="VG-NET-98", kinds=("asset",))
    engine = Engine(SiteView(KNOWN, now=AT), [silent, other], lambda: next(ticking) / 4)
    box = Sensor("a")
    for beat in range(3):
        engine.take(box.beat(beat * HOUR))
    assert engine.judging == {"VG-NET-99": Judging(3, 0.75), "VG-NET-98": Judging(0, 0.0)}
    assert len(silent.asked) == 3


def test_a_rule_that_does_not_speak_leaves_everything_as_it_was():
    said = [{"outcome": Outcome.VIOLATION}]
    engine = engine_of(Rule(lambda view, subject: said[0]))
    box = Sensor("a")
    engine.take(box.beat(0))
    said[0] = None
    engine.take(box.beat(HOUR))
    assert told(engine) == [("opened", "a")]


def test_postures_of_before_a_restart_go_out_again_after_an_hour_and_not_at_once():
    facts = [Sensor().service(CAST, 0, mac=TV, text={"ca": "5"})]
    first, view = Engine(view_of([], KNOWN), [OpenDisplay()]), view_of(facts, KNOWN)
    for fact in facts:
        first.take(fact)
    view.now = AT + MINUTE
    again = Engine(view, [OpenDisplay()])
    again.restore(first.findings.values(), first.verdicts.values())
    again.review_after_start()
    assert again.taken_news().postures == []
    again.tick(AT + 2 * HOUR)
    again.review_after_start()
    assert [posture.verdict.detector for posture in again.taken_news().postures] == ["VG-NET-02"]
