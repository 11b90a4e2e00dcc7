import ipaddress
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.registry import build_all
from exporters.elastic.ecs import Origin, addresses, document, nested
from exporters.elastic.fields import ECS_FIELDS, ECS_VERSION, FIELDS, OWN_FIELDS
from exporters.render import alert
from model.ledger import Cause
from model.ports import Health, Observed, OutboxRow, Posture, Signed
from model.rows import Sensor, Sighting
from model.text import Text
from model.times import SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from tests.exporters.elastic.conftest import ORIGIN
from tests.exporters.elastic.documents import ECS, leaves, wrong
from tests.exporters.samples import AT, change, health, posture, told

STEPS = ["opened", "updated", "resolved", "lapsed", "reopened", "accepted", "acknowledged", "expired"]
# What the published type holds, by what a value may be; ours may differ within a family only (see fields.py).
FAMILIES = {"match_only_text": "text", "wildcard": "keyword", "constant_keyword": "keyword", "object": "flattened"}


def rows() -> list[OutboxRow]:
    everything = change(
        "resolved",
        name="TV-Sảnh",
        macs=("00:00:5e:00:53:23", "không-rõ"),
        ips=("192.168.1.30", "fe80::1%eth0", "không-rõ"),
        cause=Cause("act", "Lan", "đã tắt"),
        attack=("T1491", "T1557.002", "M1042"),
        facets=(("airplay", "open"),),
        owner="Lan",
        accepted_until=AT + SECOND,
        stale=Text("Cổng thường", "Plain port"),
    )
    sensors = (Sensor(sensor="capture:lan", leg="lan", seen=Sighting(AT, AT + SECOND), interface="eth0", received=9, message="chạy"),)
    beat = health(1)
    full = msgspec.structs.replace(beat, document=msgspec.structs.replace(beat.document, sensors=sensors))
    subjects = [Subject("portal", "xa-a.gov.vn"), Subject("sensor", "capture:lan"), Subject("segments", "lan/10|lan/20")]
    others = [told(n, subject=subject, detector=d) for n, (subject, d) in enumerate(zip(subjects, ("VG-WEB-01", "VG-COV-01", "VG-NET-01"), strict=True))]
    return [told(1, everything), full, health(2), posture(3), clear_posture(), *others, *(told(4, step=step) for step in STEPS), *observed()]


def observed() -> list[OutboxRow]:
    signed = Signed(payload="{}", signature="c2ln", key="00ff", epoch=1_752_545_643, sequence=7)
    seen = Observed(site="xa-a", at=AT, kind="asset", id="a1", row='{"id":"a1"}')
    row = OutboxRow(seq=10, id="o1", stream="observation", at=AT, document=seen, signed=signed)
    gone = msgspec.structs.replace(row, seq=11, id="o2", document=Observed(site="xa-a", at=AT, kind="asset", id="a1", gone=True))
    return [row, gone]


def clear_posture() -> OutboxRow:
    verdict = Verdict(
        detector="VG-END-02",
        subject=Subject("asset", "a1"),
        outcome=Outcome.CLEAR,
        grade=Grade.CONFIRMED,
        title=Text("Diệt virus", "Antivirus"),
        summary=Text("Đang chạy.", "Running."),
        evidence=(Evidence("product", "ClamAV", AT),),
        state=(("engine", "on"),),
        unseen=3 * SECOND,
    )
    return OutboxRow(seq=9, id="p", stream="posture", at=AT, document=Posture(site="xa-a", at=AT, findings=(6,), verdict=verdict))


def made(row: OutboxRow, origin: Origin = ORIGIN) -> dict:
    return document(row, "79", origin)[1]


def test_every_field_outside_our_own_is_in_the_published_schema_with_its_type():
    assert ECS["version"] == ECS_VERSION
    published = {name: ECS["fields"].get(name, "missing").removesuffix("[]") for name in ECS_FIELDS}
    assert {name: FAMILIES.get(kind, kind) for name, kind in published.items()} == ECS_FIELDS
    assert all(name.startswith("vonggac.") for name in OWN_FIELDS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.stream}-{row.seq}")
def test_a_document_holds_known_fields_of_their_types_and_allowed_values(row):
    assert wrong(made(row)) == []


@pytest.mark.parametrize("about", [detector.about for detector in build_all()], ids=lambda about: about.id)
def test_whatever_a_detector_says_is_in_the_schema(about):
    for place, step in enumerate(STEPS):
        row = told(place, step=step, detector=about.id, attack=about.attack, findings=about.findings, title=about.title)
        assert wrong(made(row)) == []
    for outcome in Outcome:
        row = clear_posture()
        verdict = msgspec.structs.replace(row.document.verdict, detector=about.id, outcome=outcome)
        said = made(msgspec.structs.replace(row, document=msgspec.structs.replace(row.document, verdict=verdict, findings=about.findings)))
        assert wrong(said) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"event": {"kind": "signal_"}}, "event.kind is signal_"),
        ({"event": {"category": ["web"], "type": ["start"]}}, "none of event.type ['start'] is expected with web"),
        ({"host": {"ip": ["không-rõ"]}}, None),
        ({"host": {"serial": "1"}}, "host.serial is no field of ours"),
        ({"tags": "vonggac"}, "tags is one value, ECS has it otherwise"),
        ({"vonggac": {"finding": {"times": "2"}}}, "vonggac.finding.times is no long: '2'"),
    ],
)
def test_what_is_not_in_the_schema_would_be_found(change, said):
    document = made(told(1))
    for name, value in change.items():
        document[name] = {**document[name], **value} if isinstance(value, dict) else value
    if said is None:
        with pytest.raises(ValueError, match="không-rõ"):
            wrong(document)
    else:
        assert said in wrong(document)


def test_every_field_of_the_table_is_used_by_some_document():
    used = {name for row in rows() for name, _, _ in leaves(made(row))}
    # Rows of these two streams are counted as lost like the others.
    assert set(FIELDS) - used == {"vonggac.health.lost.finding", "vonggac.health.lost.health", "vonggac.health.lost.observation"}


def test_a_finding_says_what_the_analyst_searches_for():
    row = rows()[0]
    name, found = document(row, "79", ORIGIN)
    assert name == "logs-vonggac.finding-79"
    assert found["data_stream"] == {"type": "logs", "dataset": "vonggac.finding", "namespace": "79"}
    assert found["@timestamp"] == "2025-07-15T02:14:03.000000Z"
    event = found["event"]
    assert (event["id"], event["kind"], event["severity"], event["risk_score"], event["action"]) == ("row-1", "alert", 73, 73.0, "finding-resolved")
    assert event["category"] == ["network", "intrusion_detection"]
    assert (event["type"], event["start"], event["end"]) == (["info", "end"], "2025-07-15T02:14:03.000000Z", "2025-07-15T02:14:03.000000Z")
    assert event["url"] == f"https://vonggac.example/phat-hien/{row.document.change.finding.id}"
    assert found["message"].startswith("ĐÓNG BỞI NGƯỜI PHỤ TRÁCH · ")
    assert "Trung tâm A" in found["message"]
    assert found["host"] == {"id": "a0011223344556677", "name": "TV-Sảnh", "ip": ["192.168.1.30", "fe80::1"], "mac": ["00-00-5E-00-53-23"]}
    assert found["related"] == {"ip": ["192.168.1.30", "fe80::1"], "hosts": ["TV-Sảnh"], "user": ["Lan"]}
    assert found["threat"] == {"framework": "MITRE ATT&CK", "technique": {"id": ["T1491", "T1557"], "subtechnique": {"id": ["T1557.002"]}}}
    assert found["rule"] == {"id": "VG-NET-02", "name": "Màn hình mở", "version": "1", "ruleset": "vonggac", "category": "network"}
    assert found["organization"] == {"id": "26734", "name": "Trung tâm A"}
    assert found["observer"] == {"name": "Hộp 1", "type": "sensor", "product": "Vọng Gác", "version": "0.1.0"}
    own = found["vonggac"]
    assert own["mitigations"] == ["M1042"]
    assert own["cause"] == {"kind": "act", "by": "Lan", "why": "đã tắt"}
    assert own["site"] == {"id": "xa-a", "name": "Trung tâm A", "commune": "26734", "province": "79"}
    assert own["evidence"][1] == {"kind": "mdns", "value": "_airplay._tcp.local. pw=0", "at": "2025-07-15T02:14:03.000001Z"}
    assert own["remedy"][0] == {"vi": "Tắt phản chiếu màn hình.", "en": "Switch mirroring off."}
    assert (own["finding"]["step"], own["finding"]["state"], own["finding"]["sequence"]) == ("resolved", "resolved", 1)


def test_a_mitigation_alone_is_no_threat():
    found = made(told(1, attack=("M1042", "M1035")))
    assert "threat" not in found
    assert found["vonggac"]["mitigations"] == ["M1042", "M1035"]
    assert found["event"]["category"] == ["network"]


@pytest.mark.parametrize(("severity", "number"), [(Severity.LOW, 21), (Severity.MEDIUM, 47), (Severity.HIGH, 73), (Severity.CRITICAL, 99)])
def test_severity_has_the_steps_of_elastic(severity, number):
    found = made(told(1, severity=severity, urgency=Urgency.PAGE))
    assert (found["event"]["severity"], found["labels"]["severity"], found["vonggac"]["urgency"]) == (number, severity.value, "page")


def test_only_an_asset_is_a_host():
    found = made(told(1, change(subject=Subject("segment", "lan/10"), name="VLAN 10", ips=("10.0.0.1",))))
    assert "host" not in found
    assert "related" not in found
    assert found["vonggac"]["subject"] == {"kind": "segment", "id": "lan/10", "name": "VLAN 10"}


@pytest.mark.parametrize(("outcome", "said"), [("clear", "success"), ("violation", "failure"), ("unknown", "unknown"), ("not_applicable", None)])
def test_posture_is_a_state_with_an_outcome(outcome, said):
    row = clear_posture()
    verdict = msgspec.structs.replace(row.document.verdict, outcome=Outcome(outcome))
    found = made(msgspec.structs.replace(row, document=msgspec.structs.replace(row.document, verdict=verdict)))
    assert (found["event"]["kind"], found["event"].get("outcome"), found["vonggac"]["posture"]["outcome"]) == ("state", said, outcome)
    assert found["message"].startswith("VG-END-02 · ")


def test_a_heartbeat_counts_and_says_what_was_lost():
    found = made(health(1))
    assert found["event"]["kind"] == "metric"
    assert found["vonggac"]["health"] == {"queued": 3, "oldest": "2025-07-15T02:14:03.000000Z", "lost": {"posture": 2}}
    assert found["tags"] == ["vonggac", "loss"]
    assert "đã phải bỏ 2 bản tin" in found["message"]
    quiet = msgspec.structs.replace(health(1).document, lost={}, queued=0)
    found = made(OutboxRow(seq=1, id="h", stream="health", at=AT, document=quiet))
    assert (found["tags"], found["vonggac"]["health"]["queued"]) == (["vonggac"], 0)
    assert isinstance(quiet, Health)


def test_the_message_is_the_alert_in_the_language_asked_for():
    row = told(1)
    assert document(row, "79", Origin(), "vi")[1]["message"] == alert(row.document.change, "vi")
    found = document(row, "79", Origin(), "en")[1]
    assert found["message"] == alert(row.document.change, "en")
    assert found["event"]["reason"] == row.document.change.finding.summary.en
    assert "url" not in found["event"]
    assert "organization" not in found


@given(st.lists(st.one_of(st.ip_addresses().map(str), st.text(max_size=20), st.ip_addresses(v=6).map(lambda ip: f"{ip}%eth0"))))
def test_what_is_no_address_never_reaches_a_field_of_addresses(values):
    kept = addresses(values)
    assert len(set(kept)) == len(kept)
    assert all(str(ipaddress.ip_address(ip)) == ip and "%" not in ip for ip in kept)


@given(st.text(max_size=200))
def test_hostile_names_change_no_structure(name):
    found = made(told(1, change(name=name, macs=(name,), ips=(name,), facets=((name, name),))))
    assert {leaf for leaf, _, _ in leaves(found)} <= set(FIELDS)
    assert re.fullmatch(r"row-1", msgspec.json.decode(msgspec.json.encode(found))["event"]["id"])


def test_empty_fields_are_left_out_and_zero_is_not():
    assert nested({"a.b": "", "a.c": 0, "d": [], "e": None, "f.g": {}}) == {"a": {"c": 0}}
