"""VG-COV-01 on enrolled PCs: never heard, silent, at work and mute, revoked, copied; and what looks like it and is not."""

import pytest

from detectors.coverage import Coverage
from model.declared import Enrolled, ExpectedSensor, Revoked, Zone
from model.endpointfacts import PcHeard
from model.facts import AddressSeen, DhcpClientSeen, SensorHeard
from model.posture.told import Interfaces, Machine
from model.times import DAY, HOUR, MINUTE, day_of
from model.verdict import Severity, Subject, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, PC, UNKNOWN, VIOLATION, Office, at, reads_well

MAC, OTHER = "10:b6:76:10:20:21", "10:b6:76:10:20:22"
BOARD = "b" * 16
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)}


def office(receiver=True, **more) -> Office:
    """A Monday morning; the box has received PCs since a week before."""
    more.setdefault("zones", (Zone(leg="lan", role="staff"),))
    site = Office(Coverage(), **more)
    if receiver:
        site.view.now = MONDAY - 7 * DAY
        listens(site, 7 * DAY)
        site.engine.taken_news()
    return site


def listens(site: Office, span: int, sensor="endpoints", leg="endpoints") -> None:
    """Time goes by with the box heard each minute of it."""
    began = site.view.now
    for minute in range(span // MINUTE + 1):
        site.takes(SensorHeard(at=began + minute * MINUTE, sensor=sensor, sequence=minute, leg=leg))
    site.waits(span)


def works(site: Office, mac=MAC, **said) -> str:
    site.takes(
        DhcpClientSeen(at=site.view.now, sensor="capture:lan", sequence=1, leg="lan", mac=mac, message="request", host_name="PC-QUAY1", **{**WINDOWS, **said})
    )
    return site.view.by_mac[mac]


def awaited(site: Office, pc=PC) -> Subject:
    return Subject("asset", site.view.asset_id("pc:" + pc))


def of(site: Office, subject: Subject):
    verdict = site.rule.judge(site.view, subject)
    assert verdict is not None
    return verdict


# Never heard


def test_an_enrolled_pc_that_never_reported_is_told_after_five_working_days():
    site = office(receiver=False)
    listens(site, 4 * DAY)
    assert of(site, awaited(site)).outcome is UNKNOWN
    listens(site, 4 * DAY)
    verdict = of(site, awaited(site))
    assert (verdict.outcome, verdict.severity, verdict.urgency, dict(verdict.state)) == (VIOLATION, Severity.MEDIUM, Urgency.TICKET, {"pc": "never"})
    assert verdict.title.vi == "Máy tính “Máy quầy 1” trong danh sách chưa từng báo cáo về SOC"
    reads_well(verdict)


def test_it_opens_by_itself_and_the_first_word_closes_it():
    site = office(receiver=False)
    site.engine.review_after_start()
    listens(site, 8 * DAY)
    assert site.steps() == ["opened:observed"]
    site.restarts()
    assert site.steps() == []
    site.checks_in()
    assert site.steps() == ["resolved:observed"]
    assert site.outcome() is CLEAR


def test_days_on_which_the_box_itself_was_off_do_not_count():
    site = office(receiver=False)
    listens(site, HOUR)
    site.waits(20 * DAY)
    listens(site, HOUR)
    assert of(site, awaited(site)).outcome is UNKNOWN


def test_one_that_is_to_report_only_from_a_day_on_is_not_missed_before():
    site = office(enrolled=(Enrolled(id=PC, since=MONDAY),))
    assert of(site, awaited(site)).outcome is UNKNOWN
    listens(site, 8 * DAY)
    assert of(site, awaited(site)).outcome is VIOLATION


def test_without_a_receiver_nobody_is_called_silent_and_the_box_says_so():
    site = office(receiver=False)
    for subject in (awaited(site), Subject("sensor", "endpoints")):
        verdict = of(site, subject)
        assert verdict.outcome is UNKNOWN
        assert "chưa bật bộ thu máy tính" in verdict.summary.vi
        assert subject in set(site.rule.subjects(site.view))
        reads_well(verdict)
    assert of(office(enrolled=()), Subject("sensor", "endpoints")).outcome is NOT_APPLICABLE


def test_a_receiver_that_is_expected_and_silent_is_told_by_its_name():
    site = office(receiver=False, sensors=(ExpectedSensor(sensor="endpoints", leg="endpoints", heartbeat=MINUTE, since=0),))
    site.waits(5 * MINUTE)
    verdict = of(site, Subject("sensor", "endpoints"))
    assert (verdict.outcome, verdict.title.vi) == (VIOLATION, "Không còn nghe thấy bộ thu máy tính")
    assert "mù: 2, 3, 5" in verdict.summary.vi


# Silent


def test_a_pc_that_reports_is_clear():
    site = office()
    site.checks_in()
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    assert "“Máy quầy 1” báo cáo về SOC, lần cuối lúc 08:00 ngày 22/06" in verdict.summary.vi
    reads_well(verdict)


def test_five_working_days_of_silence_open_and_the_next_word_closes():
    site = office()
    site.checks_in()
    listens(site, 7 * DAY)
    assert site.outcome() is CLEAR, "Tuesday to Friday and a weekend"
    listens(site, DAY)
    verdict = site.verdict()
    assert (verdict.outcome, dict(verdict.state), site.steps()) == (VIOLATION, {"pc": "silent"}, ["opened:observed"])
    assert "Lần báo cáo cuối lúc 08:00 ngày 22/06" in verdict.summary.vi
    assert "osqueryd" in verdict.remedy[0].vi
    reads_well(verdict)
    site.restarts()
    assert (site.outcome(), site.steps()) == (VIOLATION, [])
    site.checks_in()
    assert site.steps() == ["resolved:observed"]


def test_a_weekend_and_tet_are_no_silence():
    friday = at("2026-02-13 16:30")
    tet = tuple(range(day_of(at("2026-02-16 00:00")), day_of(at("2026-02-21 00:00"))))
    site = Office(Coverage(), now=friday, holidays=tet)
    listens(site, MINUTE)
    site.checks_in()
    listens(site, 10 * DAY)
    assert site.outcome() is CLEAR
    worked = Office(Coverage(), now=friday)
    listens(worked, MINUTE)
    worked.checks_in()
    listens(worked, 10 * DAY)
    assert worked.outcome() is VIOLATION, "a week without holidays is one"


def test_a_box_that_was_off_makes_no_pc_silent():
    site = office()
    site.checks_in()
    site.waits(20 * DAY)
    listens(site, HOUR)
    assert site.outcome() is CLEAR


def test_a_pc_that_the_network_hears_at_work_is_missed_after_one_day():
    site = office()
    site.says(Interfaces(macs=(MAC,)))
    listens(site, 2 * DAY)
    assert site.outcome() is CLEAR
    works(site)
    verdict = site.verdict()
    assert (verdict.outcome, dict(verdict.state)) == (VIOLATION, {"pc": "mute"})
    assert verdict.title.vi == "Máy tính “Máy quầy 1” đang hoạt động mà không báo cáo về SOC"
    reads_well(verdict)
    site.checks_in()
    assert site.outcome() is CLEAR


def test_a_frame_between_two_check_ins_makes_no_pc_mute():
    site = office()
    site.says(Interfaces(macs=(MAC,)))
    listens(site, HOUR)
    works(site)
    assert site.outcome() is CLEAR


def test_a_pc_that_works_elsewhere_and_reports_from_there_is_clear():
    site = office()
    site.says(Interfaces(macs=(MAC,)))
    works(site)
    for _ in range(10):
        listens(site, DAY)
        site.checks_in()
    assert site.outcome() is CLEAR


def test_what_was_carried_by_hand_holds_a_month():
    site = office(receiver=False)
    site.says(Machine(platform="windows"), source="portable", ago=2 * DAY)
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    assert "được kiểm tra bằng USB" in verdict.summary.vi
    reads_well(verdict)
    site.waits(31 * DAY)
    assert site.outcome() is UNKNOWN


# On the wire


def test_a_staff_pc_that_is_enrolled_by_its_name_must_report_where_the_box_receives():
    site = office(enrolled=(Enrolled(id="pc-quay1"),))
    asset = works(site)
    listens(site, 8 * DAY)
    works(site)
    subjects = {subject.id for subject in site.rule.subjects(site.view) if subject.kind == "asset"}
    assert subjects == {asset}, "one machine, one subject"
    assert dict(of(site, Subject("asset", asset)).state) == {"pc": "never"}
    site.checks_in("pc-quay1")
    assert of(site, Subject("asset", asset)).outcome is CLEAR
    site.says(Interfaces(macs=(MAC,)), pc="pc-quay1")
    assert {subject.id for subject in site.rule.subjects(site.view) if subject.kind == "asset"} == {site.view.posture.pc["pc-quay1"].asset}


def test_a_staff_pc_that_is_enrolled_nowhere_is_told_and_closes_when_it_reports():
    site = office(enrolled=(Enrolled(id="pc-khac"),))
    works(site)
    assert site.steps() == ["opened:observed"]
    site.checks_in()
    site.says(Interfaces(macs=(MAC,)))
    assert site.steps() == ["resolved:observed"]


def test_a_look_up_pc_on_the_citizens_segment_is_missed_too():
    site = office(enrolled=(Enrolled(id=MAC, name="Máy tra cứu", use="kiosk"),), zones=(Zone(leg="lan", role="citizen"),))
    asset = works(site)
    listens(site, 8 * DAY)
    verdict = of(site, Subject("asset", asset))
    assert (verdict.outcome, "Máy tra cứu" in verdict.title.vi) == (VIOLATION, True)


def test_a_citizens_laptop_is_nobodys_to_enrol():
    site = office(zones=(Zone(leg="lan", role="citizen"),))
    assert site.rule.judge(site.view, Subject("asset", works(site))) is None


# Certificates


def revoked(day: str) -> tuple[Revoked, ...]:
    return (Revoked(id=PC, day=at(day), by="Phạm Thị Mẫu", why="Mất máy"),)


def test_a_revoked_pc_that_is_still_on_the_list_is_told_and_a_new_certificate_closes():
    site = office()
    site.checks_in()
    site.declares(revoked=revoked("2026-06-22 00:00"))
    verdict = site.verdict()
    assert (verdict.outcome, dict(verdict.state), site.steps()) == (VIOLATION, {"pc": "revoked"}, ["opened:policy"])
    assert "Thu hồi ngày 22/06/2026 (Phạm Thị Mẫu: Mất máy)" in verdict.summary.vi
    reads_well(verdict)
    listens(site, 2 * DAY)
    site.checks_in()
    assert (site.outcome(), site.steps()) == (CLEAR, ["resolved:observed"])


def test_a_revocation_of_a_day_to_come_does_not_hold_yet_and_one_never_heard_is_told():
    site = office(revoked=revoked("2026-07-01 00:00"))
    site.checks_in()
    assert site.outcome() is CLEAR
    never = office(revoked=revoked("2026-06-01 00:00"))
    assert dict(of(never, awaited(never)).state) == {"pc": "revoked"}


def test_two_certificates_at_once_for_one_hardware_are_told_on_both():
    site = office(enrolled=(Enrolled(id=PC, name="Máy quầy 1"), Enrolled(id="pc-02")))
    site.says(Machine(platform="windows", board=BOARD), Interfaces(macs=(MAC,)))
    site.says(Machine(platform="windows", board=BOARD), Interfaces(macs=(OTHER,)), pc="pc-02")
    assert site.outcome() is CLEAR, "the day it was enrolled anew"
    listens(site, 2 * DAY)
    site.checks_in()
    site.checks_in("pc-02")
    verdict = site.verdict()
    assert (verdict.outcome, dict(verdict.state)) == (VIOLATION, {"pc": "copied", "others": "pc-02"})
    reads_well(verdict)
    assert dict(site.verdict(site.view.posture.pc["pc-02"].asset).state) == {"pc": "copied", "others": PC}
    for _ in range(8):
        listens(site, DAY)
        site.checks_in()
    assert site.outcome() is CLEAR, "the other was put away"


def test_a_pc_enrolled_anew_is_one_and_says_what_it_was():
    site = office(enrolled=(Enrolled(id="pc-07", name="Máy quầy 1"),))
    site.says(Machine(platform="windows", board=BOARD), Interfaces(macs=(MAC,)))
    listens(site, DAY)
    site.says(Machine(platform="windows", board=BOARD), Interfaces(macs=(MAC,)), pc="pc-07")
    listens(site, 10 * DAY)
    site.checks_in("pc-07")
    verdict = site.verdict()
    assert verdict.outcome is CLEAR, "the old certificate's silence is no matter"
    assert f"trước có mã {PC}" in verdict.summary.vi
    reads_well(verdict)


def test_a_dock_is_no_copy_and_is_named():
    site = office(enrolled=(Enrolled(id=PC, name="Máy quầy 1"), Enrolled(id="pc-02")))
    for _ in range(3):
        site.says(Machine(platform="windows", board="a" * 16), Interfaces(macs=(MAC, "10:b6:76:10:20:29")))
        site.says(Machine(platform="windows", board="c" * 16), Interfaces(macs=(OTHER, "10:b6:76:10:20:29")), pc="pc-02")
        listens(site, DAY)
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    assert "dùng chung một địa chỉ mạng với pc-02" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize("enrolled", [None, ()])
def test_no_list_does_not_apply_and_an_empty_one_misses_nobody(enrolled):
    site = Office(Coverage(), enrolled=enrolled or ())
    if enrolled is None:
        site.declares(enrolled=None)
    site.takes(PcHeard(at=site.view.now, sensor="endpoints", sequence=1, pc=PC))
    assert site.outcome() is (NOT_APPLICABLE if enrolled is None else CLEAR)


def test_a_frame_alone_is_no_word_of_the_agent():
    site = office()
    site.says(Interfaces(macs=(MAC,)))
    listens(site, 8 * DAY)
    for second in range(2):
        site.takes(AddressSeen(at=site.view.now + second, sensor="capture:lan", sequence=second, leg="lan", mac=MAC, ip="192.168.1.9", via="arp"))
    assert site.state() == {"pc": "mute"}
