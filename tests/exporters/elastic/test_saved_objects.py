"""Saved objects, detection rules and lifecycle policies: closed in themselves, over fields that we index, and finding what they say on the real server."""

import json
import re
import uuid

import msgspec
import pytest

from collector.registry import build_all
from exporters.elastic.fields import FIELDS
from exporters.elastic.templates import RETENTION, pattern
from model.verdict import Outcome, Urgency
from tests.exporters.elastic.conftest import ONE_IS_ENOUGH
from tests.exporters.elastic.test_ecs import clear_posture
from tests.exporters.samples import health, told
from tests.observability.generators import ROOT, script

kibana = script("deploy/kibana/build.py")
MADE = kibana.files()
ABOUTS = {detector.about.id: detector.about for detector in build_all()}


def objects(name):
    return [json.loads(line) for line in MADE[name].splitlines()]


SAVED = {name: objects(name) for name in ("kibana/saved-objects.ndjson", "opensearch/saved-objects.ndjson")}
RULES = objects("kibana/detection-rules.ndjson")


def fields_of(query):
    return set(re.findall(r"([a-z@][\w.]*):", query))


def lucene(query):
    """Our few words of KQL in the engine's own query language."""
    return query.replace(" and ", " AND ").replace(" or ", " OR ")


def test_the_files_are_what_the_code_makes():
    assert {name: (ROOT / "deploy" / name).read_text() for name in MADE} == MADE, "run deploy/kibana/build.py"
    assert {path.name for path in (ROOT / "deploy/opensearch").glob("ism-*.json")} == {f"ism-{stream}.json" for stream in RETENTION}


@pytest.mark.parametrize("name", SAVED)
def test_ids_are_unique_and_every_reference_is_in_the_file(name):
    ids = [(one["type"], one["id"]) for one in SAVED[name]]
    assert len(set(ids)) == len(ids) == len(RETENTION) + len(kibana.SEARCHES)
    for one in SAVED[name]:
        assert uuid.UUID(one["id"])
        assert {(reference["type"], reference["id"]) for reference in one["references"]} <= set(ids)
        if one["type"] == "search":
            source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
            assert source["indexRefName"] in {reference["name"] for reference in one["references"]}


def test_the_versions_are_kibanas_alone():
    assert all({"coreMigrationVersion", "typeMigrationVersion"} <= one.keys() for one in SAVED["kibana/saved-objects.ndjson"])
    assert not any({"coreMigrationVersion", "typeMigrationVersion"} & one.keys() for one in SAVED["opensearch/saved-objects.ndjson"])


def test_searches_and_rules_name_fields_that_we_index_only():
    for _, _, query, columns in kibana.SEARCHES:
        assert fields_of(query) | set(columns) <= FIELDS.keys()
    for rule in RULES:
        mapped = {one["field"] for one in rule["severity_mapping"] + rule["risk_score_mapping"]}
        named = {rule["rule_name_override"], *rule["alert_suppression"]["group_by"]} | mapped
        assert fields_of(rule["query"]) | named <= FIELDS.keys()


def test_there_is_one_rule_for_each_detector_and_its_threats_are_what_it_sees_at_work():
    names = {rule["name"].partition(" ")[0]: rule for rule in RULES}
    assert names.keys() == ABOUTS.keys()
    assert len({rule["rule_id"] for rule in RULES}) == len(RULES)
    for detector, about in ABOUTS.items():
        rule = names[detector]
        told_of = {technique["id"] for threat in rule["threat"] for technique in threat["technique"]}
        assert told_of == {code.partition(".")[0] for code in about.attack if code.startswith("T")}
        assert set(rule["tags"]) >= {f"finding-{number}" for number in about.findings}
        assert rule["index"] == [pattern("finding")]
        assert not rule["enabled"]


@pytest.mark.parametrize("stream", RETENTION)
def test_a_policy_keeps_its_stream_as_long_as_the_lifecycle_does(stream):
    policy = json.loads(MADE[f"opensearch/ism-{stream}.json"])["policy"]
    (template,) = policy["ism_template"]
    assert template["index_patterns"] == [pattern(stream)]
    states = {state["name"]: state for state in policy["states"]}
    assert policy["default_state"] in states
    (transition,) = states[policy["default_state"]]["transitions"]
    assert transition["conditions"] == {"min_rollover_age": RETENTION[stream]}
    assert states[transition["state_name"]]["actions"] == [{"delete": {}}]


@pytest.mark.servers
@ONE_IS_ENOUGH
async def test_each_search_and_each_rule_finds_what_it_says(server, namespace, sink_to):
    posture = clear_posture()
    sent = [told(1), told(2, urgency=Urgency.PAGE), told(3, step="resolved"), told(4, detector="VG-WEB-01"), health(5), posture, _unseen(posture)]
    sink = sink_to(server.url)
    assert {receipt.outcome for receipt in await sink.send(sent)} == {"accepted"}
    server.documents(f"logs-vonggac.*-{namespace}")
    expected = {
        "Phát hiện mới mở": {"row-1", "row-2", "row-4"},
        "Phát hiện gọi người trực": {"row-2"},
        "Đã đóng, và vì sao": {"row-3"},
        "Kiểm tra không thấy được": {"unseen"},
        "Bản tin đã phải bỏ": {"row-5"},
    }
    found = {title: _found(server, f"logs-vonggac.{stream}-{namespace}", query) for title, stream, query, _ in kibana.SEARCHES}
    assert found == expected
    by_rule = {rule["name"].partition(" ")[0]: _found(server, f"logs-vonggac.finding-{namespace}", rule["query"]) for rule in RULES}
    assert {name: ids for name, ids in by_rule.items() if ids} == {"VG-NET-02": {"row-1", "row-2"}, "VG-WEB-01": {"row-4"}}


def _unseen(posture):
    verdict = msgspec.structs.replace(posture.document.verdict, outcome=Outcome.UNKNOWN)
    return msgspec.structs.replace(posture, seq=99, id="unseen", document=msgspec.structs.replace(posture.document, verdict=verdict))


def _found(server, target, query):
    body = {"size": 100, "query": {"query_string": {"query": lucene(query)}}}
    return {hit["_id"] for hit in server.call("POST", f"/{target}/_search", body).json()["hits"]["hits"]}
