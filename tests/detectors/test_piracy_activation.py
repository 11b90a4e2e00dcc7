"""VG-NET-10: pirates' names, KMS servers outside and inside, declared or not, and when it is over."""

import msgspec
import pytest

from detectors.piracy_activation import PiracyActivation
from model.declared import KmsServer
from model.facts import AddressSeen
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wire.activation import ActivationRow
from model.wirefacts import ActivationSought
from tests.model.making import BOX, IPS, PC, TV, Sensor, declared, registered, view_of

RULE = PiracyActivation()
STAFF = {"lan": "staff"}
WATCHED = {"sensors": ("capture:lan",), "heartbeat": 6 * HOUR}
ABROAD, PROVINCE = "20.1.2.3", "10.49.0.20"


@pytest.fixture(autouse=True)
def _numbers():
    global box  # noqa: PLW0603 - facts of one test are numbered together
    box = Sensor()


def sought(after=0, mac=PC, via="dns", **fields):
    return box(ActivationSought, after, mac=mac, ip=IPS[mac], via=via, **fields)


def inside(mac=PC):
    return sought(mac=mac, via="rpc", server_ip=IPS[BOX], server_mac=BOX)


def judged(facts, known=None, now=HOUR, mac=PC):
    view = view_of(sorted(facts, key=lambda fact: (fact.at, fact.sequence)), known or declared(zones=STAFF), now=now)
    return RULE.judge(view, Subject("asset", view.by_mac[mac])), view


def kms(*servers):
    return declared(zones=STAFF, kms_servers=tuple(KmsServer(ip=ip) for ip in servers), register=(registered(BOX, "Máy chủ"),))


def test_a_pirates_name_is_found_whatever_is_declared():
    for known in (declared(zones=STAFF), kms(), kms(PROVINCE)):
        verdict, _ = judged([sought(source="msguides")], known)
        assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.MEDIUM, Grade.LIKELY, Urgency.REPORT)
        assert "máy chủ kích hoạt lậu (msguides)" in verdict.summary.vi


def test_a_script_is_called_that():
    verdict, _ = judged([sought(via="tls", source="massgrave")])
    assert "tải công cụ kích hoạt lậu" in verdict.summary.vi


def test_a_kms_server_on_the_internet_is_found():
    verdict, _ = judged([sought(via="rpc", server_ip=ABROAD)])
    assert (verdict.outcome, verdict.grade) == (Outcome.VIOLATION, Grade.CONFIRMED)
    assert ABROAD in verdict.summary.vi
    verdict, _ = judged([sought(via="rpc", server_ip=ABROAD)], kms(ABROAD))
    assert verdict.outcome is Outcome.CLEAR


def test_a_server_inside_is_judged_only_by_a_declared_list():
    verdict, _ = judged([inside()])
    assert (verdict.outcome, "kms_servers.csv" in verdict.reason.vi) == (Outcome.NOT_APPLICABLE, True)
    verdict, _ = judged([inside(), inside(BOX)], kms(PROVINCE))
    assert (verdict.outcome, "“Máy chủ”" in verdict.summary.vi) == (Outcome.VIOLATION, True)
    verdict, _ = judged([inside(), inside(BOX)], kms(PROVINCE), mac=BOX)
    assert (verdict.outcome, "là máy chủ KMS" in verdict.summary.vi) == (Outcome.VIOLATION, True)
    for mac in (PC, BOX):
        verdict, _ = judged([inside(), inside(BOX)], kms(IPS[BOX]), mac=mac)
        assert verdict.outcome is Outcome.CLEAR


def test_a_server_inside_that_was_not_met_yet_is_called_by_its_address():
    verdict, _ = judged([inside()], kms(PROVINCE))
    assert IPS[BOX] in verdict.summary.vi


def test_a_declared_server_is_known_by_its_mac_too():
    known = declared(zones=STAFF, kms_servers=(KmsServer(ip=PROVINCE, mac=BOX),))
    verdict, _ = judged([inside()], known)
    assert verdict.outcome is Outcome.CLEAR


def test_a_service_found_by_name_alone_is_not_judged():
    verdict, _ = judged([sought(via="srv")], kms(PROVINCE))
    assert verdict.outcome is Outcome.CLEAR


def test_the_surest_of_several_speaks():
    verdict, _ = judged([sought(via="rpc", server_ip=ABROAD), sought(1, source="03k")])
    assert dict(verdict.state) == {"server": "03k", "via": "dns"}
    assert len(verdict.evidence) == 2


@pytest.mark.parametrize(("zone", "outcome"), [("citizen", None), ("display", Outcome.NOT_APPLICABLE)])
def test_citizens_devices_leave_nothing_and_screens_are_not_judged(zone, outcome):
    view = view_of([sought(source="msguides")], declared(zones={"lan": zone}))
    assert bool(view.wire.activation) is (outcome is not None)
    found = [RULE.judge(view, subject) for subject in RULE.subjects(view)]
    assert [verdict.outcome for verdict in found] == ([outcome] if outcome else [])


def test_thirty_days_without_a_sign_and_with_the_pc_close_it():
    known = declared(zones=STAFF, **WATCHED)

    def after(days, there):
        beats = [box.beat(hours * HOUR, vantage="mirror") for hours in range(0, days * 24 + 1, 6)]
        seen = [box(AddressSeen, day * DAY + minute * MINUTE, mac=PC, ip=IPS[PC]) for day in there for minute in (1, 2)]
        return judged([sought(source="msguides"), *beats, *seen], known, now=days * DAY)[0]

    assert after(31, (0, 30)).outcome is Outcome.CLEAR
    assert after(20, (0, 20)).outcome is Outcome.VIOLATION
    assert after(31, (0,)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("vantage", ["plain", "mirror"])
def test_without_a_sign_a_plain_port_is_never_clear(vantage):
    known = declared(zones=STAFF, **WATCHED)
    beats = [box.beat(hours * HOUR, vantage=vantage) for hours in range(0, 9 * 24, 6)]
    seen = [box(AddressSeen, day * DAY + minute, mac=TV, ip=IPS[TV]) for day in (0, 8) for minute in (1, 2)]
    verdict, _ = judged([*beats, *seen], known, now=9 * DAY, mac=TV)
    assert verdict.outcome is (Outcome.CLEAR if vantage == "mirror" else Outcome.UNKNOWN)


def test_a_row_comes_back_whole_and_is_bounded():
    _, view = judged([sought(number, via="rpc", server_ip=f"20.0.0.{number}") for number in range(100)])
    (row,) = view.wire.activation.values()
    assert len(row.sought) == 32
    assert msgspec.json.decode(msgspec.json.encode(row), type=ActivationRow) == row


def test_a_pirate_that_no_table_knows_leaves_no_row():
    assert view_of([sought(source="x")]).wire.activation == {}
