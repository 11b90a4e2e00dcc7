"""VG-END-05: traces of tools, activation servers, what Windows says of itself; and that no trace is no licence."""

import pytest

from detectors.licence import Unlicensed
from model.declared import KmsServer
from model.facts import NameSeen
from model.posture.told import Interfaces, KmsSetting, Machine, PiracyTraces, WindowsLicence
from model.times import DAY, HOUR
from model.verdict import Grade, Severity, Urgency
from model.wirefacts import ActivationSought
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, reads_well

ACTIVE = WindowsLicence(windows=1, windows_channel="OEM:DM", office=1, office_channel="Retail")
NO_SERVER = KmsSetting()
NO_TRACE = PiracyTraces()
PROVINCE = (KmsServer(ip="10.49.0.20", name="kms.tinh.gov.vn"),)
MAC = "10:b6:76:10:20:21"


def office(*told, **more) -> Office:
    site = Office(Unlicensed(), **more)
    site.says(*told)
    return site


def test_activated_without_a_trace_is_clear_and_claims_no_licence():
    verdict = office(ACTIVE, NO_SERVER, NO_TRACE).verdict()
    assert (verdict.outcome, verdict.grade) == (CLEAR, Grade.LIKELY)
    assert "đây không phải xác nhận bản quyền" in verdict.summary.vi
    reads_well(verdict)


def test_without_the_script_no_trace_is_unknown():
    site = office(NO_SERVER, NO_TRACE)
    site.fails(WindowsLicence, "script")
    verdict = site.verdict()
    assert verdict.outcome is UNKNOWN
    assert "chỉ tập lệnh kiểm tra (vg-facts) đọc được" in verdict.summary.vi
    reads_well(verdict)
    assert office(WindowsLicence(office=1), NO_SERVER, NO_TRACE).outcome() is UNKNOWN


def test_what_the_script_wrote_yesterday_still_holds():
    site = office(ACTIVE, NO_SERVER, NO_TRACE)
    site.waits(30 * HOUR)
    site.says(NO_SERVER, NO_TRACE)
    assert site.outcome() is CLEAR
    site.waits(20 * HOUR)
    assert site.outcome() is UNKNOWN


@pytest.mark.parametrize(
    ("found", "grade", "named"),
    [
        (("kmspico",), Grade.CONFIRMED, "KMSpico"),
        (("sppc_hook",), Grade.CONFIRMED, "Ohook"),
        (("hosts_blocked",), Grade.LIKELY, "tệp hosts"),
        (("autokms_task",), Grade.LIKELY, "tác vụ"),
        (("autokms_task", "spp_debugger"), Grade.CONFIRMED, "chương trình chen vào"),
        (("a_new_one",), Grade.CONFIRMED, "a_new_one"),
    ],
)
def test_a_tools_trace_is_told_whatever_windows_says_and_is_high_where_it_is_sure(found, grade, named):
    verdict = office(ACTIVE, NO_SERVER, PiracyTraces(found=found)).verdict()
    sure = grade is Grade.CONFIRMED
    severity, urgency = (Severity.HIGH, Urgency.TICKET) if sure else (Severity.MEDIUM, Urgency.REPORT)
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (VIOLATION, severity, grade, urgency)
    assert (verdict.title.vi == "Máy có công cụ kích hoạt lậu") is sure
    assert named in verdict.summary.vi
    reads_well(verdict)


def test_blocked_update_hosts_are_another_rules_matter():
    assert office(ACTIVE, NO_SERVER, PiracyTraces(found=("hosts_updates",))).outcome() is CLEAR


@pytest.mark.parametrize("server", ["127.0.0.2", "localhost", "::1", "0.0.0.0"])
def test_a_server_on_the_pc_itself_is_high(server):
    verdict = office(ACTIVE, KmsSetting(windows=server), NO_TRACE, kms_servers=PROVINCE).verdict()
    assert (verdict.severity, dict(verdict.state)) == (Severity.HIGH, {"server": "loopback"})
    reads_well(verdict)


def test_a_listed_pirates_server_is_high():
    verdict = office(ACTIVE, KmsSetting(office="KMS8.msguides.com"), NO_TRACE).verdict()
    assert (verdict.outcome, verdict.severity, dict(verdict.state)) == (VIOLATION, Severity.HIGH, {"server": "msguides"})
    reads_well(verdict)


@pytest.mark.parametrize(
    ("server", "declared", "outcome"),
    [
        ("10.49.0.20", PROVINCE, CLEAR),
        ("kms.tinh.gov.vn", PROVINCE, CLEAR),
        ("10.9.9.9", PROVINCE, VIOLATION),
        ("kms.la.vn", PROVINCE, VIOLATION),
        ("10.9.9.9", (), VIOLATION),
        ("20.1.2.3", None, VIOLATION),
        ("10.9.9.9", None, UNKNOWN),
        ("kms.la.vn", None, UNKNOWN),
    ],
)
def test_a_server_is_lawful_by_declaration(server, declared, outcome):
    for told in ((KmsSetting(windows=server), ACTIVE), (NO_SERVER, WindowsLicence(windows=1, office=1, server=server))):
        verdict = office(*told, NO_TRACE, kms_servers=declared).verdict()
        assert verdict.outcome is outcome
        assert outcome is not VIOLATION or verdict.severity is Severity.MEDIUM
        reads_well(verdict)


@pytest.mark.parametrize(
    ("licence", "what"),
    [
        (WindowsLicence(windows=0, office=1), "windows"),
        (WindowsLicence(windows=5, office=1), "windows"),
        (WindowsLicence(windows=1, office=0), "office"),
    ],
)
def test_what_is_not_activated_is_told(licence, what):
    verdict = office(licence, NO_SERVER, NO_TRACE).verdict()
    assert (verdict.outcome, verdict.severity, list(dict(verdict.state))) == (VIOLATION, Severity.MEDIUM, [what])
    reads_well(verdict)


def test_a_pc_without_office_needs_no_licence_for_it():
    assert office(WindowsLicence(windows=1), NO_SERVER, NO_TRACE).outcome() is CLEAR


def test_an_activation_longer_than_a_real_server_gives():
    lawful = WindowsLicence(windows=1, windows_channel="Volume:GVLK", server="10.49.0.20", left=180 * 24 * 60)
    assert office(lawful, NO_SERVER, NO_TRACE, kms_servers=PROVINCE).outcome() is CLEAR
    until_2038 = WindowsLicence(windows=1, windows_channel="Volume:GVLK", left=6_000_000)
    verdict = office(until_2038, NO_SERVER, NO_TRACE).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade) == (VIOLATION, Severity.HIGH, Grade.LIKELY)
    reads_well(verdict)


def test_a_ticket_that_is_switched_off():
    verdict = office(ACTIVE, KmsSetting(no_ticket=True), NO_TRACE).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade) == (VIOLATION, Severity.MEDIUM, Grade.LIKELY)
    reads_well(verdict)


def test_what_the_wire_heard_of_the_same_pc_stands_beside():
    site = office(Interfaces(macs=(MAC,)), ACTIVE, NO_SERVER, PiracyTraces(found=("kmspico",)))
    site.takes(NameSeen(at=site.view.now, sensor="capture:lan", sequence=1, leg="lan", mac=MAC, name="pc-01.local.", via="mdns"))
    site.takes(ActivationSought(at=site.view.now, sensor="capture:lan", sequence=2, leg="lan", mac=MAC, ip="192.168.1.9", via="dns", source="msguides"))
    assert "kms heard on the wire: dns msguides" in {piece.value for piece in site.verdict().evidence}


def test_linux_is_no_matter_of_this_rule():
    assert office(Machine(platform="linux")).outcome() is NOT_APPLICABLE


def test_it_closes_by_fresh_answers_alone_and_survives_a_restart():
    site = office(ACTIVE, NO_SERVER, PiracyTraces(found=("kmspico",)))
    assert site.steps() == ["opened:observed"]
    site.restarts()
    site.waits(3 * DAY)
    site.says(NO_TRACE)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(ACTIVE, NO_SERVER)
    assert site.steps() == ["resolved:observed"]


def test_a_server_that_people_declare_is_closed_as_their_act():
    site = office(ACTIVE, KmsSetting(windows="10.9.9.9"), NO_TRACE, kms_servers=())
    assert site.steps() == ["opened:observed"]
    site.declares(kms_servers=(KmsServer(ip="10.9.9.9"),))
    assert site.steps() == ["resolved:policy"]
