"""VG-END-03: counts of saved log-ins, government hosts first, sync, policy, and what could not be counted."""

import pytest

from detectors.saved_password import SavedPassword
from model.posture.told import AccountsIn, BrowserAccounts, BrowserPolicy, BrowserRule, Machine, SavedIn, SavedPasswords
from model.times import DAY
from model.verdict import Grade, Severity, Urgency
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, at, reads_well

NOTHING = SavedPasswords(browsers=(SavedIn(browser="chrome"), SavedIn(browser="coccoc")))
FORBIDDEN = BrowserPolicy(browsers=(BrowserRule(browser="chrome", saving=False, syncing=False), BrowserRule(browser="coccoc", saving=False, syncing=False)))


def saved(**more):
    return SavedPasswords(browsers=(SavedIn(**{"browser": "coccoc", **more}),))


def office(*told, **more) -> Office:
    site = Office(SavedPassword(), **more)
    site.says(*told)
    return site


def test_nothing_saved_and_policy_against_it_is_clear():
    verdict = office(NOTHING, FORBIDDEN).verdict()
    assert verdict.outcome is CLEAR
    assert "không trình duyệt nào lưu mật khẩu" in verdict.summary.vi
    reads_well(verdict)


def test_passwords_of_government_systems_are_told_first():
    verdict = office(saved(government=3, others=12), FORBIDDEN).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT)
    assert verdict.title.vi == "Mật khẩu hệ thống của nhà nước lưu trên trình duyệt"
    assert verdict.summary.vi.startswith("“Máy quầy 1”: 3 mật khẩu hệ thống nhà nước lưu trên Cốc Cốc; 12 mật khẩu trang khác")
    assert dict(verdict.state) == {"government": "2-9", "others": "10-49"}
    reads_well(verdict)


def test_other_passwords_alone_are_told_under_the_rules_own_title():
    verdict = office(saved(others=1), FORBIDDEN).verdict()
    assert (verdict.title, dict(verdict.state)) == (SavedPassword.about.title, {"others": "1"})


def test_one_more_saved_password_is_no_news():
    site = office(saved(others=12), FORBIDDEN)
    site.steps()
    site.waits(DAY)
    site.says(saved(others=13), FORBIDDEN)
    assert site.steps() == []


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ({"saving": None, "syncing": None}, "chrome"),
        ({"saving": True, "syncing": False}, "chrome"),
        ({"saving": False, "syncing": None}, "chrome"),
    ],
)
def test_a_policy_that_is_absent_or_permits_is_told(rule, state):
    policy = BrowserPolicy(browsers=(BrowserRule(browser="chrome", **rule), BrowserRule(browser="edge", saving=False, syncing=False)))
    verdict = office(NOTHING, policy).verdict()
    assert (verdict.outcome, dict(verdict.state)) == (VIOLATION, {"policy": state})
    assert "Chrome" in verdict.summary.vi
    reads_well(verdict)


def test_accounts_from_outside_and_synced_passwords():
    accounts = BrowserAccounts(browsers=(AccountsIn(browser="chrome", outside=1), AccountsIn(browser="edge", inside=1)))
    verdict = office(saved(synced=4), FORBIDDEN, accounts).verdict()
    assert dict(verdict.state) == {"synced": "yes", "accounts": "1"}
    assert "Chrome đăng nhập 1 tài khoản ngoài cơ quan" in verdict.summary.vi
    assert "Edge" not in verdict.summary.vi
    assert office(NOTHING, FORBIDDEN, BrowserAccounts(browsers=(AccountsIn(browser="edge", inside=1),))).outcome() is CLEAR


def test_firefox_by_the_size_of_its_store_is_likely():
    verdict = office(SavedPasswords(unread=("firefox",)), FORBIDDEN).verdict()
    assert (verdict.outcome, verdict.grade) == (VIOLATION, Grade.LIKELY)
    reads_well(verdict)


def test_another_browsers_store_that_cannot_be_counted_is_unknown():
    verdict = office(SavedPasswords(unread=("edge",)), FORBIDDEN).verdict()
    assert verdict.outcome is UNKNOWN
    assert "Chưa đếm được mật khẩu lưu trên Edge" in verdict.summary.vi
    reads_well(verdict)


def test_counts_without_the_policy_are_no_clear():
    verdict = office(NOTHING).verdict()
    assert verdict.outcome is UNKNOWN
    assert "Chính sách trình duyệt: chưa đọc được lần nào" in verdict.summary.vi


def test_a_pc_without_a_browser_is_clear():
    assert office(SavedPasswords(), BrowserPolicy()).outcome() is CLEAR


@pytest.mark.parametrize(("day", "law"), [("2025-12-30 09:00", "13/2023"), ("2026-01-05 09:00", "91/2025/QH15")])
def test_the_law_of_the_day_is_cited(day, law):
    verdict = office(saved(government=1), BrowserPolicy(), now=at(day)).verdict()
    assert any(law in step.vi for step in verdict.remedy)


def test_what_was_read_last_year_cites_the_law_of_then():
    site = Office(SavedPassword(), now=at("2026-01-05 09:00"))
    site.says(saved(government=1), source="script", ago=10 * DAY)
    assert any("13/2023" in step.vi for step in site.verdict().remedy)


def test_linux_is_no_matter_of_this_rule():
    assert office(Machine(platform="linux")).outcome() is NOT_APPLICABLE


def test_it_closes_by_a_fresh_answer_alone_and_survives_a_restart():
    site = office(saved(government=1), FORBIDDEN)
    assert site.steps() == ["opened:observed"]
    site.restarts()
    site.waits(3 * DAY)
    site.says(FORBIDDEN)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(NOTHING)
    assert site.steps() == ["resolved:observed"]
