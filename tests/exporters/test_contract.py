import json
import re

from hypothesis import given
from hypothesis import strategies as st

from exporters.contract import Classification, asset_line, cause_text, encode, finding_line
from model.ledger import Cause
from model.rows import Asset, Sighting
from model.verdict import Evidence, Grade, Subject
from tests.exporters.samples import AT, change

KEYS = [
    "id", "detector", "state", "severity", "grade", "site", "subject", "opened", "updated", "title", "summary", "evidence", "remedy",
    "source_findings", "attack", "cause",
]  # fmt: skip
ASSET_KEYS = ["id", "macs", "ips", "names", "class", "class_grade", "class_evidence", "role", "segment", "first_seen", "last_seen"]


def line_of(step="opened", **fields):
    return json.loads(encode(finding_line(change(step, **fields))))


def test_a_finding_has_the_contracts_keys_in_their_order():
    line = line_of(name="TV-Sảnh", macs=("02:00:00:00:00:01",), ips=("192.0.2.7",))
    assert list(line) == KEYS
    assert line["subject"] == {"kind": "asset", "id": "a0011223344556677", "name": "TV-Sảnh", "macs": ["02:00:00:00:00:01"], "ips": ["192.0.2.7"]}
    assert line["source_findings"] == [2]
    assert line["attack"] == ["T1491"]
    assert (line["state"], line["severity"], line["grade"], line["cause"]) == ("open", "high", "confirmed", "observed")


def test_addresses_are_there_for_assets_only():
    assert line_of(subject=Subject("segment", "lan/10"), name="VLAN 10")["subject"] == {"kind": "segment", "id": "lan/10", "name": "VLAN 10"}
    assert line_of()["subject"]["macs"] == []


def test_times_are_rfc_3339_in_utc():
    line = line_of()
    assert line["opened"] == "2025-07-15T02:14:03.000000Z"
    assert [e["at"] for e in line["evidence"]] == ["2025-07-15T02:14:03.000000Z", "2025-07-15T02:14:03.000001Z"]
    assert line["evidence"][0] == {"kind": "ssdp", "value": "NT: urn:schemas-upnp-org:device:MediaRenderer:1", "at": line["opened"]}


def test_text_is_vietnamese_first_and_english_when_asked():
    what = change()
    assert finding_line(what).title == "Màn hình đang mở cho mọi người"
    english = finding_line(what, "en")
    assert english.title == "Screen open to anybody"
    assert english.remedy == "1. Switch mirroring off. 2. Set a PIN. 3. Move it to a network of its own. 4. Tell the SOC."


def test_a_cause_begins_with_its_kind_and_names_who_and_why():
    assert cause_text(Cause()) == "observed"
    assert cause_text(Cause("policy", "Lan", "khai báo được duyệt")) == "policy by Lan: khai báo được duyệt"
    assert line_of("resolved", cause=Cause("act", "Nam"))["cause"] == "act by Nam"


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_name_and_evidence_gives_one_line_of_json_that_reads_back(name, value, who):
    written = encode(finding_line(change(name=name, evidence=(Evidence("mdns", value, AT),), cause=Cause("act", who))))
    assert b"\n" not in written
    line = json.loads(written)
    assert line["subject"]["name"] == name
    assert line["evidence"][0]["value"] == value


def some_asset():
    return Asset(
        id="a1",
        seen=Sighting(AT, AT + 5_000_000_000),
        macs={"02:00:00:00:00:02": Sighting(AT, AT), "02:00:00:00:00:01": Sighting(AT, AT)},
        ips={"fe80::1": Sighting(AT, AT), "192.0.2.10": Sighting(AT, AT), "192.0.2.9": Sighting(AT, AT)},
        names={"dhcp:TV": Sighting(AT, AT), "mdns:Phòng họp": Sighting(AT, AT + 1), "mdns:TV": Sighting(AT, AT + 2)},
        segments={"lan": Sighting(AT, AT), "lan/10": Sighting(AT, AT + 1)},
    )


def test_an_asset_has_the_contracts_keys_in_their_order():
    line = json.loads(encode(asset_line(some_asset(), "display")))
    assert list(line) == ["asset"]
    body = line["asset"]
    assert list(body) == ASSET_KEYS
    assert body["ips"] == ["192.0.2.9", "192.0.2.10", "fe80::1"]
    assert body["macs"] == ["02:00:00:00:00:01", "02:00:00:00:00:02"]
    assert body["names"] == ["TV", "Phòng họp"]
    assert (body["role"], body["segment"]) == ("display", "lan/10")
    assert (body["first_seen"], body["last_seen"]) == ("2025-07-15T02:14:03.000000Z", "2025-07-15T02:14:08.000000Z")


def test_a_class_nobody_knows_is_unknown_and_has_no_grade():
    body = json.loads(encode(asset_line(some_asset(), "staff")))["asset"]
    assert (body["class"], body["class_grade"], body["class_evidence"]) == ("unknown", None, [])


def test_a_known_class_comes_with_its_grade_and_reasons():
    known = Classification(name="tv", grade=Grade.LIKELY, evidence=(Evidence("vendor", "Samsung", AT),))
    body = json.loads(encode(asset_line(some_asset(), "display", known)))["asset"]
    assert (body["class"], body["class_grade"], [e["kind"] for e in body["class_evidence"]]) == ("tv", "likely", ["vendor"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", body["class_evidence"][0]["at"])
