"""VG-END-10: off by profile, open rules, another maker's firewall, and what is not known."""

import pytest

from detectors.host_firewall import HostFirewall
from model.posture.told import Firewall, FirewallHoles, Machine
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Severity, Urgency
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, reads_well

ON = Firewall(domain=True, private=True, public=True, center=True)
NO_HOLES = FirewallHoles()


def office(*told, **more) -> Office:
    site = Office(HostFirewall(), **more)
    site.says(*told)
    return site


def test_on_everywhere_is_clear_and_says_what_was_looked_at():
    verdict = office(ON, NO_HOLES).verdict()
    assert verdict.outcome is CLEAR
    assert "tường lửa bật ở cả ba loại mạng" in verdict.summary.vi
    assert "Máy trả lời lúc 08:00 ngày 22/06" in verdict.summary.vi
    assert {piece.kind for piece in verdict.evidence} == {"age"}
    reads_well(verdict)


@pytest.mark.parametrize(
    ("told", "severity", "off"),
    [
        (Firewall(domain=True, private=True, public=False, center=False), Severity.HIGH, "public"),
        (Firewall(domain=False, private=False, public=False, center=False), Severity.HIGH, "public,private,domain"),
        (Firewall(domain=True, private=False, public=True, center=False), Severity.MEDIUM, "private"),
        (Firewall(domain=False, private=True, public=True, center=False), Severity.MEDIUM, "domain"),
    ],
)
def test_off_is_a_violation_high_on_public_networks(told, severity, off):
    verdict = office(told, NO_HOLES).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade) == (VIOLATION, severity, Grade.CONFIRMED)
    assert verdict.urgency is (Urgency.TICKET if severity is Severity.HIGH else Urgency.REPORT)
    assert dict(verdict.state) == {"off": off}
    assert "Firewall & network protection" in verdict.remedy[0].vi
    reads_well(verdict)


def test_another_makers_firewall_that_windows_vouches_for_is_good():
    site = office(Firewall(domain=False, private=False, public=False, center=True), FirewallHoles(open=9, public=9))
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    assert "hãng khác" in verdict.summary.vi
    reads_well(verdict)


def test_off_and_no_word_of_another_firewall_is_told_as_likely():
    verdict = office(Firewall(domain=True, private=True, public=False), NO_HOLES).verdict()
    assert (verdict.outcome, verdict.grade) == (VIOLATION, Grade.LIKELY)
    assert "không biết có tường lửa của hãng khác" in verdict.summary.vi


def test_on_in_the_settings_and_not_at_work():
    verdict = office(Firewall(domain=True, private=True, public=True, center=False), NO_HOLES).verdict()
    assert (verdict.outcome, dict(verdict.state), verdict.grade) == (VIOLATION, {"working": "no"}, Grade.LIKELY)
    assert "services.msc" in verdict.remedy[0].vi
    reads_well(verdict)


def test_a_server_has_no_security_center_and_is_judged_by_its_profiles():
    site = office(Machine(platform="windows", server=True), Firewall(domain=True, private=True, public=True), NO_HOLES, use="server")
    assert site.outcome() is CLEAR


def test_rules_that_let_any_port_in():
    verdict = office(ON, FirewallHoles(open=3, public=1)).verdict()
    assert (verdict.outcome, verdict.severity, dict(verdict.state)) == (VIOLATION, Severity.MEDIUM, {"holes": "3"})
    assert "3 quy tắc cho phép kết nối vào mọi cổng, 1 quy tắc có hiệu lực ở mạng công cộng" in verdict.summary.vi
    reads_well(verdict)
    site = Office(HostFirewall(holes=3))
    site.says(ON, FirewallHoles(open=3, public=1))
    assert site.outcome() is CLEAR


def test_a_profile_that_was_not_told_is_unknown_never_clear():
    verdict = office(Firewall(domain=True, private=True, center=True), NO_HOLES).verdict()
    assert verdict.outcome is UNKNOWN
    assert "mạng công cộng" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize(("trouble", "said"), [("failed", "trả lời lỗi"), ("denied", "tự chặn câu hỏi"), ("refused", "không đúng mẫu")])
def test_a_question_without_an_answer_is_unknown_and_says_why(trouble, said):
    site = office(NO_HOLES)
    assert "chưa đọc được lần nào" in site.verdict().summary.vi
    site.fails(Firewall, trouble)
    verdict = site.verdict()
    assert verdict.outcome is UNKNOWN
    assert said in verdict.summary.vi
    reads_well(verdict)


def test_half_an_answer_is_enough_to_open_and_not_to_clear():
    assert office(ON).outcome() is UNKNOWN
    assert office(Firewall(public=False, private=True, domain=True, center=False)).outcome() is VIOLATION


def test_a_question_that_is_not_for_this_pc_does_not_apply():
    site = office(Machine(platform="linux"))
    site.fails(Firewall, "absent")
    site.fails(FirewallHoles, "absent")
    assert site.outcome() is NOT_APPLICABLE


def test_what_is_no_enrolled_pc_is_no_subject():
    site = office(ON)
    assert [subject.id for subject in site.rule.subjects(site.view)] == [site.asset]
    from model.verdict import Subject

    assert site.rule.judge(site.view, Subject("asset", "nobody")) is None


def test_an_answer_of_last_week_is_unknown_and_one_carried_here_is_low():
    off = Firewall(domain=True, private=True, public=False, center=False)
    site = office(off, NO_HOLES)
    site.waits(3 * DAY)
    assert site.outcome() is UNKNOWN
    carried = Office(HostFirewall())
    carried.says(off, NO_HOLES, source="portable", ago=5 * DAY)
    verdict = carried.verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.LOW, Urgency.REPORT)
    assert "từ đó có thể đã khác" in verdict.summary.vi


def test_the_life_of_a_finding():
    site = office(Firewall(domain=True, private=True, public=False, center=False), NO_HOLES)
    assert site.steps() == ["opened:observed"]
    site.restarts()
    assert (site.outcome(), site.steps()) == (VIOLATION, [])
    site.waits(4 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, []), "a silent PC resolves nothing"
    site.says(ON, NO_HOLES)
    assert site.steps() == ["resolved:observed"]
    site.waits(HOUR)
    site.says(Firewall(domain=True, private=True, public=False, center=False))
    assert site.steps() == ["reopened:observed"]


def test_another_profile_is_a_change_that_is_told():
    site = office(Firewall(domain=True, private=False, public=True, center=False), NO_HOLES)
    site.steps()
    site.waits(11 * MINUTE)
    site.says(Firewall(domain=True, private=False, public=False, center=False))
    assert site.steps() == ["updated:observed"]
    assert site.state() == {"off": "public,private"}
