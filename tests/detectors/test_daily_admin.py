"""VG-END-07: whose account is worked in day by day; holidays, exemptions, technicians, and how much must be known."""

import itertools

import pytest

from detectors.daily_admin import DailyAdmin
from model.declared import Enrolled
from model.endpointfacts import PcAnswered
from model.posture.told import Interfaces, Machine, Working
from model.times import DAY, HOUR, day_of
from model.verdict import Severity, Subject, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, PC, UNKNOWN, VIOLATION, Office, at, reads_well

FRIDAY = at("2026-06-26 10:00")
ADMIN, OFFICER = Working(active=True, user="a" * 16, admin=True), Working(active=True, user="b" * 16)
BUILTIN = Working(active=True, user="c" * 16, admin=True, builtin=True)
_numbers = itertools.count(1_000_000)


def worked(site: Office, *days: Working | None, pc: str = PC) -> Office:
    """What was told on each of the days up to now, one a day; None: nothing."""
    for ago, told in zip(range(len(days) - 1, -1, -1), days, strict=True):
        if told is not None:
            site.says(told, ago=ago * DAY, pc=pc)
    return site


def office(*days: Working | None, now=FRIDAY, **more) -> Office:
    return worked(Office(DailyAdmin(), now=now, **more), *days)


def counts(site: Office) -> str:
    return next(piece.value for piece in site.verdict().evidence if piece.kind == "count")


def test_three_of_five_days_as_administrator_is_daily_work():
    verdict = office(OFFICER, ADMIN, ADMIN, OFFICER, ADMIN).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT)
    assert "một tài khoản quản trị được dùng làm việc 3 trong 5 ngày làm việc gần nhất" in verdict.summary.vi
    assert "known 5/5, administrator 3, built-in 0" in {piece.value for piece in verdict.evidence}
    reads_well(verdict)


def test_two_of_five_days_is_clear():
    verdict = office(OFFICER, ADMIN, OFFICER, OFFICER, ADMIN).verdict()
    assert verdict.outcome is CLEAR
    reads_well(verdict)


def test_technicians_who_each_came_once_work_nowhere_daily():
    others = [Working(active=True, user=letter * 16, admin=True) for letter in "def"]
    site = office(OFFICER, OFFICER, *others)
    for ago in (2, 1, 0):
        site.says(OFFICER, ago=ago * DAY + HOUR)
    assert site.outcome() is CLEAR


@pytest.mark.parametrize(("days", "count"), [((ADMIN,), 1), ((ADMIN, None, ADMIN), 2), ((None, None, OFFICER, None, OFFICER), 2)])
def test_too_few_days_are_unknown_with_their_count(days, count):
    verdict = office(*days).verdict()
    assert verdict.outcome is UNKNOWN
    assert f"{count} trong 5 ngày làm việc gần nhất" in verdict.summary.vi
    reads_well(verdict)


def test_three_known_days_without_an_administrator_are_enough():
    assert office(None, None, OFFICER, OFFICER, OFFICER).outcome() is CLEAR


def test_a_pc_at_which_nobody_sat_tells_nothing():
    site = office(Working(active=False))
    assert site.outcome() is UNKNOWN
    assert "0 trong 5" in site.verdict().summary.vi


def test_weekends_and_holidays_are_no_working_days():
    # A Thursday, the Friday and Saturday after it, and the Wednesday of the next week.
    days = (ADMIN, ADMIN, ADMIN, None, None, None, ADMIN)
    now = at("2026-06-24 10:00")
    assert counts(office(*days, now=now)) == "known 3/5, administrator 3, built-in 0"
    assert office(*days, now=now).outcome() is VIOLATION
    full = [OFFICER if day is None else day for day in days]
    assert counts(office(*full, now=now)) == "known 5/5, administrator 3, built-in 0"
    tuesday = day_of(at("2026-06-23 10:00"))
    assert counts(office(*full, now=now, holidays=(tuesday,))) == "known 4/5, administrator 3, built-in 0"


def test_work_of_last_month_says_nothing_of_this_week():
    site = office(ADMIN, ADMIN, ADMIN, ADMIN, ADMIN, now=MONDAY)
    site.waits(30 * DAY)
    site.says(OFFICER)
    assert site.outcome() is UNKNOWN
    assert "1 trong 5" in site.verdict().summary.vi


def test_the_built_in_administrator_is_high_and_no_exemption_covers_it():
    verdict = office(BUILTIN).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.HIGH, Urgency.TICKET)
    assert "tài khoản Administrator có sẵn" in verdict.summary.vi
    reads_well(verdict)
    exempt = office(BUILTIN, enrolled=(Enrolled(id=PC, owner="Lan", why="Phần mềm cũ", admins=FRIDAY + 30 * DAY),))
    assert exempt.outcome() is VIOLATION
    tolerant = worked(Office(DailyAdmin(builtin_days=3), now=FRIDAY), OFFICER, OFFICER, OFFICER, BUILTIN, BUILTIN)
    assert tolerant.outcome() is CLEAR


def test_an_exemption_holds_to_its_last_day():
    until = at("2026-06-28 00:00")
    site = office(*[ADMIN] * 5, enrolled=(Enrolled(id=PC, name="Máy quầy 1", owner="Lê Văn Mẫu", why="Phần mềm cũ", admins=until),))
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    assert "được dùng tài khoản quản trị đến 27/06/2026 (Phần mềm cũ; Lê Văn Mẫu chịu trách nhiệm)" in verdict.summary.vi
    assert verdict.recheck_at == until
    reads_well(verdict)
    assert site.steps() == []
    site.waits(2 * DAY)
    assert site.steps() == ["opened:observed"]
    verdict = site.verdict()
    assert "phép dùng quyền quản trị đã hết hạn 27/06/2026" in verdict.summary.vi
    reads_well(verdict)


def test_an_exemption_that_is_declared_closes_as_that_persons_doing():
    site = office(*[ADMIN] * 5)
    assert site.steps()[-1] == "opened:observed"
    site.declares(by="Lan", enrolled=(Enrolled(id=PC, owner="Lan", why="Phần mềm cũ", admins=FRIDAY + DAY),))
    assert site.steps() == ["resolved:policy"]


@pytest.mark.parametrize("use", ["admin", "server"])
def test_administrators_pcs_and_servers_are_not_asked(use):
    verdict = office(*[ADMIN] * 5, use=use).verdict()
    assert verdict.outcome is NOT_APPLICABLE
    reads_well(verdict)


def test_a_look_up_pc_is_asked():
    assert office(*[ADMIN] * 5, use="kiosk").outcome() is VIOLATION


def test_days_told_under_an_old_certificate_count():
    site = Office(DailyAdmin(), now=FRIDAY)
    board, card = Machine(platform="windows", board="d" * 16), Interfaces(macs=("10:b6:76:10:20:21",))
    site.says(board, card, pc=PC)
    site.says(board, card, pc="pc-cu")
    worked(site, ADMIN, ADMIN, None, None, None, pc="pc-cu")
    worked(site, ADMIN)
    assert site.state() == {"account": "administrator"}


def test_a_silent_pc_is_unknown_and_what_is_no_pc_no_subject():
    site = office(*[ADMIN] * 5)
    site.steps()
    site.waits(4 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    assert site.rule.judge(site.view, Subject("asset", "nobody")) is None
    never = Office(DailyAdmin())
    never.checks_in()
    assert never.outcome() is UNKNOWN


def test_the_life_of_a_finding():
    site = office(*[ADMIN] * 5)
    assert site.steps()[-1] == "opened:observed"
    site.restarts()
    assert (site.outcome(), site.steps()) == (VIOLATION, [])
    told = []
    for _ in range(5):
        site.waits(DAY)
        site.says(OFFICER)
        told += site.steps()
    assert told == ["resolved:observed"]


def test_any_order_of_the_days_gives_the_same():
    days = [(OFFICER, 4), (ADMIN, 3), (ADMIN, 2), (ADMIN, 1), (BUILTIN, 0)]

    def judged(order):
        site = Office(DailyAdmin(), now=FRIDAY)
        for told, ago in order:
            when = FRIDAY - ago * DAY
            site.takes(PcAnswered(at=when, sensor="endpoints", sequence=next(_numbers), pc=PC, topic="working", answered=when, told=told))
        return site.verdict()

    assert len({judged(order) for order in itertools.permutations(days)}) == 1
