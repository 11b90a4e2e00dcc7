"""VG-END-04: blank, never set, automatic, weak by policy, shared; kiosks, domains, and what only the facts script can tell."""

import pytest

from detectors.weak_logon import WeakLogon
from model.declared import Enrolled, Zone
from model.facts import AddressSeen
from model.posture.told import Accounts, AutoLogon, Interfaces, LogonPolicy, Machine
from model.times import DAY
from model.verdict import Grade, Severity, Urgency
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, PC, UNKNOWN, VIOLATION, Office, reads_well

MANUAL = AutoLogon()
STRONG = LogonPolicy(length=8, complexity=True, lockout=5, guest=False, clear_text=False, blank_limited=True, domain=False)
OWN = Accounts(enabled=2, blank=0, unset=0)
MAC = "10:b6:76:10:20:21"


def office(*told, rule=None, **more) -> Office:
    site = Office(rule or WeakLogon(), **more)
    site.says(*told)
    return site


def kiosk(role: str) -> Office:
    """A kiosk that logs on by itself and was heard in a zone of this role."""
    site = office(Interfaces(macs=(MAC,)), AutoLogon(on=True, stored=True), STRONG, OWN, use="kiosk", zones=(Zone(leg="lan", role=role),))
    for number in (1, 2):
        site.takes(AddressSeen(at=site.view.now, sensor="capture:lan", sequence=number, leg="lan", mac=MAC, ip="192.168.1.9", via="arp"))
    return site


def test_passwords_everywhere_and_a_good_policy_are_clear():
    verdict = office(MANUAL, STRONG, OWN).verdict()
    assert verdict.outcome is CLEAR
    reads_well(verdict)


@pytest.mark.parametrize(("counts", "grade", "what"), [({"blank": 2}, Grade.CONFIRMED, "blank"), ({"unset": 1}, Grade.LIKELY, "unset")])
def test_accounts_without_a_password_are_high(counts, grade, what):
    verdict = office(MANUAL, STRONG, Accounts(**{"enabled": 3, "blank": 0, "unset": 0, **counts})).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (VIOLATION, Severity.HIGH, grade, Urgency.TICKET)
    assert what in dict(verdict.state)
    assert verdict.title.vi == "Tài khoản trên máy không có mật khẩu"
    reads_well(verdict)


def test_automatic_logon_and_a_stored_password():
    alone = office(AutoLogon(on=True), STRONG, OWN).verdict()
    assert (alone.outcome, alone.severity, dict(alone.state)) == (VIOLATION, Severity.MEDIUM, {"automatic": "yes"})
    stored = office(AutoLogon(on=True, stored=True), STRONG, OWN).verdict()
    assert (stored.severity, dict(stored.state)) == (Severity.HIGH, {"automatic": "yes", "stored": "yes"})
    left = office(AutoLogon(on=False, stored=True), STRONG, OWN).verdict()
    assert (left.severity, dict(left.state)) == (Severity.HIGH, {"stored": "yes"})
    for verdict in (alone, stored, left):
        reads_well(verdict)


def test_a_kiosk_may_log_on_by_itself_among_citizens_alone():
    among = kiosk("citizen").verdict()
    assert among.outcome is CLEAR
    assert "được phép tự động đăng nhập" in among.summary.vi
    inside = kiosk("staff").verdict()
    assert (inside.outcome, "không ở mạng dành cho người dân" in inside.summary.vi) == (VIOLATION, True)
    reads_well(inside)
    nowhere = office(AutoLogon(on=True, stored=True), STRONG, OWN, use="kiosk").verdict()
    assert (nowhere.outcome, "chưa biết có ở mạng dành cho người dân không" in nowhere.summary.vi) == (UNKNOWN, True)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"length": 7}, "length"),
        ({"length": 0}, "length"),
        ({"complexity": False}, "complexity"),
        ({"lockout": 0}, "lockout"),
        ({"guest": True}, "guest"),
        ({"clear_text": True}, "clear_text"),
        ({"blank_limited": False}, "remote_blank"),
    ],
)
def test_a_weak_policy_is_told(changed, what):
    told = LogonPolicy(**{"length": 8, "complexity": True, "lockout": 5, "domain": False, **changed})
    verdict = office(MANUAL, told, OWN).verdict()
    assert (verdict.outcome, verdict.severity, list(dict(verdict.state))) == (VIOLATION, Severity.MEDIUM, [what])
    reads_well(verdict)


def test_the_least_length_is_an_option():
    assert office(MANUAL, STRONG, OWN, rule=WeakLogon(length=12)).outcome() is VIOLATION


def test_in_a_domain_the_local_policy_tells_nothing():
    told = LogonPolicy(length=0, complexity=False, lockout=0, domain=True)
    verdict = office(MANUAL, told, OWN).verdict()
    assert verdict.outcome is UNKNOWN
    assert "chính sách mật khẩu của miền" in verdict.summary.vi
    reads_well(verdict)
    assert office(AutoLogon(on=True), told, OWN).outcome() is VIOLATION


def test_a_policy_read_in_part_is_no_clear():
    assert office(MANUAL, LogonPolicy(length=12, domain=False), OWN).outcome() is UNKNOWN


def test_accounts_without_the_script_are_unknown():
    verdict = office(MANUAL, STRONG, Accounts(enabled=2)).verdict()
    assert verdict.outcome is UNKNOWN
    assert "cần tập lệnh kiểm tra" in verdict.summary.vi
    site = office(MANUAL, STRONG)
    site.fails(Accounts, "script")
    assert "chỉ tập lệnh kiểm tra (vg-facts) đọc được" in site.verdict().summary.vi


def test_general_names_are_a_guess_and_said_so():
    verdict = office(MANUAL, STRONG, Accounts(enabled=3, generic=2, blank=0, unset=0)).verdict()
    assert (verdict.outcome, verdict.grade, "suy đoán theo tên" in verdict.summary.vi) == (VIOLATION, Grade.INFERRED, True)
    reads_well(verdict)


@pytest.mark.parametrize(("people", "enabled", "outcome"), [(1, 1, CLEAR), (3, 1, VIOLATION), (3, 3, CLEAR)])
def test_one_account_for_several_declared_people(people, enabled, outcome):
    site = office(MANUAL, STRONG, Accounts(enabled=enabled, blank=0, unset=0), enrolled=(Enrolled(id=PC, people=people),))
    assert site.outcome() is outcome


def test_linux_is_no_matter_of_this_rule():
    assert office(Machine(platform="linux")).outcome() is NOT_APPLICABLE


def test_it_closes_by_fresh_answers_alone_and_survives_a_restart():
    site = office(AutoLogon(on=True), STRONG, OWN)
    assert site.steps() == ["opened:observed"]
    site.restarts()
    site.waits(3 * DAY)
    site.says(MANUAL)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(STRONG, OWN)
    assert site.steps() == ["resolved:observed"]


def test_a_declared_change_of_use_is_told_as_what_people_decided():
    site = kiosk("citizen")
    assert site.steps() == []
    site.declares(enrolled=(Enrolled(id=PC, use="office"),))
    assert [step for step in site.steps() if step.startswith("opened")] == ["opened:policy"]
