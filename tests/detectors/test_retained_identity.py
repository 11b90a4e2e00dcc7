"""VG-END-09: citizens' papers on a PC, by counts and ages, by what the PC is for, and under the law of the day."""

from datetime import date

import pytest

from detectors.retained_identity import RetainedIdentity
from model.posture.told import Documents, DocumentsAt
from model.times import DAY, day_of
from model.verdict import Grade, Severity, Subject, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, at, reads_well

TODAY = day_of(MONDAY)


def kept(days: int, place="zalo", count=3, today=TODAY) -> Documents:
    return Documents(places=(DocumentsAt(place=place, count=count, size=1_000_000, oldest=today - days, newest=today - min(days, 1)),))


def office(*told, **more) -> Office:
    site = Office(RetainedIdentity(), **more)
    site.says(*told)
    return site


def test_nothing_kept_is_clear():
    for told in (Documents(), kept(0), Documents(places=(DocumentsAt(place="desktop", count=0, size=0, oldest=0, newest=0),))):
        verdict = office(told).verdict()
        assert verdict.outcome is CLEAR
        reads_well(verdict)


def test_a_file_of_friday_is_one_working_day_old_on_monday():
    assert office(kept(3), use="counter").outcome() is CLEAR
    assert office(kept(4), use="counter").outcome() is VIOLATION
    site = Office(RetainedIdentity(), use="counter", holidays=(TODAY - 3,))
    site.says(kept(4))
    assert site.outcome() is CLEAR, "a holiday is no working day"


def test_an_office_keeps_a_week_and_a_pc_for_citizens_nothing_over_night():
    assert office(kept(7)).outcome() is CLEAR
    assert office(kept(12)).outcome() is VIOLATION
    assert office(kept(0), use="kiosk").outcome() is CLEAR
    verdict = office(kept(3), use="kiosk").verdict()
    assert verdict.outcome is VIOLATION
    assert "để lại từ hôm trước" in verdict.summary.vi
    assert "Xóa ngay giấy tờ người dân để lại" in verdict.remedy[0].vi
    reads_well(verdict)


def test_the_sentence_says_where_how_many_and_how_old_and_never_a_name():
    many = Documents(
        places=(
            DocumentsAt(place="zalo", count=120, size=9, oldest=TODAY - 400, newest=TODAY),
            DocumentsAt(place="desktop", count=2, size=9, oldest=TODAY - 30, newest=TODAY - 20),
            DocumentsAt(place="downloads", count=7, size=9, oldest=TODAY - 20, newest=TODAY - 20),
            DocumentsAt(place="scanner", count=1, size=9, oldest=TODAY - 1, newest=TODAY - 1),
        )
    )
    verdict = office(many).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency, verdict.grade) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT, Grade.LIKELY)
    assert "thư mục nhận tệp của Zalo: 120 tệp, cũ nhất 400 ngày; màn hình nền (Desktop): 2 tệp, cũ nhất 30 ngày; còn 1 chỗ khác" in verdict.summary.vi
    assert "máy quét" not in verdict.summary.vi
    assert dict(verdict.state) == {"documents": "desktop,downloads,zalo"}
    assert "quá 7 ngày làm việc được phép" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize(
    ("day", "law"),
    [("2025-12-31 10:00", "Nghị định 13/2023/NĐ-CP"), ("2026-01-01 10:00", "Nghị định 356/2025/NĐ-CP"), ("2026-06-22 08:00", "Luật Bảo vệ dữ liệu cá nhân")],
)
def test_the_law_is_that_of_the_day(day, law):
    now = at(day)
    site = Office(RetainedIdentity(), now=now)
    site.says(kept(60, today=day_of(now)))
    assert law in site.verdict().summary.vi


def test_the_options_move_the_bar():
    site = Office(RetainedIdentity(office_days=30))
    site.says(kept(20))
    assert site.outcome() is CLEAR


@pytest.mark.parametrize("oldest", [(date(1980, 1, 1) - date(1970, 1, 1)).days, 0, TODAY + 400])
def test_days_that_cannot_be_true_are_neither_old_nor_clean(oldest):
    verdict = office(Documents(places=(DocumentsAt(place="downloads", count=5, size=1, oldest=oldest, newest=max(oldest, TODAY)),))).verdict()
    assert verdict.outcome is UNKNOWN
    assert "ngày tháng của tệp không đúng" in verdict.summary.vi
    reads_well(verdict)


def test_an_answer_of_friday_is_judged_by_friday():
    site = Office(RetainedIdentity(), use="counter")
    site.says(kept(1, today=TODAY - 3), ago=3 * DAY - 1)
    assert site.outcome() is CLEAR
    assert site.verdict().evidence[0].value == "documents osquery fresh"


def test_never_asked_failed_and_not_for_this_pc():
    site = Office(RetainedIdentity())
    site.checks_in()
    assert site.outcome() is UNKNOWN
    site.fails(Documents, "denied")
    assert "tự chặn câu hỏi" in site.verdict().summary.vi
    site.fails(Documents, "absent")
    assert site.outcome() is NOT_APPLICABLE
    assert site.rule.judge(site.view, Subject("asset", "nobody")) is None


def test_the_life_of_a_finding():
    site = office(kept(30))
    assert site.steps() == ["opened:observed"]
    site.restarts()
    assert (site.outcome(), site.steps()) == (VIOLATION, [])
    site.waits(DAY)
    site.says(kept(31, today=TODAY + 1))
    assert site.steps() == [], "one day older is no change to tell"
    site.waits(3 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(Documents())
    assert site.steps() == ["resolved:observed"]


def test_what_was_carried_here_is_low_and_after_a_month_nothing():
    site = Office(RetainedIdentity())
    site.says(kept(60, today=TODAY - 10), source="script", ago=10 * DAY)
    assert (site.outcome(), site.verdict().severity) == (VIOLATION, Severity.LOW)
    site.waits(21 * DAY)
    assert site.outcome() is UNKNOWN
