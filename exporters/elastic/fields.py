"""Every field we store, with its type. One table: documents may hold no other, and the index template is made from it.

`dynamic: false` indexes nothing that is not here, so that a new field never explodes a mapping and rarely refuses a document.
"""

from __future__ import annotations

ECS_VERSION = "9.4.0"

# Types that every build of the engine has: ECS's match_only_text is `text` here and its constant_keyword is `keyword`, the same family to a query.
ECS_FIELDS: dict[str, str] = {
    "@timestamp": "date",
    "message": "text",
    "tags": "keyword",
    "labels": "flattened",
    "ecs.version": "keyword",
    "data_stream.type": "keyword",
    "data_stream.dataset": "keyword",
    "data_stream.namespace": "keyword",
    "event.id": "keyword",
    "event.kind": "keyword",
    "event.category": "keyword",
    "event.type": "keyword",
    "event.action": "keyword",
    "event.outcome": "keyword",
    "event.severity": "long",
    "event.risk_score": "float",
    "event.sequence": "long",
    "event.module": "keyword",
    "event.dataset": "keyword",
    "event.reason": "keyword",
    "event.url": "keyword",
    "event.created": "date",
    "event.start": "date",
    "event.end": "date",
    "host.id": "keyword",
    "host.name": "keyword",
    "host.ip": "ip",
    "host.mac": "keyword",
    "observer.name": "keyword",
    "observer.type": "keyword",
    "observer.product": "keyword",
    "observer.version": "keyword",
    "organization.id": "keyword",
    "organization.name": "keyword",
    "related.ip": "ip",
    "related.hosts": "keyword",
    "related.user": "keyword",
    "rule.id": "keyword",
    "rule.name": "keyword",
    "rule.version": "keyword",
    "rule.ruleset": "keyword",
    "rule.category": "keyword",
    "threat.framework": "keyword",
    "threat.technique.id": "keyword",
    "threat.technique.subtechnique.id": "keyword",
}

_BOTH_LANGUAGES = {
    f"vonggac.{name}.{language}": kind
    for name, kind in {"title": "keyword", "summary": "text", "remedy": "text", "reason": "text"}.items()
    for language in ("vi", "en")
}
_SENSOR = {"sensor": "keyword", "leg": "keyword", "state": "keyword", "interface": "keyword", "vantage": "keyword", "message": "keyword"}
_COUNTS = ("received", "dropped", "decoded", "undecodable", "flows", "flows_dropped", "flows_cut")
_COUNTED = {**dict.fromkeys(_COUNTS, "long"), "first": "date", "last": "date"}

OWN_FIELDS: dict[str, str] = {
    "vonggac.schema": "long",
    "vonggac.box": "keyword",
    "vonggac.site.id": "keyword",
    "vonggac.site.name": "keyword",
    "vonggac.site.commune": "keyword",
    "vonggac.site.province": "keyword",
    "vonggac.subject.kind": "keyword",
    "vonggac.subject.id": "keyword",
    "vonggac.subject.name": "keyword",
    "vonggac.severity": "keyword",
    "vonggac.grade": "keyword",
    "vonggac.urgency": "keyword",
    "vonggac.source_findings": "long",
    "vonggac.mitigations": "keyword",
    "vonggac.facets": "flattened",
    "vonggac.evidence.kind": "keyword",
    "vonggac.evidence.value": "keyword",
    "vonggac.evidence.at": "date",
    **_BOTH_LANGUAGES,
    "vonggac.finding.id": "keyword",
    "vonggac.finding.state": "keyword",
    "vonggac.finding.step": "keyword",
    "vonggac.finding.sequence": "long",
    "vonggac.finding.times": "long",
    "vonggac.finding.since": "date",
    "vonggac.finding.opened": "date",
    "vonggac.finding.updated": "date",
    "vonggac.finding.owner": "keyword",
    "vonggac.finding.accepted_until": "date",
    "vonggac.cause.kind": "keyword",
    "vonggac.cause.by": "keyword",
    "vonggac.cause.why": "keyword",
    "vonggac.epoch": "long",
    "vonggac.sequence": "long",
    "vonggac.signed.key": "keyword",
    "vonggac.row.kind": "keyword",
    "vonggac.row.id": "keyword",
    "vonggac.row.gone": "boolean",
    "vonggac.posture.outcome": "keyword",
    "vonggac.posture.unseen_seconds": "long",
    "vonggac.health.queued": "long",
    "vonggac.health.oldest": "date",
    "vonggac.health.lost.finding": "long",
    "vonggac.health.lost.posture": "long",
    "vonggac.health.lost.health": "long",
    "vonggac.health.lost.observation": "long",
    **{f"vonggac.health.sensors.{name}": kind for name, kind in (_SENSOR | _COUNTED).items()},
}

FIELDS: dict[str, str] = ECS_FIELDS | OWN_FIELDS
