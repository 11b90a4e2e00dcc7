"""When nobody listened: the time between heartbeats that lie far apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.facts import SensorHeard
from model.listening import LISTENING_GAP, hear, listened
from model.rows import MAX_BLIND, Leg, Sighting
from model.times import HOUR, MINUTE
from tests.model.making import AT, LEG, SENSOR, Sensor, declared, view_of


def leg(*minutes: int) -> Leg:
    made = Leg(name=LEG, seen=Sighting(minutes[0] * MINUTE, minutes[0] * MINUTE))
    for minute in minutes:
        hear(made, minute * MINUTE)
    return made


def test_heartbeats_close_together_leave_nothing_blind():
    assert leg(0, 1, 2, 3).blind == []
    assert listened(leg(0, 1, 2, 3), 0, 4 * MINUTE) == 4 * MINUTE


def test_a_silence_is_blind_and_not_counted():
    row = leg(0, 1, 31, 32)
    assert row.blind == [(MINUTE, 31 * MINUTE)]
    assert listened(row, 0, 32 * MINUTE) == 2 * MINUTE
    assert listened(row, 20 * MINUTE, 32 * MINUTE) == MINUTE


def test_a_leg_gone_silent_is_listened_to_until_its_last_heartbeat():
    row = leg(0, 1)
    assert listened(row, 0, MINUTE + LISTENING_GAP) == MINUTE + LISTENING_GAP
    assert listened(row, 0, HOUR) == MINUTE


def test_nothing_is_counted_before_the_first_heartbeat():
    assert listened(leg(10, 11, 12), 0, 12 * MINUTE) == 2 * MINUTE


def test_a_late_heartbeat_splits_the_blind_span():
    row = leg(0, 31)
    hear(row, 10 * MINUTE)
    assert row.blind == [(0, 10 * MINUTE), (10 * MINUTE, 31 * MINUTE)]
    hear(row, 2 * MINUTE)
    assert row.blind == [(2 * MINUTE, 10 * MINUTE), (10 * MINUTE, 31 * MINUTE)]


@given(st.lists(st.integers(0, 600), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_blind_is_what_lies_between_far_heartbeats_in_any_order(minutes, random):
    shuffled = minutes[:]
    random.shuffle(shuffled)
    row = leg(*shuffled)
    beats = sorted(minute * MINUTE for minute in minutes)
    wide = [(one, other) for one, other in pairwise(beats) if other - one > LISTENING_GAP]
    assert row.blind == wide
    assert (row.seen.first, row.seen.last) == (beats[0], beats[-1])


def test_too_many_blind_spans_become_wider_never_fewer_hours():
    beats = [10 * n for n in range(2 * MAX_BLIND)]
    row = leg(*beats)
    assert len(row.blind) == MAX_BLIND
    assert listened(row, 0, beats[-1] * MINUTE) == 0
    assert row.blind[0][0] == 0


def test_rare_heartbeats_count_as_listening_where_rare_ones_are_expected():
    box = Sensor()
    beats = [box.beat(n * 5 * MINUTE) for n in range(5)]
    assert view_of(beats, now=20 * MINUTE).listened(LEG, AT) == 0
    rare = declared(sensors=(SENSOR,), heartbeat=5 * MINUTE)
    assert view_of(beats, rare, now=20 * MINUTE).listened(LEG, AT) == 20 * MINUTE


@pytest.mark.parametrize("state", ["waiting", "failed", "stopped"])
def test_a_deaf_sensor_does_not_listen(state):
    box = Sensor()
    view = view_of([box.beat(0), *(box(SensorHeard, n * MINUTE, state=state) for n in range(1, 60))], now=HOUR)
    assert view.listened(LEG, AT) == 0
