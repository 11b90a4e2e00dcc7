"""VG-END-02: none, off, expired, old, Kaspersky without a licence; what is lawful beside; servers, which have no Security Center."""

import pytest

from detectors.antivirus import MissingAntivirus
from model.posture.told import Antivirus, AvProduct, AvServices, KasperskyLicence, Machine
from model.times import DAY, HOUR, day_of
from model.verdict import Grade, Severity, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, reads_well

TODAY = day_of(MONDAY)
RUNS = AvServices(installed=("kaspersky",), running=("kaspersky",))
NO_SERVICE = AvServices()
LICENSED = KasperskyLicence(installed=True, kind=1, days_left=200, updated=TODAY)
SERVER = Machine(platform="windows", server=True, product="Windows Server 2019")


def av(name="Kaspersky Endpoint Security", state="on", fresh=True):
    return AvProduct(name=name, state=state, fresh=fresh)


DEFENDER = "Microsoft Defender Antivirus"


def centre(*products, center="poor"):
    return Antivirus(products=products, center=center)


GOOD = (centre(av(), center="good"), RUNS, LICENSED)


def office(*told, rule=None, **more) -> Office:
    site = Office(rule or MissingAntivirus(), **more)
    site.says(*told)
    return site


def test_on_and_fresh_is_clear_and_named():
    verdict = office(*GOOD).verdict()
    assert verdict.outcome is CLEAR
    assert verdict.summary.vi == "“Máy quầy 1”: “Kaspersky Endpoint Security” đang bật, mẫu nhận diện còn mới. Máy trả lời lúc 08:00 ngày 22/06."
    reads_well(verdict)


def test_none_at_all_is_high_and_goes_to_the_queue():
    verdict = office(centre(), NO_SERVICE).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (VIOLATION, Severity.HIGH, Grade.CONFIRMED, Urgency.TICKET)
    assert verdict.title.vi == "Máy không có phần mềm diệt vi-rút"
    assert dict(verdict.state) == {"antivirus": "none"}
    reads_well(verdict)


def test_none_by_security_center_alone_is_likely():
    assert office(centre()).verdict().grade is Grade.LIKELY


@pytest.mark.parametrize("told", [(centre(), RUNS), (centre(center="good"), NO_SERVICE)])
def test_a_centre_that_lags_behind_is_not_believed(told):
    verdict = office(*told).verdict()
    assert verdict.outcome is UNKNOWN
    reads_well(verdict)


@pytest.mark.parametrize(("state", "severity"), [("off", Severity.HIGH), ("snoozed", Severity.MEDIUM), ("expired", Severity.MEDIUM)])
def test_what_is_there_and_not_at_work(state, severity):
    verdict = office(centre(av(name="Bkav Pro", state=state))).verdict()
    assert (verdict.outcome, verdict.severity, dict(verdict.state)) == (VIOLATION, severity, {"antivirus": state})
    assert "“Bkav Pro”" in verdict.summary.vi
    reads_well(verdict)


def test_old_signatures_are_told():
    verdict = office(centre(av(name="Bkav Pro", fresh=False))).verdict()
    assert (verdict.outcome, verdict.severity, dict(verdict.state)) == (VIOLATION, Severity.MEDIUM, {"signatures": "old"})


@pytest.mark.parametrize(
    "products",
    [
        (av(name="Bkav Pro"), av(name=DEFENDER, state="off")),
        (av(name=DEFENDER), av(name="Avast", state="off", fresh=False)),
        (av(name="Bkav Pro"), av(name="Avast", fresh=False)),
        (av(name=DEFENDER), av(name="ESET", state="expired")),
    ],
)
def test_one_that_works_is_enough_whatever_is_left_beside_it(products):
    assert office(centre(*products)).outcome() is CLEAR


def test_two_that_do_not_work_are_told_by_the_one_people_installed():
    verdict = office(centre(av(name=DEFENDER, state="off"), av(name="ESET", state="expired"))).verdict()
    assert dict(verdict.state) == {"antivirus": "expired"}


def test_freshness_that_is_not_told_is_no_clear():
    assert office(centre(av(name="Bkav Pro", fresh=None))).outcome() is UNKNOWN
    assert office(centre(av(name="Bkav Pro", state="unknown"))).outcome() is UNKNOWN


@pytest.mark.parametrize(
    ("licence", "state", "severity"),
    [
        ({"kind": 0, "days_left": None}, {"licence": "not_activated"}, Severity.MEDIUM),
        ({"kind": None, "days_left": None}, {"licence": "not_activated"}, Severity.MEDIUM),
        ({"days_left": 0}, {"licence": "expired"}, Severity.MEDIUM),
        ({"days_left": -3}, {"licence": "expired"}, Severity.MEDIUM),
        ({"days_left": 29}, {"licence": "runs_out"}, Severity.LOW),
        ({"updated": TODAY - 8}, {"bases": "old"}, Severity.MEDIUM),
    ],
)
def test_kaspersky_by_its_own_values(licence, state, severity):
    told = KasperskyLicence(**{"installed": True, "kind": 1, "days_left": 200, "updated": TODAY, **licence})
    verdict = office(centre(av()), RUNS, told).verdict()
    assert (verdict.outcome, dict(verdict.state), verdict.severity) == (VIOLATION, state, severity)
    reads_well(verdict)


@pytest.mark.parametrize("licence", [{"days_left": 30}, {"kind": None, "days_left": 300}, {"updated": TODAY - 7}, {"updated": None}])
def test_kaspersky_that_is_licensed_is_clear(licence):
    told = KasperskyLicence(**{"installed": True, "kind": 1, "days_left": 200, "updated": TODAY, **licence})
    assert office(centre(av()), RUNS, told).outcome() is CLEAR


def test_kaspersky_without_its_licence_read_is_unknown():
    site = office(centre(av()), RUNS)
    site.fails(KasperskyLicence, "failed")
    verdict = site.verdict()
    assert verdict.outcome is UNKNOWN
    assert "Bản quyền Kaspersky: máy trả lời lỗi" in verdict.summary.vi


def test_a_server_is_judged_by_its_services():
    none = office(SERVER, centre(center="error"), NO_SERVICE).verdict()
    assert (none.outcome, none.severity, none.grade) == (VIOLATION, Severity.HIGH, Grade.LIKELY)
    stopped = office(SERVER, centre(center="error"), AvServices(installed=("eset",))).verdict()
    assert (stopped.outcome, dict(stopped.state)) == (VIOLATION, {"antivirus": "off"})
    runs = office(SERVER, centre(center="error"), AvServices(installed=("eset",), running=("eset",))).verdict()
    assert runs.outcome is UNKNOWN
    assert "Máy chủ Windows không có Security Center" in runs.summary.vi
    known = office(SERVER, centre(), RUNS, LICENSED).verdict()
    assert known.outcome is CLEAR
    agent = office(SERVER, centre(center="error"), AvServices(installed=("kaspersky_agent",), running=("kaspersky_agent",))).verdict()
    assert dict(agent.state) == {"antivirus": "none"}
    for verdict in (none, stopped, runs, known):
        reads_well(verdict)


def test_linux_is_no_matter_of_this_rule():
    assert office(Machine(platform="linux")).outcome() is NOT_APPLICABLE


def test_a_pc_that_never_answered_is_unknown():
    site = Office(MissingAntivirus())
    site.checks_in()
    assert site.outcome() is UNKNOWN


def test_it_closes_by_a_fresh_answer_alone_and_survives_a_restart():
    site = office(NO_SERVICE, centre())
    assert site.steps() == ["opened:observed"]
    site.restarts()
    site.waits(3 * DAY)
    assert site.outcome() is UNKNOWN
    site.restarts()
    assert site.steps() == []
    site.says(*GOOD)
    assert site.steps() == ["resolved:observed"]


def test_what_an_old_bundle_says_is_low_and_closes_nothing():
    site = office(centre(), NO_SERVICE)
    site.waits(HOUR)
    site.steps()
    site.says(*GOOD, source="script", ago=10 * DAY)
    assert site.steps() == []
    aged = Office(MissingAntivirus())
    aged.says(centre(), NO_SERVICE, source="portable", ago=10 * DAY)
    verdict = aged.verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.LOW, Urgency.REPORT)
    assert "từ đó có thể đã khác" in verdict.summary.vi


def test_the_days_of_a_licence_are_an_option():
    assert office(centre(av()), RUNS, KasperskyLicence(installed=True, kind=1, days_left=40), rule=MissingAntivirus(warn_days=60)).outcome() is VIOLATION


def test_days_left_run_on_since_they_were_read():
    site = Office(MissingAntivirus())
    site.says(centre(av()), RUNS, KasperskyLicence(installed=True, kind=1, days_left=35), source="script", ago=10 * DAY)
    assert dict(site.verdict().state) == {"licence": "runs_out"}
