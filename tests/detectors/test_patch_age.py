"""VG-END-06: by the dated table, beyond it by the PC's history and by the PCs here; support ends; updating switched off."""

import pytest

from detectors.patch_age import PatchAge
from model.declared import Enrolled
from model.posture.builds import Builds, OfficeEnd, Release, SupportEnd
from model.posture.told import Machine, PiracyTraces, UpdateControl, Updates
from model.posture.told import Office as OfficeTold
from model.times import DAY, day_of
from model.verdict import Grade, Severity, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, PC, UNKNOWN, VIOLATION, Office, reads_well

TODAY = day_of(MONDAY)
ON = UpdateControl(service_off=False, policy_off=False)


def table(as_of=TODAY - 10) -> Builds:
    """Windows 10 22H2 ended half a year ago with paid updates on sale; 11 24H2 Home has just ended, Enterprise has not."""
    return Builds(
        as_of=as_of,
        releases=(
            Release(19045, 6000, TODAY - 300),
            Release(19045, 6456, TODAY - 180),
            Release(26100, 4000, TODAY - 100),
            Release(26100, 4500, TODAY - 60),
            Release(26100, 4900, TODAY - 20),
        ),
        ends=(
            SupportEnd(build=7601, label="7 SP1", ends=TODAY - 2_000),
            SupportEnd(build=19045, label="10 22H2", ends=TODAY - 180, paid=TODAY + 900),
            SupportEnd(build=26100, label="11 24H2 (W)", ends=TODAY - 1, edition="home"),
            SupportEnd(build=26100, label="11 24H2 (E)", ends=TODAY + 300, edition="enterprise"),
        ),
        office=(
            OfficeEnd(version="office-2016", label="Office 2016", ends=TODAY - 180),
            OfficeEnd(version="office-2024", label="Office 2024", ends=TODAY + 900),
        ),
    )


def windows(revision=4900, build=26100, edition="Enterprise", **more) -> Machine:
    return Machine(platform="windows", build=build, revision=revision, edition=edition, **more)


def office(*told, builds=None, **more) -> Office:
    site = Office(PatchAge(), builds=builds or table(), **more)
    site.says(*told)
    return site


def test_a_new_update_is_clear():
    verdict = office(windows(), ON).verdict()
    assert (verdict.outcome, verdict.grade) == (CLEAR, Grade.CONFIRMED)
    assert "bản vá gần nhất cách đây 20 ngày" in verdict.summary.vi
    assert "bảng bản vá" not in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize(("revision", "bar", "age"), [(4500, "45", 60), (4700, "45", 60), (4000, "90", 100), (3999, "90", 100)])
def test_old_updates_by_the_table(revision, bar, age):
    verdict = office(windows(revision), ON).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Grade.CONFIRMED, Urgency.REPORT)
    assert dict(verdict.state) == {"patch": bar}
    assert f"{age} ngày" in verdict.summary.vi
    reads_well(verdict)


def test_it_grows_old_without_a_new_answer_from_the_table():
    site = office(windows(), ON)
    for _ in range(6):
        site.waits(5 * DAY)
        site.says(windows(), ON)
    assert site.steps() == ["opened:observed"]


def test_a_table_that_is_old_says_so_in_each_verdict():
    old = table(as_of=TODAY - 61)
    for told in ((windows(4500), ON), (windows(9999), ON, Updates(last=TODAY - 3)), (windows(9999), ON)):
        verdict = office(*told, builds=old).verdict()
        assert "bảng bản vá của hệ thống chỉ đến ngày 22/04/2026" in verdict.summary.vi or "(đến ngày 22/04/2026)" in verdict.summary.vi
        reads_well(verdict)


@pytest.mark.parametrize(("last", "outcome"), [(45, CLEAR), (46, VIOLATION), (0, CLEAR)])
def test_a_revision_beyond_the_table_is_judged_by_the_pcs_history(last, outcome):
    verdict = office(windows(9999), ON, Updates(last=TODAY - last)).verdict()
    assert (verdict.outcome, verdict.grade) == (outcome, Grade.LIKELY)
    reads_well(verdict)


def test_beyond_the_table_without_a_history_it_is_never_called_unpatched():
    verdict = office(windows(9999), ON, Updates(last=None)).verdict()
    assert verdict.outcome is UNKNOWN
    assert "mới hơn bảng của hệ thống" in verdict.summary.vi
    reads_well(verdict)


def test_an_unknown_build_and_no_table_at_all():
    assert office(windows(1, build=30_000), ON).outcome() is UNKNOWN
    assert office(windows(), ON, builds=Builds()).outcome() is UNKNOWN
    assert office(windows(), ON, Updates(last=TODAY - 5), builds=Builds()).outcome() is CLEAR
    assert office(Machine(platform="windows"), ON).outcome() is UNKNOWN


def beside(days: int, revision: int) -> Office:
    """Two PCs without a history beyond the table: the other had `revision` so many days ago."""
    site = office(windows(9000), ON, Updates(), enrolled=(Enrolled(id=PC), Enrolled(id="pc-02")))
    site.says(windows(revision), pc="pc-02", ago=days * DAY)
    return site


def test_the_pcs_here_tell_when_an_update_was_out():
    verdict = beside(50, 9500).verdict()
    assert (verdict.outcome, verdict.grade, dict(verdict.state)) == (VIOLATION, Grade.INFERRED, {"patch": "45"})
    assert "máy khác trong điểm có bản vá mới hơn" in verdict.summary.vi
    reads_well(verdict)
    same = beside(50, 9000).verdict()
    assert (same.outcome, same.grade) == (VIOLATION, Grade.INFERRED)
    assert "đã thấy ở các máy trong điểm" in same.summary.vi
    assert beside(20, 9500).outcome() is UNKNOWN
    assert beside(200, 8000).outcome() is UNKNOWN


def test_a_pc_that_was_seen_to_take_an_update_is_inferred_good_for_a_while():
    site = office(windows(9000), ON, Updates())
    site.waits(DAY)
    site.says(windows(9500), ON, Updates())
    verdict = site.verdict()
    assert (verdict.outcome, verdict.grade) == (CLEAR, Grade.INFERRED)
    reads_well(verdict)
    site.restarts()
    site.waits(46 * DAY)
    site.says(windows(9500), ON, Updates())
    assert site.verdict().outcome is VIOLATION


def test_out_of_support_is_high():
    verdict = office(windows(6456, 19045, "Professional"), ON).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency, dict(verdict.state)) == (VIOLATION, Severity.HIGH, Urgency.TICKET, {"support": "10 22H2"})
    assert "Windows 10 22H2 hết hỗ trợ từ ngày 24/12/2025" in verdict.summary.vi
    reads_well(verdict)
    assert office(windows(24_000, 7601, "Professional"), ON).verdict().severity is Severity.HIGH


def test_one_that_gets_paid_updates_is_judged_by_their_age():
    paid = office(windows(6700, 19045, "Professional"), ON, Updates(last=TODAY - 9)).verdict()
    assert paid.outcome is CLEAR
    lapsed = office(windows(6700, 19045, "Professional"), ON, Updates(last=TODAY - 100)).verdict()
    assert (lapsed.outcome, dict(lapsed.state)) == (VIOLATION, {"patch": "90"})


def test_support_is_by_edition():
    assert dict(office(windows(edition="Professional"), ON).verdict().state) == {"support": "11 24H2 (W)"}
    assert office(windows(edition="Education"), ON).outcome() is CLEAR
    verdict = office(windows(edition=""), ON).verdict()
    assert (verdict.outcome, "Home, Pro hay Enterprise" in verdict.summary.vi) == (UNKNOWN, True)
    reads_well(verdict)
    assert office(windows(edition="ServerStandard", server=True), ON).outcome() is CLEAR


def test_office_out_of_support_is_high_and_asked_only_where_it_is_told():
    verdict = office(windows(), ON, OfficeTold(versions=("office-2016", "office-2024"))).verdict()
    assert (verdict.outcome, verdict.severity, dict(verdict.state)) == (VIOLATION, Severity.HIGH, {"office": "office-2016"})
    reads_well(verdict)
    assert office(windows(), ON, OfficeTold(versions=("office-2024", "office-365"))).outcome() is CLEAR


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ((UpdateControl(service_off=True, policy_off=False),), "updating"),
        ((UpdateControl(service_off=False, policy_off=True),), "policy"),
        ((ON, PiracyTraces(found=("hosts_updates",))), "hosts"),
    ],
)
def test_updating_that_is_switched_off_is_told_though_the_pc_is_fresh(told, what):
    verdict = office(windows(), *told).verdict()
    assert (verdict.outcome, verdict.severity, list(dict(verdict.state))) == (VIOLATION, Severity.MEDIUM, [what])
    reads_well(verdict)


def test_whether_updating_is_off_must_be_known():
    assert office(windows(), UpdateControl()).outcome() is UNKNOWN
    assert office(windows()).outcome() is UNKNOWN


def test_linux_is_no_matter_of_this_rule():
    assert office(Machine(platform="linux")).outcome() is NOT_APPLICABLE


def test_it_closes_by_a_fresh_answer_alone_and_survives_a_restart():
    site = office(ON, windows(4500))
    assert site.steps() == ["opened:observed"]
    site.restarts()
    site.waits(3 * DAY)
    assert site.outcome() is UNKNOWN
    site.says(windows(4900), ON)
    assert site.steps() == ["resolved:observed"]


def test_a_newer_table_is_what_people_changed():
    site = office(ON, windows(9999), Updates(last=TODAY - 5))
    assert site.steps() == []
    site.declares(builds=Builds(as_of=TODAY, releases=(Release(26100, 9999, TODAY - 50),)))
    assert site.steps() == ["opened:policy"]
