"""Makes saved objects and detection rules for Kibana, saved objects for OpenSearch Dashboards, and OpenSearch's ISM policies.

Run: .venv/bin/python deploy/kibana/build.py
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from collector.registry import build_all
from exporters.elastic.ecs import SEVERITIES
from exporters.elastic.templates import PRIORITY, RETENTION, pattern
from model.detector import About
from model.ports import Stream
from model.verdict import Severity

ROOT = Path(__file__).parents[2]
# Ids are for ever: analysts' own dashboards point to them.
_NAMESPACE = uuid.UUID("0d5b9d3b-2f2a-5f0e-8f0c-9f4f3a7e6b21")
_ATTACK = json.loads((ROOT / "deploy" / "sigma" / "attack-18.1.json").read_text())
_TITLES: dict[Stream, str] = {"finding": "Phát hiện", "posture": "Hiện trạng kiểm tra", "health": "Nhịp tim của hộp", "observation": "Hiện trạng mạng"}
_OPENED = 'event.kind: "alert" and vonggac.finding.step: ("opened" or "reopened")'

# Title, stream, KQL, columns.
SEARCHES: tuple[tuple[str, Stream, str, tuple[str, ...]], ...] = (
    ("Phát hiện mới mở", "finding", _OPENED, ("vonggac.severity", "rule.id", "vonggac.title.vi", "organization.name", "vonggac.subject.name", "vonggac.grade")),
    (
        "Phát hiện gọi người trực",
        "finding",
        f'{_OPENED} and vonggac.urgency: "page"',
        ("vonggac.severity", "rule.id", "organization.name", "vonggac.subject.name", "message"),
    ),
    (
        "Đã đóng, và vì sao",
        "finding",
        'vonggac.finding.step: "resolved"',
        ("rule.id", "vonggac.subject.name", "vonggac.cause.kind", "vonggac.cause.by", "vonggac.cause.why"),
    ),
    ("Kiểm tra không thấy được", "posture", 'vonggac.posture.outcome: "unknown"', ("rule.id", "organization.name", "vonggac.subject.id", "vonggac.reason.vi")),
    ("Bản tin đã phải bỏ", "health", 'tags: "loss"', ("vonggac.box", "vonggac.site.name", "vonggac.health.queued", "message")),
)


def saved_objects() -> list[dict[str, Any]]:
    """Data views and searches for Kibana 8.19 and later."""
    return [{**one, "coreMigrationVersion": "8.8.0", "typeMigrationVersion": _MIGRATED[one["type"]]} for one in dashboards_objects()]


_MIGRATED = {"index-pattern": "8.0.0", "search": "8.0.0"}


def dashboards_objects() -> list[dict[str, Any]]:
    """The same for OpenSearch Dashboards, whose form is the one that Kibana 7 had."""
    return [*(_view(stream) for stream in RETENTION), *(_search(*search) for search in SEARCHES)]


def detection_rules() -> list[dict[str, Any]]:
    """One rule of Kibana's detection engine for each detector: a finding of it began."""
    return [_rule(detector.about) for detector in build_all()]


def policies() -> dict[str, dict[str, Any]]:
    """What lifecycles in templates do elsewhere, as OpenSearch's policies; by the name of the file."""
    return {f"ism-{stream}.json": {"policy": _policy(stream, kept)} for stream, kept in RETENTION.items()}


def _view(stream: Stream) -> dict[str, Any]:
    attributes = {"title": pattern(stream), "name": f"Vọng Gác · {_TITLES[stream]}", "timeFieldName": "@timestamp"}
    return {"id": _id(f"view {stream}"), "type": "index-pattern", "attributes": attributes, "references": []}


def _search(title: str, stream: Stream, query: str, columns: tuple[str, ...]) -> dict[str, Any]:
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source = {"query": {"query": query, "language": "kuery"}, "filter": [], "indexRefName": index}
    attributes = {
        "title": f"Vọng Gác · {title}",
        "description": "",
        "columns": list(columns),
        "sort": [["@timestamp", "desc"]],
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source, ensure_ascii=False)},
    }
    reference = {"name": index, "type": "index-pattern", "id": _id(f"view {stream}")}
    return {"id": _id(f"search {title}"), "type": "search", "attributes": attributes, "references": [reference]}


def _rule(about: About) -> dict[str, Any]:
    return {
        "rule_id": str(uuid.uuid5(_NAMESPACE, about.id)),
        "name": f"{about.id} {about.title.vi}",
        "description": f"{about.title.vi} ({about.title.en}).",
        "type": "query",
        "language": "kuery",
        "index": [pattern("finding")],
        "query": f'{_OPENED} and rule.id: "{about.id}"',
        # How bad one finding is stands in the document.
        "severity": "medium",
        "severity_mapping": [_mapped(severity) for severity in SEVERITIES],
        "risk_score": SEVERITIES[Severity.MEDIUM],
        "risk_score_mapping": [{"field": "event.risk_score", "operator": "equals", "value": ""}],
        "rule_name_override": "vonggac.title.vi",
        # A box that was cut off for a day sends what happened then; the engine makes no second alert of a document it has seen.
        "from": "now-25h",
        "interval": "5m",
        "to": "now",
        "max_signals": 1000,
        # A finding that opens again and again is one alert a day.
        "alert_suppression": {"group_by": ["vonggac.finding.id"], "duration": {"value": 1, "unit": "d"}, "missing_fields_strategy": "doNotSuppress"},
        "enabled": False,
        "version": 1,
        "immutable": False,
        "tags": ["Vọng Gác", *(f"finding-{number}" for number in about.findings), *(code for code in about.attack if code.startswith("M"))],
        "threat": [entry for code in about.attack if code.startswith("T") for entry in _threats(code)],
        "references": [],
        "false_positives": [],
        "author": ["Vọng Gác"],
        "license": "Apache-2.0",
    }


def _mapped(severity: Severity) -> dict[str, str]:
    return {"field": "event.severity", "operator": "equals", "value": str(SEVERITIES[severity]), "severity": severity.value}


def _threats(code: str) -> Iterable[dict[str, Any]]:
    """One entry a tactic; Kibana keeps a sub-technique under its technique."""
    whole, _, part = code.partition(".")
    technique = {"id": whole, "name": _ATTACK["techniques"][whole]["name"], "reference": f"https://attack.mitre.org/techniques/{whole}/", "subtechnique": []}
    if part:
        sub = {"id": code, "name": _ATTACK["techniques"][code]["name"], "reference": f"https://attack.mitre.org/techniques/{whole}/{part}/"}
        technique["subtechnique"] = [sub]
    for tactic in _ATTACK["techniques"][code]["tactics"]:
        yield {"framework": "MITRE ATT&CK", "tactic": _tactic(tactic), "technique": [technique]}


def _tactic(name: str) -> dict[str, str]:
    known = _TACTICS[name]
    return {"id": known, "name": name.replace("-", " ").title().replace(" And ", " and "), "reference": f"https://attack.mitre.org/tactics/{known}/"}


# Enterprise ATT&CK, https://attack.mitre.org/tactics/enterprise/.
_TACTICS = {
    "reconnaissance": "TA0043",
    "resource-development": "TA0042",
    "initial-access": "TA0001",
    "execution": "TA0002",
    "persistence": "TA0003",
    "privilege-escalation": "TA0004",
    "defense-evasion": "TA0005",
    "credential-access": "TA0006",
    "discovery": "TA0007",
    "lateral-movement": "TA0008",
    "collection": "TA0009",
    "command-and-control": "TA0011",
    "exfiltration": "TA0010",
    "impact": "TA0040",
}


def _policy(stream: Stream, kept: str) -> dict[str, Any]:
    # Rollovers had better be rare: `create` knows an id only in the write index (docs/elasticsearch.md).
    rollover = {"rollover": {"min_index_age": "30d", "min_primary_shard_size": "30gb"}}
    after = {"state_name": "delete", "conditions": {"min_rollover_age": kept}}
    return {
        "description": f"Vọng Gác: {_TITLES[stream]}, giữ {kept}",
        "default_state": "hot",
        "ism_template": [{"index_patterns": [pattern(stream)], "priority": PRIORITY}],
        "states": [
            {"name": "hot", "actions": [rollover], "transitions": [after]},
            {"name": "delete", "actions": [{"delete": {}}], "transitions": []},
        ],
    }


def _id(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))


def _lines(objects: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in objects)


def files() -> dict[str, str]:
    """Every file's text by its path below deploy/."""
    made = {
        "kibana/saved-objects.ndjson": _lines(saved_objects()),
        "kibana/detection-rules.ndjson": _lines(detection_rules()),
        "opensearch/saved-objects.ndjson": _lines(dashboards_objects()),
    }
    return made | {f"opensearch/{name}": json.dumps(policy, ensure_ascii=False, indent=2) + "\n" for name, policy in policies().items()}


def main() -> None:
    """Writes them."""
    for name, text in files().items():
        (ROOT / "deploy" / name).write_text(text)


if __name__ == "__main__":
    main()
