"""VG-COV-01 on sensors: silent, deaf, heard again, and what is not silence."""

import msgspec
import pytest

from collector.engine import Engine
from detectors.coverage import Coverage
from model.declared import Declared, Enrolled, ExpectedSensor, RegisteredAsset, Zone
from model.facts import DhcpClientSeen, SensorHeard
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Severity, Subject, Urgency
from tests.model.making import AT, SENSOR, Sensor, declared, view_of

EXPECTED = declared(sensors=(SENSOR,))
SUBJECT = Subject("sensor", SENSOR)


def judge(facts, *, now=0, known=EXPECTED, **options):
    return Coverage(**options).judge(view_of(facts, known, now=now), SUBJECT)


def test_a_sensor_heard_in_time_is_clear():
    verdict = judge([Sensor().beat(0)], now=MINUTE)
    assert verdict.outcome is Outcome.CLEAR
    assert {piece.kind for piece in verdict.evidence} == {"heartbeat", "vantage"}
    assert verdict.recheck_at == AT + 2 * MINUTE + SECOND


@pytest.mark.parametrize(("heartbeats", "minutes"), [(1, 1), (2, 2), (5, 5)])
def test_the_bar_is_so_many_heartbeats(heartbeats, minutes):
    beat = [Sensor().beat(0)]
    assert judge(beat, now=minutes * MINUTE, heartbeats=heartbeats).outcome is Outcome.CLEAR
    assert judge(beat, now=minutes * MINUTE + 1, heartbeats=heartbeats).outcome is Outcome.VIOLATION


def test_the_sentence_of_silence():
    verdict = judge([Sensor().beat(0)], now=5 * MINUTE)
    assert verdict.title.vi == "Không còn nghe thấy bộ thu mạng ở chân “lan”"
    assert "Không có tín hiệu hoạt động từ 08:00 ngày 15/07" in verdict.summary.vi
    assert "các kiểm tra bị mù: 1, 2, 3, 11, 13. Các phát hiện đang mở vẫn giữ nguyên." in verdict.summary.vi
    assert (verdict.severity, verdict.urgency) == (Severity.MEDIUM, Urgency.TICKET)
    assert verdict.state == (("sensor", "silent"),)


def test_a_sensor_never_heard_is_silent_after_the_bar_and_unknown_before():
    assert judge([], now=2 * MINUTE).outcome is Outcome.UNKNOWN
    verdict = judge([], now=2 * MINUTE + 1)
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.evidence[0].value == "never"


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_a_sensor_that_lives_and_cannot_listen_is_deaf(state):
    verdict = judge([Sensor()(SensorHeard, 0, state=state, message="không có giao diện eth9")], now=MINUTE)
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.title.vi == "Bộ thu mạng ở chân “lan” không nghe được"
    assert "không có giao diện eth9" in verdict.summary.vi
    assert verdict.state == (("sensor", state),)


def test_a_sensor_that_was_stopped_has_its_time_to_come_back():
    stopped = [Sensor()(SensorHeard, 0, state="stopped")]
    assert judge(stopped, now=MINUTE).outcome is Outcome.UNKNOWN
    assert judge(stopped, now=2 * MINUTE + 1).outcome is Outcome.VIOLATION


def test_who_is_not_declared_is_not_missed():
    verdict = judge([Sensor().beat(0)], now=HOUR, known=declared())
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert list(Coverage().subjects(view_of([], declared()))) == []


def test_one_expected_only_since_a_moment_is_not_missed_before():
    [expected] = EXPECTED.sensors
    import msgspec

    known = msgspec.structs.replace(EXPECTED, sensors=(msgspec.structs.replace(expected, since=AT + HOUR),))
    assert judge([], now=HOUR + MINUTE, known=known).outcome is Outcome.UNKNOWN
    assert judge([], now=HOUR + 3 * MINUTE, known=known).outcome is Outcome.VIOLATION


# In the engine: opened, closed, and what a restart or a clock does


def running(view: SiteView) -> tuple[Engine, Sensor]:
    engine = Engine(view, [Coverage()])
    engine.tick(AT)
    engine.review_after_start()
    return engine, Sensor()


def steps(engine: Engine) -> list[str]:
    return [change.step for change in engine.news.changes]


def minutes(engine: Engine, first: int, last: int) -> None:
    for minute in range(first, last + 1):
        engine.tick(AT + minute * MINUTE)


def test_silence_opens_by_itself_and_the_next_heartbeat_closes_it():
    engine, box = running(SiteView(EXPECTED, now=AT))
    engine.take(box.beat(0))
    minutes(engine, 1, 10)
    assert steps(engine) == ["opened"]
    engine.take(box.beat(11 * MINUTE))
    assert steps(engine) == ["opened", "resolved"]
    minutes(engine, 11, 12)
    assert steps(engine) == ["opened", "resolved"]
    minutes(engine, 13, 30)
    assert steps(engine) == ["opened", "resolved", "reopened"]


def test_regular_heartbeats_open_nothing():
    engine, box = running(SiteView(EXPECTED, now=AT))
    for minute in range(60):
        engine.take(box.beat(minute * MINUTE))
        engine.tick(AT + minute * MINUTE)
    assert steps(engine) == []


def test_deaf_then_well_again():
    engine, box = running(SiteView(EXPECTED, now=AT))
    engine.take(box(SensorHeard, 0, state="waiting", message="chưa cắm cáp"))
    engine.take(box.beat(MINUTE))
    assert steps(engine) == ["opened", "resolved"]


def test_a_restart_waits_for_one_heartbeat_more():
    view = SiteView(EXPECTED, now=AT)
    fold(view, Sensor().beat(-10 * HOUR))
    engine, _box = running(view)
    assert engine.verdicts["VG-COV-01", SUBJECT].outcome is Outcome.UNKNOWN
    minutes(engine, 1, 2)
    assert steps(engine) == []
    minutes(engine, 3, 3)
    assert steps(engine) == ["opened"]


def test_a_finding_from_before_a_restart_is_kept_until_the_sensor_is_heard():
    engine, box = running(SiteView(EXPECTED, now=AT))
    minutes(engine, 1, 5)
    [finding] = engine.findings.values()
    again = Engine(SiteView(EXPECTED, now=AT + HOUR), [Coverage()])
    again.restore([finding], engine.verdicts.values())
    again.review_after_start()
    assert again.findings["VG-COV-01", SUBJECT].state == "open"
    again.take(box.beat(HOUR))
    assert steps(again) == ["resolved"]


def test_a_machine_that_slept_missed_nothing():
    engine, box = running(SiteView(EXPECTED, now=AT))
    engine.take(box.beat(0))
    engine.slept(AT + 8 * HOUR)
    engine.tick(AT + 8 * HOUR)
    assert steps(engine) == []
    engine.take(box.beat(8 * HOUR + SECOND))
    engine.tick(AT + 8 * HOUR + MINUTE)
    assert steps(engine) == []
    minutes(engine, 8 * 60 + 3, 8 * 60 + 4)
    assert steps(engine) == ["opened"]


def test_an_edit_that_drops_the_sensor_closes_as_policy():
    engine, _box = running(SiteView(EXPECTED, now=AT))
    minutes(engine, 1, 5)
    engine.declare(declared(edited_by="Lan"))
    [change] = engine.news.changes[1:]
    assert (change.step, change.cause.kind, change.cause.by) == ("resolved", "policy", "Lan")


# Machines: the register's PCs that nobody hears, and PCs at work that report to nobody.
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)}
PC = "00:06:5b:0d:01:12"


def office(*, register=None, enrolled=None):
    zones = (Zone(leg="lan", role="staff"),)
    return SiteView(Declared(site="xa", legs=("lan",), zones=zones, register=register, enrolled=enrolled), now=AT)


def works(view, at=AT, **said):
    fold(view, DhcpClientSeen(at=at, leg="lan", mac=PC, message="request", host_name="PC-TIEPNHAN01", **{**WINDOWS, **said}))
    return Subject("asset", view.by_mac[PC])


def test_a_staff_pc_that_is_enrolled_nowhere_is_a_violation_only_once_a_list_exists():
    view = office()
    assert Coverage().judge(view, works(view)).outcome is Outcome.NOT_APPLICABLE
    view = office(enrolled=(Enrolled(id="PC-KHAC"),))
    verdict = Coverage().judge(view, works(view))
    assert (verdict.outcome, dict(verdict.state)) == (Outcome.VIOLATION, {"pc": "not_enrolled"})
    assert "SOC" in verdict.title.vi


def test_a_pc_is_enrolled_by_its_name_or_its_address():
    for enrolled in ("pc-tiepnhan01", PC):
        view = office(enrolled=(Enrolled(id=enrolled),))
        assert Coverage().judge(view, works(view)).outcome is Outcome.CLEAR


def test_a_phone_on_the_staff_network_is_no_machine_to_enrol():
    view = office(enrolled=())
    assert Coverage().judge(view, works(view, vendor_class="android-dhcp-14", parameters=(1, 3, 6, 15, 26, 28, 51, 58, 59, 43))) is None


def test_a_listed_pc_is_called_unheard_only_after_days_of_listening():
    view = office(register=(RegisteredAsset(mac=PC, name="Máy tiếp nhận 1", device_class="windows_pc"),))
    (subject,) = [subject for subject in Coverage().subjects(view) if subject.kind == "asset"]
    assert Coverage().judge(view, subject).outcome is Outcome.UNKNOWN
    for minute in range(8 * 24 * 60):
        fold(view, SensorHeard(at=AT + minute * MINUTE, sensor="capture:lan", leg="lan"))
    view.now = AT + 8 * DAY
    verdict = Coverage().judge(view, subject)
    assert (verdict.outcome, dict(verdict.state)) == (Outcome.VIOLATION, {"pc": "never_heard"})
    assert "Máy tiếp nhận 1" in verdict.title.vi


def test_a_listed_pc_that_is_heard_at_last_is_the_same_subject():
    view = office(register=(RegisteredAsset(mac=PC, name="Máy tiếp nhận 1", device_class="windows_pc"),), enrolled=(Enrolled(id=PC),))
    (unheard,) = [subject for subject in Coverage().subjects(view) if subject.kind == "asset"]
    assert works(view) == unheard
    assert Coverage().judge(view, unheard).outcome is Outcome.CLEAR


def test_the_sensor_of_screens_is_called_so_and_blinds_its_own_checks_alone():
    known = msgspec.structs.replace(declared(), sensors=(ExpectedSensor(sensor="screens", leg="screens", heartbeat=MINUTE, since=AT),))
    view = view_of([], known, now=3 * MINUTE)
    verdict = Coverage().judge(view, Subject("sensor", "screens"))
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.title.vi == "Không còn nghe thấy bộ thu màn hình"
    assert "bị mù: 2." in verdict.summary.vi
