"""Days as officers count them: by the clock of Viet Nam, Monday to Friday."""

from model.listening import days_heard, hear
from model.rows import Leg, Sighting
from model.times import DAY, HOUR, MINUTE, SECOND, day_of, local, working_days

# Tuesday 15/07/2025 08:00 in Viet Nam.
TUESDAY = 1_752_541_200 * SECOND
MIDNIGHT = TUESDAY - 8 * HOUR


def test_a_day_changes_at_midnight_in_viet_nam():
    assert day_of(MIDNIGHT) == day_of(TUESDAY) == day_of(MIDNIGHT - 1) + 1


def test_only_whole_working_days_between_the_two_instants():
    days = list(working_days(TUESDAY, TUESDAY + 7 * DAY))
    assert [local(start)[:10] for start, _ in days] == ["16/07/2025", "17/07/2025", "18/07/2025", "21/07/2025"]
    assert all(end - start == DAY and local(start).endswith("00:00:00") for start, end in days)


def test_a_day_from_midnight_to_midnight_is_whole():
    assert list(working_days(MIDNIGHT, MIDNIGHT + DAY)) == [(MIDNIGHT, MIDNIGHT + DAY)]
    assert list(working_days(MIDNIGHT + 1, MIDNIGHT + DAY)) == []


def test_nobody_counts_back_for_years():
    assert len(list(working_days(0, TUESDAY))) < 31


def test_a_working_day_counts_when_half_of_one_was_listened_to():
    leg = Leg(name="lan", seen=Sighting(TUESDAY, TUESDAY))
    for minute in range(24 * 60 + 4 * 60):
        hear(leg, TUESDAY + minute * MINUTE)
    hear(leg, TUESDAY + 3 * DAY)
    assert days_heard(leg, MIDNIGHT, TUESDAY + 3 * DAY) == 2


def test_a_holiday_is_no_working_day():
    thursday = day_of(TUESDAY) + 2
    days = [day_of(start) for start, _ in working_days(TUESDAY, TUESDAY + 7 * DAY, (thursday,))]
    assert thursday not in days
    assert len(days) == 3
    leg = Leg(name="lan", seen=Sighting(MIDNIGHT, TUESDAY + 7 * DAY))
    assert days_heard(leg, TUESDAY, TUESDAY + 7 * DAY) == days_heard(leg, TUESDAY, TUESDAY + 7 * DAY, holidays=(thursday,)) + 1
